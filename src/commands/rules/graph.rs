//! `rules graph`: draws the decision.

use std::path::Path;

use anyhow::Result;

use crate::cli::GraphFormat;
use crate::commands::Session;
use crate::commands::answers_files::{self, Caller};
use crate::files;
use crate::publish::graph;

const CALLER: Caller = Caller { command: "rules graph", suggests_triage: false };

pub(super) fn run(format: GraphFormat, path: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let rulebook = session.rulebook()?;
    let mut given = None;
    if let Some(path) = path {
        let bytes = session.read(path)?;
        let (answers, warnings) = answers_files::read(path, &bytes, CALLER, &rulebook, session)?;
        session.report_problems(&warnings, &files::display_name(path));
        given = Some(answers.assignment(&rulebook));
    }
    let Ok(graph) = graph::Graph::of(&rulebook, given.as_ref()) else {
        return Err(session.usage_error("these rules are too intricate to be drawn", "use `rules show`"));
    };
    let text = match format {
        GraphFormat::Mermaid => graph.mermaid(),
        GraphFormat::Dot => graph.dot(),
    };
    session.print(&text)?;
    Ok(0)
}
