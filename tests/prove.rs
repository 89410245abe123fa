//! What is proved of rules, and what is told of two versions of them, one thing in them changed at a time.

mod support;

use std::cmp::Reverse;
use std::fmt::Write as _;

use eligibility::problem::Problem;
use eligibility::prove::{Pattern, difference, prove};
use eligibility::rulebook::{self, RuleFiles};

/// What is wrong with the allotment once one thing in a file is another.
fn proved(file: &str, find: &str, replace: &str) -> Vec<String> {
    let mut files = support::folder("tests/packs/allotment");
    support::replace(&mut files, file, find, replace);
    let (rulebook, found) = rulebook::read(&files);
    let rulebook = rulebook.unwrap_or_else(|| panic!("{}", support::listed(&found)));
    assert_eq!(found, []);
    let problems = prove(&rulebook).expect("small rules").problems;
    let line = |problem: &Problem| {
        let column = problem.place.as_ref().map_or(0, |place| place.start().1);
        let witness: Vec<String> =
            problem.witness.iter().flatten().map(|(id, value)| format!(" {id}={value}")).collect();
        format!("{column} {}: {}{}", problem.code, problem.message, witness.concat())
    };
    problems.iter().map(line).collect()
}

/// The widest part that makes no difference is named, each of several, and none of those inside it.
#[test]
fn each_part_of_a_condition_that_makes_no_difference_is_named_once() {
    let dead = |condition: &str| {
        proved("criteria.yaml", "met_when: {open_to_neighbours: yes}", &format!("met_when: {condition}"))
    };
    let part =
        |column: usize| format!("{column} R017: this part of the condition of `open_garden` makes no difference");
    let value =
        |column: usize, value: &str| format!("{column} R017: the value `{value}` makes no difference to `open_garden`");
    for (condition, said) in [
        ("{open_to_neighbours: yes}", vec![]),
        ("{any: [{open_to_neighbours: yes, pesticides: nothing}, {open_to_neighbours: yes}]}", vec![part(23)]),
        (
            "{any: [{open_to_neighbours: yes, pesticides: nothing}, {all: [{open_to_neighbours: yes}, {any: [{water_tested: yes}, {water_tested: no}]}]}]}",
            vec![part(23), part(112)],
        ),
        (
            "{any: [{open_to_neighbours: yes, pesticides: [nothing, soap_only]}, {pesticides: soap_only}]}",
            vec![value(48, "soap_only")],
        ),
        ("{open_to_neighbours: yes, not: {open_to_neighbours: no}}", vec![part(16), part(47)]),
        (
            "{open_to_neighbours: yes, any: [{pesticides: [nothing, soap_only]}, {pesticides: soap_only}]}",
            vec![value(48, "soap_only"), part(84)],
        ),
        (
            "{open_to_neighbours: yes, any: [{pesticides: [nothing, soap_only]}, {pesticides: soap_only, water_tested: yes}]}",
            vec![part(84)],
        ),
        (
            "{any: [{open_to_neighbours: yes, shared_things: [seeds, tools, produce]}, {shared_things: seeds}]}",
            vec![value(48, "seeds")],
        ),
    ] {
        let said: Vec<String> = said;
        assert_eq!(dead(condition), said, "{condition}");
    }
}

/// What changes in effect and in words, once some things in the allotment's files are others: for each thing how many
/// combinations of how many, and the groups of answers with what they led to, what they lead to, and an example.
fn changed(edits: &[(&str, &str, &str)]) -> String {
    told(&support::folder("tests/packs/allotment"), edits)
}

/// The same, from other rules.
fn told(old: &RuleFiles, edits: &[(&str, &str, &str)]) -> String {
    let mut new = support::folder("tests/packs/allotment");
    for (file, find, replace) in edits {
        support::replace(&mut new, file, find, replace);
    }
    let found = difference(&support::sound(old), &support::sound(&new));
    let mut said = String::new();
    for effect in &found.effects {
        let _ = writeln!(said, "{}: {} of {}", effect.name, effect.changed, effect.of);
        for pattern in &effect.patterns {
            let when: Vec<String> =
                pattern.when.iter().flatten().map(|(id, values)| format!("{id} {}", values.join("|"))).collect();
            let example: Vec<String> = pattern.witness.iter().map(|(id, value)| format!("{id} {value}")).collect();
            let [from, to] = [&pattern.from, &pattern.to].map(|words| words.as_deref().unwrap_or("not an answer"));
            let _ = writeln!(said, "  {from} -> {to}: {}; {}", when.join(", "), example.join(", "));
        }
        if let Some(unsure) = &effect.only_unsure {
            let _ = writeln!(said, "  only {unsure:?}");
        }
    }
    for rule in &found.rules {
        let _ = writeln!(said, "{} {}: {}", rule.kind, rule.id, rule.change);
        for key in &rule.keys {
            let [old, new] = [&key.old, &key.new].map(|words| words.as_deref().unwrap_or("-"));
            let _ = writeln!(said, "  {}: {old} -> {new}", key.key);
        }
    }
    said
}

