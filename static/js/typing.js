// Is this element one that takes text? Single keys never fire while somebody types.
const TAKES_TEXT =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset]), " +
  "textarea, select, [contenteditable]:not([contenteditable=false])";

export const isTyping = (element) => Boolean(element?.closest?.(TAKES_TEXT));

export const hasModifier = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.isComposing;

// Single keys may act: switched on by the person, nobody types, no dialog is in the way, and no
// form waits for its answer while somebody types on.
export const isFree = (event) =>
  "shortcuts" in document.body.dataset &&
  !event.defaultPrevented &&
  !hasModifier(event) &&
  !isTyping(event.target) &&
  !document.querySelector("dialog[open], form[inert]");
