//! `triage`: many products in, one line for each out, reports beside it, and a summary.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::letters::Letters;
use self::output::{Output, Target, Way};
use self::show::Show;
use super::{COULD_NOT_RUN, INVALID, Session};
use crate::cli::{GroupBy, InputFormat, Sort, Triage};
use crate::files;
use crate::gate::worst;
use crate::intake::Judging;
use crate::intake::table::CellWords;
use crate::intake::tally::Tally;
use crate::report::{Document, Extent, Format};
use crate::rulebook::Rulebook;
use crate::style::{Style, clean};
use crate::triage::{
    self, Compiled, Done, Field, Form, Input, Job, Line, MAX_RULES, MAX_TOLD, Options, Shape, too_many,
};

mod letters;
mod output;
mod show;
mod tables;

/// The most unused columns and files that are named.
const MAX_UNUSED: usize = 50;
/// The most threads unless more are asked for: reading and writing take turns.
const MAX_THREADS: usize = 8;

pub(super) fn run(args: &Triage, session: &mut Session<'_>) -> Result<u8> {
    if args.paths.is_empty() {
        let hint = "name files or folders, or - for standard input with --input-format";
        return Ok(session.wrong_usage("there is nothing to triage", hint));
    }
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    if let Some(kind) = too_many(&rulebook) {
        let message = format!("these rules have more than {MAX_RULES} rules of the kind {}", kind.id());
        return Ok(session.wrong_usage(&message, "check takes them, one product at a time"));
    }
    let compiled = Compiled::new(&rulebook).unwrap_or_else(|_| Compiled::one_by_one(&rulebook));
    let levels = match session.levels(&args.lints) {
        Ok(levels) => levels,
        Err(code) => return Ok(code),
    };
    let set = match session.set(&args.set.given, &rulebook) {
        Ok(set) => set,
        Err(code) => return Ok(code),
    };
    let format = match session.format(args.format, args.output.as_deref(), Format::is_of_many) {
        Ok(format) => format,
        Err(code) => return Ok(code),
    };
    let judging = Judging { rulebook: &rulebook, levels, gate: args.gate, set, fail_on: args.fail_on.clone() };
    let mapping = match tables::mapping(&args.tables, &rulebook, session) {
        Ok(mapping) => mapping,
        Err(code) => return Ok(code),
    };
    let words = CellWords::new(&rulebook, &mapping);
    if let Some((message, hint)) = misuse(args, format, session.io.terminal.stdout.is_some()) {
        return Ok(session.wrong_usage(&message, &hint));
    }
    let finding = match finding(args, &rulebook) {
        Ok(finding) => finding,
        Err((message, hint)) => return Ok(session.wrong_usage(&message, &hint)),
    };
    let Found { inputs, refused, left_out, mut code } = match inputs(args, session) {
        Ok(found) => found,
        Err(code) => return Ok(code),
    };
    if inputs.is_empty() {
        if code != 0 {
            return Ok(code);
        }
        let hint = "answers files end in .yaml, .yml, .json, .jsonl, .ndjson or .csv";
        return Ok(session.wrong_usage("there are no answers in these folders", hint));
    }
    if args.tables.suggest_mapping {
        return tables::suggest(args.output.as_deref(), &inputs, (&mapping, &words, &rulebook), session);
    }
    let written = args.output.iter().chain(args.reports.iter().map(|(_, path)| path)).chain(&args.follow_up);
    let written: Vec<&Path> = written.map(AsRef::as_ref).collect();
    if session.refuses(inputs.iter().map(|input| &input.path), &written) {
        return Ok(INVALID);
    }
    let fields = args.fields.clone().unwrap_or_else(|| Field::USUAL.to_vec());

    let mut drafts = Vec::new();
    let output = args.output.iter().map(|path| (format, path));
    for (format, path) in output.chain(args.reports.iter().map(|(format, path)| (*format, path))) {
        match files::begin_report(path, &session.kept) {
            Ok(draft) => drafts.push((format, Target::File(path.clone(), draft))),
            Err(error) => code = worst([code, session.could_not_run(&error)]),
        }
    }
    if drafts.is_empty() && args.output.is_some() {
        return Ok(code);
    }
    let (err, terminal) = (session.err, session.io.terminal);
    // A table may be wider than text is easy to read at.
    let out = Style { width: terminal.stdout.unwrap_or(Style::PLAIN.width), ..session.out };
    let stdin: Mutex<Option<&mut (dyn Read + Send)>> = Mutex::new(Some(&mut *session.io.stdin));
    let open = |path: &Path| match refused.get(path) {
        Some(reason) => Err(reason.clone()),
        None => open(path, args.paths.iter().any(|named| named == path), &stdin),
    };
    let stream = args.output.is_none().then(|| (format, Target::Stream(&mut *session.io.stdout)));
    let outputs: Vec<Output<'_>> = stream
        .into_iter()
        .chain(drafts)
        .map(|(format, target)| {
            let style = if matches!(target, Target::File(..)) { Style::PLAIN } else { out };
            let width = args.width.map_or(style.width, usize::from);
            Output { format, target, style: Style { width, ..style }, way: way(args, format, &rulebook), failed: None }
        })
        .collect();
    // With one thing to write, line by line, the threads make its lines.
    let form = match outputs.as_slice() {
        [Output { format, way: Way::Lines { .. }, .. }] => show::stream(*format).unwrap_or(Form::Keep),
        _ => Form::Keep,
    };
    let kept = outputs.iter().any(|output| matches!(output.way, Way::Kept));
    let documents = outputs.iter().any(|output| matches!(output.way, Way::Document(_)));
    let options = Options {
        threads: threads(args),
        form,
        fields: fields.clone(),
        only: args.only.clone(),
        ends: args.limit.is_some(),
        records: documents || args.follow_up.is_some(),
        finding,
        whole: fields.iter().any(|field| field.needs_whole())
            || matches!(args.group_by, Some(GroupBy::Topic | GroupBy::Obligation)),
    };
    // A bar would stand among the lines if these go to a terminal too.
    let lines = outputs.iter().any(|o| matches!((&o.target, &o.way), (Target::Stream(_), Way::Lines { .. })));
    let bar = terminal.stderr.is_some() && !(lines && terminal.stdout.is_some());
    let job = Job {
        compiled: &compiled,
        judging: &judging,
        inputs: &inputs,
        open: &open,
        mapping: &mapping,
        words: &words,
        options: &options,
    };
    let mut writing = Writing {
        show: Show::new(args, &compiled, &fields, &mapping.keep),
        outputs,
        err: &mut *session.io.stderr,
        lines: kept.then(Vec::new),
        faults: 0,
        untold: 0,
        unused: left_out.iter().map(|path| format!("`{}`", path.display())).collect(),
        bar: bar.then(Bar::new),
        letters: args.follow_up.as_deref().map(|folder| Letters::new(folder, args.limit, &session.kept)),
    };
    writing.begin();
    let tally = triage::run(&job, &mut |done| writing.take(done));
    code = worst([code, exit_code(&tally)]);
    for error in writing.finish(code) {
        code = worst([code, session.could_not_run(&error)]);
    }
    if !args.no_summary {
        session.say(triage::summary(&tally, &rulebook, err).trim_end());
    }
    Ok(code)
}

