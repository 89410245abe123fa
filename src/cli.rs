//! The command line: what can be typed, and the help that teaches it. `commands` does what was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::gate::{FailOn, Gate};
use crate::intake::table::mapping::separator;
use crate::intake::table::text::Encoding;
use crate::lint::LINTS;
use crate::problem::{Code, suggestion};
use crate::publish::schema::SchemaOf;
use crate::question::Section;
use crate::report::Format;
use crate::rulebook::Outcome;
use crate::style::clean;
use crate::triage::Field;

/// The name the program calls itself by.
pub const NAME: &str = env!("CARGO_PKG_NAME");

macro_rules! examples {
    ($($line:literal)*) => {
        concat!("Examples:\n", $("  ", env!("CARGO_PKG_NAME"), " ", $line, "\n",)*)
    };
}

macro_rules! exit_codes {
    () => {
        "Exit codes:
  0  meets the criteria, and passes the gate
  1  could not run: a file cannot be read or written, or an internal error
  2  wrong usage, or an invalid answers or rules file
  3  needs further discussion
  4  does not meet the criteria, does not fit, or what the gate asks for is absent
  5  incomplete: answers that matter are missing
With several files the worst counts, in this order: 1, 2, 4, 3, 5, 0."
    };
}

macro_rules! first_steps {
    () => {
        examples!(
            "interview                      answer questions, get a report"
            "check answers.yaml             assess an answers file"
            "init                           write a blank answers file to fill in"
            "explain ID                     what a question, a criterion or a code means"
        )
    };
}

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = NAME, version, about, max_term_width = 100, propagate_version = true)]
#[command(after_help = first_steps!())]
#[command(after_long_help = concat!(first_steps!(), "\nAsk any command for --help to see how it is used."))]
pub struct Cli {
    #[command(flatten)]
    pub shared: Shared,
    #[command(subcommand)]
    pub command: Command,
}

/// What the program says of itself where its rules are others than those it is named for.
const OF_OTHER_RULES: &str = "Tells whether answers meet the rules in a folder, and why";

impl Cli {
    /// The program as it describes itself.
    #[must_use]
    pub fn program(other_rules: bool) -> clap::Command {
        let program = Self::command();
        if other_rules { program.about(OF_OTHER_RULES).long_about(OF_OTHER_RULES) } else { program }
    }

