// A citation mark opens the cited lines beside the sentence. Without a script the mark leads to them at the page's end.
(function () {
  "use strict";
  const card = document.getElementById("cw-passage");
  if (!card) return;
  const title = document.getElementById("cw-passage-title");
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

  function open(mark, entry) {
    close(false);
    opener = mark;
    const passage = entry.querySelector(".passage");
    title.textContent = entry.dataset.title;
    body.replaceChildren(
      passage.querySelector(".lines").cloneNode(true),
      passage.querySelector(".passage-foot").cloneNode(true),
    );
    card.hidden = false;
    mark.setAttribute("aria-expanded", "true");
    place(mark);
    card.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("sup.mark a");
    if (mark) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const entry = document.getElementById(decodeURIComponent(mark.hash.slice(1)));
      if (!entry) return;
      event.preventDefault();
      if (opener === mark) close(true);
      else open(mark, entry);
    } else if (!card.contains(event.target)) {
      close(false);
    }
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
  for (const mark of document.querySelectorAll("sup.mark a")) mark.setAttribute("aria-haspopup", "dialog");

  function openTarget() {
    const entry = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const details = entry?.closest(".passages > li, .terms > div")?.querySelector("details");
    if (details) details.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
