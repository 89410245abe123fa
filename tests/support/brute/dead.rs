//! Parts of conditions that make no difference: each is put in the place of "always" and "never", and everything tried.

use eligibility::condition::Condition;
use eligibility::problem::Problem;
use eligibility::rulebook::{Decided, Note, Status};

use super::plain::{Values, each_filling, walk};
use super::{Brute, tested};

/// What a rule makes of one of its conditions, for values.
type Says<'s> = Box<dyn Fn(&Condition) -> Vec<usize> + 's>;

/// Every condition of the rules with the name of its owner and what the owner says with another in its place, for every
/// combination of answers.
fn sites<'b>(brute: &'b Brute<'_>) -> Vec<(String, &'b Condition, Says<'b>)> {
    let (rulebook, plain) = (brute.plain.rulebook, &brute.plain);
    let mut all: Vec<(String, &Condition, Says<'_>)> = Vec::new();
    let holds = move |whole: &'b Condition| -> Says<'b> {
        let products = plain.combinations(&tested(plain, [whole]).into_keys().collect());
        Box::new(move |condition| products.iter().map(|product| usize::from(plain.is_so(condition, product))).collect())
    };
    // Of answers that are not sure too, where results are tested.
    let told = move |whole: &'b Condition| -> Says<'b> {
        if whole.tests_answers_only() {
            return holds(whole);
        }
        let questions = brute.whether(whole).questions;
        let ways =
            |question: usize| (0..if question < plain.questions() { plain.missing(question) } else { 2 }).collect();
        let mut products = Vec::new();
        each_filling(&plain.unassigned(), &questions, &ways, &mut |values| {
            products.push(values.clone());
            true
        });
        Box::new(move |condition| {
            let table = brute.whether(condition);
            products.iter().map(|values| table.settled(values).expect("no answer is missing")).collect()
        })
    };
    let add_notes = |all: &mut Vec<(String, &'b Condition, Says<'b>)>, id: &str, notes: &'b [Note]| {
        let notes = notes.iter().zip(1..);
        all.extend(notes.map(|(note, number)| (format!("note {number} of {id}"), &note.when, told(&note.when))));
    };
    for (question, when) in rulebook.questions.iter().zip(&rulebook.ask_when) {
        all.extend(when.iter().map(|(when, _)| (format!("ask_when of {}", question.id), when, holds(when))));
    }
    for criterion in &rulebook.criteria {
        if let Decided::ByConditions { met_when, discuss_when, otherwise } = &criterion.decided {
            let products =
                plain.combinations(&tested(plain, [met_when].into_iter().chain(discuss_when)).into_keys().collect());
            let status = move |met: &Condition, discuss: Option<&Condition>| -> Vec<usize> {
                let of = |product: &Values| match plain.is_so(met, product) {
                    true => Status::Met as usize,
                    false if discuss.is_some_and(|discuss| plain.is_so(discuss, product)) => Status::ToDiscuss as usize,
                    false => *otherwise as usize,
                };
                products.iter().map(of).collect()
            };
            let status = std::rc::Rc::new(status);
            let same = std::rc::Rc::clone(&status);
            all.push((criterion.id.clone(), met_when, Box::new(move |met| same(met, discuss_when.as_ref()))));
            if let Some(discuss) = discuss_when {
                all.push((criterion.id.clone(), discuss, Box::new(move |discuss| status(met_when, Some(discuss)))));
            }
        }
        add_notes(&mut all, &criterion.id, &criterion.notes);
    }
    for scenario in &rulebook.scenarios {
        all.push((scenario.id.clone(), &scenario.when, holds(&scenario.when)));
        add_notes(&mut all, &scenario.id, &scenario.notes);
    }
    for owed in &rulebook.obligations {
        all.push((owed.id.clone(), &owed.met_when, holds(&owed.met_when)));
        add_notes(&mut all, &owed.id, &owed.notes);
    }
    all.extend(rulebook.findings.iter().map(|it| (it.id.clone(), &it.when, holds(&it.when))));
    all.extend(rulebook.contradictions.iter().map(|it| (it.id.clone(), &it.when, holds(&it.when))));
    let topics = rulebook.topics.iter().filter_map(|topic| Some((topic.id.clone(), topic.prepared_when.as_ref()?)));
    all.extend(topics.map(|(id, when)| (id, when, holds(when))));
    let steps = rulebook.outcomes.iter().flat_map(|outcome| &outcome.next_steps);
    let steps = steps.filter_map(|step| Some((step.id.clone(), step.when.as_ref()?)));
    let facts = rulebook.facts.iter().filter_map(|fact| Some((fact.id.clone(), fact.when.as_ref()?)));
    all.extend(steps.chain(facts).map(|(id, when)| (id, when, told(when))));
    all
}