    /// What these arguments ask for.
    ///
    /// # Errors
    ///
    /// Help, or what is wrong with them.
    pub fn read(args: &[OsString]) -> Result<Self, clap::Error> {
        let mut given = args.iter().take_while(|arg| *arg != "--").filter_map(|arg| arg.to_str());
        let other_rules = given.any(|arg| arg == "--rules" || arg.starts_with("--rules="));
        let matches = Self::program(other_rules).try_get_matches_from(args)?;
        Self::from_arg_matches(&matches)
    }
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Shared {
    /// Use the rules in this folder instead of those built in
    #[arg(long, global = true, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
    /// When to use colour; the words alone always say everything
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one, and it is made once")]
pub enum Command {
    /// Assess answers files and print a report for each
    #[command(after_help = examples!(
        "check answers.yaml"
        "check --gate go-live --format json answers.yaml"
        "check --report junit=out/results.xml --report sarif=out/results.sarif answers.yaml"
        "check --set question_id=yes --set other_id=no"
        "check - < answers.yaml"
    ), after_long_help = concat!(examples!(
        "check answers.yaml"
        "check products/ --fail-on does_not_meet        # other outcomes exit with 0"
        "check --gate go-live --format json answers.yaml | jq .outcome"
        "check --report junit=out/results.xml --report sarif=out/results.sarif answers.yaml"
        "check answers.yaml --set question_id=no        # what if?"
        "check answers.yaml --verify report.json        # does it still follow?"
        "check - < answers.yaml"
    ), "\n", exit_codes!()))]
    Check(Check),
    /// Answer the questions that matter, one at a time, and get a report
    #[command(after_help = examples!(
        "interview"
        "interview products/example.yaml"
        "interview --section fit --plain"
    ), after_long_help = concat!(examples!(
        "interview                          # save to answers.yaml, or go on from it"
        "interview products/example.yaml"
        "interview --section fit            # only this part"
        "interview --all                    # a full record: also what cannot change the result"
        "interview --plain                  # numbered options, for a screen reader"
        "interview --output report.txt"
    ), "
Each answer is saved before the next question comes. Stop whenever you like: Ctrl-C loses at most
the answer you are giving. Run the same command again to go on.

", exit_codes!(), "
130  interrupted"))]
    Interview(Interview),
    /// Assess many products at once: folders, YAML, JSON, JSONL, CSV and XLSX files
    #[command(after_help = examples!(
        "triage enquiries/"
        "triage export.csv --column question_id=\"Their header\" --format csv --output result.csv"
        "triage records.jsonl --format jsonl --fields product,outcome > result.jsonl"
        "triage - --input-format jsonl --format jsonl < records.jsonl"
    ), after_long_help = concat!(examples!(
        "triage enquiries/"
        "triage enquiries/ more.yaml --only incomplete --group-by missing"
        "triage enquiries/ --follow-up letters/          # what to write to each of them"
        "triage export.csv --column question_id=\"Their header\" --ignore-column Timestamp"
        "triage records.jsonl --format jsonl --fields product,outcome > result.jsonl"
        "triage products/ --report sarif=out/results.sarif --report junit=out/results.xml"
        "triage - --input-format jsonl --format jsonl < records.jsonl"
    ), "
Folders are read with all folders in them, in the order of the names; hidden files are left out.
A record or file that is not valid is reported with its place and does not stop the others.
Memory does not grow with the input for csv, jsonl, json and markdown. A table, --sort and --group-by
need all products at once. So do html, junit, sarif, github, gitlab and tap, which tell of each product what `check`
tells: always of all products, in the order of the input. A line of JSON or a row of CSV may have 4 MiB,
as a file of its own may. Where the reader goes away, as with `| head`, it ends without a word and with the
exit code of what it had read.

", exit_codes!()))]
    Triage(Triage),
    /// Write a blank answers file with every question explained
    #[command(after_help = examples!(
        "init"
        "init products/example.yaml --product Example"
        "init -                         print it instead"
    ))]
    Init(Init),
    /// Explain a question, criterion, scenario, finding, topic, word or problem code
    #[command(after_help = examples!(
        "explain question_id"
        "explain A001"
    ))]
    Explain(Explain),
    /// Prove, test, compare and show the rules themselves
    #[command(after_help = examples!(
        "rules check"
        "rules check --rules FOLDER --witness witnesses"
        "rules test --min-coverage 100"
        "rules diff old-rules new-rules --answers products"
        "rules show --output rules.html"
    ))]
    Rules(Rules),
    /// Print the JSON Schema of answers files, rule files, cases, reports or mapping files
    #[command(after_help = examples!(
        "schema answers --output .answers.schema.json"
        "schema report"
    ))]
    Schema(Schema),
    /// Print a script that completes commands, options, question ids and values in a shell
    #[command(after_help = examples!(
        "completions bash > ~/.local/share/bash-completion/completions/PROGRAM"
        "completions zsh --rules FOLDER"
    ))]
    Completions(Completions),
    /// Print a manual page
    #[command(after_help = examples!(
        "man > PROGRAM.1"
        "man check > PROGRAM-check.1"
    ))]
    Man(Man),
}

/// What becomes of links in a folder.
#[derive(Debug, Args)]
pub struct Links {
    /// Look into folders that links in a folder lead to, and read files outside it that links lead to
    #[arg(long)]
    pub follow_links: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    /// Answers files, folders with any named answers.yaml, answers.yml or answers.json, and patterns such as
    /// 'products/**/answers.yaml'; `-` is standard input. Put `--` in front of those that a list gives
    #[arg(value_name = "PATH")]
    pub answers: Vec<PathBuf>,
    #[command(flatten)]
    pub links: Links,
    #[command(flatten)]
    pub set: Set,
    /// How the report is written [default: as the name of --output ends, else text]
    #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_of_one))]
    pub format: Option<Format>,
    /// Write the report to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say everything: reasons, sources with addresses, what you answered, facts. Other formats than text always do
    #[arg(long)]
    pub full: bool,
    /// Write the report in this format to this file as well; can be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = format_and_file(Format::is_of_one))]
    pub reports: Vec<(Format, PathBuf)>,
    /// Say whether this report, written with `--format json`, still follows from the files, instead of printing one
    #[arg(long, value_name = "REPORT", conflicts_with_all = ["format", "output", "reports"])]
    pub verify: Option<PathBuf>,
    /// How far the product must have got
    #[arg(long, value_name = "GATE", default_value = "eligibility", value_parser = one_of!(Gate))]
    pub gate: Gate,
    /// Fail on these results only; the others exit with 0. Several are joined by commas
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = one_of!(FailOn))]
    pub fail_on: Option<Vec<FailOn>>,
    #[command(flatten)]
    pub lints: Lints,
    /// Never ask anything. `check` never does; for scripts that pass it to every command
    #[arg(long)]
    pub no_input: bool,
}

