//! One file for each command: read arguments, call the core, write.

use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use anyhow::{Context, Result};
use clap::Parser;

use crate::cli::Lints;
use crate::cli::{Cli, ColorChoice, Command, Shared};
use crate::files;
pub use crate::intake::COULD_NOT_RUN;
pub(crate) use crate::intake::INVALID;
use crate::intake::set;
use crate::lint::{Level, Levels};
use crate::problem::{Code, Problem, Severity};
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
mod triage;

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
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(file) = mistakable(&args) {
        return name_it_plainly(file, &mut io);
    }
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(usage) => return usage_error(&usage, &args, &mut io),
    };
    files::told_of_their_size();
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

/// An argument that reads as an option, and is the name of a file: a pattern such as `*` or a list of changed files hands
/// on whatever a stranger called theirs.
fn mistakable(args: &[OsString]) -> Option<&Path> {
    let options = args.iter().skip(1).take_while(|arg| *arg != "--");
    options.map(Path::new).find(|arg| {
        let bytes = arg.as_os_str().as_encoded_bytes();
        bytes.starts_with(b"-") && bytes != files::STANDARD_INPUT.as_bytes() && files::exists(arg)
    })
}

fn name_it_plainly(file: &Path, io: &mut Io<'_>) -> u8 {
    let file = file.display().to_string();
    let file = clean(&file);
    let _ = writeln!(io.stderr, "error: a file or folder is called `{file}`, which reads as an option");
    let _ = writeln!(io.stderr, " help: write ./{file}, or -- in front of all files");
    INVALID
}

/// Help and version go to standard output, mistakes to standard error.
fn usage_error(usage: &clap::Error, args: &[OsString], io: &mut Io<'_>) -> u8 {
    let (stream, width): (&mut dyn Write, _) =
        if usage.use_stderr() { (io.stderr, io.terminal.stderr) } else { (io.stdout, io.terminal.stdout) };
    // What was typed is repeated. So the mistake is made once more with what can be shown: every escape is then ours.
    let shown = args.iter().map(|arg| clean(&arg.to_string_lossy()).into_owned());
    let again = Cli::try_parse_from(shown).err().filter(|again| again.kind() == usage.kind());
    let coloured = again.is_some() && width.is_some() && !io.terminal.no_colour;
    let text = again.as_ref().unwrap_or(usage).render();
    let written = if coloured {
        write!(stream, "{}", text.ansi())
    } else {
        let lines: Vec<_> = text.to_string().split('\n').map(|line| clean(line).into_owned()).collect();
        write!(stream, "{}", lines.join("\n"))
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
    /// What was read so far, which nothing is written over.
    kept: files::Kept,
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
        Self { io, shared, kept: files::Kept::default(), out, err }
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
    pub(crate) fn rule_files(&mut self) -> Result<RuleFiles> {
        match &self.shared.rules {
            Some(folder) => files::read_rules(folder, &mut self.kept),
            None => Ok(rulebook::builtin()),
        }
    }

    /// The files of the rules in a folder, or of those that are built in.
    pub(crate) fn rules_in(&mut self, folder: &Path) -> Result<RuleFiles> {
        if folder == Path::new("built-in") {
            Ok(rulebook::builtin())
        } else {
            files::read_rules(folder, &mut self.kept)
        }
    }

    /// The rulebook in these files, or `None` once their problems have been shown.
    pub(crate) fn checked(&mut self, files: &RuleFiles) -> Option<Rulebook> {
        self.read_rules(files).0
    }

    fn read_rules(&mut self, files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
        let (rulebook, found) = rulebook::read(files);
        // Of rules that cannot be proved each product says what is left out of its report.
        let unproved = |problem: &Problem| problem.code == Code::TooIntricate && problem.severity == Severity::Warning;
        let shown: Vec<Problem> = found.iter().filter(|problem| !unproved(problem)).cloned().collect();
        self.problems(&shown, &files.folder);
        (rulebook.filter(|_| !Problem::any_error(&found)), found)
    }

    /// Where the rules come from.
    pub(crate) fn rules_input(&self) -> Input {
        let path = self.shared.rules.as_ref().map(|folder| folder.display().to_string());
        Input { name: path.clone().unwrap_or_else(|| "the rules".to_owned()), path, ..Input::default() }
    }

    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(&mut self, path: &Path) -> Result<Vec<u8>> {
        self.kept.note(path);
        files::read(path, self.io.stdin)
    }

    /// Reads a report that the program wrote.
    pub(crate) fn read_report(&mut self, path: &Path) -> Result<Vec<u8>> {
        self.kept.note(path);
        files::read_report(path, self.io.stdin)
    }

    /// Refuses, before anything is written, to write over what was read and these files, which are about to be, and to write
    /// two things to one file.
    pub(crate) fn refuses<P: AsRef<Path>>(&mut self, read: impl IntoIterator<Item = P>, written: &[&Path]) -> bool {
        if written.is_empty() {
            return false;
        }
        read.into_iter().for_each(|path| self.kept.note(path.as_ref()));
        let clash = self.kept.clash(written);
        if let Some(clash) = &clash {
            self.wrong_usage(clash, "give every file a name of its own");
        }
        clash.is_some()
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

    /// The answers that `--set` gives, or the exit code once every mistake in them has been said.
    pub(crate) fn set(&mut self, given: &[(String, String)], rulebook: &Rulebook) -> Result<Vec<set::Given>, u8> {
        set::read(given, rulebook)
            .map_err(|wrong| wrong.iter().fold(INVALID, |_, (message, hint)| self.wrong_usage(message, hint)))
    }

    /// The level of each lint, or the exit code once it has been said what is wrong. A code with two levels would be a
    /// guess.
    pub(crate) fn levels(&mut self, args: &Lints) -> Result<Levels, u8> {
        let mut levels = Levels::default();
        let mut named = if args.locked { vec![Code::OtherRules, Code::RulesNotNamed] } else { Vec::new() };
        for code in &named {
            levels.set(*code, Level::Deny);
        }
        for (codes, level) in [(&args.deny, Level::Deny), (&args.warn, Level::Warn), (&args.allow, Level::Allow)] {
            for code in codes {
                if named.contains(code) && levels.get(*code) != Some(level) {
                    return Err(self.wrong_usage(&format!("{code} is given two levels"), "name each code once"));
                }
                named.push(*code);
                levels.set(*code, level);
            }
        }
        Ok(levels)
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
