//! The report for people: the outcome first, then why, what is missing, what would change it, and what to do next.

use std::fmt::Write as _;

use super::checks::{criterion_words, fit_words, obligation_words};
use super::{Checked, Report, Totals, Verdict, moves};
use crate::answers::Entry;
use crate::assessment::{
    ChangeKind, ChangeSet, CriterionResult, FindingResult, FindingState, FitOutcome, ObligationResult, Prospect,
    Reasons, TopicResult,
};
use crate::gate::Gate;
use crate::question::{Basis, Grounds, Question, Section};
use crate::rulebook::{FindingKind, Outcome, Scenario, Status, numbered};
use crate::style::{Style, Tone, clean};

/// How far what belongs to a heading stands to the right of it.
const INDENT: &str = "   ";

/// One report after another, with a line between them.
pub(super) struct Pages {
    style: Style,
    out: String,
}

impl Pages {
    pub(super) fn new(style: Style) -> Self {
        Self { style, out: String::new() }
    }
}

impl super::Pages for Pages {
    fn add(&mut self, file: &Checked<'_>) {
        if let Verdict::Assessed(report) = &file.verdict {
            if !self.out.is_empty() {
                let _ = write!(self.out, "\n{}\n\n", "=".repeat(self.style.width.min(80)));
            }
            self.out.push_str(&render(report, self.style));
        }
    }

    fn finish(self: Box<Self>, _: &Totals) -> String {
        self.out
    }
}

fn render(report: &Report<'_>, style: Style) -> String {
    let mut page = Page { report, style, out: String::new() };
    page.headline();
    page.criteria();
    page.scenario();
    page.fit();
    page.missing();
    page.changes();
    page.application();
    page.go_live();
    page.next_steps();
    page.facts();
    page.gate();
    page.footer();
    page.out
}