#[test]
fn a_difference_is_told_in_few_groups_of_answers() {
    let mut said = String::new();
    for edits in [
        &[][..],
        &[
            ("criteria.yaml", "met_when: {pesticides: nothing}", "met_when: {pesticides: [nothing, soap_only]}"),
            ("criteria.yaml", "    discuss_when: {pesticides: soap_only}\n", ""),
        ],
        &[(
            "fit.yaml",
            "when: {shared_things: nothing_shared}",
            "when: {any: [{shared_things: nothing_shared}, {shared_things: produce}]}",
        )],
        &[("fit.yaml", "      number_of_plots: more_than_ten\n", "")],
        &[("scenarios.yaml", "id: land_is_borrowed", "id: land_is_lent")],
        &[("go_live.yaml", "met_when: {water_tested: yes}", "met_when: {water_tested: no}")],
        &[(
            "questions.yaml",
            "      - value: garden_chemicals",
            "      - value: compost_tea\n        label: Compost tea\n      - value: garden_chemicals",
        )],
        &[
            ("criteria.yaml", "title: Is open to neighbours", "title: Is open to all"),
            ("fit.yaml", "id: big_tool_store", "id: tool_store"),
        ],
    ] {
        for (file, find, replace) in edits {
            let _ = writeln!(said, "# {file}: {find:?} becomes {replace:?}");
        }
        let _ = writeln!(said, "{}", changed(edits));
    }
    insta::assert_snapshot!("differences", said);
}

/// What is added for some answers is a rule of its own.
#[test]
fn a_note_that_is_new_or_says_something_else_is_told() {
    let lease = "Somebody lets you use the land. Ask them for a lease.\n";
    let tested = "    met_when: {water_tested: yes}\n";
    let note = "    notes: [{when: {pesticides: nothing}, says: Well done.}]\n";
    for (file, find, replace, said) in [
        (
            "criteria.yaml",
            "does not mention soap",
            "is silent about soap",
            "note clean_soil.notes.1: changed\n  \
             says: The guide does not mention soap. -> The guide is silent about soap.\n",
        ),
        (
            "scenarios.yaml",
            lease,
            &format!("{lease}{note}"),
            "note land_is_borrowed.notes.1: added\n  when: - -> pesticides is nothing\n  says: - -> Well done.\n",
        ),
        (
            "go_live.yaml",
            tested,
            &format!("{tested}{note}"),
            "note safe_water.notes.1: added\n  when: - -> pesticides is nothing\n  says: - -> Well done.\n",
        ),
    ] {
        assert_eq!(changed(&[(file, find, replace)]), said);
    }
}

/// Open and tested, or unsprayed and not tested: that open and unsprayed is enough goes without saying.
#[test]
fn a_group_that_the_others_cover_is_left_out() {
    let mut old = support::folder("tests/packs/allotment");
    let never = "met_when: {water_tested: yes, not: {water_tested: yes}}";
    support::replace(&mut old, "go_live.yaml", "met_when: {water_tested: yes}", never);
    let now =
        "met_when: {any: [{open_to_neighbours: yes, water_tested: yes}, {pesticides: nothing, water_tested: no}]}";
    assert_eq!(
        told(&old, &[("go_live.yaml", "met_when: {water_tested: yes}", now)]),
        "obligation safe_water: 5 of 12\n  \
         not_met -> met: open_to_neighbours yes, water_tested yes; open_to_neighbours yes, water_tested yes\n  \
         not_met -> met: pesticides nothing, water_tested no; pesticides nothing, water_tested no\n\
         obligation safe_water: changed\n  \
         met_when: water_tested is yes and not (water_tested is yes) -> (open_to_neighbours is yes and water_tested is \
         yes) or (pesticides is nothing and water_tested is no)\n"
    );
}

