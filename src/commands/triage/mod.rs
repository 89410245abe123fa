//! `triage`: many products in, one line for each out, reports beside it, and a summary.

use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::Result;

use self::inputs::{Found, inputs, open};
use self::letters::Letters;
use self::output::{Output, Target, Way};
use self::show::Show;
use self::writing::{Bar, Writing};
use super::{COULD_NOT_RUN, INVALID, Session};
use crate::cli::{GroupBy, Sort, Triage};
use crate::files;
use crate::gate::worst;
use crate::intake::Judging;
use crate::intake::table::CellWords;
use crate::intake::tally::Tally;
use crate::report::{Document, Extent, Format};
use crate::rulebook::Rulebook;
use crate::style::Style;
use crate::triage::{self, Compiled, Field, Form, Job, MAX_RULES, Options, too_many};

mod inputs;
mod letters;
mod output;
mod show;
mod tables;
mod writing;

/// The most threads unless more are asked for: reading and writing take turns.
const MAX_THREADS: usize = 8;

pub(super) fn run(args: &Triage, session: &mut Session<'_>) -> Result<u8> {
    if args.paths.is_empty() {
        let hint = "name files or folders, or - for standard input with --input-format";
        return Ok(session.wrong_usage("there is nothing to triage", hint));
    }
    let rulebook = rules(session)?;
    let compiled = Compiled::new(&rulebook).unwrap_or_else(|_| Compiled::one_by_one(&rulebook));
    let levels = session.levels(&args.lints)?;
    let set = session.set(&args.set.given, &rulebook)?;
    let format = session.format(args.format, args.output.as_deref(), Format::is_of_many)?;
    let judging = Judging { rulebook: &rulebook, levels, gate: args.gate, set, fail_on: args.fail_on.clone() };
    let mapping = tables::mapping(&args.tables, &rulebook, session)?;
    let words = CellWords::new(&rulebook, &mapping);
    if let Some((message, hint)) = misuse(args, format, session.io.terminal.stdout.is_some()) {
        return Ok(session.wrong_usage(&message, &hint));
    }
    let finding = match finding(args, &rulebook) {
        Ok(finding) => finding,
        Err((message, hint)) => return Ok(session.wrong_usage(&message, &hint)),
    };
    let Found { inputs, refused, left_out, mut code } = inputs(args, session)?;
    if inputs.is_empty() {
        if code != 0 {
            return Ok(code);
        }
        let hint = "answers files end in .yaml, .yml, .json, .jsonl, .ndjson, .csv, .tsv or .xlsx";
        return Ok(session.wrong_usage("there are no answers in these folders", hint));
    }
    if args.tables.suggest_mapping {
        return tables::suggest(args.output.as_deref(), &inputs, (&mapping, &words, &rulebook), session);
    }
    let written = args.output.iter().chain(args.reports.iter().map(|(_, path)| path)).chain(&args.follow_up);
    let written: Vec<&Path> = written.map(AsRef::as_ref).collect();
    session.protect(inputs.iter().map(|input| &input.path), &written)?;
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

/// The rules, unless there are more of a kind than can be told apart.
fn rules(session: &mut Session<'_>) -> Result<Arc<Rulebook>> {
    let rulebook = session.rulebook()?;
    let Some(kind) = too_many(&rulebook) else { return Ok(rulebook) };
    let message = format!("these rules have more than {MAX_RULES} rules of the kind {}", kind.id());
    Err(session.refused(&message, "check takes them, one product at a time"))
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
