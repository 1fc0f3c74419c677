// Search over the whole course, in the page. The index is a script of its own, loaded when search is first opened.
(function () {
  "use strict";
  const root = document.documentElement.dataset.root;
  const dialog = document.getElementById("cw-search");
  const input = document.getElementById("cw-search-text");
  const list = document.getElementById("cw-search-hits");
  const note = document.getElementById("cw-search-note");
  const limit = 12;
  let index = null;

  // Words of letters, digits and underscores; a script without spaces counts each character as a word.
  const words = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}_]+/gu;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const split = (text) => fold(text).match(words) || [];

  function build(rows) {
    const terms = new Map();
    rows.forEach((row, number) => {
      const [, page, heading, text] = row;
      for (const [field, weight] of [[heading, 8], [page, 5], [text, 1]]) {
        for (const term of split(field)) {
          let counts = terms.get(term);
          if (!counts) terms.set(term, (counts = new Map()));
          counts.set(number, (counts.get(number) || 0) + weight);
        }
      }
    });
    return { rows, terms, sorted: [...terms.keys()].sort() };
  }

  function from(sorted, prefix) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Every word of the query must be there; the beginning of a word is enough, the whole word counts more.
  function find(query) {
    let scores = null;
    for (const wanted of split(query)) {
      const found = new Map();
      for (let at = from(index.sorted, wanted); index.sorted[at]?.startsWith(wanted); at += 1) {
        const term = index.sorted[at];
        const rarity = Math.log(1 + index.rows.length / index.terms.get(term).size);
        for (const [number, count] of index.terms.get(term)) {
          const inTitle = count >= 5 ? 2 : 0;
          const score = ((count / (count + 3)) * rarity + inTitle) * (term === wanted ? 2 : 1);
          if (score > (found.get(number) || 0)) found.set(number, score);
        }
      }
      const before = scores;
      scores = before
        ? new Map([...found].filter(([number]) => before.has(number)).map(([n, s]) => [n, s + before.get(n)]))
        : found;
    }
    return scores ? [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]) : [];
  }

  function excerpt(text, query) {
    const wanted = split(query);
    const at = wanted.length ? fold(text).search(new RegExp(`(?<![\\p{L}\\p{N}])${wanted[0]}`, "u")) : -1;
    const start = at > 60 ? text.indexOf(" ", at - 50) + 1 : 0;
    const shown = text.slice(start, start + 150);
    const isAll = text.length <= start + 150;
    return (start ? "… " : "") + (isAll ? shown : `${shown.slice(0, shown.lastIndexOf(" ") || 150)} …`);
  }

  function marked(text, query) {
    const wanted = split(query);
    const parts = [];
    let last = 0;
    for (const match of text.matchAll(words)) {
      const prefix = wanted.find((word) => fold(match[0]).startsWith(word));
      if (!prefix) continue;
      parts.push(text.slice(last, match.index));
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      parts.push(mark);
      last = match.index + match[0].length;
    }
    parts.push(text.slice(last));
    return parts;
  }

  function span(className, content) {
    const made = document.createElement("span");
    made.className = className;
    made.append(...content);
    return made;
  }

  function show() {
    const query = input.value;
    const hits = index ? find(query) : [];
    list.replaceChildren(
      ...hits.slice(0, limit).map(([number]) => {
        const [href, page, heading, text] = index.rows[number];
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + href;
        link.append(span("hit-title", marked(heading || page, query)));
        if (heading) link.append(span("hit-page", [` · ${page}`]));
        if (text) link.append(span("hit-text", marked(excerpt(text, query), query)));
        item.append(link);
        return item;
      }),
    );
    const more = hits.length > limit ? `, the best ${limit} are shown` : "";
    if (!query.trim()) note.textContent = "";
    else if (!index) note.textContent = "The index is being read.";
    else if (!hits.length) note.textContent = "Nothing found. A shorter word or its beginning may find more.";
    else note.textContent = `${hits.length} result${hits.length === 1 ? "" : "s"}${more}`;
  }

  // The arrows go from the words to the results and on, and round.
  function step(by) {
    const stops = [input, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    stops[(at + by + stops.length) % stops.length].focus();
  }

  function load() {
    if (index || document.getElementById("cw-index")) return;
    const script = document.createElement("script");
    script.id = "cw-index";
    script.src = `${root}search-index.js`;
    script.addEventListener("load", () => {
      index = build(window.courseIndex);
      show();
    });
    document.head.append(script);
  }

  function open() {
    load();
    if (!dialog.open) dialog.showModal();
    input.select();
  }
  const button = document.getElementById("cw-search-open");
  if (/Mac|iPhone|iPad/.test(navigator.platform)) button.querySelector("kbd").textContent = "⌘ K";
  button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("input", show);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      list.querySelector("a")?.click();
    }
  });
  // A hit on this very page only moves within it, so the dialog would stay in the way.
  list.addEventListener("click", (event) => {
    if (event.target.closest("a")) dialog.close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
})();
