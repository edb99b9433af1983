// The bell looks for news every 30 seconds while somebody looks at the page. Not by htmx: what
// fails here is nobody's problem, and a page full of typed words must never be sent to sign in.
const EVERY = 30_000; // ms
let lookedAt = performance.now();

const fetched = async (bell) => {
  const headers = { "HX-Request": "true", "HX-Target": "bell" };
  const answer = await fetch(bell.dataset.look, { headers });
  if (answer.status !== 200 || answer.redirected) return null; // nothing new, or signed out
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("bell");
};

const look = async () => {
  const bell = document.getElementById("bell");
  if (!bell || document.visibilityState !== "visible") return;
  lookedAt = performance.now();
  const fresh = await fetched(bell).catch(() => null);
  if (!fresh) return;
  const hadFocus = document.activeElement === bell;
  bell.replaceWith(fresh);
  if (hadFocus) fresh.focus();
};

setInterval(look, EVERY);
document.addEventListener("visibilitychange", () => {
  if (performance.now() - lookedAt > EVERY) look();
});
