// Runs before the page is drawn, so that a chosen theme never flashes. Everything that needs a script is shown by `script`.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("script");
  let chosen = null;
  try {
    chosen = localStorage.getItem("coursewright/theme");
  } catch {
    // Storage is refused in some private windows: the system's theme then holds.
  }
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
})();
