"use strict";
// The only script of the page. The rules lie in the page as data, and nothing here knows what they are about.
//
// The first part says what answers come to. Everything that depends on answers is a decision: a result from nought up,
// or a node, which names a variable and what comes next for each of its values. So all there is to do is to walk.
// The second part shows the screens. What rules and people say reaches the page as text and never as markup.
// The answer to a question is {answer, evidence, note}. `answer` is the index of an option, a list of them, a text or
// NOT_SURE. A question without an answer has nothing.

const NOT_SURE = -1;
// The last of the four statuses, outcomes and fits stands for what missing answers leave open.
const OPEN = 3;
const TONES = ["good", "fair", "bad", "open"];

// ---- What answers come to ----

const questionOf = (variable) => variable.one ?? variable.known ?? variable.chosen;
const inOrder = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);

// The value of each variable, or null where none is given.
function valuesOf(rules, answers) {
  return rules.variables.map((variable) => {
    const index = questionOf(variable);
    const answer = answers[index]?.answer;
    if (answer === undefined) return null;
    if (variable.known !== undefined) return answer === NOT_SURE ? 1 : 0;
    if (answer === NOT_SURE) return variable.one === undefined ? null : rules.questions[index].options.length;
    return variable.one === undefined ? Number(answer.includes(variable.option)) : answer;
  });
}

// Looks at decisions with these values given. What can make no difference any more drops out: a node whose parts have
// become the same is none. So the results that are left can all be reached, and the questions that are left all matter.
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
    const value = given[variable];
    const left = value === null ? parts.map(rest) : [rest(parts[value])];
    done.set(at, left.every((part) => part === left[0]) ? left[0] : node(variable, left));
    return done.get(at);
  };
  const reached = (all) => {
    const found = new Set(all.map(rest));
    for (const at of found) if (at < 0) made[-1 - at].parts.forEach((part) => found.add(part));
    return [...found];
  };
  const asked = (at) => questionOf(rules.variables[made[-1 - at].variable]);
  // What is certain, if anything is; all that is possible; the questions whose missing answers can still change any.
  return {
    settled: (at) => (rest(at) >= 0 ? rest(at) : undefined),
    results: (at) => inOrder(reached([at]).filter((result) => result >= 0)),
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
    const value = given[variable] ?? null;
    for (const way of value === null ? parts.keys() : (reads[value] ?? [value])) found.add(parts[way]);
  }
  // The first two results are no scenario, and more than one.
  return inOrder([...found].filter((result) => result >= 2)).map((result) => rules.scenarios[result - 2]);
}

