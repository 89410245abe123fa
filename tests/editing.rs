//! Answers written into a person's file: it says exactly what it should afterwards, and everything else in it stays.

mod support;

use std::fmt::Write as _;
use std::sync::LazyLock;

use eligibility::answers::{self, Answers, Edit, Entry, NotEditable};
use eligibility::problem::Problem;
use eligibility::question::{Answer, Kind, Question};
use eligibility::rulebook::Rulebook;
use proptest::prelude::*;
use support::invent::{self, Tape};

static RULES: LazyLock<Rulebook> = LazyLock::new(|| support::sound(&support::folder("tests/packs/allotment")));

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Layout {
    /// One answer a line or more, as most people write it.
    Block,
    /// The answers in braces, the rest in lines.
    Flow,
    /// All in braces, with quotation marks.
    Json,
}

/// A file, as lines, and the answers it holds.
struct File {
    lines: Vec<String>,
    answers: Answers,
}

/// An answers file as somebody might have written it.
fn file(tape: &mut Tape<'_>, layout: Layout) -> File {
    let mut answers = invent::answers(tape, &RULES, 3);
    ["A", "Café 😀", "A: \"B\" #1"][tape.pick(3)].clone_into(&mut answers.product);
    for entry in answers.entries.iter_mut().flatten() {
        entry.evidence = tape.once_in(4).then(|| "https://example.org/#a".to_owned());
        entry.note = tape.once_in(4).then(|| "n: 'é'".to_owned());
    }
    let product = format!("product: {:?}", answers.product);
    let mut order: Vec<usize> = (0..RULES.questions.len()).collect();
    for at in 0..order.len() {
        let other = tape.pick(order.len());
        order.swap(at, other);
    }
    let lines = match layout {
        Layout::Block => {
            let mut lines = vec![product, "answers:".to_owned()];
            let indent = " ".repeat(1 + tape.pick(4));
            for question in order {
                comments(tape, &mut lines, &indent);
                let entry = answers.entries[question].as_ref();
                let entry = block(tape, &RULES.questions[question], entry);
                lines.extend(entry.into_iter().map(|line| format!("{indent}{line}")));
            }
            comments(tape, &mut lines, "");
            if lines
                .iter()
                .all(|line| !line.trim_start().starts_with(|c: char| c.is_alphabetic()) || !line.starts_with(' '))
            {
                "answers: {}".clone_into(&mut lines[1]);
            }
            if tape.once_in(2) {
                lines.push("organisation: Somebody".to_owned());
                answers.organisation = Some("Somebody".to_owned());
            }
            comments(tape, &mut lines, "");
            lines
        }
        Layout::Flow | Layout::Json => {
            let json = layout == Layout::Json;
            let written = order.into_iter().filter_map(|question| {
                let asked = &RULES.questions[question];
                let entry = answers.entries[question].as_ref()?;
                let id = if json { format!("\"{}\"", asked.id) } else { asked.id.clone() };
                Some(format!("{id}: {}", flow(asked, entry, json)))
            });
            let written: Vec<String> = written.collect();
            let mut lines = match (json, tape.pick(3)) {
                (true, 0) => vec![format!(
                    "{{{}, \"answers\": {{{}}}}}",
                    product.replacen("product", "\"product\"", 1),
                    written.join(",")
                )],
                (true, style) => {
                    let (tab, comma) = ([" ", "\t"][style - 1], ",");
                    let mut lines =
                        vec!["{".to_owned(), format!("{tab}{}{comma}", product.replacen("product", "\"product\"", 1))];
                    lines.push(format!("{tab}\"answers\": {{"));
                    let last = written.len().saturating_sub(1);
                    lines.extend(
                        written
                            .iter()
                            .enumerate()
                            .map(|(at, line)| format!("{tab}{tab}{line}{}", if at == last { "" } else { comma })),
                    );
                    lines.extend([format!("{tab}}}"), "}".to_owned()]);
                    lines
                }
                (false, 0) => vec![product, format!("answers: {{{}}}", written.join(", "))],
                (false, 1) => vec![product, format!("answers: {{ {} }} # all of them", written.join(" , "))],
                (false, _) => {
                    let mut lines = vec![product, "answers: {".to_owned()];
                    lines.extend(written.iter().map(|line| format!("    {line}, # one")));
                    lines.push("  }".to_owned());
                    lines
                }
            };
            if !json {
                comments(tape, &mut lines, "");
            }
            lines
        }
    };
    File { lines, answers }
}

