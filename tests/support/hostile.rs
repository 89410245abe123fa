//! Hostile text in every place a stranger can put it, and what is harmless.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use eligibility::report::Format;
use tempfile::TempDir;

use super::{Ran, crate_path, run};

/// What a stranger might write. None is blank, so each is a valid name.
pub(crate) const PAYLOADS: [&str; 28] = [
    "\u{1b}[31;1mred\u{1b}[0m \u{1b}[2J\u{1b}[1;1Hgone",
    "\u{1b}]0;title\u{7}\u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{9b}31mC1\u{9d}0;t\u{9c} \u{85}next \u{90}q",
    "over\rwritten\r\nby \u{8}\u{8}\u{8}\u{7}bell \u{b}\u{c}\u{7f}\u{0}",
    "safe \u{202e}txt.exe\u{202c} \u{2066}a\u{2069} \u{61c}\u{200f}",
    "a\u{200b}b\u{200d}c\u{2060}d\u{feff}e\u{ad}f\u{34f}g\u{3164}h\u{e0041}i\u{fe0f}",
    "\u{2028}line\u{2029}paragraph\u{fffe}\u{ffff}\u{fffb}\u{1fffe}",
    "::error::x",
    "first\n::error file=a,line=1::x\n::stop-commands::pause\n::set-output name=a::b",
    "\u{a0}::warning::x ::add-mask::e and %0A::error::y %25",
    "##[error]x a##[set-output name=a;]b ##vso[task.complete result=Failed]done ###[group]",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt; &#x41;",
    "[click](javascript:alert(1)) ![i](https://evil.example/i.png) <https://evil.example>",
    "https://evil.example www.evil.example http://evil.example ftp://evil.example mailto:a@evil.example a@evil.example",
    "`code` ```\nfence\n``` ~~~ *bold* __bold__ _i_ ~~del~~ $x$",
    "# heading\n## another\n- list\n1. one\n> quote\n\n    code\n---\n===\n| a | b |\n| - | - |\n[x]: https://evil.example",
    "a | b || c \\| d",
    "]]> <![CDATA[ --> <!-- <?xml?> &amp; &bogus; \" ' <",
    "\": [}{], # comment\n- x: y\n...\n---\n!!tag &anchor *alias %YAML",
    "\"},{\"x\":\"\\u0022 \\\\ \\n \\\" ' // /* */",
    "ok 7 - fake\nnot ok 8 # TODO x\nBail out! \\# # SKIP all\n1..0\n  ---\n  ...",
    "\"]; end\nn0 --> n9[\"x\"]\nclick n0 \"https://evil.example\"\n%%{init: {\"theme\": \"dark\"}}%% #quot; `md`",
    "\" shape=none, URL=\"https://evil.example\"]; } digraph \\\" \\N \\l {",
    "@name @org/team a@b #12 org/repo#3 hey@example.org (@x)",
    "a-long-word-that-is-broken-to-fit::error::x::warning::and-another-long-word-to-follow::set-output name=a::b",
    "[![x][y]] [^1] :smile: \\<b> &nbsp; <!--x--> {{ x }} ${x} {% x %}",
];
pub(crate) const HARMLESS: &str = "word";
/// How much of a text makes the name of a file.
const LONGEST_NAME: usize = 60;

