/** A larger window, and back; remembered as long as the tab lives. */
const KEY = "porchlight-large";

export default function toggle(stage) {
  apply(stage, !isLarge());
}

/** As it was on the page before. */
export function restore(stage) {
  apply(stage, isLarge());
}

function apply({ bridge, say }, isNowLarge) {
  keep(isNowLarge);
  bridge.tell("size", { isLarge: isNowLarge });
  document.querySelector("[data-do=resize]").textContent = say(isNowLarge ? "smaller_window" : "larger_window");
}

let large = null;

function isLarge() {
  try {
    return large ?? sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function keep(isNowLarge) {
  large = isNowLarge;
  try {
    if (isNowLarge) sessionStorage.setItem(KEY, "1");
    else sessionStorage.removeItem(KEY);
  } catch {
    // Where nothing is kept, each page begins as usual.
  }
}
