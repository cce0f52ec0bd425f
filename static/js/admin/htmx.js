/** htmx's extensions look for it on the window, so it is put there before they load. */
import htmx from "htmx.org";

window.htmx = htmx;