struct Page<'a> {
    report: &'a Report<'a>,
    style: Style,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        let wrapped = self.style.wrap("", &clean(text));
        for line in wrapped.lines() {
            self.line(&self.style.paint(Tone::Strong, line));
        }
    }

    /// A line under a heading.
    fn item(&mut self, text: &str) {
        let wrapped = self.style.wrap(INDENT, &clean(text));
        self.line(&wrapped);
    }

    /// A line led by a mark, such as a dash or a number.
    fn bullet(&mut self, mark: &str, text: &str) {
        let wrapped = self.style.wrap(&format!("{INDENT}{mark} "), &clean(text));
        self.line(&wrapped);
    }

    /// A line of less weight.
    fn quiet(&mut self, text: &str) {
        let wrapped = self.style.wrap(INDENT, &clean(text));
        for line in wrapped.lines() {
            self.line(&self.style.paint(Tone::Quiet, line));
        }
    }

    /// "2. Is free to use: Not met", the status in colour if it stands on one line with the rest.
    fn status_line(&mut self, lead: &str, title: &str, status: &str, tone: Tone) {
        let text = format!("{}: {status}", clean(title));
        let wrapped = self.style.wrap(lead, &text);
        match wrapped.strip_suffix(status) {
            Some(before) => {
                let painted = self.style.paint(tone, status);
                self.line(&format!("{before}{painted}"));
            }
            None => self.line(&wrapped),
        }
    }

    fn headline(&mut self) {
        let Report { answers, assessment, rulebook, .. } = self.report;
        let product = match &answers.organisation {
            Some(organisation) => format!("{} ({organisation})", answers.product),
            None => answers.product.clone(),
        };
        let wrapped = self.style.wrap("", &clean(&product));
        self.line(&wrapped);
        let text = rulebook.outcome_text(assessment.outcome);
        let tone = match assessment.outcome {
            Outcome::MeetsCriteria => Tone::Good,
            Outcome::NeedsDiscussion | Outcome::Incomplete => Tone::Caution,
            Outcome::DoesNotMeet => Tone::Bad,
        };
        self.out.push('\n');
        let wrapped = self.style.wrap("", &format!("Outcome: {}", clean(&text.title)));
        for line in wrapped.lines() {
            self.line(&self.style.paint(tone, line));
        }
        // No outcome is read without the fit beside it.
        let fit = fit_words(assessment.fit.outcome);
        self.status_line("", "Fit", fit, fit_tone(assessment.fit.outcome));
        self.out.push('\n');
        let wrapped = self.style.wrap("", &clean(&text.meaning));
        self.line(&wrapped);
        if assessment.outcome == Outcome::Incomplete {
            let titles: Vec<&str> = assessment
                .possible_outcomes
                .iter()
                .map(|outcome| rulebook.outcome_text(*outcome).title.as_str())
                .collect();
            let wrapped = self.style.wrap("", &clean(&format!("Still possible: {}.", titles.join("; "))));
            self.line(&wrapped);
        }
    }

    fn criteria(&mut self) {
        self.heading("Criteria");
        for result in &self.report.assessment.criteria {
            self.criterion(result);
        }
    }

    fn criterion(&mut self, result: &CriterionResult<'_>) {
        let words = criterion_words(result.status);
        let tone = match result.status {
            Status::Met => Tone::Good,
            Status::NotMet => Tone::Bad,
            Status::ToDiscuss | Status::Unknown => Tone::Caution,
        };
        let lead = lead(result.criterion.number);
        self.status_line(&lead, &result.criterion.title, words, tone);
        if let Some(says) = result.says {
            self.item(says);
        }
        if let Some(scenarios) = named(&result.scenarios) {
            self.item(&format!("It can come under {scenarios}."));
        }
        for says in result.open.iter().filter_map(|offer| offer.says.as_ref()) {
            self.item(says);
        }
        for note in &result.notes {
            self.item(note);
        }
        if result.status == Status::Unknown {
            self.item(&format!("Still to answer: {}.", ids(&result.missing)));
        }
        self.because(&result.because);
        self.grounds(&result.criterion.grounds);
    }

    /// The smallest set of answers that forces something, in the person's own terms and with its place.
    fn because(&mut self, reasons: &Reasons<'_>) {
        let given: Vec<String> =
            reasons.first().into_iter().flatten().filter_map(|question| self.given(question)).collect();
        if !given.is_empty() {
            self.item(&format!("Because you answered {}.", given.join(" and ")));
        }
    }

    /// `"No" to open_to_all (answers.yaml:4)`
    fn given(&self, question: &Question) -> Option<String> {
        let (index, _) = self.report.rulebook.question(&question.id)?;
        let Entry { answer, place, evidence, .. } = self.report.answers.get(index)?;
        let place =
            place.as_ref().map_or_else(String::new, |place| format!(" ({}:{})", place.source.name, place.line()));
        let evidence = evidence.as_ref().map_or_else(String::new, |evidence| format!(", with evidence {evidence}"));
        Some(format!("\"{}\" to {}{place}{evidence}", question.label(answer), question.id))
    }

    fn grounds(&mut self, grounds: &Grounds) {
        let basis = match grounds.basis {
            Basis::Published => "",
            Basis::Interpretation => " Our interpretation.",
        };
        self.quiet(&format!("Source: {}.{basis}", grounds.source));
    }

    fn scenario(&mut self) {
        let assessment = &self.report.assessment;
        if let Some(result) = &assessment.scenario {
            let scenario = result.scenario;
            match scenario.number {
                Some(number) => self.heading(&format!("Scenario {number}: {}", scenario.title)),
                None => self.heading(&format!("No published scenario: {}", scenario.title)),
            }
            // What the scenario says stands with the criterion that it decides.
            for note in &result.notes {
                self.item(note);
            }
            self.grounds(&scenario.grounds);
        } else if !assessment.possible_scenarios.is_empty() {
            self.heading("Scenario: not decided yet");
            self.item("Still possible:");
            for scenario in &assessment.possible_scenarios {
                let number = scenario.number.map_or_else(String::new, |number| format!("{number}, "));
                self.bullet("-", &format!("{number}{}", scenario.title));
            }
        }
    }

    fn fit(&mut self) {
        let fit = &self.report.assessment.fit;
        let title = &self.report.rulebook.section(Section::Fit).title;
        self.heading(title);
        let line = format!("{INDENT}{}", self.style.paint(fit_tone(fit.outcome), fit_words(fit.outcome)));
        self.line(&line);
        for result in &fit.findings {
            self.finding(result);
        }
        if fit.outcome == FitOutcome::Fits && self.shown_findings() == 0 {
            self.item("Nothing in your answers speaks against it.");
        }
        if !fit.missing.is_empty() {
            self.item("Still to answer:");
            self.questions(&fit.missing);
        }
        if fit.outcome == FitOutcome::DoesNotFit || fit.outcome == FitOutcome::FitsWithConditions {
            if !fit.changes.known().is_empty() {
                self.item("What would make it fit:");
            }
            self.change_sets(fit.changes.known());
        }
    }

    fn shown_findings(&self) -> usize {
        let shown = |result: &&FindingResult<'_>| finding_words(result).is_some();
        self.report.assessment.fit.findings.iter().filter(shown).count()
    }

    fn finding(&mut self, result: &FindingResult<'_>) {
        let Some((words, tone, says)) = finding_words(result) else { return };
        self.status_line("-  ", &result.finding.title, words, tone);
        self.item(says);
        self.because(&result.because);
        self.grounds(&result.finding.grounds);
    }

    fn questions(&mut self, questions: &[&Question]) {
        for question in questions {
            self.bullet("-", &format!("{}: {}", question.id, question.prompt));
            let values: Vec<&str> = question.values().collect();
            if !values.is_empty() {
                let wrapped =
                    self.style.wrap(&format!("{INDENT}  "), &clean(&format!("{}, not_sure", values.join(", "))));
                for line in wrapped.lines() {
                    self.line(&self.style.paint(Tone::Quiet, line));
                }
            }
        }
    }

    fn missing(&mut self) {
        let missing = &self.report.assessment.missing;
        if missing.is_empty() {
            return;
        }
        self.heading("What is missing");
        self.item(if missing.len() == 1 {
            "This answer can still change the outcome:"
        } else {
            "These answers can still change the outcome:"
        });
        for prospect in &self.report.assessment.prospects {
            self.prospect(prospect);
        }
        if let (Some(first), true) = (self.report.assessment.ask_first, missing.len() > 1) {
            self.item(&format!("Answer {} first: it settles most.", first.id));
        }
    }

    /// What each answer to a question would do, answers that do the same taken together.
    fn prospect(&mut self, prospect: &Prospect<'_>) {
        let question = prospect.question;
        self.bullet("-", &format!("{}: {}", question.id, question.prompt));
        let mut together: Vec<(Vec<String>, &[Outcome])> = Vec::new();
        for (answer, outcomes) in &prospect.answers {
            let words = question.words(answer);
            let words = if words.is_empty() { "[]".to_owned() } else { words };
            match together.iter_mut().find(|(_, known)| known == outcomes) {
                Some((answers, _)) => answers.push(words),
                None => together.push((vec![words], outcomes)),
            }
        }
        let alike = together.len() == 1;
        for (answers, outcomes) in together {
            let given = if alike { "whatever it is".to_owned() } else { format!("if {}", answers.join(" or ")) };
            let wrapped = self.style.wrap_with(
                &format!("{INDENT}  "),
                &format!("{INDENT}    "),
                &clean(&format!("{}: {}", given, prospect_words(outcomes))),
            );
            self.line(&wrapped);
        }
    }

    fn changes(&mut self) {
        let assessment = &self.report.assessment;
        if assessment.is_cut_short() {
            self.out.push('\n');
            self.item("There are more reasons and changes than can be worked out. They are left out.");
        }
        if assessment.outcome != Outcome::Incomplete {
            let sets = assessment.changes.known();
            if !sets.is_empty() {
                let title = &self.report.rulebook.outcome_text(Outcome::MeetsCriteria).title;
                self.heading(&format!("What would lead to \"{title}\""));
            }
            self.change_sets(sets);
        }
    }

    /// The first set that is made of changes alone, the first with something to find out, and how many more.
    fn change_sets(&mut self, sets: &[ChangeSet<'_>]) {
        let to_find_out = |set: &&ChangeSet<'_>| set.changes.iter().any(|change| change.kind == ChangeKind::FindOut);
        let changes = sets.iter().find(|set| !to_find_out(set));
        let found_out = sets.iter().find(to_find_out);
        let mut told = 0;
        for (lead, set) in [("What you can do", changes), ("Find out", found_out)] {
            let Some(set) = set else { continue };
            let lead = if told > 0 { format!("Or {}", lead.to_lowercase()) } else { lead.to_owned() };
            let alike: Vec<&ChangeSet<'_>> = sets.iter().filter(|other| moves::serve_alike(set, other)).collect();
            let decided = self.report.assessment.scenario.as_ref().map(|result| &result.scenario.id);
            let scenario = set.scenario.filter(|scenario| Some(&scenario.id) != decided);
            let number = scenario.and_then(|scenario| scenario.number);
            let leads_to = number.map_or_else(String::new, |number| format!(" → scenario\u{a0}{number}"));
            self.bullet("-", &format!("{lead}: {}{leads_to}", moves::words(&alike)));
            told += alike.len();
        }
        if sets.len() > told {
            let ways = if sets.len() == told + 1 { "way" } else { "ways" };
            self.item(&format!("and {} other {ways}; --format json lists them all", sets.len() - told));
        }
    }

    fn application(&mut self) {
        let topics = &self.report.assessment.application;
        if topics.is_empty() {
            return;
        }
        let prepared = topics.iter().filter(|topic| topic.prepared()).count();
        let title = &self.report.rulebook.section(Section::Application).title;
        self.heading(&format!("{title} {prepared} of {} topics prepared", topics.len()));
        for result in topics {
            self.topic(result);
        }
    }

    fn topic(&mut self, result: &TopicResult<'_>) {
        let lead = lead(result.topic.number);
        if result.prepared() {
            self.status_line(&lead, &result.topic.title, "Prepared", Tone::Good);
            return;
        }
        self.status_line(&lead, &result.topic.title, "Not prepared", Tone::Caution);
        self.item(&result.topic.prepare);
        if !result.lacking.is_empty() {
            self.item(&format!("Still to answer: {}.", ids(&result.lacking)));
        }
    }

    fn go_live(&mut self) {
        let owed = &self.report.assessment.go_live;
        if owed.is_empty() {
            return;
        }
        self.heading(&self.report.rulebook.section(Section::GoLive).title);
        for result in owed {
            self.obligation(result);
        }
    }

    fn obligation(&mut self, result: &ObligationResult<'_>) {
        let words = obligation_words(result.status);
        let tone = if result.status == Status::Met { Tone::Good } else { Tone::Caution };
        self.status_line("-  ", &result.obligation.title, words, tone);
        if let Some(says) = result.obligation.says.for_status(result.status) {
            self.item(says);
        }
        for note in &result.notes {
            self.item(note);
        }
        if !result.missing.is_empty() {
            self.item(&format!("Still to answer: {}.", ids(&result.missing)));
        }
        self.grounds(&result.obligation.grounds);
    }

    fn next_steps(&mut self) {
        let steps = &self.report.assessment.next_steps;
        if steps.is_empty() {
            return;
        }
        self.heading("Next steps");
        for (number, step) in (1..).zip(steps) {
            let says = format!("{}. {}", step.title.trim_end_matches('.'), step.says);
            let wrapped = self.style.wrap(&lead(Some(number)), &clean(&says));
            self.line(&wrapped);
        }
    }

    fn facts(&mut self) {
        let facts = &self.report.assessment.facts;
        if facts.is_empty() {
            return;
        }
        self.heading("Good to know");
        for fact in facts {
            let wrapped =
                self.style.wrap("-  ", &clean(&format!("{}. {}", fact.title.trim_end_matches('.'), fact.says)));
            self.line(&wrapped);
        }
    }

    /// What the gate says, wherever it says more than the outcome does.
    fn gate(&mut self) {
        let judgement = &self.report.judgement;
        if judgement.gate == Gate::Eligibility && judgement.lacking.iter().all(|(id, _)| id == "outcome") {
            return;
        }
        let (words, tone) =
            if judgement.lacking.is_empty() { ("passed", Tone::Good) } else { ("not passed", Tone::Bad) };
        self.out.push('\n');
        self.status_line("", &format!("Gate {}", judgement.gate.id()), words, tone);
        if !judgement.lacking.is_empty() {
            let ids: Vec<&str> = judgement.lacking.iter().map(|(id, _)| id.as_str()).collect();
            self.item(&format!("In the way: {}.", ids.join(", ")));
        }
    }

    fn footer(&mut self) {
        let rulebook = self.report.rulebook;
        self.out.push('\n');
        let wrapped = self.style.wrap("", &clean(&rulebook.disclaimer));
        self.line(&wrapped);
        let wrapped = self.style.wrap("", &clean(&format!("Rules: {}, version {}.", rulebook.title, rulebook.version)));
        for line in wrapped.lines() {
            self.line(&self.style.paint(Tone::Quiet, line));
        }
    }
}

