// A form that others may edit too, [data-presence], says every 30 seconds that it is open, and
// shows who else has it open. Not by htmx: what fails here is nobody's problem.
const EVERY = 30_000; // ms

const body = (region, more) => {
  const token = region.closest("form").elements.csrfmiddlewaretoken.value;
  return new URLSearchParams({ csrfmiddlewaretoken: token, ...more });
};

const fetched = async (region) => {
  const headers = { "HX-Request": "true" };
  const answer = await fetch(region.dataset.presence, { method: "POST", headers, body: body(region) });
  if (answer.status !== 200 || answer.redirected) return null; // gone, or signed out
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("presence");
};

const show = (region, fresh) => {
  const shown = region.firstElementChild;
  // A clock that moves on is not read out again; somebody who comes or goes is.
  const isNews = (shown?.dataset.who ?? "") !== fresh.dataset.who;
  region.setAttribute("aria-live", isNews ? "polite" : "off");
  region.replaceChildren(fresh);
};

const beat = async () => {
  const region = document.querySelector("[data-presence]");
  if (!region || document.visibilityState !== "visible") return;
  const fresh = await fetched(region).catch(() => null);
  if (fresh) show(region, fresh);
};

window.addEventListener("pagehide", () => {
  const region = document.querySelector("[data-presence]");
  if (region) navigator.sendBeacon(region.dataset.presence, body(region, { left: "1" }));
});

// Also when the back button brings the page out of the browser's memory.
window.addEventListener("pageshow", beat);
document.addEventListener("visibilitychange", beat);
setInterval(beat, EVERY);
