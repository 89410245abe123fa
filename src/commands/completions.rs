//! `completions` and `man`: shell completions and manual pages, for packagers.

use std::fmt::Write as _;

use anyhow::Result;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::Session;
use crate::cli::{Cli, NAME};
use crate::problem::{CODES, suggestion};
use crate::rulebook::Rulebook;

/// A name without hyphens for the functions of the bash script. With hyphens, `clap_complete` 4.6 writes functions that do
/// not find each other.
const NAME_IN_BASH: &str = "eligibility";

/// Bash splits words at `=`. This drops the sign between an option and its value, joins `id=value` again before the
/// generated function runs, and cuts its replies to what bash expects.
const PAIRS_IN_BASH: &str = r#"
FUNCTION_pairs() {
    local -a words=()
    local index word lead="" cword=0
    for index in "${!COMP_WORDS[@]}"; do
        word="${COMP_WORDS[index]}"
        if [[ $word == "=" && ${words[-1]} == --* ]]; then
            ((index == COMP_CWORD)) || continue
            words+=("")
        elif ((${#words[@]} > 1)) && [[ $word == "=" || ${words[-1]} == *= ]]; then
            words[-1]+="$word"
        else
            words+=("$word")
        fi
        ((index == COMP_CWORD)) && cword=$((${#words[@]} - 1))
    done
    local current="${words[cword]}"
    [[ $current == *=* ]] && lead="${current%%=*}="
    local -a COMP_WORDS=("${words[@]}")
    local COMP_CWORD=$cword
    FUNCTION "$1" "$current" "${words[cword - 1]}"
    for index in "${!COMPREPLY[@]}"; do
        COMPREPLY[index]="${COMPREPLY[index]#"$lead"}"
    done
}
complete -F FUNCTION_pairs -o nosort -o bashdefault -o default NAME
"#;

pub(super) fn run(shell: Shell, session: &mut Session<'_>) -> Result<u8> {
    let rulebook = session.rulebook()?;
    let name = if shell == Shell::Bash { NAME_IN_BASH } else { NAME };
    let mut script = Vec::new();
    let mut command = with_values(&rulebook);
    clap_complete::generate(shell, &mut command, name, &mut script);
    let mut script = String::from_utf8(script)?;
    if shell == Shell::Fish {
        script.push_str(&fish_positionals(&command));
    }
    if shell == Shell::Bash {
        script = script.replace(&format!(" {NAME_IN_BASH}\n"), &format!(" {NAME}\n"));
        script.push_str(&PAIRS_IN_BASH.replace("FUNCTION", &format!("_{NAME_IN_BASH}")).replace("NAME", NAME));
    }
    session.print(&script)?;
    Ok(0)
}

/// The command line with the ids and values of the rules. Labels are left out, because some shells evaluate the description
/// of a value.
fn with_values(rulebook: &Rulebook) -> Command {
    let pairs = rulebook.questions.iter().flat_map(|question| {
        let unsure = question.takes_not_sure().then_some("not_sure");
        question.values().chain(unsure).map(|value| PossibleValue::new(format!("{}={value}", question.id)))
    });
    let codes = CODES.iter().map(|code| code.as_str().into());
    let ids = rulebook.ids().into_iter().chain(codes).map(|id| PossibleValue::new(id.into_owned()));
    let (pairs, ids) = (PossibleValuesParser::new(pairs), PossibleValuesParser::new(ids));
    Cli::command()
        .mut_subcommand("check", |check| check.mut_arg("given", |given| given.value_parser(pairs)))
        .mut_subcommand("explain", |explain| explain.mut_arg("id", |id| id.value_parser(ids)))
}

/// Completes the positional arguments of each command in fish, which `clap_complete` does not.
fn fish_positionals(program: &Command) -> String {
    let function = format!("__fish_{}_using_subcommand", NAME.replace('-', "_"));
    let mut lines = String::new();
    for command in program.get_subcommands() {
        for arg in command.get_positionals().filter(|arg| !arg.get_possible_values().is_empty()) {
            let values = arg.get_possible_values();
            let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            let (name, values) = (command.get_name(), values.join(" "));
            let _ = writeln!(lines, "complete -c {NAME} -n \"{function} {name}\" -f -a \"{values}\"");
        }
    }
    lines
}

pub(super) fn man(names: &[String], session: &mut Session<'_>) -> Result<u8> {
    let mut command = Cli::program(session.shared.rules.is_some()).disable_help_subcommand(true);
    command.build();
    let mut page = &command;
    for name in names {
        let Some(found) = page.find_subcommand(name) else {
            let names: Vec<&str> = page.get_subcommands().map(Command::get_name).collect();
            let message = format!("there is no command `{name}`");
            return Err(session.usage_error(&message, &suggestion(name, names.iter().copied())));
        };
        page = found;
    }
    let mut text = Vec::new();
    // If the date were empty, `man` would show the version in its place.
    Page::new(page.clone()).date(" ").render(&mut text)?;
    session.print(&line_by_line(&String::from_utf8(text)?))?;
    Ok(0)
}

/// Keeps examples and exit codes on lines of their own, as in the help. `man` would join them.
fn line_by_line(page: &str) -> String {
    let Some((above, below)) = page.split_once(".SH EXTRA\n") else { return page.to_owned() };
    let lines = below.lines().filter(|line| !line.is_empty()).map(|line| match line.trim_start().split_once("  ") {
        Some((code, meaning)) if code.parse::<u8>().is_ok() => format!(".TP 5\n{code}\n{meaning}\n"),
        // An indented line is not joined anyway.
        _ if line.starts_with(['.', ' ']) => format!("{line}\n"),
        _ => format!(".PP\n{line}\n"),
    });
    format!("{above}.SH EXAMPLES\n.ad l\n.hy 0\n{}", lines.collect::<String>())
}
