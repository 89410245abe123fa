"use strict";
// The only script of the page. The rules lie in the page as data, and nothing here knows what they are about.
//
// The first part says what answers come to. Everything that depends on answers is a decision: a value from nought up, or a
// node, which names a variable and what comes next for each of its letters. So all there is to do is to walk.
// The second part shows the screens. What rules and people say reaches the page as text and never as markup.
//
// The answer to a question is {answer, evidence, note}, where `answer` is the index of an option, a list of them, a text
// or NOT_SURE. A question without an answer has nothing.

const NOT_SURE = -1;
// The last value of statuses, outcomes and fits, which stands for what missing answers leave open.
const OPEN = 3;

// ---- What answers come to ----

const questionOf = (variable) => variable.one ?? variable.known ?? variable.chosen;
const inOrder = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);

// The letter of each variable, or null where none is given.
function lettersOf(rules, answers) {
  return rules.variables.map((variable) => {
    const index = questionOf(variable);
    const answer = answers[index]?.answer;
    if (answer === undefined) return null;
    if (variable.known !== undefined) return answer === NOT_SURE ? 1 : 0;
    if (answer === NOT_SURE) return variable.one === undefined ? null : rules.questions[index].options.length;
    return variable.one === undefined ? Number(answer.includes(variable.option)) : answer;
  });
}

// Looks at decisions with these letters given. What can make no difference any more drops out: a node whose parts have
// become the same is none. So the values that are left can all be reached, and the questions that are left all matter.
function look(rules, given) {
  const [done, made, numbers] = [new Map(), [], new Map()];
  const node = (variable, parts) => {
    const key = `${variable}:${parts}`;
    if (!numbers.has(key)) numbers.set(key, -made.push({ variable, parts }));
    return numbers.get(key);
  };
  const rest = (at) => {
    if (at >= 0) return at;
    if (done.has(at)) return done.get(at);
    const [variable, ...parts] = rules.nodes[-1 - at];
    const letter = given[variable];
    const left = letter === null ? parts.map(rest) : [rest(parts[letter])];
    const same = left.every((part) => part === left[0]);
    done.set(at, same ? left[0] : node(variable, left));
    return done.get(at);
  };
  const reached = (all) => {
    const found = new Set(all.map(rest));
    // What is added on the way is visited too.
    for (const at of found) if (at < 0) made[-1 - at].parts.forEach((part) => found.add(part));
    return [...found];
  };
  const asked = (at) => questionOf(rules.variables[made[-1 - at].variable]);
  return {
    // The only value that is still possible, if there is only one.
    settled: (at) => (rest(at) >= 0 ? rest(at) : undefined),
    // The values that are still possible, from best to worst.
    values: (at) => inOrder(reached([at]).filter((value) => value >= 0)),
    // The questions whose missing answers can still change one of these, in the order of asking.
    missing: (all) => inOrder(reached(all).filter((at) => at < 0).map(asked)),
  };
}

// The scenarios that filling in what is missing and reading what is unsure can lead to. Where "not sure" is said of a
// list, its options are as open as those of a missing one.
function possibleScenarios(rules, given) {
  const found = new Set([rules.picked]);
  for (const at of found) {
    const [variable, ...parts] = at < 0 ? rules.nodes[-1 - at] : [];
    const { reads = {} } = rules.variables[variable] ?? {};
    const letter = given[variable] ?? null;
    for (const way of letter === null ? parts.keys() : (reads[letter] ?? [letter])) found.add(parts[way]);
  }
  // The first two values are no scenario, and more than one.
  return inOrder([...found].filter((value) => value >= 2)).map((value) => rules.scenarios[value - 2]);
}

