//! The layers of the house: a module uses only rows below its own. Read from the sources, so that no use slips in
//! unseen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The rows, from the lowest up, as `docs/design.md` tells them. A module uses the rows below its own, never its own row
/// or one above. Nothing uses the last, the list of modules.
static ROWS: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let (_, table) = include_str!("../docs/design.md").split_once("<!-- rooms -->").expect("the table of rooms");
    let (table, _) = table.split_once("<!-- end of rooms -->").expect("the end of the table");
    let rooms = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").nth(1));
    let rooms = rooms.map(|rooms| rooms.split('`').skip(1).step_by(2).collect::<Vec<_>>());
    rooms.filter(|rooms| !rooms.is_empty()).collect()
});

/// Uses inside one row that are meant to be, as (user, used).
const SAME_ROW: [(&str, &str); 3] = [("diagram", "condition"), ("interview", "assess"), ("commands", "cli")];

/// A module of the last row that is pure: it knows no files, no terminal, no command line.
const LAST_PURE: &str = "prove";

/// What only some modules may name, as (the beginning of a path, those modules).
const RESERVED: [(&[&str], &[&str]); 7] = [
    (&["granit_parser"], &["yaml"]),
    (&["serde_yaml"], &["yaml"]),
    (&["std", "fs"], &["files"]),
    (&["fs"], &["files"]),
    (&["dialoguer"], &["terminal"]),
    (&["nix"], &["files", "terminal"]),
    (&["signal_hook"], &["files", "terminal"]),
];

/// What no pure module may name.
const IMPURE: [&[&str]; 10] = [
    &["std", "env"],
    &["env"],
    &["std", "io", "stdin"],
    &["io", "stdin"],
    &["std", "io", "stdout"],
    &["io", "stdout"],
    &["std", "io", "stderr"],
    &["io", "stderr"],
    &["clap"],
    &["anyhow"],
];

#[test]
fn every_module_uses_only_the_rows_below_its_own() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&src);
    assert!(files.len() > 10, "only {} source files found", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).expect("it was found there");
        let text = fs::read_to_string(&file).expect("a readable source");
        wrong.extend(offences(&relative.to_string_lossy().replace('\\', "/"), &text));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |file: PathBuf| {
        let relative = file.strip_prefix(&src).expect("it was found there").to_string_lossy().replace('\\', "/");
        (relative, fs::read_to_string(&file).expect("a readable source"))
    };
    let texts: Vec<(String, String)> = sources(&src).into_iter().map(read).collect();
    let found = circles(&texts.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect::<Vec<_>>());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_file_has_more_than_400_lines() {
    let long = |file: &PathBuf| fs::read_to_string(file).expect("a readable source").lines().count() > 400;
    let long: Vec<_> = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).into_iter().filter(long).collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn the_checker_sees_circles() {
    let room = ("room/mod.rs", "mod a; mod b; pub use a::A; pub use b::B; pub struct Own;");
    for (files, circle) in [
        (vec![("room/a.rs", "use super::b::B;"), ("room/b.rs", "use super::a::A;")], "room::a, room::b"),
        // Behind what the room hands out.
        (vec![("room/a.rs", "use super::B;"), ("room/b.rs", "use crate::room::A;")], "room::a, room::b"),
        (
            vec![
                ("room/a.rs", "use super::B;"),
                ("room/b.rs", "fn f() { super::c::f() }"),
                ("room/c.rs", "use super::a;"),
            ],
            "room::a, room::b, room::c",
        ),
        (vec![("room/a.rs", "use super::Own;"), ("other.rs", "mod x { fn f() { crate::room::A::new() } }")], ""),
        (vec![("room/a.rs", "mod tests { use super::super::b; }"), ("room/b.rs", "use super::a::A;")], ""),
    ] {
        let found = circles(&[vec![room], files.clone()].concat());
        let expected: Vec<String> = Some(circle.to_owned()).filter(|circle| !circle.is_empty()).into_iter().collect();
        assert_eq!(found, expected, "{files:?}");
    }
    let uses_its_part = ("room/mod.rs", "mod a; pub struct Own; fn f() { a::f() }");
    assert_eq!(circles(&[uses_its_part, ("room/a.rs", "use super::Own;")]), ["room, room::a"]);
}

