/** The admin's behaviour: htmx, and one small element per file. */
import "./htmx.js";
import "htmx-ext-sse";
import "idiomorph/dist/idiomorph-ext.esm.js";
import "./local-time.js";
import "./copy-button.js";
import "./modal-dialog.js";
import "./password-field.js";
import "./message-thread.js";
import "./reply-box.js";
import "./inbox-list.js";
import "./inbox-keys.js";
import "./shortcut-switch.js";
