// The answers of another page of a call, in words: those that the server never had.
const BESIDE = [
  "csrfmiddlewaretoken", "opening", "version", "page", "length", "paused", "asked_at",
  "suggested_due", "waiting", "choice", "use",
];
const ROW = /^commitment-\d+-/;

const plain = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".optional, .kbd, .sr, .muted").forEach((each) => each.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
};

const heading = (field) => {
  const words = field.closest("fieldset")?.querySelector("legend") ?? field.labels?.[0];
  return words ? plain(words) : field.name;
};

export const fields = (form, name) => [...form.elements].filter((each) => each.name === name);

// A choice says its label, not its number.
const say = (found, value) => {
  const options = [...(found[0]?.options ?? [])];
  const chosen = found.find((each) => each.matches("[type=radio], [type=checkbox]") && each.value === value);
  if (chosen) return plain(chosen.labels[0]);
  return options.find((each) => each.value === value)?.label ?? value;
};

// Name, label, values and words of each. A row of commitments is one answer, that of its text.
export const news = (form, { body, known }) => {
  const [typed, had] = [body, known].map((each) => new URLSearchParams(each));
  const values = (name) => typed.getAll(name).filter((each) => each.trim());
  const differs = (name) => String(typed.getAll(name)) !== String(had.getAll(name));
  const parts = (name) => [...typed.keys()].filter((each) => each.startsWith(name.match(ROW)[0]));
  const isNews = (name) => {
    if (BESIDE.includes(name) || !values(name).length) return false;
    return ROW.test(name) ? name.endsWith("-text") && parts(name).some(differs) : differs(name);
  };
  return [...new Set(typed.keys())].filter(isNews).map((name) => {
    const found = fields(form, name);
    const text = values(name).map((value) => say(found, value)).join(", ");
    return { name, typed, text, values: values(name), label: found[0] ? heading(found[0]) : name };
  });
};
