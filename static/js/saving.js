// Saving the call: whatever happens on the way, the page and what was typed stay.
import { away, back } from "./drafts.js";
import { hold } from "./hold.js";
import { call, renew, tell, typed } from "./keeping.js";
import * as unsent from "./unsent.js";

// After a swap the form that sent is no longer where its events go.
const isOurs = ({ target, detail }) =>
  (detail?.requestConfig?.elt ?? target).matches?.("form[data-call]");
let tries = 0;
let isOver = false;

// In the capture phase, before htmx reads the form.
document.addEventListener(
  "submit",
  (event) => isOurs(event) && unsent.keep(event.target, typed(event.target)),
  true,
);

const again = async (form, submitter) => {
  const isSignedIn = await renew().catch(() => false);
  if (isSignedIn) form.requestSubmit(submitter?.form === form ? submitter : null);
  else tell("signed-out");
};

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isOurs(event)) return;
  hold(true);
  away();
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!isOurs(event)) return;
  const { xhr, requestConfig } = event.detail;
  if (xhr.status < 400) {
    unsent.forget();
    return;
  }
  const isOld = xhr.status === 403 && tries++ === 0; // the token of a page that is open for long
  if (xhr.status !== 403) tries = 0;
  if (xhr.status !== 401 && !isOld && xhr.status < 500) return;
  event.preventDefault();
  if (isOld) again(event.target, requestConfig.triggeringEvent?.submitter);
  else tell(xhr.status === 401 ? "signed-out" : "offline");
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!isOurs(event)) return;
  const { xhr } = event.detail;
  isOver = xhr.status < 400 && Boolean(xhr.getResponseHeader("HX-Redirect"));
  if (isOver) return;
  hold(false);
  back({ isKept: xhr.status > 0 && xhr.status < 400 });
});

// Instead of a message that goes away: the page says it until it is sent.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(
    name,
    (event) => {
      if (!isOurs(event)) return;
      event.stopImmediatePropagation();
      tell("offline");
    },
    true,
  );
}

// Back to the page of a call that is saved, or was on its way, out of the browser's memory: the
// next one begins, or the server says how far this one came.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && (isOver || call()?.inert)) window.location.reload();
});