/// Sometimes a comment or a blank line.
fn comments(tape: &mut Tape<'_>, lines: &mut Vec<String>, indent: &str) {
    if tape.once_in(3) {
        lines.push(format!("{indent}# comment {}: {{x}} - \"", lines.len()));
    }
    if tape.once_in(5) {
        lines.push(String::new());
    }
}

/// One answer in lines, the first with its key.
fn block(tape: &mut Tape<'_>, question: &Question, entry: Option<&Entry>) -> Vec<String> {
    let id = &question.id;
    let Some(entry) = entry else {
        return match tape.pick(4) {
            0 => vec![format!("{id}:")],
            1 => vec![format!("{id}: ~")],
            2 => vec![format!("{id}:   # to do")],
            _ => Vec::new(),
        };
    };
    if entry.evidence.is_some() || entry.note.is_some() {
        if tape.once_in(3) {
            return vec![format!("{id}: {}", flow(question, entry, false))];
        }
        let mut lines = vec![format!("{id}:")];
        lines.extend(bare(tape, "answer", question, &entry.answer).into_iter().map(|line| format!("  {line}")));
        comments(tape, &mut lines, "  ");
        lines.extend(entry.evidence.iter().map(|evidence| format!("  evidence: {evidence}")));
        comments(tape, &mut lines, " ");
        lines.extend(entry.note.iter().map(|note| format!("  note: {note:?} # said so")));
        return lines;
    }
    bare(tape, id, question, &entry.answer)
}

/// A key and an answer with nothing beside it.
fn bare(tape: &mut Tape<'_>, key: &str, question: &Question, answer: &Answer) -> Vec<String> {
    match answer {
        Answer::NotSure => vec![format!("{key}: {}", ["not_sure", "Not Sure", "\"not sure\""][tape.pick(3)])],
        Answer::One(option) => {
            let value = &question.options[*option].value;
            match tape.pick(5) {
                0 => vec![format!("{key}: {value}")],
                1 => vec![format!("{key}:   '{value}'   # because")],
                2 => vec![format!("{key}: \"{value}\"")],
                3 => vec![format!("{key}:"), format!("    {value}")],
                _ => vec![format!("{key} : {value}")],
            }
        }
        Answer::Many(options) => {
            let values: Vec<&str> = question.chosen(*options).map(|(_, option)| option.value.as_str()).collect();
            match tape.pick(5) {
                0 if values.is_empty() => vec![format!("{key}: []")],
                _ if values.is_empty() => vec![format!("{key}: [{}]", question.words(answer))],
                0 => vec![format!("{key}: [{}]", values.join(", "))],
                1 => vec![format!("{key}: [ {} ] # these", values.join(" ,"))],
                2 => {
                    let mut lines = vec![format!("{key}: [")];
                    for value in values {
                        lines.push(format!("      {value},"));
                        comments(tape, &mut lines, "   ");
                    }
                    lines.push("   ]".to_owned());
                    lines
                }
                style => {
                    let mut lines = vec![format!("{key}: # several")];
                    for value in values {
                        comments(tape, &mut lines, "   ");
                        lines.push(format!("{}- {value}  # one", if style == 3 { "" } else { "  " }));
                    }
                    lines
                }
            }
        }
        Answer::Text(_) => match tape.pick(6) {
            0 => vec![format!("{key}: Words.")],
            1 => vec![format!("{key}: 'Words.' # as told")],
            2 => vec![format!("{key}: |-"), "   Words.".to_owned()],
            3 => vec![format!("{key}: >-  # folded"), "   Words.".to_owned(), String::new()],
            4 => vec![format!("{key}: \"Wor\\"), "   ds.\"".to_owned()],
            _ => vec![format!("{key}: # below"), "   Words.".to_owned()],
        },
    }
}

/// An answer in braces or brackets.
fn flow(question: &Question, entry: &Entry, json: bool) -> String {
    let quoted = |text: &str| if json { format!("{text:?}") } else { text.to_owned() };
    let value = match &entry.answer {
        Answer::NotSure => quoted("not_sure"),
        Answer::One(option) => quoted(&question.options[*option].value),
        Answer::Many(options) => {
            let values: Vec<String> = question.chosen(*options).map(|(_, option)| quoted(&option.value)).collect();
            format!("[{}]", values.join(", "))
        }
        Answer::Text(text) => format!("{text:?}"),
    };
    if entry.evidence.is_none() && entry.note.is_none() {
        return value;
    }
    let beside = |key: &str, text: &Option<String>| text.as_ref().map(|text| format!(", {}: {text:?}", quoted(key)));
    let evidence = beside("evidence", &entry.evidence).unwrap_or_default();
    format!("{{{}: {value}{evidence}{}}}", quoted("answer"), beside("note", &entry.note).unwrap_or_default())
}

