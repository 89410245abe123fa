//! The rule book as one page that needs nothing else.

use askama::Template;

use super::table::When;
use super::{Chapter, book};
use crate::report::page;
use crate::rulebook::{RuleKind, Rulebook, numbered};

#[derive(Template)]
#[template(path = "rules.html")]
struct Page<'r> {
    title: &'r str,
    chapters: Vec<Chapter>,
    program: &'static str,
    digest: &'r str,
}

impl Chapter {
    /// Whether it is what the rules are called, which is the title of the page.
    fn is_manifest(&self) -> bool {
        self.rules.iter().any(|rule| rule.kind == RuleKind::Manifest)
    }

    fn anchor(&self) -> String {
        self.title.to_lowercase().replace(' ', "-")
    }
}

pub(super) fn render(rulebook: &Rulebook) -> String {
    page(&Page {
        title: &rulebook.title,
        chapters: book(rulebook),
        program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")),
        digest: &rulebook.digest,
    })
}
