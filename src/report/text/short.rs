//! The short report: a screen that tells what came of a product, why, and what to do. What it leaves out it names.

use super::lines::{Lines, Places, you_said};
use crate::assessment::FitOutcome;
use crate::problem::Severity;
use crate::question::Section;
use crate::report::checks::{Check, Standing};
use crate::report::content::{Content, Told, content, deciding};
use crate::report::{Checked, Report, Totals, Verdict};
use crate::rulebook::{Outcome, Page};
use crate::style::{Style, Tone, clean, typed};
use crate::wording::NAME;

/// The rows of a terminal of the usual height, with room for the prompt.
const ROWS: usize = 23;
/// The most steps that are told, and the rows that they fill with their addresses on a terminal of the usual width.
const MAX_STEPS: usize = 3;
const ROWS_OF_STEPS: usize = 4;
/// The most that is told of what else keeps a product from passing, if it is told why.
const EXPLAINED: usize = 2;
/// The indent of what stands under a criterion.
const INDENT: &str = "     ";

/// The short report on one record, or a few rows on each of several.
#[derive(Default)]
pub(super) struct Several {
    /// The ending of file names to offer to whoever wants to send the report.
    to_send: &'static str,
    /// The report on the first.
    first: Option<String>,
    rows: String,
    /// How many came to each outcome, in words and in the order of their coming.
    came_to: Vec<(String, usize)>,
    files: usize,
}

impl Several {
    pub(super) fn new(to_send: &'static str) -> Self {
        Self { to_send, ..Self::default() }
    }

    pub(super) fn add(&mut self, file: &Checked<'_>, style: Style) {
        self.files += 1;
        if self.files == 1 {
            self.first = file.report().map(|report| render(report, file.exit_code, style, self.to_send));
        }
        let mut lines = Lines::new(style);
        let came_to = match &file.verdict {
            Verdict::Assessed(report) => {
                rows(report, file, &mut lines);
                report.rulebook.outcome_text(report.assessment.outcome).title.clone()
            }
            Verdict::Invalid => {
                let errors = file.problems.iter().filter(|it| it.severity() == Severity::Error).count();
                lines.text("", &file.input.name);
                lines.toned(Tone::Bad, "  ", &format!("Not valid: {}", counted(errors, "problem")));
                "Not valid".to_owned()
            }
            Verdict::Unreadable(_) => {
                lines.text("", &file.input.name);
                lines.toned(Tone::Bad, "  ", "Could not be read");
                "Could not be read".to_owned()
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
        let mut lines = Lines { style, out: self.rows };
        lines.blank();
        let counts: Vec<String> = self.came_to.iter().map(|(title, count)| format!("{title}: {count}.")).collect();
        lines.text("", &format!("{} {}. {}", self.files, totals.summary.unit, counts.join(" ")));
        lines.text("", "More of each: name one alone, or add --full.");
        lines.out
    }
}

/// What came of one of several, in at most three rows: which it is, what came of it, and what is open.
fn rows(report: &Report<'_>, file: &Checked<'_>, lines: &mut Lines) {
    let content = content(report, file.exit_code);
    let row = |text: &str| cut(text, lines.style.width);
    let which = row(&format!("{}: {}", file.input.name, content.product()));
    let open = content.criteria.iter().filter(|check| check.standing != Standing::Passes);
    let open: Vec<String> = open.map(Check::heading).collect();
    let open = row(&format!("  Open: {}", open.join("; "))).filter(|_| !open.is_empty());
    let begin = lines.out.lines().count();
    if let Some(which) = which {
        lines.text("", &which);
    }
    lines.toned(content.tone, "  ", &content.headline);
    if let Some(open) = open.filter(|_| lines.out.lines().count() < begin + 3) {
        lines.text("", &open);
    }
}

/// A text in one row, cut where it would not fit. `None` where there is no text.
fn cut(text: &str, width: usize) -> Option<String> {
    let text = clean(text);
    (!text.is_empty()).then(|| console::truncate_str(&text, width, "…").into_owned())
}

/// A number of things: "1 condition", "2 conditions".
fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// How much of each part is told. Where that is too much for a screen, the last part is cut first.
#[derive(Clone, Copy)]
struct Room {
    steps: usize,
    blanks: bool,
    /// How much of what else keeps the product from passing.
    deciding: usize,
}

const ROOMS: [Room; 5] = [
    Room { steps: MAX_STEPS, blanks: true, deciding: usize::MAX },
    Room { steps: 2, blanks: true, deciding: usize::MAX },
    Room { steps: 2, blanks: false, deciding: usize::MAX },
    Room { steps: 1, blanks: false, deciding: 6 },
    Room { steps: 1, blanks: false, deciding: 3 },
];

fn render(report: &Report<'_>, exit_code: u8, style: Style, to_send: &'static str) -> String {
    let (content, deciding) = (content(report, exit_code), deciding(report, exit_code));
    let screen = |room: Room, style: Style| {
        let (lines, places) = (Lines::new(style), Places::default());
        Screen { content: &content, deciding: &deciding, room, lines, places, to_send }.render()
    };
    // What is told is the same on every terminal, however wide.
    let fits = |room: &&Room| {
        let rows = |line: &str| console::measure_text_width(line).div_ceil(Style::PLAIN.width).max(1);
        screen(**room, Style::PLAIN).lines().map(rows).sum::<usize>() <= ROWS
    };
    screen(*ROOMS.iter().find(fits).unwrap_or(&ROOMS[ROOMS.len() - 1]), style)
}

struct Screen<'a> {
    content: &'a Content<'a>,
    /// What decides the exit code, where the outcome does not.
    deciding: &'a [Check<'a>],
    room: Room,
    lines: Lines,
    places: Places,
    to_send: &'static str,
}

