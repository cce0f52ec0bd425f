/**
 * Reads a `text/event-stream` piece by piece (HTML Living Standard, 9.2.6).
 * EventSource cannot send a header, and the session token must not stand in an address.
 */
export class EventParser {
  #rest = "";
  #endedInReturn = false;
  #fields = fresh();

  /** The events completed by this piece, each `{event, data, id}`. */
  push(piece) {
    const events = [];
    for (const line of this.#linesOf(piece)) {
      const event = this.#read(line);
      if (event) events.push(event);
    }
    return events;
  }

  #linesOf(piece) {
    let text = piece;
    // A carriage return and its line feed may come in two pieces; they end one line.
    if (this.#endedInReturn && text.startsWith("\n")) text = text.slice(1);
    if (piece) this.#endedInReturn = piece.endsWith("\r");
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    return lines;
  }

  #read(line) {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#fields.data.push(value);
    if (name === "event") this.#fields.event = value;
    if (name === "id" && !value.includes("\0")) this.#fields.id = value;
    return null;
  }

  #dispatch() {
    const { event, data, id } = this.#fields;
    this.#fields = fresh();
    return data.length ? { event: event || "message", data: data.join("\n"), id } : null;
  }
}

function fresh() {
  return { event: "", data: [], id: null };
}
