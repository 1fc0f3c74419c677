// Search over the whole course, in the page. The library and the index are loaded when search is first opened.
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
  const split = (text) => text.match(words) || [];
  let stem = (word) => word; // that of the course's language, once the library is there
  // A word is kept and asked for by itself and by its stem, so "validating" finds "validators". A course has few words,
  // each many times.
  const known = new Map();
  function forms(word) {
    if (!known.has(word)) known.set(word, [...new Set([fold(word), stem(fold(word))])]);
    return known.get(word);
  }

  async function build({ language, rows }) {
    const { MiniSearch, stemmer } = window.courseSearchLibrary;
    if (language === "en") stem = (word) => (/^[a-z]{4,}$/.test(word) ? stemmer(word) : word);
    const made = new MiniSearch({
      fields: ["heading", "page", "text"],
      tokenize: split,
      processTerm: forms,
      searchOptions: { boost: { heading: 4, page: 2 }, weights: { prefix: 0.6, fuzzy: 0.2 } },
    });
    // In pieces, so that the reader can type while a large course is taken in.
    await made.addAllAsync(rows.map(([, page, heading, text], id) => ({ id, page, heading, text })), { chunkSize: 100 });
    return { rows, made };
  }

  function search(combineWith, all) {
    const queries = all.map((word) => ({ combineWith: "OR", queries: forms(word) }));
    // What was typed may go on; its stem may not: that of a slip is the beginning of other words.
    const typed = new Set(all.map(fold));
    const prefix = (term) => term.length > 1 && typed.has(term);
    return index.made.search({ combineWith, queries }, { processTerm: (term) => term, prefix });
  }

  // A word that is nowhere is read as the one that stands in most places of those with one other letter, else with two,
  // as when they are swapped. So a slip of a finger finds in the same order what the right word finds.
  function correct(word) {
    for (const most of [1, 2]) {
      const fuzzy = (term) => (term.length < 4 ? 0 : Math.min(most, Math.floor(term.length / 3)));
      const places = new Map();
      for (const { terms } of index.made.search(fold(word), { tokenize: (text) => [text], processTerm: (term) => term, fuzzy })) {
        for (const term of terms) places.set(term, (places.get(term) || 0) + 1);
      }
      if (places.size) return [...places].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
    }
    return word;
  }

  // Every word of the query must be there; where that finds nothing, some may be missing.
  function find(query) {
    const all = split(query);
    const long = all.filter((word) => !/^[\w]{1,2}$/.test(word)); // "a", "to", "do": they are everywhere
    const asked = long.length ? long : all;
    const hits = search("AND", asked);
    if (hits.length) return hits;
    const read = asked.map((word) => (search("OR", [word]).length ? word : correct(word)));
    const near = search("AND", read);
    return near.length ? near : search("OR", read);
  }

  const isHit = (word, found) => forms(word).some((form) => found.has(form));

  function excerpt(text, found) {
    const first = [...text.matchAll(words)].find((match) => isHit(match[0], found));
    const at = first ? first.index : -1;
    const start = at > 60 ? text.indexOf(" ", at - 50) + 1 : 0;
    const shown = text.slice(start, start + 150);
    const isAll = text.length <= start + 150;
    return (start ? "… " : "") + (isAll ? shown : `${shown.slice(0, shown.lastIndexOf(" ") || 150)} …`);
  }

  function marked(text, found) {
    const parts = [];
    let last = 0;
    for (const match of text.matchAll(words)) {
      if (!isHit(match[0], found)) continue;
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
      ...hits.slice(0, limit).map(({ id, terms }) => {
        const [href, page, heading, text] = index.rows[id];
        const found = new Set(terms);
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + href;
        link.append(span("hit-title", marked(heading || page, found)));
        if (heading) link.append(span("hit-page", [` · ${page}`]));
        if (text) link.append(span("hit-text", marked(excerpt(text, found), found)));
        item.append(link);
        return item;
      }),
    );
    const more = hits.length > limit ? `, the best ${limit} are shown` : "";
    if (!query.trim()) note.textContent = "";
    else if (!index) note.textContent = "The index is being read.";
    else if (!hits.length) note.textContent = "Nothing found. Another word may find more.";
    else note.textContent = `${hits.length} result${hits.length === 1 ? "" : "s"}${more}`;
  }

  // The arrows go from the words to the results and on, and round.
  function step(by) {
    const stops = [input, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    stops[(at + by + stops.length) % stops.length].focus();
  }

  function addScript(name) {
    return new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${root}${name}`;
      script.addEventListener("load", resolve);
      document.head.append(script);
    });
  }

  let loading = null;
  function load() {
    loading ??= Promise.all([addScript("static/vendor-search.js"), addScript("search-index.js")]).then(async () => {
      index = await build(window.courseIndex);
      show();
    });
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
