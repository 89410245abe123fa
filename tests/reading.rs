//! What a person is told about a file that is wrong: every problem at once, in order, each with its place, its code and
//! what to do. And that no file, however odd, is misread or stops the program.

#![allow(clippy::format_collect, reason = "clearer than a loop, and no test is slow for it")]

mod support;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use eligibility::answers::{self, Answers};
use eligibility::problem::{CODES, Problem, Severity};
use eligibility::question::Answer;
use eligibility::rulebook::{self, RuleFiles, Rulebook};
use proptest::prelude::*;
use support::invent::Tape;

/// The garden has a question of each kind: `open_to_neighbours` (yes or no), `pesticides` (one of), `shared_things` (any
/// of, `nothing_shared` alone) and `garden_story` (text).
static GARDEN: LazyLock<RuleFiles> =
    LazyLock::new(|| RuleFiles { folder: "g".to_owned(), ..support::folder("tests/packs/allotment") });
static RULES: LazyLock<Rulebook> = LazyLock::new(|| support::sound(&GARDEN));

/// A file called `a` and what is to be said about it, one line for each problem.
struct Case {
    what: &'static str,
    bytes: Cow<'static, [u8]>,
    said: &'static [&'static str],
}

fn case(what: &'static str, text: impl Into<Cow<'static, str>>, said: &'static [&'static str]) -> Case {
    let bytes = match text.into() {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Case { what, bytes, said }
}

fn keys_and_ids() -> Vec<Case> {
    vec![
        case(
            "a misspelt key",
            "produkt: A\nanswers: {}\n",
            &[
                "a:1:1 F010: unknown key `produkt` (did you mean `product`?)",
                "a:1:1 F012: the key `product` is missing (add `product: …`)",
            ],
        ),
        case(
            "an unknown key",
            "product: A\nanswers: {}\nextra: 1\n",
            &["a:3:1 F010: unknown key `extra` (write one of `product`, `organisation`, `rules` or `answers`)"],
        ),
        case(
            "a no-break space where a blank is meant",
            "product: A\nanswers:\n \u{a0}pesticides: nothing\n open_to_neighbours: no\u{a0}\n",
            &[
                "a:3:2 F004: there is a no-break space where a blank is needed (delete it, and press the space bar)",
                "a:4:22 A002: `no\u{a0}` is not an answer to `open_to_neighbours` (did you mean `no`? A no-break space stands in it.)",
            ],
        ),
        case(
            "a key without a space",
            "product: A\nanswers:\n  pesticides:nothing\n",
            &[
                "a:3:3 F011: there is text here, but the answers are needed (write `question_id: value`, one on each line)",
            ],
        ),
        case(
            "keys that stand twice",
            "product: A\nproduct: B\nanswers:\n  pesticides: nothing\n  pesticides: soap_only\n",
            &[
                "a:2:1 F006: `product` stands here a second time (delete one of the two)",
                "a:5:3 F006: `pesticides` stands here a second time (delete one of the two)",
            ],
        ),
        case(
            "a key that stands twice in front of what cannot be read",
            "product: A\nanswers:\n  pesticides: nothing\n  pesticides: soap_only\n  fence: 'open\n",
            &[
                "a:4:3 F006: `pesticides` stands here a second time (delete one of the two)",
                "a:5:10 F004: a quotation mark is opened here and never closed (write `'` where it ends; begin all lines of the text further to the right than its key)",
            ],
        ),
        case(
            "a key that stands twice in JSON",
            "{\"product\": \"A\", \"product\": \"B\", \"answers\": {}}",
            &["a:1:18 F006: `product` stands here a second time (delete one of the two)"],
        ),
        case(
            "keys that are not text",
            "1: c\nproduct: A\nanswers: {true: x}\n",
            &[
                "a:1:1 F009: this key is not text (put it in quotation marks)",
                "a:1:1 F010: unknown key `1` (write one of `product`, `organisation`, `rules` or `answers`)",
                "a:3:11 F009: this key is not text (put it in quotation marks)",
                "a:3:11 A001: unknown question `true` (`init` writes a file with every question)",
            ],
        ),
        case(
            "a list as a key",
            "? [a, b]\n: c\nproduct: A\nanswers: {}\n",
            &["a:1:3 F009: a list or mapping stands as a key"],
        ),
        case(
            "a merge key is a key like any other",
            "product: A\nanswers:\n  <<: {pesticides: nothing}\n",
            &["a:3:3 A001: unknown question `<<` (`init` writes a file with every question)"],
        ),
        case(
            "unknown questions",
            "product: A\nanswers:\n  open_to_neighbors: yes\n  zzz: yes\n  é: 1\n",
            &[
                "a:3:3 A001: unknown question `open_to_neighbors` (did you mean `open_to_neighbours`?)",
                "a:4:3 A001: unknown question `zzz` (`init` writes a file with every question)",
                "a:5:3 A001: unknown question `é` (`init` writes a file with every question)",
            ],
        ),
        case(
            "a question at the top",
            "product: A\npesticides: nothing\nanswers: {}\n",
            &["a:2:1 F010: unknown key `pesticides` (this is a question: put it under `answers:`)"],
        ),
        case(
            "a question at the top in JSON",
            "{\"product\": \"A\", \"pesticides\": \"nothing\", \"answers\": {}}",
            &["a:1:18 F010: unknown key `pesticides` (this is a question: put it under `answers:`)"],
        ),
        case("no product", "answers: {}\n", &["a:1:1 F012: the key `product` is missing (add `product: …`)"]),
        case("no answers", "product: A\n", &["a:1:1 F012: the key `answers` is missing (add `answers: …`)"]),
        case(
            "nothing under answers",
            "product: A\nanswers:\n",
            &["a:2:1 A005: `answers` has nothing under it (write the answers, or `answers: {}` if there are none yet)"],
        ),
        case(
            "null under answers",
            "product: A\nanswers: ~\n",
            &[
                "a:2:10 A005: `answers` has nothing under it (write the answers, or `answers: {}` if there are none yet)",
            ],
        ),
        case(
            "a list under answers",
            "product: A\nanswers: []\n",
            &[
                "a:2:10 F011: there is a list here, but the answers are needed (write `question_id: value`, one on each line)",
            ],
        ),
    ]
}

fn values() -> Vec<Case> {
    vec![
        case(
            "values that are not offered",
            "product: A\nanswers:\n  pesticides: soaponly\n  open_to_neighbours: maybe\n  long_lease: ünknown\n",
            &[
                "a:3:15 A002: `soaponly` is not an answer to `pesticides` (did you mean `soap_only`?)",
                "a:4:23 A002: `maybe` is not an answer to `open_to_neighbours` (write one of `yes`, `no` or `not_sure`)",
                "a:5:15 A002: `ünknown` is not an answer to `long_lease` (write one of `yes`, `no` or `not_sure`)",
            ],
        ),
        case(
            "what is denied is not meant",
            "product: A\nanswers:\n  pesticides: not nothing\n  long_lease: not yet\n",
            &[
                "a:3:15 A002: `not nothing` is not an answer to `pesticides` (write one of `nothing`, `soap_only`, `garden_chemicals` or `not_sure`)",
                "a:4:15 A002: `not yet` is not an answer to `long_lease` (write one of `yes`, `no` or `not_sure`)",
            ],
        ),
        case(
            "values in a list",
            "product: A\nanswers:\n  shared_things: [seed, 3, [a]]\n",
            &[
                "a:3:19 A002: `seed` is not an answer to `shared_things` (did you mean `seeds`?)",
                "a:3:25 A003: a number is not an answer to `shared_things` (write one of `seeds`, `tools`, `produce` or `nothing_shared`)",
                "a:3:28 A003: a list is not an answer to `shared_things` (write one of `seeds`, `tools`, `produce` or `nothing_shared`)",
            ],
        ),
        case(
            "answers of the wrong kind",
            "product: A\nanswers:\n  pesticides: [nothing]\n  open_to_neighbours: 1\n  shared_things: seeds\n  garden_story: 12\n",
            &[
                "a:3:15 A003: a list is not an answer to `pesticides` (write one answer alone, such as `nothing`)",
                "a:4:23 A003: a number is not an answer to `open_to_neighbours` (write one of `yes`, `no` or `not_sure`)",
                "a:5:18 A003: text is not an answer to `shared_things` (write a list in square brackets, such as `[seeds]`, or `not_sure`)",
                "a:6:17 A003: a number is not an answer to `garden_story` (put it in quotation marks)",
            ],
        ),
        case(
            "an option that stands alone",
            "product: A\nanswers:\n  shared_things: [seeds, nothing_shared]\n",
            &[
                "a:3:18 A004: `nothing_shared` cannot be combined with other values (keep `nothing_shared` alone, or delete it)",
            ],
        ),
        case(
            "an option twice",
            "product: A\nanswers:\n  shared_things: [seeds, tools, seeds]\n",
            &["a:3:18 A004: `seeds` stands twice (delete one of the two)"],
        ),
        case(
            "what stands beside an answer",
            "product: A\nanswers:\n  pesticides: {evidence: x, nota: y}\n  water_tested: {answer: , note: z}\n  long_lease: {answer: yes, evidence: 3}\n",
            &[
                "a:3:15 F012: the key `answer` is missing (add `answer: …`)",
                "a:3:29 A011: unknown key `nota` (did you mean `note`?)",
                "a:4:18 F012: there is evidence or a note, but no answer (write the answer it belongs to, or delete the evidence and note)",
                "a:5:39 F011: there is a number here, but text is needed (put it in quotation marks)",
            ],
        ),
        case(
            "numbers as texts",
            "product: 12\nrules: {id: 1, version: 1.0}\nanswers: {}\n",
            &[
                "a:1:10 F011: there is a number here, but text is needed (put it in quotation marks)",
                "a:2:13 F011: there is a number here, but text is needed (put it in quotation marks)",
                "a:2:25 F011: there is a number here, but text is needed (put it in quotation marks)",
            ],
        ),
        case(
            "lists as texts",
            "product: [A]\norganisation: {b: c}\nanswers: {}\n",
            &[
                "a:1:10 F011: there is a list here, but text is needed (write one text in its place: `\"A\"`)",
                "a:2:15 F011: there is a mapping here, but text is needed (write one text in its place: `\"c\"`)",
            ],
        ),
        case(
            "empty texts",
            "product: \"\"\nanswers:\n  garden_story: \"  \"\n",
            &[
                "a:1:10 A006: the product has no name (write its name)",
                "a:3:17 A006: the answer to `garden_story` is empty (write the answer, or nothing after the colon if it is missing)",
            ],
        ),
        case(
            "other rules",
            "product: A\nrules: {id: other, version: \"2\"}\nanswers: {}\n",
            &[
                "a:2:8 A007: answered against other 2, read against green_plots 0.1.0 (check the answers, then change `rules`)",
            ],
        ),
    ]
}

fn whole_files() -> Vec<Case> {
    const NOTHING: &[&str] = &["a:1:1 F003: there is nothing in this file"];
    vec![
        case("an empty file", "", NOTHING),
        case("blank lines", "\n\n   \n", NOTHING),
        case(
            "a name that is too long",
            format!("product: {}\nanswers: {{}}\n", "a".repeat(501)),
            &[
                "a:1:10 A014: this name has 501 characters, and can have at most 500 (write a shorter one; the note of an \
               answer can be as long as you like)",
            ],
        ),
        case("only comments", "# only\n# comments\n", NOTHING),
        case("only a document start", "---\n", NOTHING),
        case("only a byte order mark", "\u{feff}", NOTHING),
        case(
            "a colon and a blank in a text",
            "product: X: the app\nanswers: {}\n",
            &[
                "a:1:11 F004: a colon and a blank stand inside this text (put the text in quotation marks, because it holds `: `)",
            ],
        ),
        case("null", "null", &["a:1:1 F011: there is nothing here, but a mapping is needed (begin with `product: …`)"]),
        case("text", "text", &["a:1:1 F011: there is text here, but a mapping is needed (begin with `product: …`)"]),
        case(
            "a list",
            "- product: A\n",
            &["a:1:1 F011: there is a list here, but a mapping is needed (begin with `product: …`)"],
        ),
        case(
            "a second document",
            "product: A\nanswers: {}\n---\nproduct: B\n",
            &[
                "a:3:1 F005: a second document starts here (delete what ends the first, or put this one into a file of its own)",
            ],
        ),
        case(
            "an empty second document",
            "product: A\nanswers: {}\n---\n",
            &[
                "a:3:1 F005: a second document starts here (delete what ends the first, or put this one into a file of its own)",
            ],
        ),
        case(
            "a second document after dots",
            "product: A\nanswers: {}\n...\nproduct: B\n",
            &[
                "a:4:1 F005: a second document starts here (delete what ends the first, or put this one into a file of its own)",
            ],
        ),
        case(
            "an anchor and a tag",
            "product: &a A\norganisation: !!str B\nanswers: !x {zzz: 1}\n",
            &[
                "a:1:10 F007: a text cannot begin with & (put the text in quotation marks; if an anchor of YAML is meant, delete it)",
                "a:2:15 F007: a text cannot begin with ! (put the text in quotation marks; if a tag of YAML is meant, delete it)",
                "a:3:10 F007: a text cannot begin with ! (put the text in quotation marks; if a tag of YAML is meant, delete it)",
                "a:3:14 A001: unknown question `zzz` (`init` writes a file with every question)",
            ],
        ),
        case(
            "an alias",
            "product: &a A\norganisation: *a\nanswers: {}\n",
            &[
                "a:1:10 F007: a text cannot begin with & (put the text in quotation marks; if an anchor of YAML is meant, delete it)",
                "a:2:15 F007: a text cannot begin with * (put the text in quotation marks; if an alias of YAML is meant, write the value out)",
            ],
        ),
        case(
            "a number that begins with 0, like any other",
            "product: 017\norganisation: 17\nanswers: {}\n",
            &[
                "a:1:10 F011: there is a number here, but text is needed (put it in quotation marks)",
                "a:2:15 F011: there is a number here, but text is needed (put it in quotation marks)",
            ],
        ),
        case(
            "an open quotation mark",
            "product: \"A\nanswers: {}\n",
            &[
                "a:1:10 F004: a quotation mark is opened here and never closed (write `\"` where it ends; begin all lines of the text further to the right than its key)",
            ],
        ),
        case(
            "a tab as indentation",
            "product: A\nanswers:\n\tpesticides: nothing\n",
            &[
                "a:3:1 F004: there is a tab where a blank is needed (write two blanks in place of each tab, or as many as the lines beside this one have)",
            ],
        ),
        case(
            "a control character",
            "product: \0\nanswers: {}\n",
            &["a:1:10 F004: the control character U+0000 stands here, and cannot be seen (delete it)"],
        ),
        case(
            "a control character between quotation marks",
            "product: \"Garden \u{8}shed\"\nanswers: {}\n",
            &["a:1:18 F004: the control character U+0008 stands here, and cannot be seen (delete it)"],
        ),
        case(
            "the end of an old text between quotation marks",
            "product: \"A\"\nanswers:\n  pesticides: 'nothing\0'\n",
            &["a:3:23 F004: the control character U+0000 stands here, and cannot be seen (delete it)"],
        ),
        case(
            "a control character in a text of several lines",
            "product: |\n  Garden\n  she\u{1b}d\nanswers: {}\n",
            &["a:3:6 F004: the control character U+001B stands here, and cannot be seen (delete it)"],
        ),
        case(
            "JSON without a comma",
            "{\"product\": \"A\" \"answers\": {}}",
            &[
                "a:1:15 F004: a comma is missing behind this text (write a comma between the two, or a colon if the first is a key)",
            ],
        ),
        case(
            "JSON with half a surrogate pair",
            "{\"product\": \"\\ud83d alone\", \"answers\": {}}",
            &[
                "a:1:13 F004: an escape in this text stands for half a character (write both halves, as in `\\ud83d\\ude00`, or the character itself; or `\\\\` for each `\\`)",
            ],
        ),
    ]
}

fn encodings_and_limits() -> Vec<Case> {
    let deep_flow = format!("product: A\nanswers: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let many = format!("product: A\nanswers:\n  shared_things: [{}]\n", "x,".repeat(200_001));
    let bytes = |what, bytes: &'static [u8], said| Case { what, bytes: Cow::Borrowed(bytes), said };
    vec![
        bytes(
            "Latin-1",
            b"product: Caf\xe9\nanswers: {}\n",
            &["a:1:13 F001: byte 13 is not UTF-8: 0xE9 (save the file again with the encoding UTF-8)"],
        ),
        bytes(
            "Latin-1 on a later line, after UTF-8",
            b"product: Caf\xc3\xa9\nanswers: {}\n# \xff\n",
            &["a:3:3 F001: byte 30 is not UTF-8: 0xFF (save the file again with the encoding UTF-8)"],
        ),
        bytes(
            "UTF-16",
            b"\xff\xfep\0r\0",
            &["a:1:1 F001: byte 1 is not UTF-8: 0xFF (save the file again with the encoding UTF-8)"],
        ),
        case(
            "a byte order mark counts for no column",
            "\u{feff}product: A\nanswers: {x: 1}\n",
            &["a:2:11 A001: unknown question `x` (`init` writes a file with every question)"],
        ),
        case(
            "CRLF",
            "product: A\r\nanswers:\r\n  x: 1\r\n  y: 2\r\n",
            &[
                "a:3:3 A001: unknown question `x` (`init` writes a file with every question)",
                "a:4:3 A001: unknown question `y` (`init` writes a file with every question)",
            ],
        ),
        case(
            "CR, also beside other line breaks",
            "product: A\ranswers:\r  x: 1\r\n\r  y: 2\r",
            &[
                "a:3:3 A001: unknown question `x` (`init` writes a file with every question)",
                "a:5:3 A001: unknown question `y` (`init` writes a file with every question)",
            ],
        ),
        case("brackets never closed", "[".repeat(10_000), &["a:1:1089 F008: more than 64 levels inside each other"]),
        case("too many levels in brackets", deep_flow, &["a:2:73 F008: more than 64 levels inside each other"]),
        case(
            "too many levels in a block",
            "- ".repeat(10_000),
            &["a:1:129 F008: more than 64 levels inside each other"],
        ),
        case("too many values", many, &["a:3:400005 F008: more than 200000 values in one file"]),
        case("more than 4 MiB", format!("product: A\n#{}", "é".repeat(2 << 20)), &["- F002: `a` is larger than 4 MiB"]),
    ]
}

fn answers_cases() -> impl Iterator<Item = Case> {
    [keys_and_ids(), values(), whole_files(), encodings_and_limits()].into_iter().flatten()
}

#[test]
fn what_is_wrong_with_an_answers_file_is_said_at_once_in_order_and_with_what_to_do() {
    let wrong = answers_cases().filter_map(|Case { what, bytes, said }| {
        let problems = match answers::parse("a", &bytes, &RULES) {
            Ok((_, warnings)) => warnings,
            Err(problems) => problems,
        };
        let found = lines(&problems);
        (found != said).then(|| format!("{what}\n  is {found:#?}\n  not {said:#?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule file of the garden, a change to its text, and what is to be said about it.
const RULES_CASES: &[(&str, &str, &str, &[&str])] = &[
    (
        "manifest.yaml",
        "format: 1\n",
        "format: 2\n",
        &[
            "g/manifest.yaml:4:9 F013: these rules are written in format 2, this program reads 1 (write `format: 1`, or \
         use the program that these rules are written for)",
        ],
    ),
    (
        "manifest.yaml",
        "format: 1\n",
        "format: one\n",
        &[
            "g/manifest.yaml:4:9 F011: there is text here, but a whole number is needed (write a whole number in digits, such as 2)",
        ],
    ),
    (
        "manifest.yaml",
        "id: green_plots\n",
        "id: green_plots\nowner: me\n",
        &[
            "g/manifest.yaml:6:1 F010: unknown key `owner` (write one of `format`, `id`, `title`, `version`, `summary`, \
         `disclaimer`, `short`, `sources`, `sections`, `subject`, `service` or `letter`)",
        ],
    ),
    (
        "manifest.yaml",
        "version: 0.1.0",
        "version: 0.1",
        &["g/manifest.yaml:7:10 F011: there is a number here, but text is needed (put it in quotation marks)"],
    ),
    (
        "manifest.yaml",
        "  fit:\n",
        "  fits:\n",
        &[
            "g/manifest.yaml:19:3 F012: the key `fit` is missing (add `fit: …`)",
            "g/manifest.yaml:22:3 F010: unknown key `fits` (did you mean `fit`?)",
        ],
    ),
    (
        "questions.yaml",
        "section: eligibility\n    kind: yes_no",
        "section: elegibility\n    kind: yes_no",
        &["g/questions.yaml:6:14 F013: `elegibility` is not known here (did you mean `eligibility`?)"],
    ),
    ("questions.yaml", "section: fit", "section: eligibility", &[]),
    ("questions.yaml", "section: application", "section: fit", &[]),
    (
        "questions.yaml",
        "section: eligibility\n    kind: choice\n    prompt: How",
        "section: fit\n    kind: choice\n    prompt: How",
        &[
            "g/questions.yaml:47:14 R015: a question of `eligibility` stands after one of `fit` (questions are asked in the \
         order of the sections: move one of the two, or mend its section)",
        ],
    ),
    (
        "questions.yaml",
        "id: garden_story",
        "id: Garden story",
        &[
            "g/application.yaml:9:17 R005: there is no question `garden_story` (did you mean `Garden story`?)",
            "g/questions.yaml:75:9 R004: `Garden story` cannot be an id (use lower case letters, digits and underscores, and \
         begin with a letter)",
        ],
    ),
    (
        "glossary.yaml",
        "id: plot_term",
        "id: any",
        &["g/glossary.yaml:11:9 R004: `any` is a word of conditions (choose another id)"],
    ),
    (
        "glossary.yaml",
        "id: plot_term",
        "id: pesticides",
        &["g/glossary.yaml:11:9 R003: `pesticides` is already the id of something (give one of them another id)"],
    ),
    (
        "glossary.yaml",
        "term: lease\n",
        "term: \" \"\n",
        &["g/glossary.yaml:6:11 R009: this text is blank (write something)"],
    ),
    (
        "questions.yaml",
        "      - value: soap_only\n        label: Soap and water\n",
        "      - value: soap_only\n        none: true\n",
        &[
            "g/questions.yaml:24:16 R008: `soap_only` has no label (add `label: …`)",
            "g/questions.yaml:24:16 R008: only one option can be the empty list, and only of a `choices` question (delete `none`)",
        ],
    ),
    (
        "questions.yaml",
        "label: Soap and water",
        "label: Soap and water\n        reads_as: [nothing]",
        &[
            "g/criteria.yaml:21:32 R006: `soap_only` is read as `nothing`, so that no condition can test it (test what it is read as, and tell what is open in its `says`; if it is settled how it counts, delete its `reads_as`, `turns_out`, `says` and `short`)",
            "g/criteria.yaml:28:28 R006: `soap_only` is read as `nothing`, so that no condition can test it (test what it is read as, and tell what is open in its `says`; if it is settled how it counts, delete its `reads_as`, `turns_out`, `says` and `short`)",
            "g/questions.yaml:24:16 R008: an option that is read as one other option is that option (look at `reads_as`, `says`, `short` and `turns_out` of this option)",
        ],
    ),
    (
        "questions.yaml",
        "label: Soap and water",
        "label: Soap and water\n        turns_out: {nothing: no soap}",
        &[
            "g/questions.yaml:24:16 R008: `says`, `short` and `turns_out` belong to an option with `reads_as` (delete them if it is settled how this option counts, or add `reads_as`)",
        ],
    ),
    (
        "questions.yaml",
        "hint: A waiting list is fine.",
        "hint: {reading: Lists are fine, why: so}",
        &["g/questions.yaml:9:37 F010: unknown key `why` (write one of `says`, `reading` or `reasoning`)"],
    ),
    (
        "questions.yaml",
        "hint: A waiting list is fine.",
        "hint: {reasoning: So we think.}",
        &["g/questions.yaml:9:11 F012: this text says nothing (add `says: …`, or `reading: …` for what is ours)"],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{criterion.open_garden: met}",
        &[
            "g/questions.yaml:54:16 R007: `criterion` is a result, and a condition here tests answers alone (only the `when` of next steps, facts and notes can test results)",
        ],
    ),
    (
        "questions.yaml",
        "label: Soap and water\n",
        "label: Soap # and water\n",
        &[
            "g/questions.yaml:25:21 F014: what follows is a comment, and no part of the text before it (write `\"Soap # and water\"`, or put two blanks before the comment)",
        ],
    ),
    (
        "criteria.yaml",
        "number: 2\n",
        "number: 1\n",
        &[
            "g/criteria.yaml:18:13 R030: the number 1 stands here a second time (give each the number that it has in its source, or none)",
        ],
    ),
    (
        "questions.yaml",
        "label: Soap and water",
        "label: NOTHING",
        &[
            "g/questions.yaml:24:16 R031: the label or value of `soap_only` reads the same as another (say it in other words: \
             in tables the two could not be told apart)",
        ],
    ),
    (
        "questions.yaml",
        "id: water_tested",
        "id: fit",
        &[
            "g/go_live.yaml:7:16 R005: there is no question `water_tested` (write one of `open_to_neighbours`, `pesticides`, `land_held_by`, `long_lease`, `shared_things`, `garden_story`, `number_of_plots`, `fit`, `all`, `any` or `not`)",
            "g/questions.yaml:94:9 R004: `fit` is a result that conditions test, so no question can be called so (choose another id)",
        ],
    ),
    (
        "outcomes.yaml",
        "says: Send it in",
        "when: {topic.story: prepared}\n        says: Send it in",
        &["g/outcomes.yaml:11:16 R005: there is no topic `story` (write one of `topic_story` or `topic_plots`)"],
    ),
    (
        "outcomes.yaml",
        "says: Send it in",
        "when: {scenario: [land_is_safe, land_is_lost]}\n        says: Send it in",
        &["g/outcomes.yaml:11:41 R006: the result is never `land_is_lost` (did you mean `land_is_safe`?)"],
    ),
    (
        "scenarios.yaml",
        "    criterion: met\n",
        "    criterion: met\n    short: This is a text that nobody could read at a glance, because it says more than fits a row\n",
        &["g/scenarios.yaml:15:12 R029: this text has 87 characters, and there is room for 75 (say it in fewer words)"],
    ),
    (
        "glossary.yaml",
        "id: plot_term",
        "id: outcome",
        &[
            "g/glossary.yaml:11:9 R004: `outcome` already stands for something in every rules folder (choose another id)",
        ],
    ),
    (
        "questions.yaml",
        "kind: text\n",
        "kind: choice\n",
        &["g/questions.yaml:77:11 R008: a choice question has between 2 and 64 options, not 0 (add or join \
         options, or change the kind)"],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held: leased}",
        &["g/questions.yaml:54:16 R005: there is no question `land_held` (did you mean `land_held_by`?)"],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held_by: leaesd}",
        &["g/questions.yaml:54:30 R006: `land_held_by` does not offer `leaesd` (did you mean `leased`?)"],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held_by: not_sure}",
        &[
            "g/questions.yaml:54:30 R007: no condition tests `not_sure` (leave it out: what an answer that is not sure comes to is worked out for you)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "leased",
        &[
            "g/questions.yaml:54:15 R007: there is text here, but a condition is needed (write it as a mapping, for example \
         `{question_id: value}`)",
        ],
    ),
    (
        "questions.yaml",
        "ask_when: {land_held_by: leased}",
        "ask_when: {clean_soil: met}",
        &["g/questions.yaml:54:16 R007: `clean_soil` is a criterion, and a condition tests the answers to questions \
         (test the questions that decide `clean_soil`)"],
    ),
    (
        "questions.yaml",
        "ask_when: {land_held_by: leased}",
        "ask_when:",
        &[
            "g/questions.yaml:54:5 R007: there is nothing here, but a condition is needed (write it as a mapping, for example \
         `{question_id: value}`)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when:",
        &[
            "g/criteria.yaml:21:5 R007: there is nothing here, but a condition is needed (write it as a mapping, for example \
         `{question_id: value}`)",
        ],
    ),
    (
        "criteria.yaml",
        "number: 1\n",
        "number: -1\n",
        &[
            "g/criteria.yaml:6:13 F011: there is a number here, but a whole number is needed (write a whole number in digits, such as 2)",
        ],
    ),
    (
        "criteria.yaml",
        "    decided_by: scenarios\n",
        "",
        &[
            "g/criteria.yaml:33:9 R010: it is not clear what decides `secure_land` (give it `met_when` and `otherwise`, or \
         `decided_by: scenarios`)",
        ],
    ),
    (
        "criteria.yaml",
        "      not_met: The garden is closed to its neighbours.\n",
        "",
        &[
            "g/criteria.yaml:5:9 R011: `open_garden` can be not_met, but says nothing then (add `not_met: …` under `says`)",
        ],
    ),
    (
        "scenarios.yaml",
        "land_held_by: borrowed",
        "land_held_by: [borrowed, owned]",
        &[
            "g/scenarios.yaml:30:9 R012: `land_is_safe` and `land_is_borrowed` match the same answers (narrow one of the two \
         conditions)",
        ],
    ),
    (
        "scenarios.yaml",
        "{land_held_by: borrowed}",
        "{land_held_by: borrowed, long_lease: yes}",
        &[
            "g/scenarios.yaml:5:9 R013: some answers match no scenario (widen a condition or add a scenario; let the last say \
         `otherwise: true` only if its words are true of these answers)",
        ],
    ),
    (
        "application.yaml",
        "questions: [garden_story]",
        "questions: [garden_stroy]",
        &["g/application.yaml:9:17 R005: there is no question `garden_stroy` (did you mean `garden_story`?)"],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held_by: []}",
        &["g/questions.yaml:54:30 R007: this list has no values (write one of `owned`, `leased` or `borrowed`)"],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held_by: 3}",
        &[
            "g/questions.yaml:54:30 R007: there is a number here, but a value is needed (write one of `owned`, `leased` or `borrowed`)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held_by: [leased, 3]}",
        &[
            "g/questions.yaml:54:39 R007: there is a number here, but a value is needed (write one of `owned`, `leased` or `borrowed`)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{land_held_by: true}",
        &[
            "g/questions.yaml:54:30 R007: there is true or false here, but a value is needed (write one of `owned`, `leased` or `borrowed`)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{}",
        &[
            "g/questions.yaml:54:15 R007: this condition is empty (write it as a mapping, for example `{question_id: value}`)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{any: []}",
        &[
            "g/questions.yaml:54:21 R007: `all` and `any` need a list of conditions (write at least one, each behind `- `)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{all: leased}",
        &[
            "g/questions.yaml:54:21 R007: `all` and `any` need a list of conditions (write at least one, each behind `- `)",
        ],
    ),
    (
        "manifest.yaml",
        "url: \"https://example.org/green-plots/guide\"",
        "url: www.example.org/guide",
        &[
            "g/manifest.yaml:15:10 R033: this is no address of a page, so reports make no link of it (write it in full, as a \
             browser shows it: `https://…`)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {pesticides: [soap_only; garden_chemicals]}",
        &["g/criteria.yaml:21:33 R006: `pesticides` does not offer `soap_only; garden_chemicals` (write `[soap_only, \
             garden_chemicals]`, of which one is enough)"],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {pesticides: soap_only or nothing}",
        &[
            "g/criteria.yaml:21:32 R006: `pesticides` does not offer `soap_only or nothing` (write `[soap_only, nothing]`, of \
             which one is enough)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {any: [{pesticides: soap_only, pesticides: garden_chemicals}]}",
        &[
            "g/criteria.yaml:21:50 F006: `pesticides` stands here a second time, as if a new item began (if both must hold, put \
             each under `all:`, behind `- `; if one is enough, write one list of both)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {pesticides: soap_only, pesticides: garden_chemicals}",
        &[
            "g/criteria.yaml:21:43 F006: `pesticides` stands here a second time (if both must hold, put each under `all:`, \
             behind `- `; if one is enough, write one list of both)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {pesticides: [soap_only, soap_only]}",
        &[
            "g/criteria.yaml:21:44 R017: `soap_only` stands in this list already, so it makes no difference here (delete it, or \
             write what was meant in its place)",
        ],
    ),
    (
        "questions.yaml",
        "ask_when: {land_held_by: leased}",
        "changed: {version: soon, why: It is new.}",
        &[
            "g/questions.yaml:54:24 R015: this version cannot be compared (write numbers with points between them, such as \
             1.2.0)",
        ],
    ),
    (
        "questions.yaml",
        "ask_when: {land_held_by: leased}",
        "changed: {version: 0.2.0, why: It is new.}",
        &[
            "g/questions.yaml:54:24 R015: this version is still to come (raise `version` in the manifest, or nobody is asked \
             again)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {pesticides: soap_only, nothing}",
        &[
            "g/criteria.yaml:21:43 R005: there is no question `nothing` (it is a value of `pesticides`: write several in square \
             brackets, as in `pesticides: […, nothing]`)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {pesticides: soap_only and open_to_neighbours: yes}",
        &[
            "g/criteria.yaml:21:64 F004: a colon and a blank stand inside this text (write a comma in place of `and`, or put \
             the text in quotation marks)",
        ],
    ),
    (
        "criteria.yaml",
        "source: {page: guide, section: Who can join, item: rule 1}",
        "source: guide",
        &[
            "g/criteria.yaml:14:13 F011: there is text here, but a mapping is needed (write its keys here, each with its value: `page`, `section`, `item`)",
        ],
    ),
    (
        "criteria.yaml",
        "- when: {pesticides: soap_only}",
        "- when: {criteria.open_garden: met}",
        &[
            "g/criteria.yaml:28:16 R007: `open_garden` is a criterion, and a condition tests the answers to questions (write \
             `criterion.open_garden: …`)",
        ],
    ),
    (
        "manifest.yaml",
        "  - id: guide\n",
        "  - {id: lost, title: G, url: \"https://example.org\"}\n  - id: lost\n",
        &["g/manifest.yaml:13:9 R003: `lost` is already the id of something (give one of them another id)"],
    ),
    (
        "application.yaml",
        "questions: [garden_story]",
        "questions: [garden_story, garden_story]",
        &[
            "g/application.yaml:9:31 R017: `garden_story` stands in this list already, so it makes no difference here (delete \
             it, or write what was meant in its place)",
        ],
    ),
    (
        "criteria.yaml",
        "discuss_when: {pesticides: soap_only}",
        "discuss_when: {any: [{pesticides: soap_only, land_held_by: leased}]}",
        &[
            "g/criteria.yaml:21:50 R017: `any` has one part here, so all of its tests must hold (put `- ` in front of each \
             that is enough by itself; if all must hold, delete `any`)",
        ],
    ),
    (
        "questions.yaml",
        "label: Nothing",
        "label: \"2\"",
        &[
            "g/questions.yaml:21:16 R031: the label `2` is the number of another option where they are numbered (add a word to \
             it, or a person who types the one chooses the other)",
        ],
    ),
    (
        "questions.yaml",
        "{land_held_by: leased}",
        "{garden_story: long}",
        &[
            "g/questions.yaml:54:30 R007: `garden_story` is a text, which no condition can test (test a question of another kind)",
        ],
    ),
    (
        "questions.yaml",
        "      - value: soap_only\n",
        "      - value: nothing\n",
        &[
            "g/criteria.yaml:21:32 R006: `pesticides` does not offer `soap_only` (write one of `nothing`, `nothing` or `garden_chemicals`)",
            "g/criteria.yaml:28:28 R006: `pesticides` does not offer `soap_only` (write one of `nothing`, `nothing` or `garden_chemicals`)",
            "g/questions.yaml:24:16 R008: the option `nothing` stands twice (delete one of them)",
        ],
    ),
    (
        "questions.yaml",
        "      - value: yes\n        action: have the water tested\n",
        "      - value: perhaps\n",
        &[
            "g/questions.yaml:99:16 R008: a yes_no question has no option `perhaps` (write `yes` or `no`, or make the kind `choice`)",
        ],
    ),
    (
        "questions.yaml",
        "    prompt: How did the garden start?\n",
        "    prompt: How did the garden start?\n    options: [{value: long, label: Long}]\n",
        &["g/questions.yaml:77:11 R008: a text question has no options (delete them, or change the kind)"],
    ),
    (
        "questions.yaml",
        "changeable: false",
        "changeable: sometimes",
        &["g/questions.yaml:42:17 F011: there is text here, but true or false is needed (write `true` or `false`)"],
    ),
    (
        "criteria.yaml",
        "number: 1\n",
        "number: 300\n",
        &["g/criteria.yaml:6:13 F011: this number is too small or too large"],
    ),
    (
        "criteria.yaml",
        "    met_when: {pesticides: nothing}\n    discuss_when: {pesticides: soap_only}\n    otherwise: not_met\n",
        "    decided_by: scenarios\n",
        &[
            "g/criteria.yaml:31:9 R010: the scenarios already decide `clean_soil`, so they cannot decide `secure_land` (give one of them `met_when` and `otherwise` instead)",
        ],
    ),
    (
        "application.yaml",
        "questions: [garden_story]",
        "questions: []",
        &[
            "g/application.yaml:5:9 R009: the topic `topic_story` has no questions, so nothing could prepare it (name at least one question)",
        ],
    ),
    (
        "fit.yaml",
        "    not_sure: Settle whether the garden would share anything.\n",
        "",
        &["g/fit.yaml:5:9 R011: `sharing_nothing` says nothing when a \"not sure\" leaves it open (add `not_sure: …`)"],
    ),
    (
        "go_live.yaml",
        "      unknown: Before opening day, somebody will ask for this year's water test.\n",
        "",
        &["g/go_live.yaml:5:9 R011: `safe_water` says nothing while it is unknown (add `unknown: …` under `says`)"],
    ),
    (
        "fit.yaml",
        "findings:\n",
        "findings:\n  - id: \"x\n",
        &[
            "g/fit.yaml:4:9 F004: a quotation mark is opened here and never closed (write `\"` where it ends; begin all lines of the text further to the right than its key)",
        ],
    ),
];

#[test]
fn what_is_wrong_with_a_rule_file_is_said_with_its_place_and_what_to_do() {
    let wrong = RULES_CASES.iter().filter_map(|(file, from, to, said)| {
        let (_, problems) = rulebook::read(&changed(file, from, to));
        let found = lines(&problems);
        (found != *said).then(|| format!("{file}: {from} → {to}\n  is {found:#?}\n  not {said:#?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said of a list without anything in it where the rules have no word for that.
const EMPTY_LIST: &str = "a:3:18 A013: this list is empty, and `shared_things` needs at least one value (write a value, or nothing at all \
    if the answer is missing)";

#[test]
fn an_empty_list_is_an_answer_only_where_the_rules_have_a_word_for_it() {
    let nothing = "product: A\nanswers:\n  shared_things: []\n";
    assert_eq!(answers::parse("a", nothing.as_bytes(), &RULES).expect("the word is `nothing_shared`").1, []);
    let rules = support::sound(&changed("questions.yaml", "        none: true\n", ""));
    assert_eq!(lines(&answers::parse("a", nothing.as_bytes(), &rules).expect_err("no word")), [EMPTY_LIST]);
}

#[test]
fn nothing_is_said_of_what_stands_in_a_file_that_cannot_be_read() {
    let pack = support::folder("tests/packs/every_key");
    for name in ["application.yaml", "criteria.yaml", "fit.yaml", "go_live.yaml", "questions.yaml", "scenarios.yaml"] {
        let mut files = pack.clone();
        files.files.insert(name.to_owned(), [&files.files[name][..], b"\n]\n"].concat().into());
        let problems = lines(&rulebook::read(&files).1);
        assert!(problems.iter().all(|line| line.contains(name)) && !problems.is_empty(), "{problems:#?}");
    }
}

/// What is wrong with the folder, or with the rules as a whole.
const FOLDER_CASES: &[&str] = &[
    "- R001: `g/criteria.yaml` is missing (is `criterion.yaml` meant to be it?)",
    "- R002: `g/criterion.yaml` is not a rule file (did you mean `criteria.yaml`?)",
    "- R002: `g/extra.yaml` is not a rule file (move it out of the folder)",
];

#[test]
fn what_is_wrong_with_a_rules_folder_is_said() {
    let mut misnamed = changed("manifest.yaml", "", "");
    let criteria = misnamed.files.remove("criteria.yaml").expect("the garden has criteria");
    misnamed.files.insert("criterion.yaml".to_owned(), criteria.clone());
    misnamed.files.insert("extra.yaml".to_owned(), criteria);
    assert_eq!(lines(&rulebook::read(&misnamed).1), FOLDER_CASES);
}

#[test]
fn every_code_is_shown_by_some_case() {
    let answers = answers_cases().flat_map(|case| case.said);
    let rules = RULES_CASES.iter().flat_map(|(.., said)| *said).chain(FOLDER_CASES).chain([&EMPTY_LIST]);
    let shown: BTreeSet<&str> =
        answers.chain(rules).filter_map(|line| line.split([' ', ':']).find(|word| is_code(word))).collect();
    let all: BTreeSet<&str> = CODES.iter().map(|code| code.as_str()).filter(|code| is_code(code)).collect();
    assert_eq!(shown, all);
}

/// Codes about the text of a file, its answers or its rules. Those of lints, limits, proofs and cases are shown in
/// `lints.rs`, `limits.rs`, `mutations.rs`, `prove.rs` and `cases.rs`.
fn is_code(word: &str) -> bool {
    let elsewhere = ("R016"..="R028").contains(&word)
        || ["R014", "R032", "R034"].contains(&word)
        || ("A008"..="A010").contains(&word)
        || word == "A012";
    !elsewhere && word.len() == 4 && word.starts_with(['F', 'A', 'R']) && word[1..].chars().all(|c| c.is_ascii_digit())
}

#[test]
fn twenty_problems_come_in_one_run_in_the_order_of_the_lines() {
    let answered: Vec<String> = (0..20).map(|at| format!("  question_{at}: {at}\n")).collect();
    let text = format!("product: A\nanswers:\n{}", answered.concat());
    let problems = answers::parse("a", text.as_bytes(), &RULES).expect_err("no such questions");
    let places: Vec<String> =
        problems.iter().map(|problem| problem.place.as_ref().expect("a place").to_string()).collect();
    assert_eq!(places, (3..23).map(|line| format!("a:{line}:3")).collect::<Vec<_>>());
}

#[test]
fn a_key_that_stands_twice_shows_both_places() {
    let text = "product: A\nanswers:\n  pesticides: nothing\n  pesticides: nothing\n";
    let problems = answers::parse("a", text.as_bytes(), &RULES).expect_err("a key stands twice");
    let (first, what) = &problems[0].related[0];
    assert_eq!((first.to_string().as_str(), what.as_str()), ("a:3:3", "first here"));
}

#[test]
fn a_hundred_megabytes_are_refused_for_their_size_alone() {
    let bytes = vec![b'['; 100_000_000];
    let problems = answers::parse("a", &bytes, &RULES).expect_err("far too large");
    assert_eq!(lines(&problems), ["- F002: `a` is larger than 4 MiB"]);
    let mut files = changed("manifest.yaml", "", "");
    files.files.insert("fit.yaml".to_owned(), Cow::Owned(bytes));
    assert_eq!(lines(&rulebook::read(&files).1), ["- F002: `g/fit.yaml` is larger than 4 MiB"]);
}

/// The same answers in as many spellings as a person may choose.
#[test]
fn the_same_answers_are_read_from_every_spelling() {
    let said = |text: &str| -> Vec<String> {
        let (answers, warnings) =
            answers::parse("a", text.as_bytes(), &RULES).unwrap_or_else(|p| panic!("{text}\n{}", support::listed(&p)));
        assert!(warnings.is_empty(), "{}", support::listed(&warnings));
        let answered = answers.entries.iter().zip(&RULES.questions);
        answered
            .filter_map(|(entry, asked)| Some(format!("{}: {}", asked.id, asked.words(&entry.as_ref()?.answer))))
            .collect()
    };
    let expected =
        ["open_to_neighbours: yes", "pesticides: not_sure", "shared_things: seeds; tools", "garden_story: 😀 1"];
    for text in [
        "product: A\nanswers:\n  open_to_neighbours: yes\n  pesticides: not_sure\n  shared_things: [tools, seeds]\n  garden_story: 😀 1\n",
        "product: A\nanswers:\n  open_to_neighbours: TRUE\n  pesticides: Not Sure\n  shared_things:\n  - tools\n  - seeds\n  garden_story: '😀 1'\n",
        "\u{feff}product: A\r\nanswers:\r\n  open_to_neighbours: \"Yes\"\r\n  pesticides: >-\r\n    not\r\n    sure\r\n  shared_things: [seeds,\r\n    tools]\r\n  garden_story: |-\r\n    😀 1\r\n",
        "{\"product\": \"A\",\n\t\"answers\": {\n\t\t\"open_to_neighbours\": true,\n\t\t\"pesticides\": \"not_sure\",\n\t\t\"shared_things\": [\"seeds\", \"tools\"],\n\t\t\"garden_story\": \"\\ud83d\\ude00\\u00201\"\n\t}\n}\n",
        "%YAML 1.2\n---\n# a comment\n{product: A, answers: {open_to_neighbours: {answer: yes, note: n}, pesticides: not sure, shared_things: [seeds, tools], garden_story: \"😀 1\", long_lease: , water_tested: ~}}\n...\n",
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn dates_and_marks_are_texts() {
    for (written, read) in [
        ("2024-01-01", "2024-01-01"),
        ("1.2.3", "1.2.3"),
        ("12 months", "12 months"),
        ("---", "---"),
        ("--- 12", "--- 12"),
        ("...", "..."),
        ("12\n\n    ...", "12\n..."),
        ("\"12\"", "12"),
        ("'no'", "no"),
        ("off", "off"),
    ] {
        let text = format!("product: {written}\nanswers:\n  garden_story: {written}\n");
        let (answers, _) =
            answers::parse("a", text.as_bytes(), &RULES).unwrap_or_else(|p| panic!("{}", support::listed(&p)));
        assert_eq!(answers.product, read);
        let story = RULES.question("garden_story").expect("the garden has a story").0;
        assert_eq!(answers.get(story).map(|entry| &entry.answer), Some(&Answer::Text(read.to_owned())));
    }
}

#[test]
fn versions_compare_as_numbers_and_not_as_text() {
    assert!(rulebook::version_numbers("1.10.0") > rulebook::version_numbers("1.9.9"));
    assert_eq!(rulebook::version_numbers("2024-b"), None);
}

/// Where questions have changed, nobody could be asked again.
#[test]
fn a_version_that_is_none_is_told_where_it_stands() {
    for (pack, severity) in [("every_key", Severity::Error), ("allotment", Severity::Warning)] {
        let mut files = support::folder(&format!("tests/packs/{pack}"));
        support::replace(&mut files, "manifest.yaml", "version: 0.1.0", "version: two point one");
        let found = rulebook::read(&files).1;
        let found: Vec<&Problem> = found.iter().filter(|problem| problem.code.as_str() == "R015").collect();
        let [problem] = found.as_slice() else { panic!("{pack}: {found:?}") };
        let place = problem.place.as_ref().map(ToString::to_string).unwrap_or_default();
        assert_eq!((place.ends_with("/manifest.yaml:7:10"), problem.severity), (true, severity), "{place}");
    }
}

/// A garden with a change to one of its files.
fn changed(file: &str, from: &str, to: &str) -> RuleFiles {
    let mut files = GARDEN.clone();
    support::replace(&mut files, file, from, to);
    files
}

fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(support::line).collect()
}

/// Pieces that YAML, JSON and careless editors give a meaning to.
const PIECES: [&str; 44] = [
    "product",
    "answers",
    "pesticides",
    "shared_things",
    "garden_story",
    "nothing",
    "seeds",
    "yes",
    "not_sure",
    "answer",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    " ",
    "\t",
    "- ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    "\\u00e9",
    "\\ud83d",
    "#",
    " # x",
    "&a ",
    "*a",
    "!t ",
    "---\n",
    "...\n",
    "|\n",
    ">-\n",
    "? ",
    "~",
    "1",
    "é",
    "😀",
    "\u{feff}",
];

/// A valid file with some pieces put in and some parts taken out.
fn mutated(text: &str, tape: &mut Tape<'_>) -> String {
    let mut text = text.to_owned();
    for _ in 0..=tape.pick(4) {
        let from = text.floor_char_boundary(tape.pick(text.len() + 1));
        let length = [0, 1, 2, 8, 40][tape.pick(5)];
        let to = text.floor_char_boundary((from + length).min(text.len()));
        text.replace_range(from..to, PIECES[tape.pick(PIECES.len())]);
    }
    text
}

const VALID: [&str; 3] = [
    "product: Café\nanswers:\n  open_to_neighbours: yes\n  pesticides: {answer: nothing, note: 'é'}\n  shared_things: [seeds, tools]\n  garden_story: \"A\\nB\" # x\n",
    "{\"product\": \"A\", \"answers\": {\"pesticides\": \"nothing\", \"shared_things\": [\"seeds\"], \"garden_story\": \"é\"}}",
    "# é\r\nproduct: A\r\norganisation: B\r\nanswers:\r\n  garden_story: >\r\n    one\r\n    two\r\n  shared_things:\r\n    - seeds\r\n    - tools\r\n",
];

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn any_text_is_read_or_refused_in_its_right_place(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        read(&pieces.concat())?;
    }

    #[test]
    fn a_damaged_file_is_read_or_refused_in_its_right_place(
        valid in prop::sample::select(&VALID[..]),
        damage in prop::collection::vec(any::<u32>(), 0..16),
    ) {
        read(&mutated(valid, &mut Tape::new(&damage)))?;
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let read = answers::parse("a", &bytes, &RULES);
        let problems = read.map_or_else(|problems| problems, |(_, warnings)| warnings);
        stand_in_their_text(&problems)?;
    }

    #[test]
    fn damaged_rules_are_read_or_refused_in_their_right_place(
        file in prop::sample::select(&rulebook::FILES[..]),
        damage in prop::collection::vec(any::<u32>(), 0..16),
    ) {
        let mut files = support::folder("tests/packs/every_key");
        let text = mutated(&String::from_utf8_lossy(&files.files[file]), &mut Tape::new(&damage));
        files.files.insert(file.to_owned(), Cow::Owned(text.into_bytes()));
        let (rulebook, problems) = rulebook::read(&files);
        stand_in_their_text(&problems)?;
        prop_assert!(rulebook.is_some() || Problem::any_error(&problems), "no rules and no reason");
    }
}

/// Every problem lies inside its text, splits no character and comes after those before it.
fn stand_in_their_text(problems: &[Problem]) -> Result<(), TestCaseError> {
    for problem in problems {
        prop_assert!(!problem.message.is_empty(), "{}", support::line(problem));
        for place in problem.place.iter().chain(problem.related.iter().map(|(place, _)| place)) {
            let text = &place.source.text;
            prop_assert!(text.get(place.span.clone()).is_some(), "{:?} in {text:?}", place.span);
        }
    }
    let starts: Vec<_> =
        problems.iter().filter_map(|p| p.place.as_ref().map(|place| (&place.source.name, place.span.start))).collect();
    prop_assert!(starts.is_sorted(), "{starts:?}");
    Ok(())
}

/// Reads a text as answers. What is accepted must be what the YAML and JSON libraries read in it, if they do.
fn read(text: &str) -> Result<(), TestCaseError> {
    let (answers, problems) = match answers::parse("a", text.as_bytes(), &RULES) {
        Ok((answers, warnings)) => (Some(answers), warnings),
        Err(problems) => (None, problems),
    };
    stand_in_their_text(&problems)?;
    prop_assert_eq!(answers.is_none(), Problem::any_error(&problems));
    let Some(answers) = answers else { return Ok(()) };
    let text = text.trim_start_matches('\u{feff}');
    // The library follows an older YAML, and refuses some texts that the newer one allows.
    match serde_json::from_str(text).or_else(|_| serde_yaml::from_str::<serde_yaml::Value>(text)) {
        Ok(value) => agrees(&answers, &value).map_err(|what| TestCaseError::fail(format!("{text:?}: {what}"))),
        Err(_) => Ok(()),
    }
}

fn agrees(answers: &Answers, value: &serde_yaml::Value) -> Result<(), String> {
    // The two differ in whether a block text at the very end of a file ends with a line break.
    let is =
        |value: &serde_yaml::Value, text: &str| value.as_str().is_some_and(|value| value.trim_end() == text.trim_end());
    if !is(&value["product"], &answers.product) {
        return Err(format!("product {:?} is read as {:?}", value["product"], answers.product));
    }
    for (entry, question) in answers.entries.iter().zip(&RULES.questions) {
        let given = &value["answers"][question.id.as_str()];
        let given = if given.is_mapping() { &given["answer"] } else { given };
        let same = match entry.as_ref().map(|entry| &entry.answer) {
            None => given.is_null(),
            Some(Answer::Text(text)) => is(given, text),
            Some(Answer::One(option)) => match (given.as_bool(), given.as_str()) {
                (Some(truth), _) => *option == usize::from(!truth),
                (None, Some(word)) => question.option(word) == Ok(*option),
                (None, None) => false,
            },
            Some(Answer::Many(options)) => {
                given.as_sequence().is_some_and(|items| items.len() == options.count_ones() as usize)
            }
            Some(Answer::NotSure) => given.as_str().is_some_and(|words| question.is_not_sure(words)),
        };
        if !same {
            return Err(format!(
                "`{}`: {given:?} is read as {:?}",
                question.id,
                entry.as_ref().map(|entry| &entry.answer)
            ));
        }
    }
    Ok(())
}

#[test]
fn a_rule_file_that_was_saved_under_another_name_is_told_and_what_else_lies_beside_is_not() {
    let mut files = GARDEN.clone();
    files.files.remove("fit.yaml");
    files.unread = ["fit.yaml.txt", "criteria.yaml.bak", "notes.md", "tests/more/cases.yaml", "tests/old.yaml.txt"]
        .map(str::to_owned)
        .to_vec();
    let found = rulebook::read(&files).1;
    let told: Vec<String> = found.iter().map(support::line).filter(|line| line.contains("R002")).collect();
    assert_eq!(
        told,
        [
            "- R002: `g/fit.yaml.txt` is not read (call it `fit.yaml`, or something else)",
            "- R002: `g/tests/more/cases.yaml` is not read, so the cases in it test nothing (move it into `tests` \
             itself: folders inside it are not read)",
            "- R002: `g/tests/old.yaml.txt` is not read, so the cases in it test nothing (end its name in `.yaml`)",
        ]
    );
}
