//! `triage`: assesses many products, with one line for each, reports, letters and a summary.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::Result;

use self::formatter::Formatter;
use self::inputs::{Inputs, inputs, open};
use self::letters::Letters;
use self::output::{Destination, Output, OutputMode};
use self::writer::Writer;
use super::{COULD_NOT_RUN, INVALID, Session};
use crate::cli::{Sort, Triage};
use crate::files::{self, Draft};
use crate::gate::{Gate, worst};
use crate::intake::table::TableFormat;
use crate::intake::tally::Tally;
use crate::intake::{Judging, set};
use crate::problem::suggestion;
use crate::report::{Document, Extent, Format};
use crate::rulebook::Rulebook;
use crate::style::{Style, clean};
use crate::triage::{self, Compiled, Field, Form, InputShape, Job, LineWriter, MAX_RULES, too_many};

mod formatter;
mod inputs;
mod letters;
mod mapping;
mod output;
mod writer;

/// More threads than this gain little, as reading and writing are not parallel.
const MAX_THREADS: usize = 8;

/// What a run does, whatever its inputs are.
struct Plan<'a> {
    args: &'a Triage,
    compiled: Compiled<'a>,
    judging: Judging<'a>,
    table_formats: Vec<TableFormat>,
    format: Format,
    /// The finding of `--only-finding`.
    finding: Option<usize>,
}

pub(super) fn run(args: &Triage, session: &mut Session<'_>) -> Result<u8> {
    if args.paths.is_empty() {
        let hint = "name files or folders, or - for standard input";
        return Err(session.usage_error("there is nothing to triage", hint));
    }
    let rulebook = rules(session)?;
    let mut plan = plan(args, &rulebook, session)?;
    let mut all = inputs(args, session)?;
    // The files that may be enquiries come first, as only so many are named.
    all.left_out.sort_by_key(|path| !inputs::may_be_enquiry(path));
    if all.inputs.is_empty() {
        if all.code != 0 {
            return Ok(all.code);
        }
        let hint = "answers files end in .yaml, .yml, .json, .jsonl, .ndjson, .csv, .tsv or .xlsx";
        return Err(session.usage_error("there are no answers in these folders", hint));
    }
    if args.tables.suggest_mapping {
        let format = &plan.table_formats[0];
        return mapping::suggest(args.output.as_deref(), &all.inputs, all.head, format, &rulebook, session);
    }
    let tables = all.inputs.iter().filter(|input| input.shape == InputShape::Rows).count();
    let several_tables = tables.max(plan.table_formats.len()) > 1;
    for format in &mut plan.table_formats {
        format.mapping.several_tables = several_tables;
    }
    let written = args.output.iter().chain(args.reports.iter().map(|(_, path)| path)).chain(&args.follow_up);
    let written: Vec<&Path> = written.map(AsRef::as_ref).collect();
    session.protect(all.inputs.iter().map(|input| &input.path), &written)?;
    let (drafts, draft_code) = begin_drafts(args, plan.format, session);
    all.code = worst([all.code, draft_code]);
    if drafts.is_empty() && args.output.is_some() {
        return Ok(all.code);
    }
    Ok(assess(&plan, all, drafts, session))
}

/// Reads everything that the command line says but its inputs.
fn plan<'a>(args: &'a Triage, rulebook: &'a Rulebook, session: &mut Session<'_>) -> Result<Plan<'a>> {
    let compiled = Compiled::new(rulebook).unwrap_or_else(|_| Compiled::one_by_one(rulebook));
    let levels = session.lint_levels(&args.lints)?;
    session.require_gate(args.gate, rulebook)?;
    let set = session.set_answers(&args.set.given, rulebook)?;
    // A suggested mapping is YAML, whatever the name of the output file.
    let output = args.output.as_deref().filter(|_| !args.tables.suggest_mapping);
    let format = session.output_format(args.format, output, Format::is_for_many)?;
    let judging = Judging { rulebook, levels, gate: args.gate, set, fail_on: args.fail_on.clone() };
    let table_formats = mapping::table_formats(&args.tables, rulebook, session)?;
    refuse_misuse(args, format, session)?;
    if args.group_by.is_some_and(|by| !formatter::grouping(by).exists(rulebook)) {
        let message = "--group-by asks for something that these rules do not have";
        return Err(session.usage_error(message, "`explain --rules FOLDER` lists what they have"));
    }
    let finding = finding(args, rulebook, session)?;
    Ok(Plan { args, compiled, judging, table_formats, format, finding })
}

