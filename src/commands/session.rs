//! What every command shares: its streams, the rules in use, and how mistakes are told.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Error, Result};

use crate::cli::{ColorChoice, Lints, Shared};
use crate::files;
use crate::intake::{COULD_NOT_RUN, INVALID, set};
use crate::lint::{Level, Levels};
use crate::problem::{Code, Problem, Severity};
use crate::prove::prove;
use crate::report::{Format, Input, problems};
use crate::rulebook::{self, RuleFiles, Rulebook};
use crate::style::{Style, clean};

pub(crate) const INTERRUPTED: u8 = 130;

/// What ends a command once it has been said why: the exit code.
#[derive(Debug)]
pub(crate) struct Refused(pub(super) u8);

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}", self.0)
    }
}

/// The widest text is still easy to read at.
pub(super) const MAX_WIDTH: usize = 100;

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
    /// Whether the terminal standard output is makes links of addresses.
    pub links: bool,
    /// Whether the user's environment asks for plain lines, with nothing drawn twice.
    pub plain: bool,
}

/// The streams, and how to write to each.
pub struct Io<'a> {
    pub stdin: &'a mut (dyn Read + Send),
    /// Standard output: results, and nothing else.
    pub stdout: &'a mut (dyn Write + Send),
    /// Standard error: everything else.
    pub stderr: &'a mut (dyn Write + Send),
    /// What the streams are.
    pub terminal: Terminal,
}

/// One run of the program: its streams, and what every command shares.
pub(crate) struct Session<'a> {
    pub(super) io: Io<'a>,
    pub(super) shared: Shared,
    /// What was read so far, which nothing is written over.
    pub(super) protected: files::Protected,
    /// How to write to standard output.
    pub(crate) out: Style,
    /// How to write to standard error.
    pub(crate) err: Style,
}

