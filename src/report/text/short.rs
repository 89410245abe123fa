//! The short report: one screen with the result, the reasons and what to do.

use askama::Template;

use super::places::{AnswerPlaces, at_lines};
use crate::assessment::{FindingState, FitOutcome};
use crate::gate::Passage;
use crate::problem::{Code, Problem, Severity};
use crate::question::{Question, Section};
use crate::report::checks::{Check, Standing, passing, possible};
use crate::report::content::{Advice, Content, FitContent, content, headline_or_error, problems, read_error};
use crate::report::templates::{as_text, class, cut};
use crate::report::{Checked, Report, Totals, Verdict};
use crate::rulebook::{Outcome, Page};
use crate::style::{Style, Tone, WrappedLines, typed};
use crate::wording::{NAME, counted, sentence};

/// The rows of a usual terminal, without the one for the prompt.
const ROWS: usize = 23;
/// The most steps, and the most rows they may fill with their addresses at the usual width.
const MAX_STEPS: usize = 3;
const ROWS_OF_STEPS: usize = 4;

/// The short report on one record, or a few rows on each of several.
#[derive(Default)]
pub(super) struct ShortReports {
    first: Option<String>,
    rows: String,
    /// The number of files with each result, in the order of first occurrence.
    results: Vec<(String, usize)>,
    files: usize,
}

impl ShortReports {
    pub(super) fn add(&mut self, file: &Checked<'_>, style: Style) {
        self.files += 1;
        if self.files == 1 {
            self.first = file.report().map(|report| render(report, file, style));
        }
        let mut lines = WrappedLines::new(style);
        let title = match &file.verdict {
            Verdict::Assessed(report) => {
                let content = content(report, file.exit_code);
                rows(&content, file, &mut lines);
                report.rulebook.outcome_text(report.assessment.outcome).title.clone()
            }
            Verdict::Invalid | Verdict::Unreadable(_) => {
                let result = headline_or_error(file);
                lines.text("", &file.input.name);
                lines.toned(Tone::Bad, "  ", &result);
                let error = file.problems.iter().find(|problem| problem.severity == Severity::Error);
                let error = error.map(|error| format!("{}: {}", error.code, error.message));
                let reason = error.or(read_error(file).map(str::to_owned)).unwrap_or_default();
                lines.text("", &cut(&format!("  {reason}"), style.width));
                result.split(':').next().unwrap_or_default().to_owned()
            }
        };
        self.rows.push_str(&lines.out);
        match self.results.iter_mut().find(|(known, _)| *known == title) {
            Some((_, count)) => *count += 1,
            None => self.results.push((title, 1)),
        }
    }

    pub(super) fn finish(self, totals: &Totals<'_>, style: Style) -> String {
        if self.files < 2 {
            return self.first.unwrap_or_default();
        }
        let mut lines = WrappedLines { style, out: self.rows };
        lines.blank();
        let counts: Vec<String> = self.results.iter().map(|(title, count)| format!("{title}: {count}.")).collect();
        lines.text("", &format!("{} {}. {}", self.files, totals.summary.unit, counts.join(" ")));
        if let Some(set) = totals.set() {
            lines.text("", &set);
        }
        lines.text("", "More of each: name one alone, or add --full.");
        if let Some(rulebook) = totals.rulebook {
            lines.text("", rulebook.short_disclaimer());
        }
        lines.out
    }
}

/// One of several records in at most three rows: its name; the result, and what is in the way beside the criteria; those
/// that are not met.
fn rows(content: &Content<'_>, file: &Checked<'_>, lines: &mut WrappedLines) {
    let width = lines.style.width;
    let unmet: Vec<&Check<'_>> = content.criteria.iter().filter(|it| it.standing != Standing::Passes).collect();
    let alike = unmet.chunk_by(|one, other| one.status == other.status).map(|checks| {
        let headings: Vec<String> = checks.iter().map(|check| check.heading()).collect();
        format!("{}: {}", checks[0].status, headings.join("; "))
    });
    let alike: Vec<String> = alike.collect();
    let fit = content.fit.as_ref().filter(|fit| fit.outcome == FitOutcome::DoesNotFit && content.deciding.is_empty());
    let others = fit.map(|fit| fit.words.clone()).into_iter().chain(content.also_lacking.clone());
    let result: Vec<String> = std::iter::once(content.headline.clone()).chain(others).collect();
    let begin = lines.out.lines().count();
    lines.text("", &cut(&format!("{}: {}", file.input.name, content.product()), width));
    // The headline itself is never cut.
    let room = width.saturating_sub(2).max(content.headline.chars().count() + 1);
    lines.toned(content.tone, "  ", &cut(&result.join(". "), room));
    if !alike.is_empty() && lines.out.lines().count() < begin + 3 {
        lines.text("", &cut(&format!("  {}", alike.join(". ")), width));
    }
}