impl Screen<'_> {
    fn render(mut self) -> String {
        self.head();
        self.checks();
        self.standing();
        self.missing();
        self.ways();
        self.steps();
        self.foot();
        self.lines.out
    }

    fn gap(&mut self) {
        if self.room.blanks {
            self.lines.blank();
        }
    }

    fn head(&mut self) {
        let content = self.content;
        self.lines.text("", &content.product());
        let (total, tone) = (content.criteria.len(), content.tone);
        let are = |count: usize| if count == 1 { "is" } else { "are" };
        let with = |tone: Tone| content.criteria.iter().filter(|check| check.tone == tone).count();
        let detail = match content.outcome {
            _ if !self.deciding.is_empty() => String::new(),
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
        };
        let headline = format!("{}{detail}.", content.headline);
        self.lines.toned(tone, "", &headline);
        if let Some(scenario) = &content.scenario {
            let title = match scenario.title {
                Some(title) => format!("{}: {title}", scenario.lead),
                None => possible(&scenario.possible),
            };
            self.lines.text("", &format!("{title}."));
        }
        self.gap();
    }

    /// The criteria, and what else keeps the product from passing: a row each, and why under those that are not met.
    fn checks(&mut self) {
        let (criteria, deciding) = (&self.content.criteria, self.deciding);
        let told = || criteria.iter().chain(deciding.iter().take(self.room.deciding));
        let width = told().map(|check| check.words.len()).max().unwrap_or_default();
        let numbers = criteria.iter().any(|check| check.number.is_some());
        for check in told() {
            let number = match (check.number, numbers) {
                (Some(number), true) if check.section == Section::Eligibility => format!("{number:<2}"),
                (_, true) => "  ".to_owned(),
                (_, false) => String::new(),
            };
            let (style, words) = (self.lines.style, check.words);
            let wrapped = style.wrap(&format!("  {words:<width$}  {number}"), &clean(check.title));
            // The word stands first, so that nothing before it can be taken for it.
            let painted = wrapped.replacen(words, &style.paint(check.tone, words), 1);
            self.lines.out.push_str(&painted);
            self.lines.blank();
            let explained = check.section == Section::Eligibility || deciding.len() <= EXPLAINED;
            if check.standing != Standing::Passes && explained {
                self.why(check);
            }
        }
        if let Some(more) = deciding.len().checked_sub(self.room.deciding).filter(|more| *more > 0) {
            self.lines.text(INDENT, &format!("and {more} more."));
        }
    }

    fn why(&mut self, check: &Check<'_>) {
        if let Some(short) = check.short {
            self.lines.text(INDENT, short);
        }
        if let Some(said) = you_said(check, &mut self.places) {
            self.lines.text(INDENT, &said);
        }
    }

    /// Fit, application and go-live in a row.
    fn standing(&mut self) {
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
        let passing = |checks: &[Check<'_>]| checks.iter().filter(|it| it.standing == Standing::Passes).count();
        if !content.topics.is_empty() {
            let topics = &content.topics;
            parts.push(format!("Application: {} of {} topics", passing(topics), topics.len()));
        }
        match content.obligations.as_slice() {
            [] => {}
            [only] => parts.push(format!("Go-live: {}", only.words.to_lowercase())),
            all => parts.push(format!("Go-live: {} of {}", passing(all), all.len())),
        }
        if !parts.is_empty() {
            self.lines.text("", &format!("{}.", parts.join(". ")));
        }
    }

    fn missing(&mut self) {
        if self.content.missing.is_empty() {
            return;
        }
        self.gap();
        self.lines.text("", "Still to answer:");
        for missing in &self.content.missing {
            let first = self.content.ask_first.is_some_and(|first| std::ptr::eq(first, missing.question));
            let first = if first { " (This settles most.)" } else { "" };
            self.lines.text("  - ", &format!("{}{first}", missing.question.prompt));
        }
        if let Some(place) = &self.content.answers.place {
            self.lines.text("", &format!("To answer: {NAME} interview {}", typed(&place.source.name)));
        }
    }

    fn ways(&mut self) {
        let content = self.content;
        let mut parts: Vec<String> = content.ways.told.iter().map(|(lead, what)| format!("{lead}: {what}.")).collect();
        if content.ways.more > 0 {
            parts.push(format!("There are {}.", counted(content.ways.more, "other way")));
        }
        if content.cut_short {
            parts.push("There are more reasons and ways than can be worked out.".to_owned());
        }
        if let Some(fit) = content.fit.as_ref().filter(|fit| fit.outcome == FitOutcome::DoesNotFit) {
            parts.extend(fit.ways.told.first().map(|(_, what)| format!("To make it fit: {what}.")));
        }
        if !parts.is_empty() {
            self.gap();
            self.lines.text("", &parts.join(" "));
        }
    }

    /// As many of the next steps as there is room for, each followed by its address unless the next has the same.
    fn steps(&mut self) {
        let all = &self.content.steps;
        let usual = Style { width: self.lines.style.width.max(Style::PLAIN.width), ..Style::PLAIN };
        let fitting = (1..=self.room.steps.min(all.len())).rev().map(|count| &all[..count]);
        let few = fitting.min_by_key(|steps| {
            let rows: usize = parts(steps).iter().map(|part| part.rows(usual)).sum();
            (rows > ROWS_OF_STEPS, usize::MAX - steps.len())
        });
        if self.content.ways.told.is_empty() && self.content.missing.is_empty() {
            self.gap();
        }
        for part in few.map(parts).unwrap_or_default() {
            self.lines.text("", &part.text);
            part.page.iter().for_each(|page| self.lines.address(&page.url));
        }
    }

    fn foot(&mut self) {
        let content = self.content;
        let send = self.to_send;
        self.lines
            .text("", &format!("More (reasons, sources, facts): check with --full, to send --output report.{send}"));
        self.lines.text("", content.rulebook.short.as_ref().unwrap_or(&content.rulebook.disclaimer));
    }
}

