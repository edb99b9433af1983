// Today and My queue count again every 30 seconds while somebody looks at them: the counts and the
// time that is left change in place, rows stay where they are, and what is new is offered. Not by
// htmx: what fails here is nobody's problem, and nobody who types is sent to sign in.
const EVERY = 30_000; // ms
let lookedAt = performance.now();

const fetched = async (news) => {
  const headers = { "HX-Request": "true", "HX-Target": news.id };
  const answer = await fetch(news.dataset.look, { headers });
  if (answer.status !== 200 || answer.redirected) return null; // signed out
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(news.id);
};

// A part that reads as before is left alone, so that it is not read out again.
const renew = (shown, fresh) => {
  if (!shown || !fresh || shown.isEqualNode(fresh)) return;
  const hadFocus = shown.contains(document.activeElement);
  shown.className = fresh.className;
  shown.replaceChildren(...fresh.cloneNode(true).childNodes);
  if ("disabled" in shown) shown.disabled = fresh.disabled;
  if (hadFocus) shown.querySelector("a")?.focus();
};

const look = async () => {
  const news = document.querySelector("[data-news]");
  if (!news || document.visibilityState !== "visible") return;
  lookedAt = performance.now();
  const fresh = await fetched(news).catch(() => null);
  if (!fresh || !news.isConnected) return; // the list is another one by now
  for (const part of ["sub", "offer"]) {
    renew(news.querySelector(`.${part}`), fresh.querySelector(`.${part}`));
  }
  for (const due of fresh.querySelectorAll("[data-due]")) {
    renew(document.querySelector(`.task [data-due="${due.dataset.due}"]`), due);
  }
  for (const count of fresh.querySelectorAll("[data-count]")) {
    renew(document.querySelector(`:is(h2, form) [data-count="${count.dataset.count}"]`), count);
  }
};

setInterval(look, EVERY);
document.addEventListener("visibilitychange", () => {
  if (performance.now() - lookedAt > EVERY) look();
});
