//! Rows of CSV: none is lost in another without a word, and each is told at the line it begins in.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::collections::BTreeSet;
use std::io::Cursor;

use eligibility::commands::{self, Io, Terminal};
use serde_json::Value;
use support::Ran;

const PLAIN: &str = r#"product,pesticides,land_held_by,garden_story
Apple Row,nothing,owned,began in 1998
Bean Walk,soap_only,leased,
Clover Corner,garden_chemicals,borrowed,"quotes ""inside"" and a comma, too"
Dill Yard,not_sure,owned,"two
lines"
Elder End,nothing,owned,x
"#;

/// With everything in quotation marks, blank lines, and line breaks of two characters.
const QUOTED: &str = "\"product\",\"pesticides\",\"garden_story\"\r\n\r\n\
    \"Apple Row\",\"nothing\",\"first line\r\nsecond\r\n\r\nfourth\"\r\n\
    \"Bean \"\"Walk\"\"\",\"soap_only\",\"a, b; c\"\r\n\r\n\r\n\
    \"Clover Corner\",\"nothing\",\"\"\r\n\
    \"Dill Yard\",\"not_sure\",\"ends in a mark\"\"\"\r\n";

/// As a spreadsheet abroad may write it, on an old computer.
const SEMICOLONS: &str = "\u{feff}product;garden_story;pesticides\r\"Apfel; Reihe\";\"eine\rzweite Zeile\";nothing\r\
    Bohnen;;soap_only\r\rKlee;\"ü\";not_sure";

/// What is told of each row, in order: its source without the name of the file, and its product or what is wrong.
fn triaged(table: &[u8]) -> (Ran, Vec<(String, String)>) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let terminal = Terminal { stdin: false, stdout: None, stderr: None, no_colour: true, links: false, plain: true };
    let args = ["x", "triage", "-", "--input-format", "csv", "--format", "jsonl", "--no-summary"];
    let args = args.into_iter().chain(["--rules", "tests/packs/allotment"]).map(Into::into);
    let io = Io { stdin: &mut Cursor::new(table), stdout: &mut out, stderr: &mut err, terminal };
    let code = commands::run(args, io);
    let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
    let told = out.lines().map(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        (
            text("source").trim_start_matches("standard input").trim_start_matches(':').to_owned(),
            Some(text("error")).filter(|error| !error.is_empty()).unwrap_or_else(|| text("product")),
        )
    });
    let told = told.collect();
    (Ran { code, out, err }, told)
}

fn lines(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(line, _)| line.as_str()).collect()
}

#[test]
fn lines_are_counted_as_editors_count_them_in_all_combinations() {
    let mut tried = BTreeSet::new();
    for end in ["\n", "\r\n", "\r"] {
        for inside in ["", "\n", "\r\n", "\r"] {
            for blank in [0, 3] {
                for last in ["", end] {
                    let blank_lines = end.repeat(blank);
                    let story = if inside.is_empty() { "one line".to_owned() } else { format!("\"two{inside}lines\"") };
                    let table = format!(
                        "{blank_lines}product,garden_story,pesticides{end}{blank_lines}A,{story},nothing{end}{blank_lines}\
                         B,{story},nonsense{end}C,x,nothing{last}"
                    );
                    let (ran, told) = triaged(table.as_bytes());
                    let more = usize::from(!inside.is_empty());
                    let a = 2 + 2 * blank;
                    let b = a + 1 + more + blank;
                    let expected = [a, b, b + 1 + more].map(|line| line.to_string());
                    assert_eq!(lines(&told), expected, "{table:?} {}", ran.err);
                    let place = format!("standard input:{b}: error[A002]");
                    assert!(ran.code == 2 && ran.err.contains(&place), "{table:?} {}", ran.err);
                    tried.insert(table);
                }
            }
        }
    }
    assert_eq!(tried.len(), 48);
}