/// Every part that makes no difference and every value that could be left out, with its place, in the words of the proof.
/// What follows from a result that can never change is left out.
pub(crate) fn dead(brute: &Brute<'_>, never: &[&Problem]) -> Vec<String> {
    let mut all = Vec::new();
    let first = brute.plain.rulebook.criteria.first().map(|criterion| criterion.id.clone());
    for (owner, whole, says) in sites(brute) {
        let is_of = |problem: &&Problem| {
            let message = &problem.message;
            message.starts_with(&format!("`{owner}`"))
                || message.ends_with(&format!("be in `{owner}`"))
                || (message.starts_with("nothing can meet all") && first.as_deref() == Some(owner.as_str()))
        };
        let follows = |part: &Condition| !never.is_empty() && !part.tests_answers_only();
        let said = says(whole);
        let same = |path: &[usize], by: &Condition| says(&replaced(whole, path, by)) == said;
        let mut open = vec![(Vec::new(), whole)];
        while let Some((path, part)) = open.pop() {
            let always = same(&path, &Condition::All(Vec::new()));
            if always || same(&path, &Condition::Any(Vec::new())) {
                let place = first_place(part);
                let hold = if always { "always hold" } else { "never hold" };
                if path.is_empty() && !follows(part) && !never.iter().any(is_of) {
                    all.push(format!("{place} the condition of `{owner}` could as well {hold}"));
                } else if !path.is_empty() && !follows(part) {
                    all.push(format!("{place} this part of the condition of `{owner}` makes no difference"));
                }
                continue;
            }
            let inner = |index: usize| path.iter().copied().chain([index]).collect::<Vec<usize>>();
            match part {
                Condition::All(parts) | Condition::Any(parts) => {
                    open.extend(parts.iter().enumerate().map(|(index, part)| (inner(index), part)));
                }
                Condition::Not(part) => open.push((inner(0), part)),
                Condition::Is { question, options, place } if options.count_ones() > 1 => {
                    for option in (0..64).filter(|option| options >> option & 1 == 1) {
                        let fewer = Condition::Is {
                            question: *question,
                            options: options & !(1 << option),
                            place: place.clone(),
                        };
                        if same(&path, &fewer) {
                            let value = &brute.plain.rulebook.questions[*question].options[option].value;
                            all.push(format!("{place} the value `{value}` makes no difference to `{owner}`"));
                        }
                    }
                }
                Condition::Is { .. } | Condition::Result { .. } => {}
            }
        }
    }
    all
}

fn replaced(whole: &Condition, path: &[usize], by: &Condition) -> Condition {
    let Some((step, rest)) = path.split_first() else { return by.clone() };
    let inner = |parts: &[Condition]| -> Vec<Condition> {
        let mut parts = parts.to_vec();
        parts[*step] = replaced(&parts[*step], rest, by);
        parts
    };
    match whole {
        Condition::All(parts) => Condition::All(inner(parts)),
        Condition::Any(parts) => Condition::Any(inner(parts)),
        Condition::Not(part) => Condition::Not(Box::new(replaced(part, rest, by))),
        Condition::Is { .. } | Condition::Result { .. } => unreachable!("it has no parts"),
    }
}

fn first_place(part: &Condition) -> String {
    let mut places = Vec::new();
    walk(part, &mut |test| match test {
        Condition::Is { place, .. } | Condition::Result { place, .. } => places.push(place.to_string()),
        _ => {}
    });
    places[0].clone()
}
