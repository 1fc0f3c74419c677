// One-letter keys. They are silent while something is being written or a dialog is open.
(function () {
  "use strict";
  const help = document.getElementById("cw-keys");
  const isWriting = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;

  function go(where) {
    const link = document.querySelector(`link[rel="${where}"]`);
    if (link) window.location.assign(link.href);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || isWriting(event.target)) return;
    // A wide block scrolls with the arrows when it has the focus.
    const scrolls = event.target.closest("pre, .table") !== null;
    if (event.key === "/") {
      event.preventDefault();
      window.courseSearch();
    } else if (event.key === "?") {
      help.showModal();
    } else if (event.key === "d") {
      window.courseTheme();
    } else if (event.key === "ArrowLeft" && !scrolls) {
      go("prev");
    } else if (event.key === "ArrowRight" && !scrolls) {
      go("next");
    }
  });
})();
