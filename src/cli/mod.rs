//! The command line: what can be typed, and the help that teaches it. `commands` does what was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::gate::Gate;
use crate::problem::Code;
use crate::publish::schema::SchemaOf;
use crate::publish::template::NO_NAME;
use crate::question::Section;
use crate::report::Format;
use crate::rulebook::Outcome;

pub use crate::wording::NAME;

/// What can be copied, each with what it is good for where its name does not say it.
macro_rules! examples {
    ($($line:literal $(: $use:literal)?)*) => {
        concat!("Examples:\n", $($("  # ", $use, "\n",)? "  ", env!("CARGO_PKG_NAME"), " ", $line, "\n",)*)
    };
}

macro_rules! exit_codes {
    () => {
        "Exit codes:
  0  meets the criteria, and passes the gate
  1  could not run: a file cannot be read or written, or an internal error
  2  wrong usage, or an invalid answers or rules file
  3  needs further discussion
  4  does not meet the criteria, does not fit, or lacks what the gate asks for
  5  incomplete: answers that matter are missing
With several files the worst counts, in this order: 1, 2, 4, 3, 5, 0."
    };
}

pub(crate) const EXIT_CODES: &str = exit_codes!();

macro_rules! first_steps {
    () => {
        examples!(
            "interview           answer questions, get a report"
            "check answers.yaml  assess an answers file"
            "init                write a blank answers file"
            "explain ID          say what a word or a code means"
        )
    };
}

macro_rules! one_of {
    ($name:ident) => {
        $crate::cli::values::by_name($name::ALL.map(|value| (value.id(), value.about())), $name::named)
    };
}

mod rules;
mod triage;
mod values;

pub use rules::{ExportTo, GraphFormat, RulesCommand};
pub use triage::{GroupBy, Sort, Tables, Triage};
use values::{a_failing_outcome, a_format, a_lint, format_and_file, id_and_value, suggesting_alone};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = NAME, version, about, max_term_width = 100, propagate_version = true)]
#[command(after_help = first_steps!())]
#[command(after_long_help = concat!(first_steps!(), "\nUse --help with any command to see how it works."))]
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
    pub fn program(other_rules: bool) -> clap::Command {
        let program = Self::command().mut_subcommand("triage", suggesting_alone);
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
        let mut matches = Self::program(other_rules).try_get_matches_from(args)?;
        Self::from_arg_matches_mut(&mut matches)
    }
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Shared {
    /// Use the rules in this folder instead of those built in
    #[arg(long, global = true, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
    /// When to use colour. Nothing is said by colour alone
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
        "check answers.yaml --gate go-live --format json"
        "check . --report junit=out.xml --report sarif=out.sarif"
        "check --set question_id=yes --set other_id=no"
        "check - < answers.yaml"
    ), after_long_help = concat!(examples!(
        "check answers.yaml"
        "check products/ --fail-on does_not_meet": "other outcomes exit with 0"
        "check answers.yaml --gate go-live --format json"
        "check . --report junit=out.xml --report sarif=out.sarif": "several reports at once"
        "check answers.yaml --set question_id=no": "what if?"
        "check answers.yaml --verify report.json": "does this report still follow?"
        "check - < answers.yaml"
    ), "\n", exit_codes!()))]
    Check(CheckArgs),
    /// Answer the questions that matter, one at a time, and get a report
    #[command(after_help = examples!(
        "interview"
        "interview products/example.yaml"
        "interview --section fit --plain"
    ), after_long_help = concat!(examples!(
        "interview": "save to answers.yaml, or carry on from it"
        "interview products/example.yaml"
        "interview --section fit": "only this part"
        "interview --all": "a full record: also what cannot change the result"
        "interview --plain": "numbered options, for a screen reader"
        "interview --output report.txt"
    ), "\n\
Each answer is saved before the next question comes. Stop whenever you like: Ctrl-C loses at most \
the answer you are giving. Run the same command again to carry on.\n\n", exit_codes!(), "
130  interrupted"))]
    Interview(InterviewArgs),
    /// Assess many products at once: folders, YAML, JSON, JSONL, CSV and XLSX files
    #[command(after_help = examples!(
        "triage enquiries/"
        "triage form.csv --column question_id=\"Their header\""
        "triage records.jsonl --format jsonl --fields outcome"
        "triage - --input-format jsonl < records.jsonl"
    ), after_long_help = concat!(examples!(
        "triage enquiries/"
        "triage enquiries/ --only incomplete --group-by missing"
        "triage enquiries/ --follow-up letters/": "what to write to each of them"
        "triage form.xlsx --suggest-mapping": "what its columns may mean"
        "triage form.csv --column question_id=\"Their header\""
        "triage records.jsonl --format jsonl --fields outcome"
        "triage . --output out.csv --report junit=out.xml": "several reports at once"
        "triage - --input-format jsonl < records.jsonl"
    ), "\n\
Folders are read with all the folders in them, in order of name. Hidden files are left out. \
If a record or file is not valid, you are told where, and the others are still read.\n\n\
With csv, jsonl, json and markdown, memory does not grow with the input. A table, --sort and --group-by \
need all products at once. So do html, junit, sarif, github, gitlab and tap: they say as much about each product as \
`check`, and always include all products, in the order of the input. A line of JSON or a row of CSV can have 4 MiB. \
If the output is closed early, as by `| head`, the program ends quietly, with the exit code for what it had read.\n\n", exit_codes!()))]
    Triage(Triage),
    /// Write a blank answers file with every question explained
    #[command(after_help = examples!(
        "init"
        "init products/example.yaml --product Example"
        "init -": "print it instead"
    ))]
    Init {
        /// The file to write, or `-` to print it
        #[arg(value_name = "FILE", default_value = "answers.yaml")]
        file: PathBuf,
        /// The name of the product
        #[arg(long, value_name = "NAME", default_value = NO_NAME)]
        product: String,
    },
    /// Explain a question, criterion, scenario, finding, topic, word or problem code
    #[command(after_help = examples!(
        "explain question_id"
        "explain A001"
    ))]
    Explain {
        /// An id from a report, a rules file or an answers file, a word, or a problem code such as A001. Without one,
        /// everything is listed
        #[arg(value_name = "WORD", num_args = 0..)]
        id: Vec<String>,
    },
    /// Prove, test, compare and show the rules themselves
    #[command(after_help = examples!(
        "rules check"
        "rules check --rules FOLDER --witness witnesses"
        "rules test --min-coverage 100"
        "rules diff old-rules new-rules --answers products"
        "rules show --output rules.html"
    ))]
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Print the JSON Schema of answers files, rule files, cases, reports or mapping files
    #[command(after_help = examples!(
        "schema answers --output .answers.schema.json"
        "schema report"
    ))]
    Schema {
        /// What the schema describes
        #[arg(value_name = "WHAT")]
        subject: SchemaOf,
        /// Write it to this file instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Print a script that completes commands, options, question ids and values in a shell
    #[command(after_help = examples!(
        "completions bash \\\n      > ~/.local/share/bash-completion/completions/PROGRAM"
        "completions zsh --rules FOLDER"
    ))]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print a manual page
    #[command(after_help = examples!(
        "man > PROGRAM.1"
        "man check > PROGRAM-check.1"
    ))]
    Man {
        /// The command that the page is about. Without one, the whole program
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// What becomes of links in a folder.
#[derive(Debug, Args)]
pub struct Links {
    /// Follow links in a folder, to other folders and to files outside it
    #[arg(long)]
    pub follow_links: bool,
}

/// How the report on one product is written.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The format of the report [default: what the name of --output ends in, else text]
    #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_for_one))]
    pub format: Option<Format>,
    /// Write the report to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show everything: reasons, sources with addresses, your answers, facts. Formats other than text always do
    #[arg(long)]
    pub full: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Answers files, folders that hold files called answers.yaml, answers.yml or answers.json, and patterns such as
    /// 'products/**/answers.yaml'. `-` is standard input. If the paths come from a list, put `--` before them
    #[arg(value_name = "PATH")]
    pub answers: Vec<PathBuf>,
    #[command(flatten)]
    pub links: Links,
    #[command(flatten)]
    pub set: Set,
    #[command(flatten)]
    pub written: ReportArgs,
    /// Also write the report to this file in this format. You can use it more than once
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = format_and_file(Format::is_for_one))]
    pub reports: Vec<(Format, PathBuf)>,
    /// Instead of printing a report, check that this one, written with `--format json`, still follows from the files
    #[arg(long, value_name = "REPORT", conflicts_with_all = ["format", "output", "reports", "full"])]
    pub verify: Option<PathBuf>,
    /// How far the product must have got
    #[arg(long, value_name = "GATE", default_value = "eligibility", value_parser = one_of!(Gate))]
    pub gate: Gate,
    /// Fail on these outcomes only. The others exit with 0. Separate several with commas
    #[arg(long, value_name = "OUTCOMES", value_delimiter = ',', value_parser = a_failing_outcome())]
    pub fail_on: Option<Vec<Outcome>>,
    #[command(flatten)]
    pub lints: Lints,
    /// Never ask anything. `check` never does: this is for scripts that pass it to every command
    #[arg(long)]
    pub no_input: bool,
}

