//! The one list of all rules, of whatever kind. Whatever goes through all rules goes through this list, so that a new
//! key of the rule files is one line here.

use std::borrow::Cow;

use super::parts::{Part, PartValue, Parts};
use super::{
    Contradiction, Criterion, Decided, Fact, Finding, Note, Obligation, Outcome, OutcomeText, Page, Rulebook, Scenario,
    SectionText, Step, Term, Topic,
};
use crate::condition::Condition;
use crate::diagram::{AnyResult, Decision};
use crate::named::named;
use crate::problem::Place;
use crate::question::{Grounds, Question, QuestionOption, Section};

named! {
    /// What a rule is.
    #[non_exhaustive]
    pub enum RuleKind {
        /// What the rules are called, and what every report says.
        Manifest = "manifest",
        /// A page that rules cite.
        Source = "source",
        /// A part of the interview and of the report.
        Section = "section",
        /// What is asked.
        Question = "question",
        /// What a question offers.
        Option = "option",
        /// What the outcome is made of.
        Criterion = "criterion",
        /// What decides one of the criteria.
        Scenario = "scenario",
        /// Whether the service fits.
        Finding = "finding",
        /// What the application is talked through with.
        Topic = "topic",
        /// What is needed before going live.
        Obligation = "obligation",
        /// Answers that cannot all be true.
        Contradiction = "contradiction",
        /// What is added for some answers.
        Note = "note",
        /// What is said about an outcome.
        Outcome = "outcome",
        /// What to do next.
        NextStep = "next_step",
        /// What an applicant wants to know.
        Fact = "fact",
        /// A word explained.
        Term = "term",
    }
}

