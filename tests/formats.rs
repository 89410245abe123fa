//! Every format, on the same awkward set of products.

mod support;

use eligibility::report::Format;
use support::run;

/// One that meets the criteria, one whose name attacks every format, one with "not sure" and letters of many bytes, one
/// with nothing answered, one that is not valid, one that is not there, and one from standard input.
const FILES: [&str; 7] = [
    "tests/awkward/meets.yaml",
    "tests/awkward/hostile.yaml",
    "tests/awkward/unsure.json",
    "tests/awkward/incomplete.yaml",
    "tests/awkward/invalid, 50%.yaml",
    "tests/awkward/not there.yaml",
    "-",
];
const RULES: [&str; 2] = ["--rules", "tests/packs/allotment"];
const STDIN: &str = "product: From standard input\nanswers: {open_to_neighbours: yes}\n";

fn check(format: Format, more: &[&str]) -> support::Ran {
    let args = [&["check"], &RULES[..], &FILES, &["--format", format.id()], more].concat();
    run(&args, STDIN)
}

/// The version of the program stands on the lines below its name.
fn without_version(out: &str) -> String {
    let mut tool = 0;
    let line = |line: &str| {
        tool = if line.contains("\"name\": \"nhs-login-eligibility\"") { 4_usize } else { tool.saturating_sub(1) };
        let line = if tool > 0 { line.replace(env!("CARGO_PKG_VERSION"), "[VERSION]") } else { line.to_owned() };
        line + "\n"
    };
    out.lines().map(line).collect()
}

#[test]
fn every_format_says_the_same_of_the_same_products() {
    for format in Format::supported(Format::is_for_one) {
        let ran = check(format, &[]);
        assert_eq!(ran.code, 1, "{format:?}");
        assert!(ran.err.ends_with("10 of 21 criteria assessed, 5 of 7 files.\n"), "{}", ran.err);
        insta::assert_snapshot!(format.id(), without_version(&ran.out));
    }
}

#[test]
fn what_is_said_beside_the_report_is_the_same_in_every_format() {
    let said = check(Format::Text, &[]).err;
    insta::assert_snapshot!("standard_error", said);
    for format in Format::supported(Format::is_for_one) {
        assert_eq!(check(format, &[]).err, said, "{format:?}");
    }
}

#[test]
fn the_last_gate_shows_all_there_is() {
    for format in [Format::Junit, Format::Tap, Format::Markdown] {
        let ran = check(format, &["--gate", "go-live", "--fail-on", "incomplete"]);
        insta::assert_snapshot!(format!("go_live_{}", format.id()), ran.out);
    }
}

#[test]
fn a_blocker_that_an_answer_leaves_open_fails_the_gate_in_every_format() {
    let args = ["check", "examples/ready_for_everything.yaml", "--set", "login_use=not_sure", "--gate", "application"];
    for (format, failure) in [
        ("text", "but gate application lacks: an answer on fit"),
        ("tap", "not ok"),
        ("junit", "<failure"),
        ("github", "::warning"),
        ("sarif", "\"level\": \"warning\",\n          \"message\""),
    ] {
        let ran = run(&[&args[..], &["--format", format]].concat(), "");
        assert!(ran.code == 5 && ran.out.contains(failure), "{format}: {}", ran.out);
    }
}

/// Two products of one name are told apart by who makes them.
#[test]
fn every_report_on_a_product_names_its_organisation() {
    let answers = "product: My Royal\norganisation: Royal Trust\nanswers: {stage: live}\n";
    for (format, named) in [
        ("text", "My Royal (Royal Trust)\n"),
        ("markdown", "## My Royal (Royal Trust)\n"),
        ("html", "My Royal (Royal Trust)"),
        ("json", "\"organisation\": \"Royal Trust\""),
    ] {
        let out = run(&["check", "--format", format, "-"], answers).out;
        assert!(out.contains(named), "{format}\n{out}");
    }
}

