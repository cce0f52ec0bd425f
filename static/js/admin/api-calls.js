/** Reads an OpenAPI document, and makes requests of what somebody has filled in. */

/** All calls, in the order of the document. */
export function callsOf(openapi) {
  return Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({
      id: told.operationId,
      title: told.summary,
      about: told.description ?? "",
      group: told.tags[0],
      scope: told.security?.[0]?.key?.[0] ?? null,
      method: method.toUpperCase(),
      path,
      parameters: [...told.parameters.filter(({ in: place }) => place !== "header"), ...filesOf(told)],
      // A change touches what it names: with all fields filled in, one press would overwrite the lot.
      example: told.requestBody && method === "patch" ? {} : exampleOf(told.requestBody?.content["application/json"]?.schema, openapi),
    })),
  );
}

/** The files that a call takes, as further fields to fill in. */
function filesOf({ requestBody }) {
  const fields = requestBody?.content["multipart/form-data"]?.schema.properties ?? {};
  return Object.entries(fields).map(([name, schema]) => ({ name, in: "file", schema, description: schema.description }));
}

/** What could be sent: each field with something of its kind; null when nothing is sent. */
export function exampleOf(schema, openapi, depth = 0) {
  if (!schema) return null;
  if (schema.$ref) return exampleOf(schema.$ref.slice(2).split("/").reduce((part, key) => part[key], openapi), openapi, depth);
  if (schema.anyOf) return exampleOf(schema.anyOf.find(({ type }) => type !== "null"), openapi, depth);
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.type === "object" && schema.properties && depth < 4) {
    const fields = Object.entries(schema.properties).map(([name, field]) => [name, exampleOf(field, openapi, depth + 1)]);
    return Object.fromEntries(fields);
  }
  if (schema.type === "array") return schema.minItems ? [exampleOf(schema.items, openapi, depth + 1)] : [];
  return { object: {}, integer: schema.minimum ?? 0, boolean: true }[schema.type] ?? wordFor(schema);
}

function wordFor({ format, minLength = 0 }) {
  if (format === "uuid") return "00000000-0000-0000-0000-000000000000";
  if (format === "date-time") return "2030-01-01T09:00:00Z";
  if (format === "email") return "vera@example.com";
  return minLength ? "…" : "";
}

/** The first part of the address, or file, that is not filled in: without it, the call would be another one. */
export function missingOf(call, values) {
  return call.parameters.find(({ name, in: place }) => place !== "query" && !(values[name] ?? "").trim())?.name;
}

/** The address of a call; fields that are left empty are left out. */
export function addressOf(call, values, base) {
  const query = new URLSearchParams();
  let path = call.path;
  for (const { name, in: place } of call.parameters) {
    const value = (values[name] ?? "").trim();
    if (place === "file") continue;
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.set(name, value);
  }
  return `${base}${path}${query.size ? `?${query}` : ""}`;
}

/** The same as a command, with the name of a variable in the place of the key. */
export function commandOf(call, address, body) {
  const lines = [`curl -X ${call.method} ${quoted(address)}`, `-H "Authorization: Bearer $PORCHLIGHT_KEY"`];
  for (const { name, in: place } of call.parameters) if (place === "file") lines.push(`-F ${name}=@FILE`);
  if (body !== null) lines.push("-H 'Content-Type: application/json'", `--data ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
