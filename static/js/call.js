// The save page: a reason brings its usual answer, chosen words stand in the summary, and the
// moment at which the customer asked to cancel is kept.
import { committed } from "./commitments.js";
import { preview } from "./preview.js";

const form = () => document.querySelector("form[data-call]");

const TYPED = "form[data-call] :is(textarea, [type=date], [type=datetime-local], [data-commitments] *)";

const label = (input) => input.closest("label")?.querySelector("span span")?.textContent
  ?? [...input.closest("label").childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent).join("").trim();

const counted = (count) => {
  const { one, many } = document.querySelector("[data-commitments]").dataset;
  return count ? (count === 1 ? one : many).replace("{count}", count) : "";
};

const says = (name) => {
  if (name === "commitments") return counted(committed().count);
  const field = form().elements[name];
  if (field instanceof HTMLTextAreaElement) return field.value.trim() ? String(field.value.trim().length) : "";
  const picked = form().querySelector(`[name=${name}]:checked`);
  return picked?.checkVisibility() ? label(picked) : "";
};

const draw = () => {
  document.querySelectorAll("[data-says]").forEach((place) => {
    const text = says(place.dataset.says);
    place.textContent = text && place.dataset.unit ? `${text} ${place.dataset.unit}` : text;
  });
  document.querySelectorAll("[data-step]").forEach((step) => {
    step.classList.toggle("done", step.dataset.step.split(" ").every(says));
  });
  preview(form());
};

const solvable = (reason) => {
  const usual = form().querySelector(`[name=solvable][value=${reason.dataset.solvable}]`);
  if (usual && !form().dataset.solvableChosen) usual.checked = true;
};

const changed = ({ target }) => {
  if (!form()) return;
  if (target.name === "reason") solvable(target);
  if (target.name === "solvable") form().dataset.solvableChosen = "yes";
  if (target.name === "category") {
    form().querySelectorAll("[name=reason]:checked").forEach((each) => (each.checked = false));
  }
  if (target.dataset?.stamp) {
    document.querySelector(target.dataset.stamp).value = target.checked ? new Date().toISOString() : "";
  }
  draw();
};

document.addEventListener("change", changed);
document.addEventListener("input", ({ target }) => target.matches(TYPED) && draw());

const begin = () => form() && draw();

// The browser's own way back, and a form that came back with errors.
window.addEventListener("pageshow", begin);
document.addEventListener("htmx:afterSettle", ({ detail }) => detail.target.id === "main" && begin());
begin();