#[test]
fn the_list_of_modules_goes_from_the_lowest_row_up() {
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("a readable list");
    let modules: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert!(modules.len() > 5, "{modules:?}");
    assert!(modules.is_sorted_by_key(|module| row(module)), "{modules:?}");
}

#[test]
fn every_room_of_the_table_is_there_once() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules = sources(&src).into_iter().map(|file| {
        let file = file.strip_prefix(&src).expect("it was found there").to_string_lossy().replace('\\', "/");
        module_path(&file).remove(0)
    });
    let modules: BTreeSet<String> = modules.collect();
    let mut rooms: Vec<&str> = ROWS.iter().flatten().copied().collect();
    rooms.sort_unstable();
    assert_eq!(modules.iter().map(String::as_str).collect::<Vec<_>>(), rooms);
}

#[test]
fn the_pages_for_contributors_name_files_that_are_there() {
    for page in [include_str!("../docs/design.md"), include_str!("../CONTRIBUTING.md")] {
        let named = page.split('`').skip(1).step_by(2);
        let paths = named.filter(|word| ["src/", "tests/", "rules/", ".ci/"].iter().any(|root| word.starts_with(root)));
        let paths: Vec<&str> = paths.map(|path| path.split(' ').next().unwrap_or_default()).collect();
        assert!(paths.len() > 3, "{paths:?}");
        for path in paths {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{path}");
        }
    }
}

/// Names that two public types have, with why that misleads nobody.
const SHARED_NAMES: [(&str, &str); 0] = [];

#[test]
fn no_two_public_types_share_a_name_without_a_reason() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = BTreeMap::new();
    for file in sources(&src) {
        let text = fs::read_to_string(&file).expect("a readable source");
        for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("pub ")) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let is_type = words.next().is_some_and(|word| ["struct", "enum", "trait", "type"].contains(&word));
            if let (true, Some(name)) = (is_type, words.next()) {
                *names.entry(name.to_owned()).or_insert(0) += 1;
            }
        }
    }
    assert!(names.len() > 100, "{names:?}");
    let shared: Vec<String> = names.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect();
    assert_eq!(shared, SHARED_NAMES.map(|(name, _)| name));
}

#[test]
fn the_checker_catches_what_it_is_there_for() {
    for (file, text, caught) in [
        ("yaml/reader.rs", "use crate::rulebook::Rulebook;", "uses `rulebook`"),
        ("yaml/reader.rs", "fn f() -> crate::rulebook::Rulebook { todo() }", "uses `rulebook`"),
        ("problem.rs", "use crate::{problem::code, question::{Kind, Question}};", "uses `question`"),
        ("problem.rs", "use crate :: {\n    style::Style,\n};", "uses `style`"),
        ("condition.rs", "use crate::diagram::Ref;", "uses `diagram`"),
        ("rulebook/check.rs", "use super::super::assess::assess;", "uses `assess`"),
        ("rulebook/check.rs", "use super::{raw, super::assess};", "uses `assess`"),
        ("problem.rs", "use super::yaml;", "uses `yaml`"),
        ("problem.rs", "mod tests { use super::super::yaml; }", "uses `yaml`"),
        ("problem.rs", "mod inner { fn f() {} } use super::yaml;", "uses `yaml`"),
        ("problem.rs", "use crate::*;", "uses `*`"),
        ("problem.rs", "use crate as house;", "another name"),
        ("assess.rs", "use eligibility::report::text;", "uses `report`"),
        ("helpers.rs", "", "not in the table"),
        ("helpers/deep.rs", "", "not in the table"),
        ("question.rs", "use serde_yaml::Value;", "names `serde_yaml`"),
        ("report/text.rs", "use std::{fmt, fs};", "names `std::fs`"),
        ("report/text.rs", "use std as s; fn f() { std::fs::read(\"x\"); }", "names `std::fs`"),
        ("commands/check.rs", "use std::io; fn f() { fs::read(\"x\"); }", "names `fs`"),
        ("commands/check.rs", "use signal_hook::flag;", "names `signal_hook`"),
        ("prove/gaps.rs", "use std::io::{self, stdin};", "names `std::io::stdin`"),
        ("answers/edit.rs", "fn f() { io::stdout(); }", "names `io::stdout`"),
        ("rulebook/mod.rs", "fn f() { std::env::var(\"X\"); }", "names `std::env`"),
        ("interview.rs", "use anyhow::Context;", "names `anyhow`"),
        ("answers/mod.rs", "#[derive(clap::Args)] struct A;", "names `clap`"),
    ] {
        let found = offences(file, text);
        assert!(found.len() == 1 && found[0].contains(caught), "{file}: {text}\n{found:?}");
    }
}

