//! The report that people get first: a screen of a terminal with what came of a product, why, and what to do.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use eligibility::commands::Terminal;
use eligibility::gate::Gate;
use eligibility::intake::{Input, Judging, set};
use eligibility::question::{Answer, Kind};
use eligibility::report::{Extent, Format};
use eligibility::style::Style;
use eligibility::{Rulebook, Status};
use serde_json::Value;
use support::hostile::without_colour;
use support::{COLOURS, Ran, run, run_on};

/// The rows that a screen of 24 has beside the prompt.
const ROWS: usize = 23;

fn examples() -> Vec<String> {
    let folder = std::fs::read_dir(support::crate_path("examples")).expect("the examples");
    let names = folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != "README.md").collect();
    names.sort();
    names.into_iter().map(|name| format!("examples/{name}")).collect()
}

fn on(width: usize) -> Terminal {
    Terminal { stdout: Some(width), no_colour: true, ..COLOURS }
}

fn check(width: usize, file: &str, gate: Gate) -> Ran {
    run_on(on(width), &["check", file, "--gate", gate.id()], "")
}

/// The rows that lines fill on a terminal.
fn rows(text: &str, width: usize) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(width).max(1)).sum()
}

fn all(width: usize, gate: Gate) -> String {
    let mut out = String::new();
    for file in examples() {
        let ran = check(width, &file, gate);
        let _ = writeln!(out, "$ check {file} --gate {gate}    [exits with {}]\n{}", ran.code, ran.out);
    }
    out
}

#[test]
fn each_example_at_80_columns() {
    insta::assert_snapshot!("80", all(80, Gate::Eligibility));
}

#[test]
fn each_example_at_40_columns() {
    let text = all(40, Gate::Eligibility);
    let long = |line: &&str| line.chars().count() > 40 && !line.starts_with("https://") && !line.starts_with("$ ");
    let long: Vec<&str> = text.lines().filter(long).filter(|line| !line.contains("(examples/")).collect();
    assert!(long.is_empty(), "{long:?}");
    insta::assert_snapshot!("40", text);
}

#[test]
fn each_example_with_each_gate() {
    insta::assert_snapshot!("application", all(80, Gate::Application));
    insta::assert_snapshot!("go_live", all(80, Gate::GoLive));
}

fn report(file: &str, gate: Gate) -> Value {
    let ran = run(&["check", file, "--format", "json", "--gate", gate.id()], "");
    serde_json::from_str(&ran.out).expect("a report")
}

/// What an answer is called, and where it stands.
fn label_and_place(given: &Value) -> (String, String) {
    let rulebook = support::builtin();
    let id = given["question"].as_str().expect("an id");
    let (_, question) = rulebook.question(id).expect("a question");
    let answer = question.answer(given["answer"].as_str().expect("one value")).expect("an answer");
    (format!("\"{}\"", question.label(&answer)), format!(":{})", given["line"]))
}

#[test]
fn a_screen_holds_what_came_of_it_why_and_where_to_go() {
    let titles: BTreeSet<String> = support::builtin().outcomes.iter().map(|text| text.title.clone()).collect();
    let mut deciding = 0;
    for (file, gate) in examples().into_iter().flat_map(|file| Gate::ALL.map(|gate| (file.clone(), gate))) {
        let (ran, report) = (check(80, &file, gate), report(&file, gate));
        let (text, case) = (ran.out, format!("{file} --gate {gate}"));
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(rows(&text, 80) <= ROWS, "{case} fills {} rows\n{text}", rows(&text, 80));
        assert!(text.lines().all(|line| line.chars().count() <= 80 || line.starts_with("https://")), "{text}");

        let headline = text.lines().nth(1).expect("a second line");
        let title = titles.iter().find(|title| headline.starts_with(title.as_str()));
        let outcome = report["outcome"].as_str().expect("an outcome");
        let expected = eligibility::rulebook::Outcome::named(outcome).expect("an outcome");
        assert_eq!(title, Some(&support::builtin().outcome_text(expected).title), "{case}\n{text}");
        assert!(text.contains("\nhttps://"), "{case} has no address\n{text}");

        for criterion in report["criteria"].as_array().expect("criteria") {
            let because = criterion["because"].as_array().expect("a reason");
            if criterion["status"] == "met" || because.is_empty() {
                continue;
            }
            let named = because.iter().map(label_and_place).filter(|(label, place)| {
                words.contains(label.as_str())
                    && words[words.find(label.as_str()).unwrap_or(0)..].contains(place.as_str())
            });
            assert!(named.count() > 0, "{case}: no answer to {} in\n{text}", criterion["id"]);
            deciding += 1;
        }

        let of_outcome = match outcome {
            "meets_criteria" => 0,
            "needs_discussion" => 3,
            "does_not_meet" => 4,
            _ => 5,
        };
        if ran.code == of_outcome {
            assert!(!headline.contains(", but "), "{case}\n{text}");
            continue;
        }
        let lacking = if report["fit"]["outcome"] == "does_not_fit" {
            "NHS login does not fit".to_owned()
        } else {
            format!("gate {gate} lacks: ")
        };
        assert!(headline.contains(&format!(", but {lacking}")), "{case}: {headline} does not say {lacking}");
        let explained = text.lines().any(|line| {
            ["Blocker", "Not prepared", "Not there yet", "Not sure", "Not answered yet", "Not known yet"]
                .iter()
                .any(|words| line.starts_with(&format!("  {words}")))
        });
        assert!(explained, "{case}\n{text}");
    }
    assert!(deciding > 20, "{deciding}");
}

