//! `rules export`: writes the decision as SQL or as a page, or the rule files themselves.

use std::path::Path;

use anyhow::{Result, bail};

use crate::cli::{ExportTo, NAME};
use crate::commands::Session;
use crate::files;
use crate::publish::page;
use crate::publish::sql::{self, Dialect};
use crate::style::{clean, typed};
use crate::wording::counted;

pub(super) fn run(
    to: ExportTo,
    dialect: Option<Dialect>,
    table: Option<&str>,
    output: Option<&Path>,
    session: &mut Session<'_>,
) -> Result<u8> {
    if to != ExportTo::Sql && (dialect.is_some() || table.is_some()) {
        let what = if to == ExportTo::Html { "a page has" } else { "rule files have" };
        let message = format!("{what} no dialect and no table");
        return Err(session.usage_error(&message, "leave out --dialect and --table"));
    }
    let rulebook = session.rulebook()?;
    session.warn_if_unsound(&rulebook);
    session.protect(None::<&Path>, output.as_slice())?;
    let (text, called) = match to {
        ExportTo::Sql => {
            (sql::select(&rulebook, dialect.unwrap_or(Dialect::Duckdb), table.unwrap_or("answers")), "SQL")
        }
        ExportTo::Html => (page::render(&rulebook), "a page"),
        ExportTo::Yaml => return write_files(output, session),
    };
    let Ok(text) = text else {
        let message = format!("these rules are too intricate to be written as {called}");
        return Err(session.usage_error(&message, "use `triage`"));
    };
    session.write(output, &text)?;
    Ok(0)
}

/// Copies the rule files and their cases into a folder that has none of them yet.
fn write_files(folder: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let Some(folder) = folder else {
        return Err(session.usage_error("rule files are written into a folder", "name it with --output FOLDER"));
    };
    let rules = session.rule_files()?;
    if let Some(path) = rules.files.keys().map(|name| folder.join(name)).find(|path| files::exists(path)) {
        bail!("`{}` is already there; name another folder", path.display());
    }
    for (name, bytes) in &rules.files {
        files::write_report(&folder.join(name), bytes, &session.protected)?;
    }
    let (count, name) = (rules.files.len(), folder.display().to_string());
    let next = format!("To prove them once you have edited them: {NAME} rules check --rules {}", typed(&name));
    session.say(&format!("Wrote {} into {}. {next}", counted(count, "file"), clean(&name)));
    Ok(0)
}
