//! `completions` and `man`: the command line in the words of shells and of `man`, for packagers.

use std::fmt::Write as _;

use anyhow::Result;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::{INVALID, Session};
use crate::cli::{Cli, Completions, Man, NAME};
use crate::problem::{CODES, suggestion};
use crate::rulebook::Rulebook;
use crate::style::clean;

/// The program under a name without hyphens. With them, `clap_complete` 4.6 writes a script for bash whose parts do not
/// find each other.
const NAME_IN_BASH: &str = "eligibility";

/// Bash cuts words at `=`. This puts `id=value` together again for the script above it, and cuts its replies likewise.
const PAIRS_IN_BASH: &str = r#"
FUNCTION_pairs() {
    local -a words=()
    local index word lead="" cword=0
    for index in "${!COMP_WORDS[@]}"; do
        word="${COMP_WORDS[index]}"
        if ((${#words[@]} > 1)) && [[ $word == "=" || ${words[-1]} == *= ]]; then
            words[-1]+="$word"
        else
            words+=("$word")
        fi
        ((index == COMP_CWORD)) && cword=$((${#words[@]} - 1))
    done
    local current="${words[cword]}"
    [[ $current == *=* ]] && lead="${current%%=*}="
    # An option with its value behind `=` is completed as bash would.
    [[ $lead == -* ]] && { FUNCTION "$@"; return; }
    local -a COMP_WORDS=("${words[@]}")
    local COMP_CWORD=$cword
    FUNCTION "$1" "$current" "${words[cword - 1]}"
    for index in "${!COMPREPLY[@]}"; do
        COMPREPLY[index]="${COMPREPLY[index]#"$lead"}"
    done
}
complete -F FUNCTION_pairs -o nosort -o bashdefault -o default NAME
"#;

/// `clap_complete` offers no values in elvish. This offers those of an option behind it, and those of a command that takes
/// nothing else, and leaves the rest to the script above it.
const VALUES_IN_ELVISH: &str = r"
var without-values = $edit:completion:arg-completer[NAME]
set edit:completion:arg-completer[NAME] = {|@words|
    var values = [
VALUES    ]
    var command = $words[1]
    var option = $command';'$words[-2]
    if (has-key $values $option) {
        all $values[$option]
    } elif (and (has-key $values $command) (not (str:has-prefix $words[-1] '-'))) {
        all $values[$command]
    } else {
        $without-values $@words
    }
}
";

pub(super) fn run(args: &Completions, session: &mut Session<'_>) -> Result<u8> {
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    let name = if args.shell == Shell::Bash { NAME_IN_BASH } else { NAME };
    let mut script = Vec::new();
    let (mut command, labels) = with_values(&rulebook);
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    let mut script = labelled(&String::from_utf8(script)?, &labels, args.shell);
    if args.shell == Shell::Fish {
        script.push_str(&words_in_fish(&command));
    }
    if args.shell == Shell::Elvish {
        script.push_str(&VALUES_IN_ELVISH.replace("NAME", NAME).replace("VALUES", &values_in_elvish(&command)));
    }
    if args.shell == Shell::Bash {
        script = script.replace(&format!(" {NAME_IN_BASH}\n"), &format!(" {NAME}\n"));
        script.push_str(&PAIRS_IN_BASH.replace("FUNCTION", &format!("_{NAME_IN_BASH}")).replace("NAME", NAME));
    }
    session.result(&script)?;
    Ok(0)
}

/// Stands on both sides of a number, in the place of the label with that number. No shell and no generator takes it for
/// anything.
const STAND_IN: &str = "-LABEL-";

/// The script with the labels in their places, escaped so that the shell reads each as it is. Fish and zsh read a label
/// twice. `clap_complete` escapes it for one of the two only, so that the other could run what is in it.
fn labelled(script: &str, labels: &[String], shell: Shell) -> String {
    let mut done = String::new();
    for (index, part) in script.split(STAND_IN).enumerate() {
        let label = part.parse::<usize>().ok().filter(|_| index % 2 == 1).and_then(|number| labels.get(number));
        match (label, shell) {
            (None, _) => done.push_str(part),
            // In single quotation marks inside double ones.
            (Some(label), Shell::Fish) => done.push_str(&escaped(&escaped(label, "\\'"), "\\\"$")),
            // For `_describe`, in double quotation marks that `_arguments` reads between colons, in single ones.
            (Some(label), Shell::Zsh) => {
                let described = escaped(label, "\\:");
                let evaluated = escaped(&described, "\\\"$`");
                done.push_str(&escaped(&evaluated, ":").replace('\'', "'\\''"));
            }
            // The others are given no labels.
            (Some(_), _) => {}
        }
    }
    done
}

/// The text with a backslash in front of each of these characters.
fn escaped(text: &str, special: &str) -> String {
    text.chars().fold(String::new(), |mut done, c| {
        done.extend(special.contains(c).then_some('\\'));
        done.push(c);
        done
    })
}

/// The command line with what the rules let stand in it, and the labels for which numbers stand there.
fn with_values(rulebook: &Rulebook) -> (Command, Vec<String>) {
    let mut labels: Vec<String> = Vec::new();
    let mut pairs: Vec<PossibleValue> = Vec::new();
    for question in &rulebook.questions {
        let mut pair = |value: &str, label: &str| {
            let stand_in = format!("{STAND_IN}{}{STAND_IN}", labels.len());
            pairs.push(PossibleValue::new(format!("{}={value}", question.id)).help(stand_in));
            labels.push(clean(label).into_owned());
        };
        for option in &question.options {
            pair(&option.value, &option.label);
        }
        if question.takes_not_sure() {
            pair("not_sure", "Not sure");
        }
    }
    let codes = CODES.iter().map(|code| code.as_str().into());
    let ids: Vec<PossibleValue> =
        rulebook.ids().into_iter().chain(codes).map(|id| PossibleValue::new(id.into_owned())).collect();
    let command = Cli::command()
        .mut_subcommand("check", |check| {
            check.mut_arg("given", |set| set.value_parser(PossibleValuesParser::new(pairs)))
        })
        .mut_subcommand("explain", |explain| {
            explain.mut_arg("id", |id| id.value_parser(PossibleValuesParser::new(ids)))
        });
    (command, labels)
}

/// `clap_complete` offers no values of what stands without an option in fish. This offers those of each command.
fn words_in_fish(program: &Command) -> String {
    let function = format!("__fish_{}_using_subcommand", NAME.replace('-', "_"));
    let mut lines = String::new();
    for command in program.get_subcommands() {
        for arg in command.get_positionals().filter(|arg| !arg.get_possible_values().is_empty()) {
            let values: Vec<String> =
                arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
            let (name, values) = (command.get_name(), values.join(" "));
            let _ = writeln!(lines, "complete -c {NAME} -n \"{function} {name}\" -f -a \"{values}\"");
        }
    }
    lines
}

/// A line for each command and option that takes some values only.
fn values_in_elvish(program: &Command) -> String {
    let mut lines = String::new();
    for (command, arg) in program.get_subcommands().flat_map(|c| c.get_arguments().map(move |arg| (c, arg))) {
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .filter(|value| !value.is_hide_set())
            // Ids and values of rules have no quotation mark.
            .map(|value| format!("'{}'", value.get_name()))
            .collect();
        if values.is_empty() || !arg.get_action().takes_values() {
            continue;
        }
        let option = arg.get_long().map_or_else(String::new, |long| format!(";--{long}"));
        let _ = writeln!(lines, "        &'{}{option}'=[{}]", command.get_name(), values.join(" "));
    }
    lines
}

pub(super) fn man(args: &Man, session: &mut Session<'_>) -> Result<u8> {
    let mut command = Cli::program(session.shared.rules.is_some());
    command.build();
    let mut page = &command;
    for name in &args.command {
        let Some(found) = page.find_subcommand(name) else {
            let names: Vec<&str> = page.get_subcommands().map(Command::get_name).collect();
            return Ok(
                session.wrong_usage(&format!("there is no command `{name}`"), &suggestion(name, names.iter().copied()))
            );
        };
        page = found;
    }
    let mut text = Vec::new();
    // A date that is empty would not be there, and the version would be taken for it.
    Page::new(page.clone()).date(" ").render(&mut text)?;
    session.result(&String::from_utf8(text)?)?;
    Ok(0)
}
