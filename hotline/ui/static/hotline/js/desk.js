// Small helpers shared by the desk pages. Everything works without them; they save keystrokes.
(() => {
  const say = (text) => { const box = document.getElementById("say"); if (box) box.textContent = text; };

  // Keys: the key is written once, in the <kbd> of the button it presses ("Alt M", "Ctrl Enter", "F8").
  // Single letters work only in lists, outside fields, and never while an input method composes.
  const press = (event) => [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.shiftKey && event.key.length > 1 && "Shift",
    event.key.length === 1 ? event.key.toUpperCase() : event.key].filter(Boolean).join(" ");
  const typing = (target) => target.matches("input, select, textarea, [contenteditable]");
  const walk = (step) => {
    const rows = [...document.querySelectorAll("#list .table tbody tr")];
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    rows.forEach((each) => each.removeAttribute("aria-selected"));
    row.setAttribute("aria-selected", "true");
    row.querySelector("a")?.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  };
  const shown = (element) => element.offsetParent !== null;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.target instanceof Element)) return;
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    const chord = event.ctrlKey || event.altKey || /^F\d+$/.test(event.key);
    if (!chord && (event.key.length > 1 || typing(event.target))) return;
    const wanted = press(event);
    if (!chord && (wanted === "J" || wanted === "K")) { if (walk(wanted === "J" ? 1 : -1)) event.preventDefault(); return; }
    const field = document.querySelector(`[aria-keyshortcuts="${wanted.replaceAll(" ", "+")}"]`);
    if (field) { event.preventDefault(); field.focus(); return; }
    if (wanted === "Ctrl P") return;
    const near = event.target.closest("form");
    const keys = [...(near ? near.querySelectorAll("kbd") : []), ...document.querySelectorAll("button kbd, a kbd, summary kbd")];
    const key = keys.find((each) => each.textContent === wanted && each.closest("button, a, summary") && shown(each.closest("button, a, summary")));
    if (!key) return;
    event.preventDefault();
    const target = key.closest("button, a, summary");
    target.click();
    if (target.matches("summary") && target.parentElement.open) target.parentElement.querySelector("form .input, form input:not([type=hidden])")?.focus();
  });

  // Pencil → ink: what a person types in a pencilled field is theirs.
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.(".field[data-state='proposed']");
    if (!field) return;
    field.dataset.state = "confirmed";
    const source = field.querySelector(".src");
    if (source) source.remove();
  });

  // Evidence: focus on or pointing at a finding lights the words it came from.
  const light = (id, on) => document.querySelectorAll(`.mark[data-for="${id}"]`).forEach((mark) => mark.classList.toggle("is-lit", on));
  for (const [type, on] of [["focusin", true], ["focusout", false], ["mouseover", true], ["mouseout", false]])
    document.addEventListener(type, (event) => { const id = event.target.closest?.("[id^='finding-']")?.id; if (id) light(id, on); });

  // What was refused gets the focus, so that it is read first.
  const focusRefusal = (root) => root.querySelector("[data-focus]")?.focus();
  if (!document.querySelector(".gallery")) focusRefusal(document);

  // Printing; the way of the order: all, or only who looked.
  document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  document.querySelectorAll("[data-timeline]").forEach((group) => {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-show]");
      if (!button) return;
      group.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
      document.querySelectorAll(".timeline > li").forEach((step) => { step.hidden = button.dataset.show === "views" && !step.hasAttribute("data-viewing"); });
    });
  });

  // A revealed identity covers itself again by loading the page anew.
  const hideLater = (root) => root.querySelectorAll?.("[data-hide-after]").forEach((shownPerson) => {
    setTimeout(() => location.assign(location.pathname), Number(shownPerson.dataset.hideAfter) * 1000);
  });
  hideLater(document);

  // A submitted form cannot be sent twice by an impatient second press.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.hasAttribute("hx-get") || event.target.hasAttribute("hx-post") || !button) return;
    setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; }, 0);
  });
  addEventListener("pageshow", () => document.querySelectorAll("button[aria-busy='true'][type='submit']").forEach((button) => { button.removeAttribute("aria-busy"); button.disabled = false; }));

  // After htmx changed something: say how many, keep the focus where it was.
  document.addEventListener("htmx:afterSwap", (event) => {
    hideLater(event.target);
    focusRefusal(event.target);
    const total = event.target.querySelector?.(".pager > span");
    if (total) say(total.textContent);
  });
})();