// What the rules say about answers, as the program says it.
function assess(rules, answers) {
  const given = valuesOf(rules, answers);
  const see = look(rules, given);
  const lacks = (index) => (answers[index]?.answer ?? NOT_SURE) === NOT_SURE;
  const topics = rules.topics.map((it) => {
    const [fine, lacking] = [see.settled(it.fine), it.questions.filter(lacks)];
    return { it, lacking, state: fine === 1 && lacking.length === 0 ? 0 : 1 };
  });
  // No topic is decided by whether another is prepared, so what was seen so far still holds.
  for (const [index, { topic }] of rules.variables.entries())
    if (topic !== undefined) given[index] = Number(topics[topic].state === 0);
  const holds = (at) => see.settled(at) === 1;
  const notes = (list) => list.filter((note) => holds(note.told)).map((note) => note.says);
  const scenario = rules.scenarios[see.settled(rules.scenario ?? 0) - 2];
  // The options given that can be read in several ways, one of which would decide this otherwise.
  const leftOpenBy = (at) => rules.questions.flatMap((question, index) => {
    const own = rules.variables.findIndex((variable) => variable.one === index);
    const option = own < 0 ? undefined : question.options[answers[index]?.answer];
    const otherwise = (value) => {
      const read = given.map((other, variable) => (variable === own ? value : other));
      return look(rules, read).settled(at) !== see.settled(at);
    };
    return option?.reads?.some(otherwise) ? [option] : [];
  });
  const criteria = rules.criteria.map((it) => {
    const state = see.settled(it.status) ?? OPEN;
    const says = it.scenarios && scenario ? scenario.says : it.says[state];
    const also = it.scenarios && rules.scenario !== undefined && !scenario ? [rules.scenario] : [];
    return { it, state, says, notes: notes(it.notes), open: () => [...new Set([it.status, ...also].flatMap(leftOpenBy))] };
  });
  const possible = see.results(rules.outcome);
  const outcome = possible.length === 1 ? possible[0] : OPEN;
  const missing = see.missing([rules.outcome]);
  const ofEligibility = (all) => see.missing(all).filter((index) => !rules.questions[index].section);
  const also = ofEligibility(rules.about).filter((index) => !missing.includes(index));
  const hidden = rules.questions.map(({ asked }) => asked !== undefined && see.settled(asked) === 0);
  return {
    outcome, possible, missing, also, criteria, scenario, topics, hidden, see, notes,
    scenarios: possibleScenarios(rules, given),
    fit: see.settled(rules.fit) ?? OPEN,
    findings: rules.findings.map((it) => ({ it, state: see.settled(it.state) ?? OPEN })),
    obligations: rules.obligations.map((it) => ({ it, state: see.settled(it.status) ?? OPEN, notes: notes(it.notes) })),
    contradictions: rules.contradictions.filter((it) => holds(it.holds)),
    steps: rules.outcomes[outcome].steps.filter((step) => see.settled(step.shown) !== 0),
    facts: rules.facts.filter((fact) => fact.outcomes.includes(outcome) && holds(fact.shown)),
    // What to ask next in each section: what can still change something, and of the application what prepares a topic.
    wanted: [
      inOrder([...missing, ...also, ...ofEligibility(rules.within)]),
      see.missing([rules.fit]),
      [...new Set(rules.topics.flatMap((it) => it.questions))].filter((index) => !answers[index] && !hidden[index]),
      see.missing(rules.obligations.map((it) => it.status)),
    ],
  };
}