#[test]
fn what_rules_do_not_hold_is_said_with_answers_that_show_it() {
    assert_eq!(
        proved(
            "fit.yaml",
            "when: {shared_things: nothing_shared}",
            "when: {any: [{water_tested: yes}, {water_tested: no}]}"
        ),
        ["9 R016: `sharing_nothing` always holds"],
        "and not that its condition makes no difference"
    );
    assert_eq!(
        proved("questions.yaml", "ask_when: {land_held_by: leased}", "ask_when: {land_held_by: borrowed}"),
        [
            "9 R019: `long_lease` can decide `secure_land` and the scenario even where it is not asked land_held_by=leased long_lease=no",
        ]
    );
    let better = "    best_first: true\n    prompt: What?";
    let spray = "    prompt: What do gardeners spray on their plots?";
    assert_eq!(proved("questions.yaml", spray, better), [] as [String; 0], "they stand in order");
    let mut files = support::folder("tests/packs/allotment");
    let swapped =
        ("criteria.yaml", "discuss_when: {pesticides: soap_only}", "discuss_when: {pesticides: garden_chemicals}");
    for (file, find, replace) in [("questions.yaml", spray, better), swapped] {
        support::replace(&mut files, file, find, replace);
    }
    let problems = prove(&support::sound(&files)).expect("small rules").problems;
    let [_, second] = problems.as_slice() else { panic!("{}", support::listed(&problems)) };
    let message =
        "`pesticides: soap_only` can make `clean_soil` worse than `garden_chemicals`, though it stands before it";
    assert_eq!(second.message, message);
    assert_eq!(second.witness, Some(vec![("pesticides".to_owned(), "soap_only".to_owned())]));
    // No combination is left out, and what is only told apart by words is none. Of three things to share any can be.
    let rulebook = support::sound(&support::folder("tests/packs/allotment"));
    assert_eq!(prove(&rulebook).expect("small rules").combinations, 2 * 3 * 3 * 2 * 8 * 2 * 2);
}

/// To delete a whole condition may need something else in its place: each is done as it is said, and nothing is wrong then.
#[test]
fn what_to_do_with_a_condition_that_could_as_well_be_constant_leaves_nothing_wrong() {
    let discuss = "    discuss_when: {pesticides: soap_only}\n    otherwise: not_met\n";
    let ask = "    ask_when: {land_held_by: leased}\n";
    let says = "      - when: {pesticides: soap_only}\n        says: The guide does not mention soap.\n";
    for (file, place, edit, hint, mended) in [
        (
            "criteria.yaml",
            discuss,
            discuss.replace("soap_only", "nothing"),
            "delete it, or widen it",
            "    otherwise: not_met\n",
        ),
        (
            "criteria.yaml",
            discuss,
            discuss.replace("{pesticides: soap_only}", "{not: {pesticides: nothing}}"),
            "delete `discuss_when`, and let `otherwise` be `to_discuss`",
            "    otherwise: to_discuss\n",
        ),
        (
            "questions.yaml",
            ask,
            ask.replace("{land_held_by: leased}", "{any: [{land_held_by: leased}, {not: {land_held_by: leased}}]}"),
            "delete it, or narrow it",
            "",
        ),
        ("criteria.yaml", says, says.replace("soap_only", "[nothing, soap_only, garden_chemicals]"), "narrow it", says),
        (
            "criteria.yaml",
            says,
            says.replace("{pesticides: soap_only}", "{pesticides: soap_only, not: {pesticides: soap_only}}"),
            "widen it, or delete `note 1 of clean_soil`",
            says,
        ),
    ] {
        let mut files = support::folder("tests/packs/allotment");
        support::replace(&mut files, file, place, &edit);
        let problems = prove(&support::sound(&files)).expect("small rules").problems;
        let found: Vec<&Problem> = problems.iter().filter(|problem| problem.code.as_str() == "R017").collect();
        let hints: Vec<Option<&str>> = found.iter().map(|problem| problem.hint.as_deref()).collect();
        assert_eq!(hints, [Some(hint)], "{edit}");
        let left = proved(file, place, mended);
        assert!(!left.iter().any(|line| line.contains("R017")), "{left:?}");
    }
}

/// A criterion that was copied, and its condition forgotten.
#[test]
fn two_criteria_that_always_come_out_the_same_are_named() {
    let copied = "met_when: {pesticides: nothing}\n    discuss_when: {pesticides: soap_only}";
    let said = "9 R034: `clean_soil` comes out as `open_garden` does, whatever the answers are".to_owned();
    let found = proved("criteria.yaml", "met_when: {open_to_neighbours: yes}", copied);
    assert!(found.contains(&said), "{found:?}");
    let in_other_words = copied.replace("nothing}", "nothing, not: {pesticides: [soap_only, garden_chemicals]}}");
    assert!(proved("criteria.yaml", "met_when: {open_to_neighbours: yes}", &in_other_words).contains(&said));
}

/// Notes of one rule and topics are compared as well. Steps and facts may share a condition.
#[test]
fn notes_and_topics_that_always_come_out_the_same_are_named() {
    let source = "source: {page: guide, section: The visit}, basis: published";
    let more = format!("topics:\n  - {{id: again, title: T, prepare: P., questions: [garden_story], {source}}}\n");
    let found = proved("application.yaml", "topics:\n", &more);
    let said = "R034: `topic_story` comes out as `again` does, whatever the answers are";
    assert!(found.iter().any(|found| found.ends_with(said)), "{found:?}");
    let note = "    notes:\n      - {when: {pesticides: soap_only}, says: Twice.}\n";
    let found = proved("criteria.yaml", "    notes:\n", note);
    let said = "R034: `note 2 of clean_soil` comes out as `note 1 of clean_soil` does, whatever the answers are";
    assert!(found.iter().any(|found| found.ends_with(said)), "{found:?}");
}

