// The save page opens: what an earlier page of this call could not send is sent, and shown.
import { call, post, token } from "./keeping.js";
import * as unsent from "./unsent.js";

const send = async ({ name, body, isOther }) => {
  const answers = new URLSearchParams(body);
  answers.set("csrfmiddlewaretoken", token());
  answers.set("choice", "restored");
  const answer = await post(answers).catch(() => null);
  // The call of a merged record is logged or dropped by now: nobody waits for its words.
  if (isOther && answer?.status === 409) unsent.remove(name);
  if (answer?.status !== 200) return false; // it stays for the next time
  unsent.remove(name);
  return true;
};

const restore = async (form) => {
  unsent.tidy(form);
  const entries = unsent.left(form);
  if (!entries.length) return;
  form.inert = true; // for a moment: the page is about to show them
  let isBack = false;
  for (const entry of entries) isBack = (await send(entry)) || isBack;
  form.inert = false;
  if (isBack) window.location.reload();
};

if (call()) restore(call());