/// What is written into the file next: an answer, or that there is none.
fn edit(tape: &mut Tape<'_>) -> (usize, Option<Answer>) {
    let mut blank = invent::answers(tape, &RULES, 4);
    let question = tape.pick(RULES.questions.len());
    let answer = blank.entries[question].take().map(|entry| match entry.answer {
        Answer::Text(_) => Answer::Text(match tape.pick(4) {
            3 => words(tape),
            style => ["Other.", "a: 'b' # \"c\"\nd\té😀", " \u{2028}- "][style].to_owned(),
        }),
        answer @ (Answer::NotSure | Answer::One(_) | Answer::Many(_)) => answer,
    });
    (question, answer)
}

/// A few characters of any kind, none of which begins a comment.
fn words(tape: &mut Tape<'_>) -> String {
    let ways = [0x80, 0x2100, 0x11_0000][tape.pick(3)];
    let drawn = (0..=tape.pick(12)).map(|_| u32::try_from(tape.pick(ways)).expect("it fits"));
    let words: String = drawn.filter_map(char::from_u32).filter(|c| *c != '#').collect();
    format!("{words}.")
}

fn parsed(text: &str) -> Answers {
    let read = answers::parse("a", text.as_bytes(), &RULES);
    let (mut answers, _) =
        read.unwrap_or_else(|problems: Vec<Problem>| panic!("{text}\n{}", support::listed(&problems)));
    answers.entries.iter_mut().flatten().for_each(|entry| entry.place = None);
    answers.place = None;
    answers
}

/// The lines that an answer fills, from its key to its end; none if its key is not there.
fn lines_of(text: &str, question: usize) -> std::ops::Range<usize> {
    let id = &RULES.questions[question].id;
    let is_key =
        |line: &str| line.trim_start().strip_prefix(id.as_str()).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let Some(first) = text.lines().position(is_key) else { return 0..0 };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(text.lines().nth(first).expect("it was found"));
    // What is further in belongs to it, and so do the items of a list and what stands between all these.
    let inside = |line: &str| {
        !line.trim().is_empty()
            && !line.trim_start().starts_with('#')
            && (indent(line) > own || line.trim_start().starts_with("- ") || line.trim() == "]")
    };
    let ends = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && !inside(line);
    let rest: Vec<&str> = text.lines().skip(first + 1).collect();
    let reach = rest.iter().position(|line| ends(line)).unwrap_or(rest.len());
    let last = rest[..reach].iter().rposition(|line| inside(line)).map_or(0, |last| last + 1);
    first..first + last + 1
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Whether these lines stand in the text in this order, with others between them or not.
fn keeps<'l>(text: &str, lines: impl IntoIterator<Item = &'l str>) -> Result<(), String> {
    let mut rest = text.lines();
    for line in lines {
        if !rest.any(|kept| kept == line) {
            return Err(format!("the line {line:?} is lost or moved"));
        }
    }
    Ok(())
}

/// Whether all lines of comment stand in the edited text in the same order, further in or not.
fn keeps_comments(edited: &str, text: &str) -> Result<(), String> {
    let trimmed = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    keeps(&trimmed(edited), text.lines().filter(|line| is_comment(line)).map(str::trim))
}

