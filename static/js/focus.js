// After a swap: go to [data-focus]; where focus was lost, to the nearest heading.
let hadFocus = false;

const go = (element) => {
  element.removeAttribute("data-focus"); // once, or a later swap beside it would jump back
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus({ focusVisible: false });
};

const wanted = (element) =>
  element.matches("[data-focus]") ? element : element.querySelector("[data-focus]");

document.addEventListener("htmx:beforeSwap", () => {
  hadFocus = document.activeElement !== document.body;
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const marked = wanted(target);
  if (marked) return go(marked);
  if (!hadFocus || document.activeElement !== document.body) return;
  const place = target.closest("section, article, dialog, main") ?? document;
  const heading = target.querySelector("h1, h2, h3") ?? place.querySelector("h1, h2, h3");
  if (heading) go(heading);
});

// A page that came back with errors starts at their summary.
const errors = document.querySelector("[role=alert][data-focus]");
if (errors) go(errors);
