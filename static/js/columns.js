// [data-move] puts its row of a [data-sortable] one place up or down and renumbers [data-place].
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-sortable] [data-move]");
  if (!button) return;
  const row = button.closest("li");
  const up = button.dataset.move === "up";
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  other[up ? "before" : "after"](row);
  button.focus();
  const places = row.parentElement.querySelectorAll("[data-place]");
  places.forEach((place, index) => (place.value = index + 1));
});
