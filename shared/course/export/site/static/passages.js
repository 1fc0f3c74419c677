// A citation mark opens the cited lines, with those around them, beside the sentence. The page holds each line of a file
// once; without a script the mark leads there. A term with a gloss opens its gloss in the same card.
(function () {
  "use strict";
  const card = document.getElementById("cw-passage");
  if (!card) return;
  const title = document.getElementById("cw-passage-title");
  const headings = document.getElementById("cw-passage-headings");
  const body = document.getElementById("cw-passage-body");
  let opener = null;

  function close(returnFocus) {
    if (card.hidden) return;
    card.hidden = true;
    opener?.removeAttribute("aria-expanded");
    if (returnFocus) opener?.focus();
    opener = null;
  }

  function place(mark) {
    // On small screens the style sheet holds the card to the bottom of the window.
    const box = mark.getBoundingClientRect();
    const page = document.getElementById("page").getBoundingClientRect();
    const left = Math.max(12, page.left, Math.min(box.left - card.offsetWidth / 2, page.right - card.offsetWidth));
    const fitsBelow = box.bottom + card.offsetHeight + 16 < window.innerHeight;
    const fitsAbove = box.top - card.offsetHeight - 16 > 56;
    const top = fitsBelow || !fitsAbove ? box.bottom + 10 : box.top - card.offsetHeight - 10;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${top + window.scrollY}px`;
  }

  const around = 6;
  function addLines(entry) {
    const passage = entry.querySelector(".passage");
    if (!entry.dataset.lines || passage.querySelector(".lines")) return;
    const [first, last] = [Number(entry.dataset.first), Number(entry.dataset.last)];
    const list = document.createElement("ol");
    list.className = "lines";
    for (const line of document.getElementById(entry.dataset.lines).children) {
      const number = Number(line.dataset.line ?? line.value);
      if (number < first - around || number > last + around) continue;
      const copy = line.cloneNode(true);
      copy.removeAttribute("id");
      copy.classList.toggle("cited", number >= first && number <= last);
      list.append(copy);
    }
    passage.querySelector(".passage-foot").before(list);
  }
  document.addEventListener("toggle", (event) => {
    const entry = event.target.open && event.target.closest(".passages > li");
    if (entry) addLines(entry);
  }, true);

  function open(from, name, path, parts) {
    close(false);
    opener = from;
    title.textContent = name;
    headings.textContent = path;
    body.replaceChildren(...parts);
    card.hidden = false;
    from.setAttribute("aria-expanded", "true");
    place(from);
    card.focus({ preventScroll: true });
  }

  function openPassage(mark, entry) {
    addLines(entry);
    const passage = entry.querySelector(".passage");
    const parts = [...passage.querySelectorAll(".page-picture, .lines, .passage-foot")].map((part) => part.cloneNode(true));
    open(mark, entry.dataset.title, passage.querySelector(".passage-headings")?.textContent ?? "", parts);
    // The cited lines stand in the middle of those around them, or of their page.
    const cited = body.querySelector(".page-picture rect, .cited").getBoundingClientRect();
    const top = cited.top - body.getBoundingClientRect().top + body.scrollTop;
    body.scrollTop = top - Math.max(24, (body.clientHeight - cited.height) / 3);
  }

  function openGloss(term) {
    const gloss = document.createElement("p");
    gloss.textContent = term.dataset.gloss;
    const foot = document.createElement("p");
    foot.className = "passage-foot";
    const home = document.createElement("a");
    home.href = term.getAttribute("href");
    home.textContent = "Where it is explained";
    foot.append(home);
    open(term, term.textContent, "", [gloss, foot]);
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const from = event.target.closest("sup.mark a, a[data-gloss]");
    if (!from) {
      if (!card.contains(event.target) || event.target.closest("a[href^='#']")) close(false);
      return;
    }
    const entry = from.dataset.gloss || document.getElementById(decodeURIComponent(from.hash.slice(1)));
    if (!entry) return;
    event.preventDefault();
    if (opener === from) close(true);
    else if (from.dataset.gloss) openGloss(from);
    else openPassage(from, entry);
  });
  document.getElementById("cw-passage-close").addEventListener("click", () => close(true));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  // The card is the last thing on the page: leaving it by Tab goes back to where the reader was.
  card.addEventListener("keydown", (event) => {
    const stops = [...card.querySelectorAll("button, a[href]")];
    const isLast = document.activeElement === stops[stops.length - 1];
    const isFirst = document.activeElement === card || document.activeElement === stops[0];
    if (event.key === "Tab" && (event.shiftKey ? isFirst : isLast)) {
      event.preventDefault();
      close(true);
    }
  });
  window.addEventListener("resize", () => {
    if (opener) place(opener);
  });
  for (const term of document.querySelectorAll("a.gloss")) {
    term.dataset.gloss = term.title;
    term.removeAttribute("title");
  }
  for (const from of document.querySelectorAll("sup.mark a, a.gloss")) from.setAttribute("aria-haspopup", "dialog");

  function openTarget() {
    const entry = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const details = entry?.closest(".passages > li, .terms > div")?.querySelector("details");
    if (details) details.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