// What the rules say about answers, as the program says it.
function assess(rules, answers) {
  const given = lettersOf(rules, answers);
  const see = look(rules, given);
  const lacks = (index) => answers[index] === undefined || answers[index].answer === NOT_SURE;
  const topics = rules.topics.map((topic) => {
    const [fine, lacking] = [see.settled(topic.fine), topic.questions.filter(lacks)];
    const state = fine === 0 ? "absent" : fine === 1 && lacking.length === 0 ? "prepared" : "not_prepared";
    return { topic, lacking, state };
  });
  // No topic is decided by whether another is prepared, so what was seen so far still holds.
  rules.variables.forEach(({ topic }, index) => {
    if (topic !== undefined) given[index] = Number(topics[topic].state === "prepared");
  });
  const holds = (at) => see.settled(at) === 1;
  const notes = (list) => list.filter((note) => holds(note.told)).map((note) => note.says);
  const decided = rules.scenario === undefined ? undefined : see.settled(rules.scenario);
  const scenario = decided >= 2 ? rules.scenarios[decided - 2] : undefined;
  // The options given that can be read in several ways, one of which would decide this otherwise.
  const leftOpenBy = (at) => rules.questions.flatMap((question, index) => {
    const own = rules.variables.findIndex((variable) => variable.one === index);
    const option = own < 0 ? undefined : question.options[answers[index]?.answer];
    const otherwise = (letter) => {
      const read = given.map((other, variable) => (variable === own ? letter : other));
      return look(rules, read).settled(at) !== see.settled(at);
    };
    return option?.reads?.some(otherwise) ? [option] : [];
  });
  const criteria = rules.criteria.map((criterion) => {
    const status = see.settled(criterion.status) ?? OPEN;
    const says = criterion.scenarios && scenario ? scenario.says : criterion.says[status];
    const all = criterion.scenarios && rules.scenario !== undefined && !scenario ? [rules.scenario] : [];
    const open = () => [...new Set([criterion.status, ...all].flatMap(leftOpenBy))];
    return { criterion, status, says, open, notes: notes(criterion.notes) };
  });
  const possible = see.values(rules.outcome);
  const outcome = possible.length === 1 ? possible[0] : OPEN;
  const missing = see.missing([rules.outcome]);
  const also = see.missing(rules.about).filter((index) => rules.questions[index].section === 0 && !missing.includes(index));
  const hidden = rules.questions.map(({ asked }) => asked !== undefined && see.settled(asked) === 0);
  const prepares = rules.topics.flatMap((topic) => topic.questions);
  return {
    outcome, possible, missing, also, criteria, scenario, topics, hidden, see, notes,
    scenarios: possibleScenarios(rules, given),
    fit: see.settled(rules.fit) ?? OPEN,
    findings: rules.findings.map((finding) => ({ finding, state: see.settled(finding.state) })),
    obligations: rules.obligations.map((it) => ({ it, status: see.settled(it.status) ?? OPEN, notes: notes(it.notes) })),
    contradictions: rules.contradictions.filter((it) => holds(it.holds)),
    steps: rules.outcomes[outcome].steps.filter((step) => see.settled(step.shown) !== 0),
    facts: rules.facts.filter((fact) => fact.outcomes.includes(outcome) && holds(fact.shown)),
    // What to ask next in each section: what can still change something, and of the application what prepares a topic.
    wanted: [
      inOrder([...missing, ...also]),
      see.missing([rules.fit]),
      [...new Set(prepares)].filter((index) => answers[index] === undefined && !hidden[index]),
      see.missing(rules.obligations.map((it) => it.status)),
    ],
  };
}

// Answers as an answers file. What YAML could take for something else stands in quotation marks.
function answersFile(rules, { product, organisation, answers }) {
  const escape = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu;
  const quoted = (text) => JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(unseen, (c) => (c.length > 1 ? c : escape(c)));
  const id = (name) => (/^(true|false|null|yes|no|on|off|y|n)$|[^a-z0-9_]|^[^a-z]/.test(name) ? quoted(name) : name);
  const against = Object.entries(rules.rules).map(([key, value]) => `${key}: ${quoted(value)}`);
  const answered = rules.questions.flatMap((question, index) => {
    const { answer, ...beside } = answers[index] ?? {};
    if (answer === undefined) return [];
    const value = (option) => (question.kind === "yes_no" ? question.options[option].value : id(question.options[option].value));
    const listed = () => (Array.isArray(answer) ? `[${answer.map(value).join(", ")}]` : value(answer));
    const words = question.kind === "text" ? quoted(answer) : answer === NOT_SURE ? "not_sure" : listed();
    const more = Object.entries(beside).filter(([, text]) => text).map(([key, text]) => `, ${key}: ${quoted(text)}`);
    return `  ${id(question.id)}: ${more.length ? `{answer: ${words}${more.join("")}}` : words}`;
  });
  return [
    "# Check this file with: nhs-login-eligibility check answers.yaml",
    `product: ${quoted(product)}`,
    organisation ? `organisation: ${quoted(organisation)}` : [],
    `rules: {${against.join(", ")}}`,
    answered.length ? ["answers:", answered] : "answers: {}",
    "",
  ].flat(2).join("\n");
}

