(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const items = all("[data-status]");
  const filters = all("[data-filter]");
  const shown = document.getElementById("shown");
  all("[data-scripted]").forEach((one) => { one.hidden = false; });

  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const pressed = (button) => button.getAttribute("aria-pressed") === "true";
  const filter = () => {
    const wanted = new Set(filters.filter(pressed).map((one) => one.dataset.filter));
    items.forEach((one) => { one.hidden = wanted.size > 0 && !wanted.has(one.dataset.status); });
    all("[data-group]").forEach((one) => { one.hidden = !one.querySelector("[data-status]:not([hidden])"); });
    const left = items.filter((one) => !one.hidden).length;
    shown.textContent = `${left} of ${items.length} ${shown.dataset.of} shown`;
  };
  filters.forEach((one) => one.addEventListener("click", () => { press(one, !pressed(one)); filter(); }));
  const reveal = () => {  // a link leads to an item that the filter hides
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.closest("[data-status][hidden]")) {
      filters.forEach((one) => press(one, false));
      filter();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);

  const dark = document.getElementById("dark");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { if (!document.documentElement.dataset.theme) press(dark, scheme.matches); };
  follow();
  scheme.addEventListener("change", follow);
  dark.addEventListener("click", () => {
    press(dark, !pressed(dark));
    document.documentElement.dataset.theme = pressed(dark) ? "dark" : "light";
  });

  const folds = all("details");
  const fold = document.getElementById("fold");
  fold.addEventListener("click", () => {
    press(fold, !pressed(fold));
    all("[data-group] details").forEach((one) => { one.open = pressed(fold); });
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folds.filter((one) => !one.open);
    closed.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));
})();
