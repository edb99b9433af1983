// Rows of commitments: one is shown, "Add another" opens the next, a cross empties a row.
const MOST = 10;

const rows = () => [...document.querySelectorAll("[data-commitments] > li")];
const part = (row, name) => row.querySelector(`[name$="-${name}"]`);

// What was written so far: how many, and the first day that one is due. A row that somebody
// else filled (the browser, a draft) is shown.
export const committed = () => {
  const filled = rows().filter((row) => part(row, "text").value.trim());
  filled.forEach((row) => row.classList.add("open"));
  const days = filled.map((row) => part(row, "due_on").value).filter(Boolean).sort();
  return { count: filled.length, first: days[0] ?? "" };
};

// A row like the last one, empty, with the next number wherever the last one had its own.
const another = (last) => {
  const next = last.cloneNode(true);
  const number = Number(last.dataset.commitment);
  for (const each of [next, ...next.querySelectorAll("*")]) {
    for (const attribute of each.attributes) {
      attribute.value = attribute.value.replaceAll(`commitment-${number}`, `commitment-${number + 1}`);
    }
  }
  next.dataset.commitment = number + 1;
  const clear = next.querySelector("[data-commitment-clear]");
  clear.ariaLabel = clear.ariaLabel.replace(number, number + 1);
  next.querySelectorAll("[data-number]").forEach((place) => (place.textContent = number + 1));
  next.querySelectorAll(".error").forEach((error) => error.remove());
  last.after(next);
  return next;
};

const empty = (row) => {
  part(row, "text").value = "";
  part(row, "owner").selectedIndex = 0;
  part(row, "due_on").value = document.querySelector("[name=suggested_due]").value;
  part(row, "is_visible").checked = true;
};

const add = (button) => {
  let row = rows().find((each) => !each.classList.contains("open"));
  if (!row) empty((row = another(rows().at(-1))));
  row.classList.add("open");
  button.disabled = rows().length >= MOST && rows().every((each) => each.classList.contains("open"));
  part(row, "text").focus();
};

const clear = (row) => {
  empty(row);
  const left = rows().filter((each) => each !== row && each.classList.contains("open"));
  if (left.length) row.classList.remove("open");
  document.querySelector("[data-commitment-add]").disabled = false;
  part(left.at(-1) ?? row, "text").focus();
  part(row, "text").dispatchEvent(new Event("input", { bubbles: true }));
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-commitment-add], [data-commitment-clear]");
  if (!button) return;
  if (button.matches("[data-commitment-add]")) add(button);
  else clear(button.closest("li"));
});