/// Text as YAML and JSON take it, with nothing left to chance.
pub(crate) fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == ' ' => c.to_string(),
        c => format!("\\U{:08X}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Text as JSON, as it is wherever it can be.
pub(crate) fn in_json(text: &str) -> String {
    let escape = |c: char| match c {
        // YAML refuses these as they are, and so do records, which are read as YAML is.
        c if c.is_control() || u32::from(c) & 0xfffe == 0xfffe => {
            c.encode_utf16(&mut [0; 2]).iter().fold(String::new(), |mut escaped, unit| {
                let _ = write!(escaped, "\\u{unit:04x}");
                escaped
            })
        }
        '"' | '\\' => format!("\\{c}"),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// A folder with hostile files in it, and the command lines that read them.
pub(crate) struct World {
    pub(crate) folder: TempDir,
}

/// The keys of rule files whose texts a person is told.
const TEXTS: [&str; 22] = [
    "title",
    "summary",
    "disclaimer",
    "publisher",
    "url",
    "last_edited",
    "intro",
    "prompt",
    "hint",
    "label",
    "action",
    "says",
    "not_sure",
    "prepare",
    "meaning",
    "met",
    "to_discuss",
    "not_met",
    "reasoning",
    "term",
    "version",
    "unknown",
];

impl World {
    pub(crate) fn new(text: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let text_quoted = quoted(text);
        world.write(
            "answers.yaml",
            &format!(
                "product: {text_quoted}\norganisation: {text_quoted}\nrules: {{id: {text_quoted}, version: {text_quoted}}}\nanswers:\n  \
                 open_to_neighbours: no\n  pesticides: soap_only\n  land_held_by: leased\n  \
                 long_lease: {{answer: no, evidence: {text_quoted}, note: {text_quoted}}}\n  \
                 shared_things: {{answer: [nothing_shared], evidence: {text_quoted}}}\n  garden_story: {text_quoted}\n"
            ),
        );
        // The same text as an unknown key, an unknown question, a value and a key that stands twice.
        world.write(
            "invalid.yaml",
            &format!(
                "product: Example\n{text_quoted}: 1\nanswers:\n  {text_quoted}: yes\n  pesticides: {text_quoted}\n  \
                 shared_things: [{text_quoted}, seeds]\n  open_to_neighbours: {{{text_quoted}: x}}\n  {text_quoted}: no\n"
            ),
        );
        // And as it is, so that the lines shown are hostile themselves.
        world.write("raw.yaml", &format!("product: Example # {text}\nanswers:\n  pesticides: {text}\n  {text}: yes\n"));
        // The same once more as records of files that hold many.
        let json = in_json(text);
        let answers = "\"open_to_neighbours\":\"no\",\"pesticides\":\"soap_only\"";
        world.write("records.jsonl", &format!("{{\"product\":{json},\"answers\":{{{answers}}}}}\n"));
        world.write(
            "odd.jsonl",
            &format!(
                "{{\"product\":\"x\",{json}:1,\"answers\":{{{json}:\"yes\",\"pesticides\":{json}}}}}\n\
                 {{\"product\":{json},\"answers\":{{\"pesticides\":{{\"answer\":\"nothing\",{json}:1}}}}}}\n{text}\n"
            ),
        );
        world.rows("rows.csv", &[["product", "pesticides"], [text, "soap_only"]]);
        world.rows("odd.csv", &[["product", "pesticides"], ["x", text], [text, text]]);
        world.rows("header.csv", &[["product", text], ["x", "y"]]);
        let name = text.replace(['/', '\0'], "_").chars().take(LONGEST_NAME).collect::<String>();
        world.write(&format!("{name}.yaml"), &format!("product: Example\nanswers: {{x: {text_quoted}}}\n"));
        world.rules("rules", &text_quoted);
        // Rules that are not valid, in as many ways as there are checks.
        world.rules("broken", &text_quoted);
        let fit = fs::read_to_string(world.at("broken/fit.yaml")).unwrap();
        let fit = fit.replacen("kind: blocker", &format!("kind: {text_quoted}"), 1);
        let fit = fit.replacen("when: {shared_things", &format!("{text_quoted}: 1\n    when: {{{text_quoted}"), 1);
        let fit = fit.replacen("id: big_tool_store", &format!("id: {text_quoted}"), 1);
        let fit = fit.replacen("shared_things: tools", &format!("shared_things: {text_quoted}"), 1);
        world.write("broken/fit.yaml", &fit);
        world.write("broken/go_live.yaml", &format!("obligations: []\n# {text}\n{text}"));
        let questions = fs::read_to_string(world.at("broken/questions.yaml")).unwrap();
        let questions = questions.replacen("value: seeds", &format!("value: {text_quoted}"), 1);
        world.write("broken/questions.yaml", &questions.replacen("page: guide", &format!("page: {text_quoted}"), 1));
        let manifest = fs::read_to_string(world.at("broken/manifest.yaml")).unwrap();
        world.write("broken/manifest.yaml", &manifest.replacen("id: green_plots", &format!("id: {text_quoted}"), 1));
        world.write(&format!("broken/{name}.yaml"), "x: y\n");
        // Rules that can be read, but are not sound: two scenarios match the same garden.
        world.rules("unsound", &text_quoted);
        let scenarios = fs::read_to_string(world.at("unsound/scenarios.yaml")).unwrap();
        world.write("unsound/scenarios.yaml", &scenarios.replace("not: {long_lease: yes}", "long_lease: [yes, no]"));
        world
    }

    pub(crate) fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn rows(&self, name: &str, rows: &[[&str; 2]]) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows {
            // With a nought in it a file is no text.
            writer.write_record(row.map(|cell| cell.replace('\0', ""))).unwrap();
        }
        fs::write(self.folder.path().join(name), writer.into_inner().unwrap()).unwrap();
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// A copy of the allotment rules in which every text that people read is this one.
    pub(crate) fn rules(&self, folder: &str, text: &str) {
        // What must be short is a harmless word where the text is long.
        const LONGEST_SHORT: usize = 75;
        let long = PAYLOADS.iter().any(|payload| quoted(payload) == text && payload.chars().count() > LONGEST_SHORT);
        let short = if long { quoted(HARMLESS) } else { text.to_owned() };
        let root = crate_path("tests/packs/allotment");
        fs::create_dir_all(self.at(&format!("{folder}/tests"))).unwrap();
        for name in fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
            if Path::new(&name).extension().is_none_or(|end| end != "yaml") {
                continue;
            }
            let mut hostile = String::new();
            for (number, line) in fs::read_to_string(root.join(&name)).unwrap().lines().enumerate() {
                let bare = line.trim_start().trim_start_matches("- ");
                let lead = &line[..line.len() - bare.len()];
                let key = bare.split(':').next().unwrap_or_default();
                let scalar = bare.split_once(": ").is_some_and(|(_, value)| !value.starts_with(['{', '[']));
                let line = match key {
                    // Prompts, labels and titles must differ.
                    "prompt" | "label" | "title" if scalar => {
                        format!("{lead}{key}: {} {number}\"", &text[..text.len() - 1])
                    }
                    "says" if scalar => format!("{lead}says: {{says: {text}, reading: {text}, reasoning: {text}}}"),
                    "hint" if scalar => format!("{lead}hint: {text}\n{lead}more: {text}"),
                    key if TEXTS.contains(&key) && scalar => format!("{lead}{key}: {text}"),
                    "evidence" => format!("{lead}evidence: {text}"),
                    "source" => format!("{lead}source: {{page: guide, section: {text}, item: {text}}}"),
                    _ => line.to_owned(),
                };
                hostile.push_str(&line);
                hostile.push('\n');
            }
            if name == "manifest.yaml" {
                let _ =
                    write!(hostile, "service: {text}\nshort: {short}\nletter: {{opening: {text}, reply: {text}}}\n");
                let _ = writeln!(hostile, "subject: {{one: {text}, many: {text}}}");
            }
            self.write(&format!("{folder}/{name}"), &hostile);
        }
        let cases = fs::read_to_string(root.join("tests/cases.yaml")).unwrap();
        let cases = cases.replacen("outcome: meets_criteria", "outcome: does_not_meet", 1);
        let named: String = (cases.lines().enumerate())
            .map(|(at, line)| match line.split_once("name: ") {
                Some((lead, _)) => format!("{lead}name: \"{at} {}\n", &text[1..]),
                None => format!("{line}\n"),
            })
            .collect();
        self.write(&format!("{folder}/tests/cases.yaml"), &named);
    }

    /// The name of the file whose name is the text.
    pub(crate) fn named(&self) -> String {
        let known = ["answers.yaml", "invalid.yaml", "raw.yaml"];
        let names = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names = names.map(|name| name.into_string().unwrap());
        self.at(&names
            .find(|name| {
                Path::new(name).extension().is_some_and(|end| end == "yaml") && !known.contains(&name.as_str())
            })
            .unwrap())
    }

    /// A report over all the answers files.
    pub(crate) fn check(&self, format: &str, more: &[&str]) -> Ran {
        let (answers, invalid, raw, named) =
            (self.at("answers.yaml"), self.at("invalid.yaml"), self.at("raw.yaml"), self.named());
        let missing = format!("{named} not there");
        let rules = self.at("rules");
        let files = [answers.as_str(), &invalid, &raw, &named, &missing];
        run(&[&["check", "--rules", &rules, "--format", format, "--gate", "go-live"], &files[..], more].concat(), "")
    }
}

/// Every format of `triage`.
pub(crate) fn triage_formats() -> Vec<String> {
    Format::supported(Format::is_for_many).map(|format| format.id().to_owned()).collect()
}

impl World {
    /// A triage of all the answers files, in whatever form they are.
    pub(crate) fn triage(&self, format: &str, more: &[&str]) -> Ran {
        let mut files: Vec<String> =
            ["answers.yaml", "invalid.yaml", "raw.yaml", "records.jsonl", "odd.jsonl", "rows.csv", "odd.csv"]
                .map(|name| self.at(name))
                .to_vec();
        let named = self.named();
        files.extend([format!("{named} not there.yaml"), named, self.at("header.csv")]);
        self.triage_of(&files.iter().map(String::as_str).collect::<Vec<_>>(), format, more)
    }

    pub(crate) fn triage_of(&self, files: &[&str], format: &str, more: &[&str]) -> Ran {
        run(&[&["triage", "--rules", &self.at("rules"), "--format", format], files, more].concat(), "")
    }

    /// A triage of what is valid in each form: the same whatever the text.
    pub(crate) fn triage_of_valid(&self, format: &str, more: &[&str]) -> Ran {
        let files = ["answers.yaml", "records.jsonl", "rows.csv"].map(|name| self.at(name));
        self.triage_of(&files.each_ref().map(String::as_str), format, more)
    }
}

/// What nobody may be shown: control characters but the line break, what turns text around, what cannot be seen, and
/// what a CI server takes for a command.
pub(crate) fn assert_harmless(what: &str, text: &str) {
    let allowed = |c: char| c == '\n' || !eligibility::style::is_unsafe(c);
    if let Some(at) = text.find(|c| !allowed(c)) {
        panic!("{what}: {:?}", text[at..].chars().take(40).collect::<String>());
    }
    // Independently of the list above: no control character, nothing bidirectional, nothing of no width.
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{what}");
    assert!(
        !text.contains(['\u{200b}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{3164}', '\u{fffe}']),
        "{what}"
    );
    for line in text.lines() {
        // With three colons the renderer of problems leads to another file. No command begins so.
        let leads_on = line.trim().starts_with("::: ");
        assert!(leads_on || !line.trim().starts_with("::"), "{what}: {line}");
        assert!(!line.contains("##[") && !line.to_lowercase().contains("##vso["), "{what}: {line}");
    }
}

/// The escape codes that are ours, taken away.
pub(crate) fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap();
        assert_eq!(&after[end..=end], "m", "only colours: {text:?}");
        rest = &after[end + 1..];
    }
    plain + rest
}

/// Runs a check for every payload, with what the same comes to for a harmless word.
/// The exit code where one file is not there: its name may be a pattern, which nothing matches then.
pub(crate) fn one_not_there(payload: &str) -> u8 {
    let name: String = payload.chars().take(LONGEST_NAME).collect();
    if name.contains(['*', '?', '[']) { 2 } else { 1 }
}

pub(crate) fn each(test: impl Fn(&str, &World, &World)) {
    let harmless = World::new(HARMLESS);
    for payload in PAYLOADS {
        test(payload, &World::new(payload), &harmless);
    }
}
