// The questions and concepts whose time has come, when the others come back, and what was done as a file.
(function () {
  "use strict";
  const store = window.courseStore;
  const rows = [...document.querySelectorAll(".recall-list [data-item]")];
  const day = (date) => date.toLocaleDateString("en", { day: "numeric", month: "long" });

  function tell() {
    const asked = rows.filter((row) => store.review(row.dataset.item));
    const due = rows.filter((row) => store.isDue(row.dataset.item));
    document.getElementById("cw-asked").textContent = `${asked.length} of ${rows.length} tried.`;
    for (const row of rows) {
      const card = store.review(row.dataset.item);
      row.querySelector(".recall-state").textContent = card ? ` · again on ${day(new Date(card.due))}` : "";
    }
    const next = asked.map((row) => new Date(store.review(row.dataset.item).due)).sort((a, b) => a - b)[0];
    document.getElementById("cw-due").textContent = due.length
      ? `${due.length} to recall:`
      : next
        ? `Nothing today. The next one comes on ${day(next)}.`
        : "Nothing yet. What you answer in the modules comes back here.";
    return due;
  }

  function show() {
    const copies = tell().map((row) => {
      const copy = document.createElement("li");
      const module = row.closest("ol").previousElementSibling.textContent;
      copy.append(row.firstElementChild.cloneNode(true), ` (${module})`);
      for (const part of row.querySelectorAll(".recall-state ~ *")) copy.append(part.cloneNode(true));
      for (const button of copy.querySelectorAll("figure button")) button.remove(); // those of the list serve
      return copy;
    });
    document.getElementById("cw-due-list").replaceChildren(...copies);
  }

  // A question that a new edition no longer has is not asked again.
  const known = new Set(rows.map((row) => row.dataset.item));
  for (const id of Object.keys(store.reviews())) if (!known.has(id)) store.setReview(id, null);
  show();

  // The answered row goes; the others stay as they are, open or folded, and the next one has the focus.
  document.addEventListener("course-planned", (event) => {
    const row = event.target.closest("#cw-due-list li");
    if (!row) return show();
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    tell();
    (next?.querySelector("summary, a") || document.getElementById("cw-due")).focus();
  });

  document.getElementById("cw-save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([store.save()], { type: "application/json" }));
    link.download = "course-progress.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  document.getElementById("cw-merge").addEventListener("change", async (event) => {
    const told = document.getElementById("cw-merged");
    try {
      told.textContent = store.merge(await event.target.files[0].text()) ? "Added." : "The file is of another course.";
    } catch {
      told.textContent = "The file cannot be read.";
    }
    event.target.value = "";
    show();
  });
})();
