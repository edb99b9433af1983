// Links back to a list, [data-back], lead to it as it was left: filters, columns and place.
// Kept for this tab alone, and forgotten where nobody is signed in.
const key = (path) => `list ${path}`;

const lead = () => {
  for (const link of document.querySelectorAll("a[data-back]")) {
    const left = sessionStorage.getItem(key(link.pathname));
    if (left) link.search = left;
  }
};

window.addEventListener("pagehide", () => {
  if (document.querySelector("[data-remember]")) {
    sessionStorage.setItem(key(location.pathname), location.search || "?view=all");
  }
});

if (document.querySelector("main.solo")) sessionStorage.clear();
lead();
document.addEventListener("htmx:afterSettle", lead);
