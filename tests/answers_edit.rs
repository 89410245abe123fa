//! Answers written into a file that a person wrote: only what is changed changes.

mod support;

use std::fmt::Write as _;

use eligibility::answers::{self, Answers, Target};
use eligibility::question::{Answer, Kind, Question};
use eligibility::rulebook::Rulebook;
use proptest::prelude::*;

fn rulebook() -> Rulebook {
    support::sound(&support::folder("tests/packs/allotment"))
}

fn parsed(text: &str, rulebook: &Rulebook) -> Answers {
    let (mut answers, _) = answers::parse("a.yaml", text.as_bytes(), rulebook)
        .unwrap_or_else(|problems| panic!("{}\n{text}", support::listed(&problems)));
    for entry in answers.entries.iter_mut().flatten() {
        entry.place = None;
    }
    answers
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
fn comments(text: &str) -> Vec<String> {
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
                || line(edited, &why)
                    .is_some_and(|after| after.contains(&format!("{value}")[..]) && after.trim_start() != why)
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
        let rulebook = rulebook();
        let mut text = written(&rulebook, &hand, windows);
        for (index, number, words) in edits {
            let question = &rulebook.questions[index];
            let before = parsed(&text, &rulebook);
            let answer = match question.kind {
                Kind::Text if words.trim().is_empty() => Answer::Text("text".to_owned()),
                Kind::Text => Answer::Text(words.clone()),
                Kind::YesNo | Kind::Choice => {
                    Answer::One(usize::try_from(number % question.options.len() as u64).unwrap())
                }
                Kind::Choices => Answer::Many(number & 0b11),
            };
            // An odd layout may be refused, but never be edited wrongly.
            let Ok(edited) = answers::set(&text, &rulebook, Target::Answer(index, Some(&answer))) else {
                // But a list and a short answer find their place in each of these.
                prop_assert!(question.kind == Kind::Text, "{}\n{:?}", text, answer);
                continue;
            };
            if let Answer::Many(chosen) = answer {
                prop_assert!(beside_their_items(&text, &edited, question, chosen), "{}\n{}", text, edited);
            }
            let after = parsed(&edited, &rulebook);
            prop_assert_eq!(after.get(index).map(|entry| &entry.answer), Some(&answer));
            for other in (0..rulebook.questions.len()).filter(|other| *other != index) {
                prop_assert_eq!(before.get(other), after.get(other));
            }
            prop_assert_eq!(comments(&text), comments(&edited));
            let Ok(with_evidence) = answers::set(&edited, &rulebook, Target::Evidence(index, &words)) else { continue };
            let noted = parsed(&with_evidence, &rulebook);
            prop_assert_eq!(noted.get(index).and_then(|entry| entry.evidence.as_ref()), Some(&words));
            prop_assert_eq!(comments(&text), comments(&with_evidence));
            text = with_evidence;
        }
    }
}

#[test]
fn evidence_is_written_beside_an_answer_in_each_layout() {
    let rulebook = rulebook();
    let index = rulebook.question("long_lease").expect("a question").0;
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
        let edited = answers::set(&format!("{head}{before}"), &rulebook, Target::Evidence(index, "A \"b\""));
        assert_eq!(edited.as_deref(), Ok(format!("{head}{after}").as_str()));
    }
    let json = "{\"product\": \"X\", \"answers\": {\"long_lease\": \"yes\"}}";
    assert_eq!(
        answers::set(json, &rulebook, Target::Evidence(index, "A")).as_deref(),
        Ok("{\"product\": \"X\", \"answers\": {\"long_lease\": {\"answer\": \"yes\", \"evidence\": \"A\"}}}")
    );
}

#[test]
fn the_rules_in_use_are_noted_to_the_letter_where_the_file_names_rules() {
    let rulebook = rulebook();
    let digest = &rulebook.digest;
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
        let edited = answers::set(&format!("product: X\n{before}answers: {{}}\n"), &rulebook, Target::Rules);
        assert_eq!(edited.as_deref(), Ok(format!("product: X\n{after}answers: {{}}\n").as_str()));
    }
    let json = "{\"product\": \"X\", \"rules\": {\"id\": \"a\", \"version\": \"1\"}, \"answers\": {}}";
    let edited = answers::set(json, &rulebook, Target::Rules).expect("it can be edited");
    assert!(edited.contains(&format!("\"version\": \"0.1.0\", \"digest\": \"{digest}\"}}")), "{edited}");
    assert!(answers::set("product: X\nanswers: {}\n", &rulebook, Target::Rules).is_err());
}

#[test]
fn a_new_answer_goes_behind_a_folded_text() {
    let rulebook = rulebook();
    let (index, question) = rulebook.question("number_of_plots").expect("a question");
    let answer = question.answer("up_to_ten").expect("an answer");
    let text = "product: X\nanswers:\n  garden_story: >-\n    Several\n    lines\n  water_tested: yes\n";
    let edited = answers::set(text, &rulebook, Target::Answer(index, Some(&answer))).expect("it can be edited");
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
        assert_eq!(parsed(&file, &rulebook()).product, text);
    }
}

#[test]
fn a_file_says_which_rules_it_was_answered_against() {
    let rulebook = rulebook();
    let (id, version, digest) = (rulebook.id.as_str(), rulebook.version.as_str(), rulebook.digest.as_str());
    let edited = format!("answered against {id} {version} as it was before it was edited");
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
        let (_, warnings) = answers::parse("a.yaml", text.as_bytes(), &rulebook).expect("a valid file");
        let warnings: Vec<(&str, &str)> =
            warnings.iter().map(|warning| (warning.code.as_str(), warning.message.as_str())).collect();
        assert_eq!(warnings, said.as_deref().map_or_else(Vec::new, |said| vec![("A007", said)]), "{text}");
    }
}

#[test]
fn a_list_is_replaced_where_it_stands_or_behind_its_colon() {
    let rulebook = rulebook();
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
        let edited = answers::set(&format!("{head}{before}"), &rulebook, Target::Answer(index, Some(&answer)));
        assert_eq!(edited.as_deref(), Ok(format!("{head}{after}").as_str()), "{before}");
    }
}

#[test]
fn what_was_said_inside_an_answer_that_goes_moves_above() {
    let rulebook = rulebook();
    let (index, _) = rulebook.question("shared_things").expect("a question");
    let text = "product: X\nanswers:\n  water_tested: yes\n  shared_things: # c\n    # d\n    - seeds # e\n    # f\n    - tools # g\n  # next\n  pesticides: nothing\n";
    let edited =
        answers::set(text, &rulebook, Target::Answer(index, Some(&Answer::NotSure))).expect("it can be edited");
    assert_eq!(
        edited,
        "product: X\nanswers:\n  water_tested: yes\n  # d\n  # e\n  # f\n  # g\n  shared_things: not_sure # c\n  # next\n  pesticides: nothing\n"
    );
}

#[test]
fn json_with_one_key_a_line_gets_a_line_for_another() {
    let rulebook = rulebook();
    let (index, question) = rulebook.question("shared_things").expect("a question");
    let set = |text: &str, answer: &str| {
        let answer = question.answer(answer).expect("an answer");
        answers::set(text, &rulebook, Target::Answer(index, Some(&answer)))
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
