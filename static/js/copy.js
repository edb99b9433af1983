// [data-copy="id"] copies the text of an element; where the browser does not let it, the text is
// selected, to be copied by hand.
const select = (source) => {
  source.closest("details")?.setAttribute("open", "");
  const range = document.createRange();
  range.selectNodeContents(source);
  window.getSelection().removeAllRanges();
  window.getSelection().addRange(range);
};

const copy = async (source) => {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    select(source); // no permission, or a page without https
    return document.execCommand("copy");
  }
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const isCopied = await copy(document.getElementById(button.dataset.copy));
  const list = button.closest("[data-copied]");
  list.querySelector("[role=status]").textContent = isCopied ? list.dataset.copied : list.dataset.selected;
});
