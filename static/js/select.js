// Ticking rows of a [data-picking] form: X ticks the row in focus, A assigns what is ticked.
import { isFree } from "./typing.js";

const boxes = (form) => [...form.querySelectorAll(".pick")];
const boxInFocus = () => document.activeElement.closest("tr, li")?.querySelector(".pick");

// Say how many are ticked, and let the box above the rows stand for all of them.
const tell = (form) => {
  const ticked = boxes(form).filter((box) => box.checked).length;
  const above = form.querySelector("[data-pick-all]");
  above.checked = ticked > 0 && ticked === boxes(form).length;
  above.indeterminate = ticked > 0 && !above.checked;
  const all = form.querySelector("[name=all]");
  if (!above.checked) all.checked = false;
  const output = form.querySelector("output");
  const { some, all: everything } = output.dataset;
  output.textContent = all.checked ? everything : some.replace("#", ticked);
};

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-picking]");
  if (!form) return;
  const above = target.matches("[data-pick-all]") || (target.name === "all" && target.checked);
  if (above) boxes(form).forEach((box) => (box.checked = target.checked));
  tell(form);
});

document.addEventListener("reset", ({ target }) => {
  if (target.matches("[data-picking]")) setTimeout(() => tell(target)); // once it is empty
});

const assign = (box, form) => {
  const button = form.querySelector("[data-assign]");
  const isAny = () => boxes(form).some((each) => each.checked);
  if (button && box && !isAny()) box.click();
  if (isAny()) button?.click();
};

const act = { x: (box) => box?.click(), a: assign };

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("form[data-picking]");
  if (!form || !isFree(event)) return;
  const box = boxInFocus();
  if (event.target === box && event.key === "Enter") {
    // It would send the form; on a list it opens the row.
    box.closest("tr, li").querySelector("a[href]").click();
  } else if (event.key.toLowerCase() in act) act[event.key.toLowerCase()](box, form);
  else return;
  event.preventDefault();
});

// The back button brings ticks along.
window.addEventListener("pageshow", () =>
  document.querySelectorAll("form[data-picking]").forEach(tell),
);