fn round_trip(tape: &mut Tape<'_>, layout: Layout) -> Result<(), TestCaseError> {
    let File { lines, answers: mut expected } = file(tape, layout);
    let newline = ["\n", "\r\n"][tape.pick(2)];
    let mut text = lines.join(newline);
    if !tape.once_in(4) {
        text.push_str(newline);
    }
    if tape.once_in(4) {
        text.insert(0, '\u{feff}');
    }
    prop_assert_eq!(&parsed(&text), &expected, "the test writes what it means\n{}", text);
    for _ in 0..=tape.pick(6) {
        if tape.once_in(6) {
            ["B", "\"é\": # 😀\n\t- {"][tape.pick(2)].clone_into(&mut expected.product);
            let edited = answers::set(&text, &RULES, Edit::Product(&expected.product));
            let Ok(edited) = edited else { return Err(TestCaseError::fail(format!("refused: a product in\n{text}"))) };
            prop_assert_eq!(&parsed(&edited), &expected, "a product in\n{}", text);
            text = edited;
        }
        if tape.once_in(6) {
            let name = [Some("O"), Some("\"ö\": # 😀\n\t- {"), None][tape.pick(3)];
            expected.organisation = name.map(str::to_owned);
            let edited = answers::set(&text, &RULES, Edit::Organisation(name));
            let Ok(edited) = edited else { return Err(TestCaseError::fail(format!("refused: a name in\n{text}"))) };
            prop_assert_eq!(&parsed(&edited), &expected, "an organisation in\n{}", text);
            keeps_comments(&edited, &text).map_err(|lost| TestCaseError::fail(format!("{lost}: a name in\n{text}")))?;
            text = edited;
        }
        let known = (0..RULES.questions.len()).filter(|question| expected.entries[*question].is_some());
        let known: Vec<usize> = known.collect();
        if tape.once_in(4) && !known.is_empty() {
            let question = known[tape.pick(known.len())];
            let evidence = (!tape.once_in(3)).then(|| words(tape));
            let edited = answers::set(&text, &RULES, Edit::Evidence(question, evidence.as_deref()));
            let what = format!("{} with evidence {evidence:?} in\n{text}", RULES.questions[question].id);
            let entry = expected.entries[question].as_mut().expect("it is known");
            if let Ok(edited) = edited {
                entry.evidence = evidence;
                prop_assert_eq!(&parsed(&edited), &expected, "{}\nbecame\n{}", what, edited);
                keeps_comments(&edited, &text).map_err(|lost| TestCaseError::fail(format!("{lost}: {what}")))?;
                text = edited;
            } else {
                // Lines of text have no place for it beside them.
                prop_assert!(matches!(entry.answer, Answer::Text(_)), "refused: {}", what);
            }
        }
        let (question, answer) = edit(tape);
        let edited = answers::set(&text, &RULES, Edit::Answer(question, answer.as_ref()));
        let what = format!("{} = {answer:?} in\n{text}", RULES.questions[question].id);
        let Ok(edited) = edited else { return Err(TestCaseError::fail(format!("refused: {what}"))) };
        let what = format!("{what}\nbecame\n{edited}");

        let before = expected.entries[question].take();
        expected.entries[question] = answer.map(|answer| match before {
            Some(before) => Entry { answer, ..before },
            None => Entry::bare(answer),
        });
        prop_assert_eq!(&parsed(&edited), &expected, "{}", what);
        keeps_comments(&edited, &text).map_err(|lost| TestCaseError::fail(format!("{lost}: {what}")))?;
        if layout == Layout::Block {
            let touched = lines_of(&text, question);
            let kept =
                text.lines().enumerate().filter(|(at, line)| !touched.contains(at) && !line.contains("answers: {}"));
            keeps(&edited, kept.map(|(_, line)| line))
                .map_err(|lost| TestCaseError::fail(format!("{lost}: {what}")))?;
        }
        if layout == Layout::Json {
            let json: Result<serde_json::Value, _> = serde_json::from_str(edited.trim_start_matches('\u{feff}'));
            prop_assert!(json.is_ok(), "no longer JSON: {}", what);
        }
        prop_assert_eq!(edited.contains("\r\n"), text.contains("\r\n"), "{}", what);
        prop_assert_eq!(
            edited.replace("\r\n", "").contains('\n'),
            text.replace("\r\n", "").contains('\n'),
            "mixed line ends: {}",
            what
        );
        prop_assert_eq!(edited.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
        text = edited;
    }
    Ok(())
}

fn numbers() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 60..140)
}

proptest! {
    #![proptest_config(support::draws(300))]

    #[test]
    fn answers_are_written_into_a_file_in_lines(numbers in numbers()) {
        round_trip(&mut Tape::new(&numbers), Layout::Block)?;
    }

    #[test]
    fn answers_are_written_into_a_file_in_braces(numbers in numbers()) {
        round_trip(&mut Tape::new(&numbers), Layout::Flow)?;
    }

    #[test]
    fn answers_are_written_into_a_json_file(numbers in numbers()) {
        round_trip(&mut Tape::new(&numbers), Layout::Json)?;
    }
}

