// What the server has not acknowledged yet stays in this browser: an entry for each call and page,
// named call:<agent>:<customer>:<key of the call>:<page>.
const LONGEST = 30 * 24 * 3600 * 1000; // ms

// Two tabs must not take each other for themselves, whatever was copied from one to the other.
const page = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
let count = 0;

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

export const keep = (form, body) => {
  const answers = new URLSearchParams(body);
  answers.delete("csrfmiddlewaretoken");
  const entry = JSON.stringify({ at: Date.now(), body: String(answers) });
  safely(() => localStorage.setItem(name(form), entry));
};

export const forget = (form) => safely(() => localStorage.removeItem(name(form)));

export const remove = (each) => safely(() => localStorage.removeItem(each));

const names = () => safely(() => Object.keys(localStorage)) ?? [];

// Calls with records that were merged into this customer since: under whichever key they began.
const merged = (form) => {
  const [agent] = form.dataset.keptAs.split(":");
  return (form.dataset.merged?.split(" ") ?? []).map((record) => `call:${agent}:${record}:`);
};

// What other pages of this call left behind, the oldest first.
export const left = (form) => {
  const [own, others] = [`call:${form.dataset.keptAs}:`, merged(form)];
  const isOther = (each) => others.some((start) => each.startsWith(start));
  return names()
    .filter((each) => (each.startsWith(own) || isOther(each)) && each !== name(form))
    .map((each) => ({
      name: each,
      isOther: isOther(each),
      ...safely(() => JSON.parse(localStorage.getItem(each))),
    }))
    .filter(({ body }) => body)
    .sort((one, other) => one.at - other.at);
};

// A customer's call under another key is logged or dropped; what is a month old, nobody misses.
export const tidy = (form) => {
  const [agent, customer] = form.dataset.keptAs.split(":");
  names().filter((each) => each.startsWith("call:")).forEach((each) => {
    const { at } = safely(() => JSON.parse(localStorage.getItem(each))) ?? {};
    const isOver = each.startsWith(`call:${agent}:${customer}:`)
      && !each.startsWith(`call:${form.dataset.keptAs}:`);
    if (isOver || !(Date.now() - at < LONGEST)) remove(each);
  });
};
