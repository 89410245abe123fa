//! Workbooks in and out: read behind a guard, and written so that people can work with them.
#![cfg(feature = "workbooks")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};

use calamine::{DataType, Reader, Xlsx};
use eligibility::intake::table::workbook::{MAX_FILE, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Table, TableColumn, TableFunction, Workbook};
use serde_json::Value;
use support::{crate_path, run};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(crate_path(&format!("tests/findings/workbooks/{name}"))).unwrap()
}

#[test]
fn cells_are_read_as_a_spreadsheet_displays_them() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap().set_hidden(true);
    let sheet = book.add_worksheet().set_active(true);
    let date = |pattern: &str| Format::new().set_num_format(pattern);
    let at = ExcelDateTime::parse_from_str("2026-11-03T09:10:22").unwrap();
    sheet.write_string(2, 0, "  text\u{a0}").unwrap();
    sheet.write_number(2, 1, 3.0).unwrap();
    sheet.write_number(2, 2, 0.1 + 0.2).unwrap();
    sheet.write_boolean(2, 3, true).unwrap();
    sheet.write_datetime_with_format(2, 4, &at, &date("dd/mm/yyyy hh:mm")).unwrap();
    sheet.write_datetime_with_format(2, 6, ExcelDateTime::from_ymd(2026, 11, 3).unwrap(), &date("d mmm yy")).unwrap();
    sheet.write_formula(3, 0, Formula::new("=1+1").set_result("two")).unwrap();
    book.add_worksheet().set_name("Second").unwrap();
    let read = read(&book.save_to_buffer().unwrap(), None).unwrap();
    assert_eq!((read.facts.name.as_str(), read.facts.others.as_slice()), ("Sheet2", ["Second".to_owned()].as_slice()));
    let cells = ["  text\u{a0}", "3", "0.3", "TRUE", "2026-11-03 09:10:22", "", "2026-11-03"];
    let rows: Vec<(u64, Vec<&str>)> =
        (0..).map_while(|row| read.row(row)).map(|(number, cells)| (number, cells.collect())).collect();
    assert_eq!(rows, [(3, cells.to_vec()), (4, vec!["two"])]);
}

#[test]
fn hidden_and_merged_cells_are_read_and_reported() {
    let mut book = Workbook::new();
    let plain = Format::new();
    for name in ["Other", "Form <1> & \"2\""] {
        let sheet = book.add_worksheet().set_name(name.replace(['<', '>', '"', '&'], "")).unwrap();
        sheet.merge_range(0, 0, 0, 3, "Enquiries of May", &plain).unwrap();
        for (column, header) in (0..).zip(["product", "organisation", "stage", "Ref"]) {
            sheet.write_string(1, column, header).unwrap();
        }
        for row in 2..9 {
            sheet.write_string(row, 0, format!("P{row}")).unwrap().write_string(row, 2, "live").unwrap();
        }
        if name != "Other" {
            // One of the hidden rows has nothing in it, and one of the hidden columns is not read.
            for row in [3, 4, 20] {
                sheet.set_row_hidden(row).unwrap();
            }
            sheet.set_column_hidden(2).unwrap().set_column_hidden(3).unwrap();
            sheet.merge_range(2, 1, 4, 1, "O", &plain).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("t.xlsx"), book.save_to_buffer().unwrap()).unwrap();
    fs::write(at("m.yaml"), "header_row: 2\nignore: [Ref]\n").unwrap();
    let told = |sheet: &str| {
        let ran = run(&["triage", &at("t.xlsx"), "--mapping", &at("m.yaml"), "--no-summary", "--sheet", sheet], "");
        assert_eq!((ran.code, ran.out.matches("live").count()), (5, 0), "{}", ran.err);
        assert!((2..9).all(|row| ran.out.contains(&format!("P{row}"))), "{}", ran.out);
        ran.err
    };
    let (name, hidden) = (at("t.xlsx:Form 1  2"), "Hidden, and read like the rest");
    let unused = format!("Not used: column `Ref`, sheet `Other` of `{}`.\n", at("t.xlsx"));
    let merged = format!("Merged, with the value in the first cell alone: 1 place in `{name}`.\n");
    assert_eq!(told("Form 1  2"), format!("{unused}{hidden}: 2 rows and 1 column in `{name}`.\n{merged}"));
    assert!(!told("Other").contains("Hidden") && !told("Other").contains("Merged"));
    // An office suite of another kind says it in another word.
    let other =
        with_changed_parts(&fs::read(at("t.xlsx")).unwrap(), |_, text| text.replace("hidden=\"1\"", "hidden=\"true\""));
    fs::write(at("t.xlsx"), other).unwrap();
    assert!(told("Form 1  2").contains("2 rows and 1 column"));
}

#[test]
fn a_row_of_totals_is_left_out_and_reported() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let columns = ["product", "stage", "Ref"].map(|header| TableColumn::new().set_header(header));
    let mut columns = columns.to_vec();
    columns[0] = columns[0].clone().set_total_label("Totals");
    columns[2] = columns[2].clone().set_total_function(TableFunction::Sum);
    sheet.add_table(0, 0, 3, 2, &Table::new().set_columns(&columns).set_total_row(true)).unwrap();
    // Another table beside it ends in totals where the first holds a product.
    let beside = [TableColumn::new().set_header("x").set_total_label("Totals")];
    sheet.add_table(0, 28, 2, 28, &Table::new().set_columns(&beside).set_total_row(true)).unwrap();
    for (row, product) in [(1, "A"), (2, "B")] {
        sheet.write_string(row, 0, product).unwrap().write_string(row, 1, "live").unwrap();
        sheet.write_number(row, 2, 10).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xlsx").display().to_string();
    fs::write(&path, book.save_to_buffer().unwrap()).unwrap();
    let ran = run(&["triage", &path, "--ignore-other-columns", "--no-summary", "--format", "jsonl"], "");
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["product"].as_str().unwrap()).collect::<Vec<_>>(), ["A", "B"]);
    let told = |row: u32| format!("the totals in row {row} of `{path}:Sheet1`");
    assert!(ran.err.contains(&told(4)) && ran.err.contains(&told(3)), "{}", ran.err);
}

