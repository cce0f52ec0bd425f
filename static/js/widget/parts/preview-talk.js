/** What the customizer's preview shows of the form before the chat, the consent line and the features. */
let shown = "";

/** @param look as `previewed_look_of` makes it */
export function showTalk({ features, preChat, consent }, stage) {
  if (!features) return;
  for (const element of document.querySelectorAll("[data-feature]")) element.hidden = !features[element.dataset.feature];
  document.body.classList.toggle("no-handoff", !features.handoff);
  showForm(askedBy({ preChat, consent }), consent, stage);
}

/** Show the form, or take it away again: a moment to look at. */
export async function ask(isAsked, stage) {
  const asked = askedBy(stage.look);
  if (!isAsked && !document.querySelector(".pre-chat")) return;
  const preChat = await stage.fetchPart("pre-chat");
  if (isAsked && (asked.fields.length > 0 || asked.consent)) preChat.show(stage, asked, () => {}, { focuses: false });
  else preChat.hide(stage);
}

function askedBy({ preChat, consent }) {
  const fields = preChat.isOn ? preChat.fields : [];
  return { intro: preChat.intro, fields, consent: consent.isOn && consent.mustAgree ? consent : null };
}

function showConsent({ isOn, text, link }, { say }) {
  const line = document.getElementById("consent");
  line.hidden = !isOn;
  line.replaceChildren(text);
  if (!link) return;
  line.append(" ", Object.assign(document.createElement("a"), { href: link, target: "_blank", rel: "noopener noreferrer", textContent: say("consent_more") }));
}

/** The form is shown as soon as it is another one than before, so that whoever writes it sees it. */
async function showForm(asked, consent, stage) {
  const isAnything = asked.fields.length > 0 || asked.consent !== null;
  if (isAnything) document.body.dataset.before = "1";
  else delete document.body.dataset.before;
  const before = shown;
  shown = JSON.stringify([asked, consent]);
  if (before === shown) return;
  const preChat = await stage.fetchPart("pre-chat");
  showConsent(consent, stage);
  if (!before) return;
  if (isAnything) preChat.show(stage, asked, () => {}, { focuses: false });
  else preChat.hide(stage);
}