#[test]
fn what_a_gate_asks_for_is_told_whatever_the_outcome() {
    for (file, gate) in examples().into_iter().flat_map(|file| Gate::ALL.map(|gate| (file.clone(), gate))) {
        let (text, report) = (check(80, &file, gate).out, report(&file, gate));
        let lacking = report["gate"]["lacking"].as_array().expect("ids");
        let is_lacking = lacking.iter().any(|id| id != "outcome" && id != "fit");
        let told = ["lacks: ", "also lacks: "].iter().any(|words| text.contains(&format!("ate {gate} {words}")));
        assert_eq!(told, is_lacking, "{file} --gate {gate}\n{text}");
    }
}

#[test]
fn no_id_of_a_question_or_an_answer_is_shown() {
    let rulebook = support::builtin();
    let ids: Vec<&str> = rulebook.questions.iter().map(|question| question.id.as_str()).collect();
    let text = all(80, Gate::GoLive).replace("examples/", "");
    let shown: Vec<&&str> = ids
        .iter()
        .filter(|id| {
            id.contains('_') && text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == **id)
        })
        .collect();
    assert!(shown.is_empty(), "{shown:?}");
}

#[test]
fn colour_adds_nothing_but_colour_and_links_are_made_only_where_they_are_understood() {
    for file in examples() {
        let plain = check(80, &file, Gate::GoLive).out;
        let coloured = run_on(COLOURS, &["check", &file, "--gate", "go-live"], "").out;
        assert!(coloured.contains('\u{1b}') && !coloured.contains("\u{1b}]8"), "{coloured}");
        assert_eq!(without_colour(&coloured), plain, "{file}");
        let linked = run_on(Terminal { links: true, ..on(80) }, &["check", &file, "--gate", "go-live"], "").out;
        let (open, close) = ("\u{1b}]8;;", "\u{1b}\\");
        let address = linked.split(open).nth(1).and_then(|rest| rest.split(close).next()).expect("a link");
        assert!(address.starts_with("https://"), "{address}");
        assert_eq!(
            linked.replace(&format!("{open}{address}{close}"), "").replace(&format!("{open}{close}"), ""),
            plain
        );
        // A pipe is no terminal, whatever is set.
        let piped =
            run_on(Terminal { links: true, stdout: None, ..on(80) }, &["check", &file, "--color", "always"], "");
        assert!(!piped.out.contains("\u{1b}]8"), "{}", piped.out);
    }
}

#[test]
fn several_files_take_three_rows_each_and_are_counted() {
    let files = examples();
    let args: Vec<&str> = std::iter::once("check").chain(files.iter().map(String::as_str)).collect();
    let text = run_on(on(80), &args, "").out;
    assert!(text.lines().count() <= 3 * files.len() + 5, "{text}");
    for file in &files {
        assert!(text.lines().any(|line| line.starts_with(&format!("{file}: "))), "{file}");
    }
    insta::assert_snapshot!("several", text);
}

