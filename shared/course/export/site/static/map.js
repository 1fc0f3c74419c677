// The concept under the pointer: its arrows and the concepts at their other ends stand out.
(function () {
  "use strict";
  function show(picture, id) {
    picture.classList.toggle("chosen", id !== null);
    const near = new Set([id]);
    for (const edge of picture.querySelectorAll(".map-edge")) {
      const { before, after } = edge.dataset;
      const touches = id === before || id === after;
      edge.classList.toggle("near", touches);
      if (touches) near.add(before).add(after);
    }
    for (const concept of picture.querySelectorAll(".map-concept")) {
      concept.classList.toggle("near", near.has(concept.dataset.concept));
    }
  }
  for (const picture of document.querySelectorAll(".concept-map")) {
    picture.addEventListener("pointerover", (event) => show(picture, event.target.closest(".map-concept")?.dataset.concept ?? null));
    picture.addEventListener("pointerleave", () => show(picture, null));
  }
})();
