/**
 * Whether a page is one of those that the settings name. How patterns become stems is written in core/page_patterns.py;
 * tests/page_patterns.json holds both to the same.
 *
 * @param stems what the path of a page has to begin with once `/?` is put behind it: `["/pricing/?", "/blog/"]`
 */
export const fits = (stems, path) => {
  const whole = path.toLowerCase().replace(/\/*$/, "/?");
  return stems.some((stem) => whole.startsWith(stem));
};
