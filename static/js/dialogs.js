// Native dialogs: [data-open="id"] opens one; one that htmx brought opens itself.
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-open]");
  if (opener) {
    opener.closest("[popover]")?.hidePopover();
    document.getElementById(opener.dataset.open)?.showModal();
  }
  // A click on the backdrop is a click on the dialog itself; [data-keep] holds unsaved work.
  if (target.matches("dialog[open]:not([data-keep])")) target.close();
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const dialog = target.matches("dialog") ? target : target.querySelector("dialog[data-open-now]");
  if (dialog && !dialog.open) dialog.showModal();
});
