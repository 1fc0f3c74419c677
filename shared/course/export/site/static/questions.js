// Checks answers in the page, explains them, and remembers the last one.
(function () {
  "use strict";

  // Spaces, quotation marks, a final full stop and capitals make no difference; the capitals of a short flag do.
  function plain(text) {
    return text.normalize("NFKC").trim().replace(/\s+/g, " ").replace(/^["'`“”‘’]+|["'`“”‘’]+$/g, "").replace(/\.$/, "");
  }
  function sameText(given, accepted) {
    const [a, b] = [plain(given), plain(accepted)];
    return a === b || (!/^-\w$/.test(b) && a.toLowerCase() === b.toLowerCase());
  }

  function mark(question, id, isRight) {
    question.querySelector(`[data-option="${CSS.escape(id)}"]`).dataset.mark = isRight ? "right" : "wrong";
  }
  const belongs = (key, term, text) => key.some((pair) => pair[0] === term && pair[1] === text);

  const kinds = {
    choice: {
      read: (question) => [...question.querySelectorAll("input:checked")].map((input) => input.value),
      write(question, values) {
        for (const input of question.querySelectorAll("input")) input.checked = values.includes(input.value);
      },
      isRight: (values, key) => values.length === key.length && key.every((id) => values.includes(id)),
      show(question, values, key) {
        for (const option of question.querySelectorAll("[data-option]")) {
          const id = option.dataset.option;
          if (key.includes(id)) option.dataset.mark = "right";
          else if (values.includes(id)) option.dataset.mark = "wrong";
        }
      },
      missing: "Choose an answer first.",
    },
    order: {
      read: (question) => [...question.querySelectorAll("[data-option]")].map((step) => step.dataset.option),
      write(question, values) {
        const list = question.querySelector(".steps");
        const steps = new Map([...list.children].map((step) => [step.dataset.option, step]));
        for (const id of values) if (steps.has(id)) list.append(steps.get(id));
      },
      isRight: (values, key) => key.some((order) => order.join("\n") === values.join("\n")),
      // Several orders may be right: the steps are held against the one that is nearest.
      show(question, values, key) {
        const fitting = (order) => values.filter((id, position) => order[position] === id).length;
        const nearest = key.reduce((best, order) => (fitting(order) > fitting(best) ? order : best));
        values.forEach((id, position) => mark(question, id, nearest[position] === id));
      },
      missing: "",
    },
    match: {
      read(question) {
        const chosen = [...question.querySelectorAll("select")];
        return chosen.every((list) => list.value) ? chosen.map((list) => [list.dataset.term, list.value]) : [];
      },
      write(question, pairs) {
        const chosen = new Map(pairs);
        for (const list of question.querySelectorAll("select")) list.value = chosen.get(list.dataset.term) || "";
      },
      isRight: (pairs, key) => pairs.every(([term, text]) => belongs(key, term, text)),
      show(question, pairs, key) {
        for (const [term, text] of pairs) mark(question, term, belongs(key, term, text));
      },
      missing: "Choose a text for each name first.",
    },
    text: {
      read: (question) => [question.querySelector("input").value].filter((text) => text.trim()),
      write(question, values) {
        question.querySelector("input").value = values[0] || "";
      },
      isRight: (values, key) => key.some((accepted) => sameText(values[0] || "", accepted)),
      show() {},
      missing: "Write an answer first.",
    },
  };
  const kindOf = { ordering: kinds.order, matching: kinds.match, cloze: kinds.text, short_answer: kinds.text };

  function setUp(question) {
    const id = question.dataset.question;
    const key = JSON.parse(question.dataset.key);
    const kind = kindOf[question.dataset.kind] || kinds.choice;
    const form = question.querySelector("form");
    const verdict = question.querySelector(".verdict");
    const again = question.querySelector("[data-again]");
    const answer = question.querySelector("details.answer");
    const start = kind === kinds.order ? kind.read(question) : [];

    const tells = question.querySelector(".tells");

    // What is said of an option stands in the option while the answer is shown, else in the folded answer.
    function tell() {
      for (const told of question.querySelectorAll(".feedback")) {
        const option = question.querySelector(`[data-option="${CSS.escape(told.dataset.for)}"]`);
        if (!option) continue;
        option.append(told);
        told.id = `told-${question.id}-${told.dataset.for}`;
        option.querySelector("input, select, button")?.setAttribute("aria-describedby", told.id);
      }
    }
    function untell() {
      for (const told of question.querySelectorAll("[data-option] .feedback")) {
        told.parentElement.querySelector("[aria-describedby]")?.removeAttribute("aria-describedby");
        tells.append(told);
      }
    }
    function clear() {
      untell();
      delete question.dataset.result;
      for (const option of question.querySelectorAll("[data-mark]")) delete option.dataset.mark;
      verdict.textContent = "";
      again.hidden = true;
      answer.open = false;
    }
    function judge(values) {
      const right = kind.isRight(values, key);
      clear();
      question.dataset.result = right ? "right" : "wrong";
      kind.show(question, values, key);
      tell();
      verdict.textContent = right ? "Correct." : "Not quite. The answer is explained below.";
      again.hidden = false;
      answer.open = true;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = kind.read(question);
      if (!values.length) {
        clear();
        verdict.textContent = kind.missing;
        return;
      }
      judge(values);
      window.courseStore.setAnswer(id, values);
    });
    again.addEventListener("click", () => {
      clear();
      kind.write(question, start);
      window.courseStore.setAnswer(id, null);
      form.querySelector("input, select, button").focus();
    });
    form.addEventListener("input", () => {
      if (question.dataset.result) clear();
    });
    form.addEventListener("click", (event) => {
      const mover = event.target.closest("[data-move]");
      if (mover) move(question, mover, verdict, clear);
    });
    const kept = window.courseStore.answer(id);
    if (Array.isArray(kept) && kept.length) {
      kind.write(question, kept);
      judge(kept);
    }
  }

  function move(question, mover, verdict, clear) {
    const step = mover.closest("li");
    const list = step.parentElement;
    const up = mover.dataset.move === "-1";
    const other = up ? step.previousElementSibling : step.nextElementSibling;
    if (!other) return;
    if (question.dataset.result) clear();
    list.insertBefore(up ? step : other, up ? other : step);
    mover.focus();
    const position = [...list.children].indexOf(step) + 1;
    verdict.textContent = `Step ${step.querySelector(".letter").textContent} is now number ${position}.`;
  }

  for (const question of document.querySelectorAll("[data-question]")) setUp(question);
})();