#[test]
fn the_checker_lets_pass_what_is_right() {
    for (file, text) in [
        ("rulebook/check.rs", "use crate::yaml::{self, At}; use super::raw; mod tests { use super::super::compile; }"),
        ("problem.rs", "mod tests { use super::*; }"),
        ("problem/code.rs", "use super::Severity;"),
        ("diagram.rs", "use crate::condition::Condition;"),
        ("diagram.rs", "//! See [`rulebook`](crate::rulebook).\n/* crate::assess /* nested */ std::fs */"),
        ("problem.rs", r##"fn f<'a>() { ("crate::assess", r#"crate::"assess"#, '"', b'\'', "std::fs \" x") }"##),
        ("files.rs", "use std::fs; fn f() { fs::read(\"x\"); }"),
        ("terminal/prompts.rs", "use signal_hook::flag; use crate::prompter::Prompter;"),
        ("commands/check.rs", "use std::io::stdout; use anyhow::Context; use clap::Args;"),
        ("main.rs", "use eligibility::{commands, cli::Arguments};"),
        ("report/mod.rs", "fn f() -> &'static str { env!(\"CARGO_PKG_NAME\") }"),
    ] {
        assert_eq!(offences(file, text), Vec::<String>::new(), "{file}: {text}");
    }
}

/// Every Rust file under a folder, in a fixed order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// What is wrong with one source file, in words.
fn offences(file: &str, text: &str) -> Vec<String> {
    let module_path = module_path(file);
    let module = module_path[0].as_str();
    let Some(own_row) = row(module) else {
        return vec![format!("src/{file}: the module `{module}` is not in the table of layers")];
    };
    let tokens = tokens(text);
    let mut wrong = Vec::new();
    let uses = Uses::new(&tokens, &module_path);
    if uses.renames_the_crate {
        wrong.push(format!("src/{file}: gives the crate another name, behind which any use could hide"));
    }
    for name in &uses.modules {
        let is_below =
            name == module || row(name).is_some_and(|row| row < own_row) || SAME_ROW.contains(&(module, name.as_str()));
        if !is_below {
            wrong.push(format!("src/{file}: `{module}` uses `{name}`, which is not below it"));
        }
    }
    let begins =
        |path: &[String], start: &[&str]| path.len() >= start.len() && path.iter().zip(start).all(|(a, b)| a == b);
    let named = |start: &[&str]| uses.outside.iter().any(|path| begins(path, start));
    for (start, modules) in RESERVED {
        if named(start) && !modules.contains(&module) {
            wrong.push(format!("src/{file}: names `{}`, which is for {}", start.join("::"), modules.join(", ")));
        }
    }
    for start in IMPURE {
        if Some(own_row) <= row(LAST_PURE) && named(start) {
            wrong.push(format!("src/{file}: names `{}`, but `{module}` is pure", start.join("::")));
        }
    }
    wrong
}

/// The files, as modules, that use each other in a circle: each set of them in one line. What a module hands out of its
/// parts is no use of them; whoever takes it uses the part.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let modules: BTreeMap<Vec<String>, Vec<String>> =
        files.iter().map(|(file, text)| (module_path(file), tokens(text))).collect();
    let uses: BTreeMap<&[String], Uses<'_>> =
        modules.iter().map(|(module, tokens)| (module.as_slice(), Uses::new(tokens, module))).collect();
    let owner = |path: &[String]| {
        let mut path = path.to_vec();
        loop {
            let (module, name) = (0..=path.len()).rev().find_map(|end| {
                let (module, uses) = uses.get_key_value(&path[..end])?;
                Some((*module, path.get(end).and_then(|name| uses.handed_out.get(name))))
            })?;
            match name {
                Some(from) if from.as_slice() != path => path.clone_from(from),
                _ => return Some(module),
            }
        }
    };
    let used: BTreeMap<&[String], BTreeSet<&[String]>> = uses
        .iter()
        .map(|(module, uses)| (*module, uses.inside.iter().filter_map(|path| owner(path)).collect()))
        .collect();
    let reaches = |from: &[String]| {
        let mut seen: BTreeSet<&[String]> = BTreeSet::new();
        let mut next: Vec<&[String]> = used[from].iter().copied().filter(|used| *used != from).collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(&used[module]);
            }
        }
        seen
    };
    let reached: BTreeMap<&[String], BTreeSet<&[String]>> =
        used.keys().map(|module| (*module, reaches(module))).collect();
    let circle = |module: &[String]| {
        let round = reached[module].iter().filter(|other| reached[*other].contains(module));
        round.map(|module| module.join("::")).collect::<Vec<_>>().join(", ")
    };
    let found: BTreeSet<String> =
        reached.keys().filter(|module| reached[*module].contains(*module)).map(|module| circle(module)).collect();
    found.into_iter().collect()
}