impl RuleKind {
    pub fn words(self) -> String {
        self.id().replace('_', " ")
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Rule<'r> {
    Manifest(&'r Rulebook),
    Source(&'r Page),
    Section(Section, &'r SectionText),
    /// With its `ask_when`.
    Question(&'r Question, Option<&'r Condition>),
    Option(&'r Question, &'r QuestionOption),
    Criterion(&'r Criterion),
    Scenario(&'r Scenario),
    Finding(&'r Finding),
    /// With all questions of the rulebook, into which it has indexes.
    Topic(&'r Topic, &'r [Question]),
    Obligation(&'r Obligation),
    Contradiction(&'r Contradiction),
    /// With the id of its rule and its index there.
    Note(&'r str, usize, &'r Note),
    Outcome(Outcome, &'r OutcomeText),
    NextStep(&'r Step),
    Fact(&'r Fact),
    Term(&'r Term),
}

#[doc(hidden)]
impl Rulebook {
    /// Every rule, in the order of the files. The rules inside a rule come right after it.
    pub fn rules(&self) -> Vec<Rule<'_>> {
        let mut all = vec![Rule::Manifest(self)];
        all.extend(self.pages.iter().map(Rule::Source));
        all.extend(Section::ALL.into_iter().zip(&self.sections).map(|(section, text)| Rule::Section(section, text)));
        for (question, asked) in self.questions.iter().zip(&self.ask_when) {
            all.push(Rule::Question(question, asked.as_ref().map(|(condition, _)| condition)));
            all.extend(question.options.iter().map(|option| Rule::Option(question, option)));
        }
        for criterion in &self.criteria {
            all.push(Rule::Criterion(criterion));
            all.extend(notes(&criterion.id, &criterion.notes));
        }
        for scenario in &self.scenarios {
            all.push(Rule::Scenario(scenario));
            all.extend(notes(&scenario.id, &scenario.notes));
        }
        all.extend(self.findings.iter().map(Rule::Finding));
        all.extend(self.topics.iter().map(|topic| Rule::Topic(topic, &self.questions)));
        for obligation in &self.obligations {
            all.push(Rule::Obligation(obligation));
            all.extend(notes(&obligation.id, &obligation.notes));
        }
        all.extend(self.contradictions.iter().map(Rule::Contradiction));
        for (outcome, text) in Outcome::ALL.into_iter().zip(&self.outcomes) {
            all.push(Rule::Outcome(outcome, text));
            all.extend(text.next_steps.iter().map(Rule::NextStep));
        }
        all.extend(self.facts.iter().map(Rule::Fact));
        all.extend(self.terms.iter().map(Rule::Term));
        all
    }

    pub fn ids(&self) -> Vec<Cow<'_, str>> {
        self.rules().into_iter().map(Rule::id).collect()
    }

    /// Every text for people, with the place of its rule.
    pub fn texts(&self) -> Vec<(&str, &Place)> {
        let rules = self.rules().into_iter();
        rules.flat_map(|rule| rule.texts().into_iter().map(move |text| (text, rule.place()))).collect()
    }
}

fn notes<'r>(owner: &'r str, notes: &'r [Note]) -> impl Iterator<Item = Rule<'r>> {
    notes.iter().enumerate().map(move |(index, note)| Rule::Note(owner, index, note))
}

impl<'r> Rule<'r> {
    /// Its kind, its name among its siblings, its place, and its grounds, if it has its own.
    fn header(self) -> (RuleKind, &'r str, &'r Place, Option<&'r Grounds>) {
        match self {
            Self::Manifest(all) => (RuleKind::Manifest, RuleKind::Manifest.id(), &all.place, None),
            Self::Source(page) => (RuleKind::Source, &page.id, &page.place, None),
            Self::Section(section, text) => (RuleKind::Section, section.id(), &text.place, None),
            Self::Question(asked, _) => (RuleKind::Question, &asked.id, &asked.place, Some(&asked.grounds)),
            Self::Option(_, option) => (RuleKind::Option, &option.value, &option.place, None),
            Self::Criterion(it) => (RuleKind::Criterion, &it.id, &it.place, Some(&it.grounds)),
            Self::Scenario(it) => (RuleKind::Scenario, &it.id, &it.place, Some(&it.grounds)),
            Self::Finding(it) => (RuleKind::Finding, &it.id, &it.place, Some(&it.grounds)),
            Self::Topic(it, _) => (RuleKind::Topic, &it.id, &it.place, Some(&it.grounds)),
            Self::Obligation(it) => (RuleKind::Obligation, &it.id, &it.place, Some(&it.grounds)),
            Self::Contradiction(it) => (RuleKind::Contradiction, &it.id, &it.place, Some(&it.grounds)),
            Self::Note(owner, _, note) => (RuleKind::Note, owner, &note.place, None),
            Self::Outcome(outcome, text) => (RuleKind::Outcome, outcome.id(), &text.place, None),
            Self::NextStep(it) => (RuleKind::NextStep, &it.id, &it.place, Some(&it.grounds)),
            Self::Fact(it) => (RuleKind::Fact, &it.id, &it.place, Some(&it.grounds)),
            Self::Term(it) => (RuleKind::Term, &it.id, &it.place, Some(&it.grounds)),
        }
    }

    pub fn kind(self) -> RuleKind {
        self.header().0
    }

    /// Its unique id: `some_question`, `some_question.none`, `outcome.incomplete`.
    pub fn id(self) -> Cow<'r, str> {
        let (kind, called, ..) = self.header();
        match self {
            Self::Section(..) | Self::Outcome(..) => format!("{kind}.{called}").into(),
            Self::Option(question, _) => format!("{}.{called}", question.id).into(),
            Self::Note(_, index, _) => format!("{called}.notes.{}", index + 1).into(),
            _ => called.into(),
        }
    }

    pub fn place(self) -> &'r Place {
        self.header().2
    }

    pub fn grounds(self) -> Option<&'r Grounds> {
        self.header().3
    }

    /// Whether it is part of the rule before it.
    pub fn is_inner(self) -> bool {
        matches!(self, Self::Option(..) | Self::Note(..) | Self::NextStep(_))
    }

    /// The name by which people know it.
    pub fn title(self) -> Option<&'r str> {
        self.parts().into_iter().find_map(|part| match part.value {
            PartValue::Words(words) if part.is_title() => Some(words),
            _ => None,
        })
    }

    pub fn number(self) -> Option<u8> {
        self.parts().into_iter().find_map(|part| match part.value {
            PartValue::Number(number) => Some(number),
            _ => None,
        })
    }

    pub fn texts(self) -> Vec<&'r str> {
        let texts = self.parts().into_iter().filter_map(|part| match part.value {
            PartValue::Text(text) => Some([Some(text.as_str()), text.reasoning.as_deref()]),
            PartValue::Words(words) => Some([Some(words), None]),
            _ => None,
        });
        texts.flatten().flatten().collect()
    }

    /// Its own decision, if it has one.
    pub fn decision(self) -> Option<Decision<AnyResult>> {
        match self {
            Self::Criterion(it) => Some(it.status.any()),
            Self::Finding(it) => Some(it.state.any()),
            Self::Topic(it, _) => Some(it.satisfied.any()),
            Self::Obligation(it) => Some(it.status.any()),
            Self::Contradiction(it) => Some(it.holds.any()),
            Self::Note(_, _, it) => Some(it.shown.any()),
            Self::NextStep(it) => Some(it.shown.any()),
            Self::Fact(it) => Some(it.shown.any()),
            // All scenarios together decide which one a product is in.
            Self::Scenario(_)
            | Self::Manifest(_)
            | Self::Source(_)
            | Self::Section(..)
            | Self::Question(..)
            | Self::Option(..)
            | Self::Outcome(..)
            | Self::Term(_) => None,
        }
    }

    pub fn conditions(self) -> Vec<(Cow<'static, str>, &'r Condition)> {
        // Most rules have no condition, and listing their parts takes a while.
        if matches!(self, Self::Manifest(_) | Self::Source(_) | Self::Section(..) | Self::Option(..))
            || matches!(self, Self::Question(_, None) | Self::Outcome(..) | Self::Term(_))
        {
            return Vec::new();
        }
        let parts = self.own_parts(Parts { listed: Vec::new(), all: false });
        let conditions = parts.listed.into_iter().filter_map(|part| match part.value {
            PartValue::Condition(condition) => Some((part.key, condition)),
            _ => None,
        });
        conditions.collect()
    }

    /// Every key of it, as in the rule files, except its id.
    pub fn parts(self) -> Vec<Part<'r>> {
        let parts = self.own_parts(Parts { listed: Vec::new(), all: true });
        match self.grounds() {
            Some(grounds) => parts.grounds(grounds).listed,
            None => parts.listed,
        }
    }

    fn own_parts(self, parts: Parts<'r>) -> Parts<'r> {
        match self {
            Self::Manifest(all) => (parts.name("id", all.id.as_str()))
                .words("title", all.title.as_str())
                .name("version", all.version.as_str())
                .words("summary", all.summary.as_str())
                .words("disclaimer", all.disclaimer.as_str())
                .words("short", all.short.as_deref())
                .words("subject.one", all.subject.one.as_str())
                .words("subject.many", all.subject.many.as_str())
                .words("service", all.service.as_deref())
                .words("letter.opening", all.letter.as_ref().map(|letter| letter.opening.as_str()))
                .words("letter.reply", all.letter.as_ref().map(|letter| letter.reply.as_str()))
                .members("sources", &all.pages, |page| &page.id)
                .members("questions", &all.questions, |question| &question.id)
                .members("criteria", &all.criteria, |criterion| &criterion.id)
                .members("scenarios", &all.scenarios, |scenario| &scenario.id)
                .members("findings", &all.findings, |finding| &finding.id)
                .members("topics", &all.topics, |topic| &topic.id)
                .members("obligations", &all.obligations, |obligation| &obligation.id)
                .members("contradictions", &all.contradictions, |contradiction| &contradiction.id)
                .members("facts", &all.facts, |fact| &fact.id)
                .members("terms", &all.terms, |term| &term.id),
            Self::Source(page) => (parts.words("title", page.title.as_str()))
                .words("publisher", page.publisher.as_deref())
                .name("url", page.url.as_str())
                .name("last_edited", page.last_edited.as_deref()),
            Self::Section(_, text) => parts.words("title", text.title.as_str()).text("intro", &text.intro),
            Self::Question(question, ask_when) => (parts.name("section", question.section.id()))
                .name("kind", question.kind.id())
                .words("prompt", question.prompt.as_str())
                .text("hint", question.hint.as_ref())
                .text("more", question.more.as_ref())
                .members("options", &question.options, |option| &option.value)
                .condition("ask_when", ask_when)
                .flag("changeable", question.changeable, true)
                .flag("best_first", question.best_first, false)
                .flag("not_sure", question.not_sure, true)
                .name("changed.version", question.changed.as_ref().map(|changed| changed.version.as_str()))
                .words("changed.why", question.changed.as_ref().map(|changed| changed.why.as_str())),
            Self::Option(question, option) => {
                let parts = (parts.words("label", option.label.as_str()))
                    .text("hint", option.hint.as_ref())
                    .words("action", option.action.as_deref())
                    .words("evidence", option.evidence.as_deref())
                    .flag("none", option.none, false)
                    .flag("changeable", option.changeable, true)
                    .names("reads_as", question.chosen(option.reads_as).map(|(_, read)| read.value.as_str()))
                    .text("says", option.says.as_ref())
                    .words("short", option.short.as_deref());
                option.turns_out.iter().fold(parts, |parts, (index, words)| {
                    parts.words(format!("turns_out.{}", question.options[*index].value), words.as_str())
                })
            }
            Self::Criterion(criterion) => {
                let titled = parts.number("number", criterion.number).words("title", criterion.title.as_str());
                let decided = match &criterion.decided {
                    Decided::ByConditions { met_when, discuss_when, otherwise } => (titled
                        .condition("met_when", met_when))
                    .condition("discuss_when", discuss_when.as_ref())
                    .name("otherwise", otherwise.id()),
                    Decided::ByScenarios { words_met_when } => {
                        (titled.name("decided_by", "scenarios")).condition("words_met_when", words_met_when.as_ref())
                    }
                };
                decided.status_texts(&criterion.says)
            }
            Self::Scenario(scenario) => (parts.number("number", scenario.number))
                .words("title", scenario.title.as_str())
                .condition("when", (!scenario.otherwise).then_some(&scenario.when))
                .flag("otherwise", scenario.otherwise, false)
                .name("criterion", scenario.criterion.id())
                .text("says", &scenario.says)
                .words("short", scenario.short.as_deref())
                .text("departs_because", scenario.departs_because.as_ref()),
            Self::Finding(finding) => (parts.name("kind", finding.kind.id()))
                .words("title", finding.title.as_str())
                .condition("when", &finding.when)
                .text("says", &finding.says)
                .text("not_sure", finding.not_sure.as_ref()),
            Self::Topic(topic, questions) => (parts.number("number", topic.number))
                .words("title", topic.title.as_str())
                .text("prepare", &topic.prepare)
                .names("questions", topic.questions.iter().map(|index| questions[*index].id.as_str()))
                .condition("prepared_when", topic.prepared_when.as_ref()),
            Self::Obligation(obligation) => (parts.words("title", obligation.title.as_str()))
                .condition("met_when", &obligation.met_when)
                .name("otherwise", obligation.otherwise.id())
                .status_texts(&obligation.says),
            Self::Contradiction(contradiction) => {
                parts.condition("when", &contradiction.when).text("says", &contradiction.says)
            }
            Self::Note(_, _, note) => parts.condition("when", &note.when).text("says", &note.says),
            Self::Outcome(_, text) => (parts.words("title", text.title.as_str()))
                .text("meaning", &text.meaning)
                .members("next_steps", &text.next_steps, |step| &step.id),
            Self::NextStep(step) => (parts.words("title", step.title.as_str()))
                .text("says", &step.says)
                .name("go_to", step.go_to.as_deref())
                .condition("when", step.when.as_ref()),
            Self::Fact(fact) => (parts.words("title", fact.title.as_str()))
                .text("says", &fact.says)
                .condition("when", fact.when.as_ref())
                .names("outcomes", fact.outcomes.iter().map(|outcome| outcome.id())),
            Self::Term(term) => (parts.words("term", term.term.as_str()))
                .names("also", term.also.iter().map(String::as_str))
                .text("meaning", &term.meaning),
        }
    }
}