fn ids(questions: &[&Question]) -> String {
    questions.iter().map(|question| question.id.as_str()).collect::<Vec<_>>().join(", ")
}

/// "scenario 1 or 3", or their titles where they have no numbers; nothing where there is no choice.
fn named(scenarios: &[&Scenario]) -> Option<String> {
    if scenarios.len() < 2 {
        return None;
    }
    let numbers: Option<Vec<String>> =
        scenarios.iter().map(|scenario| scenario.number.map(|n| n.to_string())).collect();
    match numbers {
        Some(numbers) => Some(format!("scenario {}", numbers.join(" or "))),
        None => {
            let titles = scenarios.iter().map(|scenario| format!("\"{}\"", numbered(scenario.number, &scenario.title)));
            Some(titles.collect::<Vec<_>>().join(" or "))
        }
    }
}

/// What the criteria can still come to.
fn prospect_words(outcomes: &[Outcome]) -> &'static str {
    match outcomes {
        [Outcome::MeetsCriteria] => "meets the criteria",
        [Outcome::NeedsDiscussion] => "needs further discussion",
        [Outcome::DoesNotMeet] => "does not meet the criteria",
        [Outcome::MeetsCriteria, ..] => "can still meet the criteria",
        _ => "needs further discussion at best",
    }
}