/// The path of the module that a file holds: `rulebook/check.rs` is `rulebook::check`, `rulebook/mod.rs` is `rulebook`.
fn module_path(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

/// Words and signs of a source text, without comments, strings and characters. `::` is one sign.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(hashes) = raw_string(rest) {
            let close = format!("\"{}", "#".repeat(hashes));
            let open = rest.find('"').expect("a raw string has one") + 1;
            rest[open..].find(&close).map_or(rest.len(), |at| open + at + close.len())
        } else if c == '"' {
            quoted(rest, '"')
        } else if c == '\'' && !is_lifetime(rest) {
            quoted(rest, '\'')
        } else if c.is_alphanumeric() || c == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !c.is_whitespace() {
                tokens.push(c.to_string());
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of a block comment, which can hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let here = &text[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// How many hashes open the raw string that begins here, if one does.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

/// The length of a literal between two of these marks.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether the apostrophe here begins a lifetime and not a character.
fn is_lifetime(text: &str) -> bool {
    let mut after = text.chars().skip(1);
    let first = after.next();
    first.is_some_and(|c| c.is_alphabetic() || c == '_') && after.next() != Some('\'')
}

/// Where a path leads, from the top of the crate, seen from a module so many `mod x { … }` deep in its file. One that
/// begins with the name of neither is taken for one that begins here.
fn from_the_top(path: &[String], module_path: &[String], inline: usize) -> Vec<String> {
    let ups = path.iter().take_while(|part| ["self", "super"].contains(&&***part));
    let (steps, ups) = (ups.clone().count(), ups.filter(|part| *part == "super").count());
    match path.first().map(String::as_str) {
        Some("crate" | "eligibility") => path[1..].to_vec(),
        _ => {
            let base = module_path.len() - ups.saturating_sub(inline).min(module_path.len());
            [&module_path[..base], &path[steps..]].concat()
        }
    }
}

/// What a source file names.
struct Uses<'t> {
    tokens: &'t [String],
    /// Modules of this crate.
    modules: BTreeSet<String>,
    /// Paths into this crate, from its top, but for what tests use and what is handed out.
    inside: BTreeSet<Vec<String>>,
    /// What is handed out under its name, with where it comes from.
    handed_out: BTreeMap<String, Vec<String>>,
    /// Paths that begin elsewhere, whole.
    outside: BTreeSet<Vec<String>>,
    renames_the_crate: bool,
}

impl<'t> Uses<'t> {
    fn new(tokens: &'t [String], module_path: &[String]) -> Self {
        let mut uses = Self {
            tokens,
            modules: BTreeSet::new(),
            inside: BTreeSet::new(),
            handed_out: BTreeMap::new(),
            outside: BTreeSet::new(),
            renames_the_crate: false,
        };
        // The modules around each token: those of the file, then `mod x { … }` in it, with the braces open since, and
        // whether they are tests.
        let mut inline: Vec<(usize, bool)> = Vec::new();
        let mut braces = 0;
        for (at, token) in tokens.iter().enumerate() {
            match token.as_str() {
                "{" => {
                    braces += 1;
                    if at >= 2 && tokens[at - 2] == "mod" {
                        inline.push((braces, tokens[at - 1] == "tests"));
                    }
                }
                "}" => {
                    if inline.last().is_some_and(|(open, _)| *open == braces) {
                        inline.pop();
                    }
                    braces = braces.saturating_sub(1);
                }
                "crate" | "eligibility" if uses.next_is(at, "as") => uses.renames_the_crate = true,
                // Who may see something is no use.
                "crate" if at >= 2 && tokens[at - 2] == "(" && tokens[at - 1] == "in" => {}
                word if uses.begins_a_path(at) && word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    let mut paths = Vec::new();
                    uses.expand(at, &[], &mut paths);
                    let hands_out = at >= 2 && tokens[at - 1] == "use" && ["pub", ")"].contains(&&*tokens[at - 2]);
                    for path in paths {
                        let from_the_top = from_the_top(&path, module_path, inline.len());
                        match (from_the_top.last().cloned(), hands_out) {
                            (Some(name), true) => drop(uses.handed_out.insert(name, from_the_top)),
                            _ if inline.iter().any(|(_, tests)| *tests) => {}
                            _ => drop(uses.inside.insert(from_the_top)),
                        }
                        uses.note(path, module_path, inline.len());
                    }
                }
                _ => {}
            }
        }
        uses
    }

    fn next_is(&self, at: usize, token: &str) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next == token)
    }

    /// Whether a path of more than one part begins here. Groups in braces are read from where their path begins.
    fn begins_a_path(&self, at: usize) -> bool {
        self.next_is(at, "::") && (at == 0 || self.tokens[at - 1] != "::")
    }

    /// Every path that begins here, with groups in braces written out. Gives the token behind it.
    fn expand(&self, mut at: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
        let mut path = before.to_vec();
        while let Some(token) = self.tokens.get(at) {
            if token == "{" {
                at += 1;
                while self.tokens.get(at).is_some_and(|token| token != "}") {
                    let next = self.expand(at, &path, paths);
                    // A comma, a `as name`, or anything else that is no path.
                    at = next.max(at + 1);
                }
                return at + 1;
            }
            let is_part = token == "*" || token.starts_with(|c: char| c.is_alphabetic() || c == '_');
            if !is_part {
                return at;
            }
            path.push(token.clone());
            at += 1;
            if self.tokens.get(at).is_none_or(|token| token != "::") {
                break;
            }
            at += 1;
        }
        paths.push(path);
        at
    }

    /// Sorts a path by where it leads, seen from a module so many `mod x { … }` deep in its file.
    fn note(&mut self, mut path: Vec<String>, module_path: &[String], inline: usize) {
        path.retain(|part| part != "self");
        let ups = path.iter().take_while(|part| *part == "super").count();
        let rest = &path[ups..];
        let from_the_top = match path.first().map(String::as_str) {
            Some("crate" | "eligibility") => &path[1..],
            Some("super") if ups >= module_path.len() + inline => rest,
            Some("super") => return,
            _ => {
                self.outside.insert(path);
                return;
            }
        };
        if let Some(module) = from_the_top.first() {
            self.modules.insert(module.clone());
        }
    }
}
