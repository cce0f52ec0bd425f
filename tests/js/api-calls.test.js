import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, callsOf, commandOf, exampleOf, missingOf } from "../../static/js/admin/api-calls.js";

const NEW_CUSTOMER = {
  type: "object",
  properties: {
    name: { anyOf: [{ type: "string", minLength: 1 }, { type: "null" }], default: null },
    kind: { enum: ["page", "site"] },
    tags: { type: "array", items: { type: "string" } },
    agentId: { type: "string", format: "uuid" },
    isOn: { type: "boolean" },
  },
};
const OPENAPI = {
  components: { schemas: { NewCustomer: NEW_CUSTOMER } },
  paths: {
    "/customers": {
      post: {
        operationId: "createCustomer",
        summary: "Add a customer",
        tags: ["customers"],
        security: [{ key: ["customers:write"] }],
        parameters: [{ name: "Idempotency-Key", in: "header" }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/NewCustomer" } } } },
      },
    },
    "/customers/{customerId}": {
      get: {
        operationId: "showCustomer",
        summary: "Show a customer",
        tags: ["customers"],
        parameters: [
          { name: "customerId", in: "path" },
          { name: "limit", in: "query" },
        ],
      },
    },
  },
};

test("each call is found with what it takes", () => {
  const [create, show] = callsOf(OPENAPI);
  assert.deepEqual([create.method, create.scope, create.parameters], ["POST", "customers:write", []]);
  assert.deepEqual([show.id, show.method, show.example, show.scope], ["showCustomer", "GET", null, null]);
  assert.deepEqual(create.example, {
    name: "…",
    kind: "page",
    tags: [],
    agentId: "00000000-0000-0000-0000-000000000000",
    isOn: true,
  });
});

test("an example follows references and ends", () => {
  const endless = { type: "object", properties: { again: { $ref: "#/components/schemas/Endless" } } };
  const openapi = { components: { schemas: { Endless: endless } } };
  assert.equal(JSON.stringify(exampleOf(endless, openapi)).match(/again/g).length, 4);
});

test("an address has what was filled in, and nothing that was left empty", () => {
  const show = callsOf(OPENAPI)[1];
  assert.equal(addressOf(show, { customerId: " a/b ", limit: "" }, "/api/v1"), "/api/v1/customers/a%2Fb");
  assert.equal(addressOf(show, { customerId: "a", limit: "5" }, "/api/v1"), "/api/v1/customers/a?limit=5");
});

test("a command cannot be broken out of, and holds no key", () => {
  const create = callsOf(OPENAPI)[0];
  const command = commandOf(create, "https://shop.example/api/v1/customers", `{"name": "O'Hara"}`);
  assert.ok(command.includes(`--data '{"name": "O'\\''Hara"}'`));
  assert.ok(command.includes("Bearer $PORCHLIGHT_KEY"));
});

test("a part of the address that is left empty is asked for", () => {
  const [create, show] = callsOf(OPENAPI);
  assert.equal(missingOf(show, { customerId: " ", limit: "5" }), "customerId");
  assert.equal(missingOf(show, { customerId: "0198" }), undefined);
  assert.equal(missingOf(create, {}), undefined);
});

test("a change begins with nothing, so that a first try overwrites nothing", () => {
  const { post } = OPENAPI.paths["/customers"];
  const [change] = callsOf({ ...OPENAPI, paths: { "/customers/{customerId}": { patch: post } } });
  assert.deepEqual(change.example, {});
});

test("a call that takes a file has a field for it, and no example of a body", () => {
  const schema = { type: "object", properties: { file: { type: "string", format: "binary" } } };
  const created = { operationId: "createFile", summary: "Add a file", tags: ["x"], parameters: [{ name: "from", in: "query" }], requestBody: { content: { "multipart/form-data": { schema } } } };
  const [call] = callsOf({ components: { schemas: {} }, paths: { "/files": { post: created } } });
  assert.equal(call.example, null);
  assert.deepEqual(call.parameters.map(({ name, in: place }) => [name, place]), [["from", "query"], ["file", "file"]]);
  assert.equal(missingOf(call, {}), "file");
  assert.equal(missingOf(call, { file: "label.pdf" }), undefined);
  assert.equal(addressOf(call, { from: "person", file: "label.pdf" }, "/api/v1"), "/api/v1/files?from=person");
  assert.match(commandOf(call, "/api/v1/files", null), /-F file=@FILE/);
});
