//! Explains a rule, a word or a problem code.

use std::borrow::Cow;

use askama::Template;

use super::phrases::{Phrase, heading, phrases, whole};
use crate::outcome::{FitOutcome, Status};
use crate::problem::{CODES, Code};
use crate::question::Basis;
use crate::question::likeness::stems;
use crate::report::as_text;
use crate::rulebook::{Part, PartValue, Rule, RuleKind, Rulebook};
use crate::style::Style;
use crate::wording::sentence;

/// The most words that may stand between those of a phrase.
const NEAR: usize = 5;

/// The explanation of an id, a code or a word; `None` if it is unknown. All meanings of a word are explained.
pub fn render(rulebook: &Rulebook, wanted: &str, style: Style) -> Option<String> {
    let all = rulebook.rules();
    let code = wanted.to_ascii_uppercase().parse().ok();
    let mut explanation = Explanation { rulebook, code, rules: Vec::new(), fit: None, status: None };
    if explanation.code.is_none() {
        let is_id = all.iter().any(|rule| rule.id() == wanted);
        // A question is often named after the term it asks about, so a term is explained along with the rule of that id.
        let matches = |rule: &&Rule<'_>| {
            rule.id() == wanted || ((!is_id || rule.kind() == RuleKind::Term) && is_called(**rule, wanted))
        };
        let inner = |rule: Rule<'_>| whole(&all).find(|(owner, _)| owner.id() == rule.id()).map(|(_, inner)| inner);
        let found = all.iter().filter(matches).map(|rule| (*rule, inner(*rule).unwrap_or_default()));
        explanation.rules = found.collect();
        explanation.rules.sort_by_key(|(rule, _)| rule.kind() != RuleKind::Term);
    }
    // If no rule has this name, it may be a status.
    if explanation.code.is_none() && explanation.rules.is_empty() {
        let name = plain(wanted).replace(' ', "_");
        (explanation.fit, explanation.status) = (FitOutcome::named(&name), Status::named(&name));
    }
    Some(as_text(&explanation, style)).filter(|text| !text.is_empty())
}

/// The ids of the rules that speak of something: those in which a text has its words side by side come first, then those
/// that have all of them near each other, in one form or another; of each, questions and terms before the others.
pub fn mentions(rulebook: &Rulebook, wanted: &str) -> Vec<String> {
    let words = stems(&plain(wanted));
    let mut found: Vec<((bool, bool), Cow<'_, str>)> = Vec::new();
    let mut owner = None;
    for rule in rulebook.rules() {
        // Options and notes are explained with the rule they belong to.
        let owner = match owner {
            Some(owner) if matches!(rule.kind(), RuleKind::Option | RuleKind::Note) => owner,
            _ => *owner.insert(rule),
        };
        let apart = rule.parts().iter().filter_map(|part| distance(&words, &said(part))).min();
        let looked_up = matches!(owner.kind(), RuleKind::Question | RuleKind::Term);
        found.extend(apart.map(|apart| ((apart > 0, !looked_up), owner.id())));
    }
    found.sort_by_key(|(rank, _)| *rank);
    let mut ids: Vec<String> = Vec::new();
    for (_, id) in found {
        if !ids.iter().any(|known| *known == id) {
            ids.push(id.into_owned());
        }
    }
    ids
}

/// What a key says to people, without the place that it comes from.
fn said(part: &Part<'_>) -> String {
    match &part.value {
        _ if part.key.starts_with("source.") => String::new(),
        PartValue::Text(text) => text.to_string(),
        PartValue::Words(words) => (*words).to_owned(),
        PartValue::Names(names) if part.key == "also" => names.join(" "),
        _ => String::new(),
    }
}

/// How many words stand between these in a text, at least; `None` if it does not have all of them near each other.
fn distance(words: &[String], text: &str) -> Option<usize> {
    let text = stems(&plain(text));
    let has_all = |reach: &usize| text.windows(*reach).any(|near| words.iter().all(|word| near.contains(word)));
    let least = words.len().max(1);
    let reach = (least..=least + NEAR).filter(|_| !words.is_empty()).find(has_all);
    reach.map(|reach| reach - least)
}

/// Everything that can be explained, by kind, with titles.
pub(crate) fn list(rulebook: &Rulebook, style: Style) -> String {
    // Options and notes are explained with the rule they belong to.
    let is_listed = |rule: &Rule<'_>| !matches!(rule, Rule::Option(..) | Rule::Note(..));
    as_text(&Everything { rules: rulebook.rules().into_iter().filter(is_listed).collect() }, style)
}

#[derive(Template)]
#[template(path = "everything.txt", config = "templates/askama.toml")]
struct Everything<'r> {
    rules: Vec<Rule<'r>>,
}

/// Whether a rule has this name: the last part of its id, its title, its number, or a synonym. Of a term, in any form.
fn is_called(rule: Rule<'_>, name: &str) -> bool {
    let name = plain(name);
    let id = rule.id();
    let number = rule.number().map(|number| format!("{} {number}", rule.kind().words()));
    let also = match rule {
        Rule::Term(term) => term.also.as_slice(),
        _ => &[],
    };
    let last = id.rsplit('.').next().filter(|_| rule.kind() != RuleKind::Note);
    let names = [last, rule.title(), number.as_deref()].into_iter().flatten().chain(also.iter().map(String::as_str));
    let form = stems(&name);
    let is_form = |known: &str| rule.kind() == RuleKind::Term && !form.is_empty() && stems(known) == form;
    names.map(plain).any(|known| known == name || is_form(&known))
}

/// Normalises a name: "What is a lease?" becomes "lease".
pub(crate) fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(['_', '-'], " ");
    let mut name = name.trim().trim_end_matches('?').trim_end().trim_end_matches(" mean");
    for lead in ["what does ", "what is ", "what's ", "what are ", "a ", "an ", "the "] {
        name = name.strip_prefix(lead).map_or(name, str::trim_start);
    }
    name.to_owned()
}

#[derive(Template)]
#[template(path = "explain.txt", config = "templates/askama.toml")]
struct Explanation<'r> {
    rulebook: &'r Rulebook,
    code: Option<Code>,
    /// Each with the rules inside it.
    rules: Vec<(Rule<'r>, &'r [Rule<'r>])>,
    fit: Option<FitOutcome>,
    status: Option<Status>,
}

/// `does_not_fit` as "Does not fit"
fn spaced(id: &str) -> String {
    sentence(&id.replace('_', " "))
}

impl Explanation<'_> {
    fn title(&self, rule: &Rule<'_>) -> String {
        rule.title().filter(|_| !rule.is_inner()).map_or_else(|| self.heading(rule), str::to_owned)
    }

    fn heading(&self, rule: &Rule<'_>) -> String {
        heading(self.rulebook, *rule)
    }

    fn phrases(&self, rule: &Rule<'_>) -> Vec<Phrase> {
        phrases(self.rulebook, *rule)
    }

    /// The ids of the rules that depend on a question.
    fn used_by(&self, rule: &Rule<'_>) -> Vec<String> {
        let Rule::Question(asked, _) = rule else { return Vec::new() };
        let depends = |rule: &Rule<'_>| match rule {
            Rule::Topic(topic, _) if topic.questions.contains(&asked.index) => true,
            rule => rule.conditions().into_iter().any(|(_, condition)| condition.questions().contains(&asked.index)),
        };
        self.rulebook.rules().into_iter().filter(depends).map(|rule| rule.id().into_owned()).collect()
    }
}
