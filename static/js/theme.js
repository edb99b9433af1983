// The theme changes at once; the form that carries the choice tells the server.
document.addEventListener("submit", ({ target, submitter }) => {
  if (!target.matches("[data-theme-form]") || submitter?.name !== "theme") return;
  const root = document.documentElement;
  if (submitter.value === "system") delete root.dataset.theme;
  else root.dataset.theme = submitter.value;
  document.querySelectorAll("button[name=theme]").forEach((button) => {
    button.setAttribute("aria-pressed", button.value === submitter.value);
  });
});
