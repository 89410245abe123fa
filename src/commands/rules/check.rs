//! `rules check`: proves the rules sound over every combination of answers, or says what is wrong.

use std::path::Path;

use anyhow::Result;

use crate::commands::{INVALID, Session};
use crate::files;
use crate::problem::{Code, Problem, Severity};
use crate::prove::prove;
use crate::publish::template;
use crate::report::problems;
use crate::rulebook;
use crate::style::{clean, grouped};
use crate::wording::counted;

pub(super) fn run(denied: &[Code], witness: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let files = session.rule_files()?;
    let (rulebook, mut found) = rulebook::read(&files);
    let proof = rulebook.as_ref().map(prove);
    let proved = match proof {
        Some(Ok(proof)) => {
            found.extend(proof.problems);
            Some(proof.combinations)
        }
        Some(Err(_)) => {
            let message = "the proof needs more steps than can be worked out exactly";
            found.push(Problem::anywhere(Code::TooIntricate, message));
            None
        }
        None => None,
    };
    found.iter_mut().filter(|problem| denied.contains(&problem.code)).for_each(|it| it.severity = Severity::Error);
    Problem::sort(&mut found);
    session.report_problems(&found, &files.folder);
    if let (Some(folder), Some(rulebook)) = (witness, &rulebook) {
        let shown: Vec<&Problem> = found.iter().filter(|problem| problem.witness.is_some()).collect();
        for (index, problem) in shown.iter().enumerate() {
            let name = format!("{:02}-{}.yaml", index + 1, problem.code);
            let text = template::witness(rulebook, problem);
            files::write_into(folder, &name, text.as_bytes(), &session.protected, |_| true)?;
        }
        let there = files::with_ending(folder, &["yaml"]).map_or(0, |all| all.len());
        let folder = folder.display().to_string();
        let files = counted(shown.len(), "answers file");
        session.say(&format!("{files} written to {}, each of which shows a problem", clean(&folder)));
        if there > shown.len() {
            let others = counted(there - shown.len(), "other YAML file");
            session.say(&format!("warning: it also holds {others}, which this run has not written"));
        }
    }
    let sound = !Problem::any_error(&found);
    let result = match (proved, sound) {
        (None, _) if rulebook.is_some() => "Not proved: the rules are too intricate.\n".to_owned(),
        (None, _) => "Not proved: the rules have to be readable first.\n".to_owned(),
        (Some(combinations), true) => {
            format!("Sound: proved over all {} combinations of answers.\n", grouped(combinations))
        }
        (Some(combinations), false) => format!(
            "Not sound: {} over all {} combinations of answers.\n",
            problems::count(&found),
            grouped(combinations)
        ),
    };
    session.print(&result)?;
    if session.shared.rules.is_none() {
        session.say("These are the built-in rules; --rules FOLDER takes others.");
    }
    Ok(if sound && proved.is_some() { 0 } else { INVALID })
}
