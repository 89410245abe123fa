//! Records → lines: what values tell is looked up, and what they do not is judged whole.

use super::facts::{Facts, Slots, fill, members};
use super::fields::{Field, Source, Writer};
use super::input::{Input as InputFile, Shape, array};
use super::job::{Done, Form, Job, MAX_TOLD, Record};
use super::line::Line;
use super::load::Trouble;
use super::lookup::Lookup;
use super::read::{Kept, Name, Who};
use super::{csv_line, json_line, markdown};
use crate::digest::sha256;
use crate::gate;
use crate::intake::kind::no_answers;
use crate::intake::tally::Tally;
use crate::intake::{Checked, Input, Verdict, json};
use crate::lint::Level;
use crate::problem::{Code, Problem, Severity};
use crate::rulebook::Outcome;
use crate::style::clean;
use crate::yaml::{MAX_BYTES, bounded};

/// What turns products into lines.
pub(super) struct Desk<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) lookup: Lookup<'a, 'a>,
    pub(super) writer: Writer,
    /// Whether values alone are enough to judge a record by.
    pub(super) values: bool,
    /// How much answers that are not needed weigh, and contradictions.
    pub(super) levels: [Level; 2],
    /// How many records of earlier batches something was told of.
    pub(super) told: usize,
    /// The outcomes that are shown, `None` for all.
    pub(super) only: Option<&'a [Outcome]>,
}

/// A record that is read as an answers file is: a file, or a line or element of one.
pub(super) struct Written<'t> {
    pub(super) source: Source<'t>,
    pub(super) json: bool,
    pub(super) bytes: &'t [u8],
    /// SHA-256 of the file, if it is told.
    pub(super) digest: Option<String>,
}

impl<'a> Desk<'a> {
    /// Tells what values say of a product, if that is all there is to say. What the lints find in it is counted where
    /// nobody is told of more.
    #[inline]
    pub(super) fn values(
        &mut self,
        source: Source<'_>,
        who: Who<'_>,
        slots: &Slots,
        done: &mut Done<'a>,
        tally: &mut Tally,
    ) -> bool {
        if !self.values {
            return false;
        }
        let (facts, noted) = self.lookup.facts(slots);
        if noted != [0, 0] {
            let of = |wanted: Level| noted.iter().zip(self.levels).filter(move |(_, level)| *level == wanted);
            let untold: usize = of(Level::Warn).map(|(found, _)| found).sum();
            let is_full = self.told + done.faults.len() >= MAX_TOLD;
            if of(Level::Deny).any(|(found, _)| *found > 0) || untold > 0 && !is_full {
                return false;
            }
            done.untold += untold;
        }
        let fail_on = self.job.judging.fail_on.as_deref();
        done.progress.products += 1;
        count(tally, &facts, gate::exit_code(facts.outcome(), facts.fit, fail_on));
        if self.is_shown(&facts) {
            self.line(source, who, &facts, done);
        }
        true
    }

    /// A record that is read as an answers file is, and then judged by its values if those are enough.
    #[cold]
    pub(super) fn written(
        &mut self,
        Written { source, json, bytes, digest }: Written<'_>,
        slots: &mut Slots,
        done: &mut Done<'a>,
        tally: &mut Tally,
    ) {
        let judging = self.job.judging;
        let first_line = source.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        let mut input = Input { digest, json, ..source.input() };
        // Problems name the file; the record is named where they have no place.
        let name = std::mem::replace(&mut input.name, source.name.to_owned());
        let read = judging.read(&input, first_line, bytes);
        input.name = name;
        let checked = match read {
            Ok((answers, warnings)) => {
                if self.values && warnings.is_empty() {
                    fill(slots, &answers, judging.rulebook);
                    let organisation = answers.organisation.as_deref().map(Name::Plain);
                    let product = Some(Name::Plain(&answers.product));
                    let who = Who { product, organisation, kept: Kept::Nothing };
                    if self.values(source, who, slots, done, tally) {
                        return;
                    }
                }
                judging.answers(input, answers, warnings)
            }
            Err(unread) => {
                let mut checked = judging.unread(input, unread);
                let what = if source.line.is_some() { "a line longer" } else { "larger" };
                for problem in checked.problems.iter_mut().filter(|problem| problem.code == Code::TooLarge) {
                    problem.message = format!("{what} than {} MiB", MAX_BYTES >> 20);
                }
                checked
            }
        };
        self.record(source, checked, done, tally);
    }

