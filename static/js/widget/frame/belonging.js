/** Whose chat it is: what is seen, typed and kept stays with the one customer, whoever comes next. */
import { isReply } from "./conversation.js";
import { isSamePerson } from "./owners.js";
import { remedyOf } from "./remedies.js";
import { say } from "./words.js";

export class Belonging {
  #stage;

  /** @param stage what the chat lends to its parts */
  constructor(stage) {
    this.#stage = stage;
  }

  /** A session has begun; `before` is who it was until now. */
  started({ customer, conversation: told, messages = [], features = {}, order }, before) {
    const { session, conversation, notice, composer, listening, identity, bridge, showState } = this.#stage;
    const { who } = session;
    const isSame = before === null || isSamePerson(before, who);
    this.forgive();
    notice.say(isSame || listening.isChanging ? "" : say("ended"));
    document.body.classList.toggle("no-handoff", features.handoff === false);
    // What is being typed stays with who may be the same, and goes with somebody who had a name.
    if (!isSame && before.customer != null) composer.clear();
    conversation.begin({ messages, who, before, introduced: identity.introduced });
    if (!isSame || isReply(messages.at(-1) ?? {})) listening.settle();
    if (told) showState(told);
    Object.assign(this.#stage, { customer, order });
    this.#stage.named?.();
    bridge.emit("identity", { customer });
  }

  /** History was rendered for this browser; whether it belongs to the customer named here is not known yet. */
  expect({ isKnown }) {
    this.forgive();
    if (isKnown) this.#clear({ withholds: true });
    this.#stage.listening.hold();
  }

  async become(introduce, { isRenewal }) {
    const { session, conversation, listening, tellSite } = this.#stage;
    await listening.change(async () => {
      // What was written before goes first, as who wrote it.
      await conversation.flush();
      try {
        await session.identify(introduce);
      } catch (problem) {
        if (remedyOf(problem) !== "pause") throw problem;
        if (isRenewal) return tellSite(problem);
        // Nobody goes on as whom the site no longer names.
        session.reset();
        this.#wipe();
        throw problem;
      }
    });
  }

  /** Another conversation, of somebody who is not known. */
  async beginAgain(end) {
    const { session, listening } = this.#stage;
    await listening.change(async () => {
      await end();
      this.#wipe();
      await session.ready();
    });
  }

  /** The site's customer has signed out: what this browser may still hold of them is given up, what is seen at once. */
  async logOut({ isResumable }) {
    const { session, identity, keeping, listening, attempt } = this.#stage;
    const isKnown = session.isBegun || isResumable || keeping.secret;
    identity.forget();
    keeping.outbox.clear();
    await listening.change(async () => {
      this.#wipe();
      await identity.inTurn(() => attempt(() => this.#leave(isKnown)));
    });
  }

  /** Somebody else than the one who was refused may be welcome. */
  forgive() {
    this.#stage.troubles.forgive();
    this.#stage.composer.isOpen = true;
  }

  async #leave(isKnown) {
    const { session, keeping, bridge } = this.#stage;
    if (isKnown) await session.leave();
    // Somebody may have been shown while this waited for its turn.
    this.#clear();
    keeping.clear();
    bridge.tell("left");
  }

  /** Take off the screen what was said. */
  #clear(how) {
    const { conversation, listening, showState } = this.#stage;
    conversation.clear(how);
    listening.settle();
    showState({ state: "agent" });
  }

  /** And what was typed or not sent, and all else that shows whose chat it was. */
  #wipe() {
    const { conversation, composer, notice, unread, front } = this.#stage;
    this.#clear();
    conversation.giveUp();
    composer.clear();
    notice.say();
    front?.close();
    unread.clear();
  }
}
