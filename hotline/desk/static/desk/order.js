// The order page: what a link opened gets the focus, so that the keys go on in it. Everything works without this.
(() => {
  const open = (act) => {
    const field = act.querySelector("form .input, form input:not([type=hidden]), form select, form textarea");
    field?.focus();
    act.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    const act = event.target.matches?.("[data-opened]") ? event.target : null;
    if (act) open(act);
  });
})();