/// "Scenario 1 or 3": those that are possible, while none is decided.
fn possible(scenarios: &[(Option<u8>, &str)]) -> String {
    let mut names: Vec<String> = scenarios.iter().filter_map(|(number, _)| number.map(|it| it.to_string())).collect();
    match scenarios.len() - names.len() {
        0 => {}
        _ if names.is_empty() => {
            let titles: Vec<&str> = scenarios.iter().map(|(_, title)| *title).collect();
            return format!("Scenario not decided: {}", titles.join("; or "));
        }
        _ => names.push("none that is published".to_owned()),
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { format!("Scenario {last}") } else { format!("Scenario {} or {last}", names.join(", ")) }
}

/// Steps that have one address, with it behind them.
struct Part<'a> {
    text: String,
    page: Option<&'a Page>,
}

impl Part<'_> {
    /// The rows it fills. An address is never broken, so it fills what it takes.
    fn rows(&self, style: Style) -> usize {
        let address = self.page.map_or(0, |page| page.url.chars().count().div_ceil(style.width));
        style.wrap("", &self.text).lines().count() + address
    }
}

fn parts<'a>(steps: &[Told<'a>]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let only = steps.len() == 1;
    for (number, step) in (1..).zip(steps) {
        let title = step.title.trim_end_matches('.');
        let title = if only { title.to_owned() } else { format!("{number}\u{a0}{title}") };
        match parts.last_mut() {
            Some(part) if part.page.map(|page| &page.id) == step.page.map(|page| &page.id) => {
                part.text = format!("{}; {title}", part.text);
            }
            Some(_) => parts.push(Part { text: title, page: step.page }),
            None => parts.push(Part { text: format!("Next: {title}"), page: step.page }),
        }
    }
    parts
}
