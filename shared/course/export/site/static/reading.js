// Theme, the list of modules on small screens, copying code, marking a module as done, and where on the page one is.
(function () {
  "use strict";
  const root = document.documentElement;
  const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

  const themeButton = document.getElementById("cw-theme");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const showTheme = () => themeButton.setAttribute("aria-pressed", String(isDark()));
  themeButton.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("coursewright/theme", root.dataset.theme);
    } catch {
      // The choice then lasts as long as the page.
    }
    showTheme();
  });
  systemDark.addEventListener("change", showTheme);
  showTheme();

  const menu = document.getElementById("cw-menu");
  const nav = document.getElementById("cw-nav");
  function setMenu(open) {
    nav.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
    if (open) nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  menu.addEventListener("click", () => setMenu(!nav.classList.contains("open")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav.classList.contains("open")) {
      setMenu(false);
      menu.focus();
    }
  });
  // The list covers the page: the reader who goes on to the page by Tab is to see it.
  document.getElementById("page").addEventListener("focusin", () => setMenu(false));
  // A long list starts where the reader is, without moving the page itself.
  const current = nav.querySelector("[aria-current]");
  if (current && nav.scrollHeight > nav.clientHeight) {
    nav.scrollTop = Math.max(0, current.offsetTop - nav.clientHeight / 2);
  }

  const done = document.getElementById("cw-done");
  if (done) {
    const show = () => {
      const isDone = window.courseStore.isDone(done.dataset.module);
      done.setAttribute("aria-pressed", String(isDone));
      done.querySelector("span").textContent = isDone ? "Done" : "Mark as done";
    };
    done.addEventListener("click", () => {
      window.courseStore.setDone(done.dataset.module, !window.courseStore.isDone(done.dataset.module));
      show();
    });
    show();
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Pages opened from a disk may not have the newer interface.
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "hidden";
      document.body.append(area);
      area.select();
      const ok = document.execCommand("copy");
      area.remove();
      return ok;
    }
  }

  for (const figure of document.querySelectorAll("figure.code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", async () => {
      // A session names what was typed in it; other code is copied as it is shown.
      const text = figure.dataset.typed ?? figure.querySelector("pre").textContent;
      button.textContent = (await copyText(text)) ? "Copied" : "Not copied";
      window.setTimeout(() => (button.textContent = "Copy"), 1600);
    });
    figure.append(button);
  }

  for (const figure of document.querySelectorAll("figure.code.long")) {
    const code = figure.querySelector("pre");
    const lines = code.textContent.split("\n").length;
    const fold = document.createElement("button");
    fold.type = "button";
    fold.className = "fold";
    const show = (open) => {
      figure.classList.toggle("open", open);
      fold.setAttribute("aria-expanded", String(open));
      fold.textContent = open ? "Show less" : `Show all ${lines} lines`;
    };
    fold.addEventListener("click", () => show(!figure.classList.contains("open")));
    show(false);
    figure.append(fold);
  }

  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) {
    links.set(document.getElementById(decodeURIComponent(link.hash.slice(1))), link);
  }
  const places = [...links.keys()].filter(Boolean);
  // Moves the list alone: scrollIntoView would move the page as well.
  function keepVisible(link) {
    const list = link.closest(".contents");
    const [box, frame] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
    if (box.top < frame.top + 40) list.scrollTop -= frame.top + 40 - box.top;
    else if (box.bottom > frame.bottom - 40) list.scrollTop += box.bottom - frame.bottom + 40;
  }
  let waiting = false;
  function showPlace() {
    waiting = false;
    const top = 120;
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    let now = atEnd ? places[places.length - 1] : null;
    if (!atEnd) for (const place of places) if (place.getBoundingClientRect().top <= top) now = place;
    for (const [place, link] of links) {
      if (place !== now) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        keepVisible(link);
      }
    }
  }
  if (places.length) {
    window.addEventListener("scroll", () => {
      if (!waiting) {
        waiting = true;
        window.requestAnimationFrame(showPlace);
      }
    }, { passive: true });
    showPlace();
  }
})();