#[test]
fn a_broken_workbook_is_refused_in_one_clear_line() {
    for (file, told) in [
        ("sstbomb.xlsx", "claims to have more texts"),
        ("corner.xlsx", "is beyond 20000 rows"),
        ("fat.ods", "save it as XLSX or CSV"),
    ] {
        let problem = read(&fixture(file), None).unwrap_err();
        assert!(problem.in_a_line().contains(told), "{file}: {}", problem.in_a_line());
    }
    let problem = read(&fixture("forms.xlsx"), Some("Form")).unwrap_err();
    assert!(problem.in_a_line().contains("there is no sheet `Form` (write `Sheet1`)"), "{}", problem.in_a_line());
    assert!(read(&vec![0; MAX_FILE + 1], None).unwrap_err().in_a_line().contains("larger than 8 MiB"));
    // Cells that stand where others stood, as a number beyond all rows would have it.
    let disordered = with_changed_parts(&fixture("forms.xlsx"), |name, text| {
        if name.ends_with("sheet1.xml") { text.replace("r=\"A2\"", "r=\"A4294967297\"") } else { text }
    });
    assert!(read(&disordered, None).is_err());
    // A small file that unpacks into a large one.
    let bomb = with_changed_parts(&fixture("forms.xlsx"), |name, text| {
        if name.ends_with("theme1.xml") { " ".repeat(70 << 20) } else { text }
    });
    assert!(bomb.len() < 1 << 20 && read(&bomb, None).unwrap_err().in_a_line().contains("when it is unpacked"));
}

