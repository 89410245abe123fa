//! What the engine says, in the terms of a summary, and how the two differ.

use eligibility::answers::Answers;
use eligibility::assess::{assess, is_hidden};
use eligibility::assessment::{Assessment, ChangeSet, Found, Reasons};
use eligibility::question::{Answer, Question, QuestionOption};

use super::Brute;
use super::moves::{Move, To};
use super::plain::may_be_chosen;
use super::summary::{CriterionSummary, Summary, Told};

/// What did come out, in the same terms.
impl Brute<'_> {
    fn found(&self, assessment: &Assessment<'_>, answers: &Answers) -> Summary {
        let known = &self.rulebook().questions;
        let index = |question: &Question| {
            known.iter().position(|known| std::ptr::eq(known, question)).expect("a question of the rules")
        };
        let asking = |option: &QuestionOption| {
            let offers = |known: &Question| known.options.iter().any(|offered| std::ptr::eq(offered, option));
            known.iter().position(offers).expect("an option of the rules")
        };
        let all = |questions: &[&Question]| questions.iter().map(|question| index(question)).collect::<Vec<_>>();
        let sets = |reasons: &Reasons<'_>| found_all(reasons).iter().map(|reason| all(reason)).collect::<Vec<_>>();
        let texts = |notes: &[&str]| notes.iter().map(|note| (*note).to_owned()).collect::<Vec<_>>();
        let ways = |found: &Found<ChangeSet<'_>>| found_all(found).iter().map(|set| self.way(set, answers)).collect();
        let tried = |ids: Vec<&String>| ids.into_iter().filter(|id| !self.untried.contains(*id)).cloned().collect();
        let given = answers.assignment(self.rulebook());
        Summary {
            outcome: assessment.outcome,
            possible_outcomes: assessment.possible_outcomes.clone(),
            because: sets(&assessment.because),
            missing: all(&assessment.missing),
            also_missing: all(&assessment.also_missing),
            changes: ways(&assessment.changes),
            criteria: (assessment.criteria.iter())
                .map(|criterion| CriterionSummary {
                    status: criterion.status,
                    because: sets(&criterion.because),
                    missing: all(&criterion.missing),
                    notes: texts(&criterion.notes),
                    open: criterion.open.iter().map(|option| asking(option)).collect(),
                })
                .collect(),
            scenario: (assessment.scenario.as_ref())
                .map(|found| (found.scenario.id.clone(), sets(&found.because), texts(&found.notes))),
            possible_scenarios: assessment.possible_scenarios.iter().map(|scenario| scenario.id.clone()).collect(),
            fit: assessment.fit.outcome,
            fit_missing: all(&assessment.fit.missing),
            fit_changes: ways(&assessment.fit.changes),
            findings: assessment.fit.findings.iter().map(|found| (found.state, sets(&found.because))).collect(),
            topics: assessment.application.iter().map(|topic| (topic.preparation, all(&topic.lacking))).collect(),
            go_live: (assessment.go_live.iter())
                .map(|found| (found.status, all(&found.missing), texts(&found.notes)))
                .collect(),
            told: Told {
                contradictions: assessment.contradictions.iter().map(|it| it.id.clone()).collect(),
                next_steps: tried(assessment.next_steps.iter().map(|step| &step.id).collect()),
                facts: tried(assessment.facts.iter().map(|fact| &fact.id).collect()),
            },
            hidden: (0..known.len()).filter(|question| is_hidden(self.rulebook(), &given, *question)).collect(),
            prospects: (assessment.prospects.iter())
                .map(|prospect| (index(prospect.question), prospect.answers.clone()))
                .collect(),
            ask_first: assessment.ask_first.map(index),
        }
    }

    fn way(&self, set: &ChangeSet<'_>, answers: &Answers) -> (Vec<Move>, Option<String>) {
        let known = &self.rulebook().questions;
        let changes = set.changes.iter().map(|change| {
            let question = known.iter().position(|known| std::ptr::eq(known, change.question)).expect("of the rules");
            assert_eq!(change.from.as_ref(), answers.get(question).map(|entry| &entry.answer));
            let to = match change.to {
                Answer::One(option) => To::One(option),
                Answer::Many(chosen) => {
                    self.can_be_written(question, change.from.as_ref(), chosen);
                    let (comes_in, goes_out) = change.options;
                    assert!(chosen & comes_in == comes_in && chosen & goes_out == 0, "{chosen:b} {:?}", change.options);
                    To::Some { comes_in, goes_out }
                }
                Answer::NotSure | Answer::Text(_) => panic!("a change to {:?}", change.to),
            };
            Move { question, kind: change.kind, to }
        });
        (changes.collect(), set.scenario.map(|scenario| scenario.id.clone()))
    }

    /// A proposed answer is one that the question takes, and keeps what no rule looks at.
    fn can_be_written(&self, question: usize, from: Option<&Answer>, chosen: u64) {
        let asked = &self.rulebook().questions[question];
        assert!(may_be_chosen(asked, chosen), "{} {chosen:b}", asked.id);
        if let Some(Answer::Many(before)) = from {
            let kept = before & !self.plain.tested[question];
            assert_eq!(chosen & kept, kept, "{} loses {kept:b}", asked.id);
        }
    }

    /// Compares the engine's whole result with what should come out.
    pub(crate) fn compare(&self, answers: &Answers) -> Result<(), String> {
        let found = self.found(&assess(self.rulebook(), answers), answers);
        let expected = self.expected(answers);
        if found == expected {
            return Ok(());
        }
        let entries = answers.entries.iter().zip(&self.rulebook().questions);
        let given: Vec<String> = entries
            .filter_map(|(entry, question)| {
                Some(format!("{}: {}", question.id, question.words(&entry.as_ref()?.answer)))
            })
            .collect();
        let differing = found.parts().into_iter().zip(expected.parts()).filter(|(found, expected)| found != expected);
        let told = differing
            .map(|((part, found), (_, expected))| format!("{part}\n  found    {found}\n  expected {expected}\n"));
        Err(format!("given {given:?}\n{}", told.collect::<String>()))
    }
}

impl Summary {
    /// Each part with its name, so that a difference can be told in few lines.
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("outcome", format!("{:?}", self.outcome)),
            ("possible outcomes", format!("{:?}", self.possible_outcomes)),
            ("because", format!("{:?}", self.because)),
            ("missing", format!("{:?}", self.missing)),
            ("also missing", format!("{:?}", self.also_missing)),
            ("changes", format!("{:?}", self.changes)),
            ("criteria", format!("{:?}", self.criteria)),
            ("scenario", format!("{:?}", self.scenario)),
            ("possible scenarios", format!("{:?}", self.possible_scenarios)),
            ("fit", format!("{:?}", self.fit)),
            ("fit missing", format!("{:?}", self.fit_missing)),
            ("fit changes", format!("{:?}", self.fit_changes)),
            ("findings", format!("{:?}", self.findings)),
            ("topics", format!("{:?}", self.topics)),
            ("go live", format!("{:?}", self.go_live)),
            ("told", format!("{:?}", self.told)),
            ("hidden", format!("{:?}", self.hidden)),
            ("prospects", format!("{:?}", self.prospects)),
            ("ask first", format!("{:?}", self.ask_first)),
        ]
    }
}

fn found_all<T>(found: &Found<T>) -> &[T] {
    found.all().expect("small rules")
}