/// Markdown tells what a screen tells, and where it is from.
#[test]
fn markdown_tells_the_scenario_what_would_change_it_and_where_to_go() {
    let words = |text: &str| text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut changes, scenarios) = (0, support::builtin().scenarios.clone());
    for file in examples() {
        let ran = run(&["check", &file, "--format", "markdown"], "");
        let (told, report) = (words(&ran.out), report(&file, Gate::Eligibility));
        let titles: Vec<&str> = match report["scenario"]["title"].as_str() {
            Some(title) => vec![title],
            None => {
                let ids: Vec<&str> =
                    report["possible_scenarios"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
                scenarios.iter().filter(|it| ids.contains(&it.id.as_str())).map(|it| it.title.as_str()).collect()
            }
        };
        assert!(!titles.is_empty() && titles.iter().all(|title| told.contains(title)), "{file}: {titles:?}\n{told}");
        let is_told = !report["changes"].as_array().unwrap().is_empty() && report["outcome"] != "incomplete";
        assert_eq!(told.contains("What would lead to “Meets the published criteria”"), is_told, "{file}\n{told}");
        changes += usize::from(is_told);
        let (_, steps) = told.split_once("Next steps").expect("next steps");
        for (number, step) in (1..).zip(report["next_steps"].as_array().unwrap()) {
            let title = step["title"].as_str().unwrap().trim_end_matches('.');
            assert!(steps.contains(&format!("{number}. **{title}.**")), "{file}: {title}\n{steps}");
        }
        for step in report["next_steps"].as_array().unwrap() {
            let page = if step["go_to"].is_null() { &step["source"] } else { &step["go_to"] };
            assert!(steps.contains(&format!("]({})", page["url"].as_str().unwrap())), "{file}: {page}\n{steps}");
        }
    }
    assert!(changes > 5, "{changes}");
}