/// How much of each part is shown.
#[derive(Clone, Copy)]
struct Limits {
    steps: usize,
    blanks: bool,
    /// Whether what `--set` gave may take more than a row.
    set: bool,
    /// The most checks other than criteria that decide the exit code.
    deciding: usize,
    /// How many of them are explained, the first ones; if there are more, only those that fail.
    explained: usize,
    /// Whether the text of a check other than a criterion is shown, beside its title and its answers.
    reasons: bool,
    /// The most findings of one kind that are named.
    named: usize,
    /// The most ways to meet the criteria.
    ways: usize,
    /// Whether steps come with their addresses.
    addresses: bool,
    /// Whether the answers that decide a check may take more than a row.
    said: bool,
    /// Whether the question of a missing answer may take more than a row.
    prompts: bool,
    /// Whether it is said of a criterion that is not known yet what to answer, beside the questions themselves.
    unknown: bool,
}

const WHOLE: Limits = Limits {
    steps: MAX_STEPS,
    blanks: true,
    set: true,
    deciding: usize::MAX,
    explained: 2,
    reasons: true,
    named: 3,
    ways: usize::MAX,
    addresses: true,
    said: true,
    prompts: true,
    unknown: true,
};

/// What is cut, one after another, until the report fits on a screen.
const CUTS: [fn(&mut Limits); 13] = [
    |limits| limits.steps = 2,
    |limits| limits.blanks = false,
    |limits| limits.set = false,
    |limits| (limits.steps, limits.deciding) = (1, 6),
    |limits| limits.prompts = false,
    |limits| limits.unknown = false,
    |limits| (limits.reasons, limits.named) = (false, 1),
    |limits| limits.deciding = 3,
    |limits| limits.said = false,
    |limits| limits.ways = 1,
    |limits| limits.addresses = false,
    |limits| (limits.ways, limits.named, limits.explained) = (0, 0, 1),
    |limits| limits.explained = 0,
];

fn render(report: &Report<'_>, file: &Checked<'_>, style: Style) -> String {
    let (content, problems) = (content(report, file.exit_code), problems(file));
    let screen = |limits: Limits, style: Style| {
        as_text(
            &Screen { content: &content, problems: &problems, limits, style, places: AnswerPlaces::default() },
            style,
        )
    };
    // Measured at the usual width, so that the report says the same on every terminal.
    let rows = |line: &str| console::measure_text_width(line).div_ceil(Style::PLAIN.width).max(1);
    let fits = |limits: Limits| screen(limits, Style::PLAIN).lines().map(rows).sum::<usize>() <= ROWS;
    let mut limits = WHOLE;
    for cut in CUTS {
        if fits(limits) {
            break;
        }
        cut(&mut limits);
    }
    screen(limits, style)
}

#[derive(Template)]
#[template(path = "short.txt", config = "templates/askama.toml")]
struct Screen<'a> {
    content: &'a Content<'a>,
    problems: &'a [(String, &'a Problem)],
    limits: Limits,
    style: Style,
    places: AnswerPlaces,
}

impl<'a> Screen<'a> {
    /// The count that explains the outcome.
    fn detail(&self) -> String {
        let content = self.content;
        let all = content.criteria.len();
        let with = |tone: Tone| content.criteria.iter().filter(|check| check.tone == tone).count();
        match content.outcome {
            _ if !content.deciding.is_empty() => String::new(),
            Outcome::MeetsCriteria => String::new(),
            Outcome::NeedsDiscussion => {
                format!(": nothing rules it out, {} of {all} criteria open", with(Tone::Caution))
            }
            Outcome::DoesNotMeet => format!(": {} of {all} criteria not met", with(Tone::Bad)),
            Outcome::Incomplete => format!(": {} needed", counted(content.missing.len(), "more answer")),
        }
    }

    fn shown(&self) -> impl Iterator<Item = &'a Check<'a>> {
        self.content.criteria.iter().chain(self.content.deciding.iter().take(self.limits.deciding))
    }

    /// The status and the number of a check, in columns. The status comes first, so that no title can be taken for it.
    fn lead(&self, check: &Check<'_>) -> String {
        let width = self.shown().map(|check| check.status.len()).max().unwrap_or_default();
        let numbers = self.content.criteria.iter().any(|check| check.number.is_some());
        let number = match (check.number, numbers) {
            (Some(number), true) if check.section == Section::Eligibility => format!("{number:<2}"),
            (_, true) => "  ".to_owned(),
            (_, false) => String::new(),
        };
        let (status, blanks) = (self.style.paint(check.tone, check.status), " ".repeat(width - check.status.len()));
        format!("  {status}{blanks}  {number}")
    }

