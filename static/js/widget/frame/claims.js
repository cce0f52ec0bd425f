/** What a customer token says of itself. Nothing here is believed: it only tells when to ask the site for the next. */
const EARLIEST = 5_000;
const LONGEST = 6 * 3_600_000;

/** The claims of a JWT, or none when it cannot be read. */
export function claimsOf(token) {
  try {
    const bytes = atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))) ?? {};
  } catch {
    return {};
  }
}

/**
 * Milliseconds until a token that has just come should be followed by another: a quarter of its life, at most a minute,
 * before it ends. A clock that is wrong here is not one that is wrong at the site, so its whole life counts as well.
 *
 * @returns null when it does not say when it ends
 */
export function askAgainIn(token, now = Date.now()) {
  const { exp, iat } = claimsOf(token);
  const lives = [exp * 1000 - now, (exp - iat) * 1000].filter((life) => life > 0);
  if (!lives.length) return null;
  const life = Math.min(...lives);
  return Math.min(LONGEST, Math.max(EARLIEST, life - Math.min(60_000, life / 4)));
}
