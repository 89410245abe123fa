//! The report with everything there is to tell: the outcome first, then why, what is missing, what would change it, what
//! to bring to the application, and what to do next.

use std::fmt::Write as _;

use super::places::AnswerPlaces;
use crate::question::{Basis, Grounds, Question, Section};
use crate::report::Report;
use crate::report::checks::{AnswerGiven, Check, Standing};
use crate::report::content::{Advice, Content, FitContent, content};
use crate::report::moves::Suggestions;
use crate::rulebook::{Outcome, Page, numbered};
use crate::style::{Style, Tone, WrappedLines, clean};
use crate::wording::sentence;

/// The indent of what stands under a heading.
const INDENT: &str = "   ";

pub(super) fn render(report: &Report<'_>, exit_code: u8, style: Style) -> String {
    let content = content(report, exit_code);
    let mut text = FullReport { content: &content, lines: WrappedLines::new(style), places: AnswerPlaces::default() };
    text.head();
    text.criteria();
    text.scenario();
    text.fit();
    text.missing();
    text.changes();
    text.topics();
    text.obligations();
    text.advice("Next steps", &content.steps, true);
    text.advice("Good to know", &content.facts, false);
    text.gate();
    text.answered();
    text.sources();
    text.foot();
    text.lines.out
}

struct FullReport<'a> {
    content: &'a Content<'a>,
    lines: WrappedLines,
    places: AnswerPlaces,
}

impl<'a> FullReport<'a> {
    /// A line under a heading.
    fn item(&mut self, text: &str) {
        self.lines.text(INDENT, text);
    }