    /// Whether the reasons of a check are shown.
    fn is_explained(&self, check: &Check<'_>) -> bool {
        let (deciding, most) = (&self.content.deciding, self.limits.explained);
        let mut first = deciding.iter().take(most);
        let fails = check.standing == Standing::Lacking(Passage::Fails);
        let has_room = (fails || deciding.len() <= most) && first.any(|it| std::ptr::eq(it, check));
        check.standing != Standing::Passes && (check.section == Section::Eligibility || has_room)
    }

    /// Why a check does not pass, if there is room for it.
    fn reason<'c>(&self, check: &'c Check<'_>) -> Option<&'c str> {
        let has_room = match check.section {
            Section::Eligibility => self.limits.unknown || check.missing.is_empty(),
            _ => self.limits.reasons,
        };
        check.short.filter(|_| has_room)
    }

    /// The state of fit, application and go-live.
    fn other_sections(&self) -> Vec<String> {
        let content = self.content;
        let mut parts = Vec::new();
        if let Some(fit) = &content.fit {
            parts.push(format!("Fit: {}", self.fit(fit)));
        }
        if !content.topics.is_empty() {
            parts.push(format!("Application: {} of {}", content.prepared(), counted(content.topics.len(), "topic")));
        }
        match content.obligations.as_slice() {
            [] => {}
            [only] => parts.push(format!("Go-live: {}", only.status.to_lowercase())),
            all => parts.push(format!("Go-live: {} of {}", passing(all), all.len())),
        }
        parts
    }

    /// "no (Used once)", "yes, with 2 notes (Choose one of two; Data abroad)", "1 condition (Age), 1 question left".
    fn fit(&self, fit: &FitContent<'_>) -> String {
        let kinds = [(Tone::Caution, "condition"), (Tone::Quiet, "note")];
        let counts = kinds.into_iter().filter_map(|(tone, one)| {
            let (count, names) = self.named(fit, tone)?;
            Some(format!("{}{names}", counted(count, one)))
        });
        let known = counts.collect::<Vec<_>>().join(" and ");
        // A blocker that decides the exit code has a row of its own.
        let blockers = self.named(fit, Tone::Bad).filter(|_| self.content.deciding.is_empty());
        let verdict = match fit.outcome {
            FitOutcome::Fits => Some("yes".to_owned()),
            FitOutcome::DoesNotFit => Some(blockers.map_or("no".to_owned(), |(_, names)| format!("no{names}"))),
            FitOutcome::FitsWithConditions | FitOutcome::Unknown => None,
        };
        let with = if verdict.is_some() { "with " } else { "" };
        let known = (!known.is_empty()).then(|| format!("{with}{known}"));
        let left = (!fit.missing.is_empty()).then(|| format!("{} left", counted(fit.missing.len(), "question")));
        verdict.into_iter().chain(known).chain(left).collect::<Vec<_>>().join(", ")
    }

    /// How many findings with this tone are known, and the titles of as many as there is room for. `None` if none is.
    fn named(&self, fit: &FitContent<'_>, tone: Tone) -> Option<(usize, String)> {
        let is_known = |it: &&Check<'_>| it.finding.is_some_and(|it| it.state != FindingState::Unknown);
        let known = fit.findings.iter().filter(|it| it.tone == tone).filter(is_known);
        let titles: Vec<_> = known.map(Check::marked_title).collect();
        let named = self.limits.named.min(titles.len());
        let more = if named < titles.len() { "; …" } else { "" };
        let names = if named == 0 { String::new() } else { format!(" ({}{more})", titles[..named].join("; ")) };
        (!titles.is_empty()).then_some((titles.len(), names))
    }

    /// The answers that decide a check, with their places; where a row is all there is room for, the first of them.
    fn said(&self, check: &Check<'_>) -> Option<String> {
        let all = check.deciding();
        if self.limits.said {
            let told = all.iter().map(|it| format!("{}{}", it.said(), self.places.of(it.place())));
            return told.reduce(|told, next| format!("{told} and {next}")).map(|told| format!("You said {told}."));
        }
        let first = all.first()?;
        let more = if all.len() > 1 { format!(", and {} more", all.len() - 1) } else { String::new() };
        let end = format!("\"{}{more}.", self.places.of(first.place()));
        let room = Style::PLAIN.width.saturating_sub("     You said ".len() + end.chars().count());
        Some(format!("You said {}{end}", cut(first.said().trim_end_matches('"'), room)))
    }

