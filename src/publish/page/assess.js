"use strict";
// The first half of the only script of the page, which says what answers come to, and writes and reads their file. The
// second is `page.js`. The rules lie in the page as data, and nothing here knows what they are about.
//
// Everything that depends on answers is a decision: a result from nought up, or a node, which names a variable and what
// comes next for each of its values. So all there is to do is to walk.
// The answer to a question is {answer, evidence, note}. `answer` is the index of an option, a list of them, a text or
// NOT_SURE. A question without an answer has nothing.

const NOT_SURE = -1;
// A text that says so is none.
const SAYS_NOT_SURE = /^not[-_ ]sure$/i;
// The last of the four statuses, outcomes and fits stands for what missing answers leave open.
const OPEN = 3;
const DOES_NOT_FIT = 2;
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

// Looks at decisions with these values given: of each variable one value, a list of those it can have, or null for any.
// What can make no difference any more drops out: a node whose parts have become the same is none. So the results that
// are left can all be reached, and the questions that are left all matter.
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
    const ways = given[variable] === null ? [...parts.keys()] : [given[variable]].flat();
    const left = ways.map((way) => rest(parts[way]));
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
  // The same answers, each read in every way. Where "not sure" is said of a list, its options are as open as those of a
  // missing one.
  const read = look(rules, rules.variables.map(({ known, reads = {} }, variable) =>
    (known === undefined ? reads[given[variable]] ?? given[variable] : 0)));
  // The options given with several readings that decide, for some way of filling in and reading the other answers.
  const leftOpenBy = (at) => read.missing([at]).flatMap((index) => {
    const option = rules.questions[index].options[answers[index]?.answer];
    return option?.reads ? [option] : [];
  });
  // The first two results are no scenario, and more than one.
  const scenarios = read.results(rules.picked).filter((result) => result >= 2).map((result) => rules.scenarios[result - 2]);
  const criteria = rules.criteria.map((it) => {
    const state = see.settled(it.status) ?? OPEN;
    const says = it.scenarios && scenario ? scenario.says : it.says[state];
    const also = it.scenarios && rules.scenario !== undefined && !scenario ? [rules.scenario] : [];
    return { it, state, says, notes: notes(it.notes), open: () => [...new Set([it.status, ...also].flatMap(leftOpenBy))] };
  });
  const possible = see.results(rules.outcome);
  const outcome = possible.length === 1 ? possible[0] : OPEN;
  const fit = see.settled(rules.fit) ?? OPEN;
  // Where the outcome does not say that the product fails, a blocker says it beside the outcome.
  const unfit = fit === DOES_NOT_FIT ? rules.outcomes[outcome].unfit : undefined;
  const missing = see.missing([rules.outcome]);
  const ofEligibility = (all) => see.missing(all).filter((index) => !rules.questions[index].section);
  const also = ofEligibility(rules.about).filter((index) => !missing.includes(index));
  const hidden = rules.questions.map(({ asked }) => asked !== undefined && see.settled(asked) === 0);
  return {
    outcome, possible, missing, also, criteria, scenario, scenarios, topics, hidden, see, notes, fit,
    headline: unfit ?? rules.outcomes[outcome].title,
    tone: unfit ? "fair" : TONES[outcome],
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

// What YAML could take for something else, or an editor not show, is quoted or escaped.
function quoted(text) {
  const escape = (c) => (c.length > 1 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const whole = text.replace(/\p{Surrogate}/gu, "\ufffd");
  return JSON.stringify(whole).replace(/[\p{Cc}\p{Cf}\p{Cn}\u2028\u2029]/gu, escape);
}
const bare = (id) => (/^(true|false|null|yes|no|on|off|y|n)$|[^a-z0-9_]|^[^a-z]/.test(id) ? quoted(id) : id);
const optionWritten = ({ kind }, { value }) => (kind === "yes_no" ? value : bare(value));
const lineStart = ({ id }) => `  ${bare(id)}: `;

// Answers as an answers file.
function answersFile(rules, { product, organisation, answers }) {
  const answered = rules.questions.flatMap((question, index) => {
    const { answer, ...beside } = answers[index] ?? {};
    if (answer === undefined) return [];
    const value = (at) => optionWritten(question, question.options[at]);
    const listed = () => (Array.isArray(answer) ? `[${answer.map(value).join(", ")}]` : value(answer));
    const words = question.kind === "text" ? quoted(answer) : answer === NOT_SURE ? "not_sure" : listed();
    const more = Object.entries(beside).filter(([, text]) => text).map(([key, text]) => `, ${key}: ${quoted(text)}`);
    return `${lineStart(question)}${more.length ? `{answer: ${words}${more.join("")}}` : words}`;
  });
  const against = Object.entries(rules.rules).map(([key, value]) => `${key}: ${quoted(value)}`);
  const lines = [`# Check this file with: ${rules.check}`, `product: ${quoted(product)}`];
  if (organisation) lines.push(`organisation: ${quoted(organisation)}`);
  lines.push(`rules: {${against.join(", ")}}`, answered.length ? "answers:" : "answers: {}", ...answered);
  return `${lines.join("\n")}\n`;
}

const tooLong = (rules, name) => [...name].length > rules.limits.name;

// The answers in a file that a page saved, and the rules it names; or what is `wrong` with it. Whatever is read is
// written again, and every line must then be as it was. So nothing is taken but what the page itself writes.
function openedFile(rules, text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const STRING = String.raw`("(?:\\.|[^"\\])*")`;
  const BESIDE = new RegExp(`^{answer: (.*?)(?:, evidence: ${STRING})?(?:, note: ${STRING})?}$`);
  const behind = (start) => lines.find((line) => line.startsWith(start))?.slice(start.length) ?? "";
  const string = (words) => {
    try {
      return String(JSON.parse(words)).trim();
    } catch {
      return "";
    }
  };
  const read = (question, words) => {
    const { kind, options, unsure } = question;
    const written = options.map((option) => optionWritten(question, option));
    if (kind === "text") return string(words).replace(SAYS_NOT_SURE, "") || undefined;
    if (words === "not_sure") return unsure ? NOT_SURE : undefined;
    if (words.length > written.join(", ").length + 2) return undefined;
    const listed = kind === "choices" ? words.match(new RegExp(`${STRING}|\\w+`, "g")) ?? [] : [words];
    const given = inOrder(listed.map((word) => written.indexOf(word)));
    const alone = given.length > 1 && given.some((option) => options[option]?.none);
    if (!given.length || given[0] < 0 || alone) return undefined;
    return kind === "choices" ? given : given[0];
  };
  const answers = rules.questions.map((question) => {
    const value = behind(lineStart(question));
    const [, words = value, ...beside] = value.match(BESIDE) ?? [];
    const answer = read(question, words);
    const [evidence, note] = question.kind === "text" ? [] : beside.map((words) => words && string(words));
    return answer === undefined ? undefined : { answer, evidence, note };
  });
  const against = { ...rules.rules };
  for (const key of Object.keys(against)) against[key] = string(behind("rules: ").match(`${key}: ${STRING}`)?.[1]);
  const found = { product: string(behind("product: ")), organisation: string(behind("organisation: ")), answers };
  const carryOn = rules.check.replace(" check ", " interview ").replace("answers.yaml", "FILE");
  const refused = (what) => ({
    wrong: `This page opens only files that it saved itself, unchanged, and it did not write ${what}. `
      + `If this is a file of answers, carry on with it in the program: ${carryOn}`,
  });
  if (!found.product || against.id !== rules.rules.id) return refused("this one");
  const again = answersFile({ ...rules, rules: against }, found).split("\n");
  // The first line only says how to check the file.
  const odd = inOrder([...lines.keys(), ...again.keys()]).find((at) => at > 0 && lines[at] !== again[at]);
  if (odd !== undefined) return refused(`line ${odd + 1} of this one`);
  if ([found.product, found.organisation].some((name) => tooLong(rules, name))) return { wrong: "A name in it is too long" };
  return { ...found, against };
}

