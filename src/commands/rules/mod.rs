//! `rules …`: the rules themselves, proved, tested, compared and shown. One file for each.

use anyhow::Result;

use super::Session;
use crate::cli::RulesCommand;

mod check;
mod diff;
mod export;
mod graph;
mod show;
mod test;

pub(super) fn run(command: &RulesCommand, session: &mut Session<'_>) -> Result<u8> {
    match command {
        RulesCommand::Check { witness } => check::run(witness.as_deref(), session),
        RulesCommand::Test { min_coverage, generate_missing, output, accept } => match (accept, generate_missing) {
            (true, _) => test::accept(session),
            (false, true) => test::generate(output.as_deref(), session),
            (false, false) => test::run(*min_coverage, session),
        },
        RulesCommand::Diff { old, new, answers, links } => diff::run(old, new, answers, links, session),
        RulesCommand::Graph { format, answers } => graph::run(*format, answers.as_deref(), session),
        RulesCommand::Export { to, dialect, table, output } => {
            export::run(*to, *dialect, table.as_deref(), output.as_deref(), session)
        }
        RulesCommand::Show { format, output } => show::run(*format, output.as_deref(), session),
    }
}
