// Finding colleagues among the options of a form's "Tell" select, and drawing them in a list.
const MOST = 6;
const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const all = (form) => [...form.elements.tell.options];

export const named = (form, id) => all(form).find(({ value }) => value === id).text;

// Those whose name holds the words, first those whose name begins with them.
export const find = (form, words) => {
  const wanted = fold(words);
  const begins = ({ text }) => fold(text).startsWith(wanted);
  const found = all(form).filter(({ text }) => fold(text).includes(wanted));
  return [...found.filter(begins), ...found.filter((each) => !begins(each))].slice(0, MOST);
};

export const draw = (form, person, words) => {
  const copy = form.querySelector("[data-mention-option]").content.cloneNode(true);
  const option = copy.querySelector("[role=option]");
  const mark = option.querySelector("mark");
  const name = person.text;
  // Folding may change lengths (ﬁ, ß): then nothing is underlined.
  const at = fold(name).length === name.length ? fold(name).indexOf(fold(words)) : name.length;
  option.querySelector(".avatar").textContent = person.dataset.initials;
  option.querySelector(".avatar").classList.add(person.dataset.hue);
  option.id = `mention-${person.value}`;
  option.dataset.value = person.value;
  mark.before(name.slice(0, at));
  mark.textContent = name.slice(at, at + words.length);
  mark.after(name.slice(at + words.length));
  option.querySelector("small").textContent = person.dataset.hint;
  return option;
};
