// When the server is slow, away or broken: say so, keep the page, offer to try again.
import { show } from "./toasts.js";

const SLOW = 10_000; // ms
const waiting = new Map(); // request → timer
const words = () => document.getElementById("toasts").dataset;

const again = ({ verb, path, elt, target }) => () =>
  window.htmx.ajax(verb, path, { source: elt, target });

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  waiting.set(detail.xhr, setTimeout(() => show({ text: words().slow, tone: "warn" }), SLOW));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  clearTimeout(waiting.get(detail.xhr));
  waiting.delete(detail.xhr);
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    show({ text: words().offline, tone: "bad", retry: again(detail.requestConfig) });
  });
}

document.addEventListener("htmx:responseError", ({ detail: { xhr, requestConfig } }) => {
  // The server says its own words in a header; a proxy in front of it does not.
  const text = xhr.getResponseHeader("X-Problem");
  const said = text && decodeURIComponent(text);
  if (xhr.status >= 500) show({ text: said ?? words().failed, tone: "bad", retry: again(requestConfig) });
  else if (said) show({ text: said, tone: "bad" });
});
