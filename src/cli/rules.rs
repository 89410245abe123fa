//! `rules` and what it does with them.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::Links;
use super::values::{a_format, a_percentage, a_table, about_denied, some_warnings};
use crate::problem::Code;
use crate::publish::sql::Dialect;
use crate::report::Format;

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Validate the rules and prove them sound over every combination of answers
    #[command(after_help = concat!(examples!(
        "rules check"
        "rules check --rules FOLDER --witness witnesses"
        "rules check --rules FOLDER --deny warnings": "in a CI job"
    ), "\nExit codes: 0 sound, even with warnings, 1 could not run, 2 something is wrong with the rules."))]
    Check {
        /// The codes of warnings that are errors here.
        #[arg(long, value_name = "CODES", help = about_denied(), value_delimiter = ',', value_parser = some_warnings)]
        deny: Vec<&'static [Code]>,
        /// For each thing that is wrong, write an answers file that shows it
        #[arg(long, value_name = "FOLDER")]
        witness: Option<PathBuf>,
    },
    /// Run the cases beside the rules and say what they cover
    #[command(after_help = concat!(examples!(
        "rules test"
        "rules test --min-coverage 100"
        "rules test --rules my-rules --accept"
        "rules test --rules my-rules --generate-missing \\\n      --output my-rules/tests/more.yaml"
    ), "\nExit codes: 0 all cases pass, 1 could not run, 2 a case fails, is invalid or missing, or too little is covered."))]
    Test {
        /// Fail if the cases cover less than this many per cent
        #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = a_percentage)]
        min_coverage: u8,
        /// Write the smallest cases that would cover the rest, for you to check and keep
        #[arg(long, conflicts_with = "min_coverage")]
        generate_missing: bool,
        /// Write them to this new file instead of standard output
        #[arg(long, short, value_name = "FILE", requires = "generate_missing")]
        output: Option<PathBuf>,
        /// If cases fail, show the new results and write them into the cases as expected
        #[arg(long, conflicts_with_all = ["generate_missing", "min_coverage"], requires = "rules")]
        accept: bool,
    },
    /// Compare two versions of the rules by what they do and say
    #[command(after_help = concat!(examples!(
        "rules diff old-rules new-rules"
        "rules diff built-in my-rules --answers products/*.yaml"
    ), "\nExit codes: 0 nothing changes, 1 could not run, 2 invalid rules or answers, 3 something changes, even a text or the version."))]
    #[command(mut_arg("follow_links", |links| links.requires("answers")))]
    Diff {
        /// The rules before: a folder, or `built-in`
        old: PathBuf,
        /// The rules after: a folder, or `built-in`
        new: PathBuf,
        /// Also say what changes for these answers files, folders and patterns: outcome, fit and gates
        #[arg(long, value_name = "PATH", num_args = 1..)]
        answers: Vec<PathBuf>,
        /// Whether links are followed.
        #[command(flatten)]
        links: Links,
        /// Refused, with what to do instead. It stands here to be hidden from help.
        #[arg(long, value_name = "FOLDER", hide = true)]
        rules: Option<PathBuf>,
    },
    /// Draw the decision: which answers lead to which outcome
    #[command(after_help = examples!(
        "rules graph > decision.mmd"
        "rules graph --format dot --answers answers.yaml \\\n      | dot -Tsvg > decision.svg"
    ))]
    Graph {
        /// The format of the drawing
        #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
        format: GraphFormat,
        /// Highlight the path of these answers
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
    },
    /// Write the decision as SQL or as a web page, or the rule files into a folder
    #[command(after_help = concat!(examples!(
        "rules export --to sql --dialect duckdb > decision.sql"
        "rules export --to sql --dialect postgres --table forms"
        "rules export --to html --output page.html"
        "rules export --to yaml --output my-rules": "a start for your own rules"
    ), "\n\
As HTML it is a single page. It asks the questions, gives the same results as `triage`, and saves the answers \
as a file that `check` reads. It gives no reasons, and does not say what would change the result. \
It contacts no server, and keeps nothing.\n\n\
As SQL it is one SELECT over a table. The table has a column `product` (`_product`, if a question has that \
id) and a column for each question that the rules test or a topic asks for, all of them text. It takes ids, \
as YAML and JSON do, and not labels. NULL or an empty text is a missing answer, `not_sure` is not \
sure, and `;` separates several values. Spaces around values do not matter. \
It gives `_outcome`, `_possible_outcomes`, `_scenario`, `_scenario_id` and `_fit`, and each criterion, finding, \
topic and obligation under its id, exactly as `triage` does. If a value is not an answer, \
`_invalid` names the question, and the other columns are empty."))]
    Export {
        /// What to write
        #[arg(long, value_name = "LANGUAGE")]
        to: ExportTo,
        /// The kind of SQL [default: duckdb]
        #[arg(long, value_name = "DIALECT")]
        dialect: Option<Dialect>,
        /// The table that the SQL reads from [default: answers]
        #[arg(long, value_name = "NAME", value_parser = a_table)]
        table: Option<String>,
        /// Write it to this file instead of standard output. For rule files, the folder to write to
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
        /// The format [default: what the name of --output ends in, else text]
        #[arg(long, value_name = "FORMAT", value_parser = a_format(Format::is_for_rules))]
        format: Option<Format>,
        /// Write it to this file instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What rules are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportTo {
    /// One SELECT
    Sql,
    /// One page
    Html,
    /// The rule files, in a folder
    Yaml,
}

/// How a graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For Markdown pages
    Mermaid,
    /// For Graphviz
    Dot,
}
