// Theme, the list of modules on small screens, code to copy and to wrap, pictures to enlarge, links to headings, marking a
// module as done, and where on the page one is.
(function () {
  "use strict";
  const root = document.documentElement;
  // What measures the page waits until it has been drawn.
  const afterDrawing = (work) => window.requestAnimationFrame(() => window.setTimeout(work));
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
  if (current) {
    window.requestAnimationFrame(() => {
      if (nav.scrollHeight > nav.clientHeight) nav.scrollTop = Math.max(0, current.offsetTop - nav.clientHeight / 2);
    });
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

  // Wide code scrolls, or is wrapped everywhere once the reader asks for it.
  function offerWrap() {
    const isWrapped = () => root.classList.contains("wrap-code");
    const wide = [...document.querySelectorAll("figure.code")].filter((figure) => {
      const pre = figure.querySelector("pre");
      return isWrapped() || pre.scrollWidth > pre.clientWidth + 1;
    });
    const buttons = wide.map((figure) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy wrap";
      button.textContent = "Wrap";
      button.setAttribute("aria-label", "Wrap long lines of code");
      button.setAttribute("aria-pressed", String(isWrapped()));
      figure.append(button);
      return button;
    });
    for (const button of buttons) {
      button.addEventListener("click", () => {
        root.classList.toggle("wrap-code");
        try {
          localStorage.setItem("coursewright/wrap", String(isWrapped()));
        } catch {
          // The choice then lasts as long as the page.
        }
        for (const other of buttons) other.setAttribute("aria-pressed", String(isWrapped()));
      });
    }
  }
  afterDrawing(offerWrap);

  const pictures = document.querySelectorAll(".picture img, .drawing > svg");
  if (pictures.length) {
    const dialog = document.createElement("dialog");
    dialog.className = "zoom";
    const close = document.createElement("button");
    close.className = "quiet";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
    for (const picture of pictures) {
      const name = picture.alt || picture.getAttribute("aria-label") || "Picture";
      const enlarge = () => {
        const large = picture.cloneNode(true);
        for (const given of ["role", "tabindex", "loading", "aria-label"]) large.removeAttribute(given);
        if (picture.localName === "svg") large.setAttribute("role", "img");
        large.setAttribute("aria-label", name);
        dialog.replaceChildren(close, large);
        dialog.setAttribute("aria-label", name);
        dialog.showModal();
      };
      if (picture.closest("a")) continue;
      // What takes the focus scrolls the drawing it stands in.
      picture.closest(".drawing")?.removeAttribute("tabindex");
      picture.setAttribute("tabindex", "0");
      picture.setAttribute("role", "button");
      picture.setAttribute("aria-label", `Enlarge: ${name}`);
      picture.addEventListener("click", enlarge);
      picture.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        enlarge();
      });
    }
    dialog.addEventListener("click", (event) => {
      if (event.target !== close) dialog.close();
    });
  }

  for (const heading of document.querySelectorAll(".lesson main :is(h2, h3)[id]")) {
    const link = document.createElement("a");
    link.className = "permalink";
    link.href = `#${heading.id}`;
    link.setAttribute("aria-label", `Link to “${heading.textContent}”`);
    heading.append(link);
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

  for (const result of document.querySelectorAll(".covered")) {
    result.tabIndex = 0;
    result.setAttribute("role", "button");
    result.setAttribute("aria-label", "Show the result");
    const show = (event) => {
      if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      for (const name of ["class", "role", "tabindex", "aria-label"]) result.removeAttribute(name);
      result.closest("figure").querySelector(".predict")?.remove();
      result.removeEventListener("click", show);
      result.removeEventListener("keydown", show);
    };
    result.addEventListener("click", show);
    result.addEventListener("keydown", show);
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
  const moduleId = document.querySelector("article[data-module]")?.dataset.module;
  let reached = null;
  // Where reading goes on: the front page leads back there.
  function keepPlace(place) {
    if (!moduleId || place === reached) return;
    reached = place;
    window.courseStore.setPlace({ module: moduleId, id: place.id, text: links.get(place).textContent });
  }
  let waiting = false;
  function showPlace() {
    waiting = false;
    const top = 120;
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    let now = atEnd ? places[places.length - 1] : null;
    if (!atEnd) for (const place of places) if (place.getBoundingClientRect().top <= top) now = place;
    if (now && window.scrollY > 0) keepPlace(now);
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
    afterDrawing(showPlace);
  }
})();
