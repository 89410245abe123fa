//! Formats products: line by line, or all at once, sorted and in groups.

use std::fmt::Write as _;

use anyhow::Result;

use crate::cli::{GroupBy, Sort, Triage};
use crate::intake::tally::Tally;
use crate::report::Format;
use crate::rulebook::{Outcome, Rulebook, numbered};
use crate::style::{Style, Tone, clean, markdown};
use crate::triage::{self, BETWEEN, Field, Form, LineWriter, ProductLine};

/// Products under a heading, or all products without one.
struct Group<'l> {
    title: Option<String>,
    lines: Vec<&'l ProductLine>,
}

/// The form of a single line, for formats that consist of lines.
pub(super) fn form_of_line(format: Format) -> Option<Form> {
    match format {
        Format::Jsonl => Some(Form::Jsonl),
        Format::Json => Some(Form::Json),
        Format::Csv => Some(Form::Csv),
        Format::Markdown => Some(Form::Markdown),
        _ => None,
    }
}

/// Whether a format holds whole products, as with `check`, rather than a line for each.
pub(super) fn is_document(format: Format) -> bool {
    form_of_line(format).is_none() && !matches!(format, Format::Text | Format::Xlsx)
}

pub(super) struct Formatter<'a> {
    args: &'a Triage,
    rulebook: &'a Rulebook,
    /// What `--set` gave, as a sentence.
    set: Option<&'a str>,
    writer: LineWriter<'a>,
}

impl<'a> Formatter<'a> {
    pub(super) fn new(args: &'a Triage, rulebook: &'a Rulebook, set: Option<&'a str>, writer: LineWriter<'a>) -> Self {
        Self { args, rulebook, set, writer }
    }

    pub(super) fn head(&self, form: Form) -> Vec<u8> {
        self.writer.head(form, self.args.group_by.is_some())
    }

    /// What follows the lines: in Markdown, which is for people, what `--set` gave, and the disclaimer.
    pub(super) fn foot(&self, format: Format) -> Vec<u8> {
        let Rulebook { disclaimer, title, version, .. } = self.rulebook;
        match format {
            Format::Markdown => {
                let rules = format!("Rules: {}, version {}.", markdown(title), markdown(version));
                let set = self.set.map(|set| format!("\n{}\n", markdown(set))).unwrap_or_default();
                format!("{set}\n{}\n\n{rules}\n", markdown(disclaimer)).into_bytes()
            }
            _ => Vec::new(),
        }
    }

    /// One line as part of a longer output.
    pub(super) fn line(&mut self, form: Form, line: &ProductLine) -> Vec<u8> {
        let mut out = Vec::new();
        self.writer.line(&mut out, form, None, line);
        out
    }

    /// Applies `--sort` and `--limit`.
    pub(super) fn sort(&self, lines: &mut Vec<ProductLine>) {
        let rank =
            |line: &ProductLine| line.result.as_ref().map_or(Outcome::ALL.len(), |facts| facts.outcome() as usize);
        match self.args.sort {
            Sort::Input => {}
            Sort::Outcome => lines.sort_by_key(rank),
            Sort::Product => lines.sort_by_cached_key(|line| (line.title().to_lowercase(), line.title())),
        }
        lines.truncate(self.args.limit.unwrap_or(usize::MAX));
    }

    /// All lines, in the groups of `--group-by`.
    #[cfg_attr(
        not(feature = "workbooks"),
        expect(clippy::unnecessary_wraps, unused_variables, reason = "only a workbook has so little room, and totals")
    )]
    pub(super) fn all(
        &mut self,
        format: Format,
        lines: &[ProductLine],
        tally: &Tally,
        style: Style,
    ) -> Result<Vec<u8>> {
        let rulebook = self.rulebook;
        let groups = match self.args.group_by {
            None => vec![Group { title: None, lines: lines.iter().collect() }],
            Some(by) => groups(lines, by, rulebook),
        };
        #[cfg(feature = "workbooks")]
        if format == Format::Xlsx {
            let groups: Vec<_> = groups.iter().map(|group| (group.title.as_deref(), group.lines.as_slice())).collect();
            return triage::workbook(&groups, tally, self.set, &self.writer.kept, rulebook)
                .map_err(anyhow::Error::from_boxed);
        }
        Ok(match form_of_line(format) {
            Some(Form::Json) => json(&groups, &mut self.writer),
            Some(form) => self.lines(form, &groups),
            None => {
                let set = self.set.map(|set| style.wrap("", &clean(set)) + "\n");
                table(&groups, rulebook, style) + &set.unwrap_or_default()
            }
            .into_bytes(),
        })
    }

    /// Groups one after another: each under a heading in Markdown, and named in each line otherwise.
    fn lines(&mut self, form: Form, groups: &[Group<'_>]) -> Vec<u8> {
        let mut out = if form == Form::Markdown { Vec::new() } else { self.head(form) };
        for group in groups {
            if form == Form::Markdown {
                let before = if out.is_empty() { "" } else { "\n" };
                let heading = group.title.as_ref().map(|title| format!("{before}## {}\n\n", markdown(title)));
                out.extend(heading.unwrap_or_default().into_bytes());
                out.extend(self.head(form));
            }
            for line in &group.lines {
                self.writer.line(&mut out, form, group.title.as_deref(), line);
            }
        }
        out
    }
}