/// How a format is made.
fn way<'a>(args: &Triage, format: Format, rulebook: &'a Rulebook) -> Way<'a> {
    if show::is_document(format) {
        return Way::Document(Box::new(Document::new(format, Extent::Full, Some(rulebook), Style::PLAIN, "products")));
    }
    if show::stream(format).is_none() || args.sort != Sort::Input || args.group_by.is_some() {
        return Way::Kept;
    }
    Way::Lines { left: args.limit, first: true }
}

fn threads(args: &Triage) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    args.threads.map_or_else(all, usize::from)
}

/// The worst over all products, and over what could not be read.
fn exit_code(tally: &Tally) -> u8 {
    let unreadable = (tally.unreadable > 0).then_some(COULD_NOT_RUN);
    let invalid = (tally.invalid > 0).then_some(INVALID);
    worst(tally.exit_codes.iter().copied().chain(unreadable).chain(invalid))
}

/// What was typed and makes no sense, with what to do.
fn misuse(args: &Triage, format: Format, on_terminal: bool) -> Option<(String, String)> {
    if format == Format::Xlsx && args.output.is_none() && on_terminal {
        let hint = "name a file for it, with --output FILE";
        return Some(("a workbook cannot be shown on a terminal".to_owned(), hint.to_owned()));
    }
    if args.follow_up.is_some() && args.limit.is_some() && args.sort != Sort::Input {
        let message = "--follow-up writes letters as products are read, so --limit cannot choose them by --sort";
        return Some((message.to_owned(), "leave out --sort, --limit or --follow-up".to_owned()));
    }
    if !show::is_document(format) {
        return None;
    }
    let chosen = [
        ("--fields", args.fields.is_some()),
        ("--only", args.only.is_some()),
        ("--only-finding", args.only_finding.is_some()),
        ("--sort", args.sort != Sort::Input),
        ("--group-by", args.group_by.is_some()),
        ("--limit", args.limit.is_some()),
    ];
    let (option, _) = chosen.into_iter().find(|(_, chosen)| *chosen)?;
    let message = format!("{option} does not go with --format {0}: it tells everything of every product", format.id());
    Some((message, format!("write it beside another format, with --report {}=FILE", format.id())))
}

