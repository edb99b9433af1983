// What the server has not acknowledged yet stays in this browser: an entry for each call and page,
// named call:<agent>:<customer>:<key of the call>:<page>.
const LONGEST = 30 * 24 * 3600 * 1000; // ms

// Two tabs must not take each other for themselves, whatever was copied from one to the other.
const page = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
let count = 0;
let known = ""; // the answers that the server has of this page

// Which page this is, and its how-manieth keeping: the server tells late ones by it.
export const next = () => `${page}.${++count}`;

// Storage may be switched off or full; the server has most of it anyway.
const safely = (act) => {
  try {
    return act();
  } catch {
    return undefined;
  }
};

const name = (form) => `call:${form.dataset.keptAs}:${page}`;
const names = () => safely(() => Object.keys(localStorage)) ?? [];
const read = (each) => safely(() => JSON.parse(localStorage.getItem(each))) ?? {};

export const remove = (each) => safely(() => localStorage.removeItem(each));

// All of this page's: a call that was refused goes on under another key, with the same words.
const own = () => names().filter((each) => each.startsWith("call:") && each.endsWith(`:${page}`));

export const forget = () => own().forEach(remove);

export const keep = (form, body) => {
  const answers = new URLSearchParams(body);
  answers.delete("csrfmiddlewaretoken");
  const entry = JSON.stringify({ at: Date.now(), body: String(answers), known });
  safely(() => localStorage.setItem(name(form), entry));
  own().filter((each) => each !== name(form)).forEach(remove);
};

// The server has these answers: only what differs from them is kept for the sake of its words.
export const acknowledge = (answers) => {
  known = answers;
};

// This customer's, also under records that were merged into it since.
const starts = (form) => {
  const [agent, customer] = form.dataset.keptAs.split(":");
  const records = [customer, ...(form.dataset.merged?.split(" ") ?? [])];
  return records.map((record) => `call:${agent}:${record}:`);
};

const isOf = (form, each) => starts(form).some((start) => each.startsWith(start));

// What other pages left behind, the oldest first. Of this customer's calls under another key
// (isOver) nothing more is sent: they were logged or dropped. What began with a merged record is.
export const left = (form) =>
  names()
    .filter((each) => isOf(form, each) && !own().includes(each))
    .map((each) => ({
      ...read(each),
      name: each,
      isOver: each.startsWith(starts(form)[0]) && !each.startsWith(`call:${form.dataset.keptAs}:`),
    }))
    .filter(({ body }) => body)
    .sort((one, other) => one.at - other.at);

// Of other customers, what is a month old goes. This one's words are shown first, however old.
export const tidy = (form) => {
  names().filter((each) => each.startsWith("call:") && !isOf(form, each)).forEach((each) => {
    if (!(Date.now() - read(each).at < LONGEST)) remove(each);
  });
};