    fn section(&self, section: Section) -> &'a str {
        &self.content.rulebook.section(section).title
    }

    fn head(&mut self) {
        let content = self.content;
        self.lines.text("", &content.product());
        self.lines.blank();
        self.lines.toned(content.tone, "", &content.headline);
        self.lines.blank();
        self.lines.text("", content.meaning);
        if !content.still_possible.is_empty() {
            self.lines.text("", &format!("Still possible: {}.", content.still_possible.join("; ")));
        }
    }

    fn criteria(&mut self) {
        self.lines.heading(self.section(Section::Eligibility));
        for check in &self.content.criteria {
            self.check(check);
        }
    }

    /// "2. Is free to use: Not met", with all that is said of it.
    fn check(&mut self, check: &Check<'_>) {
        let lead = check.number.map_or_else(|| "-  ".to_owned(), |number| format!("{:<3}", format!("{number}.")));
        let wrapped = self.lines.style.wrap(&lead, &format!("{}: {}", clean(check.title), check.words));
        // The word is painted if it stands on one line with what is before it.
        match wrapped.strip_suffix(check.words) {
            Some(before) => {
                let word = self.lines.style.paint(check.tone, check.words);
                let _ = writeln!(self.lines.out, "{before}{word}");
            }
            None => {
                let _ = writeln!(self.lines.out, "{wrapped}");
            }
        }
        for says in &check.says {
            self.item(says);
        }
        self.because("Because you answered", &check.because);
        for reason in &check.other_reasons {
            self.because("It also follows from", reason);
        }
        if check.because.is_empty() {
            for given in &check.answered {
                self.answer(INDENT, given);
            }
        }
        if !check.missing.is_empty() {
            self.item("Still to answer:");
            self.questions(&check.missing);
        }
        self.grounds(check.grounds);
    }

    /// The smallest set of answers that forces something, in the person's own terms and with its places.
    fn because(&mut self, lead: &str, given: &[AnswerGiven<'_>]) {
        let words = |given: &AnswerGiven<'_>, places: &mut AnswerPlaces| {
            format!("\"{}\" to \"{}\"{}", given.label(), given.question.prompt, places.of(given.place()))
        };
        let given: Vec<String> = given.iter().map(|given| words(given, &mut self.places)).collect();
        if !given.is_empty() {
            self.item(&format!("{lead} {}.", given.join(" and ")));
        }
    }

    fn grounds(&mut self, grounds: &Grounds) {
        let basis = match grounds.basis {
            Basis::Published => "",
            Basis::Interpretation => " Our interpretation.",
        };
        self.lines.toned(Tone::Quiet, INDENT, &format!("Source: {}.{basis}", grounds.source));
    }

    fn scenario(&mut self) {
        let Some(scenario) = &self.content.scenario else { return };
        match scenario.title {
            Some(title) => self.lines.heading(&format!("{}: {title}", scenario.lead)),
            None => {
                self.lines.heading(&format!("{}: not decided", scenario.lead));
                self.item("Still possible:");
            }
        }
        for (number, title) in &scenario.possible {
            self.lines.text(&format!("{INDENT}- "), &numbered(*number, title));
        }
        // What the scenario says stands with the criterion that it decides.
        for note in &scenario.notes {
            self.item(note);
        }
        self.because("Because you answered", &scenario.because);
        if let Some((grounds, _)) = scenario.source {
            self.grounds(grounds);
        }
    }

    fn fit(&mut self) {
        let Some(FitContent { words, tone, findings, missing, suggestions, .. }) = &self.content.fit else { return };
        self.lines.heading(self.section(Section::Fit));
        self.lines.toned(*tone, INDENT, &format!("{}.", sentence(words)));
        for check in findings {
            self.check(check);
        }
        if findings.is_empty() && missing.is_empty() {
            self.item("Nothing in your answers speaks against it.");
        }
        if !missing.is_empty() {
            self.item("Still to answer:");
            self.questions(missing);
        }
        if !suggestions.shown.is_empty() {
            self.item("What would make it fit:");
        }
        self.suggestions(suggestions);
    }

    /// Questions, with the word each goes by in an answers file.
    fn questions(&mut self, questions: &[&Question]) {
        for question in questions {
            self.lines.text(&format!("{INDENT}- "), &format!("{} ({})", question.prompt, question.id));
        }
    }

    fn missing(&mut self) {
        let content = self.content;
        if content.missing.is_empty() {
            return;
        }
        self.lines.heading("What is missing");
        self.item(if content.missing.len() == 1 {
            "This answer can still change the outcome:"
        } else {
            "These answers can still change the outcome:"
        });
        for missing in &content.missing {
            self.questions(&[missing.question]);
            let alike = missing.answers.len() == 1;
            for (answers, outcome) in &missing.answers {
                let answers: Vec<String> = answers.iter().map(|answer| format!("\"{answer}\"")).collect();
                let given = if alike { "whatever it is".to_owned() } else { format!("if {}", answers.join(" or ")) };
                let (first, rest) = (format!("{INDENT}  "), format!("{INDENT}    "));
                self.lines.text_with(&first, &rest, &format!("{given}: {outcome}"));
            }
        }
        if let Some(first) = content.ask_first {
            self.item(&format!("Answer this first: \"{}\" It settles most.", first.prompt));
        }
    }

    fn changes(&mut self) {
        let content = self.content;
        if content.cut_short {
            self.lines.blank();
            self.item("There are more reasons and changes than can be worked out. They are left out.");
        }
        if !content.suggestions.shown.is_empty() {
            let title = &content.rulebook.outcome_text(Outcome::MeetsCriteria).title;
            self.lines.heading(&format!("What would lead to \"{title}\""));
        }
        self.suggestions(&content.suggestions);
    }

    fn suggestions(&mut self, suggestions: &Suggestions) {
        for (lead, what) in &suggestions.shown {
            self.lines.text(&format!("{INDENT}- "), &format!("{lead}: {what}"));
        }
        if let Some(others) = suggestions.others() {
            self.item(&others);
        }
    }

    /// The topics in their order, each with what was written and what to bring.
    fn topics(&mut self) {
        let topics = &self.content.topics;
        if topics.is_empty() {
            return;
        }
        let prepared = topics.iter().filter(|check| check.standing == Standing::Passes).count();
        let title = self.section(Section::Application);
        self.lines.heading(&format!("{title} {prepared} of {} topics prepared", topics.len()));
        for check in topics {
            self.check(check);
        }
    }

    fn obligations(&mut self) {
        if !self.content.obligations.is_empty() {
            self.lines.heading(self.section(Section::GoLive));
        }
        for check in &self.content.obligations {
            self.check(check);
        }
    }

    fn advice(&mut self, heading: &str, advice: &[Advice<'_>], is_numbered: bool) {
        if !advice.is_empty() {
            self.lines.heading(heading);
        }
        for (number, it) in (1..).zip(advice) {
            let lead = if is_numbered { format!("{:<3}", format!("{number}.")) } else { "-  ".to_owned() };
            let page = it.page.map_or_else(String::new, |page| format!(" ({})", page.title));
            self.lines.text(&lead, &format!("{}. {}{page}", it.title.trim_end_matches('.'), it.says.trim_end()));
        }
    }

    fn gate(&mut self) {
        let Some(gate) = &self.content.gate else { return };
        let (words, tone) = if gate.passes { ("passed", Tone::Good) } else { ("not passed", Tone::Bad) };
        self.lines.blank();
        self.lines.toned(tone, "", &format!("Gate {}: {words}", gate.gate.id()));
        if !gate.passes {
            self.item("In the way:");
        }
        for title in &gate.in_the_way {
            self.lines.text(&format!("{INDENT}- "), title);
        }
    }

    /// Everything that was answered, in the person's own words.
    fn answered(&mut self) {
        self.lines.heading("What you said");
        for (section, given) in &self.content.answered {
            self.item(section);
            for given in given {
                self.answer(&format!("{INDENT}- "), given);
            }
        }
        if self.content.answered.is_empty() {
            self.item("Nothing yet.");
        }
    }

    /// An answer with what stands beside it.
    fn answer(&mut self, lead: &str, given: &AnswerGiven<'_>) {
        let place = self.places.of(given.place());
        self.lines.text(lead, &format!("{} {}{place}", given.question.prompt, quoted(&given.label())));
        let below = " ".repeat(lead.len());
        if let Some(evidence) = &given.entry.evidence {
            self.lines.text(&below, &format!("Evidence: {evidence}"));
        } else if let Some(wanted) = given.question.evidence_for(&given.entry.answer) {
            self.lines.text(&below, &format!("Evidence to note: {wanted}"));
        }
        if let Some(note) = &given.entry.note {
            self.lines.text(&below, &format!("Note: {note}"));
        }
    }

    fn sources(&mut self) {
        self.lines.heading("Sources");
        for Page { title, url, last_edited, .. } in self.content.sources.iter().copied() {
            let edited = last_edited.as_ref().map_or_else(String::new, |date| format!(" (last edited: {date})"));
            self.lines.text("-  ", &format!("{title}{edited}"));
            self.lines.address(url);
        }
    }

    fn foot(&mut self) {
        let rulebook = self.content.rulebook;
        self.lines.blank();
        self.lines.text("", &rulebook.disclaimer);
        self.lines.toned(Tone::Quiet, "", &format!("Rules: {}, version {}.", rulebook.title, rulebook.version));
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
