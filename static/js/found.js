// Words that no server took, of a call that is over: the save page shows them, and whoever typed
// them takes them into the call that goes on, or discards them.
import { news } from "./answers.js";
import { call } from "./keeping.js";
import { take } from "./taking.js";
import * as unsent from "./unsent.js";

const refused = new Set(); // entries that the server did not take any more

export const refuse = (name) => refused.add(name);

const when = (at) =>
  new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
  }).format(new Date(at));

const line = ({ label, text }) => {
  const [term, said] = ["dt", "dd"].map((each) => document.createElement(each));
  term.textContent = label;
  said.textContent = text;
  said.className = "lines";
  return [term, said];
};

const draw = (entry, answers) => {
  const copy = document.querySelector("template[data-found-words]").content.cloneNode(true);
  const callout = copy.firstElementChild;
  const typed = callout.querySelector("[data-typed]");
  typed.textContent = typed.dataset.typed.replace("{at}", when(entry.at));
  callout.querySelector("dl").append(...answers.flatMap(line));
  callout.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
    if ("foundTake" in button.dataset) take(call(), entry);
    unsent.remove(entry.name);
    callout.remove();
    call().elements.verbatim.focus();
  }));
  return callout;
};

export const show = () => {
  const form = call();
  for (const entry of unsent.left(form)) {
    const answers = news(form, entry);
    const isOver = entry.isOver || refused.has(entry.name);
    if (isOver && answers.length) document.querySelector(".begun").append(draw(entry, answers));
    else if (isOver) unsent.remove(entry.name); // the server has all that it says
  }
};

// A form that came back with errors.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id === "main" && call()) show();
});
