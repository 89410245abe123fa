//! The data for the script of the page, as JSON: the decisions of the rules as one list of nodes, and the texts.
//!
//! A decision is a number: from 0 up a result, below 0 a node, −1 for the first. A node is the index of a variable and the
//! next number for each of its values. A text is one string, or a pair of what the source says and how we read it.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::answers::MAX_NAME;
use crate::assess::about_eligibility;
use crate::diagram::{AnyResult, Decision, Diagrams, Leaf, Ref, VarKind, values};
use crate::outcome::{FindingKind, FindingState, FitOutcome};
use crate::question::{Basis, Grounds, OptionSet, Question, QuestionOption, Section};
use crate::report::checks::{criterion_words, obligation_words};
use crate::report::content::{fit_words, scenario_lead, unfit_headline};
use crate::rulebook::{
    Decided, Finding, Note, Outcome, OutcomeText, Rulebook, Scenario, Status, StatusTexts, numbered,
};
use crate::style::clean;
use crate::wording::{self, Text};
use crate::yaml::MAX_BYTES;

/// The whole data. `check` is the command that checks the file which the page saves.
pub(super) fn data(rulebook: &Rulebook, check: &str) -> Value {
    let mut writer = DataWriter { rulebook, numbers: FxHashMap::default(), nodes: Vec::new() };
    let mut data = writer.whole();
    data["nodes"] = json!(writer.nodes);
    data["check"] = json!(check);
    without_nulls(&mut data);
    data
}

/// Numbers nodes in the order of their first use.
struct DataWriter<'r> {
    rulebook: &'r Rulebook,
    numbers: FxHashMap<Ref, i64>,
    nodes: Vec<Vec<i64>>,
}

