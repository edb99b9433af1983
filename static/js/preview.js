// What follows from saving a call: the days that are typed stand in the words of the page.
import { committed } from "./commitments.js";

const places = new WeakMap(); // place → its words while no day is typed

const language = document.documentElement.lang || undefined;
const say = (date, options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(date);

// As the pages say a day: Thu 11 June, and 11 June 2027 in another year.
const day = (text, later = 0) => {
  const date = new Date(`${text}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  if (Number.isNaN(date.getTime())) return "";
  if (date.getUTCFullYear() !== new Date().getFullYear()) return say(date, { dateStyle: "long" });
  return say(date, { weekday: "short", day: "numeric", month: "long" }).replace(",", "");
};

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

const write = (name, words, values) => {
  const place = document.querySelector(`[data-tells="${name}"]`);
  const line = place.querySelector("[data-told]") ?? place;
  if (!places.has(place)) places.set(place, line.textContent);
  const isSaid = Object.values(values).every(Boolean);
  const text = isSaid ? place.dataset[words] : places.get(place);
  // Only when they differ: a screen reader hears what is new.
  const said = text.replace(/{(\w+)}/g, (_, key) => values[key]);
  if (line.textContent !== said) line.textContent = said;
  if (line !== place) place.hidden = !isSaid;
};

export const preview = (form) => {
  const leaves = form.elements.leaves_on.value;
  const reason = form.querySelector("[name=reason]:checked");
  const [date, clock] = form.elements.call_back_at.value.split("T");
  const { count, first } = committed();
  write("leaving", leaves > today() ? "words" : "wordsOver", { day: day(leaves) });
  write("barred", "words", { day: day(leaves, Number(reason?.dataset.winBack ?? 30)) });
  write("call-back", "words", { day: day(date), clock });
  write("commitments", count === 1 ? "one" : "many", { count, day: day(first) });
};
