//! The rule book and the drawings of the built-in rules, kept as they are printed, so that a change of the rules shows
//! up in review as a change of what people read.

mod support;

use eligibility::report::Format;
use eligibility::rulebook::{PartValue, Rule, RuleKind, Rulebook};
use support::run;

fn printed(args: &[&str]) -> String {
    let ran = run(args, "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    ran.out
}

#[test]
fn the_rule_book_changes_only_on_purpose() {
    insta::assert_snapshot!("rule_book", printed(&["rules", "show", "--format", "markdown"]));
}

/// A copy of the allotment with every key that a rule file can have.
const EVERY_KEY: &str = "tests/packs/every_key";

/// Words without line breaks, and without what Markdown puts before signs.
fn plain(text: &str) -> String {
    text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_rule_book_leaves_nothing_out() {
    let rulebook = support::sound(&support::folder(EVERY_KEY));
    for format in Format::supported(Format::is_for_rules) {
        let book = printed(&["rules", "show", "--rules", EVERY_KEY, "--format", format.id()]);
        leaves_nothing_out(&rulebook, &plain(&if format == Format::Html { text_of(&book) } else { book }));
    }
}

/// The text of a page, in lines as it is shown.
fn text_of(html: &str) -> String {
    let inside_a_line = |tag: &str| ["a", "b", "code", "span"].contains(&tag.trim_start_matches('/'));
    let shown = |part: &str| match part.split_once('>') {
        Some((tag, text)) if inside_a_line(tag.split(' ').next().unwrap_or_default()) => text.to_owned(),
        Some((_, text)) => format!("\n{text}"),
        None => part.to_owned(),
    };
    let text: String = html.split('<').map(shown).collect();
    let signs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    signs.iter().fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

fn leaves_nothing_out(rulebook: &Rulebook, book: &str) {
    for rule in rulebook.rules() {
        assert!(
            [RuleKind::Note, RuleKind::Manifest].contains(&rule.kind()) || book.contains(&shown_as(rule)),
            "{}",
            rule.id()
        );
        for part in rule.parts() {
            let said = plain(&part.value.as_asked(rulebook, &part.key).replace('_', " "));
            let told = match part.value {
                // Flags are told in a sentence, and the kind of an answer by what it can be.
                PartValue::Flag { .. } | PartValue::Members(_) => continue,
                PartValue::Name(_) if ["decided_by", "kind", "basis", "source.page"].contains(&part.key.as_ref()) => {
                    continue;
                }
                _ => book.replace('_', " ").contains(&said),
            };
            assert!(told, "{} {}: {said}\n{book}", rule.id(), part.key);
        }
    }
    for flag in ["no report proposes", "the best first", "with not_sure", "Excludes the others"] {
        assert!(book.contains(flag), "{flag}");
    }
}

/// Nothing runs into what comes after it, and every page is linked from what it vouches for.
#[test]
fn the_rule_book_has_blanks_and_addresses() {
    let markdown = printed(&["rules", "show", "--format", "markdown"]);
    let html = printed(&["rules", "show", "--format", "html"]);
    for text in [text_of(&html), markdown.clone()] {
        let runs_on = |text: &str| {
            let mut all = text.chars().zip(text.chars().skip(1)).zip(text.chars().skip(2));
            all.any(|((a, b), c)| (a.is_ascii_lowercase() || a == '>') && ",.:;".contains(b) && c.is_ascii_uppercase())
        };
        let wrong: Vec<&str> = text.lines().filter(|line| runs_on(line)).collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }
    for page in &support::builtin().pages {
        let link = page.link().expect("a safe address");
        assert!(
            markdown.contains(&format!("\n[{}]: <{link}>\n", page.id)) && html.contains(&format!("href=\"{link}\""))
        );
    }
    assert!(markdown.contains("[Apply for NHS login][apply], Check if you are eligible, bullet 1"));
}

/// A row for each way to be in a scenario, in the words that people are asked in.
#[test]
fn scenarios_are_a_decision_table() {
    for (rules, row) in [
        (
            "rules",
            "| 3. In development, with a sponsor | In development, nobody uses it yet | any | Yes, an NHS organisation or a council | any | Met | published |",
        ),
        // The first scenario of the allotment has two ways, and the second says what an answer must not be.
        ("tests/packs/allotment", "| 1. Owned, or leased for long | The garden rents it | Yes | Met | published |"),
        ("tests/packs/allotment", "| 2. Leased for a short time | The garden rents it | No | To discuss | published |"),
    ] {
        let markdown = printed(&["rules", "show", "--rules", rules, "--format", "markdown"]);
        assert!(
            markdown.contains(row),
            "{row}\n{}",
            markdown.lines().filter(|line| line.starts_with("| ")).collect::<Vec<_>>().join("\n")
        );
    }
}

fn shown_as(rule: Rule<'_>) -> String {
    match rule {
        Rule::Option(_, option) => option.value.clone(),
        _ => rule.id().into_owned(),
    }
}

#[test]
fn everything_can_be_explained_by_its_id() {
    let rulebook = support::sound(&support::folder(EVERY_KEY));
    for rule in rulebook.rules() {
        let told = plain(&printed(&["explain", &rule.id(), "--rules", EVERY_KEY]));
        for text in rule.texts() {
            assert!(told.to_lowercase().contains(&plain(text).to_lowercase()), "{}: {text}\n{told}", rule.id());
        }
    }
    assert_eq!(
        printed(&["explain", "tenancy", "--rules", EVERY_KEY]),
        printed(&["explain", "lease_term", "--rules", EVERY_KEY])
    );
}

#[test]
fn the_drawings_change_only_on_purpose() {
    insta::assert_snapshot!("drawing_mermaid", printed(&["rules", "graph"]));
    let answers = ["rules", "graph", "--format", "dot", "--answers", "examples/framework_only.yaml"];
    insta::assert_snapshot!("drawing_dot_with_answers", printed(&answers));
}

/// A person follows the drawing from the top: it begins with what everybody is asked, and a product whose answers decide
/// takes one way, whatever it is not asked.
#[test]
fn a_drawing_begins_with_a_question_for_everybody_and_marks_one_way() {
    let text = printed(&["rules", "graph", "--format", "dot"]).replace("\\n", " ");
    let rulebook = support::builtin();
    let is_first = |prompt: &str| text.contains(&format!("n0 [label=\"{prompt}\""));
    let first = rulebook.questions.iter().find(|question| is_first(&question.prompt)).expect("a question");
    assert!(rulebook.ask_when[first.index].is_none(), "{text}");
    for file in ["framework_only", "pilot", "no_sponsor"] {
        let file = format!("examples/{file}.yaml");
        let text = printed(&["rules", "graph", "--format", "dot", "--answers", &file]);
        let marked = |line: &&str| line.contains(" -> ") && line.contains("penwidth");
        let mut from: Vec<&str> = text.lines().filter(marked).filter_map(|line| line.split(" -> ").next()).collect();
        let all = from.len();
        from.dedup();
        assert!(all > 3 && from.len() == all, "{file}: {text}");
        let ends = text.lines().filter(|line| line.contains("shape=oval, penwidth")).count();
        assert_eq!(ends, 1, "{file}: {text}");
    }
}

/// The same rules give the same bytes, whatever order a hash map may have.
#[test]
fn drawings_and_exports_are_the_same_every_time() {
    let sql = ["rules", "export", "--to", "sql", "--dialect", "postgres"];
    for args in [&["rules", "show"][..], &["rules", "graph"], &["rules", "graph", "--format", "dot"], &sql] {
        let first = printed(args);
        assert!((0..3).all(|_| printed(args) == first), "{args:?}");
    }
}

/// What a policy owner begins from: the rules as they are, which are as sound there, and nothing is written over.
#[test]
fn the_rule_files_are_written_into_a_folder_as_they_are() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("my rules");
    let folder = folder.to_str().expect("a name");
    let export = ["rules", "export", "--to", "yaml", "--output", folder];
    let ran = run(&export, "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.ends_with(&format!("rules check --rules \"{folder}\"\n")), "{}", ran.err);
    let with = |args: &[&str]| printed(&[args, &["--rules", folder]].concat());
    assert!(with(&["rules", "check"]).starts_with("Sound: "));
    assert_eq!(with(&["rules", "test"]), printed(&["rules", "test"]));
    let check = ["check", "--format", "json", "examples/ready_for_everything.yaml"];
    assert_eq!(with(&check), printed(&check), "with the same digest");
    let again = run(&export, "");
    assert_eq!(again.code, 1, "{}", again.err);
    assert!(again.err.contains("is already there; name another folder"), "{}", again.err);
    assert_eq!(run(&export[..4], "").code, 2, "no folder is named");
}
