//! Records → lines: looked up by their values where those are enough, and assessed in full otherwise.

use super::batch::{Batch, BatchContent, InputTable};
use super::facts::{Facts, fill, members, missing_values};
use super::feeder::array;
use super::input::{InputFile, InputShape};
use super::input_error::{ErrorCause, InputError};
use super::job::{BatchResult, Fault, Job, JudgedRecord, MAX_REPORTED};
use super::label::{KeptCells, Label, RecordName, RecordSource};
use super::line::ProductLine;
use super::lookup::Lookup;
use super::reader::{RecordReader, lines};
use super::rows::InputRow;
use super::writer::LineWriter;
use crate::diagram::Value;
use crate::digest::sha256;
use crate::gate;
use crate::intake::kind::not_answers_problem;
use crate::intake::tally::Tally;
use crate::intake::{Checked, Input, Verdict, json};
use crate::lint::Level;
use crate::problem::{Code, Problem, Severity};
use crate::style::clean;
use crate::yaml::{MAX_BYTES, bounded};

/// Works on batches, one after another, in one thread.
pub(super) struct Worker<'a> {
    job: &'a Job<'a>,
    readers: Vec<RecordReader<'a>>,
    lookup: Lookup<'a, 'a>,
    writer: LineWriter<'a>,
    values: Vec<Value>,
    /// Whether values are enough to judge a record.
    by_values: bool,
    /// The levels of the lints on unneeded answers and on contradictions.
    levels: [Level; 2],
    /// How many records of earlier batches had warnings and no error.
    warned: usize,
    pub(super) result: BatchResult<'a>,
    pub(super) tally: Tally,
}

