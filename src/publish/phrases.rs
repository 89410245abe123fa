//! Puts the keys of a rule into words. A key without words of its own appears under its name, so that none is left out.

use crate::question::{Basis, Kind};
use crate::rulebook::{Part, PartValue, Rule, RuleKind, Rulebook, as_asked, widened};
use crate::wording::{Text, sentence};

/// The texts that need no lead.
const PLAIN_TEXTS: [&str; 6] = ["intro", "hint", "more", "meaning", "prepare", "says"];

/// One statement of a rule.
pub(super) struct Phrase {
    /// What the text is about, if it does not say so itself.
    pub(super) lead: Option<String>,
    pub(super) text: String,
    /// Our own reading of the source.
    pub(super) reading: Option<String>,
    /// Whether it is for short reports, letters or the program, and not for whoever reads up on the rules.
    pub(super) is_internal: bool,
}

impl Phrase {
    fn new(lead: Option<String>, text: String) -> Self {
        Self { lead, text, reading: None, is_internal: false }
    }

    /// The text with our reading, marked as such.
    pub(super) fn whole(&self) -> String {
        Text::new(self.text.clone(), self.reading.clone(), None).to_string()
    }

    /// The lead and the text.
    pub(super) fn in_a_line(&self) -> String {
        let whole = self.whole();
        self.lead.as_ref().map_or_else(|| whole.clone(), |lead| format!("{}: {whole}", sentence(lead)))
    }
}

/// The heading of a rule.
pub(super) fn heading(rulebook: &Rulebook, rule: Rule<'_>) -> String {
    match rule {
        Rule::Note(_, _, note) => format!("If {}", as_asked(rulebook, &note.when)),
        Rule::Option(_, option) => format!("{}: {}", option.value, option.label),
        _ => rule.title().unwrap_or(&rule.id()).to_owned(),
    }
}

/// Each top-level rule, with the rules nested in it.
pub(super) fn whole<'a, 'r>(rules: &'a [Rule<'r>]) -> impl Iterator<Item = (Rule<'r>, &'a [Rule<'r>])> {
    rules
        .chunk_by(|_, next| next.is_inner())
        .filter_map(|whole| whole.split_first().map(|(rule, inner)| (*rule, inner)))
}

/// All statements of a rule but its heading and its source, the texts for applicants first. Nested rules are not included.
pub(super) fn phrases(rulebook: &Rulebook, rule: Rule<'_>) -> Vec<Phrase> {
    let parts = rule.parts();
    let is_plain_text =
        |part: &&Part<'_>| matches!(part.value, PartValue::Text(_)) && PLAIN_TEXTS.contains(&part.key.as_ref());
    let (texts, others): (Vec<_>, Vec<_>) = parts.iter().partition(is_plain_text);
    texts.into_iter().chain(others).flat_map(|part| part_phrases(rulebook, rule.kind(), part)).collect()
}

fn part_phrases(rulebook: &Rulebook, kind: RuleKind, part: &Part<'_>) -> Vec<Phrase> {
    let key = part.key.as_ref();
    let value = part.value.as_asked(rulebook, key);
    let alone = |text: String| vec![Phrase::new(None, text)];
    let spaced = value.replace('_', " ");
    match (&part.value, key) {
        _ if part.is_title() || part.is_default() => Vec::new(),
        (PartValue::Number(_) | PartValue::Members(_), _)
        | (_, "source.page" | "source.section" | "source.item" | "basis" | "reasoning") => Vec::new(),
        (PartValue::Text(text), _) => {
            let lead = (!PLAIN_TEXTS.contains(&key)).then(|| lead(key));
            let phrase = Phrase { reading: text.reading.clone(), ..Phrase::new(lead, text.says.clone()) };
            let reasoning = text.reasoning.as_ref();
            let reasoning = reasoning.map(|text| Phrase::new(Some("why we read it so".to_owned()), text.clone()));
            std::iter::once(phrase).chain(reasoning).collect()
        }
        (_, "met_when") => alone(format!("Met when {value}.")),
        (_, "discuss_when") => alone(format!("Otherwise to discuss when {value}.")),
        (PartValue::Flag { .. }, "otherwise") => alone("All that the scenarios before it leave.".to_owned()),
        (_, "otherwise") => alone(format!("Otherwise {spaced}.")),
        (_, "decided_by") => alone(format!("Decided by the scenario that the {} is in.", rulebook.subject.one)),
        (_, "words_met_when") => alone(format!("Its own words are met when {value}.")),
        (_, "criterion") => alone(format!("Makes the criterion that scenarios decide: {spaced}.")),
        (_, "when") if kind == RuleKind::Note => Vec::new(),
        (_, "when") => alone(format!("When {value}.")),
        (PartValue::Condition(when), "ask_when") => {
            alone(format!("Asked when {}.", as_asked(rulebook, &widened(rulebook, when))))
        }
        (_, "questions") => alone(format!("Prepared by answering {value}.")),
        (_, "prepared_when") => alone(format!("Prepared only when {value}.")),
        (_, "outcomes") => alone(format!("Shown with {value}.")),
        (_, "reads_as") => alone(format!("Counts as one of these, and the source does not say which: {value}.")),
        _ if key.starts_with("turns_out.") => alone(format!("It may turn out that {value}.")),
        (_, "kind") if kind == RuleKind::Question => alone(format!("Answer: {}.", answers(&value))),
        (PartValue::Flag { .. }, "changeable") => alone("A fact: no report proposes to change it.".to_owned()),
        (PartValue::Flag { .. }, "best_first") => alone("The answers stand in order, the best first.".to_owned()),
        (PartValue::Flag { .. }, "not_sure") => alone("It cannot be answered with not_sure.".to_owned()),
        (PartValue::Flag { .. }, "none") => alone("Excludes the others.".to_owned()),
        (_, "summary" | "disclaimer" | "url" | "says") => alone(value),
        _ => {
            let is_internal = ["short", "letter", "subject"].contains(&key.split('.').next().unwrap_or_default());
            vec![Phrase { is_internal, ..Phrase::new(Some(lead(key)), value) }]
        }
    }
}

/// A key in words: `says.not_met` is "not met", `short.met` is "met, in short".
fn lead(key: &str) -> String {
    let words = key.replace('_', " ");
    match words.split_once('.') {
        Some(("says", status)) => status.to_owned(),
        Some(("short", status)) => format!("{status}, in short"),
        Some((whole, part)) => format!("{whole}, {part}"),
        None => words,
    }
}

fn answers(kind: &str) -> &'static str {
    match Kind::named(kind) {
        Some(Kind::YesNo) => "yes or no",
        Some(Kind::Choice) => "one of these",
        Some(Kind::Choices) => "any of these",
        Some(Kind::Text) | None => "text",
    }
}

pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Published => "published",
        Basis::Interpretation => "our interpretation",
    }
}
