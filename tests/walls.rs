//! Rules that an ordinary edit leads to and that once were too much: each is read, proved and assessed, and soon. Run
//! with `--nocapture`, this prints what each of them costs.
#![allow(clippy::print_stdout, reason = "the table is what a person runs this for")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use eligibility::prove::{difference, prove};
use eligibility::publish::graph::Graph;
use eligibility::publish::page;
use eligibility::publish::sql::{Dialect, select};
use eligibility::rulebook::{self, Reach, RuleFiles, Rulebook};
use support::{folder, run, soon, sound};

const GROUNDS: &str = "source: {page: guide, section: S, item: i}, basis: published";

/// A question with an id and so many options, of which any can be chosen.
fn choices(id: &str, options: usize) -> String {
    let offers: Vec<String> = (0..options).map(|at| format!("{{value: v{at}, label: l{at}}}")).collect();
    let offers = offers.join(", ");
    format!("  - {{id: {id}, section: eligibility, kind: choices, prompt: p {id}, options: [{offers}], {GROUNDS}}}\n")
}

fn yes_no(id: &str) -> String {
    format!("  - {{id: {id}, section: eligibility, kind: yes_no, prompt: p {id}, {GROUNDS}}}\n")
}

/// Rules that ask these questions and have one criterion.
fn rules(questions: &str, met_when: &str) -> RuleFiles {
    let mut files = folder("tests/packs/allotment");
    let says = "says: {met: m, to_discuss: d, not_met: n, unknown: u}";
    let criterion = format!("{{id: c0, title: t, met_when: {met_when}, otherwise: not_met, {says}, {GROUNDS}}}");
    for (name, text) in [
        ("questions.yaml", format!("questions:\n{questions}")),
        ("criteria.yaml", format!("criteria:\n  - {criterion}\n")),
        ("scenarios.yaml", "scenarios: []\n".to_owned()),
        ("fit.yaml", "findings: []\n".to_owned()),
        ("application.yaml", "topics: []\n".to_owned()),
        ("go_live.yaml", "obligations: []\n".to_owned()),
    ] {
        files.files.insert(name.to_owned(), text.into_bytes().into());
    }
    files
}

/// One of so many conditions holds.
fn any(parts: impl IntoIterator<Item = String>) -> String {
    format!("{{any: [{}]}}", parts.into_iter().collect::<Vec<_>>().join(", "))
}

/// How much memory this process has had at most, where the system tells.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim().to_owned()
}

/// Reads, proves and assesses, and says what it took.
fn cost(name: &str, files: &RuleFiles, answers: &str) -> String {
    let _soon = soon();
    let begun = Instant::now();
    let rulebook = sound(files);
    let read = begun.elapsed();
    assert_eq!(rulebook.reach, Reach::Everyone, "{name}");
    let begun = Instant::now();
    let proof = prove(&rulebook).unwrap_or_else(|_| panic!("{name} is not proved"));
    let proved = begun.elapsed();
    let begun = Instant::now();
    let ran = check(files, answers, "json");
    let checked = begun.elapsed();
    assert!(!ran.err.contains("R014"), "{name}: {}", ran.err);
    let size = rulebook.diagrams.size(rulebook.outcome.root());
    let (sets, peak) = (proof.combinations, peak());
    format!(
        "{name:40} {size:>6} branches {sets:>12} sets  read {read:>8.1?}  proved {proved:>8.1?}  check {checked:>8.1?}  \
         peak {peak}"
    )
}

/// What `check` makes of answers.
fn check(files: &RuleFiles, answers: &str, format: &str) -> support::Ran {
    let place = tempfile::tempdir().expect("a folder");
    for (name, text) in &files.files {
        fs::write(place.path().join(name), text).expect("a file");
    }
    let rules = place.path().to_str().expect("a plain path");
    let text = format!("product: x\nanswers:\n{answers}");
    run(&["check", "-", "--rules", rules, "--format", format], &text)
}

#[test]
fn what_an_ordinary_edit_leads_to_is_worked_out_soon() {
    // One option is not tested: of a list of which all are, one is always chosen.
    let sixteen = any((0..16).map(|at| format!("{{q: v{at}, not: {{q: v{}}}, r: yes}}", (at * 5 + 3) % 16)));
    let sixteen = rules(&(choices("q", 17) + &yes_no("r")), &sixteen);
    let matched = any((0..12).map(|at| format!("{{a: v{at}, b: v{at}}}")));
    let matched = rules(&(choices("a", 12) + &choices("b", 12)), &matched);
    let apart: String =
        ["a", "b"].iter().flat_map(|half| (0..12).map(move |at| yes_no(&format!("{half}{at}")))).collect();
    let pairs = rules(&apart, &any((0..12).map(|at| format!("{{a{at}: yes, b{at}: yes}}"))));
    let mut given = String::new();
    for at in 0..12 {
        let _ = writeln!(given, "  a{at}: no\n  b{at}: yes");
    }
    for (name, files, answers) in [
        ("16 tested options of one question", &sixteen, "  q: [v3, v5]\n  r: no\n"),
        ("two lists of 12 matched pairwise", &matched, "  a: [v1, v2]\n  b: [v3]\n"),
        ("24 yes or no in pairs, asked far apart", &pairs, given.as_str()),
    ] {
        println!("{}", cost(name, files, answers));
    }
}