    /// A file that is read whole.
    #[cold]
    pub(super) fn file(&mut self, file: &InputFile, slots: &mut Slots, done: &mut Done<'a>, tally: &mut Tally) {
        let source = Source { name: &file.name, line: None };
        let read = (self.job.open)(&file.path).and_then(|from| bounded(from).map_err(|error| error.to_string()));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => return self.trouble(source, Trouble::world(error), done, tally),
        };
        done.progress.bytes += bytes.len() as u64;
        if let Some(problem) = no_answers(&bytes) {
            return self.trouble(source, Trouble::of(None, vec![problem]), done, tally);
        }
        let digest = self.job.options.records.then(|| sha256([bytes.as_slice()]));
        // A list that is not JSON is a mistake in YAML.
        let is_yaml = || file.shape == Shape::Document && json::fault(&file.name, 1, &bytes).is_some();
        if !json::is_array(&bytes) || is_yaml() {
            let json = file.shape == Shape::Json;
            return self.written(Written { source, json, bytes: &bytes, digest }, slots, done, tally);
        }
        match array(&file.name, &bytes) {
            Ok(elements) => {
                for (range, line) in elements {
                    let source = Source { line: Some(line), ..source };
                    let element = Written { source, json: true, bytes: &bytes[range], digest: digest.clone() };
                    self.written(element, slots, done, tally);
                }
            }
            Err(trouble) => self.trouble(source, trouble, done, tally),
        }
    }

    /// A record that was judged whole.
    #[cold]
    pub(super) fn record(
        &mut self,
        source: Source<'_>,
        mut checked: Checked<'a>,
        done: &mut Done<'a>,
        tally: &mut Tally,
    ) {
        done.progress.products += 1;
        if !self.job.options.records {
            // A line has no reasons, so nobody misses those that could not be worked out.
            let is_missed =
                |problem: &Problem| problem.code != Code::TooIntricate || problem.severity == Severity::Error;
            checked.problems.retain(is_missed);
        }
        let faults: Vec<String> = checked.problems.iter().map(|problem| told(source, problem)).collect();
        if !faults.is_empty() {
            done.faults.push(faults.join("\n"));
        }
        let kept: Vec<String> = checked.input.kept.iter().map(|(_, cell)| cell.clone()).collect();
        let product = checked.product();
        let organisation = checked.organisation();
        let who = Who {
            product: product.map(Name::Plain),
            organisation: organisation.map(Name::Plain),
            kept: Kept::Texts(&kept),
        };
        let everything = self.only.is_none() && self.job.options.finding.is_none();
        let shown = match &checked.verdict {
            Verdict::Assessed(report) => {
                let facts = Facts::of(&report.assessment, report.rulebook);
                count(tally, &facts, checked.exit_code);
                let shown = self.is_shown(&facts);
                if shown {
                    self.line(source, who, &facts, done);
                }
                shown
            }
            Verdict::Invalid => {
                tally.invalid += 1;
                let errors = checked.problems.iter().filter(|problem| problem.severity() == Severity::Error);
                let errors: Vec<String> =
                    errors.map(|problem| format!("{}: {}", problem.code, problem.in_a_line())).collect();
                self.error(source, who, errors.join("; "), done);
                everything
            }
            Verdict::Unreadable(reason) => {
                tally.unreadable += 1;
                done.faults.push(clean(&format!("error: {reason}")).into_owned());
                self.error(source, who, reason.clone(), done);
                everything
            }
        };
        if self.job.options.records {
            done.records.push(Record { checked, shown });
        }
    }

    #[inline]
    fn is_shown(&self, facts: &Facts) -> bool {
        self.only.is_none_or(|only| only.contains(&facts.outcome()))
            && self.job.options.finding.is_none_or(|finding| facts.findings & 1 << finding != 0)
    }

    /// The line of a product.
    fn line(&mut self, source: Source<'_>, who: Who<'_>, facts: &Facts, done: &mut Done<'a>) {
        match self.job.options.form {
            Form::Jsonl => {
                json_line::record(&mut done.bytes, &mut self.writer, source, who, facts);
                done.bytes.push(b'\n');
            }
            Form::Json => {
                done.bytes.extend_from_slice(BETWEEN);
                json_line::record(&mut done.bytes, &mut self.writer, source, who, facts);
            }
            Form::Csv => self.csv(source, who, Ok(facts), done),
            Form::Markdown | Form::Keep => self.keep(source, who, Ok(*facts), done),
        }
        self.ended(done);
    }

    /// What keeps a file, or a part of it, from being read.
    #[cold]
    pub(super) fn trouble(&mut self, source: Source<'_>, trouble: Trouble, done: &mut Done<'a>, tally: &mut Tally) {
        let input = source.input();
        let checked = match trouble.why {
            Err(reason) => Checked::unreadable(input, reason),
            Ok(problems) => Checked::invalid(input, problems),
        };
        self.record(source, checked, done, tally);
        // It is no product.
        done.progress.products -= 1;
    }

    /// A line for what could not be read.
    #[cold]
    fn error(&mut self, source: Source<'_>, who: Who<'_>, error: String, done: &mut Done<'a>) {
        if self.only.is_some() || self.job.options.finding.is_some() {
            return;
        }
        match self.job.options.form {
            Form::Jsonl => {
                json_line::error(&mut done.bytes, &mut self.writer, source, who, &error);
                done.bytes.push(b'\n');
            }
            Form::Json => {
                done.bytes.extend_from_slice(BETWEEN);
                json_line::error(&mut done.bytes, &mut self.writer, source, who, &error);
            }
            Form::Csv => self.csv(source, who, Err(&error), done),
            Form::Markdown | Form::Keep => self.keep(source, who, Err(error), done),
        }
        self.ended(done);
    }

    fn csv(&mut self, source: Source<'_>, who: Who<'_>, result: Result<&Facts, &str>, done: &mut Done<'a>) {
        csv_line::record(&mut done.bytes, &mut self.writer, None, source, who, result);
    }

    fn keep(&self, source: Source<'_>, who: Who<'_>, result: Result<Facts, String>, done: &mut Done<'a>) {
        let text = |name: Option<Name<'_>>| name.map(|name| name.text().into_owned());
        let line = Line {
            source: source.text(),
            product: text(who.product),
            organisation: text(who.organisation),
            kept: (0..self.writer.kept.len()).map(|index| who.kept.get(index).into_owned()).collect(),
            result,
        };
        if self.job.options.form == Form::Keep {
            done.lines.push(line);
        } else {
            done.bytes.extend_from_slice(markdown::row(&line, self.job.compiled.rulebook).as_bytes());
        }
    }

    #[inline]
    fn ended(&self, done: &mut Done<'a>) {
        if self.job.options.ends {
            done.ends.push(done.bytes.len());
        }
    }
}

/// What stands between two elements of a JSON array, and must not stand before the first.
pub const BETWEEN: &[u8] = b",\n";

/// One line about what is wrong with a record, as a compiler would put it.
#[cold]
fn told(source: Source<'_>, problem: &Problem) -> String {
    let place = if problem.place.is_none() { source.text() + ": " } else { String::new() };
    clean(&format!("{place}{problem}")).into_owned()
}

/// What stands in front of the lines.
#[must_use]
pub fn head(form: Form, fields: &[Field], kept: &[String], grouped: bool) -> Vec<u8> {
    let mut out = Vec::new();
    match form {
        Form::Csv => csv_line::header(&mut out, fields, kept, grouped),
        Form::Markdown => out.extend_from_slice(markdown::HEAD.as_bytes()),
        Form::Json => out.push(b'['),
        Form::Jsonl | Form::Keep => {}
    }
    out
}

pub(super) fn count(tally: &mut Tally, facts: &Facts, exit_code: u8) {
    let scenario = facts.scenario.map(usize::from);
    tally.count(facts.outcome(), facts.fit, scenario, members(facts.missing), exit_code);
}