/// Who was not at the terminal is told what the gate asks for, and each check that stands in the way.
#[test]
fn a_report_that_is_sent_on_names_what_keeps_it_from_passing() {
    let told = |example: &str, gate: &str, format: &[&str]| {
        let file = format!("examples/{example}.yaml");
        run(&[&["check", &file, "--gate", gate], format].concat(), "").out.replace('\\', "")
    };
    for (example, gate, asks, in_the_way) in [
        (
            "one_off_gp_credentials",
            "eligibility",
            "the criteria are met, and nothing blocks the fit",
            vec!["NHS login used only once, for GP credentials: Blocker"],
        ),
        (
            "no_sponsor",
            "go-live",
            "everything needed before going live is there",
            vec!["Commissioned, or sponsored in development: To discuss", "When you want to be live: Not prepared"],
        ),
    ] {
        for format in [&["--full"][..], &["--format", "markdown"], &["--format", "html"]] {
            let out = told(example, gate, format);
            let (_, rest) = out.split_once(&format!("Gate {gate} ({asks}): ")).expect("the gate");
            let (lead, rest) = rest.split_once("In the way:").expect("what is in the way");
            assert!(lead.contains("not passed"), "{format:?}: {lead}");
            assert!(in_the_way.iter().all(|it| rest.contains(it)), "{example} {format:?}: {rest}");
        }
    }
    let page = told("one_off_gp_credentials", "eligibility", &["--format", "html"]);
    assert!(page.contains("NHS login does not fit: NHS login used only once, for GP credentials.</span>"), "{page}");
}

#[test]
fn no_format_lets_a_control_character_or_a_command_through() {
    for format in Format::supported(Format::is_for_one) {
        let out = check(format, &[]).out;
        assert!(!out.contains(['\u{1b}', '\u{202e}', '\r']), "{format:?}");
        assert!(!out.lines().any(|line| line.starts_with("::error::x")), "{format:?}");
    }
}

/// The same products as records of every kind of file, in one that is not there, and in one whose columns are wrong.
const TRIAGED: [&str; 7] = [
    "tests/awkward/meets.yaml",
    "tests/awkward/hostile.yaml",
    "tests/awkward/records.jsonl",
    "tests/awkward/rows.csv",
    "tests/awkward/wrong header.csv",
    "tests/awkward/not there.yaml",
    "-",
];

fn triage(format: &str, more: &[&str]) -> support::Ran {
    let args = [&["triage"], &RULES[..], &TRIAGED, &["--input-format", "yaml", "--format", format], more].concat();
    run(&args, STDIN)
}

fn triage_formats() -> Vec<String> {
    Format::supported(Format::is_for_many).map(|format| format.id().to_owned()).collect()
}

#[test]
fn triage_says_the_same_in_every_format() {
    let said = triage("text", &[]).err;
    insta::assert_snapshot!("triage_standard_error", said);
    for format in triage_formats() {
        let ran = triage(&format, &[]);
        assert_eq!((ran.code, ran.err.as_str()), (1, said.as_str()), "{format}");
        insta::assert_snapshot!(format!("triage_{format}"), without_version(&ran.out));
    }
}

#[test]
fn triage_tells_of_a_product_what_check_tells_of_it() {
    let files = ["tests/awkward/meets.yaml", "tests/awkward/unsure.json", "tests/awkward/invalid, 50%.yaml"];
    for format in ["junit", "github", "gitlab", "tap"] {
        let of = |command: &str, more: &[&str]| {
            run(&[&[command], &RULES[..], &files, &["--format", format], more].concat(), "").out
        };
        let checked = of("check", &["--allow", "A008"]).replace("3 files", "3 products");
        assert_eq!(of("triage", &[]), checked, "{format}");
    }
}

#[test]
fn triage_writes_several_reports_in_one_run_each_what_it_is_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = |name: &str| folder.path().join("made/for/it").join(name).to_str().expect("UTF-8").to_owned();
    let formats = triage_formats();
    let reports: Vec<String> =
        formats.iter().flat_map(|format| ["--report".to_owned(), format!("{format}={}", to(format))]).collect();
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    for more in
        [&[][..], &["--only", "needs_discussion"], &["--sort", "product", "--group-by", "outcome"], &["--limit", "2"]]
    {
        let ran = triage("csv", &[more, &reports].concat());
        assert_eq!((ran.code, ran.out), (1, triage("csv", more).out));
        for format in &formats {
            let written = support::shown(std::fs::read(to(format)).expect("the report"));
            let everything = ["html", "junit", "sarif", "github", "gitlab", "tap"].contains(&format.as_str());
            assert_eq!(written, triage(format, if everything { &[] } else { more }).out, "{format} {more:?}");
        }
        let names = std::fs::read_dir(folder.path().join("made/for/it")).expect("the folder").count();
        assert_eq!(names, formats.len(), "nothing half written is left behind");
    }
}

