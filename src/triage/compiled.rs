//! Rules made ready for many products: tables of decisions that share questions, each with the combinations of values
//! that it is looked up by numbered.

use std::collections::BTreeSet;

use super::facts::{Assignment, Facts, results, set, set_of};
use super::space::Space;
use crate::assess::about_eligibility;
use crate::diagram::{
    AnyResult, Decision, Diagrams, InScenario, Leaf, PartialAssignment, QuestionSet, Ref, TooIntricate, Truth, Var,
    VarKind, Variables,
};
use crate::outcome::FitOutcome;
use crate::question::Section;
use crate::rulebook::{FindingKind, Rulebook, Status, fit_of_finding, independent};

/// The most combinations of a table of decisions that do not share all questions: few products have a new one, and the
/// table stays in the cache of the processor.
const MAX_MERGED: usize = 1 << 13;

/// The rules, made ready for many products: compiled once, shared by all threads.
#[derive(Debug)]
pub struct Compiled<'r> {
    pub rulebook: &'r Rulebook,
    pub(super) diagrams: Diagrams,
    pub(super) tables: Vec<DecisionTable>,
    pub(super) eligibility: QuestionSet,
    /// Whether values tell everything: no decision depends on whether a topic is prepared, and no question can be
    /// answered without being asked that has no values.
    pub(super) is_exact: bool,
}

/// Decisions that are looked up together.
#[derive(Debug)]
pub(super) struct DecisionTable {
    /// The variables they test.
    pub(super) space: Space,
    /// Criteria that share no question with those of other tables.
    criteria: Vec<usize>,
    /// The worst of their statuses; then the same, but no better than "to discuss" and no better than "not met", because
    /// anything better makes no difference if another table has that status.
    worst: [Decision<Status>; 3],
    parts: Vec<TablePart>,
}

/// A decision that is looked up besides the criteria.
#[derive(Debug)]
enum TablePart {
    Scenario(Decision<InScenario>),
    /// What a missing answer about eligibility can change besides the outcome.
    AlsoMissing(Ref),
    /// The worst fit of some findings, which share no question with other findings.
    Fit(Decision<FitOutcome>),
    Finding(usize),
    /// What the lints that look at answers alone report: answers to questions that are not asked, and contradictions.
    Unneeded(SometimesAsked),
    Contradiction(usize),
}

/// A question that is not always asked.
#[derive(Debug)]
struct SometimesAsked {
    question: usize,
    var: Var,
    asked: Decision<bool>,
    /// What an answer to it can change even where it is not asked.
    changes: Vec<Ref>,
}

impl<'r> Compiled<'r> {
    pub fn new(rulebook: &'r Rulebook) -> Result<Self, TooIntricate> {
        let mut diagrams = rulebook.diagrams.clone();
        let (parts, mut is_exact) = parts(rulebook, &mut diagrams)?;
        let status = |index: &usize| rulebook.criteria[*index].status.root();
        let criteria = rulebook.independent_criteria().into_iter().map(|criteria| TableDraft {
            vars: criteria.iter().flat_map(|index| diagrams.support(status(index))).collect(),
            criteria,
            parts: Vec::new(),
        });
        let parts = parts.into_iter().map(|part| TableDraft {
            vars: part.vars(rulebook, &diagrams),
            criteria: Vec::new(),
            parts: vec![part],
        });
        let drafts: Vec<TableDraft> = criteria.chain(parts).collect();
        let variables = rulebook.diagrams.variables().all();
        let is_topic = |var: &Var| matches!(variables[*var].kind, VarKind::Prepared(_));
        is_exact &= !drafts.iter().any(|draft| draft.vars.iter().any(is_topic));
        let tables = merged(drafts, &diagrams).into_iter();
        let tables =
            tables.map(|draft| DecisionTable::new(draft, rulebook, &mut diagrams)).collect::<Result<_, _>>()?;
        let eligibility = set(rulebook.questions.iter().map(|question| question.section == Section::Eligibility));
        Ok(Self { rulebook, diagrams, tables, eligibility, is_exact })
    }

