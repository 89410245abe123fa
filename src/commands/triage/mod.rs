//! `triage`: many products in, one line for each out, and a summary.

use std::io::{ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::letters::Letters;
use super::{COULD_NOT_RUN, INVALID, Session};
use crate::cli::{InputFormat, Sort, Triage, TriageFormat};
use crate::files::{self, Draft};
use crate::gate::{Passage, worst};
use crate::rulebook::Rulebook;
use crate::style::Style;
use crate::triage::{self, BETWEEN, Columns, Compiled, Done, Field, Form, Input, Job, Line, Options, Shape, Tally};

mod letters;
mod show;

/// The most lines about what is wrong. A file with more is likely to be something else altogether.
const MAX_FAULTS: u64 = 20;
/// The most threads unless more are asked for: reading and writing take turns.
const MAX_THREADS: usize = 8;

pub(super) fn run(args: &Triage, session: &mut Session<'_>) -> Result<u8> {
    if args.paths.is_empty() {
        let hint = "name files or folders, or - for standard input with --input-format";
        return Ok(session.wrong_usage("there is nothing to triage", hint));
    }
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    let Ok(compiled) = Compiled::new(&rulebook) else {
        return Ok(session.wrong_usage("these rules are too intricate for triage", "use `check`, file by file"));
    };
    if let Some((message, hint)) = misuse(args, &rulebook) {
        return Ok(session.wrong_usage(&message, &hint));
    }
    let (inputs, mut code) = match inputs(args, session) {
        Ok(found) => found,
        Err(code) => return Ok(code),
    };
    if inputs.is_empty() {
        if code == 0 {
            let hint = "answers files end in .yaml, .yml, .json, .jsonl, .ndjson or .csv";
            return Ok(session.wrong_usage("there are no answers in these folders", hint));
        }
        return Ok(code);
    }
    let columns = Columns { named: args.columns.clone(), ignored: args.ignore_column.clone() };
    let fields = args.fields.clone().unwrap_or_else(|| Field::USUAL.to_vec());
    let kept = args.format == TriageFormat::Table || args.sort != Sort::Input || args.group_by.is_some();
    let form = match args.format {
        _ if kept => Form::Keep,
        TriageFormat::Jsonl => Form::Jsonl,
        TriageFormat::Json => Form::Json,
        TriageFormat::Csv => Form::Csv,
        TriageFormat::Markdown | TriageFormat::Table => Form::Markdown,
    };
    let options = Options {
        threads: threads(args),
        form,
        fields: fields.clone(),
        only: args.only.as_ref().map(|only| only.iter().map(|outcome| outcome.outcome()).collect()),
        ends: args.limit.is_some(),
        follow_up: args.follow_up.is_some(),
    };

    let table =
        Style { width: args.width.map_or(session.io.terminal.stdout.unwrap_or(80), usize::from), ..session.out };
    let mut draft = args.output.as_deref().map(Draft::new).transpose()?;
    let (err, terminal) = (session.err, session.io.terminal);
    // A bar would stand among the lines if these go to a terminal too.
    let bar = terminal.stderr.is_some() && (kept || draft.is_some() || terminal.stdout.is_none());
    let stdin: Mutex<Option<&mut (dyn Read + Send)>> = Mutex::new(Some(&mut *session.io.stdin));
    let open = |path: &Path| open(path, args.paths.iter().any(|named| named == path), &stdin);
    let job = Job { compiled: &compiled, inputs: &inputs, open: &open, columns: &columns, options: &options };
    let out: &mut (dyn Write + Send) = match &mut draft {
        Some(draft) => draft,
        None => &mut *session.io.stdout,
    };
    let mut writing = Writing {
        out,
        err: &mut *session.io.stderr,
        left: args.limit,
        first: form == Form::Json,
        lines: Vec::new(),
        faults: 0,
        failed: None,
        bar: bar.then(Bar::new),
        rulebook: &rulebook,
        letters: args.follow_up.as_deref().map(Letters::new),
    };
    writing.write(&triage::head(form, &fields, false));
    let tally = triage::run(&job, &mut |done| writing.take(done));
    if form == Form::Json {
        let end = if writing.first { "]\n" } else { "\n]\n" };
        writing.write(end.as_bytes());
    }
    if kept {
        let text = show::kept(&mut writing.lines, args, &compiled, table);
        writing.write(&text);
    }
    let failed = writing.finish();
    if let Some(draft) = draft
        && failed.is_none()
    {
        draft.finish()?;
    }
    if let Some(error) = failed {
        code = worst([code, session.could_not_run(&error)]);
    }
    if !args.no_summary {
        session.say(triage::summary(&tally, &rulebook, err).trim_end());
    }
    Ok(worst([code, exit_code(&tally, args)]))
}

fn threads(args: &Triage) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    args.threads.map_or_else(all, usize::from)
}