#[test]
fn what_tells_everything_of_every_product_takes_no_choice_of_them() {
    for format in ["html", "junit", "sarif", "github", "gitlab", "tap"] {
        for more in [
            ["--only", "incomplete"],
            ["--sort", "outcome"],
            ["--group-by", "missing"],
            ["--limit", "1"],
            ["--fields", "fit"],
        ] {
            let ran = triage(format, &more);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{format} {more:?}");
            assert!(ran.err.contains("does not go with --format"), "{}", ran.err);
        }
    }
}

#[test]
fn broken_rules_are_reported_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("criteria.yaml"), "criteria: {}\n").expect("a file");
    let rules = folder.path().to_str().expect("a path in UTF-8");
    for format in Format::supported(Format::is_for_one) {
        let file = "tests/awkward/meets.yaml";
        let ran = run(&["check", "--rules", rules, file, file, "--format", format.id()], "");
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert_eq!(ran.out.is_empty(), format == Format::Text, "{format:?}");
        assert!(ran.err.ends_with("0 of 0 criteria assessed, 0 of 1 files.\n"), "{}", ran.err);
    }
}

#[test]
fn several_reports_are_written_in_one_run_in_folders_that_are_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = |name: &str| folder.path().join("made/for/it").join(name).to_str().expect("UTF-8").to_owned();
    let reports: Vec<String> = Format::supported(Format::is_for_one)
        .flat_map(|format| ["--report".to_owned(), format!("{0}={1}", format.id(), to(format.id()))])
        .collect();
    let args: Vec<&str> = reports.iter().map(String::as_str).collect();
    let ran = check(Format::Text, &args);
    assert_eq!(ran.code, 1);
    for format in Format::supported(Format::is_for_one) {
        let written = std::fs::read_to_string(to(format.id())).expect("the report");
        assert_eq!(written, check(format, &[]).out, "{format:?}");
    }
    let names = std::fs::read_dir(folder.path().join("made/for/it")).expect("the folder").count();
    assert_eq!(names, Format::supported(Format::is_for_one).count(), "nothing half written is left behind");
}

#[test]
fn a_report_that_cannot_be_written_fails_and_leaves_the_others() {
    for command in ["check", "triage"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
        std::fs::write(path("file"), "kept").expect("a file");
        let (bad, good) = (format!("junit={}", path("file/under.xml")), format!("tap={}", path("good.tap")));
        let ran = run(&[command, "--rules", RULES[1], FILES[0], "--report", &bad, "--report", &good], "");
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains("cannot create the folder"), "{}", ran.err);
        assert!(ran.out.contains("Cinder Lane Garden"));
        assert!(std::fs::read_to_string(path("good.tap")).expect("the other report").starts_with("TAP version 13"));
        assert_eq!(std::fs::read_to_string(path("file")).expect("the file in the way"), "kept");
    }
}

/// Runs that are awkward for readers who take two things of one name for one: products, files and problems that are alike.
fn awkward_runs() -> Vec<String> {
    let awkward: Vec<&str> = FILES.into_iter().filter(|file| *file != "-").collect();
    let twice = ["./tests/awkward/meets.yaml", "tests/awkward/meets.yaml", "tests//awkward/hostile.yaml"];
    let check = [
        &awkward[..],
        &twice,
        &["tests/awkward/invalid, 50%.yaml", "./tests/awkward/invalid, 50%.yaml", "not there.yaml", "nor this.yaml"],
        &["tests/awkward/*.yaml", "tests/awkward"],
        &["-"],
    ];
    let triage =
        [&["tests/awkward"][..], &["tests/awkward/rows.csv", "tests/awkward/wrong header.csv"], &TRIAGED[..6], &twice];
    let runs = check.into_iter().map(|files| ("check", files)).chain(triage.into_iter().map(|files| ("triage", files)));
    let gates = [&[][..], &["--gate", "go-live"], &["--fail-on", "does_not_meet"]];
    let lines = runs
        .flat_map(|(command, files)| gates.map(|gate| [&[command], &RULES[..], files, gate].concat().join("\u{1f}")));
    lines.collect()
}

fn written(line: &str, format: &str) -> String {
    let args: Vec<&str> = line.split('\u{1f}').chain(["--format", format]).collect();
    run(&args, STDIN).out
}

fn assert_unique(names: &[String], what: &str) {
    let unique: std::collections::BTreeSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "{what}\n{}", names.join("\n"));
}