impl<'a> Session<'a> {
    pub(super) fn new(io: Io<'a>, shared: Shared) -> Self {
        let style = |width: Option<usize>| Style {
            colour: match shared.color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => width.is_some() && !io.terminal.no_colour,
            },
            width: width.unwrap_or(Style::PLAIN.width).min(MAX_WIDTH),
            links: width.is_some() && io.terminal.links,
        };
        let (out, err) = (style(io.terminal.stdout), style(io.terminal.stderr));
        Self { io, shared, protected: files::Protected::default(), out, err }
    }

    /// The rules in use. Their problems have been shown.
    pub(crate) fn rulebook(&mut self) -> Result<Arc<Rulebook>> {
        self.rules()?.0.ok_or_else(|| Refused(INVALID).into())
    }

    /// The rules in use, unless they have errors, and their problems, which have been shown.
    pub(crate) fn rules(&mut self) -> Result<(Option<Arc<Rulebook>>, Vec<Problem>)> {
        if self.shared.rules.is_none() {
            return Ok(self.sound(rulebook::read_builtin(), rulebook::BUILTIN_FOLDER));
        }
        let files = self.rule_files()?;
        Ok(self.read_rules(&files))
    }

    /// The files of the rules in use.
    pub(crate) fn rule_files(&mut self) -> Result<RuleFiles> {
        match &self.shared.rules {
            Some(folder) => files::read_rules(folder, &mut self.protected),
            None => Ok(rulebook::builtin()),
        }
    }

    /// The files of the rules in a folder, or of those that are built in.
    pub(crate) fn rule_files_in(&mut self, folder: &Path) -> Result<RuleFiles> {
        if folder == Path::new("built-in") {
            Ok(rulebook::builtin())
        } else {
            files::read_rules(folder, &mut self.protected)
        }
    }

    /// The rulebook in these files. Their problems have been shown.
    pub(crate) fn rulebook_in(&mut self, files: &RuleFiles) -> Result<Arc<Rulebook>> {
        self.read_rules(files).0.ok_or_else(|| Refused(INVALID).into())
    }

    fn read_rules(&mut self, files: &RuleFiles) -> (Option<Arc<Rulebook>>, Vec<Problem>) {
        let (rulebook, found) = rulebook::read(files);
        self.sound((rulebook.map(Arc::new), found), &files.folder)
    }

    /// Shows what is wrong with the rules in a folder, and gives the rules if they can be relied on.
    fn sound(
        &mut self,
        (rulebook, found): (Option<Arc<Rulebook>>, Vec<Problem>),
        folder: &str,
    ) -> (Option<Arc<Rulebook>>, Vec<Problem>) {
        // If the rules cannot be proved, each report says what it leaves out; it need not be said here as well.
        let unproved = |problem: &Problem| problem.code == Code::TooIntricate && problem.severity == Severity::Warning;
        let shown: Vec<Problem> = found.iter().filter(|problem| !unproved(problem)).cloned().collect();
        self.problems(&shown, folder);
        (rulebook.filter(|_| !Problem::any_error(&found)), found)
    }

    /// Says of somebody's own rules that they are not sound, where that alone keeps nothing from being done with them.
    pub(crate) fn warn_if_unsound(&mut self, rulebook: &Rulebook) {
        let is_unsound = || prove(rulebook).is_ok_and(|proof| Problem::any_error(&proof.problems));
        if self.shared.rules.is_some() && is_unsound() {
            self.say("warning: these rules are not sound: `rules check` says what is wrong with them");
        }
    }

    /// Where the rules come from.
    pub(crate) fn rules_input(&self) -> Input {
        let path = self.shared.rules.as_ref().map(|folder| folder.display().to_string());
        Input { name: path.clone().unwrap_or_else(|| "the rules".to_owned()), path, ..Input::default() }
    }

    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(&mut self, path: &Path) -> Result<Vec<u8>> {
        self.protected.note(path);
        files::read(path, self.io.stdin)
    }

    /// Reads a report that the program wrote.
    pub(crate) fn read_report(&mut self, path: &Path) -> Result<Vec<u8>> {
        self.protected.note(path);
        files::read_report(path, self.io.stdin)
    }

    /// Says which links to folders were not followed.
    pub(crate) fn skipped_links(&mut self, links: &[PathBuf]) {
        self.skipped(links, "a link to a folder; --follow-links looks into it");
    }

    /// Says what in a folder was not read, though it may be meant to be, and why.
    pub(crate) fn skipped(&mut self, paths: &[PathBuf], why: &str) {
        if let [first, others @ ..] = paths {
            let first = first.display().to_string();
            let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
            self.say(&format!("note: `{}`{more} was passed over: {why}", clean(&first)));
        }
    }

    /// Refuses, before anything is written, to write over what was read and these files, which are about to be, and to write
    /// two things to one file.
    pub(crate) fn protect<P: AsRef<Path>>(
        &mut self,
        read: impl IntoIterator<Item = P>,
        written: &[&Path],
    ) -> Result<()> {
        if !written.is_empty() {
            read.into_iter().for_each(|path| self.protected.note(path.as_ref()));
        }
        if written.contains(&Path::new(files::STANDARD_INPUT)) {
            let hint = "leave --output out to write to standard output, or write ./- for a file of that name";
            return Err(self.refused("`-` is no name of a file to write", hint));
        }
        match self.protected.clash(written) {
            Some(clash) => Err(self.refused(&clash, "give every file a name of its own")),
            None => Ok(()),
        }
    }

    /// Writes a result to standard output or, if one is named, to a file that nothing was read from.
    pub(crate) fn write(&mut self, output: Option<&Path>, text: &str) -> Result<()> {
        let Some(path) = output else { return self.result(text) };
        self.protect(None::<&Path>, &[path])?;
        files::write_report(path, text.as_bytes(), &self.protected)
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

    /// The format that is stated, or else that the name of the file says, of those that the command writes.
    pub(crate) fn format(
        &mut self,
        stated: Option<Format>,
        output: Option<&Path>,
        takes: fn(Format) -> bool,
    ) -> Result<Format> {
        let (None, Some(path)) = (stated, output) else { return Ok(stated.unwrap_or(Format::Text)) };
        Format::of_file(path, takes).map_err(|endings| {
            let message = format!("the name of `{}` names no format", path.display());
            self.refused(&message, &format!("{endings}, or say --format"))
        })
    }

    /// The answers that `--set` gives.
    pub(crate) fn set(&mut self, given: &[(String, String)], rulebook: &Rulebook) -> Result<Vec<set::SetAnswer>> {
        set::read(given, rulebook).map_err(|wrong| {
            let code = wrong.iter().map(|(message, hint)| self.wrong_usage(message, hint)).max();
            Refused(code.unwrap_or(INVALID)).into()
        })
    }

    /// The level of each lint. A code with two levels would be a guess.
    pub(crate) fn levels(&mut self, args: &Lints) -> Result<Levels> {
        let mut levels = Levels::default();
        let mut named = if args.locked { vec![Code::OtherRules, Code::RulesNotNamed] } else { Vec::new() };
        for code in &named {
            levels.set(*code, Level::Deny);
        }
        for (codes, level) in [(&args.deny, Level::Deny), (&args.warn, Level::Warn), (&args.allow, Level::Allow)] {
            for code in codes {
                if named.contains(code) && levels.get(*code) != Some(level) {
                    return Err(self.refused(&format!("{code} is given two levels"), "name each code once"));
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

    /// The same, as an error that ends the command.
    pub(crate) fn refused(&mut self, message: &str, hint: &str) -> Error {
        Refused(self.wrong_usage(message, hint)).into()
    }

    /// Says what is wrong with the world, in one line with its cause.
    pub(crate) fn could_not_run(&mut self, error: &anyhow::Error) -> u8 {
        self.say(&format!("error: {}", clean(&format!("{error:#}"))));
        COULD_NOT_RUN
    }
}