    /// Rules that are too intricate for tables: every record is assessed by itself.
    pub fn one_by_one(rulebook: &'r Rulebook) -> Self {
        let diagrams = Diagrams::new(Variables::new(&[], &[]));
        Self { rulebook, diagrams, tables: Vec::new(), eligibility: 0, is_exact: false }
    }

    pub(super) fn entry(&self, table: &DecisionTable, values: &Assignment) -> TableEntry {
        let given = given(values, &self.diagrams);
        let relevant = |root: Ref| set_of(self.diagrams.relevant(root, &given));
        let mut entry = TableEntry::NOTHING;
        entry.missing = table.worst.map(|decision| relevant(decision.root()));
        let facts = &mut entry.facts;
        facts.possible = results(self.diagrams.possible(table.worst[0], &given));
        for index in &table.criteria {
            match self.diagrams.settled(self.rulebook.criteria[*index].status, &given) {
                Some(Status::Met) => facts.met |= 1 << index,
                Some(Status::NotMet) => facts.not_met |= 1 << index,
                Some(Status::ToDiscuss) => facts.to_discuss |= 1 << index,
                Some(Status::Unknown) | None => {}
            }
        }
        for part in &table.parts {
            match part {
                TablePart::Scenario(decided) => {
                    (facts.scenario, facts.possible_scenarios) = self.scenarios(*decided, values, &given);
                }
                TablePart::AlsoMissing(root) => facts.also_missing |= relevant(*root),
                TablePart::Fit(worst) => entry.fits = worst_of(entry.fits, results(self.possible(*worst, values))),
                TablePart::Finding(index) => {
                    let holds = self.possible(self.rulebook.findings[*index].state, values) == [Truth::Yes];
                    facts.findings |= u128::from(holds) << index;
                }
                TablePart::Unneeded(asked) => entry.unneeded += usize::from(self.is_unneeded(asked, values)),
                TablePart::Contradiction(index) => {
                    let holds = self.possible(self.rulebook.contradictions[*index].holds, values) == [true];
                    facts.contradictions |= u128::from(holds) << index;
                }
            }
        }
        entry
    }

    /// The scenario if it is decided, and those still possible.
    fn scenarios(
        &self,
        decided: Decision<InScenario>,
        values: &Assignment,
        given: &PartialAssignment,
    ) -> (Option<u16>, u128) {
        let scenario = match self.possible(decided, values).as_slice() {
            [InScenario::In(index)] => Some(*index),
            _ => None,
        };
        let possible = self.diagrams.possible_readings(self.rulebook.sure_scenario, given);
        let possible = possible.into_iter().filter_map(|scenario| match scenario {
            InScenario::In(index) => Some(usize::from(index)),
            InScenario::Nowhere | InScenario::Open => None,
        });
        (scenario, set_of(possible))
    }

    /// Whether a question is answered that is not asked, and nothing else depends on it.
    fn is_unneeded(&self, sometimes: &SometimesAsked, values: &Assignment) -> bool {
        let variables = self.diagrams.variables();
        let answered = values[sometimes.var] < variables.all()[sometimes.var].values;
        answered && self.possible(sometimes.asked, values) == [false] && {
            let mut others = given(values, &self.diagrams);
            variables.assign(&mut others, sometimes.question, None);
            let matters = |root: &Ref| self.diagrams.relevant(*root, &others).contains(&sometimes.question);
            !sometimes.changes.iter().any(matters)
        }
    }

    /// The results that are possible for these values. If none is missing there is one, at the end of one path.
    fn possible<T: Leaf>(&self, decision: Decision<T>, values: &Assignment) -> Vec<T> {
        let mut diagram = decision.root();
        while let Some((var, children)) = self.diagrams.branch(diagram) {
            match children.get(usize::from(values[var])) {
                Some(child) => diagram = *child,
                None => return self.diagrams.possible(decision, &given(values, &self.diagrams)),
            }
        }
        Diagrams::constant_result(Decision::at(diagram)).into_iter().collect()
    }
}

