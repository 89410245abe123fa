//! `rules diff`: everything that changes, in effect and in words.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use crate::answers;
use crate::assess::assess;
use crate::commands::{INVALID, Session};
use crate::files;
use crate::prove::difference;
use crate::render::difference as render;
use crate::rulebook::Rulebook;

/// Something changes.
const CHANGES: u8 = 3;

pub(super) fn run(old: &Path, new: &Path, paths: &[PathBuf], session: &mut Session<'_>) -> Result<u8> {
    let (before, after) = (session.rules_in(old)?, session.rules_in(new)?);
    let (Some(before), Some(after)) = (session.checked(&before), session.checked(&after)) else { return Ok(INVALID) };
    let difference = difference(&before, &after).map_err(|_| anyhow!("the rules are too intricate to be compared"))?;
    session.result(&render::render(&difference, session.out))?;
    let mut code = if difference.is_empty() { 0 } else { CHANGES };
    let (mut read, mut changed) = (0, 0);
    for path in paths {
        let name = files::display_name(path);
        let bytes = session.read(path)?;
        let (Ok((was, _)), Ok((is, _))) =
            (answers::parse(&name, &bytes, &before), answers::parse(&name, &bytes, &after))
        else {
            // A file that is valid under one version only is a change as well.
            let (was, is) = (valid(&name, &bytes, &before), valid(&name, &bytes, &after));
            session.result(&render::file(&name, was, is, session.out))?;
            code = if was == is { INVALID } else { code.max(CHANGES) };
            continue;
        };
        read += 1;
        let (was, is) = (assess(&before, &was).outcome, assess(&after, &is).outcome);
        if was != is {
            changed += 1;
            session.result(&render::file(&name, was.id(), is.id(), session.out))?;
        }
    }
    if !paths.is_empty() {
        session.result(&format!("{changed} of {read} answers files change outcome.\n"))?;
    }
    Ok(code)
}

fn valid(name: &str, bytes: &[u8], rulebook: &Rulebook) -> &'static str {
    if answers::parse(name, bytes, rulebook).is_ok() { "valid" } else { "not valid" }
}
