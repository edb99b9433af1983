// The save page: a reason brings its usual answer, chosen words stand in the summary, and the
// moment at which the customer asked to cancel is kept.
const form = () => document.querySelector("form[data-call]");

const label = (input) => input.closest("label")?.querySelector("span span")?.textContent
  ?? [...input.closest("label").childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent).join("").trim();

const says = (name) => {
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
document.addEventListener("input", ({ target }) => target.matches("form[data-call] textarea") && draw());
if (form()) draw();

// On a phone the questions come first; what stands beside them elsewhere is one tap away.
if (matchMedia("(width <= 780px)").matches) {
  document.querySelectorAll("details.glance").forEach((each) => (each.open = false));
}
