//! `rules`: proves, tests, compares and shows the rules. One file for each subcommand.

use std::path::Path;

use anyhow::Result;

use super::Session;
use crate::cli::RulesCommand;
use crate::files;

mod check;
mod diff;
mod export;
mod graph;
mod show;
mod test;

pub(super) fn run(command: &RulesCommand, session: &mut Session<'_>) -> Result<u8> {
    if let RulesCommand::Diff { rules, .. } = command {
        if rules.is_some() {
            return Err(
                session.usage_error("`rules diff` compares the two folders that are named", "leave out --rules")
            );
        }
    } else if session.shared.rules.is_none() && files::exists(Path::new("manifest.yaml")) {
        session.say("note: these are the built-in rules; --rules . takes those in this folder");
    }
    match command {
        RulesCommand::Check { deny, witness } => check::run(&deny.concat(), witness.as_deref(), session),
        RulesCommand::Test { min_coverage, generate_missing, output, accept } => match (accept, generate_missing) {
            (true, _) => test::accept(session),
            (false, true) => test::generate(output.as_deref(), session),
            (false, false) => test::run(*min_coverage, session),
        },
        RulesCommand::Diff { old, new, answers, links, .. } => diff::run(old, new, answers, links, session),
        RulesCommand::Graph { format, answers } => graph::run(*format, answers.as_deref(), session),
        RulesCommand::Export { to, dialect, table, output } => {
            export::run(*to, *dialect, table.as_deref(), output.as_deref(), session)
        }
        RulesCommand::Show { format, output } => show::run(*format, output.as_deref(), session),
    }
}