/// Assesses all products and writes the outputs. Returns the exit code.
fn assess(plan: &Plan<'_>, all: Inputs, drafts: Vec<(Format, Draft)>, session: &mut Session<'_>) -> u8 {
    let Plan { args, compiled, judging, table_formats, format, finding } = plan;
    let Inputs { inputs, refused, left_out, head, mut code } = all;
    let rulebook = compiled.rulebook;
    let carried = mapping::carried(table_formats);
    let fields = fields(args);
    let set = set::words(&judging.set, rulebook).map(|set| format!("Given with --set, not in the files: {set}."));
    let (err, terminal) = (session.err, session.io.terminal);
    // Unlike text, a table may use the full width of a wide terminal.
    let out = Style { width: terminal.stdout.unwrap_or(Style::PLAIN.width), ..session.out };
    let stdin = Mutex::new(Some(Cursor::new(head).chain(&mut *session.io.stdin)));
    let open = |path: &Path| match refused.get(path) {
        Some(reason) => Err(reason.clone()),
        None => open(path, &stdin),
    };
    let stream = args.output.is_none().then(|| (*format, Destination::Stream(&mut *session.io.stdout)));
    let output = |(format, destination)| {
        let style = if matches!(destination, Destination::File(..)) { Style::PLAIN } else { out };
        let style = Style { width: args.width.map_or(style.width, usize::from), ..style };
        Output { format, destination, style, mode: output_mode(args, format, rulebook), failed: None }
    };
    let drafts = drafts.into_iter().map(|(format, draft)| (format, Destination::File(draft)));
    let outputs: Vec<Output<'_>> = stream.into_iter().chain(drafts).map(output).collect();
    // A progress bar must not be drawn between lines on the same terminal.
    let lines = outputs.iter().any(|o| o.is_streamed() && matches!(o.destination, Destination::Stream(_)));
    let bar = terminal.stderr.is_some() && !(lines && terminal.stdout.is_some());
    let max_threads = || std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let documents = outputs.iter().any(|output| matches!(output.mode, OutputMode::Document(_)));
    let job = Job {
        compiled,
        judging,
        inputs: &inputs,
        open: &open,
        table_formats,
        carried: &carried,
        threads: args.threads.map_or_else(max_threads, usize::from),
        form: form(args, &outputs),
        fields: &fields,
        only: args.only.as_deref(),
        finding: *finding,
        records: documents || args.follow_up.is_some(),
        whole: fields.iter().copied().chain(args.group_by.map(formatter::grouping)).any(Field::needs_whole),
    };
    let lines = LineWriter::new(rulebook, &fields, &carried);
    let formatter = Formatter::new(args, rulebook, set.as_deref(), lines);
    let letters = args.follow_up.as_deref().map(|folder| Letters::new(folder, args.limit, &session.protected));
    let mut writer = Writer::new(formatter, outputs, letters, table_formats, bar, &mut *session.io.stderr);
    writer.begin(&left_out);
    let tally = triage::run(&job, &mut |done| writer.take(done));
    code = worst([code, exit_code(&tally), writer.report_absent()]);
    for error in writer.finish(&tally, code) {
        code = worst([code, session.report_error(&error)]);
    }
    // The other formats say it themselves.
    if let Some(set) = set.filter(|_| matches!(format, Format::Csv | Format::Json | Format::Jsonl)) {
        session.say(&clean(&set));
    }
    if !args.no_summary {
        session.say(triage::summary(&tally, rulebook, err).trim_end());
    }
    code
}

/// Begins the output file and the report files. Those that cannot be written are reported, with the exit code for that.
fn begin_drafts(args: &Triage, format: Format, session: &mut Session<'_>) -> (Vec<(Format, Draft)>, u8) {
    let (mut drafts, mut code) = (Vec::new(), 0);
    let reports = args.reports.iter().map(|(format, path)| (*format, path));
    for (format, path) in args.output.iter().map(|path| (format, path)).chain(reports) {
        match files::begin_report(path, &session.protected) {
            Ok(draft) => drafts.push((format, draft)),
            Err(error) => code = worst([code, session.report_error(&error)]),
        }
    }
    (drafts, code)
}

/// The fields of each product: those asked for, or else the usual ones and, at a later gate, what it lacks.
fn fields(args: &Triage) -> Vec<Field> {
    let lacking = (args.gate != Gate::Eligibility).then_some(Field::Lacking);
    args.fields.clone().unwrap_or_else(|| Field::USUAL.into_iter().chain(lacking).collect())
}