/// The worst over all products. `--fail-on` leaves results out, but not what could not be read.
fn exit_code(tally: &Tally, args: &Triage) -> u8 {
    let all = [Passage::Passes, Passage::Incomplete, Passage::NeedsDiscussion, Passage::Fails];
    let counted = all.into_iter().filter(|passage| tally.passages[*passage as usize] > 0).map(|passage| {
        let wanted = |outcomes: &Vec<crate::cli::FailOn>| outcomes.iter().any(|o| o.outcome() == passage.outcome());
        if args.fail_on.as_ref().is_none_or(wanted) { passage.exit_code() } else { 0 }
    });
    let unreadable = (tally.unreadable > 0).then_some(COULD_NOT_RUN);
    let invalid = (tally.invalid > 0).then_some(INVALID);
    worst(counted.chain(unreadable).chain(invalid))
}

/// What was typed and makes no sense, with what to do.
fn misuse(args: &Triage, rulebook: &Rulebook) -> Option<(String, String)> {
    for (id, header) in &args.columns {
        if !matches!(id.as_str(), "product" | "organisation") && rulebook.question(id).is_none() {
            let ids = rulebook.questions.iter().map(|question| question.id.as_str()).chain(["product"]);
            let hint = crate::problem::suggestion(id, ids);
            return Some((format!("--column {id}={header}: unknown question `{id}`"), hint));
        }
    }
    let output = args.output.as_ref()?;
    let same = args.paths.iter().any(|path| files::same(path, output));
    same.then(|| (format!("`{}` is to be read and written at once", output.display()), "name another file".to_owned()))
}

/// How a file holds products, by its name.
fn shape(path: &Path) -> Option<Shape> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "yaml" | "yml" | "json" => Some(Shape::Document),
        "jsonl" | "ndjson" => Some(Shape::Lines),
        "csv" => Some(Shape::Rows),
        _ => None,
    }
}

/// The files to read, in the order they were named, with an exit code for those that are not there. What is wrong has
/// been said when only a code comes back.
fn inputs(args: &Triage, session: &mut Session<'_>) -> Result<(Vec<Input>, u8), u8> {
    let typed = args.input_format.map(|format| match format {
        InputFormat::Yaml | InputFormat::Json => Shape::Document,
        InputFormat::Jsonl => Shape::Lines,
        InputFormat::Csv => Shape::Rows,
    });
    let (mut found, mut code) = (Vec::new(), 0);
    let input = |path: PathBuf, shape| Input { name: files::display_name(&path), path, shape };
    for path in &args.paths {
        if path == Path::new(files::STANDARD_INPUT) {
            let Some(shape) = typed else {
                let hint = "say --input-format yaml, json, jsonl or csv";
                return Err(session.wrong_usage("nothing says what standard input is", hint));
            };
            found.push(input(path.clone(), shape));
        } else if files::is_folder(path) {
            match files::inside(path, &|path| shape(path).is_some()) {
                Ok(paths) => {
                    let inside = paths.into_iter().filter_map(|path| shape(&path).map(|shape| (path, shape)));
                    found.extend(inside.map(|(path, shape)| input(path, shape)));
                }
                Err(error) => code = worst([code, session.could_not_run(&error)]),
            }
        } else {
            let Some(shape) = shape(path).or(typed) else {
                let message = format!("the name of `{}` does not say what it is", path.display());
                return Err(session.wrong_usage(&message, "say --input-format yaml, json, jsonl or csv"));
            };
            found.push(input(path.clone(), shape));
        }
    }
    Ok((found, code))
}

