//! `schema`: prints JSON Schema for editors and validators.

use std::path::Path;

use anyhow::Result;

use super::{INVALID, Session};
use crate::publish::schema::{self, SchemaOf};

pub(super) fn run(subject: SchemaOf, output: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    if subject == SchemaOf::Report && session.shared.rules.is_some() {
        return Err(session.usage_error("a report has the same keys whatever the rules are", "leave out --rules"));
    }
    let (Some(rulebook), _) = session.rules()? else {
        let message =
            "There is no schema: it names the ids and values of these rules, so mend what is listed above first.";
        session.say_wrapped("", message);
        return Ok(INVALID);
    };
    session.write(output, &schema::render(subject, &rulebook))?;
    Ok(0)
}