#[test]
fn a_reader_that_knows_things_by_name_or_fingerprint_loses_none() {
    let attribute = |tag: &str, name: &str| {
        let (_, value) = tag.split_once(&format!(" {name}=\"")).expect(name);
        value.split('"').next().expect("a value").to_owned()
    };
    let (mut cases, mut entries) = (0, 0);
    for line in awkward_runs() {
        // GitLab knows a test by its class and name.
        let junit = written(&line, "junit");
        let tags = junit.split("<testcase").skip(1);
        let names: Vec<String> = tags.map(|tag| attribute(tag, "name") + " " + &attribute(tag, "classname")).collect();
        cases += names.len();
        assert_unique(&names, &line);
        let quality: Vec<serde_json::Value> = serde_json::from_str(&written(&line, "gitlab")).expect("an array");
        let fingerprints: Vec<String> = quality.iter().map(|entry| entry["fingerprint"].to_string()).collect();
        entries += fingerprints.len();
        assert_unique(&fingerprints, &line);
        for entry in &quality {
            let text = |value: &serde_json::Value| value.as_str().is_some_and(|text| !text.is_empty());
            assert!(text(&entry["description"]) && text(&entry["check_name"]), "{entry}");
            assert!(["info", "minor", "major", "critical", "blocker"].map(Into::into).contains(&entry["severity"]));
            assert!(text(&entry["location"]["path"]) && entry["location"]["lines"]["begin"].is_u64(), "{entry}");
        }
        let sarif: serde_json::Value = serde_json::from_str(&written(&line, "sarif")).expect("a log");
        let results = sarif["runs"][0]["results"].as_array().expect("results");
        let print = |result: &serde_json::Value| result["partialFingerprints"]["primaryLocationLineHash"].to_string();
        assert_unique(&results.iter().map(print).collect::<Vec<_>>(), &line);
        assert!(!sarif.to_string().contains("\"uri\":\"./"), "{line}");
        for result in results {
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            assert!(place.as_str().is_some_and(|uri| !uri.is_empty()), "GitHub would refuse all of it: {result}");
        }
        let artifacts = sarif["runs"][0]["artifacts"].as_array().expect("artifacts");
        let addresses: Vec<String> = artifacts.iter().map(|artifact| artifact["location"].to_string()).collect();
        if line.starts_with("check") {
            assert_unique(&addresses, &line);
        }
    }
    assert!(cases > 300 && entries > 300, "{cases} {entries}");
}

#[test]
fn of_annotations_errors_come_first_and_the_summary_is_among_the_first_ten() {
    let mut many = 0;
    for line in awkward_runs() {
        let text = written(&line, "github");
        let level =
            |line: &str| ["::error ", "::warning ", "::notice "].iter().position(|level| line.starts_with(level));
        let summary = text.lines().position(|line| line.starts_with("::notice title=Summary::")).expect("a summary");
        let levels: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(at, _)| *at != summary)
            .map(|(_, line)| level(line).expect(line))
            .collect();
        assert!(levels.is_sorted(), "{line}\n{text}");
        assert!(summary < 10, "{line}\n{text}");
        many += usize::from(levels.iter().filter(|level| **level == 0).count() > 10);
    }
    assert!(many > 0, "no run has more errors than are shown");
}

/// Each report that a person keeps says once, before it first matters, whose words those are that are marked as ours.
#[test]
fn what_is_ours_is_told_from_what_is_published() {
    for (format, more) in [("text", &["--full"][..]), ("markdown", &[]), ("html", &[])] {
        let of = |args: &[&str]| {
            let out = run(&[&["check"], args, &["--format", format], more].concat(), "").out;
            out.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let out = of(&["examples/framework_only.yaml"]);
        let legend = "comes from the authors of these rules, and not from NHS England.";
        assert_eq!(out.matches(legend).count(), 1, "{format}: {out}");
        let (before, _) = out.split_once(legend).expect("the legend");
        assert!(
            !before.contains("Our interpretation.") && before.matches("Our reading:").count() < 2,
            "{format}: {before}"
        );
        let nobodys = of(&["tests/awkward/unsure.json", "--rules", "tests/packs/allotment"]);
        assert!(!nobodys.contains("the authors of these rules"), "{format}: {nobodys}");
    }
}

/// The words of a text, however it is wrapped and whatever it is escaped for.
fn words(text: &str) -> String {
    let text = text.replace('\\', "").replace("&#34;", "\"").replace("&quot;", "\"");
    text.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>().join(" ")
}

#[test]
fn every_format_says_once_whose_answers_it_rests_on_and_that_it_decides_nothing() {
    let rulebook = support::builtin();
    for format in Format::supported(Format::is_for_many) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report").display().to_string();
        for command in ["check", "triage"] {
            if command == "check" && !format.is_for_one() {
                continue;
            }
            for files in [&["examples/pilot.yaml"][..], &["examples/pilot.yaml", "examples/incomplete.yaml"]] {
                let set = ["--set", "commission=none", "--format", format.id(), "--output", &path];
                let ran = run(&[&[command], files, &set[..]].concat(), "");
                let written = support::shown(std::fs::read(&path).expect("a report"));
                let told = words(&format!("{written} {}", ran.err));
                let set = match format {
                    Format::Json if command == "check" => {
                        told.contains("\"question\": \"commission\", \"answer\": \"none\"")
                    }
                    _ => {
                        told.contains("iven with --set, not in the file")
                            || told.contains("iven with `--set`")
                            || told.contains("<code>--set</code>")
                    }
                };
                assert!(set, "{command} {files:?} {format:?}: {told}");
                // Rows for programs, and issues on lines, have no place for it.
                let is_rows = matches!((command, format), ("triage", Format::Csv | Format::Jsonl | Format::Json))
                    || format == Format::Gitlab;
                let disclaimer = [&rulebook.disclaimer, rulebook.short.as_ref().expect("a short one")];
                assert!(
                    is_rows || disclaimer.iter().any(|it| told.contains(&words(it))),
                    "{command} {files:?} {format:?}: {told}"
                );
            }
        }
    }
}