/// How much weight is given to what is not wrong, but worth knowing.
#[derive(Clone, Debug, Default, Args)]
pub struct Lints {
    /// Treat these codes as errors. Several are joined by commas
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = a_lint)]
    pub deny: Vec<Code>,
    /// Treat these codes as warnings
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = a_lint)]
    pub warn: Vec<Code>,
    /// Say nothing of these codes
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = a_lint)]
    pub allow: Vec<Code>,
    /// Refuse answers that were not given against exactly these rules; the same as `--deny A007,A010`
    #[arg(long)]
    pub locked: bool,
}

fn a_lint(text: &str) -> Result<Code, String> {
    let lints = LINTS.iter().map(|(code, _)| code.as_str());
    match Code::named(text) {
        Some(code) if LINTS.iter().any(|(lint, _)| *lint == code) => Ok(code),
        Some(code) => Err(format!("{code} is always an error: {}", suggestion("", lints))),
        None => Err(format!("there is no code `{text}`: {}", suggestion(text, lints))),
    }
}

/// Answers given on the command line.
#[derive(Clone, Debug, Default, Args)]
pub struct Set {
    /// Answer one question, over what the file says; `ID=` takes the answer away. Several values are joined by `;`
    #[arg(long = "set", value_name = "ID=VALUE", value_parser = id_and_value)]
    pub given: Vec<(String, String)>,
}

fn id_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.to_owned(), value.to_owned())),
        _ => Err("write it as ID=VALUE, for example question_id=yes".to_owned()),
    }
}

/// A value of an enum whose variants have names, shown by its name and taken with `-` or `_`.
fn by_name<T: Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = (&'static str, &'static str)>,
    named: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    let shown = names.into_iter().map(|(id, about)| {
        let aliases = [id.replace('_', "-"), id.replace('-', "_")];
        PossibleValue::new(id).help(about).aliases(aliases.into_iter().filter(|alias| alias != id))
    });
    PossibleValuesParser::new(shown).map(move |name| named(&name).expect("only its names are taken"))
}

macro_rules! one_of {
    ($name:ident) => {
        by_name($name::ALL.map(|value| (value.id(), value.about())), $name::named)
    };
}
use one_of;

/// The formats that a command writes.
type Takes = fn(Format) -> bool;

fn a_format(takes: Takes) -> impl TypedValueParser<Value = Format> {
    by_name(Format::taken(takes).map(|format| (format.id(), format.about())), Format::named)
}

fn format_and_file(takes: Takes) -> impl Fn(&str) -> Result<(Format, PathBuf), String> + Clone {
    move |text| match text.split_once('=') {
        Some((_, "" | "-")) => Err("name a file; standard output takes --format".to_owned()),
        Some((name, file)) => match Format::named(name).filter(|format| takes(*format)) {
            Some(format) => Ok((format, PathBuf::from(file))),
            None => Err(format!("unknown format `{name}`: {}", suggestion(name, Format::taken(takes).map(Format::id)))),
        },
        None => Err("write it as FORMAT=FILE, for example junit=results.xml".to_owned()),
    }
}

#[derive(Debug, Args)]
pub struct Interview {
    /// The answers file to save to and to go on from [default: answers.yaml]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Ask every question that applies, also where the answer cannot change the result
    #[arg(long)]
    pub all: bool,
    /// Ask this section only. Can be given more than once
    #[arg(long = "section", value_name = "SECTION", value_parser = one_of!(Section))]
    pub sections: Vec<Section>,
    /// Give this answer beforehand: it is saved and not asked. Several values are joined by `;`
    #[arg(long = "set", value_name = "ID=VALUE", value_parser = id_and_value)]
    pub set: Vec<(String, String)>,
    /// Ask line by line, without menus; also with ACCESSIBLE=1 or TERM=dumb
    #[arg(long)]
    pub plain: bool,
    /// Never ask anything: list what is missing, and how to give it
    #[arg(long)]
    pub no_input: bool,
    /// How the report is written [default: as the name of --output ends, else text]
    #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_of_one))]
    pub format: Option<Format>,
    /// Write the report to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say everything: reasons, sources with addresses, what you answered, facts. Other formats than text always do
    #[arg(long)]
    pub full: bool,
    /// How far the product must have got
    #[arg(long, value_name = "GATE", default_value = "eligibility", value_parser = one_of!(Gate))]
    pub gate: Gate,
}

