//! `triage`, and how tables are read.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::values::{a_failing_outcome, a_format, format_and_file, id_and_value};
use super::{Links, Lints, Set};
use crate::gate::Gate;
use crate::intake::table::mapping::parse_separator;
use crate::intake::table::text::Encoding;
use crate::report::Format;
use crate::rulebook::Outcome;
use crate::triage::{Field, InputShape};

#[derive(Debug, Args)]
pub struct Triage {
    /// Files, folders and patterns. `-` is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Whether links are followed.
    #[command(flatten)]
    pub links: Links,
    /// The format of standard input, and of files whose names do not say it [default: JSON and workbooks are
    /// recognised]
    #[arg(long, value_name = "FORMAT", value_parser = a_shape())]
    pub input_format: Option<InputShape>,
    /// How tables are read.
    #[command(flatten)]
    pub tables: Tables,
    /// The format of the result [default: what the name of --output ends in, else text: a table]
    #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_for_many))]
    pub format: Option<Format>,
    /// What to say about each product in csv, jsonl and json. Separate several with commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = one_of!(Field))]
    pub fields: Option<Vec<Field>>,
    /// Write the result to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Also write the result to this file in this format. You can use it more than once
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = format_and_file(Format::is_for_many))]
    pub reports: Vec<(Format, PathBuf)>,
    /// Show only products with these outcomes. The summary and the exit code still count all products
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = one_of!(Outcome))]
    pub only: Option<Vec<Outcome>>,
    /// Show only products that this finding applies to
    #[arg(long, value_name = "ID")]
    pub only_finding: Option<String>,
    /// The order of the products. Those of equal rank stay in the order they were read
    #[arg(long, value_name = "ORDER", default_value = "input")]
    pub sort: Sort,
    /// Group products under headings. A product that belongs under several is shown under each
    #[arg(long, value_name = "WHAT")]
    pub group_by: Option<GroupBy>,
    /// Show no more than this many products. The summary and the exit code still count all products
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// Write a letter about each product shown that still has something in its way, in Markdown, into this folder.
    /// `--only` and `--limit` choose letters too. You cannot use it with `--set`
    #[arg(long, value_name = "FOLDER")]
    pub follow_up: Option<PathBuf>,
    /// How many threads to use. The result is the same for any number
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// The width of the table, if not that of the terminal
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub width: Option<u16>,
    /// Fail on these outcomes only. The others exit with 0. Separate several with commas
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = a_failing_outcome())]
    pub fail_on: Option<Vec<Outcome>>,
    /// Leave out the summary
    #[arg(long)]
    pub no_summary: bool,
    #[command(flatten)]
    pub set: Set,
    /// How far the products must have got
    #[arg(long, value_name = "GATE", default_value = "eligibility", value_parser = one_of!(Gate))]
    pub gate: Gate,
    #[command(flatten)]
    pub lints: Lints,
}

/// How tables are read: CSV, and workbooks.
#[derive(Debug, Default, Args)]
pub struct Tables {
    /// The column with this header answers this question. QUESTION can also be `product`, `organisation`, or an id with
    /// `.evidence` or `.note`. `#7` is the seventh column. A question with several choices can have several columns
    #[arg(long = "column", value_name = "QUESTION=HEADER", value_parser = id_and_value)]
    pub columns: Vec<(String, String)>,
    /// Copy the column with this header into the result, but not into letters
    #[arg(long, value_name = "HEADER")]
    pub keep: Vec<String>,
    /// Leave out the column with this header
    #[arg(long, value_name = "HEADER")]
    pub ignore_column: Vec<String>,
    /// Leave out all other columns
    #[arg(long)]
    pub ignore_other_columns: bool,
    /// Read what columns and cells mean from this file. You can use it more than once, for several forms: each table is
    /// read with the file that fits its columns
    #[arg(long = "mapping", value_name = "FILE")]
    pub mappings: Vec<PathBuf>,
    /// Write a mapping file for the first table, and assess nothing. Guesses are marked for you to check. With
    /// `--mapping`, everything that file says is kept
    #[arg(long)]
    pub suggest_mapping: bool,
    /// The sheet of a workbook to read [default: the first visible one]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The row with the headers [default: the first with anything in it]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// What separates columns: `,`, `;`, `|` or `tab` [default: what the first line uses]
    #[arg(long, value_name = "SIGN", value_parser = parse_separator)]
    pub separator: Option<u8>,
    /// How text is encoded, if not in UTF-8 or UTF-16
    #[arg(long, value_name = "NAME", value_parser = one_of!(Encoding))]
    pub encoding: Option<Encoding>,
}

/// What a file is, by how its name would end.
fn a_shape() -> impl TypedValueParser<Value = InputShape> {
    let shown = [
        PossibleValue::new("yaml").help("An answers file"),
        PossibleValue::new("json").help("An answers file in JSON"),
        PossibleValue::new("jsonl").alias("ndjson").help("One product a line, in JSON"),
        PossibleValue::new("csv").aliases(["tsv", "xlsx"]).help("One product a row: CSV, TSV or a workbook"),
    ];
    PossibleValuesParser::new(shown)
        .map(|ending| InputShape::named(&Path::new("input").with_extension(ending)).expect("only endings are taken"))
}

/// The order of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// The best outcome first, and products that cannot be read last
    Outcome,
    /// By name
    Product,
    /// As they were read
    Input,
}

/// What products are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GroupBy {
    /// The outcome
    Outcome,
    /// The scenario
    Scenario,
    /// Each missing answer that matters
    Missing,
    /// Each criterion that is not met or to be discussed
    Criterion,
    /// Each finding that holds
    Finding,
    /// Each topic that is not prepared
    Topic,
    /// Each obligation that is not met
    Obligation,
}