#[test]
fn what_cannot_both_be_true_is_told_with_both_places_before_what_would_change_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (answers, path) = (folder.path().join("answers.yaml"), folder.path().join("report"));
    let text = std::fs::read_to_string(support::crate_path("examples/framework_only.yaml")).expect("an example");
    let line = text.lines().position(|line| line.contains("answer: framework_only")).expect("the contract") + 1;
    let last = text.lines().count() + 1;
    std::fs::write(&answers, text + "  commission_evidence: nhs_or_local_authority_contract\n").expect("a file");
    for format in Format::supported(Format::is_for_one) {
        for extent in [&[][..], &["--full"]] {
            if format != Format::Text && !extent.is_empty() {
                continue;
            }
            let to = ["--output", path.to_str().expect("UTF-8"), "--format", format.id()];
            let ran = run(&[&["check", answers.to_str().expect("UTF-8")], &to[..], extent].concat(), "");
            assert_eq!(ran.code, 3, "{}", ran.err);
            let told = words(&std::fs::read_to_string(&path).expect("a report"));
            let at = told.find("cannot both be true").unwrap_or_else(|| panic!("{format:?}: {told}"));
            let changes = ["What you can do", "\"changes\""].iter().find_map(|words| told.find(words));
            assert!(changes.is_none_or(|changes| at < changes), "{format:?}: {told}");
            let places = match format {
                Format::Text | Format::Markdown | Format::Html => format!("{line} and {last}"),
                Format::Json => format!("\"also_at\": [ {{ \"line\": {last}"),
                // These have one place for each.
                Format::Junit | Format::Github => {
                    format!("line=\"{line}").replace('"', if format == Format::Junit { "\"" } else { "" })
                }
                Format::Gitlab => format!("\"begin\": {line}"),
                Format::Sarif => format!("\"startLine\": {last}"),
                Format::Tap => format!(":{line}:"),
                Format::Jsonl | Format::Csv | Format::Xlsx => unreachable!("of one product"),
            };
            assert!(told.contains(&places), "{format:?}, {places}: {told}");
        }
    }
}

#[test]
fn what_cannot_both_be_true_and_is_in_no_file_is_told_without_a_line() {
    let set = ["--set", "commission=none", "--set", "commission_evidence=nhs_or_local_authority_contract"];
    for extent in [&[][..], &["--full"]] {
        let ran = run(&[&["check", "examples/framework_only.yaml"], &set[..], extent].concat(), "");
        assert!(words(&ran.out).contains("A012: `commission: none` and `commission_evidence:"), "{}", ran.out);
    }
}

#[test]
fn a_report_to_keep_says_by_which_rules_it_was_made_and_how_it_ended() {
    let args = ["check", "examples/framework_only.yaml", "--format"];
    let json: serde_json::Value = serde_json::from_str(&run(&[&args[..], &["json"]].concat(), "").out).expect("JSON");
    let digest = json["rules"]["digest"].as_str().expect("a digest");
    for format in [&["text", "--full"][..], &["markdown"], &["html"]] {
        let ran = run(&[&args[..], format].concat(), "");
        assert!(
            ran.code == 3 && ran.out.contains(digest) && ran.out.contains("Exit code 3."),
            "{format:?}: {}",
            ran.out
        );
    }
}