impl TablePart {
    fn vars(&self, rulebook: &Rulebook, diagrams: &Diagrams) -> BTreeSet<Var> {
        let (own, roots) = match self {
            Self::Scenario(decided) => (None, vec![decided.root(), rulebook.sure_scenario.root()]),
            Self::AlsoMissing(root) => (None, vec![*root]),
            Self::Fit(worst) => (None, vec![worst.root()]),
            Self::Finding(index) => (None, vec![rulebook.findings[*index].state.root()]),
            Self::Unneeded(it) => (Some(it.var), [&[it.asked.root()], it.changes.as_slice()].concat()),
            Self::Contradiction(index) => (None, vec![rulebook.contradictions[*index].holds.root()]),
        };
        roots.into_iter().flat_map(|root| diagrams.support(root)).chain(own).collect()
    }
}

/// All decisions except those of criteria, and whether each question that is not always asked has variables.
fn parts(rulebook: &Rulebook, diagrams: &mut Diagrams) -> Result<(Vec<TablePart>, bool), TooIntricate> {
    let mut parts: Vec<TablePart> = rulebook.scenario.map(TablePart::Scenario).into_iter().collect();
    parts.extend(about_eligibility(rulebook).into_iter().map(TablePart::AlsoMissing));
    parts.extend(fit(rulebook, diagrams)?);
    parts.extend((0..rulebook.findings.len()).map(TablePart::Finding));
    let mut all_have_values = true;
    for (question, asked) in rulebook.ask_when.iter().enumerate() {
        let Some((_, asked)) = asked else { continue };
        // An answer that prepares a topic is never unneeded.
        if rulebook.topics.iter().any(|topic| topic.questions.contains(&question)) {
            continue;
        }
        match SometimesAsked::new(rulebook, diagrams, question, *asked)? {
            Some(sometimes) => parts.push(TablePart::Unneeded(sometimes)),
            None => all_have_values = false,
        }
    }
    parts.extend((0..rulebook.contradictions.len()).map(TablePart::Contradiction));
    Ok((parts, all_have_values))
}

struct TableDraft {
    vars: BTreeSet<Var>,
    criteria: Vec<usize>,
    parts: Vec<TablePart>,
}

/// Merges decisions that test much the same, the largest first: each goes into the table that grows least by it, or into
/// one of its own. Every table takes as long to look up, so the fewer the better. But a decision with few combinations
/// stays out of a table with many, where it would be worked out again for each.
fn merged(drafts: Vec<TableDraft>, diagrams: &Diagrams) -> Vec<TableDraft> {
    let size = |vars: &BTreeSet<Var>| Space::new(diagrams, vars).size.unwrap_or(usize::MAX);
    let mut sized: Vec<(usize, TableDraft)> = drafts.into_iter().map(|draft| (size(&draft.vars), draft)).collect();
    sized.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    let mut tables: Vec<(usize, TableDraft)> = Vec::new();
    for (own, draft) in sized {
        let grown = |(index, (old, table)): (usize, &(usize, TableDraft))| {
            if draft.vars == table.vars {
                return Some((1, own, index));
            }
            let both = if *old <= MAX_MERGED { size(&(&table.vars | &draft.vars)) } else { usize::MAX };
            (both <= MAX_MERGED).then(|| (both / old, both, index))
        };
        match tables.iter().enumerate().filter_map(grown).min() {
            Some((_, both, index)) => {
                let (size, table) = &mut tables[index];
                *size = both;
                table.vars.extend(draft.vars);
                table.criteria.extend(draft.criteria);
                table.parts.extend(draft.parts);
            }
            None => tables.push((own, draft)),
        }
    }
    tables.into_iter().map(|(_, table)| table).collect()
}