/// The finding that has to hold of what is shown.
fn finding(args: &Triage, rulebook: &Rulebook) -> Result<Option<usize>, (String, String)> {
    let Some(id) = &args.only_finding else { return Ok(None) };
    let found = rulebook.findings.iter().position(|finding| finding.id == *id);
    found.map(Some).ok_or_else(|| {
        let ids = rulebook.findings.iter().map(|finding| finding.id.as_str());
        (format!("--only-finding {id}: there is no such finding"), crate::problem::suggestion(id, ids))
    })
}

/// How a file holds products, by its name.
fn shape(path: &Path) -> Option<Shape> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "yaml" | "yml" => Some(Shape::Document),
        "json" => Some(Shape::Json),
        "jsonl" | "ndjson" => Some(Shape::Lines),
        // What cannot be read of these says what it is, and what to save it as.
        "csv" | "tsv" | "tab" | "xlsx" | "xlsm" | "xltx" | "xls" | "xlsb" | "ods" | "numbers" => Some(Shape::Rows),
        _ => None,
    }
}

/// What the command line names.
#[derive(Default)]
struct Found {
    inputs: Vec<Input>,
    refused: Refused,
    /// Files in folders that are no answers files.
    left_out: Vec<PathBuf>,
    code: u8,
}

/// Whether a file is of a kind that holds many products.
pub(super) fn holds_many(path: &Path) -> bool {
    matches!(shape(path), Some(Shape::Lines | Shape::Rows))
}

/// The files to read, in the order they were named, and an exit code for those that are not there. What is wrong has
/// been said when only a code comes back.
fn inputs(args: &Triage, session: &mut Session<'_>) -> Result<Found, u8> {
    let typed = args.input_format.map(|format| match format {
        InputFormat::Yaml => Shape::Document,
        InputFormat::Json => Shape::Json,
        InputFormat::Jsonl => Shape::Lines,
        InputFormat::Csv => Shape::Rows,
    });
    let mut all = Found::default();
    let left_out = RefCell::new(Vec::new());
    let wanted = |path: &Path| {
        let known = shape(path).is_some();
        if !known {
            left_out.borrow_mut().push(path.to_owned());
        }
        known
    };
    let input = |path: PathBuf, shape| Input { name: files::display_name(&path), path, shape };
    let mut paths = Vec::new();
    for path in &args.paths {
        match files::matching(path, args.links.follow_links) {
            Ok(matching) if matching.is_empty() => {
                session.could_not_run(&anyhow!("no file matches `{}`", path.display()));
                all.code = worst([all.code, INVALID]);
            }
            Ok(matching) => paths.extend(matching),
            Err(error) => all.code = worst([all.code, session.could_not_run(&error)]),
        }
    }
    for path in &paths {
        if path == Path::new(files::STANDARD_INPUT) {
            let Some(shape) = typed else {
                let hint = "say --input-format yaml, json, jsonl or csv";
                return Err(session.wrong_usage("nothing says what standard input is", hint));
            };
            all.inputs.push(input(path.clone(), shape));
        } else if files::is_folder(path) {
            let inside = files::inside(path, &wanted, args.links.follow_links);
            session.passed_over(&inside.passed_over);
            for (path, reason) in inside.found {
                all.refused.extend(reason.map(|reason| (path.clone(), format!("{reason:#}"))));
                let shape = shape(&path).unwrap_or(Shape::Document);
                all.inputs.push(input(path, shape));
            }
        } else {
            let Some(shape) = shape(path).or(typed) else {
                let message = format!("the name of `{}` does not say what it is", path.display());
                return Err(session.wrong_usage(&message, "say --input-format yaml, json, jsonl or csv"));
            };
            all.inputs.push(input(path.clone(), shape));
        }
    }
    all.left_out = left_out.into_inner();
    Ok(all)
}

