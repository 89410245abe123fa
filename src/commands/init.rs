//! `init`: writes a blank answers file.

use std::path::Path;

use anyhow::Result;

use super::Session;
use crate::cli::{Init, NAME};
use crate::files::{self, STANDARD_INPUT};
use crate::publish::schema::{self, SchemaOf};
use crate::publish::template::{self, NO_NAME, SCHEMA_FILE, no_name};
use crate::style::{clean, typed};
use crate::triage::InputShape;

pub(super) fn run(args: &Init, session: &mut Session<'_>) -> Result<u8> {
    if args.product.trim().is_empty() {
        return Err(session.usage_error("--product is empty", "write the name of the product, or leave --product out"));
    }
    let rulebook = session.rulebook()?;
    let product = Some(args.product.clone()).filter(|name| name != NO_NAME).unwrap_or_else(|| no_name(&rulebook));
    let text = template::render(&rulebook, &product);
    // `-` is standard output, which has no schema beside it.
    if args.file == Path::new(STANDARD_INPUT) {
        session.print(&text)?;
        return Ok(0);
    }
    if InputShape::named(&args.file) != Some(InputShape::Document) {
        let message = format!("`{}` does not end in .yaml, and what init writes is YAML", args.file.display());
        return Err(
            session.usage_error(&message, "name it answers.yaml; `interview` writes JSON too, without comments")
        );
    }
    let schema = args.file.with_file_name(SCHEMA_FILE);
    session.protect(None::<&Path>, &[&schema])?;
    files::write_new(&args.file, (template::schema_line() + &text).as_bytes())?;
    files::write_report(&schema, schema::render(SchemaOf::Answers, &rulebook).as_bytes(), &session.protected)?;
    let name = args.file.display().to_string();
    let file = clean(&name);
    session.say(&format!(
        "Wrote {file}, and beside it {SCHEMA_FILE} for editors. Fill it in, then run: {NAME} check {}",
        typed(&name)
    ));
    Ok(0)
}