#[test]
fn a_formula_error_is_neither_answer_nor_name_and_affects_no_other_row() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["product", "stage", "product_overview", "Ref", "helper"],
        ["A", "live", "text", "1", "="],
        ["B", "#N/A", "text", "2", "#REF!"],
        ["#NAME?", "live", "text", "3", "x"],
        ["D", "live", "#DIV/0!", "4", "x"],
        ["E", "live", "text", "#VALUE!", "x"],
        ["F", "=", "text", "6", "x"],
        ["G", "live", "text", "=", "x"],
        ["", "", "", "", "="],
    ];
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            match text {
                "" => &mut *sheet,
                "=" => sheet.write_formula(row, column, Formula::new("=1+1").set_result("")).unwrap(),
                text if text.starts_with('#') => {
                    sheet.write_formula(row, column, Formula::new("=1+1").set_result(text)).unwrap()
                }
                text => sheet.write_string(row, column, text).unwrap(),
            };
        }
    }
    let bytes = with_changed_parts(&book.save_to_buffer().unwrap(), |name, text| {
        if name.ends_with("sheet1.xml") {
            text.replace("</f><v>0</v>", "</f>").replace("</f><v></v>", "</f>")
        } else {
            text
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xlsx").display().to_string();
    fs::write(&path, bytes).unwrap();
    let ran = run(&["triage", &path, "--keep", "Ref", "--ignore-column", "helper", "--format", "jsonl"], "");
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 7, "{}", ran.out);
    let told = [
        None,
        Some("column B (`stage`): `#N/A` is an error of the spreadsheet"),
        Some("column A (`product`): `#NAME?` is an error of the spreadsheet"),
        Some("column C (`product_overview`): `#DIV/0!` is an error of the spreadsheet"),
        None,
        Some("column B (`stage`): the formula has no result in the file"),
        Some("column D (`Ref`): the formula has no result in the file"),
    ];
    for (line, told) in lines.iter().zip(told) {
        let error = line["error"].as_str().unwrap_or_default();
        assert!(error.contains(told.unwrap_or_default()) && error.is_empty() == told.is_none(), "{told:?}: {line}");
    }
    assert_eq!(lines[4]["kept"]["Ref"], "#VALUE!");
    // A name that could not be read is not missing as well.
    assert!(!ran.out.contains("has no name"), "{}", ran.out);
    let path = folder.path().join("t.csv").display().to_string();
    fs::write(&path, b"product,stage\n\xff,live\n").unwrap();
    let ran = run(&["triage", &path, "--no-summary"], "");
    assert!(ran.err.contains("column 1: this is not UTF-8") && !ran.err.contains("no name"), "{}", ran.err);
}

#[test]
fn a_column_of_a_workbook_is_named_by_its_letters_and_header() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "product").unwrap().write_string(1, 0, "A").unwrap();
    let header = format!("stage {}", "x".repeat(60));
    for (column, letters) in [(1, "B"), (26, "AA"), (52, "BA")] {
        let sheet = book.worksheet_from_index(0).unwrap();
        sheet.write_string(0, column, &header).unwrap().write_string(1, column, "liev").unwrap();
        let number = format!("stage=#{}", column + 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.xlsx").display().to_string();
        fs::write(&path, book.save_to_buffer().unwrap()).unwrap();
        let ran = run(&["triage", &path, "--column", &number, "--ignore-other-columns", "--no-summary"], "");
        let told = format!("column {letters} (`{}…`): `liev` is not an answer to `stage`", &header[..39]);
        assert!(ran.err.contains(&told), "{told}: {}", ran.err);
    }
}