/// Something has to be chosen of `shared_things`, so whoever shares nothing else has chosen the fourth.
#[test]
fn a_group_does_not_say_what_goes_without_saying() {
    let none = ("questions.yaml", "        none: true\n", "");
    let tested = "met_when: {water_tested: yes}";
    let mut old = support::folder("tests/packs/allotment");
    support::replace(&mut old, none.0, none.1, none.2);
    let any = "met_when: {shared_things: [seeds, tools, produce, nothing_shared]}";
    support::replace(&mut old, "go_live.yaml", tested, any);
    let said = told(&old, &[none, ("go_live.yaml", tested, "met_when: {shared_things: [seeds, tools, produce]}")]);
    let groups = "obligation safe_water: 1 of 15\n  met -> not_met: shared_things without seeds, shared_things without \
                  produce, shared_things without tools; shared_things [nothing_shared]\n";
    assert!(said.starts_with(groups), "{said}");
}

/// A question with another id is no other question: what answers lead to is told of products that there can be.
#[test]
fn a_question_that_is_called_something_else_is_told_as_that() {
    let old = support::folder("tests/packs/allotment");
    let mut new = old.clone();
    for text in new.files.values_mut() {
        let renamed = String::from_utf8(text.to_vec()).expect("text").replace("land_held_by", "holder_of_land");
        *text = renamed.into_bytes().into();
    }
    let found = difference(&support::sound(&old), &support::sound(&new));
    assert_eq!(found.renamed, [("land_held_by".to_owned(), "holder_of_land".to_owned())]);
    assert!(!found.has_effect() && found.rules.is_empty() && !found.is_empty(), "{found:?}");
    support::replace(
        &mut new,
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {holder_of_land: owned}",
    );
    let found = difference(&support::sound(&old), &support::sound(&new));
    assert!(found.effects.iter().any(|effect| effect.name == "criterion clean_soil"), "{found:?}");
    for pattern in found.effects.iter().flat_map(|effect| &effect.patterns) {
        assert!(pattern.from.is_some() && pattern.to.is_some(), "{pattern:?}");
        assert!(pattern.witness.iter().all(|(id, _)| id != "land_held_by"), "{pattern:?}");
    }
}

/// Each condition holds for some answers, but never for those of whom it would be told.
#[test]
fn a_text_that_can_never_be_told_is_named() {
    let says = "    says: The lease ends in less than five years. Ask for a longer one.\n";
    let note = |when: &str| {
        let noted = format!("{says}    notes:\n      - when: {{{when}}}\n        says: Think of it.\n");
        proved("scenarios.yaml", says, &noted)
    };
    let step = |when: &str| {
        let title = "        title: Send the form\n";
        proved("outcomes.yaml", title, &format!("{title}        when: {{{when}}}\n"))
    };
    for (told, never) in [
        (note("land_held_by: owned"), "`note 1 of lease_is_short` can never be told"),
        (step("open_to_neighbours: no"), "`send_the_form` can never be told"),
    ] {
        assert!(told.len() == 1 && told[0].ends_with(&format!("R032: {never}")), "{told:?}");
    }
    assert_eq!((note("long_lease: no"), step("water_tested: no")), (vec![], vec![]));
}

/// The scenarios make of it what it says, and never that it is not met.
#[test]
fn what_is_said_for_a_status_that_can_never_be_is_named() {
    let says = "      to_discuss: The garden might lose its land. Tell the committee about your plans.\n";
    let never = ["9 R032: `secure_land` can never be not_met, so what it says then can never be told"];
    for more in ["      not_met: The land is lost.\n", "    short:\n      not_met: The land is lost.\n"] {
        assert_eq!(proved("criteria.yaml", says, &format!("{says}{more}")), never);
    }
    assert_eq!(proved("criteria.yaml", says, &format!("{says}      unknown: Who owns the land?\n")), [""; 0]);
}

#[test]
fn the_largest_groups_of_answers_that_change_come_first() {
    let old = support::sound(&support::folder("tests/packs/nhs_login_1"));
    let found = difference(&old, &support::builtin());
    for effect in &found.effects {
        let place = |it: &Pattern| (it.from.is_none() || it.to.is_none(), Reverse(it.count));
        assert!(effect.patterns.iter().is_sorted_by_key(place), "{effect:?}");
    }
}
