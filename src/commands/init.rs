//! `init`: writes a blank answers file.

use std::path::Path;

use anyhow::Result;

use super::Session;
use crate::cli::NAME;
use crate::files::{self, STANDARD_INPUT};
use crate::publish::schema::{self, SchemaOf};
use crate::publish::template::{self, NO_NAME, SCHEMA_FILE, no_name};
use crate::style::{clean, typed};
use crate::triage::InputShape;

pub(super) fn run(file: &Path, product: &str, session: &mut Session<'_>) -> Result<u8> {
    if product.trim().is_empty() {
        return Err(session.usage_error("--product is empty", "write the name of the product, or leave --product out"));
    }
    let rulebook = session.rulebook()?;
    let product = if product == NO_NAME { no_name(&rulebook) } else { product.to_owned() };
    let text = template::render(&rulebook, &product);
    // `-` is standard output, which has no schema beside it.
    if file == Path::new(STANDARD_INPUT) {
        session.print(&text)?;
        return Ok(0);
    }
    if InputShape::named(file) != Some(InputShape::Document) {
        let message = format!("`{}` does not end in .yaml, and what init writes is YAML", file.display());
        return Err(
            session.usage_error(&message, "name it answers.yaml; `interview` writes JSON too, without comments")
        );
    }
    let schema = file.with_file_name(SCHEMA_FILE);
    session.protect(None::<&Path>, &[&schema])?;
    files::write_new(file, (template::schema_line() + &text).as_bytes())?;
    files::write_report(&schema, schema::render(SchemaOf::Answers, &rulebook).as_bytes(), &session.protected)?;
    let name = file.display().to_string();
    session.say(&format!(
        "Wrote {}, and beside it {SCHEMA_FILE} for editors. Fill it in, then run: {NAME} check {}{}",
        clean(&name),
        typed(&name),
        rulebook.as_typed()
    ));
    Ok(0)
}
