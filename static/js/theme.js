/** Dark mode follows the system, before the first paint. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light");

dark.addEventListener("change", follow);
follow();
