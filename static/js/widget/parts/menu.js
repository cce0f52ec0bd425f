/** What the menu does, and the choices below a reply that do the same. */
import { WORDS } from "./menu-words.js";

const ACTIONS = { person: askForPerson, "start-over": startOver, "own-data": showOwnData };

/**
 * @param stage  what the chat lends to its parts (frame/chat.js)
 * @param button the button that was pressed; its `data-do` says what for
 */
export default function act(stage, button) {
  return ACTIONS[button.dataset.do](stage);
}

function askForPerson({ attempt, session, showState }) {
  return attempt(async () => showState(await session.call("POST", "/handoffs", {})), WORDS.handoffFailed);
}

function startOver({ attempt, session, beginAgain }) {
  return attempt(async () => {
    await session.ready();
    await beginAgain(() => session.end());
  }, WORDS.startOverFailed);
}

/** Everything that is kept here of the customer, to be seen, taken along and erased. */
function showOwnData(stage) {
  const { attempt, session, setting, fetchPart } = stage;
  return attempt(async () => {
    const { OwnData } = await fetchPart("own-data");
    const ownData = new OwnData({ call: (...request) => session.call(...request), forgetMe: () => forgetMe(stage), setting });
    await session.ready();
    const { who } = session;
    stage.front?.close();
    stage.front = ownData;
    await ownData.open(() => who === session.who);
  }, WORDS.partFailed);
}

async function forgetMe({ beginAgain, session, notice, composer }) {
  await beginAgain(() => session.end({ forget: true }));
  notice.say(WORDS.forgotten);
  composer.focus();
}
