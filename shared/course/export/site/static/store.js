// What the reader did, kept in this browser only: modules marked as done, answers by item, when each item is asked again,
// the chosen way, and the place where reading stopped. Every script goes through `courseStore` alone, so that a server
// may keep the same one day. `save` and `merge` carry it to another browser, or to that server.
// Module and item ids are made from content, so what did not change keeps its mark in a new edition of the course.
(function () {
  "use strict";
  const root = document.documentElement;
  const name = `coursewright/course/${root.dataset.course}`;
  const fresh = (kept) => ({ ...kept, done: { ...kept.done }, answers: { ...kept.answers }, reviews: { ...kept.reviews } });
  let memory = fresh({});
  const chooser = document.getElementById("cw-way");

  function load() {
    try {
      memory = fresh(JSON.parse(localStorage.getItem(name) || "{}"));
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

  const isDue = (card) => new Date(card.due) <= new Date();

  function ofChosenWay(selector) {
    return [...document.querySelectorAll(`[data-way="${CSS.escape(root.dataset.chosen)}"] ${selector}`)];
  }

  function stepsOfChosenWay() {
    const steps = window.courseWays[root.dataset.chosen] || [];
    return steps.map(([module, page], at) => ({ module, href: root.dataset.root + page, number: at + 1 }));
  }

  function show() {
    for (const entry of document.querySelectorAll(".nav-modules > li")) {
      const isDone = Boolean(memory.done[entry.dataset.module]);
      entry.toggleAttribute("data-done", isDone);
      const link = entry.querySelector("a");
      if (isDone) link.setAttribute("aria-description", "done");
      else link.removeAttribute("aria-description");
    }
    for (const entry of document.querySelectorAll(".outline > li")) {
      const isDone = Boolean(memory.done[entry.dataset.module]);
      entry.toggleAttribute("data-done", isDone);
      entry.querySelector(".outline-state").textContent = isDone ? " · done" : "";
    }
    const due = Object.values(memory.reviews).filter(isDue).length;
    for (const count of document.querySelectorAll("[data-due-count]")) count.textContent = due ? ` (${due})` : "";
    showWay();
  }

  // What depends on the chosen way; the style sheet of the ways hides what belongs to the others.
  function showWay() {
    if (chooser) chooser.value = root.dataset.chosen;
    for (const link of document.querySelectorAll("[data-choose]")) {
      if (link.dataset.choose === root.dataset.chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const entries = stepsOfChosenWay();
    const open = entries.filter((entry) => !memory.done[entry.module]);
    const done = entries.length - open.length;
    const meter = document.getElementById("cw-meter");
    if (meter) meter.style.width = entries.length ? `${(100 * done) / entries.length}%` : "0";
    const words = document.getElementById("cw-progress");
    if (words) words.textContent = `${done} of ${entries.length} module${entries.length === 1 ? "" : "s"} done`;
    showStart(entries, open, done);
  }

  // The way goes on at the heading where reading stopped, else with the first module that is not done.
  function showStart(entries, open, done) {
    const stopped = open.find((entry) => entry.module === memory.place?.module);
    if (!done && !stopped) return;
    const entry = stopped || open[0] || entries[0];
    const { href } = entry;
    let words = open.length ? `Go on with module ${entry.number}` : "All modules done. Begin again";
    if (stopped) words += `: ${memory.place.text}`;
    for (const start of ofChosenWay("[data-start]")) {
      start.setAttribute("href", stopped ? `${href}#${memory.place.id}` : href);
      start.querySelector("span").textContent = words;
    }
  }

  function choose(way) {
    load();
    memory.way = way;
    root.dataset.chosen = way;
    save();
  }
  chooser?.addEventListener("change", () => choose(chooser.value));
  for (const link of document.querySelectorAll("[data-choose]")) {
    link.addEventListener("click", () => choose(link.dataset.choose));
  }

  // The library is loaded when it is first needed: most pages are read before a question is answered.
  let loading = null;
  function loadPlanner() {
    loading ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${document.documentElement.dataset.root}static/vendor-review.js`;
      script.addEventListener("load", resolve);
      document.head.append(script);
    });
    return loading;
  }

  // A right answer before its time is practice and plans nothing; a wrong one always does. A question comes back after
  // days, never within an hour.
  async function plan(item, isRight) {
    const now = new Date();
    await loadPlanner();
    const { Rating, createEmptyCard, fsrs } = window.courseReviewLibrary;
    const planner = fsrs({ enable_short_term: false });
    if (isRight && memory.reviews[item] && !isDue(memory.reviews[item])) return;
    const card = memory.reviews[item] || createEmptyCard(now);
    window.courseStore.setReview(item, planner.next(card, now, isRight ? Rating.Good : Rating.Again).card);
  }

  window.courseStore = {
    plan,
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
    review: (id) => memory.reviews[id],
    isDue: (id) => Boolean(memory.reviews[id]) && isDue(memory.reviews[id]),
    setReview(id, card) {
      load();
      if (card === null) delete memory.reviews[id];
      else memory.reviews[id] = card;
      save();
    },
    reviews: () => ({ ...memory.reviews }),
    place: () => memory.place,
    setPlace(place) {
      load();
      memory.place = place;
      save();
    },
    save: () => JSON.stringify({ course: root.dataset.course, ...memory }),
    // What was done elsewhere is added; of two plans for an item the one that was made later holds.
    merge(text) {
      const { course, ...other } = JSON.parse(text);
      if (course !== root.dataset.course) return false;
      load();
      const { done, answers, reviews } = fresh(other);
      const later = (id) => !(new Date(memory.reviews[id]?.last_review) > new Date(reviews[id].last_review));
      Object.assign(memory.done, done);
      memory.answers = { ...answers, ...memory.answers };
      for (const id of Object.keys(reviews).filter(later)) memory.reviews[id] = reviews[id];
      save();
      return true;
    },
  };
  // Another page or tab may have chosen another way.
  function follow() {
    load();
    if (root.dataset.ways.split(" ").includes(memory.way)) root.dataset.chosen = memory.way;
    show();
  }
  follow();
  // Another tab of the same course, or the way back through the browser's history, may have marked more.
  window.addEventListener("storage", (event) => {
    if (event.key === name) follow();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) follow();
  });
})();
