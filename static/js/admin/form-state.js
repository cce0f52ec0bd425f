/** What a form holds, as pairs of name and value, and the way back: a state put into its fields. */
const UNTRACKED = new Set(["csrf_token", "revision", "over", "seen", "preset_before", "proposal", "choose_all", "tried_page", "arrange"]);

const isTracked = (name) => name && !UNTRACKED.has(name) && !name.startsWith("choice.");

/** @returns {[string, string][]} by name, and of one name in the order of the fields; files are left out */
export function entriesOf(form) {
  return tracked([...new FormData(form)]);
}

/** What of a form's pairs is a setting, and not said about the form. */
export const tracked = (pairs) => inOrder(pairs.filter(([name, value]) => isTracked(name) && typeof value === "string"));

/** As text, so that two states can be compared. */
export const written = (entries) => JSON.stringify(entries);

/**
 * Put values into the fields and tell of each that has changed; a name that comes often is filled in order.
 *
 * @param isWanted says by its name whether a field is to be filled
 * @returns {HTMLElement[]} the fields that have changed
 */
export function fill(form, entries, isWanted = () => true) {
  const values = byName(entries);
  const changed = [...form.elements].filter((field) => isField(field) && isWanted(field.name) && put(field, values));
  for (const field of changed) field.dispatchEvent(new Event("input", { bubbles: true }));
  return changed;
}

/** The names whose values are not the same in two states. */
export function differences(one, other) {
  const [left, right] = [byName(one), byName(other)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => `${left.get(name)}` !== `${right.get(name)}`);
}

/** A state with the values of another one for some names. */
export function replaced(entries, names, other) {
  const wanted = new Set(names);
  return inOrder([...entries.filter(([name]) => !wanted.has(name)), ...other.filter(([name]) => wanted.has(name))]);
}

function inOrder(pairs) {
  return [...pairs].sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
}

function byName(entries) {
  const groups = new Map();
  for (const [name, value] of entries) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}

function isField(field) {
  return isTracked(field.name) && !["submit", "button", "file", "fieldset"].includes(field.type);
}

function put(field, values) {
  const wanted = values.get(field.name) ?? [];
  if (field.type === "radio" || field.type === "checkbox") {
    const isChosen = wanted.includes(field.value);
    if (field.checked === isChosen) return false;
    field.checked = isChosen;
    return true;
  }
  const value = wanted.shift() ?? "";
  if (field.value === value) return false;
  field.value = value;
  return true;
}
