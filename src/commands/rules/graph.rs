//! `rules graph`: the decision as a drawing.

use std::path::Path;

use anyhow::Result;

use crate::cli::GraphFormat;
use crate::commands::answers_files::{self, Reader};
use crate::commands::{INVALID, Session};
use crate::files;
use crate::publish::graph;

const READER: Reader = Reader { command: "rules graph", triage_does: false };

pub(super) fn run(format: GraphFormat, path: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let rulebook = session.rulebook()?;
    let mut given = None;
    if let Some(path) = path {
        let name = files::display_name(path);
        match answers_files::read(path, &session.read(path)?, READER, &rulebook) {
            Ok((answers, warnings)) => {
                session.problems(&warnings, &name);
                given = Some(answers.given(&rulebook));
            }
            Err(problems) => {
                session.problems(&problems, &name);
                return Ok(INVALID);
            }
        }
    }
    let Ok(graph) = graph::Graph::of(&rulebook, given.as_ref()) else {
        return Ok(session.wrong_usage("these rules are too intricate to be drawn", "use `rules show`"));
    };
    let text = match format {
        GraphFormat::Mermaid => graph.mermaid(),
        GraphFormat::Dot => graph.dot(),
    };
    session.result(&text)?;
    Ok(0)
}
