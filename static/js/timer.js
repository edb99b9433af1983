// The call timer: [data-timer] holds the seconds so far, or the moment it began.
// It shows mm:ss in [role=timer] and writes into the input that [data-timer-into] names:
// mm:ss where a person can read and correct it, seconds where it is hidden. With
// [data-timer-stands] it begins in a pause.
const states = new WeakMap(); // element → {base: seconds until since, since: ms, or null in a pause}

const show = (seconds) =>
  [seconds / 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");

const read = (text) => text.split(":").reduce((sum, part) => sum * 60 + (Number(part) || 0), 0);

const begin = (timer) => {
  const start = timer.dataset.timer;
  const base = /^\d*$/.test(start) ? Number(start) : (Date.now() - Date.parse(start)) / 1000;
  const since = "timerStands" in timer.dataset ? null : performance.now();
  const state = { base: Math.max(0, base || 0), since };
  states.set(timer, state);
  return state;
};

const state = (timer) => states.get(timer) ?? begin(timer);
const elapsed = ({ base, since }) => base + (since === null ? 0 : (performance.now() - since) / 1000);
const field = (timer) => document.querySelector(timer.dataset.timerInto || "#no-field");

const draw = (timer) => {
  const seconds = Math.floor(elapsed(state(timer)));
  timer.querySelector("[role=timer]").textContent = show(seconds);
  const input = field(timer);
  if (!input || input === document.activeElement) return;
  input.value = input.type === "text" ? show(seconds) : seconds;
};

const drawAll = () => document.querySelectorAll("[data-timer]").forEach(draw);

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-timer-pause]");
  if (!button) return;
  const timer = button.closest("[data-timer]");
  const now = state(timer);
  const runs = now.since !== null;
  states.set(timer, { base: elapsed(now), since: runs ? null : performance.now() });
  button.setAttribute("aria-pressed", runs);
  draw(timer);
});

document.addEventListener("change", ({ target }) => {
  document.querySelectorAll("[data-timer]").forEach((timer) => {
    if (field(timer) !== target) return;
    const { since } = state(timer);
    states.set(timer, { base: read(target.value), since: since === null ? null : performance.now() });
  });
});

setInterval(drawAll, 1000);
drawAll();
