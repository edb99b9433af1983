// @ in a [data-mentions] text opens a list of colleagues. Whoever is chosen stands as @name in
// the text, and in a hidden input beside it; the server forgets those whose name is deleted.
import { draw, find, named } from "./people.js";

const box = (text) => text.form.querySelector("[data-mention-box]");
const list = (text) => box(text).querySelector("[role=listbox]");
const current = (text) => list(text).querySelector("[aria-selected=true]");
const isOpen = (text) => Boolean(text?.matches?.("[data-mentions]") && !box(text).hidden);

// What was typed after the last @, up to the caret; undefined where no mention is being typed.
const typed = (text) =>
  text.value.slice(0, text.selectionStart).match(/(?:^|[\s(])@(?!\s)([^@\n]{0,60})$/u)?.[1];

const choose = (text, option) => {
  current(text)?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) text.setAttribute("aria-activedescendant", option.id);
  else text.removeAttribute("aria-activedescendant");
};

const close = (text) => {
  box(text).hidden = true;
  choose(text, null);
};

const open = (text) => {
  const words = typed(text);
  const people = words === undefined ? [] : find(text.form, words);
  if (!people.length) return close(text);
  list(text).replaceChildren(...people.map((each) => draw(text.form, each, words)));
  box(text).hidden = false;
  choose(text, list(text).firstElementChild);
};

const take = (text, { dataset: { value } }) => {
  const from = text.selectionStart - typed(text).length - 1;
  text.setRangeText(`@${named(text.form, value)} `, from, text.selectionStart, "end");
  const input = document.createElement("input");
  text.after(Object.assign(input, { type: "hidden", name: "mentions", value }));
  close(text);
};

const keys = {
  ArrowDown: (text) => choose(text, current(text).nextElementSibling ?? list(text).firstElementChild),
  ArrowUp: (text) => choose(text, current(text).previousElementSibling ?? list(text).lastElementChild),
  Enter: (text) => take(text, current(text)),
  Tab: (text) => take(text, current(text)),
  Escape: close,
};

document.addEventListener("keydown", (event) => {
  const hasModifier = event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing;
  if (!keys[event.key] || hasModifier || !isOpen(event.target)) return;
  event.preventDefault();
  keys[event.key](event.target);
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-mentions]")) open(target);
});

document.addEventListener("focusout", ({ target }) => isOpen(target) && close(target));

// Pressing the mouse must not take the focus, and with it the list, out of the text.
document.addEventListener("mousedown", (event) => {
  const part = event.target.closest("[data-mention-box]");
  const option = event.target.closest("[role=option]");
  if (part) event.preventDefault();
  if (part && option) take(part.closest("form").querySelector("[data-mentions]"), option);
});

document.addEventListener("click", ({ target }) => {
  const text = target.closest("[data-mention-at]")?.form.querySelector("[data-mentions]");
  if (!text) return;
  text.focus();
  const isApart = /(?:^|\s)$/u.test(text.value.slice(0, text.selectionStart));
  text.setRangeText(isApart ? "@" : " @", text.selectionStart, text.selectionEnd, "end");
  open(text);
});
