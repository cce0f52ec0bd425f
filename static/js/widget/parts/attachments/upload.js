/** Hands one file in. By XMLHttpRequest, because only that tells how much is on its way. */
const ADDRESS = "/api/v1/widget/attachments";
/** A line that has stood still for so long is broken. */
const STILL = 45_000;

/**
 * @param told called with how much is there, from 0 to 1
 * @returns what the server says of the file
 * @throws an error with `code`, `status`, `retryAfter` and `challenge`, as those of frame/api.js
 */
export function upload(file, { token, solution, signal, told, Request = XMLHttpRequest }) {
  return new Promise((resolve, reject) => {
    const request = new Request();
    let watch;
    const fail = () => (clearTimeout(watch), reject(problemOf(request)));
    const moved = () => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), STILL);
    };
    request.upload.onprogress = ({ loaded, total }) => (moved(), told(loaded / total));
    request.onload = () => {
      clearTimeout(watch);
      return request.status === 201 && request.response ? resolve(request.response) : fail();
    };
    request.onerror = request.onabort = fail;
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", ADDRESS);
    request.responseType = "json";
    request.setRequestHeader("X-Widget-Token", token);
    if (solution) request.setRequestHeader("X-Widget-Challenge", solution);
    const form = new FormData();
    form.append("file", file);
    moved();
    request.send(form);
  });
}

function problemOf({ status, response }) {
  const { code = status ? "failed" : "unreachable", message = "", retryAfter = 0, challenge } = response?.error ?? {};
  return Object.assign(new Error(message), { code, status, retryAfter, challenge, mayPass: !status || status === 429 || status >= 500 });
}
