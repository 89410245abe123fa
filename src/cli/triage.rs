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
    /// Files, folders and patterns; `-` is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Whether links are followed.
    #[command(flatten)]
    pub links: Links,
    /// What standard input is, and any file whose name does not say it [default: JSON and workbooks are known by their bytes]
    #[arg(long, value_name = "FORMAT", value_parser = a_shape())]
    pub input_format: Option<InputShape>,
    /// How tables are read.
    #[command(flatten)]
    pub tables: Tables,
    /// How the result is written [default: as the name of --output ends, else text: a table]
    #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_for_many))]
    pub format: Option<Format>,
    /// What is told of each product in csv, jsonl and json. Several are joined by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = one_of!(Field))]
    pub fields: Option<Vec<Field>>,
    /// Write the result to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the result in this format to this file as well; can be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = format_and_file(Format::is_for_many))]
    pub reports: Vec<(Format, PathBuf)>,
    /// Show only products with these outcomes. All count for the summary and the exit code
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = one_of!(Outcome))]
    pub only: Option<Vec<Outcome>>,
    /// Show only products of which this finding holds
    #[arg(long, value_name = "ID")]
    pub only_finding: Option<String>,
    /// Put products in this order, and those of the same rank as they were read
    #[arg(long, value_name = "ORDER", default_value = "input")]
    pub sort: Sort,
    /// Put products under headings; one that belongs under several is shown under each
    #[arg(long, value_name = "WHAT")]
    pub group_by: Option<GroupBy>,
    /// Show no more than this many products. All count for the summary and the exit code
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// Write a letter to each shown product that something stands in the way of, in Markdown, into this folder. `--only`
    /// and `--limit` choose letters too; `--set` does not go with it
    #[arg(long, value_name = "FOLDER")]
    pub follow_up: Option<PathBuf>,
    /// How many threads work; the result is the same for any number
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// How wide the table is, instead of as wide as the terminal
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub width: Option<u16>,
    /// Fail on these results only; the others exit with 0. Several are joined by commas
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = a_failing_outcome())]
    pub fail_on: Option<Vec<Outcome>>,
    /// Leave the summary out
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
    /// The column with this header holds the answers to this question, or is `product`, `organisation`, or an id with
    /// `.evidence` or `.note`. `#7` is the seventh column. Of a question with several choices, several columns can be said
    #[arg(long = "column", value_name = "QUESTION=HEADER", value_parser = id_and_value)]
    pub columns: Vec<(String, String)>,
    /// Carry the column with this header into the result as it is, but into no letter
    #[arg(long, value_name = "HEADER")]
    pub keep: Vec<String>,
    /// Leave the column with this header out
    #[arg(long, value_name = "HEADER")]
    pub ignore_column: Vec<String>,
    /// Leave every column out that is nothing else
    #[arg(long)]
    pub ignore_other_columns: bool,
    /// Read what columns and cells stand for from this file; can be given several times, once for each form. A table is
    /// read by the one that fits its columns
    #[arg(long = "mapping", value_name = "FILE")]
    pub mappings: Vec<PathBuf>,
    /// Write such a file for the first table instead of assessing it: what is a guess is marked, to be looked at. With
    /// `--mapping` it keeps what that says
    #[arg(long, conflicts_with_all = ["reports", "follow_up", "format"])]
    pub suggest_mapping: bool,
    /// The sheet of a workbook to read [default: the first that can be seen]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The row that holds the header [default: the first with anything in it]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// What stands between columns: `,`, `;`, `|` or `tab` [default: as the first line has it]
    #[arg(long, value_name = "SIGN", value_parser = parse_separator)]
    pub separator: Option<u8>,
    /// How text is encoded, where it is not UTF-8 or UTF-16
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
    /// From those that meet the criteria to those that cannot be read
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
