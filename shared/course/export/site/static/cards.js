// A concept that the reader tried to explain comes back as a question does: sooner when the reader did not know.
(function () {
  "use strict";
  const store = window.courseStore;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-knew]");
    if (!button) return;
    const card = button.closest("[data-card]");
    await store.plan(card.dataset.card, Boolean(button.dataset.knew));
    const due = new Date(store.review(card.dataset.card).due);
    const day = due.toLocaleDateString("en", { day: "numeric", month: "long" });
    card.querySelector("[role=status]").textContent = `It comes back on ${day}.`;
    card.dispatchEvent(new Event("course-planned", { bubbles: true }));
  });
})();
