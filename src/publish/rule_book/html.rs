//! The rule book as one page that needs nothing else.

use askama::Template;

use super::book::{Chapter, book};
use super::table::When;
use crate::report::{PROGRAM, page};
use crate::rulebook::{Rulebook, numbered};

#[derive(Template)]
#[template(path = "rules.html")]
struct Page<'r> {
    title: &'r str,
    chapters: Vec<Chapter>,
    program: &'static str,
    digest: &'r str,
}

pub(super) fn render(rulebook: &Rulebook) -> String {
    page(&Page { title: &rulebook.title, chapters: book(rulebook), program: PROGRAM, digest: &rulebook.digest })
}
