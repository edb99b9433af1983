// The save page opens: what an earlier page of this call could not send is sent, and shown.
import { refuse, show } from "./found.js";
import { call, isTold, post, said, token } from "./keeping.js";
import * as unsent from "./unsent.js";

const send = async ({ name, body }) => {
  const answers = new URLSearchParams(body);
  answers.set("csrfmiddlewaretoken", token());
  answers.set("choice", "restored");
  const answer = await post(answers).catch(() => null);
  if ([409, 422].includes(answer?.status)) refuse(name); // its call is logged or dropped by now
  if (answer?.status !== 200) return false; // it stays for the next time
  unsent.remove(name);
  return true;
};

const restore = async (form) => {
  unsent.tidy(form);
  const entries = unsent.left(form).filter(({ isOver }) => !isOver);
  form.inert = entries.length > 0; // for a moment: the page is about to show them
  let isBack = false;
  for (const entry of entries) isBack = (await send(entry)) || isBack;
  form.inert = false;
  if (isBack) window.location.reload();
  else show();
};

if (call()) {
  if (!isTold()) unsent.acknowledge(said(call()));
  restore(call());
}
