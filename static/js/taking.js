// Answers of another page of a call come into the form of this one: where a field is empty, or
// below what it says.
import { fields, news } from "./answers.js";

const isChoice = (field) => field.matches("[type=radio], [type=checkbox]");
const isText = (field) => field.matches("textarea, [type=text]");

const set = (field, value) => {
  if (isChoice(field)) field.checked = true;
  else field.value = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
};

const append = (field, text) => {
  const between = field.matches("textarea") ? "\n" : "; ";
  if (!field.value.trim()) set(field, text);
  else if (!field.value.includes(text)) set(field, `${field.value}${between}${text}`);
};

// The next empty row takes what was committed to. False: there is none.
const commit = (form, { name, typed, values }) => {
  const texts = () => [...document.querySelectorAll("[data-commitments] [name$='-text']")];
  const empty = () => texts().find((each) => !each.value.trim());
  if (!empty()) document.querySelector("[data-commitment-add]").click();
  const field = empty();
  if (!field) return false;
  const part = (from, of) => from.replace(/text$/, of);
  for (const of of ["owner", "due_on"]) {
    const value = typed.get(part(name, of));
    if (value) form.elements[part(field.name, of)].value = value;
  }
  form.elements[part(field.name, "is_visible")].checked = typed.has(part(name, "is_visible"));
  set(field, values[0]);
  return true;
};

// What is chosen here stays.
const isFree = (found) => {
  const [first] = found;
  if (!first || isText(first)) return false;
  if (isChoice(first)) return first.type === "checkbox" || !found.some((each) => each.checked);
  if (!first.matches("select")) return !first.value;
  return !first.value || [...first.options].every((each) => each.selected === each.defaultSelected);
};

const write = (form, answer) => {
  if (answer.name.startsWith("commitment-") && commit(form, answer)) return;
  const [field] = fields(form, answer.name);
  // What this outcome does not ask for would not be saved there.
  if (field && isText(field) && field.checkVisibility()) append(field, answer.text);
  else append(form.elements.verbatim, `${answer.label.replace(/[^?]$/, "$&:")} ${answer.text}`);
};

export const take = (form, entry) => {
  const answers = news(form, entry).map((each) => ({ ...each, found: fields(form, each.name) }));
  // Decided before any is set: a reason brings its usual answer along.
  for (const { found, values } of answers.filter((each) => isFree(each.found))) {
    if (!isChoice(found[0])) set(found[0], values[0]);
    else found.filter((each) => values.includes(each.value)).forEach((each) => set(each));
  }
  const isWords = ({ found: [first] }) => !first || isText(first);
  answers.filter(isWords).forEach((answer) => write(form, answer));
};
