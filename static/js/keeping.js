// How the save page talks to the server beside its form: posts answers, tells what came of it.
import { next } from "./unsent.js";

const HEADERS = { "HX-Request": "true", "HX-Target": "draft" };

export const call = () => document.querySelector("form[data-call]");

const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// The answers as they are, with the form's own mark of page and order.
export const typed = (form) => {
  form.elements.page.value = next();
  const body = new URLSearchParams(new FormData(form));
  if (document.querySelector("[data-timer-pause][aria-pressed=true]")) body.set("paused", "on");
  return body;
};

// What somebody typed, without what the page adds and without its clock.
export const said = (form) => {
  const answers = new URLSearchParams(new FormData(form));
  for (const name of ["csrfmiddlewaretoken", "version", "page", "length"]) answers.delete(name);
  return String(answers);
};

// A page that tells of a refusal shows words that the server may not have.
export const isTold = () => Boolean(document.querySelector("#draft-told > *, #call [role=alert], #signed-out"));

export const token = () => call().elements.csrfmiddlewaretoken.value;

// Whoever signed in elsewhere has a new token: fetch it. False: signed out.
export const renew = async () => {
  const page = await read(await fetch(call().getAttribute("action")));
  const fresh = page.querySelector("form[data-call] [name=csrfmiddlewaretoken]")?.value;
  if (!fresh) return false;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => (each.value = fresh));
  document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": fresh }));
  return true;
};

const once = (body, options) =>
  fetch(call().dataset.keep, { method: "POST", headers: HEADERS, body, ...options });

export const post = async (body, options) => {
  const answer = await once(body, options);
  if (answer.status !== 403 || !(await renew())) return answer;
  body.set("csrfmiddlewaretoken", token());
  return once(body, options);
};

// Put what the server says where it belongs: under the questions, or above them.
export const show = async (answer) => {
  const fresh = (await read(answer)).querySelector("#draft, #draft-told");
  const place = fresh && document.getElementById(fresh.id);
  if (!place) return;
  place.replaceChildren(...fresh.childNodes);
  window.htmx.process(place); // or it does not know which button was pressed
  if (fresh.id === "draft-told") place.dataset.tells = "refusal";
  else if (document.getElementById("draft-told").dataset.tells !== "offline") tell(null);
};

// Say one of the page's own messages above the questions, or nothing.
export const tell = (name) => {
  const place = document.getElementById("draft-told");
  if ((place.dataset.tells ?? "") === (name ?? "")) return; // not read out again and again
  place.dataset.tells = name ?? "";
  const words = document.querySelector(`template[data-told="${name}"]`);
  place.replaceChildren(...(words ? [words.content.cloneNode(true)] : []));
};

// Say one of the words that stand beside "Draft kept", in its place.
export const note = (name) => {
  const place = document.querySelector("[data-draft-says]");
  if (place) place.textContent = place.parentElement.dataset[name];
};
