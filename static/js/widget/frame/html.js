/** The only door through which HTML comes in: rendered and cleaned by the server, nothing else. */
const policy = window.trustedTypes?.createPolicy("porchlight", { createHTML: (html) => html });

export function setHtml(element, html) {
  element.innerHTML = policy ? policy.createHTML(html) : html;
}
