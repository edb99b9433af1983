// Guidance beside a reason quotes what is typed: [data-fact] holds a fact of the call, and what
// stands there while it is not known is in [data-blank]. Also shows whom the caller lets us contact.
const QUOTED = 300; // as the server cuts it

const short = (text) => {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > QUOTED ? `${line.slice(0, QUOTED - 1)}…` : line;
};

const put = (form, fact, text) => {
  form.querySelectorAll(`[data-fact="${fact}"]`).forEach((place) => {
    const shown = text || place.dataset.blank;
    if (place.textContent !== shown) place.textContent = shown;
    place.classList.toggle("blank", !text);
  });
};

const form = () => document.querySelector("form[data-call]");

const drawWords = () => put(form(), "words", short(form().elements.verbatim.value));

const drawContact = () => {
  const { contact } = form().elements;
  // The list says name and title.
  put(form(), "contact", contact.value && contact.selectedOptions[0].textContent.split(", ")[0]);
  const people = [...document.querySelectorAll("[data-person]")];
  const isListed = people.some((each) => each.dataset.person === contact.value);
  people.forEach((each) => {
    each.hidden = isListed && each.dataset.person !== contact.value;
  });
};

const draw = () => {
  if (!form()) return;
  drawWords();
  drawContact();
};

document.addEventListener("input", ({ target }) => target.matches("form[data-call] [name=verbatim]") && drawWords());
document.addEventListener("change", ({ target }) => target.matches("form[data-call] [name=contact]") && drawContact());
document.addEventListener("htmx:afterSettle", draw);
window.addEventListener("pageshow", draw); // a browser may fill in what was typed before
draw();
