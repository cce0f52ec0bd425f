/** htmx's event streams are shared by the tabs of a browser, where the page says whose they are. */
import htmx from "htmx.org";
import { shareStreams } from "./shared-stream.js";

shareStreams(htmx);
