// Rows of tasks: E, L and A do what is marked so in the row that has the focus. After a row is
// gone the focus is on the one that took its place.
import { isFree } from "./typing.js";

const KEYS = ["e", "l", "a"];
let place = -1; // of the row that something is done with

const rows = () => [...document.querySelectorAll("[data-tasks] [data-row]")];

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (!KEYS.includes(key) || !isFree(event)) return;
  const row = document.activeElement.closest("[data-tasks] [data-row]");
  const button = row?.querySelector(`[data-do="${key}"]`);
  if (!button) return;
  button.click();
  event.preventDefault();
});

// A dialog has no row; it was opened from one.
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  const row = elt.closest("[data-row]");
  if (row || !elt.closest("dialog")) place = rows().indexOf(row);
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!target.matches("[data-tasks]") || place < 0) return;
  const there = rows();
  there[Math.min(place, there.length - 1)]?.querySelector("[data-open-row]")?.focus();
  place = -1;
});