impl DecisionTable {
    fn new(draft: TableDraft, rulebook: &Rulebook, diagrams: &mut Diagrams) -> Result<Self, TooIntricate> {
        let TableDraft { vars, criteria, parts } = draft;
        let space = Space::new(diagrams, &vars);
        let mut worst = Diagrams::constant(Status::Met);
        for criterion in &criteria {
            worst = diagrams.combine(worst, rulebook.criteria[*criterion].status, std::cmp::Ord::max)?;
        }
        let mut floor = |floor: Status| diagrams.map(worst, |status: Status| status.max(floor));
        let worst = [worst, floor(Status::ToDiscuss)?, floor(Status::NotMet)?];
        Ok(Self { space, criteria, worst, parts })
    }
}

/// The fit, in one part for all findings that share a question.
fn fit(rulebook: &Rulebook, diagrams: &mut Diagrams) -> Result<Vec<TablePart>, TooIntricate> {
    let weighed: Vec<_> = rulebook.findings.iter().filter(|finding| finding.kind != FindingKind::Note).collect();
    let asked = weighed.iter().map(|finding| diagrams.questions(finding.state.root())).collect();
    let mut parts = Vec::new();
    for findings in independent(asked) {
        let mut worst = Diagrams::constant(FitOutcome::Fits);
        for finding in findings.into_iter().map(|index| weighed[index]) {
            worst = diagrams
                .combine(worst, finding.state, |worst, state| worst.max(fit_of_finding(finding.kind, state)))?;
        }
        parts.push(TablePart::Fit(worst));
    }
    Ok(parts)
}

impl SometimesAsked {
    /// The question, unless nothing tests it, so that it has no variables.
    fn new(
        rulebook: &Rulebook,
        diagrams: &mut Diagrams,
        question: usize,
        asked: Decision<bool>,
    ) -> Result<Option<Self>, TooIntricate> {
        let own = diagrams.variables().of_question(question).to_vec();
        let Some(var) = own.first().copied() else { return Ok(None) };
        let tests = |diagrams: &Diagrams, root| own.iter().any(|var| diagrams.support(root).contains(var));
        let mut changes = Vec::new();
        for decided in rulebook.decisions() {
            if tests(diagrams, decided) {
                let decided = Decision::<AnyResult>::at(decided);
                let unasked = diagrams.combine(decided, asked, |result, asked| (!asked).then_some(result))?;
                if tests(diagrams, unasked.root()) {
                    changes.push(decided.root());
                }
            }
        }
        Ok(Some(Self { question, var, asked, changes }))
    }
}

fn given(values: &Assignment, diagrams: &Diagrams) -> PartialAssignment {
    let variables = diagrams.variables().all().iter();
    values.iter().zip(variables).map(|(value, variable)| (*value < variable.values).then_some(*value)).collect()
}

/// What a table says about one combination of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TableEntry {
    /// The facts that this table decides: the outcomes that its worst status still allows, but not the fit and not the
    /// missing answers.
    pub(super) facts: Facts,
    /// The missing answers that matter while the rest of the outcome is at least met, to discuss, or not met.
    pub(super) missing: [QuestionSet; 3],
    /// The fits still possible.
    pub(super) fits: u8,
    pub(super) unneeded: usize,
}

impl TableEntry {
    /// The entry of a table without decisions.
    pub(super) const NOTHING: Self = Self { facts: Facts::NOTHING, missing: [0; 3], fits: 0b001, unneeded: 0 };
}

/// The statuses that the worse of two can be, when each can be any of its own: bit `i` is status `i`.
pub(super) fn worst_of(a: u8, b: u8) -> u8 {
    // A status is the worst if one side has it and the other has it or a better one.
    let from = |set: u8| {
        let best = set & set.wrapping_neg();
        0u8.wrapping_sub(best) & 0b111
    };
    (a & from(b)) | (b & from(a))
}