impl DataWriter<'_> {
    fn whole(&mut self) -> Value {
        let rules = self.rulebook;
        json!({
            "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
            "limits": {"name": MAX_NAME, "file": MAX_BYTES},
            "title": clean(&rules.title),
            "subject": clean(&rules.subject.one),
            "words": {
                "criterion": Status::ALL.map(criterion_words),
                "obligation": Status::ALL.map(obligation_words),
                "fit": FitOutcome::ALL.map(|fit| wording::sentence(&fit_words(rules, fit))),
                "topic": ["Prepared", "Not prepared"],
                "evidence": "A link or a reference.",
            },
            "sections": rules.sections.iter().map(|it| json!({"title": clean(&it.title), "intro": text(&it.intro)})).collect::<Value>(),
            "questions": rules.questions.iter().zip(&rules.ask_when).map(|(question, asked)| {
                let asked = asked.as_ref().map(|(_, asked)| self.number(*asked));
                question_data(question, asked)
            }).collect::<Value>(),
            "variables": self.variables(),
            "outcome": self.number(rules.outcome),
            "fit": self.number(rules.fit),
            "scenario": rules.scenario.map(|decision| self.number(decision)),
            "picked": self.number(rules.sure_scenario),
            "within": rules.scenarios.iter().map(|it| self.number(it.applies)).collect::<Value>(),
            "about": about_eligibility(rules).into_iter().map(|root| self.node(root)).collect::<Value>(),
            "criteria": rules.criteria.iter().map(|it| json!({
                "id": it.id, "title": title(it.number, &it.title), "status": self.number(it.status),
                "scenarios": matches!(it.decided, Decided::ByScenarios { .. }).then_some(true),
                "says": says(&it.says), "notes": self.notes(&it.notes), "source": self.source(&it.grounds),
            })).collect::<Value>(),
            "scenarios": rules.scenarios.iter().map(|it| json!({
                "id": it.id, "heading": heading(it), "name": name(it), "says": text(&it.says),
                "notes": self.notes(&it.notes), "source": self.source(&it.grounds),
            })).collect::<Value>(),
            "findings": rules.findings.iter().map(|it| json!({
                "id": it.id, "title": clean(&it.title), "state": self.number(it.state),
                "says": finding_says(it), "words": finding_words(it.kind).0, "tones": finding_words(it.kind).1,
                "source": self.source(&it.grounds),
            })).collect::<Value>(),
            "topics": rules.topics.iter().map(|it| json!({
                "id": it.id, "title": title(it.number, &it.title), "prepare": text(&it.prepare),
                "questions": it.questions, "fine": self.number(it.satisfied), "source": self.source(&it.grounds),
            })).collect::<Value>(),
            "obligations": rules.obligations.iter().map(|it| json!({
                "id": it.id, "title": clean(&it.title), "status": self.number(it.status), "says": says(&it.says),
                "notes": self.notes(&it.notes), "source": self.source(&it.grounds),
            })).collect::<Value>(),
            "contradictions": rules.contradictions.iter().map(|it| json!({
                "id": it.id, "holds": self.number(it.holds), "says": text(&it.says), "source": self.source(&it.grounds),
            })).collect::<Value>(),
            "outcomes": Outcome::ALL.iter().zip(&rules.outcomes).map(|(outcome, it)| self.outcome(*outcome, it)).collect::<Value>(),
            "facts": rules.facts.iter().map(|it| json!({
                "title": sentence(&it.title), "says": text(&it.says), "source": self.source(&it.grounds),
                "outcomes": it.outcomes.iter().map(|outcome| *outcome as usize).collect::<Vec<_>>(),
                "shown": self.number(it.shown),
            })).collect::<Value>(),
            "pages": rules.pages.iter().map(|page| json!({"url": page.link(), "title": clean(&page.title)})).collect::<Value>(),
        })
    }

    fn outcome(&mut self, outcome: Outcome, it: &OutcomeText) -> Value {
        let steps = it.next_steps.iter().map(|step| {
            json!({
                "title": sentence(&step.title), "says": text(&step.says), "shown": self.number(step.shown),
                "to": step.go_to.as_ref().and_then(|id| self.page(id)),
                "source": self.source(&step.grounds),
            })
        });
        let steps: Value = steps.collect();
        // A product that does not meet the criteria has no second headline.
        let unfit = (outcome != Outcome::DoesNotMeet).then(|| unfit_headline(self.rulebook, outcome));
        json!({
            "steps": steps, "id": outcome.id(), "title": clean(&it.title), "meaning": text(&it.meaning),
            "unfit": unfit.as_deref().map(clean),
        })
    }

    fn notes(&mut self, notes: &[Note]) -> Value {
        notes.iter().map(|note| json!({"told": self.number(note.shown), "says": text(&note.says)})).collect()
    }

    /// The page a rule comes from, the place on it, and whether the rule is our interpretation.
    fn source(&self, grounds: &Grounds) -> Value {
        json!({
            "page": self.page(&grounds.source.id), "words": clean(&grounds.source.to_string()),
            "ours": (grounds.basis == Basis::Interpretation).then_some(true),
        })
    }

    fn page(&self, id: &str) -> Option<usize> {
        self.rulebook.pages.iter().position(|page| page.id == id)
    }

    /// What each variable stands for, and the readings of its unsure values.
    fn variables(&self) -> Value {
        let of = |kind: VarKind| match kind {
            VarKind::Question(question) => json!({"one": question}),
            VarKind::Known(question) => json!({"known": question}),
            VarKind::Chosen(question, option) => json!({"chosen": question, "option": option}),
            VarKind::Prepared(topic) => json!({"topic": topic}),
        };
        let variables = self.rulebook.diagrams.variables().all().iter().map(|variable| {
            let unsure = variable.unsure.iter();
            let unsure = unsure.map(|(value, read)| (value.to_string(), values(*read).collect::<Value>()));
            let mut told = of(variable.kind);
            told["reads"] = unsure.collect();
            told
        });
        variables.collect()
    }

    fn number<T>(&mut self, decision: Decision<T>) -> i64 {
        self.node(decision.root())
    }

    fn node(&mut self, diagram: Ref) -> i64 {
        let Some((var, children)) = self.rulebook.diagrams.branch(diagram) else {
            return signed(Diagrams::constant_result::<AnyResult>(Decision::at(diagram)).map_or(0, Leaf::to_index));
        };
        if let Some(known) = self.numbers.get(&diagram) {
            return *known;
        }
        let children: Vec<i64> = children.iter().map(|child| self.node(*child)).collect();
        self.nodes.push(std::iter::once(signed(var)).chain(children).collect());
        let number = -signed(self.nodes.len());
        self.numbers.insert(diagram, number);
        number
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn question_data(question: &Question, asked: Option<i64>) -> Value {
    json!({
        "id": question.id, "section": Section::ALL.iter().position(|section| *section == question.section),
        "kind": question.kind.id(), "prompt": clean(&question.prompt), "hint": question.hint.as_ref().map(text),
        "more": question.more.as_ref().map(text), "unsure": question.takes_not_sure().then_some(true), "asked": asked,
        "options": question.options.iter().map(option_data).collect::<Value>(),
    })
}

fn option_data(option: &QuestionOption) -> Value {
    let reads: Vec<OptionSet> =
        (0..OptionSet::from(OptionSet::BITS)).filter(|at| option.reads_as >> at & 1 == 1).collect();
    json!({
        "value": option.value, "label": clean(&option.label), "hint": option.hint.as_ref().map(text),
        "evidence": option.evidence.as_deref().map(|evidence| sentence(&wording::sentence(evidence))), "none": option.none.then_some(true),
        "reads": (!reads.is_empty()).then_some(reads), "says": option.says.as_ref().map(text),
    })
}

fn title(number: Option<u8>, title: &str) -> Value {
    json!(clean(&numbered(number, title)))
}

fn sentence(words: &str) -> Value {
    json!(format!("{}.", clean(words.trim_end_matches('.'))))
}

/// The heading of a decided scenario.
fn heading(scenario: &Scenario) -> Value {
    json!(clean(&format!("{}: {}", scenario_lead(scenario), scenario.title)))
}

/// The name of a scenario in a list of possible ones.
fn name(scenario: &Scenario) -> Value {
    let title = || format!("“{}”", clean(&scenario.title));
    json!(scenario.number.map_or_else(title, |number| format!("scenario {number}")))
}

/// The text of a finding in each state. A note has one only if it holds.
fn finding_says(finding: &Finding) -> Value {
    let open = finding.text_for(FindingState::Open).filter(|_| finding.kind != FindingKind::Note);
    json!([null, text(&finding.says), open.map(text)])
}

/// The words and tones for each state of a finding. An open one of any kind is treated as a condition.
fn finding_words(kind: FindingKind) -> ([&'static str; 3], [&'static str; 3]) {
    let (word, tone) = match kind {
        FindingKind::Blocker => ("Blocker", "bad"),
        FindingKind::Condition => ("Condition", "fair"),
        FindingKind::Note => ("Note", "open"),
    };
    (["Does not apply", word, "Condition, not sure"], ["good", tone, "fair"])
}

fn says(says: &StatusTexts) -> Value {
    Status::ALL.iter().map(|status| says.text(*status).map(text)).collect()
}

fn text(text: &Text) -> Value {
    match &text.reading {
        None => json!(clean(text)),
        // Our reading with its mark.
        Some(_) => json!([clean(&text.says), clean(text.strip_prefix(&text.says).unwrap_or(text).trim_start())]),
    }
}

/// Removes keys whose value is null or an empty object.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members
                .retain(|_, member| !member.is_null() && !matches!(member, Value::Object(inner) if inner.is_empty()));
            members.values_mut().for_each(without_nulls);
        }
        Value::Array(members) => members.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
