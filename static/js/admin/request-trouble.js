/** Says so when something did not reach the server; what was typed stays where it is. */
const WORDS = "That did not reach the server. What you typed is still here: check your connection and try again.";

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    // What asks again by itself needs no alarm.
    if (event.detail.requestConfig?.verb === "get" || event.target.closest("[data-keeps-trying]")) return;
    const notice = document.createElement("p");
    notice.className = "alert alert-danger";
    notice.role = "alert";
    notice.textContent = WORDS;
    document.getElementById("notices")?.replaceChildren(notice);
  });
}
