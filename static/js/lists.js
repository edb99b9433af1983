// J and K go down and up the rows of every [data-list]; Enter opens, as on any link.
import { isFree } from "./typing.js";

const ROWS = "[data-row], li, tbody tr";

// The first link of each row, or the one that is marked as the row's own.
const links = () =>
  [...document.querySelectorAll("[data-list]")]
    .flatMap((list) => [...list.querySelectorAll(ROWS)])
    .map((row) => row.querySelector("[data-open-row], a[href]"))
    .filter((link) => link?.checkVisibility());

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || !isFree(event)) return;
  const stops = [...new Set(links())];
  const row = document.activeElement.closest(ROWS);
  const at = stops.findIndex((link) => link.closest(ROWS) === row);
  const next = at < 0 ? stops[0] : stops[at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
});