/// A workbook after a change to its parts.
fn with_changed_parts(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    zipped(
        &parts(bytes)
            .into_iter()
            .map(|(name, text)| {
                let changed = change(&name, String::from_utf8(text).unwrap());
                (name, changed.into_bytes())
            })
            .collect(),
    )
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut text = Vec::new();
            part.read_to_end(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn zipped(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in parts {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Its parts may come in any order, so the first bytes do not always tell.
#[test]
fn a_word_document_is_called_one_however_late_its_parts_come() {
    let long = (0..100_000_u32).flat_map(|at| (at.wrapping_mul(2_654_435_761)).to_le_bytes()).collect();
    let parts = [("a.bin".to_owned(), long), ("word/document.xml".to_owned(), b"<w:document/>".to_vec())];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("form.xlsx").display().to_string();
    fs::write(&file, zipped(&parts.into())).unwrap();
    let ran = run(&["triage", &file], "");
    let expected = "this is a Word document (save answers as plain text in UTF-8, and a table as XLSX or CSV)";
    assert!(ran.code == 2 && ran.err.contains(expected), "{}", ran.err);
}

#[test]
fn two_thousand_mutated_workbooks_are_read_or_refused_without_a_crash() {
    let mut state = 11u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let forms = fixture("forms.xlsx");
    let inside = parts(&forms);
    let names: Vec<&String> = inside.keys().filter(|name| !name.contains("theme")).collect();
    let words: [&[u8]; 12] =
        [b"99999999999", b"-1", b"\"", b"<", b">", b"</c>", b"<v>", b"A1048577", b"XFE1", b"t=\"s\"", b"&#0;", b""];
    let (mut fine, mut refused) = (0, 0);
    for number in 0..2000 {
        let bytes = if number % 4 == 0 {
            let mut bytes = forms.clone();
            for _ in 0..=draw(4) {
                let at = draw(bytes.len());
                bytes[at] = u8::try_from(draw(256)).unwrap_or(0);
            }
            bytes
        } else {
            let mut inside = inside.clone();
            for _ in 0..=draw(3) {
                let part = inside.get_mut(names[draw(names.len())]).unwrap();
                let at = draw(part.len().max(1));
                let length = draw(12).min(part.len() - at.min(part.len()));
                part.splice(at..at + length, words[draw(words.len())].iter().copied());
            }
            zipped(&inside)
        };
        match read(&bytes, None) {
            Ok(_) => fine += 1,
            Err(problem) => {
                assert!(!problem.message.is_empty() && problem.hint.is_some(), "{problem:?}");
                refused += 1;
            }
        }
    }
    assert!(fine > 100 && refused > 100, "{fine} read, {refused} refused");
}

fn totals<B: AsRef<[u8]>>(book: &mut Xlsx<Cursor<B>>) -> Vec<String> {
    book.worksheet_range("Totals").unwrap().rows().map(|row| format!("{}: {}", row[0], row[1])).collect()
}

#[test]
fn triage_turns_a_workbook_into_a_workbook_and_letters() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("forms.xlsx"), fixture("forms.xlsx")).unwrap();
    let suggested = run(&["triage", &at("forms.xlsx"), "--suggest-mapping"], "");
    assert_eq!(suggested.code, 0, "{}", suggested.err);
    fs::write(at("m.yaml"), &suggested.out).unwrap();
    let common = ["triage", &at("forms.xlsx"), "--mapping", &at("m.yaml")];
    let jsonl = run(&[&common[..], &["--format", "jsonl"]].concat(), "").out;
    let lines: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "{jsonl}\n{}", suggested.out);
    assert!(lines.iter().all(|line| line["error"].is_null()), "{jsonl}\n{}", suggested.out);
    let source = lines[0]["source"].as_str().unwrap();
    assert!(source.ends_with(":2") && source.contains("forms.xlsx:"), "a sheet and a row: {source}");
    for out in ["a.xlsx", "b.xlsx"] {
        let ran = run(&[&common[..], &["--output", &at(out), "--follow-up", &at("letters")]].concat(), "");
        assert!(ran.err.contains("letters in"), "{}", ran.err);
    }
    let bytes = fs::read(at("a.xlsx")).unwrap();
    assert!(bytes == fs::read(at("b.xlsx")).unwrap(), "the same bytes each time");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    assert_eq!(book.sheet_names(), ["Totals", "Products", "To do"]);
    let products = book.worksheet_range("Products").unwrap();
    assert_eq!(products.rows().len(), 4);
    let column = products.rows().next().unwrap().iter().position(|cell| cell == "Outcome").unwrap();
    let rulebook = support::builtin();
    for (row, line) in products.rows().skip(1).zip(&lines) {
        let outcome = eligibility::rulebook::Outcome::named(line["outcome"].as_str().unwrap()).unwrap();
        assert_eq!(row[column].to_string(), rulebook.outcome_text(outcome).title);
    }
    assert!(book.worksheet_range("To do").unwrap().rows().len() > 5);
    let counted = totals(&mut book);
    assert_eq!(counted.iter().filter(|row| row.starts_with("By ")).count(), 3, "{counted:?}");
    // A product that is in several groups is still one.
    let two = "{\"product\":\"A\",\"answers\":{\"login_use\":\"other\",\"clinical_authorisation\":\"yes\"}}\n";
    let counted = [&["--group-by", "finding"][..], &[]].map(|more| {
        let common = ["triage", "-", "--input-format", "jsonl", "--output", &at("grouped.xlsx")];
        run(&[&common[..], more].concat(), two);
        let bytes = fs::read(at("grouped.xlsx")).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
        (book.worksheet_range("Products").unwrap().rows().len(), totals(&mut book))
    });
    assert!(counted[0].0 == 3 && counted[1].0 == 2 && counted[0].1 == counted[1].1, "{counted:?}");
    // Totals are of all that was read, whatever is shown of it.
    let counted = [&[][..], &["--only", "does_not_meet"], &["--limit", "1"]].map(|more| {
        run(&[&common[..], &["--output", &at("some.xlsx")], more].concat(), "");
        let mut counted = totals(&mut Xlsx::new(Cursor::new(fs::read(at("some.xlsx")).unwrap())).unwrap());
        let shown = counted.remove(3);
        (shown, counted)
    });
    let shown = counted.iter().map(|(shown, _)| shown.as_str()).collect::<Vec<_>>();
    assert_eq!(shown, [": ", "The other sheets show 0 of 3.: ", "The other sheets show 1 of 3.: "]);
    assert!(counted[0].1 == counted[1].1 && counted[0].1 == counted[2].1, "{counted:?}");
    let inside = parts(&bytes);
    assert!(
        inside.keys().any(|name| name.contains("charts/chart1.xml"))
            && inside.keys().any(|name| name.contains("tables/"))
    );
    assert!(fs::read_dir(at("letters")).unwrap().count() > 0);
    // It can be read again, as staff do who add to it.
    let again = run(&["triage", &at("a.xlsx"), "--sheet", "Products", "--suggest-mapping"], "");
    assert!(again.code == 0 && again.out.contains("\"Product\": product\n"), "{}", again.out);
}

#[test]
fn kept_cells_stay_numbers_and_dates_and_sheets_can_be_printed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (numbers, days) = (["5", "-5", "0.25", "9434765919"], ["2026-11-03", "2026-11-03 09:10:22"]);
    let texts = ["0012", "123456789012", "5.0", "1e5", "-", "+5", "2026-13-03", "12:30:45.5", "=1+1", "=-5"];
    let all = numbers.iter().chain(&days).chain(&texts);
    let rows: Vec<String> = all.clone().map(|cell| format!("7,{cell},free\n")).collect();
    fs::write(at("t.csv"), format!("product,Ref,patient_charges\n{}", rows.concat())).unwrap();
    let common = ["triage", &at("t.csv"), "--keep", "Ref"];
    run(&[&common[..], &["--output", &at("o.xlsx")]].concat(), "");
    let bytes = fs::read(at("o.xlsx")).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    let products = book.worksheet_range("Products").unwrap();
    for (row, text) in products.rows().skip(1).zip(all.clone()) {
        assert!(row[0].is_string(), "the name of a product is text: {row:?}");
        assert_eq!(row[2].is_float(), numbers.contains(text), "{text}: {row:?}");
        assert_eq!(row[2].is_datetime(), days.contains(text), "{text}: {row:?}");
    }
    // Each looks as before, and CSV guards nothing but what would be a formula.
    let sheet = read(&bytes, Some("Products")).unwrap();
    for (index, text) in all.enumerate() {
        assert_eq!(sheet.row(index + 1).unwrap().1.nth(2).unwrap(), *text);
    }
    let ran = run(&[&common[..], &["--fields", "product", "--format", "csv"]].concat(), "");
    for told in ["\n7,-5,\n", "\n7,'-,\n", "\n7,'+5,\n", "\n7,'=-5,\n"] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    let inside = parts(&bytes);
    for (name, text) in inside.iter().filter(|(name, _)| name.contains("worksheets/sheet")) {
        let text = String::from_utf8_lossy(text);
        assert!(text.contains("orientation=\"landscape\"") && text.contains("fitToPage=\"1\""), "{name}");
    }
    assert!(String::from_utf8_lossy(&inside["xl/workbook.xml"]).contains("Print_Titles"));
    // Of rows with long texts each is as high as they are.
    let high = String::from_utf8_lossy(&inside["xl/worksheets/sheet2.xml"]).matches(" customHeight=").count();
    assert_eq!(high, products.rows().len() - 1);
}

