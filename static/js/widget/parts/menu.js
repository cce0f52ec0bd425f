/** What the menu does, and the choices below a reply that do the same. */
const ACTIONS = { person: askForPerson, "start-over": startOver, "own-data": showOwnData };

/**
 * @param stage  what the chat lends to its parts (frame/chat.js)
 * @param button the button that was pressed; its `data-do` says what for
 */
export default function act(stage, button) {
  return ACTIONS[button.dataset.do](stage);
}

function askForPerson({ askFirst, attempt, session, showState, say }) {
  return askFirst(() => attempt(async () => showState(await session.call("POST", "/handoffs", {})), say("handoff_failed")));
}

function startOver({ attempt, session, beginAgain, say }) {
  return attempt(async () => {
    await session.ready();
    await beginAgain(() => session.end());
  }, say("start_over_failed"));
}

/** Everything that is kept here of the customer, to be seen, taken along and erased. */
function showOwnData(stage) {
  const { attempt, session, look, locale, say, fetchPart } = stage;
  return attempt(async () => {
    const { OwnData } = await fetchPart("own-data");
    const ownData = new OwnData({
      call: (...request) => session.call(...request),
      forgetMe: () => forgetMe(stage),
      look,
      locale: locale(),
      say,
    });
    await session.ready();
    const { who } = session;
    stage.front?.close();
    stage.front = ownData;
    await ownData.open(() => who === session.who);
  }, say("part_failed"));
}

async function forgetMe({ beginAgain, session, notice, composer, say }) {
  await beginAgain(() => session.end({ forget: true }));
  notice.say(say("forgotten"));
  composer.focus();
}