#[test]
fn what_is_wrong_with_a_header_is_told_at_its_line() {
    let (ran, _) = triaged(b"\r\n\r\nproduct,pesticidse\r\nA,nothing\r\n");
    assert!(
        ran.code == 2 && ran.err.contains("standard input:3: error[A001]: unknown column `pesticidse`"),
        "{}",
        ran.err
    );
    let (ran, _) = triaged(b"product,\"pesticides\nA,nothing\nB,nothing\n");
    assert!(
        ran.code == 2 && ran.err.contains("standard input:1: error[F004]: the quotation mark opened here"),
        "{}",
        ran.err
    );
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_an_error_where_it_was_opened() {
    for (table, line, before) in [
        ("product,garden_story\nA,\"two lines\nB,x\nC,y\n", "2", &[][..]),
        ("product,garden_story\nA,x\n\n\"B\",\"two\nlines\"\nC,\"\"\"not closed\"\"\nD,x", "6", &["A", "B"]),
        // It opens in the third line of a row that begins in the second.
        ("garden_story,product\n\"two\nlines\",\"A\nx,B\n", "3", &[]),
        ("product,garden_story\rA,\"\r\rB,x", "2", &[]),
        ("product,garden_story\nA,x\nB,\"", "3", &["A"]),
    ] {
        let (ran, told) = triaged(table.as_bytes());
        assert_eq!(ran.code, 2, "{table:?}");
        let (last, products) = told.split_last().unwrap();
        assert_eq!(products.iter().map(|(_, product)| product.as_str()).collect::<Vec<_>>(), before, "{table:?}");
        assert_eq!(last.0, line, "{table:?}");
        assert!(last.1.starts_with("F004: the quotation mark opened here is not closed"), "{last:?}");
        assert!(ran.err.contains(&format!("standard input:{line}: error[F004]")), "{}", ran.err);
    }
}

#[test]
fn a_row_inside_a_cell_that_another_mark_closes_is_told_too() {
    // The mark in the second line closes with the one in the third, which was meant to open a cell.
    let (ran, told) = triaged(b"product,garden_story\nA,\"not closed\nB,\"closed\"\nC,x\n");
    assert_eq!(ran.code, 2);
    assert_eq!(lines(&told), ["2", "4"], "{told:?}");
    assert!(told[0].1.contains("is closed in line 3, and there is more behind it"), "{told:?}");
    assert_eq!(told[1].1, "C");
    // Blanks behind a closed cell lose nothing.
    let (ran, told) = triaged(b"product,garden_story\n\"A\" ,\"x\"\t\n");
    assert_eq!((ran.code, told[0].1.as_str()), (5, "A"), "{}", ran.err);
}

#[test]
fn a_plain_table_cut_at_any_byte_never_loses_a_row_in_silence() {
    cut_everywhere(PLAIN);
}

#[test]
fn a_table_in_quotation_marks_cut_at_any_byte_never_loses_a_row_in_silence() {
    cut_everywhere(QUOTED);
}

#[test]
fn a_table_with_semicolons_cut_at_any_byte_never_loses_a_row_in_silence() {
    cut_everywhere(SEMICOLONS);
}

fn cut_everywhere(table: &str) {
    let table = table.as_bytes();
    let (whole, all) = triaged(table);
    assert!(whole.code > 2 && all.len() >= 3, "{}", whole.err);
    let begins = beginnings(table, &all);
    for cut in 0..table.len() {
        let (ran, told) = triaged(&table[..cut]);
        let begun = begins.iter().filter(|begin| **begin < cut).count();
        if begun == 0 {
            assert_eq!(ran.code, 2, "{cut}");
            continue;
        }
        // Each row that has begun is told of: all but the last as if nothing had been cut.
        assert_eq!(told.len(), begun, "{cut}: {told:?}");
        assert_eq!(told[..begun - 1], all[..begun - 1], "{cut}");
        // The last at its line, as a product or as something wrong, which is told at the quotation mark if that is open.
        let ((line, product), whole) = (&told[begun - 1], &all[begun - 1]);
        let wrong = product.starts_with(['A', 'F']) && product.contains(": ");
        assert!(*line == whole.0 || product.starts_with("F004"), "{cut}: {told:?}");
        assert_eq!(ran.code == 2, wrong, "{cut}: {told:?}");
    }
}

/// Where each row begins, by the lines that are told.
fn beginnings(table: &[u8], all: &[(String, String)]) -> Vec<usize> {
    let ends = (0..table.len()).filter(|&at| match table[at] {
        b'\n' => true,
        b'\r' => table.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    let lines: Vec<usize> = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
    all.iter().map(|(line, _)| lines[line.parse::<usize>().unwrap() - 1]).collect()
}