#[test]
fn no_text_becomes_a_formula_or_is_too_long() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let long = "x".repeat(40_000);
    let names = ["=HYPERLINK(\\\"x\\\")", "+1", "@a", "\\u001b[31m\\u0001", &long];
    let lines: Vec<String> =
        names.iter().map(|name| format!("{{\"product\":\"{name}\",\"answers\":{{}}}}\n")).collect();
    let ran =
        run(&["triage", "-", "--input-format", "jsonl", "--output", &at("o.xlsx")], &(lines.concat() + "nonsense\n"));
    assert_eq!(ran.code, 2, "{}", ran.err);
    let bytes = fs::read(at("o.xlsx")).unwrap();
    let sheets = parts(&bytes).into_iter().filter(|(name, _)| name.contains("worksheets/sheet"));
    for (name, text) in sheets {
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("<f>"), "{name} has a formula");
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let products = book.worksheet_range("Products").unwrap();
    let found: Vec<String> = products.rows().skip(1).map(|row| row[0].to_string()).collect();
    assert_eq!(found[..3], ["=HYPERLINK(\"x\")", "+1", "@a"]);
    assert!(found[3].starts_with("\\u{1b}") && found[4].ends_with('…') && found[5].is_empty(), "{}", found[3]);
    // On a terminal it would be noise.
    let ran = support::run_on(support::COLOURS, &["triage", "examples", "--format", "xlsx"], "");
    assert!(ran.code == 2 && ran.err.contains("--output"), "{}", ran.err);
}