/// Nobody reads "Find out: sign a contract".
#[test]
fn what_is_to_be_found_out_and_what_is_to_be_done_are_told_apart() {
    let said = |sets: &[&str]| {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let args: Vec<&str> = ["check", "examples/pilot.yaml"].into_iter().chain(sets).collect();
        run(&args, "").out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(said(&[]).contains("Find out: whether your pilot counts as in development"), "{}", said(&[]));
    let mixed = said(&["sponsor=none", "native_verification=no"]);
    let words = "What you can do: find out whether your pilot counts as in development; and get an NHS organisation or a council to sponsor it, as one that has signed";
    assert!(mixed.contains(words), "{mixed}");
}

/// A report that is sent on does not pass off what the command line says as what the file says.
#[test]
fn what_set_gives_over_a_file_is_told_in_each_format_for_people() {
    let set = ["--set", "commission=none"];
    for form in [&["--full"][..], &[], &["--format", "markdown"], &["--format", "html"]] {
        let told =
            |input: &[&str]| run(&[input, &set, form].concat(), "").out.replace('\\', "").contains("commission=none.");
        assert!(told(&["check", "examples/live_and_commissioned.yaml"]), "{form:?}");
        assert!(!told(&["check"]), "{form:?}: nothing is in a file");
        let args = ["check", "examples/live_and_commissioned.yaml", "--set", "commission="];
        let ran = run(&[&args, form].concat(), "");
        assert!(ran.out.replace('\\', "").contains("commission= (no answer)."), "{form:?}: an answer is taken away");
    }
    let several = run(&["check", "examples/subscription.yaml", "examples/pilot.yaml", "--set", "commission=none"], "");
    assert!(several.out.contains("\nGiven with --set, not in the files: commission=none.\n"), "{}", several.out);
}

/// Two thousand products by chance, at each gate, with answers of the command line and without.
#[test]
fn up_to_two_open_criteria_fit_on_a_screen_at_every_gate() {
    let rules = Rulebook::builtin().expect("the rules are sound");
    let mut tape = 0x2545_f491_4f6c_dd1d_u64;
    let mut chance = |sides: usize| {
        tape = tape.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(tape >> 33).expect("31 bits") % sides
    };
    let (mut seen, mut long) = (0, Vec::new());
    for number in 0..2000 {
        let mut file =
            format!("product: Fernhollow Video Visits {number}\norganisation: Fernhollow Health Software\nanswers:\n");
        let mut words = Vec::new();
        let sections: Vec<usize> = (0..4).map(|_| chance(3)).collect();
        for question in &rules.questions {
            let options = question.options.len();
            // A better answer stands first, and comes up more often.
            let answer = match question.kind {
                Kind::Text => Answer::Text("Told in a few words".to_owned()),
                _ if question.takes_not_sure() && chance(9) == 0 => Answer::NotSure,
                Kind::Choices => Answer::Many(u64::from(question.none().is_none()).max(chance(1 << options) as u64)),
                _ => Answer::One(chance(options).min(chance(options))),
            };
            let written = question.written(&answer);
            words.push((question.id.clone(), question.words(&answer)));
            let is_left = sections[question.section as usize] == 0 && chance(2) == 0;
            if !is_left {
                writeln!(file, "  {}: {written}", question.id).expect("a text");
            }
        }
        for gate in Gate::ALL {
            for count in [0, 2, 6] {
                let given = set::read(&words[..count], &rules).expect("answers");
                let judging = Judging { gate, set: given, ..Judging::new(&rules) };
                let input = Input { name: "examples/framework_only.yaml".to_owned(), ..Input::default() };
                let checked = judging.check_document(input, 1, file.as_bytes());
                let Some(report) = checked.report() else { continue };
                let open = report.assessment.criteria.iter().filter(|it| it.status != Status::Met).count();
                if open > 2 {
                    continue;
                }
                seen += 1;
                let text = Format::Text.render(Extent::Short, &checked, Style::PLAIN);
                if rows(&text, 80) > ROWS {
                    long.push(format!("{gate}, {count} set, {} rows:\n{text}", rows(&text, 80)));
                }
            }
        }
    }
    assert!(seen > 1000, "{seen}");
    assert!(
        long.is_empty(),
        "{} of {seen}\n{}",
        long.len(),
        long.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
    );
}

/// "Fit: yes" alone would say that there is nothing to look at.
#[test]
fn notes_on_the_fit_are_named_beside_it() {
    let said = |scopes: &str| {
        let set = ["--set", &format!("scopes={scopes}"), "--set", "identity_level=medium"];
        let ran = run(&[&["check", "examples/live_and_commissioned.yaml"][..], &set].concat(), "");
        ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(said("openid").contains("Fit: yes. "), "{}", said("openid"));
    let both = said("profile;basic_demographics");
    let words = "Fit: yes, with 2 notes (Choose one of two scopes; The NHS number at the medium level). ";
    assert!(both.contains(words), "{both}");
    let condition = said("profile;basic_demographics;gp_integration_credentials");
    assert!(condition.contains(") and 2 notes (Choose one of two scopes; "), "{condition}");
}

/// Whatever is known of the fit is named, whatever else is open.
#[test]
fn the_fit_names_what_it_counts() {
    let said = |file: &str, sets: &[&str]| {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let args: Vec<&str> = ["check", file].into_iter().chain(sets).collect();
        let ran = run(&args, "");
        assert!(rows(&ran.out, 80) <= ROWS, "{}", ran.out);
        ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let live = "examples/live_and_commissioned.yaml";
    let open = said(live, &["login_use="]);
    assert!(open.contains("Fit: 1 question left. "), "{open}");
    let condition = said(live, &["login_use=", "clinical_authorisation=yes"]);
    let names =
        condition.split_once("Fit: 1 condition (").and_then(|(_, rest)| rest.split_once("), 1 question left. "));
    assert!(names.is_some_and(|(names, _)| names.len() < 60), "{condition}");
    let blocked = said("examples/subscription.yaml", &["login_use=other"]);
    assert!(blocked.contains("Fit: no (") && !blocked.contains("Fit: no ()"), "{blocked}");
}

/// Where rows are short, it is not the question of a short answer that goes.
#[test]
fn a_short_answer_has_its_question_even_on_a_full_screen() {
    let pilot = std::fs::read_to_string(support::crate_path("examples/pilot.yaml")).expect("an example");
    let answers = ["native_verification: no", "login_use: one_off_gp_credentials"];
    let changed = pilot.lines().map(|line| {
        let key = |answer: &&&str| line.trim_start().starts_with(answer.split_inclusive(':').next().unwrap_or(answer));
        answers.iter().find(key).map_or_else(|| line.to_owned(), |answer| format!("  {answer}"))
    });
    let ran = run(&["check", "-"], &changed.collect::<Vec<_>>().join("\n"));
    assert!(rows(&ran.out, 80) <= ROWS, "{}", ran.out);
    let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("\"No\" to \"") && words.contains("Blocker"), "{words}");
}

/// What keeps one of several files from passing is in its rows, whatever it is.
#[test]
fn each_of_several_files_says_why_it_does_not_pass() {
    let invalid = "tests/awkward/invalid, 50%.yaml";
    let files = ["examples/no_sponsor.yaml", "examples/subscription.yaml", invalid, "examples/none.yaml"];
    let set = ["--gate", "application", "--set", "login_use=one_off_gp_credentials"];
    let text = run(&[&["check"], &files[..], &set].concat(), "").out;
    for words in [
        "but NHS login does not fit. Gate application also l…\n  To discuss: 4. ",
        "Does not meet the published criteria. NHS login does not fit. Gate applicatio…\n  Not met: 5. ",
        "\n  A001: ",
        "Could not be read\n  cannot read",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

/// A short label such as "No" says nothing without its question, and a question is named once for all its answers.
#[test]
fn it_is_told_which_question_a_short_answer_answers() {
    let said = |args: &[&str]| run(args, "").out.split_whitespace().collect::<Vec<_>>().join(" ");
    let no = said(&["check", "examples/live_password_only.yaml"]);
    let words = "You said \"No\" to \"Without NHS login, does your product both check identity and sign people in by itself?\" (";
    assert!(no.contains(words), "{no}");
    let charges = "What do patients pay, or what will they pay, to use your product and to get the care it leads to?";
    let unsure = said(&["check", "examples/live_and_commissioned.yaml", "--set", "patient_charges=not_sure"]);
    assert!(unsure.contains(&format!("You said \"not sure\" to \"{charges}\".")), "{unsure}");
    let words = format!("Find out: whether the answer to \"{charges}\" is \"Nothing\", or \"Only charges the NHS sets");
    assert!(unsure.contains(&words), "{unsure}");
}

/// What depends on missing answers is said once for all of them, whichever they are.
#[test]
fn changes_that_need_missing_answers_are_told_by_what_is_given() {
    let answers = "product: P\nanswers:\n  patient_charges: supplier_charges\n";
    let said = run(&["check", "-"], answers).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = "What you can do: charge people nothing of your own, for the product or for the care it leads to, \
                 or charge people nothing but what the NHS sets, such as the prescription charge, if the answers still \
                 missing allow it. Next";
    assert!(said.contains(words), "{said}");
}

#[test]
fn answers_that_only_together_leave_a_criterion_open_are_all_told() {
    let pilot = "product: x\nanswers: {stage: pilot, gp_registered_patients: yes, nhs_services_in_england: yes, \
                 patient_facing: patients, health_or_care_benefit: yes, patient_charges: free, native_verification: yes, \
                 sponsor: own_organisation, commission: own_organisation}\n";
    let said = |args: &[&str]| run(args, pilot).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let short = said(&["check", "-"]);
    assert!(short.contains("A pilot may be live or in development."), "{short}");
    for label in ["In a pilot", "build it for ourselves", "run it for ourselves"] {
        assert!(short.contains(label), "{label}\n{short}");
    }
    let full = said(&["check", "-", "--full"]);
    for says in ["It does not say which a pilot is.", "can sponsor its own product", "what counts for your own product"]
    {
        assert!(full.contains(says), "{says}\n{full}");
    }
}

#[test]
fn everything_is_in_the_full_report() {
    let full = run(&["check", "examples/ready_for_everything.yaml", "--full"], "").out;
    insta::assert_snapshot!("full", full);
    let words = full.split_whitespace().collect::<Vec<_>>().join(" ");
    let report = report("examples/ready_for_everything.yaml", Gate::Eligibility);
    let texts = report["answers"].as_array().expect("answers").iter().flat_map(|given| {
        ["evidence", "note"].into_iter().filter_map(|key| given[key].as_str().map(str::to_owned)).collect::<Vec<_>>()
    });
    let written = report["application"].as_array().expect("topics").iter().flat_map(|topic| {
        topic["answers"]
            .as_array()
            .expect("answers")
            .iter()
            .filter_map(|given| {
                let (_, question) =
                    support::builtin().question(given["question"].as_str()?).map(|(i, q)| (i, q.clone()))?;
                (question.kind == eligibility::question::Kind::Text)
                    .then(|| given["answer"].as_str().unwrap_or_default().to_owned())
            })
            .collect::<Vec<_>>()
    });
    let sources = report["sources"]
        .as_array()
        .expect("sources")
        .iter()
        .map(|page| page["url"].as_str().unwrap_or_default().to_owned());
    let all: Vec<String> = texts.chain(written).chain(sources).collect();
    assert!(all.len() > 10, "{all:?}");
    for text in all {
        assert!(words.contains(&text.split_whitespace().collect::<Vec<_>>().join(" ")), "{text}");
    }
}

#[test]
fn a_blocker_is_explained_whatever_else_the_gate_asks_for() {
    let args = ["check", "examples/one_off_gp_credentials.yaml", "--gate", "go-live"];
    let lacking = ["--set", "dcb3051_read=no", "--set", "commission_evidence=none"];
    let ran = run(&[&args[..], &lacking].concat(), "");
    let mut below = ran.out.lines().skip_while(|line| !line.trim_start().starts_with("Blocker"));
    assert!(below.any(|line| line.contains("You said \"")), "{}", ran.out);
    assert!(ran.code == 4 && ran.out.lines().count() <= 23, "{}", ran.out);
}