/// How long the graph and the exported decision are.
fn lengths(name: &str, rulebook: &Rulebook) -> (usize, usize) {
    let graph = Graph::of(rulebook, None).expect("rules that can be drawn").dot().len();
    let sql = select(rulebook, Dialect::Duckdb, "answers").expect("rules that can be written").len();
    println!("{name:40} graph {graph:>7} bytes, SQL {sql:>7} bytes");
    (graph, sql)
}

#[test]
fn what_is_made_of_rules_is_about_as_long_as_they_are() {
    // An eleventh is not tested, so that the rule does not hold of every list.
    let ten = sound(&rules(&choices("q", 11), &any((0..10).map(|at| format!("{{q: v{at}}}")))));
    let (graph, sql) = lengths("one rule over ten tested options", &ten);
    // 66 KB and 388 KB where each set of options was a branch of its own.
    assert!(graph < 10_000 && sql < 20_000, "{graph} {sql}");
    let every_second = any((0..5).map(|at| format!("{{q: v{}, not: {{q: v{}}}}}", 2 * at, 2 * at + 1)));
    let (graph, sql) = lengths("five pairs of ten tested options", &sound(&rules(&choices("q", 10), &every_second)));
    assert!(graph < 20_000 && sql < 40_000, "{graph} {sql}");
    let (graph, sql) = lengths("the built-in rules", &support::builtin());
    assert!(graph < 100_000 && sql < 400_000, "{graph} {sql}");
}

/// Each question of one half is paired with five of the other, so that no order of the questions helps.
fn tangled() -> RuleFiles {
    const HALF: usize = 60;
    let questions: String = (0..2 * HALF).map(|at| yes_no(&format!("q{at}"))).collect();
    let pair = |at: usize, far: usize| format!("{{q{at}: yes, q{}: yes}}", HALF + (at * 7 + far * far) % HALF);
    rules(&questions, &any((0..HALF).flat_map(|at| (0..5).map(move |far| pair(at, far)))))
}

/// What can be compared of them is told, and that the rest is not.
#[test]
fn rules_too_intricate_to_be_worked_out_for_everyone_are_compared_in_words() {
    let _soon = soon();
    let mut files = tangled();
    let old = rulebook::read(&files).0.expect("rules to assess a product by");
    let same = difference(&old, &old);
    assert!(same.is_empty() && same.too_intricate);
    support::replace(&mut files, "criteria.yaml", "title: t,", "title: u,");
    let new = rulebook::read(&files).0.expect("rules to assess a product by");
    let found = difference(&old, &new);
    assert!(!found.is_empty() && found.too_intricate && !found.has_effect(), "{found:?}");
    assert_eq!(found.rules.len(), 1);
}

/// What they decide for one product is nothing to be written down for all.
#[test]
fn rules_too_intricate_to_be_worked_out_for_everyone_are_not_exported() {
    let rulebook = rulebook::read(&tangled()).0.expect("rules to assess a product by");
    assert!(select(&rulebook, Dialect::Duckdb, "answers").is_err());
    assert!(page::render(&rulebook).is_err());
}

#[test]
fn rules_too_intricate_to_be_proved_still_assess_a_product() {
    let files = tangled();
    let all = |answer: &str| (0..120).fold(String::new(), |all, at| all + &format!("  q{at}: {answer}\n"));
    let some = |one: &str, other: &str| {
        (0..120).fold(String::new(), |all, at| all + &format!("  q{at}: {}\n", if at % 12 == 0 { one } else { other }))
    };
    // Two answers that decide by themselves, and one that leaves too much open.
    let met = "  q0: yes\n  q60: yes\n".to_owned();
    for (name, answers, code, outcome) in [
        ("all of them no", all("no"), 4, "does_not_meet"),
        ("all of them yes", all("yes"), 0, "meets_criteria"),
        ("two that decide, the rest missing", met, 0, "meets_criteria"),
        ("ten not sure, the rest no", some("not_sure", "no"), 3, "needs_discussion"),
        ("ten missing, the rest no", some("", "no"), 5, "incomplete"),
        ("nothing", "  q0: no\n".to_owned(), 5, "incomplete"),
    ] {
        let _soon = soon();
        let start = Instant::now();
        let ran = check(&files, &answers, "json");
        println!("{name:40} check {:>9.1?}  peak {}", start.elapsed(), peak());
        let report: serde_json::Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{name}: {}", ran.err));
        assert_eq!((report["outcome"].as_str(), ran.code), (Some(outcome), code), "{name}: {}", ran.err);
        assert_eq!(ran.err.matches("warning[R014]").count(), 1, "{name}: {}", ran.err);
        assert!(!ran.err.contains("error"), "{name}: {}", ran.err);
        assert!(report["criteria"][0]["because"].is_null() || code == 5, "{name}: {}", report["criteria"][0]);
        assert_eq!(report["changes"].is_null(), code != 0, "{name}: {}", report["changes"]);
        // The same in the report for people, which says why it is silent.
        let text = check(&files, &answers, "text");
        assert_eq!((text.code, text.err.matches("warning[R014]").count()), (code, 1), "{name}: {}", text.err);
    }
}