/// What cannot be read, found out before it is opened, with the reason.
type Refused = BTreeMap<PathBuf, String>;

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
    show: Show<'a>,
    outputs: Vec<Output<'a>>,
    err: &'a mut (dyn Write + Send),
    /// The lines of all products, if anything is made of all of them.
    lines: Option<Vec<Line>>,
    /// How many records something was told of, and how many lines were not told of the rest.
    faults: usize,
    untold: usize,
    /// What nothing was read from.
    unused: Vec<String>,
    bar: Option<Bar>,
    letters: Option<Letters<'a>>,
}

impl Writing<'_> {
    /// Writes what stands in front of the lines.
    fn begin(&mut self) {
        for output in self.outputs.iter_mut().filter(|output| matches!(output.way, Way::Lines { .. })) {
            if let Some(form) = show::stream(output.format) {
                output.write(&self.show.head(form));
            }
        }
    }

    fn take(&mut self, done: &mut Done<'_>) -> ControlFlow<()> {
        if let Some(bar) = &mut self.bar {
            bar.add(done.progress.products);
        }
        for fault in &done.faults {
            self.fault(fault);
        }
        self.untold += done.untold;
        for unused in done.unused.drain(..) {
            if !self.unused.contains(&unused) {
                self.unused.push(unused);
            }
        }
        if let [only] = self.outputs.as_mut_slice() {
            only.bytes(&done.bytes, &done.ends);
        }
        for line in &done.lines {
            self.outputs.iter_mut().for_each(|output| output.line(line, &self.show));
        }
        if let Some(lines) = &mut self.lines {
            lines.append(&mut done.lines);
        }
        for record in done.records.drain(..) {
            if let Some(letters) = &mut self.letters {
                letters.write(&record);
            }
            self.outputs.iter_mut().for_each(|output| output.product(&record.checked));
        }
        // What goes on to be written holds all products, whoever has stopped reading the rest.
        let over = self.letters.is_none() && self.outputs.iter().all(Output::is_over);
        if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn fault(&mut self, fault: &str) {
        self.faults += 1;
        if self.faults <= MAX_TOLD {
            self.say(fault);
        } else {
            self.untold += fault.lines().count();
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

    /// Ends the work, and gives what kept anything from being written.
    fn finish(mut self, exit_code: u8) -> Vec<anyhow::Error> {
        if let Some(bar) = self.bar.take() {
            bar.bar.finish_and_clear();
        }
        if self.untold > 0 {
            let more = self.untold;
            let lines = if more == 1 { "line" } else { "lines" };
            self.say(&format!("… and {more} more {lines} about what is wrong"));
        }
        if let Some(unused) = unused(&self.unused) {
            self.say(&unused);
        }
        if let Some(told) = self.letters.as_ref().map(Letters::told) {
            self.say(&told);
        }
        let mut lines = self.lines.unwrap_or_default();
        self.show.sort(&mut lines);
        let (show, lines) = (&self.show, &lines);
        let written = self.outputs.into_iter().filter_map(|output| output.finish(lines, show, exit_code).err());
        self.letters.and_then(|letters| letters.failed).into_iter().chain(written).collect()
    }
}

/// The line that says what nothing was read from, if there is such a thing.
fn unused(all: &[String]) -> Option<String> {
    let (told, rest) = all.split_at(all.len().min(MAX_UNUSED));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    (!told.is_empty()).then(|| clean(&format!("Not used: {}{more}.", told.join(", "))).into_owned())
}

/// How far the work has got, shown once it has taken a second.
struct Bar {
    bar: ProgressBar,
    began: Instant,
    products: u64,
}

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{spinner} {human_pos} products in {elapsed}");
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