// Answers as an answers file. What YAML could take for something else, or an editor not show, is quoted or escaped.
function answersFile(rules, { product, organisation, answers }) {
  const escape = (c) => (c.length > 1 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const whole = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");
  const quoted = (text) => JSON.stringify(whole(text)).replace(/[\p{Cc}\p{Cf}\p{Cn}\u2028\u2029]/gu, escape);
  const id = (name) => (/^(true|false|null|yes|no|on|off|y|n)$|[^a-z0-9_]|^[^a-z]/.test(name) ? quoted(name) : name);
  const answered = rules.questions.flatMap(({ id: name, kind, options }, index) => {
    const { answer, ...beside } = answers[index] ?? {};
    if (answer === undefined) return [];
    const value = (at) => (kind === "yes_no" ? options[at].value : id(options[at].value));
    const listed = () => (Array.isArray(answer) ? `[${answer.map(value).join(", ")}]` : value(answer));
    const words = kind === "text" ? quoted(answer) : answer === NOT_SURE ? "not_sure" : listed();
    const more = Object.entries(beside).filter(([, text]) => text).map(([key, text]) => `, ${key}: ${quoted(text)}`);
    return `  ${id(name)}: ${more.length ? `{answer: ${words}${more.join("")}}` : words}`;
  });
  const against = Object.entries(rules.rules).map(([key, value]) => `${key}: ${quoted(value)}`);
  const lines = [`# Check this file with: ${rules.program} check answers.yaml`, `product: ${quoted(product)}`];
  if (organisation) lines.push(`organisation: ${quoted(organisation)}`);
  lines.push(`rules: {${against.join(", ")}}`, answered.length ? "answers:" : "answers: {}", ...answered);
  return `${lines.join("\n")}\n`;
}

// ---- The screens ----

// An element with these attributes and children. Every child that is no element becomes text.
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
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
const heading = (...content) => el("h1", { tabindex: "-1" }, content);
const button = (words, click, kind) => el("button", { type: "button", class: kind, click }, words);
const buttons = (...all) => el("div", { class: "buttons" }, all);
const to = (name, words, kind = "button") => el("a", { href: `#${name}`, class: kind }, words);
const back = () => button("Back", () => history.back(), "back");
const about = (id, hint) => (hint ? el("p", { class: "hint", id: `${id}-hint` }, parts(hint).join(" ").trim()) : []);
const field = (id, words, value, hint) => [
  el("label", { for: id }, words), about(id, hint),
  el("input", { id, name: id, value, "aria-describedby": hint && `${id}-hint` }),
];
const onward = () => el("button", { class: "first" }, "Continue");
const wrong = (error) => (error ? el("strong", { class: "error", id: "error" }, error) : []);

function startPage(rules) {
  const state = { product: "", organisation: "", answers: [], skipped: new Set(), sections: new Set([0]), saved: true };
  const [screen, said] = ["screen", "said"].map((id) => document.getElementById(id));
  const address = (index) => `question.${rules.questions[index].id}`;
  const named = () => `${state.product}${state.organisation && ` (${state.organisation})`}`;

  // Shows a screen. What is the same whatever is answered stands in the page and is only uncovered.
  function show(title, content, standing) {
    document.title = `${title} – ${rules.title}`;
    said.textContent = "";
    screen.replaceChildren(...[content].flat(Infinity));
    for (const part of document.querySelectorAll("[data-standing]")) part.hidden = part.dataset.standing !== standing;
    // A screen reader reads on from here: what is wrong, or else the heading.
    [...document.querySelectorAll(".summary, h1")].find((found) => found.offsetParent).focus();
    scrollTo(0, 0);
  }

  // A form. What is wrong with it is said above it, with a way to the field, and beside the field.
  function form(title, error, first, submit, ...content) {
    const submitted = (event) => {
      event.preventDefault();
      submit(new FormData(event.target));
    };
    const problem = [el("h2", {}, "There is a problem"), el("p", {}, to(first, error, "plain"))];
    const above = error ? el("div", { class: "summary", role: "alert", tabindex: "-1" }, problem) : [];
    show(error ? `Error: ${title}` : title, [back(), el("form", { submit: submitted }, above, content)]);
  }

  const go = (name) => (location.hash === `#${name}` ? route() : (location.hash = name));
  // The questions that can still change something in the sections chosen.
  const open = (wanted) => inOrder(state.sections).flatMap((section) => wanted[section]);
  function goOn() {
    const next = open(assess(rules, state.answers).wanted).find((index) => !state.skipped.has(index));
    go(next === undefined ? "check" : address(next));
  }

  function product(error) {
    const title = `What is your ${rules.subject} called?`;
    const keep = (data) => {
      const [name, organisation] = ["name", "organisation"].map((key) => data.get(key).trim());
      Object.assign(state, { product: name || state.product, organisation, saved: false });
      return name ? goOn() : product("Write a name");
    };
    form(title, error, "name", keep, heading(title), field("name", ["Name ", wrong(error)], state.product),
      field("organisation", "Organisation (optional)", state.organisation), onward());
  }

  function question(index, error) {
    const { kind, prompt, hint, more, unsure, options, section } = rules.questions[index];
    const { title, intro } = rules.sections[section];
    const { answer, evidence, note } = state.answers[index] ?? {};
    const [text, many] = [kind === "text", kind === "choices"];
    const chosen = () => [...screen.querySelectorAll("input:checked")];
    const helps = (given) => given.map((at) => options[at]?.evidence).find((helpful) => helpful);
    // "Not sure", and an option that stands for none of the others, are never chosen beside another.
    const alone = ({ value }) => Number(value) === NOT_SURE || options[value].none;
    const changed = ({ target }) => {
      const others = target.checked ? chosen().filter((other) => other !== target) : [];
      for (const other of others) if (alone(target) || alone(other)) other.checked = false;
      const helpful = helps(chosen().map(({ value }) => value));
      document.getElementById("evidence-hint").textContent = helpful ?? rules.words.evidence;
      if (helpful) document.getElementById("beside").open = true;
    };
    const choice = (value, words, more) => {
      const id = `answer${value}`;
      const input = el("input", { type: many ? "checkbox" : "radio", name: "answer", id, value, change: changed,
        checked: parts(answer).includes(value), "aria-describedby": more && `${id}-hint` });
      return el("div", { class: "choice" }, input, el("label", { for: id }, words), about(id, more));
    };
    const first = !rules.questions.some((other, at) => other.section === section && state.answers[at]);
    const hints = hint ? el("div", { class: "hint", id: "hint" }, told(hint)) : [];
    const rest = more ? el("details", {}, el("summary", {}, "More about this question"), told(more)) : [];
    const help = [first ? told(intro) : [], hints, rest, many ? el("p", {}, "Choose all that apply.") : [], wrong(error)];
    const described = { "aria-describedby": `${hint ? "hint " : ""}${error ? "error" : ""}` || undefined };
    const asked = text ? el("label", { for: "answer" }, prompt) : prompt;
    const top = heading(el("span", { class: "caption" }, `${title} `), asked);
    const choices = options.map((it, at) => choice(at, it.label, it.hint));
    const input = text
      ? [top, help, el("textarea", { id: "answer", name: "answer", rows: 6, ...described }, answer ?? "")]
      : el("fieldset", described, el("legend", {}, top), help, choices, unsure ? choice(NOT_SURE, "Not sure") : []);
    const helpful = helps(parts(answer));
    const beside = el("details", { id: "beside", open: Boolean(evidence || note || helpful) },
      el("summary", {}, "Add evidence or a note (optional)"),
      field("evidence", "Evidence", evidence, helpful ?? rules.words.evidence), field("note", "Note", note));
    const keep = (given) => {
      state.answers[index] = given;
      state.skipped[given ? "delete" : "add"](index);
      state.saved = false;
      goOn();
    };
    const submit = (data) => {
      const given = text ? data.get("answer").trim() : chosen().map(({ value }) => Number(value));
      const what = text ? "Write an answer" : many ? "Choose at least one answer" : "Choose an answer";
      if (!given.length) return question(index, `${what}, or leave this question out`);
      const [proof, words] = ["evidence", "note"].map((key) => data.get(key)?.trim());
      const one = !text && (!many || given[0] === NOT_SURE);
      return keep({ answer: one ? given[0] : given, evidence: proof, note: words });
    };
    const leave = button(answer === undefined ? "Leave this question out" : "Remove this answer", () => keep());
    const onwards = buttons(onward(), leave, to("check", "Check your answers"));
    form(prompt, error, text ? "answer" : "answer0", submit, input, text ? [] : beside, onwards);
  }

  function check() {
    const { wanted, hidden } = assess(rules, state.answers);
    const row = (words, value, name, change) => {
      const link = to(name, [change, el("span", { class: "unseen" }, ` ${words}`)], "plain");
      return el("div", {}, el("dt", {}, words), el("dd", {}, value), el("dd", { class: "change" }, link));
    };
    const answered = (index) => {
      const { kind, prompt, options } = rules.questions[index];
      if (!state.answers[index]) return row(prompt, "Not answered", address(index), "Answer");
      const { answer, evidence, note } = state.answers[index];
      const words = kind === "text" ? answer : parts(answer).map((at) => options[at]?.label ?? "Not sure").join("; ");
      const aside = hidden[index] && "No longer asked. It makes no difference.";
      const beside = [aside, evidence && `Evidence: ${evidence}`, note && `Note: ${note}`].filter((text) => text);
      return row(prompt, [words, beside.map((text) => el("p", { class: "hint" }, text))], address(index), "Change");
    };
    const shown = rules.questions.map((_, index) => Boolean(state.answers[index]) || open(wanted).includes(index));
    const listed = ({ title }, at) => {
      const own = [...rules.questions.keys()].filter((index) => shown[index] && rules.questions[index].section === at);
      return under(title, own.length ? el("dl", {}, own.map(answered)) : []);
    };
    const more = ({ title }, at) => {
      const answerThem = () => {
        state.sections.add(at);
        wanted[at].forEach((index) => state.skipped.delete(index));
        goOn();
      };
      return wanted[at].length ? button(`More questions: ${title}`, answerThem) : [];
    };
    const name = el("dl", {}, row(`Name of the ${rules.subject}`, named(), "product", "Change"));
    const result = to("result", "See your result", "button first");
    show("Check your answers", [back(), heading("Check your answers"), name, rules.sections.map(listed),
      buttons(result, rules.sections.map(more), button("Save my answers", save))]);
  }

  function result() {
    const found = assess(rules, state.answers);
    const { words, sections, outcomes } = rules;
    const { scenario, see } = found;
    const { title, meaning } = outcomes[found.outcome];
    const missing = (at) => see.missing([at]);
    const tag = (named, at, tone = TONES[at]) => el("strong", { class: `tag ${tone}` }, named[at]);
    const source = ({ page, words: where, ours }) => {
      const url = rules.pages[page]?.url;
      const link = url ? el("a", { href: url }, where) : where;
      return el("p", { class: "source" }, "Source: ", link, ours ? ". Our interpretation." : ".");
    };
    const toAnswer = (missing, lead = "Still to answer:") => {
      const links = missing.map((index) => to(address(index), rules.questions[index].prompt, "plain"));
      return links.length ? [el("p", {}, lead), list(links)] : [];
    };
    // A rule with its status in words, and whatever is said of it.
    const rule = (it, status, ...content) =>
      el("div", { class: "rule" }, el("h3", {}, it.title, " ", status), content, source(it.source));
    const criterion = ({ it, state: is, says, notes, open: left }) => {
      const names = it.scenarios && !scenario ? found.scenarios.map(({ name }) => name) : [];
      const either = names.length > 1 ? `It can come under ${names.join(" or ")}.` : undefined;
      const texts = [says, either, ...left().map((option) => option.says), ...notes];
      return rule(it, tag(words.criterion, is), texts.map(told), is === OPEN ? toAnswer(missing(it.status)) : []);
    };
    const finding = ({ it, state: is }) =>
      it.says[is] ? rule(it, tag(it.words, is, it.tones[is]), told(it.says[is])) : [];
    const topic = ({ it, state: is, lacking }) =>
      rule(it, tag(words.topic, is), is ? [told(it.prepare), toAnswer(lacking)] : []);
    const owed = ({ it, state: is, notes }) =>
      rule(it, tag(words.obligation, is), [it.says[is], ...notes].map(told), toAnswer(missing(it.status)));
    const step = (it) => [el("strong", {}, it.title), told(it.says), source(it.source)];
    const warning = (it) => el("div", { class: "warning" }, step({ ...it, title: "These answers clash." }));
    const fit = rules.findings.length ? el("p", {}, `${sections[1].title} `, tag(words.fit, found.fit)) : [];
    const possible = `Still possible: ${found.possible.map((at) => outcomes[at].title).join("; ")}.`;
    const scenarios = scenario
      ? under(scenario.heading, found.notes(scenario.notes).map(told), source(scenario.source))
      : under("Scenario: not decided yet. Still possible", list(found.scenarios.map((it) => it.heading)));
    show(title, [
      back(), el("p", { class: "caption" }, named()),
      heading(el("span", { class: `outcome ${TONES[found.outcome]}` }, title)), fit, told(meaning),
      found.outcome === OPEN ? el("p", {}, possible) : [], found.contradictions.map(warning),
      under("What is missing", toAnswer(found.missing, "These answers can still change the outcome:"),
        toAnswer(found.also, "These cannot, but they can change what is said of a criterion:")),
      under("Criteria", found.criteria.map(criterion)), scenarios,
      under(sections[1].title, found.findings.map(finding), toAnswer(found.wanted[1])),
      under(sections[2].title, found.topics.map(topic)), under(sections[3].title, found.obligations.map(owed)),
      under("Next steps", list(found.steps.map(step), "ol")), under("Good to know", list(found.facts.map(step))),
      buttons(button("Save my answers", save, "first"), to("check", "Change answers"), button("Print", () => print())),
    ], "result");
  }
  function save() {
    const url = URL.createObjectURL(new Blob([answersFile(rules, state)], { type: "application/yaml" }));
    el("a", { href: url, download: "answers.yaml" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    state.saved = true;
    said.textContent = "Your answers are in the file answers.yaml, where your browser keeps what you download.";
  }

  // What stands behind # in the address names the screen, so that the browser's own buttons work, or a place on it.
  function route() {
    const name = location.hash.slice(1);
    const index = rules.questions.findIndex((_, at) => address(at) === name);
    if (name === "rules") show("All the rules", back(), "rules");
    else if (name === "product" || (!state.product && /^(question|check|result)/.test(name))) product();
    else if (name === "") show("Start", [], "start");
    else if (index >= 0) question(index);
    else ({ check, result })[name]?.();
  }
  addEventListener("hashchange", route);
  addEventListener("beforeunload", (event) => state.saved || event.preventDefault());
  show("Start", [], "start");
  route();
}

if (typeof document !== "undefined") startPage(JSON.parse(document.getElementById("data").textContent));
