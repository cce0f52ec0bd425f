/** Translates between the JSON of the server and the bytes of `navigator.credentials` (WebAuthn Level 3, 5.1.8). */
export function readCreationOptions(options) {
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
}

export function readRequestOptions(options) {
  return { ...options, challenge: bytesOf(options.challenge), allowCredentials: withBytes(options.allowCredentials) };
}

/** What the server reads; a browser's own `toJSON` is not asked, because older ones lack it. */
export function writeCredential({ id, rawId, type, response, authenticatorAttachment }) {
  const parts = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = textOf(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return { id, rawId: textOf(rawId), type, authenticatorAttachment, clientExtensionResults: {}, response: parts };
}

function withBytes(credentials = []) {
  return credentials.map((credential) => ({ ...credential, id: bytesOf(credential.id) }));
}

function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

function textOf(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