    /// The question of a missing answer, and whether it is the one to ask first.
    fn asked(&self, question: &Question) -> String {
        let comes_first = self.content.ask_first.is_some_and(|first| std::ptr::eq(first, question));
        let mark = if comes_first { " (This settles most.)" } else { "" };
        let room = if self.limits.prompts { usize::MAX } else { Style::PLAIN.width - 4 - mark.len() };
        format!("{}{mark}", cut(&question.prompt, room))
    }

    /// The answers that cannot both be true, in one row if there is no room for more.
    fn contradictions(&self) -> impl Iterator<Item = String> {
        let found = self.problems.iter().filter(|(_, problem)| problem.code == Code::Contradiction);
        found.map(|(lines, problem)| {
            let told = format!("{}{}: {}.", problem.code, at_lines(lines), problem.message);
            if self.limits.said { told } else { cut(&told, Style::PLAIN.width) }
        })
    }

    /// What `--set` gave, in one row if there is no room for more.
    fn set(&self) -> Option<String> {
        let told = format!("Given with --set, not in the file: {}.", self.content.set?);
        Some(if self.limits.set { told } else { cut(&told, Style::PLAIN.width) })
    }

    /// The ways to meet the criteria that there is room for, and how many more there are.
    fn ways(&self) -> (&'a [(&'static str, String)], usize) {
        let all = &self.content.suggestions;
        let shown = all.shown.len().min(self.limits.ways);
        (&all.shown[..shown], all.more + all.shown.len() - shown)
    }

    /// A way to make it fit, if it does not and there is room for it.
    fn to_fit(&self) -> Option<&'a str> {
        let is_told = |fit: &&FitContent<'_>| fit.outcome == FitOutcome::DoesNotFit && self.limits.ways > 0;
        let fit = self.content.fit.as_ref().filter(is_told)?;
        fit.suggestions.shown.first().map(|(_, what)| what.as_str())
    }

    /// As many next steps as there is room for, with as many of their addresses as there is room for then.
    fn steps(&self) -> Vec<StepGroup<'a>> {
        let all = &self.content.steps;
        let usual = Style { width: self.style.width.max(Style::PLAIN.width), ..Style::PLAIN };
        let rows = |groups: &Vec<StepGroup<'_>>| groups.iter().map(|group| group.rows(usual)).sum::<usize>();
        let counts = (1..=self.limits.steps.min(all.len())).rev();
        let fewer = counts.flat_map(|count| (1..=count).rev().map(move |addresses| (count, addresses)));
        let mut fewer = fewer.map(|(count, addresses)| self.parts(&all[..count], addresses));
        fewer.find(|groups| rows(groups) <= ROWS_OF_STEPS).unwrap_or_else(|| self.parts(&all[..all.len().min(1)], 1))
    }

    /// Groups the steps that are shown by their addresses. Those of pages that a step sends people to come first.
    fn parts(&self, steps: &[Advice<'a>], addresses: usize) -> Vec<StepGroup<'a>> {
        let mut addressed: Vec<&Advice<'_>> = steps.iter().collect();
        addressed.sort_by_key(|step| !step.goes_to);
        addressed.truncate(addresses);
        let mut parts: Vec<StepGroup<'a>> = Vec::new();
        let (only, all) = (steps.len() == 1, self.content.steps.len());
        let lead = if steps.len() == all { "Next".to_owned() } else { format!("Next ({} of {all})", steps.len()) };
        for (number, step) in (1..).zip(steps) {
            let title = step.title.trim_end_matches('.');
            let title = if only { title.to_owned() } else { format!("{number}\u{a0}{title}") };
            let has_address = self.limits.addresses && addressed.iter().any(|other| std::ptr::eq(*other, step));
            let page = step.page.filter(|_| has_address);
            match parts.last_mut() {
                Some(part) if part.page.map(|page| &page.id) == page.map(|page| &page.id) => {
                    part.text = format!("{}; {title}", part.text);
                }
                Some(_) => parts.push(StepGroup { text: title, page }),
                None => parts.push(StepGroup { text: format!("{lead}: {title}"), page }),
            }
        }
        parts
    }
}

/// Steps with the same address.
struct StepGroup<'a> {
    text: String,
    page: Option<&'a Page>,
}

impl StepGroup<'_> {
    /// The rows it fills. An address is not wrapped by us, but by the terminal.
    fn rows(&self, style: Style) -> usize {
        let address = self.page.map_or(0, |page| page.url.chars().count().div_ceil(style.width));
        style.wrap("", &self.text).lines().count() + address
    }
}
