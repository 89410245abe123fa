//! What every command shares: its streams, the rules in use, and how problems are reported.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Error, Result};

use crate::cli::{ColorChoice, Lints, Shared};
use crate::files;
use crate::gate::Gate;
use crate::intake::{COULD_NOT_RUN, INVALID, set};
use crate::lint::{Level, Levels};
use crate::problem::{Code, Problem, Severity};
use crate::prove::prove;
use crate::report::{Format, Input, problems};
use crate::rulebook::{self, RuleFiles, Rulebook};
use crate::style::{Style, clean};

pub(crate) const INTERRUPTED: u8 = 130;

/// Ends a command whose error has been reported already.
#[derive(Debug)]
pub(crate) struct Exit(pub(super) u8);

impl std::error::Error for Exit {}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}", self.0)
    }
}

/// Wider text is hard to read.
pub(super) const MAX_WIDTH: usize = 100;

/// Facts about the streams, found out once by `main`.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether standard input is a terminal.
    pub stdin: bool,
    /// The width of standard output, if it is a terminal.
    pub stdout: Option<usize>,
    /// The width of standard error, if it is a terminal.
    pub stderr: Option<usize>,
    /// Whether the user's environment asks for no colour.
    pub no_colour: bool,
    /// Whether the terminal on standard output supports hyperlinks.
    pub links: bool,
    /// Whether the user's environment asks for plain lines, without redrawing.
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
    /// The files read so far, which must not be overwritten.
    pub(super) protected: files::Protected,
    /// The style of standard output.
    pub(crate) out: Style,
    /// The style of standard error.
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

    /// The rules in use, their problems reported.
    pub(crate) fn rulebook(&mut self) -> Result<Arc<Rulebook>> {
        self.rules()?.0.ok_or_else(|| Exit(INVALID).into())
    }

    /// The rules in use, unless they have errors, and their problems, which have been reported.
    pub(crate) fn rules(&mut self) -> Result<(Option<Arc<Rulebook>>, Vec<Problem>)> {
        let (rulebook, problems, folder) = if self.shared.rules.is_some() {
            let files = self.rule_files()?;
            let (rulebook, problems) = rulebook::read(&files);
            let folder = Some(files.folder.clone());
            (rulebook.map(|rulebook| Arc::new(Rulebook { folder, ..rulebook })), problems, files.folder)
        } else {
            let (rulebook, problems) = rulebook::read_builtin();
            (rulebook, problems, rulebook::BUILTIN_FOLDER.to_owned())
        };
        Ok((self.usable(rulebook, &problems, &folder), problems))
    }

    /// The files of the rules in use.
    pub(crate) fn rule_files(&mut self) -> Result<RuleFiles> {
        match &self.shared.rules {
            Some(folder) => files::read_rules(folder, &mut self.protected),
            None => Ok(rulebook::builtin()),
        }
    }

    /// The rule files in a folder, or those of the built-in rules.
    pub(crate) fn rule_files_in(&mut self, folder: &Path) -> Result<RuleFiles> {
        if folder == Path::new("built-in") {
            Ok(rulebook::builtin())
        } else {
            files::read_rules(folder, &mut self.protected)
        }
    }

    /// The rulebook in these files, its problems reported.
    pub(crate) fn rulebook_in(&mut self, files: &RuleFiles) -> Result<Rulebook> {
        let (rulebook, problems) = rulebook::read(files);
        self.usable(rulebook, &problems, &files.folder).ok_or_else(|| Exit(INVALID).into())
    }

    /// Reports the problems of rules, and returns the rules unless one is an error.
    fn usable<R>(&mut self, rulebook: Option<R>, problems: &[Problem], folder: &str) -> Option<R> {
        // Where rules cannot be proved, each report says what it leaves out, so a warning would be noise.
        let unproved = |problem: &Problem| problem.code == Code::TooIntricate && problem.severity == Severity::Warning;
        let shown: Vec<Problem> = problems.iter().filter(|problem| !unproved(problem)).cloned().collect();
        self.report_problems(&shown, folder);
        rulebook.filter(|_| !Problem::any_error(problems))
    }

    /// Warns if the user's own rules are not sound. The command runs all the same.
    pub(crate) fn warn_if_unsound(&mut self, rulebook: &Rulebook) {
        let is_unsound = || prove(rulebook).is_ok_and(|proof| Problem::any_error(&proof.problems));
        if self.shared.rules.is_some() && is_unsound() {
            self.say("warning: these rules are not sound: `rules check` says what is wrong with them");
        }
    }

    /// The folder of the rules as an input, for reports on rules that cannot be read.
    pub(crate) fn rules_input(&self) -> Input {
        let path = self.shared.rules.as_ref().map(|folder| folder.display().to_string());
        Input { name: path.clone().unwrap_or_else(|| "the rules".to_owned()), path, ..Input::default() }
    }

    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(&mut self, path: &Path) -> Result<Vec<u8>> {
        self.protected.add(path);
        files::read(path, self.io.stdin)
    }

    /// Reads a report that the program wrote.
    pub(crate) fn read_report(&mut self, path: &Path) -> Result<Vec<u8>> {
        self.protected.add(path);
        files::read_report(path, self.io.stdin)
    }

    /// Names the links to folders that were not followed.
    pub(crate) fn note_skipped_links(&mut self, links: &[PathBuf]) {
        self.note_skipped(links, "it is a link to a folder; use --follow-links to read it");
    }

    /// Names what was not read in a folder though the user may expect it to be, and why.
    pub(crate) fn note_skipped(&mut self, paths: &[PathBuf], why: &str) {
        if let [first, others @ ..] = paths {
            let first = first.display().to_string();
            let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
            self.say(&format!("note: `{}`{more} was not read: {why}", clean(&first)));
        }
    }

    /// Checks, before anything is written, that no output would overwrite an input or another output. `inputs` are yet to
    /// be read.
    pub(crate) fn protect<P: AsRef<Path>>(
        &mut self,
        inputs: impl IntoIterator<Item = P>,
        outputs: &[&Path],
    ) -> Result<()> {
        if !outputs.is_empty() {
            inputs.into_iter().for_each(|path| self.protected.add(path.as_ref()));
        }
        if outputs.contains(&Path::new(files::STANDARD_INPUT)) {
            let hint = "leave out --output to write to standard output, or write ./- for a file of that name";
            return Err(self.usage_error("`-` is not the name of a file to write", hint));
        }
        match self.protected.clash(outputs) {
            Some(clash) => Err(self.usage_error(&clash, "give each file its own name")),
            None => Ok(()),
        }
    }

    /// Writes a result to the output file if one is named, and to standard output otherwise.
    pub(crate) fn write(&mut self, output: Option<&Path>, text: &str) -> Result<()> {
        let Some(path) = output else { return self.print(text) };
        self.protect(None::<&Path>, &[path])?;
        files::write_report(path, text.as_bytes(), &self.protected)
    }

    /// Writes problems to standard error, followed by how many there are.
    pub(crate) fn report_problems(&mut self, found: &[Problem], whose: &str) {
        if !found.is_empty() {
            let text = problems::render(found, self.err);
            self.say(&format!("{text}{} in {}", problems::count(found), clean(whose)));
        }
    }

    /// The value, or the end of the command once what is wrong with a file has been reported.
    pub(crate) fn valid<T>(&mut self, read: Result<T, Vec<Problem>>, name: &str) -> Result<T> {
        read.map_err(|problems| {
            self.report_problems(&problems, name);
            Exit(INVALID).into()
        })
    }

    /// Writes to standard output, where results go. It is no error if the reader has gone away.
    pub(crate) fn print(&mut self, text: &str) -> Result<()> {
        match self.io.stdout.write_all(text.as_bytes()).and_then(|()| self.io.stdout.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.context("cannot write to standard output"),
        }
    }

    /// Writes a line to standard error. If that fails, there is nowhere left to report it.
    pub(crate) fn say(&mut self, line: &str) {
        let _ = writeln!(self.io.stderr, "{line}");
    }

    /// Writes cleaned text to standard error, wrapped behind a lead.
    pub(crate) fn say_wrapped(&mut self, lead: &str, text: &str) {
        let wrapped = self.err.wrap(lead, text);
        self.say(&wrapped);
    }

    /// The format of `--format`, or else the one that the name of the output file ends in.
    pub(crate) fn output_format(
        &mut self,
        option: Option<Format>,
        output: Option<&Path>,
        supports: fn(Format) -> bool,
    ) -> Result<Format> {
        let (None, Some(path)) = (option, output) else { return Ok(option.unwrap_or(Format::Text)) };
        Format::of_path(path, supports).map_err(|endings| {
            let message = format!("the name of `{}` does not say which format to write", path.display());
            self.usage_error(&message, &format!("{endings}, or use --format"))
        })
    }

    pub(crate) fn set_answers(
        &mut self,
        pairs: &[(String, String)],
        rulebook: &Rulebook,
    ) -> Result<Vec<set::SetAnswer>> {
        set::read(pairs, rulebook).map_err(|refusals| {
            for (message, hint) in refusals {
                self.usage_error(&message, &hint);
            }
            Exit(INVALID).into()
        })
    }

    /// Refuses a gate for which the rules have nothing: every product would pass it.
    pub(crate) fn require_gate(&mut self, gate: Gate, rulebook: &Rulebook) -> Result<()> {
        if gate.exists(rulebook) {
            return Ok(());
        }
        let all = Gate::ALL.into_iter().filter(|gate| gate.exists(rulebook)).map(Gate::id);
        let hint = format!("their gates: {}", all.collect::<Vec<_>>().join(", "));
        Err(self.usage_error(&format!("these rules have nothing for the gate {}", gate.id()), &hint))
    }

    /// The level of each lint. Two levels for one code are refused: which of them is meant would be a guess.
    pub(crate) fn lint_levels(&mut self, args: &Lints) -> Result<Levels> {
        let mut levels = Levels::default();
        let mut named = if args.locked { vec![Code::OtherRules, Code::RulesNotNamed] } else { Vec::new() };
        for code in &named {
            levels.set(*code, Level::Deny);
        }
        for (codes, level) in [(&args.deny, Level::Deny), (&args.warn, Level::Warn), (&args.allow, Level::Allow)] {
            for code in codes {
                if named.contains(code) && levels.get(*code) != Some(level) {
                    return Err(self.usage_error(&format!("{code} is given two levels"), "name each code once"));
                }
                named.push(*code);
                levels.set(*code, level);
            }
        }
        Ok(levels)
    }

    /// Reports what is wrong with the command line, and returns the error that ends the command.
    pub(crate) fn usage_error(&mut self, message: &str, hint: &str) -> Error {
        self.say_wrapped("error: ", &clean(message));
        self.say_wrapped(" help: ", &clean(hint));
        Exit(INVALID).into()
    }

    /// Reports an error of the system in one line with its cause, and returns the exit code for it.
    pub(crate) fn report_error(&mut self, error: &anyhow::Error) -> u8 {
        self.say(&format!("error: {}", clean(&format!("{error:#}"))));
        COULD_NOT_RUN
    }
}
