// Runs before the page is drawn, so that a chosen theme never flashes. It asks for the fonts, which are not waited for:
// the text never changes its font while it is read. Everything that needs a script is shown by `script`.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("script");
  // Of several ways through the course the chosen one is shown, from the first moment on.
  const ways = root.dataset.ways.split(" ");
  root.dataset.chosen = ways[0];
  try {
    const { way } = JSON.parse(localStorage.getItem(`coursewright/course/${root.dataset.course}`) || "{}");
    if (ways.includes(way)) root.dataset.chosen = way;
  } catch {
    // Without a readable memory the course begins with its first way.
  }
  let chosen = null;
  try {
    chosen = localStorage.getItem("coursewright/theme");
    if (localStorage.getItem("coursewright/wrap") === "true") root.classList.add("wrap-code");
  } catch {
    // Storage is refused in some private windows: the system's theme then holds.
  }
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  for (const name of ["source-serif-4", "source-sans-3"]) {
    const font = document.createElement("link");
    font.rel = "preload";
    font.as = "font";
    font.type = "font/woff2";
    // A file of a disk has no origin: asked for as a font of another origin, it would be refused.
    if (window.location.protocol !== "file:") font.crossOrigin = "anonymous";
    font.href = `${root.dataset.root}static/${name}.woff2`;
    document.head.append(font);
  }
})();
