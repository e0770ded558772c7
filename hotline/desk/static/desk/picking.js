// Ticking rows of a list: X ticks the row where J and K stand, and the bar says how many. All of it works by hand too.
(() => {
  const count = () => document.querySelectorAll("[data-picking]").forEach((form) => {
    const words = form.querySelector("[data-picked]");
    const number = form.querySelectorAll("input[name='order']:checked").length;
    words.dataset.plain ??= words.textContent;
    words.textContent = number ? `${words.dataset.picked} ${number}` : words.dataset.plain;
  });
  document.addEventListener("change", (event) => { if (event.target.matches?.("[data-picking] input[name='order']")) count(); });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.key.toUpperCase() !== "X") return;
    if (event.target.matches?.("input, select, textarea, [contenteditable]")) return;
    const box = document.querySelector("#list tr[aria-selected='true'] input[name='order']");
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    count();
  });
  addEventListener("pageshow", count);
})();
