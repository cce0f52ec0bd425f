/** Who is chatting, as the site says: told, or proven by a token, which it is asked for again before it expires. */
import { Backoff } from "./backoff.js";
import { askAgainIn, claimsOf } from "./claims.js";
import { ownerOf } from "./owners.js";

export class Identity {
  #bridge;
  #session;
  #become;
  #expected;
  #isSeen;
  #told = {};
  #introduced = "";
  #token = null;
  #timer = null;
  #isDue = false;
  #turn = Promise.resolve();
  #backoff = new Backoff({ first: 30_000, longest: 600_000 });

  /**
   * @param session  the session that is changed when somebody else is named
   * @param become   `async (introduce) => …`: go on as who `introduce` names
   * @param expected called when somebody is named before there is a session, with whether it is one in particular
   * @param isSeen   whether the customer looks at the chat
   */
  constructor({ bridge, session, become, expected, isSeen }) {
    this.#bridge = bridge;
    this.#session = session;
    this.#become = become;
    this.#expected = expected;
    this.#isSeen = isSeen;
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Whose a message is that is written now; before there is a session, in the site's own words. */
  get owner() {
    return this.#session.who ? ownerOf(this.#session.who) : this.#ownerTold();
  }

  /** Whom the last new session was begun as, in these words. */
  /** What the page tells of itself. */
  get context() {
    return this.#told.context;
  }

  get introduced() {
    return this.#introduced;
  }

  /** What a new session is told. A token that is announced and does not come is a refusal: nobody slips in without. */
  async introduction() {
    const { parentOrigin, context, customer, customerToken } = this.#told;
    const token = customerToken ? await this.#ask() : undefined;
    this.#introduced = this.#ownerTold({ customer, customerToken });
    return { parentOrigin, context, customer, customerToken: token };
  }

  /**
   * Take what the site says; of a token only whether there is one to ask for.
   *
   * @param isNew the site names somebody, perhaps the same one with another token
   */
  learn({ parentOrigin, customer, customerToken, context }, { isNew = false } = {}) {
    const before = this.#told;
    const told = { parentOrigin: parentOrigin ?? before.parentOrigin, customer, customerToken, context };
    this.#told = told;
    // Nobody is what `logOut` is for.
    if (!customer && !customerToken) return;
    const isSame = JSON.stringify(customer) === JSON.stringify(before.customer) && customerToken === before.customerToken;
    if (isSame && !(isNew && customerToken)) return;
    if (this.#session.isBegun) this.inTurn(() => this.#present(told, { isSame }));
    else this.#expected({ isKnown: Boolean(customer?.id || customerToken) });
  }

  forget() {
    clearTimeout(this.#timer);
    this.#token = null;
    this.#isDue = false;
  }

  /** One change after the other, in the order in which the site made them. */
  inTurn(run) {
    this.#turn = this.#turn.then(run, run);
    return this.#turn;
  }

  /** Somebody looks at the chat, or the session was renewed: see whether it is time to ask. */
  look() {
    if (!this.#isDue || !this.#isSeen() || !this.#told.customerToken || !this.#session.isLive) return;
    this.#isDue = false;
    this.inTurn(() => this.#present(this.#told, { isSame: true }));
  }

  /** Name the customer to the server, unless the site has said nothing new. */
  async #present({ customer, customerToken }, { isSame }) {
    // A session that is about to begin may have this token already. Whether it does begin is not the matter here.
    await this.#session.ready().catch(() => {});
    const before = this.#token;
    const given = [];
    if (customerToken && isSame) {
      const token = await this.#ask().catch(() => before);
      if (token === before) return this.#wait(this.#backoff.next());
      given.push(token);
    }
    const isRenewal = given.length > 0 && before !== null && claimsOf(given[0]).sub === claimsOf(before).sub;
    const introduce = async () => ({ customer, customerToken: customerToken ? (given.pop() ?? (await this.#ask())) : undefined });
    await this.#become(introduce, { isRenewal });
  }

  #ownerTold({ customer, customerToken } = this.#told) {
    return ownerOf({ customer: customerToken ? claimsOf(this.#token).sub : customer?.id });
  }

  async #ask() {
    const token = await this.#bridge.customerToken();
    if (token !== this.#token) {
      this.#token = token;
      this.#backoff.reset();
      this.#wait(askAgainIn(token));
    }
    return token;
  }

  #wait(pause) {
    clearTimeout(this.#timer);
    if (pause === null) return;
    this.#timer = setTimeout(() => {
      this.#isDue = true;
      this.look();
    }, pause);
  }
}
