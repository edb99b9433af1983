// What sends the call, and that it takes no more input on its way.

// Enter in a field presses the hidden button of pages without scripts: with them, Ctrl+Enter or
// the button that says so saves. In the capture phase, before anything else hears of it.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("form[data-call]") || !event.submitter?.hidden) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

let focused = null;

// What is typed now would be in no call. What the page tells stays in reach.
export const hold = (isHeld) => {
  if (isHeld) focused = document.activeElement;
  document
    .querySelectorAll("form[data-call], .savebar > :not(#draft-told)")
    .forEach((each) => (each.inert = isHeld));
  if (!isHeld && document.activeElement === document.body && focused?.isConnected) focused.focus();
};
