//! The program as it describes itself: its commands and their arguments, so that no test has to list them.

use clap::{Arg, Command, CommandFactory};
use eligibility::cli::Cli;

/// A command that has none below it.
pub(crate) struct Leaf {
    /// The words that call it, such as `rules check`.
    pub(crate) words: Vec<String>,
    pub(crate) command: Command,
}

impl Leaf {
    pub(crate) fn name(&self) -> String {
        self.words.join(" ")
    }

    /// Its arguments that take a value, those of every command among them.
    pub(crate) fn takers(&self) -> impl Iterator<Item = &Arg> {
        self.command.get_arguments().filter(|arg| arg.get_action().takes_values())
    }

    /// Each of its arguments that takes some values only, with each of them, as it is typed.
    pub(crate) fn choices(&self) -> Vec<(String, Vec<String>)> {
        let values = |arg: &Arg| arg.get_possible_values();
        let typed = |arg: &Arg, value: &str| match arg.get_long() {
            Some(long) => format!("--{long}={value}"),
            None => value.to_owned(),
        };
        self.takers()
            .map(|arg| {
                let typed = values(arg).iter().map(|value| typed(arg, value.get_name())).collect::<Vec<_>>();
                (arg.get_id().to_string(), typed)
            })
            .filter(|(_, typed)| !typed.is_empty())
            .collect()
    }
}

/// Every command that has none below it.
pub(crate) fn leaves() -> Vec<Leaf> {
    let mut program = Cli::command();
    program.build();
    let mut found = Vec::new();
    descend(&program, &[], &mut found);
    assert!(found.len() > 10, "the program has commands");
    found
}

fn descend(command: &Command, words: &[String], found: &mut Vec<Leaf>) {
    // `help` is clap's, and says what `--help` says.
    let below: Vec<&Command> = command.get_subcommands().filter(|below| below.get_name() != "help").collect();
    for below in &below {
        descend(below, &[words, &[below.get_name().to_owned()]].concat(), found);
    }
    if below.is_empty() {
        found.push(Leaf { words: words.to_vec(), command: command.clone() });
    }
}
