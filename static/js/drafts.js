// The save page keeps what is typed: in this browser at once, on the server 2 s after the last
// change and on leaving.
import { call, note, post, said, show, tell, typed } from "./keeping.js";
import * as unsent from "./unsent.js";

const PAUSE = 2000; // ms
const AGAIN = 5000;

let clock = null;
let isDirty = false; // something was typed since the last sending
let isSending = false;
let isAway = false; // the form itself is on its way, or the call is over
let known = null; // what the server has of this page

const isStopped = () => isAway || !call() || document.querySelector("[data-draft-stop]");

const later = (wait) => {
  clearTimeout(clock);
  clock = setTimeout(send, wait);
};

const judge = async (answer) => {
  if (answer === null || answer.status >= 500) {
    note("offline");
    return later(AGAIN);
  }
  if (answer.status === 401 || answer.status === 403) {
    tell("signed-out");
    return later(AGAIN);
  }
  if ([200, 409, 422].includes(answer.status)) return show(answer);
  return note("refused"); // the customer was removed, or hidden, meanwhile
};

const send = async (options = {}) => {
  clearTimeout(clock);
  if (isStopped()) return;
  const form = call();
  const [body, sent] = [typed(form), said(form)];
  isDirty = false;
  isSending = true;
  const answer = await post(body, options).catch(() => null);
  isSending = false;
  if (isAway || form !== call()) return;
  if (answer?.status === 200) unsent.acknowledge((known = sent));
  if (answer?.status !== 200) isDirty = true;
  else if (isDirty) later(PAUSE);
  else unsent.forget();
  await judge(answer).catch(() => later(AGAIN)); // it broke off
};

const changed = ({ target }) => {
  const form = call();
  if (!form || target.form !== form) return;
  // A field that is left says so too, although it was kept long ago.
  if (said(form) === known && target.name !== "length") return;
  isDirty = true;
  unsent.keep(form, typed(form));
  if (!isSending) later(PAUSE);
};

// The form goes its own way: nothing is kept beside it until it is back.
export const away = () => {
  clearTimeout(clock);
  isAway = true;
};

export const back = ({ isKept }) => {
  isAway = isSending = false;
  isDirty = !isKept;
  if (isDirty) later(PAUSE);
};

document.addEventListener("input", changed);
document.addEventListener("change", changed);
window.addEventListener("online", () => isDirty && send());
window.addEventListener("pagehide", () => isDirty && send({ keepalive: true }));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && (isDirty || isSending)) send({ keepalive: true });
});