/// How much weight is given to what is not wrong, but worth knowing.
#[derive(Clone, Debug, Default, Args)]
pub struct Lints {
    /// Treat these codes as errors. Separate several with commas
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = a_lint)]
    pub deny: Vec<Code>,
    /// Treat these codes as warnings
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = a_lint)]
    pub warn: Vec<Code>,
    /// Do not report these codes
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = a_lint)]
    pub allow: Vec<Code>,
    /// Refuse a file that does not name exactly these rules. The same as `--deny A007,A010`
    #[arg(long)]
    pub locked: bool,
}

/// Answers given on the command line.
#[derive(Clone, Debug, Default, Args)]
pub struct Set {
    /// Answer a question, whatever the file says. `ID=` removes the answer. Separate several values with `;` or `,`
    #[arg(long = "set", value_name = "ID=VALUE", value_parser = id_and_value)]
    pub given: Vec<(String, String)>,
}

#[derive(Debug, Args)]
pub struct InterviewArgs {
    /// The answers file to save to, and to carry on from [default: answers.yaml]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Ask every question that applies, even if the answer cannot change the result
    #[arg(long)]
    pub all: bool,
    /// Ask this section only. You can use it more than once
    #[arg(long = "section", value_name = "SECTION", value_parser = one_of!(Section))]
    pub sections: Vec<Section>,
    /// Give this answer in advance: it is saved, and you are not asked. Separate several values with `;` or `,`
    #[arg(long = "set", value_name = "ID=VALUE", value_parser = id_and_value)]
    pub set: Vec<(String, String)>,
    /// Ask line by line, without menus. ACCESSIBLE=1 and TERM=dumb do the same
    #[arg(long)]
    pub plain: bool,
    /// Never ask anything. List the answers that are missing, and how to give them
    #[arg(long)]
    pub no_input: bool,
    #[command(flatten)]
    pub written: ReportArgs,
    /// How far the product must have got
    #[arg(long, value_name = "GATE", default_value = "eligibility", value_parser = one_of!(Gate))]
    pub gate: Gate,
}