impl<'a> Worker<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        let rulebook = job.compiled.rulebook;
        let judging = job.judging;
        Self {
            job,
            readers: job.table_formats.iter().map(|format| RecordReader::new(rulebook, &format.words)).collect(),
            lookup: Lookup::new(job.compiled),
            writer: LineWriter::new(rulebook, job.fields, job.carried),
            values: missing_values(rulebook),
            by_values: !job.records && !job.whole && judging.needs_values_only() && job.compiled.is_exact,
            levels: [Code::UnneededAnswer, Code::Contradiction]
                .map(|code| judging.levels.get(code).unwrap_or(Level::Warn)),
            warned: 0,
            result: BatchResult::default(),
            tally: Tally::new(rulebook),
        }
    }

    /// Works on a batch. The result of the one before is dropped.
    pub(super) fn work(&mut self, batch: &Batch) {
        self.warned += self.result.faults.iter().filter(|fault| !fault.is_error).count();
        let mut bytes = std::mem::take(&mut self.result.bytes);
        bytes.clear();
        self.result = BatchResult { bytes, ..BatchResult::default() };
        let inputs = self.job.inputs;
        let name = inputs[batch.input].name.as_str();
        match &batch.content {
            BatchContent::Lines { bytes, first } => {
                for (number, line) in lines(bytes) {
                    self.json(RecordSource { name, line: Some(first + number) }, line);
                }
            }
            BatchContent::Elements { bytes, found } => {
                for (range, line) in found {
                    self.json(RecordSource { name, line: Some(*line) }, &bytes[range.clone()]);
                }
            }
            BatchContent::Table(table) => self.result.table = Some(table.start(name)),
            BatchContent::Rows { table, rows } => {
                let name = table.name(name);
                for row in rows {
                    self.row(RecordSource { name: &name, line: Some(row.line) }, row, table);
                }
            }
            BatchContent::Files(indexes) => inputs[indexes.clone()].iter().for_each(|input| self.file(input)),
            BatchContent::Error(error) => self.unread(RecordSource { name, line: error.line }, error.clone()),
        }
    }

    /// A record in JSON that is one of many in its file.
    #[inline]
    fn json(&mut self, source: RecordSource<'_>, record: &[u8]) {
        let label = self.readers[0].plain_line(source, record, &mut self.values);
        if !label.is_some_and(|label| self.assessed_by_values(label)) {
            self.document(source, true, record, None);
        }
    }

    #[inline]
    fn row(&mut self, source: RecordSource<'_>, row: &InputRow, table: &InputTable) {
        let (header, reader) = (&table.header, &mut self.readers[table.format]);
        let label = reader.plain_row(source, row, header, &mut self.values);
        if !label.is_some_and(|label| self.assessed_by_values(label)) {
            let mut input = source.input();
            let kept = KeptCells::Cells(row, &header.kept);
            input.kept = (self.job.carried.iter().enumerate())
                .map(|(index, title)| (title.clone(), kept.get(index).into_owned()))
                .collect();
            let read = self.readers[table.format].row(row, header);
            self.judged(source, self.job.judging.check_read(input, read));
        }
    }

    /// Assesses the current record by its values, if there is nothing to report that they do not tell. Once enough
    /// warnings were reported, more are only counted.
    #[inline]
    fn assessed_by_values(&mut self, label: Label<'_>) -> bool {
        if !self.by_values {
            return false;
        }
        let (facts, noted) = self.lookup.facts(&self.values);
        if noted != [0, 0] {
            let of = |wanted: Level| noted.iter().zip(self.levels).filter(move |(_, level)| *level == wanted);
            let warnings: usize = of(Level::Warn).map(|(found, _)| found).sum();
            let warned = || self.result.faults.iter().filter(|fault| !fault.is_error).count();
            let is_full = self.warned >= MAX_REPORTED || self.warned + warned() >= MAX_REPORTED;
            if of(Level::Deny).any(|(found, _)| *found > 0) || warnings > 0 && !is_full {
                return false;
            }
            self.result.omitted += warnings;
        }
        let exit_code = gate::exit_code(facts.outcome(), facts.fit, self.job.judging.fail_on.as_deref());
        self.result.products += 1;
        self.assessed(label, &facts, exit_code);
        true
    }

    /// A record that is read as an answers file.
    #[cold]
    fn document(&mut self, source: RecordSource<'_>, json: bool, bytes: &[u8], digest: Option<String>) {
        let judging = self.job.judging;
        let first_line = source.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        let read = judging.read(source.name, json, first_line, bytes);
        if let Ok((answers, warnings)) = &read
            && self.by_values
            && warnings.is_empty()
        {
            fill(&mut self.values, answers, judging.rulebook);
            let organisation = answers.organisation.as_deref().map(RecordName::Plain);
            let product = Some(RecordName::Plain(&answers.product));
            if self.assessed_by_values(Label { source, product, organisation, kept: KeptCells::Texts(&[]) }) {
                return;
            }
        }
        let mut checked = judging.check_read(Input { digest, json, ..source.input() }, read);
        let what = if source.line.is_some() { "a line longer" } else { "larger" };
        for problem in checked.problems.iter_mut().filter(|problem| problem.code == Code::TooLarge) {
            problem.message = format!("{what} than {} MiB", MAX_BYTES >> 20);
        }
        self.judged(source, checked);
    }

    #[cold]
    fn file(&mut self, file: &InputFile) {
        let source = RecordSource { name: &file.name, line: None };
        let read = (self.job.open)(&file.path).and_then(|from| bounded(from).map_err(|error| error.to_string()));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => return self.unread(source, InputError::io(error)),
        };
        if let Some(problem) = not_answers_problem(&bytes) {
            return self.unread(source, problem.into());
        }
        let digest = self.job.records.then(|| sha256([bytes.as_slice()]));
        // A list that is not JSON is a mistake in YAML.
        let is_yaml = || file.shape == InputShape::Document && json::syntax_error(&file.name, 1, &bytes).is_some();
        if !json::starts_array(&bytes) || is_yaml() {
            return self.document(source, file.shape == InputShape::Json, &bytes, digest);
        }
        match array(&file.name, &bytes) {
            Ok(elements) => {
                for (range, line) in elements {
                    self.document(RecordSource { line: Some(line), ..source }, true, &bytes[range], digest.clone());
                }
            }
            Err(error) => self.unread(source, error),
        }
    }

    /// A file, or a part of it, that cannot be read.
    #[cold]
    fn unread(&mut self, source: RecordSource<'_>, error: InputError) {
        let input = source.input();
        let checked = match error.cause {
            ErrorCause::Io(reason) => Checked::unreadable(input, reason),
            ErrorCause::Problems(problems) => Checked::invalid(input, problems),
        };
        self.judged(source, checked);
        // That is no product.
        self.result.products -= 1;
    }

    /// A record that was assessed in full.
    #[cold]
    fn judged(&mut self, source: RecordSource<'_>, mut checked: Checked<'a>) {
        self.result.products += 1;
        if !self.job.records {
            // A line shows no reasons, so it does not matter if they could not be found.
            let is_missed =
                |problem: &Problem| problem.code != Code::TooIntricate || problem.severity == Severity::Error;
            checked.problems.retain(is_missed);
        }
        let faults: Vec<String> = checked.problems.iter().map(|problem| in_a_line(source, problem)).collect();
        if !faults.is_empty() {
            let is_error = Problem::any_error(&checked.problems);
            self.result.faults.push(Fault { text: faults.join("\n"), is_error });
        }
        let kept: Vec<String> = checked.input.kept.iter().map(|(_, cell)| cell.clone()).collect();
        let label = Label {
            source,
            product: checked.product().map(RecordName::Plain),
            organisation: checked.organisation().map(RecordName::Plain),
            kept: KeptCells::Texts(&kept),
        };
        let shown = match &checked.verdict {
            Verdict::Assessed(report) => self.assessed(label, &Facts::of_report(report), checked.exit_code),
            Verdict::Invalid => {
                self.tally.invalid += 1;
                let errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
                let errors: Vec<String> =
                    errors.map(|problem| format!("{}: {}", problem.code, problem.in_a_line())).collect();
                self.write(label, Err(&errors.join("; ")))
            }
            Verdict::Unreadable(reason) => {
                self.tally.unreadable += 1;
                let text = clean(&format!("error: {reason}")).into_owned();
                self.result.faults.push(Fault { text, is_error: true });
                self.write(label, Err(reason))
            }
        };
        if self.job.records {
            self.result.records.push(JudgedRecord { checked, shown });
        }
    }

    /// Counts a product, and writes its line if it is shown. Returns whether it is.
    #[inline]
    fn assessed(&mut self, label: Label<'_>, facts: &Facts, exit_code: u8) -> bool {
        let scenario = facts.scenario.map(usize::from);
        self.tally.count(facts.outcome(), facts.fit, scenario, members(facts.missing), exit_code);
        self.write(label, Ok(facts))
    }

    /// Writes the line of a product, or of what could not be read, if it is shown. Returns whether it is.
    fn write(&mut self, label: Label<'_>, result: Result<&Facts, &str>) -> bool {
        let job = self.job;
        let is_shown = match result {
            Ok(facts) => {
                job.only.is_none_or(|only| only.contains(&facts.outcome()))
                    && job.finding.is_none_or(|finding| facts.findings & 1 << finding != 0)
            }
            Err(_) => job.only.is_none() && job.finding.is_none(),
        };
        if !is_shown {
            return false;
        }
        match job.form {
            Some(form) => self.writer.write(&mut self.result.bytes, form, None, label, result),
            None => self.result.lines.push(ProductLine::new(label, job.carried.len(), result)),
        }
        true
    }
}

/// A problem in one line, as compilers write it.
#[cold]
fn in_a_line(source: RecordSource<'_>, problem: &Problem) -> String {
    let place = if problem.place.is_none() { source.text() + ": " } else { String::new() };
    clean(&format!("{place}{problem}")).into_owned()
}
