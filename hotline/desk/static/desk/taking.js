// Taking an appeal down by keyboard. Without this script the same buttons send the form.
(() => {
  const form = document.getElementById("take");
  if (!form) return;
  const expired = document.getElementById("expired"), offline = document.getElementById("offline");
  const tell = (field) => { for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true })); };

  // Pencil → ink: only by a person's key or click, one field at a time.
  const ink = (button) => {
    const field = document.getElementById(button.dataset.field);
    field.value = button.dataset.value;
    button.parentElement.replaceChildren();
    tell(field);
    return field;
  };
  const stops = () => [...form.querySelectorAll("input.input:not([type=file]), select.input, textarea.input")].filter((each) => each.offsetParent !== null);
  const next = (field) => {
    const all = stops(), at = all.indexOf(field);
    const open = [...all.slice(at + 1), ...all.slice(0, at)].find((each) => !each.value.trim());
    (open || document.getElementById("submit")).focus();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".pencil-take");
    if (!button) return;
    event.preventDefault();
    next(ink(button));
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.altKey || !field.matches("input.input:not([type=file]), select.input")) return;
    event.preventDefault();
    if (event.repeat) return;
    if (field.name === "phone") { document.getElementById("id_text").focus(); return; }
    const pencilled = document.querySelector(`#pencil-${field.name} .pencil-take`);
    if (pencilled && !field.value.trim()) ink(pencilled);
    next(field);
  });

  // While an input method composes, nothing is sent to be read.
  form.addEventListener("input", (event) => { if (event.isComposing) event.stopImmediatePropagation(); }, true);
  form.addEventListener("compositionend", (event) => tell(event.target));

  // A whole page instead of a part means that the session or the form's protection has run out: keep what is typed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    offline.hidden = true;
    if (!/<html[\s>]/i.test(event.detail.xhr.responseText)) return;
    event.detail.shouldSwap = false;
    expired.hidden = false;
  });
  document.addEventListener("htmx:sendError", () => { offline.hidden = false; });
  // What did not change is left alone: focus stays, and nothing is read out twice.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const fresh = event.detail.fragment.firstElementChild;
    if (fresh && fresh.innerHTML === event.detail.target.innerHTML) event.detail.shouldSwap = false;
  });
  const renew = async () => {
    if (expired.hidden || document.visibilityState !== "visible") return;
    const answer = await fetch(form.action, { headers: { Accept: "text/html" } });
    const token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#take [name=csrfmiddlewaretoken]");
    if (!token) return;
    form.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token.value; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token.value }));
    expired.hidden = true;
    tell(document.getElementById("id_text"));
  };
  document.addEventListener("visibilitychange", renew);
  addEventListener("focus", renew);
  form.addEventListener("submit", (event) => {
    if (expired.hidden) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    expired.focus();
  });
})();
