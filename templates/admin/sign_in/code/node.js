import { createHmac } from "node:crypto";

// With Express; any other server answers in the same way.
app.get("/chat-token", (request, response) => {
  const customer = request.session.customer; // However your shop knows who is signed in.
  if (!customer) return response.sendStatus(404);
  response.set("Cache-Control", "no-store").type("text").send(tokenFor(customer));
});

function tokenFor(customer) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: String(customer.id), name: customer.name, email: customer.email, iat: now, exp: now + 300 };
  const content = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  const signature = createHmac("sha256", process.env.PORCHLIGHT_SECRET).update(content).digest("base64url");
  return `${content}.${signature}`;
}

function part(claims) {
  return Buffer.from(JSON.stringify(claims)).toString("base64url");
}
