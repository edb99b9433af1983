// Search as you type: input[data-results="#list"] moves through the options of its list.
// Focus stays in the input; the options are told apart by aria-activedescendant.
const options = (input) => [...document.querySelectorAll(`${input.dataset.results} [role=option]`)];
const current = (input) => document.getElementById(input.getAttribute("aria-activedescendant") ?? "");

const choose = (input, option) => {
  options(input).forEach((each) => each.setAttribute("aria-selected", each === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};

const setOpen = (input, open) => {
  const list = document.querySelector(input.dataset.results);
  const box = list.closest(".suggest") ?? list;
  box.hidden = !open || box.textContent.trim() === ""; // "no match" is worth showing too
  input.setAttribute("aria-expanded", open && options(input).length > 0);
  if (!open) choose(input, null);
};

const keys = {
  ArrowDown: (input, all, at) => choose(input, all[(at + 1) % all.length]),
  ArrowUp: (input, all, at) => choose(input, all.at(at < 1 ? -1 : at - 1)),
  Escape: (input) => setOpen(input, false),
  Enter: (input) => location.assign(current(input).dataset.href),
};

document.addEventListener("keydown", (event) => {
  const input = event.target.closest?.("input[data-results]");
  const all = input?.getAttribute("aria-expanded") === "true" ? options(input) : [];
  if (!keys[event.key] || !all.length || event.isComposing) return;
  if (event.key === "Enter" && !current(input)) return; // the form goes to the full list
  event.preventDefault();
  keys[event.key](input, all, all.indexOf(current(input)));
});

document.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option][data-href]");
  if (option) return target.closest("a") ?? location.assign(option.dataset.href);
  document.querySelectorAll("input[data-results][aria-expanded=true]").forEach((input) => {
    if (!input.closest("form")?.contains(target)) setOpen(input, false);
  });
});

// With the swap itself, not a moment later: an arrow key may follow at once.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  document.querySelectorAll("input[data-results]").forEach((input) => {
    const list = document.querySelector(input.dataset.results);
    if (!list || !(target.contains(list) || list.contains(target))) return;
    choose(input, current(input)); // a late answer keeps the choice that it still contains
    setOpen(input, input.value.trim() !== "");
  });
});