fn table(groups: &[Group<'_>], rulebook: &Rulebook, style: Style) -> String {
    let mut out = String::new();
    for group in groups {
        if let Some(title) = &group.title {
            let before = if out.is_empty() { "" } else { "\n" };
            let title = format!("{} ({})", clean(title), group.lines.len());
            let _ = writeln!(out, "{before}{}", style.paint(Tone::Strong, &title));
        }
        out.push_str(&triage::table(&group.lines, rulebook, style));
    }
    let all: Vec<&ProductLine> = groups.iter().flat_map(|group| group.lines.iter().copied()).collect();
    out + &triage::key(&all, rulebook, style)
}

fn json(groups: &[Group<'_>], writer: &mut LineWriter<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for group in groups {
        let mut products = Vec::new();
        for line in &group.lines {
            writer.line(&mut products, Form::Json, None, line);
        }
        match &group.title {
            None => out = products,
            Some(title) => {
                out.extend([BETWEEN, b"{\"group\":"].concat());
                triage::write_json(&mut out, title);
                out.extend([b",\"products\":", array(products).as_slice(), b"}"].concat());
            }
        }
    }
    [array(out).as_slice(), b"\n"].concat()
}

/// An array of elements that come behind [`BETWEEN`] each.
fn array(mut elements: Vec<u8>) -> Vec<u8> {
    match elements.first_mut() {
        None => b"[]".to_vec(),
        Some(separator) => {
            *separator = b'[';
            [elements.as_slice(), b"\n]"].concat()
        }
    }
}

/// The field that products are put together by.
pub(super) fn grouping(by: GroupBy) -> Field {
    match by {
        GroupBy::Outcome => Field::Outcome,
        GroupBy::Scenario => Field::Scenario,
        GroupBy::Missing => Field::Missing,
        GroupBy::Criterion => Field::NotMet,
        GroupBy::Finding => Field::Findings,
        GroupBy::Topic => Field::Topics,
        GroupBy::Obligation => Field::Obligations,
    }
}

/// Groups in the order of the rules, without empty ones.
fn groups<'l>(lines: &'l [ProductLine], by: GroupBy, rulebook: &Rulebook) -> Vec<Group<'l>> {
    let mut titles: Vec<String> = match by {
        GroupBy::Outcome => Outcome::ALL.iter().map(|outcome| rulebook.outcome_text(*outcome).title.clone()).collect(),
        GroupBy::Scenario => rulebook.scenarios.iter().map(|found| numbered(found.number, &found.title)).collect(),
        GroupBy::Missing => rulebook.questions.iter().map(|question| question.id.clone()).collect(),
        GroupBy::Criterion => rulebook.criteria.iter().map(|found| numbered(found.number, &found.title)).collect(),
        GroupBy::Finding => rulebook.findings.iter().map(|found| found.title.clone()).collect(),
        GroupBy::Topic => rulebook.topics.iter().map(|found| numbered(found.number, &found.title)).collect(),
        GroupBy::Obligation => rulebook.obligations.iter().map(|found| found.title.clone()).collect(),
    };
    let none = titles.len();
    titles.push(match by {
        GroupBy::Outcome | GroupBy::Scenario => "Not decided".to_owned(),
        GroupBy::Missing => "Nothing that matters is missing".to_owned(),
        GroupBy::Criterion => "No criterion is in the way".to_owned(),
        GroupBy::Finding => "No finding holds".to_owned(),
        GroupBy::Topic => "Every topic is prepared".to_owned(),
        GroupBy::Obligation => "Every obligation is met".to_owned(),
    });
    titles.push("Could not be read".to_owned());
    let mut groups: Vec<Group<'l>> =
        titles.into_iter().map(|title| Group { title: Some(title), lines: Vec::new() }).collect();
    for line in lines {
        let places: Vec<usize> = match (&line.result, by) {
            (Err(_), _) => vec![none + 1],
            (Ok(facts), GroupBy::Outcome) => vec![facts.outcome() as usize],
            (Ok(facts), GroupBy::Scenario) => vec![facts.scenario.map_or(none, usize::from)],
            (Ok(facts), GroupBy::Missing) => triage::members(facts.missing).collect(),
            (Ok(facts), GroupBy::Criterion) => triage::members(facts.not_met | facts.to_discuss).collect(),
            (Ok(facts), GroupBy::Finding) => triage::members(facts.findings).collect(),
            (Ok(facts), GroupBy::Topic) => (0..none).filter(|index| facts.topics & 1 << index == 0).collect(),
            (Ok(facts), GroupBy::Obligation) => (0..none).filter(|index| facts.obligations & 1 << index == 0).collect(),
        };
        if places.is_empty() {
            groups[none].lines.push(line);
        }
        for place in places {
            groups[place].lines.push(line);
        }
    }
    groups.retain(|group| !group.lines.is_empty());
    groups
}
