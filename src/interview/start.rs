//! What a person is told before the first question: how long it takes, what to have ready, where the answers go.

use super::Interview;
use crate::prompter::Words;
use crate::question::Takes;

/// Seconds that a question takes, roughly: to choose an answer, and to write one.
const TO_CHOOSE: usize = 30;
const TO_WRITE: usize = 120;

/// What to know before the first question. The answers are saved to a file of this name.
#[must_use]
pub fn before_you_start(interview: &Interview<'_>, file: &str) -> Words {
    let rulebook = interview.rulebook;
    let sections = &interview.plan.sections;
    let wanted = sections.iter().flat_map(|section| interview.in_order(*section));
    let wanted: Vec<_> = wanted.map(|index| &rulebook.questions[index]).collect();
    let written = wanted.iter().filter(|question| question.kind.takes() == Takes::Own).count();
    let chosen = interview.at_most(sections).saturating_sub(written);
    let minutes = (chosen * TO_CHOOSE + written * TO_WRITE).div_ceil(60);
    let minutes = if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
    let mut points = vec![format!("It takes about {minutes}.")];
    let mut evidence: Vec<&str> = Vec::new();
    for question in wanted {
        // The options that serve best stand first, and one word for each question is enough here.
        let helps = question.options.iter().find_map(|option| option.evidence.as_deref());
        evidence.extend(helps.map(|helps| helps.trim_end_matches('.')).filter(|helps| !evidence.contains(helps)));
    }
    if !evidence.is_empty() {
        points.push(format!("If you have it, get this ready: {}.", evidence.join("; ")));
    }
    points.push("Say that you are not sure where you do not know. You can change any answer later.".to_owned());
    points.push(format!("Nothing leaves your machine. Each answer is saved to {file} as you give it."));
    points.push("Stop whenever you like with Ctrl-C. You are then told how to go on.".to_owned());
    Words::List("Before you start".to_owned(), points)
}