#[derive(Debug, Args)]
pub struct Triage {
    /// Files, folders and patterns; `-` is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Whether links are followed.
    #[command(flatten)]
    pub links: Links,
    /// What standard input is, and any file whose name does not say it
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// How tables are read.
    #[command(flatten)]
    pub tables: Tables,
    /// How the result is written [default: as the name of --output ends, else text: a table]
    #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_of_many))]
    pub format: Option<Format>,
    /// What is told of each product in csv, jsonl and json. Several are joined by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = one_of!(Field))]
    pub fields: Option<Vec<Field>>,
    /// Write the result to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the result in this format to this file as well; can be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = format_and_file(Format::is_of_many))]
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
    /// and `--limit` choose letters too
    #[arg(long, value_name = "FOLDER")]
    pub follow_up: Option<PathBuf>,
    /// How many threads work; the result is the same for any number
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// How wide the table is, instead of as wide as the terminal
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub width: Option<u16>,
    /// Fail on these results only; the others exit with 0. Several are joined by commas
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = one_of!(FailOn))]
    pub fail_on: Option<Vec<FailOn>>,
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
    /// `.evidence` or `.note`. `#7` is the seventh column
    #[arg(long = "column", value_name = "QUESTION=HEADER", value_parser = id_and_value)]
    pub columns: Vec<(String, String)>,
    /// Carry the column with this header into the result as it is
    #[arg(long, value_name = "HEADER")]
    pub keep: Vec<String>,
    /// Leave the column with this header out
    #[arg(long, value_name = "HEADER")]
    pub ignore_column: Vec<String>,
    /// Leave every column out that is nothing else
    #[arg(long)]
    pub ignore_other_columns: bool,
    /// Read what columns and cells stand for from this file
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Write such a file for the first table instead of assessing it: what is a guess is marked, to be looked at
    #[arg(long)]
    pub suggest_mapping: bool,
    /// The sheet of a workbook to read [default: the first that can be seen]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// What stands between columns: `,`, `;`, `|` or `tab` [default: as the first line has it]
    #[arg(long, value_name = "SIGN", value_parser = separator)]
    pub separator: Option<u8>,
    /// How text is encoded, where it is not UTF-8 or UTF-16
    #[arg(long, value_name = "NAME", value_parser = one_of!(Encoding))]
    pub encoding: Option<Encoding>,
}

/// What a file is, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// An answers file
    Yaml,
    /// An answers file in JSON
    Json,
    /// One product a line, in JSON
    #[value(alias = "ndjson")]
    Jsonl,
    /// One product a row: CSV, TSV or a workbook
    #[value(aliases = ["tsv", "xlsx"])]
    Csv,
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

