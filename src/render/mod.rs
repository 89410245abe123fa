//! Results → text. One file for each format; none of them writes to a stream.

use crate::answers::Answers;
use crate::assessment::Assessment;
use crate::gate::Judgement;
use crate::rulebook::Rulebook;
use crate::style::Style;

pub mod difference;
pub mod explain;
pub mod graph;
mod json;
pub mod problems;
pub mod rule_book;
pub mod template;
mod text;

/// Everything a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// What was answered.
    pub answers: &'a Answers,
    /// What the rules say about it.
    pub assessment: &'a Assessment<'a>,
    /// What the gate says about it.
    pub judgement: &'a Judgement,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs: one JSON object for each product
    Json,
}

impl Format {
    /// The report in this format, ending in a line break.
    #[must_use]
    pub fn render(self, report: &Report<'_>, style: Style) -> String {
        match self {
            Self::Text => text::render(report, style),
            Self::Json => json::render(report),
        }
    }
}
