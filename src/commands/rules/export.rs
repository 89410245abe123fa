//! `rules export`: the decision for an engine that exists.

use anyhow::Result;

use crate::cli;
use crate::commands::{INVALID, Session};
use crate::publish::sql::{self, Dialect};

pub(super) fn run(dialect: cli::Dialect, table: &str, session: &mut Session<'_>) -> Result<u8> {
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    let dialect = match dialect {
        cli::Dialect::Duckdb => Dialect::Duckdb,
        cli::Dialect::Postgres => Dialect::Postgres,
        cli::Dialect::Spark => Dialect::Spark,
    };
    match sql::select(&rulebook, dialect, table) {
        Ok(text) => {
            session.result(&text)?;
            Ok(0)
        }
        Err(_) => Ok(session.wrong_usage("these rules are too intricate to be written as SQL", "use `triage`")),
    }
}
