// The second half of the script, behind `assess.js`: the screens. What rules and people say reaches the page as text and
// never as markup.

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
const wrong = (error) => (error ? el("strong", { class: "error", id: "error" }, error) : []);
// What describes a field, its hint and what is wrong with it, is no part of its name.
const described = (hint, error) => ({
  "aria-describedby": [hint, error && "error"].filter((id) => id).join(" ") || undefined,
});
const field = (id, words, value, { hint, error } = {}) => [
  el("label", { for: id }, words), about(id, hint), wrong(error),
  el("input", { id, name: id, value, "aria-invalid": error && "true", ...described(hint && `${id}-hint`, error) }),
];
const onward = () => el("button", { class: "first" }, "Continue");

function startPage(rules) {
  const state = { product: "", organisation: "", answers: [], skipped: new Set(), sections: new Set([0]), saved: true };
  // What was filled in since a form was last sent, by the name of its screen.
  const drafts = new Map();
  const isSaved = () => state.saved && !drafts.size;
  const [screen, said, file, refused] = ["screen", "said", "open", "refused"].map((id) => document.getElementById(id));
  let shown;
  const address = (index) => `question.${rules.questions[index].id}`;
  const named = () => `${state.product}${state.organisation && ` (${state.organisation})`}`;

  // Shows a screen. What is the same whatever is answered stands in the page and is only uncovered.
  function show(title, content, standing) {
    document.title = `${title} – ${rules.title}`;
    said.textContent = "";
    screen.replaceChildren(...[content].flat(Infinity));
    for (const part of document.querySelectorAll("[data-standing]")) part.hidden = part.dataset.standing !== standing;
    // A screen reader reads on from here: what is wrong, or else the heading. It begins a page by itself.
    if (shown) [...document.querySelectorAll(".summary, h1")].find((found) => found.offsetParent).focus();
    scrollTo(0, 0);
    shown = title;
  }

  // A form of which `read` knows what is filled in. Until it is sent, that is a draft, from which it is drawn again,
  // wherever the person was meanwhile. What is wrong is said above the form, with a way to the field, and beside the field.
  function form({ name, title, error, first, read, submit }, ...content) {
    const keep = ({ currentTarget }) => drafts.set(name, read(new FormData(currentTarget)));
    const submitted = (event) => {
      event.preventDefault();
      submit(read(new FormData(event.target)));
    };
    const problem = [el("h2", {}, "There is a problem"), el("p", {}, to(first, error, "plain"))];
    const above = error ? el("div", { class: "summary", role: "alert", tabindex: "-1" }, problem) : [];
    const whole = el("form", { submit: submitted, input: keep, change: keep }, above, content);
    show(error ? `Error: ${title}` : title, [back(), whole]);
  }

  const go = (name) => (location.hash === `#${name}` ? route() : (location.hash = name));
  // The questions that can still change something in the sections chosen.
  const open = (wanted) => inOrder(state.sections).flatMap((section) => wanted[section]);
  function goOn() {
    const next = open(assess(rules, state.answers).wanted).find((index) => !state.skipped.has(index));
    go(next === undefined ? "check" : address(next));
  }

  function product(error = {}) {
    const title = `What is your ${rules.subject} called?`;
    const { name, organisation } = drafts.get("product") ?? { name: state.product, organisation: state.organisation };
    const long = (text) => `Write a name of at most ${rules.limits.name} characters. This one has ${[...text].length}`;
    const read = (data) => ({ name: data.get("name").trim(), organisation: data.get("organisation").trim() });
    const submit = ({ name, organisation }) => {
      if (!name) return product({ name: "Write a name" });
      if (tooLong(rules, name)) return product({ name: long(name) });
      if (tooLong(rules, organisation)) return product({ organisation: long(organisation) });
      Object.assign(state, { product: name, organisation, saved: false });
      drafts.delete("product");
      return goOn();
    };
    const [first, what] = Object.entries(error)[0] ?? [];
    form({ name: "product", title, error: what, first, read, submit }, heading(title),
      field("name", "Name", name, { error: error.name }),
      field("organisation", "Organisation (optional)", organisation, { error: error.organisation }), onward());
  }

  function question(index, error) {
    const { kind, prompt, hint, more, unsure, options, section } = rules.questions[index];
    const { title, intro } = rules.sections[section];
    const { answer, evidence, note } = drafts.get(address(index)) ?? state.answers[index] ?? {};
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
    const alones = [...options.filter((it) => it.none).map((it) => it.label), ...(unsure ? ["Not sure"] : [])];
    const clears = alones.length ? ` Choosing ${alones.map((it) => `“${it}”`).join(" or ")} clears the others.` : "";
    const all = many ? el("p", {}, `Choose all that apply.${clears}`) : [];
    const help = [first ? told(intro) : [], hints, rest, all, wrong(error)];
    const by = { "aria-invalid": text && error && "true", ...described(hint && "hint", error) };
    const asked = text ? el("label", { for: "answer" }, prompt) : prompt;
    const top = heading(el("span", { class: "caption" }, `${title} `), asked);
    const choices = options.map((it, at) => choice(at, it.label, it.hint));
    const input = text
      ? [top, help, el("textarea", { id: "answer", name: "answer", rows: 6, ...by }, answer ?? "")]
      : el("fieldset", by, el("legend", {}, top), help, choices, unsure ? choice(NOT_SURE, "Not sure") : []);
    const helpful = helps(parts(answer));
    const beside = el("details", { id: "beside", open: Boolean(evidence || note || helpful) },
      el("summary", {}, "Add evidence or a note (optional)"),
      field("evidence", "Evidence", evidence, { hint: helpful ?? rules.words.evidence }), field("note", "Note", note));
    const keep = (given) => {
      state.answers[index] = given;
      drafts.delete(address(index));
      state.skipped[given ? "delete" : "add"](index);
      state.saved = false;
      goOn();
    };
    const read = (data) => {
      const given = text ? data.get("answer").trim().replace(SAYS_NOT_SURE, "") : data.getAll("answer").map(Number);
      const one = !text && (!many || given[0] === NOT_SURE);
      const [evidence, note] = ["evidence", "note"].map((key) => data.get(key)?.trim());
      return { answer: one ? given[0] : given, evidence, note };
    };
    const submit = (given) => {
      const what = text ? "Write an answer" : many ? "Choose at least one answer" : "Choose an answer";
      if (!parts(given.answer).join("")) return question(index, `${what}, or leave this question out`);
      const all = answersFile(rules, { ...state, answers: Object.assign([...state.answers], { [index]: given }) });
      const room = rules.limits.file;
      const long = `Write less: a file of answers may have ${room / 2 ** 20} MiB`;
      if (new Blob([all]).size > room) return question(index, long);
      return keep(given);
    };
    const leave = button(state.answers[index] === undefined ? "Leave this question out" : "Remove this answer", () => keep());
    const onwards = buttons(onward(), leave, to("check", "Check your answers"));
    form({ name: address(index), title: prompt, error, first: text ? "answer" : "answer0", read, submit },
      input, text ? [] : beside, onwards);
  }

  // What was answered, section by section: to be changed, or to be printed beside the result.
  function answersGiven({ hidden }, isListed) {
    const row = (words, value, asides, name, change) => {
      const link = to(name, [change, el("span", { class: "unseen" }, ` ${words}`)], "plain");
      const beside = [...asides, drafts.has(name) && "What you changed here does not count until you choose Continue."];
      const told = [value, beside.filter((text) => text).map((text) => el("p", { class: "hint" }, text))];
      return el("div", {}, el("dt", {}, words), el("dd", {}, told), el("dd", { class: "change" }, link));
    };
    const answered = (index) => {
      const { kind, prompt, options } = rules.questions[index];
      if (!state.answers[index]) return row(prompt, "Not answered", [], address(index), "Answer");
      const { answer, evidence, note } = state.answers[index];
      const words = kind === "text" ? answer : parts(answer).map((at) => options[at]?.label ?? "Not sure").join("; ");
      const aside = hidden[index] && "No longer asked. It makes no difference.";
      const beside = [aside, evidence && `Evidence: ${evidence}`, note && `Note: ${note}`];
      return row(prompt, words, beside, address(index), "Change");
    };
    const listed = ({ title }, at) => {
      const isOwn = (index) => rules.questions[index].section === at && (state.answers[index] || isListed(index));
      const own = [...rules.questions.keys()].filter(isOwn);
      return under(title, own.length ? el("dl", {}, own.map(answered)) : []);
    };
    const name = el("dl", {}, row(`Name of the ${rules.subject}`, named(), [], "product", "Change"));
    return [name, rules.sections.map(listed)];
  }

  function check() {
    const found = assess(rules, state.answers);
    const { wanted } = found;
    const more = ({ title }, at) => {
      const answerThem = () => {
        state.sections.add(at);
        wanted[at].forEach((index) => state.skipped.delete(index));
        goOn();
      };
      return wanted[at].length ? button(`More questions: ${title}`, answerThem) : [];
    };
    const isListed = (index) => drafts.has(address(index)) || open(wanted).includes(index);
    const older = state.older ? el("p", { class: "warning" }, state.older) : [];
    const result = to("result", "See your result", "button first");
    show("Check your answers", [back(), heading("Check your answers"), older, answersGiven(found, isListed),
      buttons(result, rules.sections.map(more), button("Save my answers", save))]);
  }

  function result() {
    const found = assess(rules, state.answers);
    const { words, sections, outcomes } = rules;
    const { scenario, see } = found;
    const { meaning } = outcomes[found.outcome];
    const missing = (at) => see.missing([at]);
    const tag = (named, at, tone = TONES[at]) => el("strong", { class: `tag ${tone}` }, named[at]);
    const linked = (page, words = rules.pages[page].title) => {
      const url = rules.pages[page]?.url;
      return url ? el("a", { href: url }, words) : words;
    };
    const source = ({ page, words: where, ours }) =>
      el("p", { class: "source" }, "Source: ", linked(page, where), ours ? ". Our interpretation." : ".");
    const goTo = ({ to: page }) => page === undefined ? [] : el("p", {}, "Go to ", linked(page), ".");
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
    const step = (it) => [el("strong", {}, it.title), told(it.says), goTo(it), source(it.source)];
    const warning = (it) => el("div", { class: "warning" }, step({ ...it, title: "These answers clash." }));
    const fit = rules.findings.length ? el("p", {}, `${sections[1].title} `, tag(words.fit, found.fit)) : [];
    const possible = `Still possible: ${found.possible.map((at) => outcomes[at].title).join("; ")}.`;
    const scenarios = scenario
      ? under(scenario.heading, found.notes(scenario.notes).map(told), source(scenario.source))
      : under("Scenario: not decided yet. Still possible", list(found.scenarios.map((it) => it.heading)));
    show(found.headline, [
      back(), el("p", { class: "caption" }, named()),
      heading(el("span", { class: `outcome ${found.tone}` }, found.headline)), fit, told(meaning),
      found.outcome === OPEN ? el("p", {}, possible) : [], found.contradictions.map(warning),
      found.missing.length ? under("What is missing", toAnswer(found.missing, "These answers can still change the outcome:"),
        toAnswer(found.also, "These cannot, but they can change what is said of a criterion:")) : [],
      under("Criteria", found.criteria.map(criterion)), scenarios,
      under(sections[1].title, found.findings.map(finding), toAnswer(found.wanted[1])),
      under(sections[2].title, found.topics.map(topic)), under(sections[3].title, found.obligations.map(owed)),
      under("Next steps", list(found.steps.map(step), "ol")), under("Good to know", list(found.facts.map(step))),
      el("section", { class: "printed" }, under("Your answers", answersGiven(found, () => false))),
      buttons(button("Save my answers", save, "first"), to("check", "Change answers"), button("Print", () => print())),
    ], "result");
  }
  function save() {
    const url = URL.createObjectURL(new Blob([answersFile(rules, state)], { type: "application/yaml" }));
    el("a", { href: url, download: "answers.yaml" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    state.saved = true;
    said.textContent = "Your browser was asked to save your answers as answers.yaml. Before you close this page, see that the "
      + "file is where your browser keeps what you download. You can open it here again.";
  }

  // Goes on with answers that were saved.
  async function openFile() {
    const [chosen] = file.files;
    if (!chosen) return;
    const text = chosen.size > rules.limits.file ? "" : await chosen.text().catch(() => "");
    const { wrong, against, ...found } = openedFile(rules, text);
    file.value = "";
    const unsaved = "There are answers here that are not saved. Save them, or load this page anew";
    refused.textContent = isSaved() ? wrong ?? "" : unsaved;
    if (refused.textContent) return;
    const given = [...rules.questions.keys()].filter((index) => found.answers[index]);
    const sections = new Set([0, ...given.map((index) => rules.questions[index].section)]);
    const older = against.digest === rules.rules.digest ? undefined
      : `These answers were given for other rules (version ${against.version}) than this page was made of (version `
        + `${rules.rules.version}). See whether they are still right.`;
    Object.assign(state, found, { sections, older, skipped: new Set() });
    go("check");
  }

  // What stands behind # in the address names the screen, so that the browser's own buttons work, or a place on it.
  function route() {
    const name = location.hash.slice(1);
    const index = rules.questions.findIndex((_, at) => address(at) === name);
    const place = document.getElementById(name);
    if (name === "rules" || place?.closest("[data-standing=rules]")) {
      show("All the rules", back(), "rules");
      place?.focus();
      place?.scrollIntoView();
    } else if (name === "product" || (!state.product && /^(question|check|result)/.test(name))) product();
    else if (name === "check") check();
    else if (name === "result") result();
    else if (index >= 0) question(index);
    else if (name === "" || !shown) show("Start", [], "start");
  }
  // A place on a screen is no screen of its own, so it gets no entry among those that the browser goes back to.
  document.addEventListener("click", (event) => {
    const place = document.getElementById(event.target.closest("a[href^='#']")?.hash.slice(1));
    if (!place?.offsetParent) return;
    event.preventDefault();
    place.focus();
    place.scrollIntoView();
  });
  // Who is led to a chapter of the rules is there with the keyboard too.
  for (const chapter of document.querySelectorAll("[data-standing=rules] h2")) chapter.tabIndex = -1;
  file.addEventListener("change", openFile);
  addEventListener("hashchange", route);
  addEventListener("beforeunload", (event) => isSaved() || event.preventDefault());
  route();
}

if (typeof document !== "undefined") startPage(JSON.parse(document.getElementById("data").textContent));
