// Checks answers in the page, explains them, and remembers the last one.
(function () {
  "use strict";
  const store = window.courseStore;

  // Spaces beside signs, the kind of quotation marks, a final full stop and capitals make no difference; the capitals of
  // a short flag do.
  function plain(text) {
    const spaced = text.normalize("NFKC").trim().replace(/\s+/g, " ").replace(/["`“”‘’]/g, "'");
    return spaced.replace(/ ?([,:=()[\]{}]) ?/g, "$1").replace(/^'+|'+$/g, "").replace(/\.$/, "");
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
      // What was not chosen is told only with the answer.
      show(question, values, key, isTold) {
        for (const option of question.querySelectorAll("[data-option]")) {
          const id = option.dataset.option;
          if (key.includes(id) && (isTold || values.includes(id))) option.dataset.mark = "right";
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
    const { item } = question.dataset;
    const key = JSON.parse(question.dataset.key);
    const kind = kindOf[question.dataset.kind] || kinds.choice;
    const form = question.querySelector("form");
    const verdict = question.querySelector(".verdict");
    const again = question.querySelector("[data-again]");
    const answer = question.querySelector("details.answer");
    const start = kind === kinds.order ? kind.read(question) : [];

    const tells = question.querySelector(".tells");

    const optionOf = (id) => question.querySelector(`[data-option="${CSS.escape(id)}"]`);

    // What is said of an option stands in the option once it is marked or the answer is told, else in the folded answer.
    // What gives the right answer away waits for the answer: there would be nothing left to try again.
    function tell(isTold) {
      const right = kind === kinds.choice ? key.map((id) => optionOf(id).querySelector(".option-text").textContent) : [];
      for (const told of question.querySelectorAll(".feedback")) {
        const option = optionOf(told.dataset.for);
        if (!option || !(isTold || option.dataset.mark)) continue;
        if (!isTold && right.some((text) => told.textContent.includes(text))) continue;
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
    // A wrong answer may be tried again, so the right one is told only when it is given or asked for.
    function judge(values, isTold) {
      const right = kind.isRight(values, key);
      clear();
      question.dataset.result = right ? "right" : "wrong";
      kind.show(question, values, key, right || isTold);
      tell(right || isTold);
      verdict.textContent = right ? "Correct." : "Not quite.";
      if (!right && !isTold) verdict.textContent += " Try again, or open the answer.";
      again.hidden = false;
      answer.open = right || isTold;
      showScore(question.closest(".questions"));
    }
    answer.addEventListener("toggle", () => {
      if (answer.open && question.dataset.result === "wrong") judge(kind.read(question), true);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = kind.read(question);
      if (!values.length) {
        clear();
        verdict.textContent = kind.missing;
        return;
      }
      judge(values, false);
      store.setAnswer(id, values);
      store.plan(item, question.dataset.result === "right");
      // The next key leads on: what is said of an option may hold links, which would come first.
      if (question.dataset.result === "wrong") again.focus();
    });
    again.addEventListener("click", () => {
      clear();
      kind.write(question, start);
      store.setAnswer(id, null);
      showScore(question.closest(".questions"));
      form.querySelector("input, select, button").focus();
    });
    form.addEventListener("input", () => {
      if (question.dataset.result) clear();
    });
    form.addEventListener("click", (event) => {
      const mover = event.target.closest("[data-move]");
      if (mover) move(question, mover, verdict, clear);
    });
    const kept = store.answer(id);
    if (store.isDue(item)) {
      verdict.textContent = "It is time to answer this again.";
    } else if (Array.isArray(kept) && kept.length) {
      kind.write(question, kept);
      judge(kept, false);
    }
  }

  function showScore(section) {
    const score = section.querySelector(".score");
    if (!score) return;
    const questions = [...section.querySelectorAll("[data-question]")];
    const answered = questions.filter((question) => question.dataset.result);
    const right = answered.filter((question) => question.dataset.result === "right");
    const isOver = answered.length === questions.length;
    const words = isOver ? `${right.length} of ${questions.length} right` : `${answered.length} of ${questions.length} answered`;
    score.querySelector("[data-score]").textContent = answered.length ? words : "";
    for (const button of score.querySelectorAll("button")) button.hidden = !isOver || right.length === questions.length;
  }

  function setUpScore(score) {
    const section = score.closest(".questions");
    const missed = () => [...section.querySelectorAll("[data-result=wrong]")];
    score.querySelector("[data-missed]").addEventListener("click", () => {
      const again = missed().map((question) => question.querySelector("[data-again]"));
      for (const button of again.reverse()) button.click(); // the first is the last, so the focus ends there
    });
    score.querySelector("[data-reveal]").addEventListener("click", () => {
      for (const question of missed()) question.querySelector("details.answer").open = true;
    });
    showScore(section);
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
  for (const score of document.querySelectorAll(".score")) setUpScore(score);
})();
