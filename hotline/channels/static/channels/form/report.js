// Turns the three steps on the page. Without it every button posts the form and the server turns them.
(() => {
  const form = document.getElementById("report");
  const steps = [...form.querySelectorAll(".step")];
  const marks = [...document.querySelectorAll(".stepper li")];
  const [prev, next, place, photos] = ["prev", "next", "step", "photos"].map((id) => document.getElementById(id));
  const enter = form.querySelector("button.sr");
  const words = next.dataset.words.split("|");
  let at = Number(form.dataset.step) - 1;

  const show = (index) => {
    at = index;
    steps.forEach((step, i) => { step.hidden = i !== at; });
    marks.forEach((mark, i) => {
      mark.classList.toggle("is-done", i < at);
      if (i === at) mark.setAttribute("aria-current", "step"); else mark.removeAttribute("aria-current");
    });
    place.value = String(at + 1);
    prev.hidden = at === 0;
    prev.value = String(at);
    next.textContent = words[at];
    next.value = enter.value = at === steps.length - 1 ? "submit" : String(at + 2);
    document.title = document.title.replace(/\d/, String(at + 1));
    form.querySelectorAll("[data-show]").forEach((shown) => {
      const typed = document.getElementById(shown.dataset.show).value.trim();
      if (typed) shown.textContent = typed.length > 60 ? `${typed.slice(0, 59)}…` : typed;
    });
    scrollTo(0, 0);
    steps[at].querySelector("h2").focus();
  };

  // What was typed is kept by the server too; no answer is waited for, and no network loses nothing on the page. The
  // answer is the incident that it may be about; what did not change is left alone, so that nothing is read out twice.
  const incident = document.getElementById("incident");
  const keep = () => {
    const told = new FormData(form);
    told.delete("photos");
    told.set("go", "keep");
    fetch(form.action || location.href, { method: "POST", body: told, credentials: "same-origin" }).then(async (answer) => {
      const words = answer.ok ? await answer.text() : "";
      if (!words || /<html[\s>]/i.test(words)) return;
      const fresh = new DOMParser().parseFromString(words, "text/html").body;
      const [now, then] = [fresh, incident].map((part) => part.querySelector("[type=checkbox]")?.value);
      if (now !== then) incident.replaceChildren(...fresh.childNodes);
    }).catch(() => {});
  };

  const turn = (index) => (event) => {
    const chosen = photos.files.length > 0; // files travel by posting the form
    if (chosen || index() < 0 || index() >= steps.length) return;
    if (index() > at && !document.getElementById("id_text").value.trim()) return; // the server says what is missing
    event.preventDefault();
    keep();
    show(index());
  };
  next.addEventListener("click", turn(() => at + 1));
  enter.addEventListener("click", turn(() => at + 1));
  prev.addEventListener("click", turn(() => at - 1));
  form.querySelectorAll("[data-go]").forEach((link) => link.addEventListener("click", turn(() => Number(link.dataset.go) - 1)));

  document.querySelectorAll("[data-count]").forEach((counter) => {
    const box = document.getElementById(counter.dataset.count);
    const count = () => { counter.textContent = `${[...box.value].length} / ${counter.dataset.most}`; };
    box.addEventListener("input", count);
    count();
  });
  document.querySelector("[data-focus]")?.focus();
})();