#[derive(Debug, Args)]
pub struct Init {
    /// The file to write; `-` prints it
    #[arg(value_name = "FILE", default_value = "answers.yaml")]
    pub file: PathBuf,
    /// The name of the product
    #[arg(long, value_name = "NAME", default_value = "My product")]
    pub product: String,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// An id from a report, a rules file or an answers file, a word, or a problem code such as A001; without one, the list
    #[arg(value_name = "WORD", num_args = 0..)]
    pub id: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct Man {
    /// The command the page is about, or none for the whole program
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Schema {
    /// What the schema describes
    #[arg(value_name = "WHAT")]
    pub subject: SchemaOf,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Rules {
    #[command(subcommand)]
    pub command: RulesCommand,
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Validate the rules and prove them sound over every combination of answers
    #[command(after_help = concat!(examples!(
        "rules check"
        "rules check --rules FOLDER --witness witnesses"
    ), "\nExit codes: 0 sound, 1 could not run, 2 something is wrong with the rules."))]
    Check {
        /// Write an answers file that shows it for each thing that is wrong
        #[arg(long, value_name = "FOLDER")]
        witness: Option<PathBuf>,
    },
    /// Run the cases beside the rules and say what they cover
    #[command(after_help = concat!(examples!(
        "rules test"
        "rules test --min-coverage 100"
        "rules test --rules my-rules --accept"
        "rules test --rules my-rules --generate-missing --output my-rules/tests/more.yaml"
    ), "\nExit codes: 0 all cases pass, 1 could not run, 2 a case fails, is invalid or missing, or too little is covered."))]
    Test {
        /// Fail if the cases cover less than this many per cent
        #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
        min_coverage: u8,
        /// Write the smallest cases that would cover the rest, to be checked and kept
        #[arg(long)]
        generate_missing: bool,
        /// Write them to this new file instead of standard output
        #[arg(long, short, value_name = "FILE", requires = "generate_missing")]
        output: Option<PathBuf>,
        /// Where cases fail, show what comes out now and write it into them as what is expected
        #[arg(long, conflicts_with = "generate_missing", requires = "rules")]
        accept: bool,
    },
    /// Compare two versions of the rules by what they do and say
    #[command(after_help = concat!(examples!(
        "rules diff old-rules new-rules"
        "rules diff built-in my-rules --answers products/*.yaml"
    ), "\nExit codes: 0 nothing changes, 1 could not run, 2 invalid rules or answers, 3 something changes, texts and version too."))]
    Diff {
        /// The rules before: a folder, or `built-in`
        old: PathBuf,
        /// The rules after: a folder, or `built-in`
        new: PathBuf,
        /// Also say what becomes of these answers files, folders of them and patterns: outcome, fit and gates
        #[arg(long, value_name = "PATH", num_args = 1..)]
        answers: Vec<PathBuf>,
        /// Whether links are followed.
        #[command(flatten)]
        links: Links,
    },
    /// Draw the decision, from the first question to the outcome
    #[command(after_help = examples!(
        "rules graph > decision.mmd"
        "rules graph --format dot --answers answers.yaml | dot -Tsvg > decision.svg"
    ))]
    Graph {
        /// How it is drawn
        #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
        format: GraphFormat,
        /// Mark the way these answers take
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
    },
    /// Write the decision for an engine that exists, or as a page that anybody can open
    #[command(after_help = concat!(examples!(
        "rules export --to sql --dialect duckdb > decision.sql"
        "rules export --to sql --dialect postgres --table enquiries"
        "rules export --to html --output page.html"
    ), "
As HTML it is one page without anything beside it: it asks the questions, says what the rules make of
the answers, exactly as `triage` does, and saves them as a file that `check` reads. No reasons and no
changes. It asks no server for anything, and keeps nothing.

As SQL it is one SELECT over a table with the column `product` (`_product`, if a question is called
so) and a column for each question that the rules test or a topic asks for, all as text. It takes ids
only, as YAML and JSON do, not labels: NULL or an empty text is a missing answer, `not_sure` is not
sure, and `;` stands between several values. Blanks around them do not count.
It gives `_outcome`, `_possible_outcomes`, `_scenario`, `_scenario_id`, `_fit`, and under its id each
criterion, finding, topic and obligation, exactly as `triage` does. Where a value is no answer,
`_invalid` names the question, and nothing else is told."))]
    Export {
        /// What to write
        #[arg(long, value_name = "LANGUAGE")]
        to: ExportTo,
        /// Whose SQL, if not `DuckDB`'s
        #[arg(long, value_name = "DIALECT")]
        dialect: Option<Dialect>,
        /// The table that the SQL reads from, if not `answers`
        #[arg(long, value_name = "NAME", value_parser = a_table)]
        table: Option<String>,
        /// Write it to this file instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Print the rule book: every key of every rule, in words
    #[command(after_help = examples!(
        "rules show | less"
        "rules show --output rules.html"
        "rules show --format markdown > rules.md"
    ))]
    Show {
        /// How it is written [default: as the name of --output ends, else text]
        #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_of_rules))]
        format: Option<Format>,
        /// Write it to this file instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// The name stands in the SQL as it is, so it must be one that can be shown.
fn a_table(text: &str) -> Result<String, String> {
    if clean(text) == text { Ok(text.to_owned()) } else { Err("it has characters that cannot be shown".to_owned()) }
}

/// What rules are written as, for another engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportTo {
    /// One SELECT
    Sql,
    /// One page
    Html,
}

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// `DuckDB`
    Duckdb,
    /// `PostgreSQL`
    Postgres,
    /// Apache Spark
    Spark,
}

/// How a graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For Markdown pages
    Mermaid,
    /// For Graphviz
    Dot,
}