fn open<'a>(
    path: &Path,
    named: bool,
    stdin: &Mutex<Option<&'a mut (dyn Read + Send)>>,
) -> Result<Box<dyn Read + Send + 'a>, String> {
    if path == Path::new(files::STANDARD_INPUT) {
        let stdin = stdin.lock().unwrap_or_else(PoisonError::into_inner).take();
        return match stdin {
            Some(stdin) => Ok(Box::new(stdin)),
            None => Err("standard input was read already".to_owned()),
        };
    }
    match files::open(path, named) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(format!("{error:#}")),
    }
}

/// Writes what comes of each batch.
struct Writing<'a> {
    out: &'a mut (dyn Write + Send),
    err: &'a mut (dyn Write + Send),
    /// How many more lines are shown, if there is a limit.
    left: Option<usize>,
    /// Whether the next element of an array is its first.
    first: bool,
    lines: Vec<Line>,
    faults: u64,
    failed: Option<std::io::Error>,
    bar: Option<Bar>,
    rulebook: &'a Rulebook,
    letters: Option<Letters<'a>>,
}

impl Writing<'_> {
    fn take(&mut self, done: &mut Done) -> ControlFlow<()> {
        if let Some(bar) = &mut self.bar {
            bar.add(done.progress.products);
        }
        for fault in &done.faults {
            self.faults += 1;
            if self.faults <= MAX_FAULTS {
                self.say(fault);
            }
        }
        self.lines.append(&mut done.lines);
        if let Some(letters) = &mut self.letters {
            letters.write(&done.follow_up, self.rulebook);
        }
        let mut shown = done.bytes.as_slice();
        if let Some(left) = &mut self.left {
            let lines = (*left).min(done.ends.len());
            *left -= lines;
            shown = lines.checked_sub(1).map_or(&[], |last| &shown[..done.ends[last].min(shown.len())]);
        }
        if self.first && !shown.is_empty() {
            self.first = false;
            shown = &shown[BETWEEN.len() - 1..];
        }
        self.write(shown);
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() && !bytes.is_empty() {
            self.failed = self.out.write_all(bytes).err();
        }
    }

    fn say(&mut self, line: &str) {
        match &self.bar {
            Some(bar) => bar.bar.suspend(|| {
                let _ = writeln!(self.err, "{line}");
            }),
            None => {
                let _ = writeln!(self.err, "{line}");
            }
        }
    }

    /// Ends the work, and gives what kept it from being written. A reader that has gone away is no error.
    fn finish(mut self) -> Option<anyhow::Error> {
        if let Some(bar) = self.bar.take() {
            bar.bar.finish_and_clear();
        }
        if self.faults > MAX_FAULTS {
            self.say(&format!("… and {} more lines about what is wrong", self.faults - MAX_FAULTS));
        }
        if let Some(told) = self.letters.as_ref().map(Letters::told) {
            self.say(&told);
        }
        let failed = self.failed.or_else(|| self.out.flush().err());
        let letters = self.letters.and_then(|letters| letters.failed);
        let failed = failed.filter(|error| error.kind() != ErrorKind::BrokenPipe);
        letters.or_else(|| failed.map(|error| anyhow::Error::new(error).context("cannot write the result")))
    }
}

/// How far the work has got, shown once it has taken a second.
struct Bar {
    bar: ProgressBar,
    began: Instant,
    products: u64,
}

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{spinner} {human_pos} products in {elapsed}, {per_sec}");
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self { bar, began: Instant::now(), products: 0 }
    }

    fn add(&mut self, products: u64) {
        self.products += products;
        if self.bar.is_hidden() && self.began.elapsed() >= Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
        self.bar.set_position(self.products);
    }
}
