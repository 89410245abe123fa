//! The short report: a screen that tells what came of a product, why, and what to do. What it leaves out it names.

use askama::Template;

use super::places::AnswerPlaces;
use crate::assessment::FitOutcome;
use crate::question::{Question, Section};
use crate::report::checks::{Check, Standing, passing};
use crate::report::content::{Advice, Content, content, result};
use crate::report::templates::{as_text, class};
use crate::report::{Checked, Report, Totals, Verdict};
use crate::rulebook::{Outcome, Page, Scenario};
use crate::style::{Style, Tone, WrappedLines, clean, typed};
use crate::wording::{NAME, counted};

/// The rows of a terminal of the usual height, with room for the prompt.
const ROWS: usize = 23;
/// The most steps that are told, and the rows that they fill with their addresses on a terminal of the usual width.
const MAX_STEPS: usize = 3;
const ROWS_OF_STEPS: usize = 4;
/// The most that is told of what else keeps a product from passing, if it is told why.
const EXPLAINED: usize = 2;

/// The short report on one record, or a few rows on each of several.
#[derive(Default)]
pub(super) struct ShortReports {
    first: Option<String>,
    rows: String,
    /// How many came to each outcome, in words and in the order of their coming.
    came_to: Vec<(String, usize)>,
    files: usize,
}

impl ShortReports {
    pub(super) fn add(&mut self, file: &Checked<'_>, style: Style) {
        self.files += 1;
        if self.files == 1 {
            self.first = file.report().map(|report| render(report, file.exit_code, style));
        }
        let mut lines = WrappedLines::new(style);
        let came_to = match &file.verdict {
            Verdict::Assessed(report) => {
                rows(report, file, &mut lines);
                report.rulebook.outcome_text(report.assessment.outcome).title.clone()
            }
            Verdict::Invalid | Verdict::Unreadable(_) => {
                let result = result(file);
                lines.text("", &file.input.name);
                lines.toned(Tone::Bad, "  ", &result);
                result.split(':').next().unwrap_or_default().to_owned()
            }
        };
        self.rows.push_str(&lines.out);
        match self.came_to.iter_mut().find(|(known, _)| *known == came_to) {
            Some((_, count)) => *count += 1,
            None => self.came_to.push((came_to, 1)),
        }
    }

    pub(super) fn finish(self, totals: &Totals, style: Style) -> String {
        if self.files < 2 {
            return self.first.unwrap_or_default();
        }
        let mut lines = WrappedLines { style, out: self.rows };
        lines.blank();
        let counts: Vec<String> = self.came_to.iter().map(|(title, count)| format!("{title}: {count}.")).collect();
        lines.text("", &format!("{} {}. {}", self.files, totals.summary.unit, counts.join(" ")));
        lines.text("", "More of each: name one alone, or add --full.");
        lines.out
    }
}

/// What came of one of several, in at most three rows: which it is, what came of it, and which criteria are not met.
fn rows(report: &Report<'_>, file: &Checked<'_>, lines: &mut WrappedLines) {
    let content = content(report, file.exit_code);
    let row = |text: &str| cut(text, lines.style.width);
    let which = row(&format!("{}: {}", file.input.name, content.product()));
    let unmet: Vec<&Check<'_>> = content.criteria.iter().filter(|it| it.standing != Standing::Passes).collect();
    let alike = unmet.chunk_by(|one, other| one.words == other.words).map(|checks| {
        let headings: Vec<String> = checks.iter().map(|check| check.heading()).collect();
        format!("{}: {}", checks[0].words, headings.join("; "))
    });
    let unmet = row(&format!("  {}", alike.collect::<Vec<_>>().join(". "))).filter(|_| !unmet.is_empty());
    let begin = lines.out.lines().count();
    if let Some(which) = which {
        lines.text("", &which);
    }
    lines.toned(content.tone, "  ", &content.headline);
    if let Some(unmet) = unmet.filter(|_| lines.out.lines().count() < begin + 3) {
        lines.text("", &unmet);
    }
}

/// A text in one row, cut where it would not fit. `None` where there is no text.
fn cut(text: &str, width: usize) -> Option<String> {
    let text = clean(text);
    (!text.is_empty()).then(|| console::truncate_str(&text, width, "…").into_owned())
}