/// If there is nothing to write but lines, all of them, the threads write them in this form.
fn form(args: &Triage, outputs: &[Output<'_>]) -> Option<Form> {
    match outputs {
        [only] if only.is_streamed() && args.limit.is_none() => formatter::form_of_line(only.format),
        _ => None,
    }
}

/// The rules, unless there are more of one kind than a set of bits can hold.
fn rules(session: &mut Session<'_>) -> Result<Arc<Rulebook>> {
    let rulebook = session.rulebook()?;
    let Some(kind) = too_many(&rulebook) else { return Ok(rulebook) };
    let message = format!("these rules have more than {MAX_RULES} rules of the kind {}", kind.id());
    Err(session.usage_error(&message, "check takes them, one product at a time"))
}

fn output_mode<'a>(args: &Triage, format: Format, rulebook: &'a Rulebook) -> OutputMode<'a> {
    if formatter::is_document(format) {
        return OutputMode::Document(Box::new(Document::new(
            format,
            Extent::Full,
            Some(rulebook),
            Style::PLAIN,
            &clean(&rulebook.subject.many),
        )));
    }
    if formatter::form_of_line(format).is_none() || args.sort != Sort::Input || args.group_by.is_some() {
        return OutputMode::Collected;
    }
    OutputMode::Streamed { left: args.limit.unwrap_or(usize::MAX), first: true }
}

/// The worst exit code of all records, including those that could not be read.
fn exit_code(tally: &Tally) -> u8 {
    let unreadable = (tally.unreadable > 0).then_some(COULD_NOT_RUN);
    let invalid = (tally.invalid > 0).then_some(INVALID);
    worst(tally.exit_codes.iter().copied().chain(unreadable).chain(invalid))
}

/// Refuses options that do not go together.
fn refuse_misuse(args: &Triage, format: Format, session: &mut Session<'_>) -> Result<()> {
    if format == Format::Xlsx && args.output.is_none() && session.io.terminal.stdout.is_some() {
        let hint = "name a file for it, with --output FILE";
        return Err(session.usage_error("a workbook cannot be shown on a terminal", hint));
    }
    if args.tables.mappings.len() > 1 {
        if args.tables.suggest_mapping {
            let hint = "give the mapping of the form that the table is of";
            return Err(session.usage_error("--suggest-mapping takes one --mapping", hint));
        }
        if args.paths.iter().any(|path| path == Path::new(files::STANDARD_INPUT)) {
            let hint = "save what comes in as a file, or give one --mapping";
            return Err(session.usage_error("standard input is read once, so it takes one --mapping", hint));
        }
    }
    if args.follow_up.is_some() && args.limit.is_some() && args.sort != Sort::Input {
        let message = "--follow-up writes letters as products are read, so --limit cannot choose them by --sort";
        return Err(session.usage_error(message, "leave out --sort, --limit or --follow-up"));
    }
    if args.follow_up.is_some() && !args.set.given.is_empty() {
        let message = "--follow-up does not go with --set: a letter would say that people answered what they did not";
        return Err(session.usage_error(message, "write letters in a run without --set"));
    }
    let chosen = [
        ("--fields", args.fields.is_some()),
        ("--only", args.only.is_some()),
        ("--only-finding", args.only_finding.is_some()),
        ("--sort", args.sort != Sort::Input),
        ("--group-by", args.group_by.is_some()),
        ("--limit", args.limit.is_some()),
    ];
    match chosen.into_iter().find(|(_, chosen)| *chosen) {
        Some((option, _)) if formatter::is_document(format) => {
            let all = "it tells everything of every product";
            let message = format!("{option} does not go with --format {format}: {all}");
            let hint = format!("write it beside another format, with --report {format}=FILE");
            Err(session.usage_error(&message, &hint))
        }
        _ => Ok(()),
    }
}

/// The finding of `--only-finding`.
fn finding(args: &Triage, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Option<usize>> {
    let Some(id) = &args.only_finding else { return Ok(None) };
    let ids = rulebook.findings.iter().map(|finding| finding.id.as_str());
    if let Some(found) = ids.clone().position(|known| known == id) {
        return Ok(Some(found));
    }
    let message = format!("--only-finding {id}: there is no such finding");
    Err(session.usage_error(&message, &suggestion(id, ids)))
}
