/**
 * What triggers have to remember of a visitor: in this visit, and between visits. It is kept in the website's storage
 * only where a trigger needs it and the site allows it; else it lives as long as the page.
 */
export class Memory {
  #key;
  #mayKeep;
  #kept = {};

  /** @param mayKeep says whether the site allows to keep anything, now */
  constructor(key, mayKeep) {
    this.#key = key;
    this.#mayKeep = mayKeep;
    this.visit = this.#read("sessionStorage");
    this.ever = this.#read("localStorage");
  }

  /** Write what has changed, or take away what may no longer be kept. */
  settle() {
    this.#write("sessionStorage", this.visit);
    this.#write("localStorage", this.ever);
  }

  #read(place) {
    try {
      const text = this.#mayKeep() ? window[place][this.#key] : null;
      this.#kept[place] = text;
      return { ...JSON.parse(text ?? "{}") };
    } catch {
      // Closed storage, or somebody else's words in our place.
      return {};
    }
  }

  #write(place, what) {
    const text = this.#mayKeep() && Object.keys(what).length ? JSON.stringify(what) : undefined;
    if (text === this.#kept[place]) return;
    this.#kept[place] = text;
    try {
      if (text) window[place][this.#key] = text;
      else delete window[place][this.#key];
    } catch {
      // Where storage is closed or full, the page remembers for itself.
    }
  }
}
