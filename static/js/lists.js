// J and K go down and up the rows of the [data-list] in view; Enter opens, as on any link.
import { isFree } from "./typing.js";

const ROWS = "[data-row], li, tbody tr";

const links = (list) =>
  [...list.querySelectorAll(ROWS)]
    .map((row) => row.querySelector("[data-open-row], a[href]"))
    .filter((link) => link?.checkVisibility());

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  const list = document.activeElement.closest("[data-list]") ?? document.querySelector("[data-list]");
  if (!step || !list || !isFree(event)) return;
  const stops = [...new Set(links(list))];
  const row = document.activeElement.closest(ROWS);
  const at = stops.findIndex((link) => link.closest(ROWS) === row);
  const next = at < 0 ? stops[0] : stops[at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
});
