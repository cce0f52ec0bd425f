/** Makes an element from its properties and what is in it; text stays text. */
export function draw(tag, properties = {}, content = []) {
  const element = Object.assign(document.createElement(tag), properties);
  // Not every browser has it as a property.
  if (properties.role) element.setAttribute("role", properties.role);
  element.append(...content);
  return element;
}
