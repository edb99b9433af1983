// 1 to 9 pick inside the [data-numbers] group in focus.
import { hasModifier, isTyping } from "./typing.js";

document.addEventListener("keydown", (event) => {
  if (!/^[1-9]$/.test(event.key) || hasModifier(event) || isTyping(event.target)) return;
  const group = event.target.closest("[data-numbers]");
  if (!group || !("shortcuts" in document.body.dataset)) return;
  const choice = group.querySelectorAll("input:is([type=radio], [type=checkbox])")[event.key - 1];
  if (!choice || choice.disabled) return;
  event.preventDefault();
  choice.focus();
  choice.click();
});