fn fit_tone(outcome: FitOutcome) -> Tone {
    match outcome {
        FitOutcome::Fits => Tone::Good,
        FitOutcome::FitsWithConditions | FitOutcome::Unknown => Tone::Caution,
        FitOutcome::DoesNotFit => Tone::Bad,
    }
}

/// How a finding is headed and what it says, if it has anything to say.
fn finding_words<'r>(result: &FindingResult<'r>) -> Option<(&'static str, Tone, &'r str)> {
    let finding = result.finding;
    match (result.state, finding.kind) {
        (FindingState::Holds, FindingKind::Blocker) => Some(("Blocker", Tone::Bad, &finding.says)),
        (FindingState::Holds, FindingKind::Condition) => Some(("Condition", Tone::Caution, &finding.says)),
        (FindingState::Holds, FindingKind::Note) => Some(("Note", Tone::Quiet, &finding.says)),
        // What is left open is dealt with like a condition, whatever it may turn out to be.
        (FindingState::Open, FindingKind::Blocker | FindingKind::Condition) => {
            Some(("Condition, not sure", Tone::Caution, finding.not_sure.as_deref().unwrap_or(&finding.says)))
        }
        (FindingState::Open, FindingKind::Note) | (FindingState::DoesNotHold | FindingState::Unknown, _) => None,
    }
}

/// What an item of a list begins with: its number, if it has one.
fn lead(number: Option<u8>) -> String {
    number.map_or_else(|| "-  ".to_owned(), |number| format!("{:<3}", format!("{number}.")))
}
