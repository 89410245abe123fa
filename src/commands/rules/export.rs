//! `rules export`: the decision for an engine that exists, or as a page.

use std::path::Path;

use anyhow::Result;

use crate::cli::{self, ExportTo};
use crate::commands::{INVALID, Session};
use crate::files;
use crate::publish::page;
use crate::publish::sql::{self, Dialect};

pub(super) fn run(
    to: ExportTo,
    dialect: Option<cli::Dialect>,
    table: Option<&str>,
    output: Option<&Path>,
    session: &mut Session<'_>,
) -> Result<u8> {
    if to == ExportTo::Html && (dialect.is_some() || table.is_some()) {
        return Ok(session.wrong_usage("a page has no dialect and no table", "leave out --dialect and --table"));
    }
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    let written: Vec<&Path> = output.into_iter().collect();
    if session.refuses(None::<&Path>, &written) {
        return Ok(INVALID);
    }
    let dialect = match dialect {
        None | Some(cli::Dialect::Duckdb) => Dialect::Duckdb,
        Some(cli::Dialect::Postgres) => Dialect::Postgres,
        Some(cli::Dialect::Spark) => Dialect::Spark,
    };
    let (made, called) = match to {
        ExportTo::Sql => (sql::select(&rulebook, dialect, table.unwrap_or("answers")), "SQL"),
        ExportTo::Html => (page::render(&rulebook), "a page"),
    };
    let Ok(text) = made else {
        let message = format!("these rules are too intricate to be written as {called}");
        return Ok(session.wrong_usage(&message, "use `triage`"));
    };
    match output {
        Some(path) => files::write_report(path, text.as_bytes(), &session.kept)?,
        None => session.result(&text)?,
    }
    Ok(0)
}
