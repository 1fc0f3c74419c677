// What the reader did, kept in this browser only: modules marked as done, and answers by item.
// Module and item ids are made from content, so what did not change keeps its mark in a new edition of the course.
(function () {
  "use strict";
  const root = document.documentElement;
  const name = `coursewright/course/${root.dataset.course}`;
  let memory = { done: {}, answers: {} };

  function load() {
    try {
      const kept = JSON.parse(localStorage.getItem(name) || "{}");
      memory = { done: { ...kept.done }, answers: { ...kept.answers } };
    } catch {
      // Unreadable or refused storage: the marks then last as long as the page.
    }
    return memory;
  }

  function save() {
    try {
      localStorage.setItem(name, JSON.stringify(memory));
    } catch {
      // As above: the page goes on without keeping anything.
    }
    show();
  }

  function show() {
    const entries = [...document.querySelectorAll(".nav-modules > li")];
    let done = 0;
    let first = null;
    for (const entry of entries) {
      const isDone = Boolean(memory.done[entry.dataset.module]);
      done += isDone ? 1 : 0;
      entry.toggleAttribute("data-done", isDone);
      const link = entry.querySelector("a");
      if (!isDone && !first) first = link;
      if (isDone) link.setAttribute("aria-description", "done");
      else link.removeAttribute("aria-description");
    }
    for (const entry of document.querySelectorAll(".outline > li")) {
      const isDone = Boolean(memory.done[entry.dataset.module]);
      entry.toggleAttribute("data-done", isDone);
      entry.querySelector(".outline-state").textContent = isDone ? " · done" : "";
    }
    const meter = document.getElementById("cw-meter");
    if (meter) meter.style.width = entries.length ? `${(100 * done) / entries.length}%` : "0";
    const words = document.getElementById("cw-progress");
    if (words) words.textContent = `${done} of ${entries.length} modules done`;
    showStart(entries, first, done);
  }

  function showStart(entries, first, done) {
    const start = document.getElementById("cw-start");
    if (!start || !done) return;
    const text = start.querySelector("span");
    if (!first) {
      text.textContent = "All modules done. Begin again";
      return;
    }
    start.setAttribute("href", first.getAttribute("href"));
    text.textContent = `Go on with module ${entries.indexOf(first.parentElement) + 1}`;
  }

  window.courseStore = {
    isDone: (id) => Boolean(memory.done[id]),
    setDone(id, value) {
      load();
      if (value) memory.done[id] = true;
      else delete memory.done[id];
      save();
    },
    answer: (id) => memory.answers[id],
    setAnswer(id, value) {
      load();
      if (value === null) delete memory.answers[id];
      else memory.answers[id] = value;
      save();
    },
  };
  load();
  show();
  // Another tab of the same course, or the way back through the browser's history, may have marked more.
  window.addEventListener("storage", (event) => {
    if (event.key === name) {
      load();
      show();
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      load();
      show();
    }
  });
})();