/// How much of each part is shown. Where that is too much for a screen, the next step down is tried.
#[derive(Clone, Copy)]
struct Limits {
    steps: usize,
    blanks: bool,
    /// How much of what else keeps the product from passing.
    deciding: usize,
}

const LIMITS: [Limits; 5] = [
    Limits { steps: MAX_STEPS, blanks: true, deciding: usize::MAX },
    Limits { steps: 2, blanks: true, deciding: usize::MAX },
    Limits { steps: 2, blanks: false, deciding: usize::MAX },
    Limits { steps: 1, blanks: false, deciding: 6 },
    Limits { steps: 1, blanks: false, deciding: 3 },
];

fn render(report: &Report<'_>, exit_code: u8, style: Style) -> String {
    let content = content(report, exit_code);
    let screen = |limits: Limits, style: Style| {
        as_text(&Screen { content: &content, limits, style, places: AnswerPlaces::default() }, style)
    };
    // What is told is the same on every terminal, however wide.
    let fits = |limits: &&Limits| {
        let rows = |line: &str| console::measure_text_width(line).div_ceil(Style::PLAIN.width).max(1);
        screen(**limits, Style::PLAIN).lines().map(rows).sum::<usize>() <= ROWS
    };
    screen(*LIMITS.iter().find(fits).unwrap_or(&LIMITS[LIMITS.len() - 1]), style)
}

#[derive(Template)]
#[template(path = "short.txt", config = "templates/askama.toml")]
struct Screen<'a> {
    content: &'a Content<'a>,
    limits: Limits,
    style: Style,
    places: AnswerPlaces,
}

impl<'a> Screen<'a> {
    /// What the outcome rests on, in a few words.
    fn detail(&self) -> String {
        let content = self.content;
        let total = content.criteria.len();
        let with = |tone: Tone| content.criteria.iter().filter(|check| check.tone == tone).count();
        match content.outcome {
            _ if !content.deciding.is_empty() => String::new(),
            Outcome::MeetsCriteria => String::new(),
            Outcome::NeedsDiscussion => {
                let open = with(Tone::Caution);
                format!(": nothing rules it out, {open} of {total} criteria {} open", are(open))
            }
            Outcome::DoesNotMeet => {
                format!(": {} of {total} criteria {} not met", with(Tone::Bad), are(with(Tone::Bad)))
            }
            Outcome::Incomplete => {
                let missing = content.missing.len();
                let matter = if missing == 1 { "matters is" } else { "matter are" };
                format!(": {} that {matter} missing", counted(missing, "answer"))
            }
        }
    }

    fn shown(&self) -> impl Iterator<Item = &'a Check<'a>> {
        self.content.criteria.iter().chain(self.content.deciding.iter().take(self.limits.deciding))
    }

    /// How a check stands, in a column, and its number. The word comes first, so that nothing can be taken for it.
    fn lead(&self, check: &Check<'_>) -> String {
        let width = self.shown().map(|check| check.words.len()).max().unwrap_or_default();
        let numbers = self.content.criteria.iter().any(|check| check.number.is_some());
        let number = match (check.number, numbers) {
            (Some(number), true) if check.section == Section::Eligibility => format!("{number:<2}"),
            (_, true) => "  ".to_owned(),
            (_, false) => String::new(),
        };
        let (words, blanks) = (self.style.paint(check.tone, check.words), " ".repeat(width - check.words.len()));
        format!("  {words}{blanks}  {number}")
    }

    /// Whether it is told why.
    fn is_explained(&self, check: &Check<'_>) -> bool {
        let is_told = check.section == Section::Eligibility || self.content.deciding.len() <= EXPLAINED;
        check.standing != Standing::Passes && is_told
    }

