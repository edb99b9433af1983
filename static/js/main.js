// Loads every behaviour. Each listens on document, so what htmx swaps in needs no set-up.
import "./back.js";
import "./bell.js";
import "./call.js";
import "./columns.js";
import "./combobox.js";
import "./dialogs.js";
import "./focus.js";
import "./keyboard.js";
import "./lists.js";
import "./mention.js";
import "./numbers.js";
import "./requests.js";
import "./select.js";
import "./submit.js";
import "./theme.js";
import "./timer.js";
import "./toasts.js";
