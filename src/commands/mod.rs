//! One file for each command: read arguments, call the core, write.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use anyhow::{Context, Result};
use clap::Parser;

use crate::cli::{Cli, ColorChoice, Command, Shared};
use crate::files;
use crate::problem::Problem;
use crate::render::{Input, problems};
use crate::rulebook::{self, RuleFiles, Rulebook};
use crate::style::{Style, clean};

mod check;
mod completions;
mod explain;
mod file_name;
mod init;
mod interview;
mod rules;
mod schema;
mod set;
mod triage;

/// Exit code: could not run.
pub const COULD_NOT_RUN: u8 = 1;
/// Exit code: wrong usage, or a file that is not valid.
pub(crate) const INVALID: u8 = 2;
/// Exit code: interrupted.
pub(crate) const INTERRUPTED: u8 = 130;
/// The widest text is still easy to read at.
const MAX_WIDTH: usize = 100;

/// What is known about the streams, found out once by `main`.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether standard input is a terminal.
    pub stdin: bool,
    /// The width of the terminal standard output is, if it is one.
    pub stdout: Option<usize>,
    /// The width of the terminal standard error is, if it is one.
    pub stderr: Option<usize>,
    /// Whether the user's environment asks for no colour.
    pub no_colour: bool,
    /// Whether the user's environment asks for plain lines, with nothing drawn twice.
    pub plain: bool,
}

/// The streams, and how to write to each.
pub struct Io<'a> {
    /// Standard input.
    pub stdin: &'a mut (dyn Read + Send),
    /// Standard output: results, and nothing else.
    pub stdout: &'a mut (dyn Write + Send),
    /// Standard error: everything else.
    pub stderr: &'a mut (dyn Write + Send),
    /// What the streams are.
    pub terminal: Terminal,
}

/// Runs one command line and returns its exit code. A panic is a fault of the program and never a verdict.
pub fn run(args: impl IntoIterator<Item = OsString>, io: Io<'_>) -> u8 {
    let Io { stdin, stdout, stderr, terminal } = io;
    let streams = Io { stdin, stdout, stderr: &mut *stderr, terminal };
    match panic::catch_unwind(AssertUnwindSafe(|| command(args, streams))) {
        Ok(code) => code,
        Err(panic) => {
            let what = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let what = clean(what.unwrap_or("no more is known"));
            let _ = writeln!(stderr, "error: internal error, which is a fault of this program: {what}");
            COULD_NOT_RUN
        }
    }
}

fn command(args: impl IntoIterator<Item = OsString>, mut io: Io<'_>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(usage) => return usage_error(&usage, &mut io),
    };
    let mut session = Session::new(io, cli.shared);
    let done = match cli.command {
        Command::Check(args) => check::run(&args, &mut session),
        Command::Interview(args) => interview::run(&args, &mut session),
        Command::Init(args) => init::run(&args, &mut session),
        Command::Explain(args) => explain::run(&args, &mut session),
        Command::Triage(args) => triage::run(&args, &mut session),
        Command::Rules(args) => rules::run(&args.command, &mut session),
        Command::Completions(args) => completions::run(&args, &mut session),
        Command::Man(args) => completions::man(&args, &mut session),
        Command::Schema(args) => schema::run(&args, &mut session),
    };
    done.unwrap_or_else(|error| session.could_not_run(&error))
}

/// Help and version go to standard output, mistakes to standard error.
fn usage_error(usage: &clap::Error, io: &mut Io<'_>) -> u8 {
    let (stream, width): (&mut dyn Write, _) =
        if usage.use_stderr() { (io.stderr, io.terminal.stderr) } else { (io.stdout, io.terminal.stdout) };
    let text = usage.render();
    let plain = text.to_string();
    // What was typed is repeated as it was. Where it could do harm, the colours that are ours go as well.
    let cleaned: Vec<_> = plain.split('\n').map(clean).collect();
    let harmless = cleaned.iter().all(|line| matches!(line, Cow::Borrowed(_)));
    let coloured = width.is_some() && !io.terminal.no_colour;
    let written = match (harmless, coloured) {
        (true, true) => write!(stream, "{}", text.ansi()),
        (true, false) => write!(stream, "{plain}"),
        (false, _) => write!(stream, "{}", cleaned.join("\n")),
    };
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => COULD_NOT_RUN,
        _ => u8::try_from(usage.exit_code()).unwrap_or(INVALID),
    }
}