    /// How fit, application and go-live stand.
    fn standing(&self) -> Vec<String> {
        let content = self.content;
        let mut parts = Vec::new();
        if let Some(fit) = &content.fit {
            let conditions = fit.findings.iter().filter(|it| it.tone == Tone::Caution);
            let conditions: Vec<_> = conditions.map(Check::named).collect();
            parts.push(match fit.outcome {
                FitOutcome::Fits => "Fit: yes".to_owned(),
                FitOutcome::FitsWithConditions => {
                    format!("Fit: {} ({})", counted(conditions.len(), "condition"), conditions.join("; "))
                }
                FitOutcome::DoesNotFit => "Fit: no".to_owned(),
                FitOutcome::Unknown => format!("Fit: {} left", counted(fit.missing.len(), "question")),
            });
        }
        if !content.topics.is_empty() {
            parts.push(format!("Application: {} of {} topics", content.prepared(), content.topics.len()));
        }
        match content.obligations.as_slice() {
            [] => {}
            [only] => parts.push(format!("Go-live: {}", only.words.to_lowercase())),
            all => parts.push(format!("Go-live: {} of {}", passing(all), all.len())),
        }
        parts
    }

    /// Whether a question settles most, of several.
    fn comes_first(&self, question: &Question) -> bool {
        self.content.ask_first.is_some_and(|first| std::ptr::eq(first, question))
    }

    /// What would make it fit, where it does not.
    fn to_fit(&self) -> Option<&'a str> {
        let fit = self.content.fit.as_ref().filter(|fit| fit.outcome == FitOutcome::DoesNotFit)?;
        fit.suggestions.shown.first().map(|(_, what)| what.as_str())
    }

    /// As many of the next steps as there is room for, each followed by its address unless the next has the same.
    fn steps(&self) -> Vec<StepGroup<'a>> {
        let all = &self.content.steps;
        let usual = Style { width: self.style.width.max(Style::PLAIN.width), ..Style::PLAIN };
        let fitting = (1..=self.limits.steps.min(all.len())).rev().map(|count| parts(&all[..count], all.len()));
        let few = fitting.min_by_key(|groups| {
            let rows: usize = groups.iter().map(|part| part.rows(usual)).sum();
            (rows > ROWS_OF_STEPS, usize::MAX - groups.iter().map(|group| group.steps).sum::<usize>())
        });
        few.unwrap_or_default()
    }
}

/// "Scenario 1 or 3": those that are possible, while none is decided.
fn possible(scenarios: &[&Scenario]) -> String {
    let mut names: Vec<String> = scenarios.iter().filter_map(|it| it.number).map(|number| number.to_string()).collect();
    match scenarios.len() - names.len() {
        0 => {}
        _ if names.is_empty() => {
            let titles: Vec<&str> = scenarios.iter().map(|it| it.title.as_str()).collect();
            return format!("Scenario not decided: {}", titles.join("; or "));
        }
        _ => names.push("none that is published".to_owned()),
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { format!("Scenario {last}") } else { format!("Scenario {} or {last}", names.join(", ")) }
}

/// Steps that have one address, with it behind them.
struct StepGroup<'a> {
    text: String,
    steps: usize,
    page: Option<&'a Page>,
}

impl StepGroup<'_> {
    /// The rows it fills. An address is never broken, so it fills what it takes.
    fn rows(&self, style: Style) -> usize {
        let address = self.page.map_or(0, |page| page.url.chars().count().div_ceil(style.width));
        style.wrap("", &self.text).lines().count() + address
    }
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// These steps of so many.
fn parts<'a>(steps: &[Advice<'a>], all: usize) -> Vec<StepGroup<'a>> {
    let mut parts: Vec<StepGroup<'a>> = Vec::new();
    let only = steps.len() == 1;
    let lead = if steps.len() == all { "Next".to_owned() } else { format!("Next ({} of {all})", steps.len()) };
    for (number, step) in (1..).zip(steps) {
        let title = step.title.trim_end_matches('.');
        let title = if only { title.to_owned() } else { format!("{number}\u{a0}{title}") };
        match parts.last_mut() {
            Some(part) if part.page.map(|page| &page.id) == step.page.map(|page| &page.id) => {
                part.text = format!("{}; {title}", part.text);
                part.steps += 1;
            }
            Some(_) => parts.push(StepGroup { text: title, steps: 1, page: step.page }),
            None => parts.push(StepGroup { text: format!("{lead}: {title}"), steps: 1, page: step.page }),
        }
    }
    parts
}
