export function html(element, text, range) {
  // ruleid: html-out-of-text
  element.innerHTML = text;
  // ruleid: html-out-of-text
  element.outerHTML = text;
  // ruleid: html-out-of-text
  element.insertAdjacentHTML("beforeend", text);
  // ruleid: html-out-of-text
  document.write(text);
  // ruleid: html-out-of-text
  new DOMParser().parseFromString(text, "text/html");
  // ruleid: html-out-of-text
  window.trustedTypes?.createPolicy("x", { createHTML: (words) => words });
  // ok: html-out-of-text
  element.textContent = text;
}

export function code(text, element) {
  // ruleid: code-out-of-text
  eval(text);
  // ruleid: code-out-of-text
  new Function(text)();
  // ruleid: code-out-of-text
  setTimeout("start()", 10);
  // ruleid: code-out-of-text
  element.setAttribute("onclick", text);
  // ok: code-out-of-text
  setTimeout(() => text, 10);
}

export function tell(frame, origin) {
  // ruleid: told-to-everybody
  frame.contentWindow.postMessage({ kind: "hello" }, "*");
  // ok: told-to-everybody
  frame.contentWindow.postMessage({ kind: "hello" }, origin);
}
