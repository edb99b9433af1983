// Single keys: / finds, here or on Today, ? lists the keys, G then a letter goes, [data-key] clicks
// what it is on.
import { isFree } from "./typing.js";

const PAUSE = 1500; // how long G waits for its letter, in ms
let wentAt = -PAUSE; // a page that was just opened has waited for none yet

// The page's own button wins over the one beside the navigation.
const find = (attribute, key) => {
  const selector = `[${attribute}="${CSS.escape(key)}"]:not(:disabled)`;
  return document.querySelector(`main ${selector}`) ?? document.querySelector(selector);
};

const search = () => {
  const input = document.querySelector("main input[type=search]");
  input?.focus();
  input?.select();
  return input;
};

const act = (key) => {
  if (key === "/" && search()) return true;
  if (key === "?") return document.getElementById("keys")?.showModal() ?? true;
  const target = find("data-key", key);
  target?.click();
  return target;
};

document.addEventListener("keydown", (event) => {
  if (!isFree(event)) return;
  const key = event.key.toLowerCase();
  const isSecond = event.timeStamp - wentAt < PAUSE;
  wentAt = -PAUSE;
  const place = isSecond && find("data-go", key);
  if (place) place.click();
  else if (key === "g") wentAt = event.timeStamp;
  else if (!act(key)) return;
  event.preventDefault();
});
