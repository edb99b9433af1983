// J and K go down and up the rows of every [data-list]; Enter opens, as on any link.
import { isFree } from "./typing.js";

const ROWS = "li:not(.day), tbody tr";
const OPENS = 'a[href]:not([href^="tel:"], [href^="mailto:"])';

// A list within a row is a part of that row.
const isOwn = (row, list) => !list.contains(row.parentElement.closest(ROWS));

const rows = () =>
  [...document.querySelectorAll("[data-list]")]
    .flatMap((list) => [...list.querySelectorAll(ROWS)].filter((row) => isOwn(row, list)))
    .filter((row) => row.checkVisibility());

// What opens the row: what is marked so, or its first link; without one the row itself is read.
const stop = (row) => {
  const link = row.querySelector("[data-open-row]") ?? row.querySelector(OPENS);
  if (link?.checkVisibility()) return link;
  row.tabIndex = -1;
  return row;
};

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || !isFree(event)) return;
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? all[0] : all[at + step];
  if (!next) return;
  stop(next).focus();
  next.scrollIntoView({ block: "nearest" });
});
