//! `rules diff`: compares two versions of the rules, in effect and in words.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::Links;
use crate::commands::answers_files::{Caller, answers_files, rejection};
use crate::commands::{INVALID, Session};
use crate::files;
use crate::gate::{Gate, judge, worst};
use crate::intake::{Checked, Input, Judging, Report};
use crate::prove::{self, difference};
use crate::publish::difference as render;
use crate::rulebook::{Rule, RuleFiles, Rulebook};
use crate::wording::counted;

const CHANGES: u8 = 3;

const CALLER: Caller = Caller { command: "rules diff", suggests_triage: false };

pub(super) fn run(old: &Path, new: &Path, paths: &[PathBuf], links: &Links, session: &mut Session<'_>) -> Result<u8> {
    let (before, after) = (session.rule_files_in(old)?, session.rule_files_in(new)?);
    let (was, is) = (session.rulebook_in(&before), session.rulebook_in(&after));
    let (was, is) = (was?, is?);
    let difference = difference(&was, &is);
    let [old, new] = [old, new].map(|path| path.display().to_string());
    let unshown = untested_options(&was, &is, &after);
    let compared = render::Compared { old: &old, new: &new, unshown: &unshown };
    session.print(&render::render(&difference, compared, session.out))?;
    let mut codes = vec![if difference.is_empty() { 0 } else { CHANGES }];
    let mut fates = Vec::new();
    for path in answers_files(paths, CALLER, links.follow_links, session) {
        codes.push(match path {
            Ok(path) => file(&path, [&was, &is], &mut fates, session)?,
            Err(unmatched) => {
                session.report_error(&unmatched.reason);
                unmatched.exit_code
            }
        });
    }
    if !fates.is_empty() {
        session.print(&tally(&fates))?;
    }
    Ok(worst(codes))
}

/// What becomes of an answers file.
const MOVED: &str = "changed";
const STAYED: &str = "unchanged";
const ONE_SIDED: &str = "valid under one version only";
const INVALID_IN_BOTH: &str = "valid under neither";

/// What became of how many answers files.
fn tally(fates: &[&str]) -> String {
    let count = |fate: &str| fates.iter().filter(|known| **known == fate).count();
    let told = [MOVED, ONE_SIDED, INVALID_IN_BOTH].into_iter().filter(|fate| *fate == MOVED || count(fate) > 0);
    let told: Vec<String> = told.map(|fate| format!("{} {fate}", count(fate))).collect();
    format!("Of {}: {}.\n", counted(fates.len(), "answers file"), told.join(", "))
}

/// Compares the results of one answers file under both versions.
fn file(path: &Path, versions: [&Rulebook; 2], fates: &mut Vec<&'static str>, session: &mut Session<'_>) -> Result<u8> {
    let name = files::display_name(path);
    let bytes = match session.read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(session.report_error(&error)),
    };
    let checked = versions.map(|rulebook| {
        let input = Input { name: name.clone(), ..Input::default() };
        match rejection(path, &bytes, CALLER) {
            Some(problem) => Checked::invalid(input, vec![problem]),
            None => Judging::new(rulebook).check_document(input, 1, &bytes),
        }
    });
    let [Some(was), Some(is)] = [0, 1].map(|version| checked[version].report()) else {
        let [was, is] = checked.each_ref().map(|read| read.report().map_or("not valid", |_| "valid").to_owned());
        if was == is {
            fates.push(INVALID_IN_BOTH);
            session.report_problems(&checked[0].problems, &name);
            return Ok(INVALID);
        }
        fates.push(ONE_SIDED);
        session.print(&render::file(&name, &[("the file".to_owned(), was, is)], session.out))?;
        return Ok(CHANGES);
    };
    let (product, was, is) = (&is.answers.product, results(was), results(is));
    let mut moves = Vec::new();
    for (what, value) in is {
        let before = was.iter().find(|(known, _)| *known == what).map_or("not asked for", |(_, value)| value.as_str());
        if before != value {
            moves.push((what, before.to_owned(), value));
        }
    }
    if moves.is_empty() {
        fates.push(STAYED);
        return Ok(0);
    }
    fates.push(MOVED);
    session.print(&render::file(&format!("{name} ({product})"), &moves, session.out))?;
    Ok(CHANGES)
}

/// The results of a product: outcome, fit and each gate.
fn results(report: &Report<'_>) -> Vec<(String, String)> {
    let Report { rulebook, assessment, .. } = report;
    let outcome = ("outcome".to_owned(), assessment.outcome.to_string());
    let fit = ("fit".to_owned(), assessment.fit.outcome.to_string());
    let gates = Gate::ALL.into_iter().filter(|gate| gate.exists(rulebook));
    let gates = gates.map(|gate| (format!("gate {gate}"), judge(gate, assessment).passage.to_string()));
    [outcome, fit].into_iter().chain(gates).collect()
}

/// The ids of new options that occur in no case.
fn untested_options(old: &Rulebook, new: &Rulebook, files: &RuleFiles) -> BTreeSet<String> {
    let known = old.ids();
    let cases = prove::cases(files, new).all;
    let shown =
        |question: usize, option: usize| cases.iter().any(|case| prove::chooses(new, &case.answers, question, option));
    let options = new.questions.iter().flat_map(|question| {
        let options = question.options.iter().enumerate().filter(|(number, _)| !shown(question.index, *number));
        options.map(|(_, option)| Rule::Option(question, option).id().into_owned())
    });
    options.filter(|id| !known.iter().any(|known| *known == *id)).collect()
}
