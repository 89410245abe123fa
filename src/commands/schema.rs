//! `schema`: JSON Schema for editors and validators.

use std::path::Path;

use anyhow::Result;

use super::{INVALID, Session};
use crate::cli::Schema;
use crate::files;
use crate::publish::schema;

pub(super) fn run(args: &Schema, session: &mut Session<'_>) -> Result<u8> {
    let Some(rulebook) = session.rulebook()? else {
        let lacking =
            "There is no schema: it names the ids and values of these rules, so mend what is listed above first.";
        let lacking = session.err.wrap("", lacking);
        session.say(&lacking);
        return Ok(INVALID);
    };
    let written: Vec<&Path> = args.output.iter().map(AsRef::as_ref).collect();
    if session.refuses(None::<&Path>, &written) {
        return Ok(INVALID);
    }
    let text = schema::render(args.subject, &rulebook);
    match &args.output {
        Some(path) => files::write_report(path, text.as_bytes(), &session.kept)?,
        None => session.result(&text)?,
    }
    Ok(0)
}