// ---- The screens ----

// An element with these attributes and children. Every child that is no element becomes text.
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== ""));
  return made;
}

// A text of the rules: what the source says, and our reading, which says that it is ours.
const parts = (text) => [text ?? []].flat();
const told = (text) => parts(text).map((part, at) => part && el("p", { class: at > 0 && "reading" }, part));
const list = (items, tag = "ul") => (items.length ? el(tag, {}, items.map((item) => el("li", {}, item))) : []);
// A heading with what stands under it, if anything does.
const under = (title, ...content) => (content.flat(Infinity).length ? [el("h2", {}, title), content] : []);

function startPage(rules) {
  const state = { product: "", organisation: "", answers: [], skipped: new Set(), sections: new Set([0]), saved: true };
  const [screen, said] = ["screen", "said"].map((id) => document.getElementById(id));
  const button = (words, click, kind) => el("button", { type: "button", class: kind, click }, words);
  const buttons = (...all) => el("div", { class: "buttons" }, all);
  const to = (name, words, kind = "button") => el("a", { href: `#${name}`, class: kind }, words);
  const address = (index) => `question.${rules.questions[index].id}`;
  const heading = (...content) => el("h1", { tabindex: "-1" }, content);
  const tag = (words, at) => el("strong", { class: `tag ${["good", "fair", "bad", "open"][at]}` }, words[at]);
  const source = ({ page, words, ours }) => {
    const url = rules.pages[page]?.url;
    const where = url ? el("a", { href: url }, words) : words;
    return el("p", { class: "source" }, "Source: ", where, ours ? ". Our interpretation." : ".");
  };
  const toAnswer = (lead, missing) => {
    const links = missing.map((index) => to(address(index), rules.questions[index].prompt, "plain"));
    return missing.length ? [el("p", {}, lead), list(links)] : [];
  };

  // Shows a screen. Parts of it that are the same for all rules stand in the page and are only uncovered.
  function show(title, content, standing) {
    document.title = `${title} – ${rules.title}`;
    said.textContent = "";
    screen.replaceChildren(...[content].flat(Infinity));
    for (const part of document.querySelectorAll("[data-standing]")) part.hidden = part.dataset.standing !== standing;
    // A screen reader reads on from here: what is wrong, or else the heading.
    const first = [...document.querySelectorAll(".summary, h1")].find((found) => found.checkVisibility());
    first.focus();
    scrollTo(0, 0);
  }
  const back = () => button("Back", () => history.back(), "back");
  const go = (name) => (location.hash === `#${name}` ? route() : (location.hash = name));
  // The next question that can still change something in the sections chosen, or else the answers.
  function goOn() {
    const { wanted } = assess(rules, state.answers);
    const next = inOrder(state.sections).flatMap((section) => wanted[section]);
    const open = next.find((index) => !state.skipped.has(index));
    go(open === undefined ? "check" : address(open));
  }

  // A form. What is wrong with it is said above it, with a way to the field, and beside the field.
  function form(title, error, field, submit, ...content) {
    const toField = (event) => {
      event.preventDefault();
      document.getElementById(field).focus();
    };
    const submitted = (event) => {
      event.preventDefault();
      submit(new FormData(event.target));
    };
    const link = error && el("a", { href: `#${field}`, click: toField }, error);
    const summary = error
      ? el("div", { class: "summary", role: "alert", tabindex: "-1" }, el("h2", {}, "There is a problem"), el("p", {}, link))
      : [];
    const all = el("form", { novalidate: true, autocomplete: "off", submit: submitted }, summary, content);
    show(error ? `Error: ${title}` : title, [back(), all]);
  }
  const wrong = (error) => (error ? el("p", { class: "error", id: "error" }, error) : []);
  const field = (id, words, value, hint) => [
    el("label", { for: id }, words),
    hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : [],
    el("input", { id, name: id, value, "aria-describedby": hint && `${id}-hint` }),
  ];
  const onward = () => el("button", { class: "first" }, "Continue");

  function product(error) {
    const title = `What is your ${rules.subject} called?`;
    const keep = (data) => {
      state.organisation = data.get("organisation").trim();
      state.product = data.get("product").trim() || state.product;
      return data.get("product").trim() ? goOn() : product("Write a name");
    };
    const name = el("input", { id: "product", name: "product", value: state.product, "aria-describedby": error && "error" });
    form(title, error, "product", keep, heading(el("label", { for: "product" }, title)), wrong(error), name,
      field("organisation", "Organisation (optional)", state.organisation), onward());
  }

  function question(index, error) {
    const asked = rules.questions[index];
    const entry = state.answers[index];
    const given = parts(entry?.answer);
    const [text, many] = [asked.kind === "text", asked.kind === "choices"];
    const chosen = () => [...screen.querySelectorAll("input:checked")].map((input) => Number(input.value));
    const helps = (options) => options.map((option) => asked.options[option]?.evidence).find((evidence) => evidence);

    // "Not sure", and an option that stands for none of the others, are never chosen beside another.
    const alone = (input) => Number(input.value) === NOT_SURE || asked.options[input.value].none;
    const changed = ({ target }) => {
      const others = [...screen.querySelectorAll("input:checked")].filter((other) => other !== target);
      if (target.checked) for (const other of others) if (alone(target) || alone(other)) other.checked = false;
      document.getElementById("evidence-hint").textContent = helps(chosen()) ?? rules.words.evidence;
      if (helps(chosen())) document.getElementById("beside").open = true;
    };
    const choice = (option, words, hint) => {
      const [id, type, checked] = [`answer${option}`, many ? "checkbox" : "radio", given.includes(option)];
      const about = hint && `${id}-hint`;
      const input = el("input", { id, type, checked, name: "answer", value: option, change: changed, "aria-describedby": about });
      const explained = hint ? el("p", { class: "hint", id: about }, parts(hint).join(" ").trim()) : [];
      return el("div", { class: "choice" }, input, el("label", { for: id }, words), explained);
    };

    const described = [asked.hint && "hint", error && "error"].filter((id) => id).join(" ") || undefined;
    const help = [
      asked.hint ? el("div", { class: "hint", id: "hint" }, told(asked.hint)) : [],
      asked.more ? el("details", {}, el("summary", {}, "More about this question"), told(asked.more)) : [],
      many ? el("p", {}, "Choose all that apply.") : [],
      wrong(error),
    ];
    const { title, intro } = rules.sections[asked.section];
    const prompt = text ? el("label", { for: "answer" }, asked.prompt) : asked.prompt;
    const top = heading(el("span", { class: "caption" }, `${title} `), prompt);
    const first = !rules.questions.some(({ section }, at) => section === asked.section && state.answers[at]);
    const options = asked.options.map(({ label, hint }, at) => choice(at, label, hint));
    const area = { id: "answer", name: "answer", rows: 6, "aria-describedby": described };
    const input = text
      ? [top, help, el("textarea", area, entry?.answer ?? "")]
      : el("fieldset", { "aria-describedby": described }, el("legend", {}, top), help, options,
          asked.unsure ? choice(NOT_SURE, "Not sure") : []);
    const open = Boolean(entry?.evidence || entry?.note || helps(given));
    const beside = el("details", { id: "beside", open }, el("summary", {}, "Add evidence or a note (optional)"),
      field("evidence", "Evidence", entry?.evidence, helps(given) ?? rules.words.evidence), field("note", "Note", entry?.note));

    const keep = (answer, data) => {
      const [evidence, note] = ["evidence", "note"].map((key) => data?.get(key)?.trim());
      state.answers[index] = answer === undefined ? undefined : { answer, evidence, note };
      state.skipped[answer === undefined ? "add" : "delete"](index);
      state.saved = false;
      goOn();
    };
    const submit = (data) => {
      const answer = text ? data.get("answer").trim() : chosen();
      const what = text ? "Write an answer" : many ? "Choose at least one answer" : "Choose an answer";
      if (!answer.length) question(index, `${what}, or leave this question out`);
      else keep(text || (many && answer[0] !== NOT_SURE) ? answer : answer[0], data);
    };
    const leave = button(entry ? "Remove this answer" : "Leave this question out", () => keep());
    form(asked.prompt, error, text ? "answer" : "answer0", submit, first ? el("div", { class: "intro" }, told(intro)) : [],
      input, text ? [] : beside, buttons(onward(), leave, to("check", "Check your answers")));
  }

  function check() {
    const { wanted, hidden } = assess(rules, state.answers);
    const row = (words, value, name, change) => {
      const link = to(name, [change, el("span", { class: "unseen" }, ` ${words}`)], "plain");
      return el("div", {}, el("dt", {}, words), el("dd", {}, value), el("dd", { class: "change" }, link));
    };
    const answer = ({ kind, options }, { answer, evidence, note }) => {
      const words = kind === "text" ? answer : parts(answer).map((at) => options[at]?.label ?? "Not sure").join(", ");
      const beside = [evidence && `Evidence: ${evidence}`, note && `Note: ${note}`];
      return [words, beside.map((text) => (text ? el("p", { class: "hint" }, text) : []))];
    };
    const listed = (indexes) => {
      const rows = indexes.map((index) => {
        const [asked, entry] = [rules.questions[index], state.answers[index]];
        return row(asked.prompt, entry ? answer(asked, entry) : "Not answered", address(index), entry ? "Change" : "Answer");
      });
      return rows.length ? el("dl", {}, rows) : [];
    };
    const all = [...rules.questions.keys()];
    const section = ({ title }, at) => {
      const own = (index) => state.answers[index] && !hidden[index] && rules.questions[index].section === at;
      const open = (index) => !state.answers[index] && state.sections.has(at) && wanted[at].includes(index);
      return under(title, listed(all.filter((index) => own(index) || open(index))));
    };
    const more = ({ title }, at) => {
      const answerThem = () => {
        state.sections.add(at);
        wanted[at].forEach((index) => state.skipped.delete(index));
        goOn();
      };
      return wanted[at].length ? button(`Questions to answer: ${title}`, answerThem) : [];
    };
    const name = `${state.product}${state.organisation && ` (${state.organisation})`}`;
    const aside = all.filter((index) => state.answers[index] && hidden[index]);
    show("Check your answers", [back(), heading("Check your answers"),
      el("dl", {}, row(`Name of the ${rules.subject}`, name, "product", "Change")), rules.sections.map(section),
      under("No longer asked. These make no difference", listed(aside)),
      buttons(to("result", "See your result", "button first"), rules.sections.map(more), button("Save my answers", save))]);
  }

  function result() {
    const found = assess(rules, state.answers);
    const { words, sections } = rules;
    const { title, meaning } = rules.outcomes[found.outcome];
    // A rule with its status in words, and whatever is said of it.
    const rule = ({ title, source: from }, status, ...content) =>
      el("div", { class: "rule" }, el("h3", {}, title, " ", status), content, from ? source(from) : []);
    const criterion = ({ criterion: it, status, says, notes, open }) => {
      const names = it.scenarios && !found.scenario ? found.scenarios.map(({ name }) => name) : [];
      const possible = names.length > 1 ? el("p", {}, `It can come under ${names.join(" or ")}.`) : [];
      const missing = status === OPEN ? toAnswer("Still to answer:", found.see.missing(it.status)) : [];
      return rule(it, tag(words.criterion, status), told(says), possible, open().map((option) => told(option.says)),
        notes.map(told), missing);
    };
    const finding = ({ finding: it, state }) => {
      if (state === 1) return rule(it, tag(words.finding, it.kind), told(it.says));
      // What is left open is dealt with like a condition, whatever it may turn out to be.
      return state === 2 && it.kind !== OPEN ? rule(it, tag(words.unsure, 1), told(it.not_sure ?? it.says)) : [];
    };
    const topic = ({ topic: it, lacking, state }) =>
      state === "prepared" ? rule({ title: it.title }, tag(words.topic, 0))
        : rule(it, tag(words.topic, 1), told(it.prepare), toAnswer("Still to answer:", lacking));
    const owed = ({ it, status, notes }) =>
      rule(it, tag(words.obligation, status), told(it.says[status]), notes.map(told),
        toAnswer("Still to answer:", found.see.missing(it.status)));
    const said = ({ title, says, source: from }) => [el("strong", {}, title), told(says), source(from)];
    const warning = ({ says, source: from }) =>
      el("div", { class: "warning" }, el("strong", {}, "Two of your answers do not go together."), told(says), source(from));
    const fit = rules.findings.length ? el("p", {}, `${sections[1].title} `, tag(words.fit, found.fit)) : [];
    const findings = found.findings.map(finding);
    const page = ({ title, url, edited }) => [url ? el("a", { href: url }, title) : title, edited ? `, last edited ${edited}` : ""];
    const possible = found.possible.map((at) => rules.outcomes[at].title).join("; ");
    show(title, [
      back(), el("p", { class: "caption" }, `${state.product}${state.organisation && ` (${state.organisation})`}`),
      heading(el("span", { class: `outcome ${["good", "fair", "bad", "open"][found.outcome]}` }, title)), fit, told(meaning),
      found.outcome === OPEN ? el("p", {}, `Still possible: ${possible}.`) : [], found.contradictions.map(warning),
      under("What is missing", toAnswer("These answers can still change the outcome:", found.missing),
        toAnswer("These cannot, but they can change what is said of a criterion:", found.also)),
      under("Criteria", found.criteria.map(criterion)),
      found.scenario
        ? [el("h2", {}, found.scenario.heading), found.notes(found.scenario.notes).map(told), source(found.scenario.source)]
        : under("Scenario: not decided yet. Still possible", list(found.scenarios.map(({ heading }) => heading))),
      rules.findings.length ? under(sections[1].title, el("p", {}, tag(words.fit, found.fit)), findings,
        toAnswer("Still to answer:", found.wanted[1])) : [],
      under(sections[2].title, found.topics.map(topic)), under(sections[3].title, found.obligations.map(owed)),
      under("Next steps", list(found.steps.map(said), "ol")), under("Good to know", list(found.facts.map(said))),
      under("Sources", list(rules.pages.map(page))),
      buttons(button("Save my answers", save, "first"), to("check", "Change your answers"), button("Print", () => print())),
    ], "program");
  }

  function save() {
    const url = URL.createObjectURL(new Blob([answersFile(rules, state)], { type: "application/yaml" }));
    el("a", { href: url, download: "answers.yaml" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    state.saved = true;
    said.textContent = "Your answers are in the file answers.yaml, where your browser keeps what you download.";
  }

  // The part of the address behind # names the screen, so that the browser's own buttons go back and forth too.
  function route() {
    const name = location.hash.slice(1);
    const index = rules.questions.findIndex((_, at) => address(at) === name);
    if (name === "rules") show("All the rules", back(), "rules");
    else if (name === "product") product();
    else if (!state.product) show("Start", [], "start");
    else if (index >= 0) question(index);
    else if (name !== "main") ({ check, result })[name]?.() ?? show("Start", [], "start");
  }
  addEventListener("hashchange", route);
  addEventListener("beforeunload", (event) => state.saved || event.preventDefault());
  route();
}

if (typeof document !== "undefined") startPage(JSON.parse(document.getElementById("data").textContent));