/// One run of the program: its streams, and what every command shares.
pub(crate) struct Session<'a> {
    io: Io<'a>,
    shared: Shared,
    /// How to write to standard output.
    pub(crate) out: Style,
    /// How to write to standard error.
    pub(crate) err: Style,
}

impl<'a> Session<'a> {
    fn new(io: Io<'a>, shared: Shared) -> Self {
        let style = |width: Option<usize>| Style {
            colour: match shared.color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => width.is_some() && !io.terminal.no_colour,
            },
            width: width.unwrap_or(Style::PLAIN.width).min(MAX_WIDTH),
        };
        let (out, err) = (style(io.terminal.stdout), style(io.terminal.stderr));
        Self { io, shared, out, err }
    }

    /// The rules in use, or `None` once their problems have been shown.
    pub(crate) fn rulebook(&mut self) -> Result<Option<Rulebook>> {
        self.rules().map(|(rulebook, _)| rulebook)
    }

    /// The rules in use, unless they have errors, and their problems, which have been shown.
    pub(crate) fn rules(&mut self) -> Result<(Option<Rulebook>, Vec<Problem>)> {
        let files = self.rule_files()?;
        Ok(self.read_rules(&files))
    }

    /// The files of the rules in use.
    pub(crate) fn rule_files(&self) -> Result<RuleFiles> {
        match &self.shared.rules {
            Some(folder) => files::read_rules(folder),
            None => Ok(rulebook::builtin()),
        }
    }

    /// The rulebook in these files, or `None` once their problems have been shown.
    pub(crate) fn checked(&mut self, files: &RuleFiles) -> Option<Rulebook> {
        self.read_rules(files).0
    }

    fn read_rules(&mut self, files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
        let (rulebook, found) = rulebook::read(files);
        self.problems(&found, &files.folder);
        (rulebook.filter(|_| !Problem::any_error(&found)), found)
    }

    /// Where the rules come from.
    pub(crate) fn rules_input(&self) -> Input {
        let path = self.shared.rules.as_ref().map(|folder| folder.display().to_string());
        Input { name: path.clone().unwrap_or_else(|| "the rules".to_owned()), path, ..Input::default() }
    }

    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(&mut self, path: &Path) -> Result<Vec<u8>> {
        files::read(path, self.io.stdin)
    }

    /// Shows problems and how many there are, if there are any.
    pub(crate) fn problems(&mut self, found: &[Problem], whose: &str) {
        if !found.is_empty() {
            let text = problems::render(found, self.err);
            self.say(&format!("{text}{} in {}", problems::count(found), clean(whose)));
        }
    }

    /// Writes a result. A reader that has gone away is no error.
    pub(crate) fn result(&mut self, text: &str) -> Result<()> {
        match self.io.stdout.write_all(text.as_bytes()).and_then(|()| self.io.stdout.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.context("cannot write to standard output"),
        }
    }

    /// Writes a line that is not a result. There is nobody to tell if that fails.
    pub(crate) fn say(&mut self, line: &str) {
        let _ = writeln!(self.io.stderr, "{line}");
    }

    /// Says what is wrong with what was typed.
    pub(crate) fn wrong_usage(&mut self, message: &str, hint: &str) -> u8 {
        let wrapped = self.err.wrap("error: ", &clean(message));
        self.say(&wrapped);
        let wrapped = self.err.wrap(" help: ", &clean(hint));
        self.say(&wrapped);
        INVALID
    }

    /// Says what is wrong with the world, in one line with its cause.
    pub(crate) fn could_not_run(&mut self, error: &anyhow::Error) -> u8 {
        self.say(&format!("error: {}", clean(&format!("{error:#}"))));
        COULD_NOT_RUN
    }
}
