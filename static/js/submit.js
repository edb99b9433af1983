// Ctrl+Enter saves; a form on its way can't be sent a second time.
const isBusy = (form) => form.getAttribute("aria-busy") === "true";

const setBusy = (form, submitter, busy) => {
  for (const element of [form, submitter]) {
    if (busy) element?.setAttribute("aria-busy", "true");
    else element?.removeAttribute("aria-busy");
  }
};

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest("form");
  const button = form?.querySelector("[type=submit]") ?? document.querySelector("[data-submit]");
  const main = document.querySelector("[data-submit]");
  // The main button of the page may stand outside its form, in a bar at the bottom.
  (main && (!form || main.form === form) ? main : button)?.click();
  event.preventDefault();
});

// In the capture phase, so that htmx does not see the second press either.
document.addEventListener(
  "submit",
  (event) => {
    if (!isBusy(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  setBusy(form, event.submitter, true);
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const cause = detail.requestConfig.triggeringEvent;
  if (cause?.type === "submit") setBusy(detail.elt, cause.submitter, true);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const cause = detail.requestConfig.triggeringEvent;
  if (cause?.type === "submit") setBusy(detail.elt, cause.submitter, false);
});

// Back button: the page may come out of the browser's memory, still marked.
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  document.querySelectorAll("[aria-busy=true]").forEach((each) => each.removeAttribute("aria-busy"));
});
