// Short messages: sent by the server as a "toast" event, or already on the page.
import { isFree } from "./typing.js";

const region = () => document.getElementById("toasts");
const isLooking = (toast) => toast.matches(":hover, :focus-within");

const expire = (toast, seconds) => {
  let left = seconds;
  const clock = setInterval(() => {
    if (!toast.isConnected) clearInterval(clock);
    else if (!isLooking(toast) && --left <= 0) toast.remove();
  }, 1000);
};

// Show a toast. Undo is a URL to post to; retry is a function.
export const show = ({ text, tone = "good", undo, retry }) => {
  const copy = document.getElementById("toast-template").content.cloneNode(true);
  const toast = copy.querySelector("[data-toast]");
  toast.classList.add(tone);
  toast.querySelector("[data-text]").textContent = text;
  const [undoing, retrying] = ["undo", "retry"].map((name) => toast.querySelector(`[data-${name}]`));
  if (undo) undoing.setAttribute("hx-post", undo);
  else undoing.remove();
  if (retry) retrying.addEventListener("click", () => retry(toast.remove()));
  else retrying.remove();
  region().append(toast);
  if (undo) window.htmx.process(toast);
  while (region().children.length > 3) region().firstElementChild.remove();
  expire(toast, undo || retry ? 10 : 6);
  return toast;
};

document.addEventListener("toast", ({ detail }) => show(detail));

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) target.closest("[data-toast]").remove();
});

document.addEventListener("htmx:afterRequest", ({ target }) => {
  if (target.matches?.("[data-undo]")) target.closest("[data-toast]")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "z" || !isFree(event)) return;
  [...document.querySelectorAll("[data-undo][hx-post]")].at(-1)?.click();
});

document.querySelectorAll("#toasts [data-toast]").forEach((toast) => expire(toast, 6));