#[test]
fn answers_are_written_where_a_reader_looks_for_them() {
    let index = |id: &str| RULES.question(id).expect("a question of the garden").0;
    let yes = |id: &'static str| (index(id), Some(Answer::One(0)));
    for (before, (question, answer), after) in [
        ("product: A\nanswers: {}\n", yes("pesticides"), "product: A\nanswers:\n  pesticides: nothing\n"),
        ("product: A\nanswers: {} # none\n", yes("pesticides"), "product: A\nanswers:\n  pesticides: nothing # none\n"),
        ("product: A\r\nanswers: {}", yes("pesticides"), "product: A\r\nanswers:\r\n  pesticides: nothing"),
        (
            "product: A\nanswers:\n    pesticides: nothing # none\n\n    # water\n    water_tested: no\n",
            yes("long_lease"),
            "product: A\nanswers:\n    pesticides: nothing # none\n    long_lease: yes\n\n    # water\n    water_tested: no\n",
        ),
        (
            "product: A\nanswers:\n  water_tested: no\n",
            yes("long_lease"),
            "product: A\nanswers:\n  long_lease: yes\n  water_tested: no\n",
        ),
        (
            "product: A\nanswers:\n  water_tested:\n    answer: no\n    evidence: x # e\n",
            yes("water_tested"),
            "product: A\nanswers:\n  water_tested:\n    answer: yes\n    evidence: x # e\n",
        ),
        (
            "product: A\nanswers:\n  water_tested: no # n\n",
            (index("water_tested"), None),
            "product: A\nanswers:\n  water_tested:  # n\n",
        ),
        (
            "{\"product\": \"A\", \"answers\": {}}",
            yes("water_tested"),
            "{\"product\": \"A\", \"answers\": {\"water_tested\": \"yes\"}}",
        ),
    ] {
        let edited = answers::set(before, &RULES, Edit::Answer(question, answer.as_ref()));
        assert_eq!(edited.as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn a_file_that_is_not_valid_is_not_written_into() {
    for text in ["product: A\nanswers: {zzz: 1}\n", "product: A\n", "", "product: A\nanswers: {}\n---\n"] {
        let water = RULES.question("water_tested").expect("a question of the garden").0;
        let edited = answers::set(text, &RULES, Edit::Answer(water, Some(&Answer::One(0))));
        assert_eq!(edited, Err(NotEditable), "{text}");
    }
}

#[test]
fn evidence_is_written_beside_an_answer_in_each_layout() {
    let index = RULES.question("long_lease").expect("a question").0;
    for (before, after) in [
        ("  long_lease: \"yes\" # sure\n", "  long_lease: {answer: \"yes\", evidence: \"A \\\"b\\\"\"} # sure\n"),
        ("  long_lease: {answer: yes}\n", "  long_lease: {answer: yes, evidence: \"A \\\"b\\\"\"}\n"),
        (
            "  long_lease:\n    answer: yes # sure\n    note: x\n",
            "  long_lease:\n    answer: yes # sure\n    evidence: \"A \\\"b\\\"\"\n    note: x\n",
        ),
        (
            "  long_lease:\n    evidence: old # from Ann\n    answer: yes\n",
            "  long_lease:\n    evidence: \"A \\\"b\\\"\" # from Ann\n    answer: yes\n",
        ),
    ] {
        let head = "product: X\nanswers:\n";
        let edited = answers::set(&format!("{head}{before}"), &RULES, Edit::Evidence(index, Some("A \"b\"")));
        assert_eq!(edited.as_deref(), Ok(format!("{head}{after}").as_str()));
    }
    // Evidence that was taken away leaves its key, and the answer can still be taken away.
    let (blank, next) = ("  long_lease:\n    answer: yes\n    evidence:\n", "  land_held_by: leased\n");
    let head = "product: X\nanswers:\n";
    let edited = answers::set(&format!("{head}{blank}{next}"), &RULES, Edit::Answer(index, None));
    assert_eq!(edited.as_deref(), Ok(format!("{head}  long_lease:\n{next}").as_str()));
    let json = "{\"product\": \"X\", \"answers\": {\"long_lease\": \"yes\"}}";
    assert_eq!(
        answers::set(json, &RULES, Edit::Evidence(index, Some("A"))).as_deref(),
        Ok("{\"product\": \"X\", \"answers\": {\"long_lease\": {\"answer\": \"yes\", \"evidence\": \"A\"}}}")
    );
}

#[test]
fn the_rules_in_use_are_noted_to_the_letter_where_the_file_names_rules() {
    let digest = &RULES.digest;
    for (before, after) in [
        (
            "rules:\n  version: 0.0.1 # old\n  id: other\n",
            format!("rules:\n  version: \"0.1.0\" # old\n  digest: \"{digest}\"\n  id: \"green_plots\"\n"),
        ),
        (
            "rules: {id: a, version: 0.0.1}\n",
            format!("rules: {{id: \"green_plots\", version: \"0.1.0\", digest: \"{digest}\"}}\n"),
        ),
        (
            "rules: {id: a, version: \"1\", digest: \"0\"}\n",
            format!("rules: {{id: \"green_plots\", version: \"0.1.0\", digest: \"{digest}\"}}\n"),
        ),
        (
            "rules:\n  digest: # not yet\n  id: a\n  version: \"1\"\n",
            format!("rules:\n  digest: \"{digest}\" # not yet\n  id: \"green_plots\"\n  version: \"0.1.0\"\n"),
        ),
    ] {
        let edited = answers::set(&format!("product: X\n{before}answers: {{}}\n"), &RULES, Edit::Rules);
        assert_eq!(edited.as_deref(), Ok(format!("product: X\n{after}answers: {{}}\n").as_str()));
    }
    let json = "{\"product\": \"X\", \"rules\": {\"id\": \"a\", \"version\": \"1\"}, \"answers\": {}}";
    let edited = answers::set(json, &RULES, Edit::Rules).expect("it can be edited");
    assert!(edited.contains(&format!("\"version\": \"0.1.0\", \"digest\": \"{digest}\"}}")), "{edited}");
    assert!(answers::set("product: X\nanswers: {}\n", &RULES, Edit::Rules).is_err());
}

#[test]
fn a_new_answer_goes_behind_a_folded_text() {
    let (index, question) = RULES.question("number_of_plots").expect("a question");
    let answer = question.answer("up_to_ten").expect("an answer");
    let text = "product: X\nanswers:\n  garden_story: >-\n    Several\n    lines\n  water_tested: yes\n";
    let edited = answers::set(text, &RULES, Edit::Answer(index, Some(&answer))).expect("it can be edited");
    assert_eq!(
        edited,
        "product: X\nanswers:\n  garden_story: >-\n    Several\n    lines\n  number_of_plots: up_to_ten\n  water_tested: yes\n"
    );
}

#[test]
fn text_in_quotation_marks_is_the_same_in_yaml_and_json_and_shows_what_it_holds() {
    for (text, written) in [
        ("plain é 医 😀", "\"plain é 医 😀\""),
        ("a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\""),
        ("a\nb\tc", "\"a\\nb\\tc\""),
        ("\u{1b}[31m\u{0}\u{7f}\u{85}", "\"\\u001b[31m\\u0000\\u007f\\u0085\""),
        ("\u{202e}\u{feff}\u{ffff}", "\"\\u202e\\ufeff\\uffff\""),
        // Past the first plane the two languages have no escape in common.
        ("\u{e0041}\u{10000}", "\"\u{e0041}\u{10000}\""),
    ] {
        assert_eq!(answers::quoted(text), written, "{text:?}");
        assert_eq!(serde_json::from_str::<String>(written).expect("JSON"), text);
        let file = format!("product: {written}\nanswers: {{}}\n");
        assert_eq!(parsed(&file).product, text);
    }
}

#[test]
fn a_file_says_which_rules_it_was_answered_against() {
    let (id, version, digest) = (RULES.id.as_str(), RULES.version.as_str(), RULES.digest.as_str());
    let edited = format!("answered against {id} {version} before it was edited");
    let other = |named: &str| format!("answered against {named}, read against {id} {version}");
    for (named, said) in [
        (format!("{{id: {id}, version: {version}}}"), None),
        (format!("{{id: {id}, version: {version}, digest: {digest}}}"), None),
        (
            format!("{{id: {id}, version: {version}, digest: {}}}", digest.replace(|c: char| c.is_ascii_digit(), "x")),
            Some(edited),
        ),
        (format!("{{id: {id}, version: 0.0.1}}"), Some(other(&format!("{id} 0.0.1")))),
        (format!("{{id: {id}, version: 0.0.1, digest: {digest}}}"), Some(other(&format!("{id} 0.0.1")))),
        (format!("{{id: other, version: {version}}}"), Some(other(&format!("other {version}")))),
        ("{id: other, version: 0.0.1}".to_owned(), Some(other("other 0.0.1"))),
    ] {
        let text = format!("product: X\nrules: {named}\nanswers: {{}}\n");
        let (_, warnings) = answers::parse("a.yaml", text.as_bytes(), &RULES).expect("a valid file");
        let warnings: Vec<(&str, &str)> =
            warnings.iter().map(|warning| (warning.code.as_str(), warning.message.as_str())).collect();
        assert_eq!(warnings, said.as_deref().map_or_else(Vec::new, |said| vec![("A007", said)]), "{text}");
    }
}

#[test]
fn a_list_is_replaced_where_it_stands_or_behind_its_colon() {
    let rulebook = &*RULES;
    let (index, question) = rulebook.question("shared_things").expect("a question");
    let answer = question.answer("tools").expect("an answer");
    for (before, after) in [
        ("  shared_things:   [ seeds ]  # c\n", "  shared_things:   [tools]  # c\n"),
        ("  shared_things:\n    - seeds\n", "  shared_things:\n    - tools\n"),
        (
            "  shared_things: # c\n    - seeds # d\n    # e\n    - produce\n",
            "  shared_things: # c\n    # d\n    # e\n    - tools\n",
        ),
        ("  shared_things:\n  - seeds\n  - tools # f\n", "  shared_things:\n  - tools # f\n"),
        (
            "  shared_things: [\n    seeds, # d\n    tools # e\n  ]\n",
            "  shared_things: [\n    # d\n    tools # e\n  ]\n",
        ),
        ("  shared_things:\n", "  shared_things: [tools]\n"),
        ("  shared_things  :\n", "  shared_things  : [tools]\n"),
        ("  shared_things  : # c\n    - seeds\n", "  shared_things  : # c\n    - tools\n"),
    ] {
        let head = "product: X\nanswers:\n  water_tested: yes\n";
        let edited = answers::set(&format!("{head}{before}"), rulebook, Edit::Answer(index, Some(&answer)));
        assert_eq!(edited.as_deref(), Ok(format!("{head}{after}").as_str()), "{before}");
    }
}

#[test]
fn what_was_said_inside_an_answer_that_goes_moves_above() {
    let rulebook = &*RULES;
    let (index, _) = rulebook.question("shared_things").expect("a question");
    let text = "product: X\nanswers:\n  water_tested: yes\n  shared_things: # c\n    # d\n    - seeds # e\n    # f\n    - tools # g\n  # next\n  pesticides: nothing\n";
    let edited = answers::set(text, rulebook, Edit::Answer(index, Some(&Answer::NotSure))).expect("it can be edited");
    assert_eq!(
        edited,
        "product: X\nanswers:\n  water_tested: yes\n  # d\n  # e\n  # f\n  # g\n  shared_things: not_sure # c\n  # next\n  pesticides: nothing\n"
    );
}

#[test]
fn json_with_one_key_a_line_gets_a_line_for_another() {
    let rulebook = &*RULES;
    let (index, question) = rulebook.question("shared_things").expect("a question");
    let set = |text: &str, answer: &str| {
        let answer = question.answer(answer).expect("an answer");
        answers::set(text, rulebook, Edit::Answer(index, Some(&answer)))
    };
    let head = "{\n  \"product\": \"X\",\n  \"answers\": {\n";
    for (before, after) in [
        (
            "    \"pesticides\": \"nothing\"\n  }\n}\n",
            "    \"pesticides\": \"nothing\",\n    \"shared_things\": [\"tools\"]\n  }\n}\n",
        ),
        (
            "    \"pesticides\": \"nothing\",\n    \"water_tested\": \"yes\"\n  }\n}\n",
            "    \"pesticides\": \"nothing\",\n    \"shared_things\": [\"tools\"],\n    \"water_tested\": \"yes\"\n  }\n}\n",
        ),
        (
            "    \"water_tested\": \"yes\"\n  }\n}\n",
            "    \"shared_things\": [\"tools\"],\n    \"water_tested\": \"yes\"\n  }\n}\n",
        ),
        (
            "    \"shared_things\": [\n      \"seeds\",\n      \"produce\"\n    ]\n  }\n}\n",
            "    \"shared_things\": [\n      \"tools\"\n    ]\n  }\n}\n",
        ),
    ] {
        assert_eq!(set(&format!("{head}{before}"), "tools").as_deref(), Ok(format!("{head}{after}").as_str()));
    }
    let line = "{\"product\": \"X\", \"answers\": {\"pesticides\": \"nothing\"}}\n";
    let edited = "{\"product\": \"X\", \"answers\": {\"pesticides\": \"nothing\", \"shared_things\": [\"tools\"]}}\n";
    assert_eq!(set(line, "tools").as_deref(), Ok(edited));
}

/// A file in one person's hand: their order, quotation marks, comments, blank lines, ends of line.
fn written(rulebook: &Rulebook, hand: &[(u8, u8)], windows: bool) -> String {
    let mut text = String::from(
        "# Mine\nproduct: 'Cinder Lane'   # for now\n\nrules: {id: green_plots, version: 0.0.1}\nanswers:\n",
    );
    let mut order: Vec<usize> = (0..rulebook.questions.len()).collect();
    order.sort_by_key(|index| hand[*index].1);
    text += "    # Answers in no order\n";
    for index in order {
        let question = &rulebook.questions[index];
        let value = match (question.kind, hand[index].0 % 6) {
            // `answers` with nothing under it is no answers file.
            (_, 0) if index != 0 => continue,
            (kind, 0 | 1) if kind != Kind::Choices => String::new(),
            (_, 0) => String::new(),
            (Kind::Text, 2) => " >-  # folded\n      Several\n      lines".to_owned(),
            (Kind::Text, 3) => " \"several\n      lines\"  # in quotation marks".to_owned(),
            (Kind::Text, _) => " 'it''s text'".to_owned(),
            (Kind::Choices, hand @ 1..5) => listed(question, hand),
            (Kind::Choices, _) => format!(" [ {} ]", question.options[1].value),
            (_, 2) => format!(" \"{}\"", question.options[0].value),
            (_, 3) => format!("\n      answer: {}   # sure\n      note: asked Ann", question.options[0].value),
            (_, 4) => format!(" {{answer: {}, evidence: 'A, b'}}", question.options[0].value),
            _ => " not_sure".to_owned(),
        };
        let _ = writeln!(text, "    {}:{value}", question.id);
        if hand[index].0.is_multiple_of(5) {
            text += "\n    # Ask Ann about the next one\n";
        }
    }
    text += "# The end\n";
    if windows { text.replace('\n', "\r\n") } else { text }
}

/// A list with something to say of each of its items.
fn listed(question: &Question, hand: u8) -> String {
    let [a, b] = [0, 1].map(|option| question.options[option].value.as_str());
    match hand {
        1 => format!("  # these\n      # first\n      - {a}   # why {a}\n      # second\n      - {b} # why {b}"),
        2 => format!("\n    - '{b}'     # why {b}\n    -   {a}\n    # last"),
        3 => format!("\n      [ {a}, # why {a}\n        # and\n        {b} # why {b}\n      ]  # so much"),
        _ => format!("\n      answer:  # here\n        - {a} # why {a}\n      evidence: x # seen"),
    }
}

/// What follows each `#`, in the order of the alphabet. No text that is written in this test has one.
fn all_comments(text: &str) -> Vec<String> {
    let comments = text.lines().filter_map(|line| line.split_once('#'));
    let mut comments: Vec<String> = comments.map(|(_, comment)| comment.trim().to_owned()).collect();
    comments.sort();
    comments
}

/// Of an item that is still there, what was said beside it is beside it still.
fn beside_their_items(text: &str, edited: &str, question: &Question, chosen: u64) -> bool {
    let kept = question.options.iter().enumerate().filter(|(index, _)| chosen >> index & 1 == 1);
    let line = |text: &str, why: &str| text.lines().find(|line| line.ends_with(why)).map(str::to_owned);
    kept.map(|(_, option)| &option.value).all(|value| {
        let why = format!("# why {value}");
        line(text, &why).is_none_or(|before| {
            !before.trim_start_matches([' ', '-', '[', '\'']).starts_with(value.as_str())
                || line(edited, &why).is_some_and(|after| after.contains(value.as_str()) && after.trim_start() != why)
        })
    })
}

proptest! {
    #![proptest_config(support::draws(2000))]

    #[test]
    fn an_edit_changes_one_thing_and_keeps_every_comment(
        hand in prop::collection::vec(any::<(u8, u8)>(), 8),
        windows in any::<bool>(),
        edits in prop::collection::vec((0_usize..8, any::<u64>(), "[^\u{0}-\u{8}#]{1,12}"), 1..6),
    ) {
        let rulebook = &*RULES;
        let mut text = written(rulebook, &hand, windows);
        for (index, number, words) in edits {
            let question = &rulebook.questions[index];
            let before = parsed(&text);
            let answer = match question.kind {
                Kind::Text if words.trim().is_empty() => Answer::Text("text".to_owned()),
                Kind::Text => Answer::Text(words.clone()),
                Kind::YesNo | Kind::Choice => {
                    Answer::One(usize::try_from(number % question.options.len() as u64).unwrap())
                }
                Kind::Choices => Answer::Many(number & 0b11),
            };
            // An odd layout may be refused, but never be edited wrongly.
            let Ok(edited) = answers::set(&text, rulebook, Edit::Answer(index, Some(&answer))) else {
                // But a list and a short answer find their place in each of these.
                prop_assert!(question.kind == Kind::Text, "{}\n{:?}", text, answer);
                continue;
            };
            if let Answer::Many(chosen) = answer {
                prop_assert!(beside_their_items(&text, &edited, question, chosen), "{}\n{}", text, edited);
            }
            let after = parsed(&edited);
            prop_assert_eq!(after.get(index).map(|entry| &entry.answer), Some(&answer));
            for other in (0..rulebook.questions.len()).filter(|other| *other != index) {
                prop_assert_eq!(before.get(other), after.get(other));
            }
            prop_assert_eq!(all_comments(&text), all_comments(&edited));
            let Ok(with_evidence) = answers::set(&edited, rulebook, Edit::Evidence(index, Some(&words))) else { continue };
            let noted = parsed(&with_evidence);
            prop_assert_eq!(noted.get(index).and_then(|entry| entry.evidence.as_ref()), Some(&words));
            prop_assert_eq!(all_comments(&text), all_comments(&with_evidence));
            text = with_evidence;
        }
    }
}
