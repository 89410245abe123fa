//! Renders problems for people, with an excerpt of the file.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::problem::{Place, Problem, Severity, shown_by};
use crate::style::{Style, clean};
use crate::wording::counted;

/// The most problems shown of one file. With more it is probably not the right kind of file.
const MAX_SHOWN: usize = 100;
/// The longest line shown. Of a longer one only the place is given.
const MAX_LINE: usize = 400;

/// All problems, one after another, ending in a line break and a count.
pub fn render(problems: &[Problem], style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width.max(40));
    let mut out = String::new();
    for problem in problems.iter().take(MAX_SHOWN) {
        out.push_str(&render_one(problem, &renderer));
        out.push_str("\n\n");
    }
    if problems.len() > MAX_SHOWN {
        let _ = write!(out, "… and {} more\n\n", problems.len() - MAX_SHOWN);
    }
    out
}

/// "2 problems, 1 warning": how many of each.
pub(crate) fn count(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let some = [(errors, "problem"), (problems.len() - errors, "warning")].into_iter().filter(|(count, _)| *count > 0);
    some.map(|(count, one)| counted(count, one)).collect::<Vec<_>>().join(", ")
}

fn render_one(problem: &Problem, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = clean(&problem.message).into_owned();
    let hint = problem.hint.as_deref().map(|hint| clean(hint).into_owned());
    let related = problem.related.iter().map(|(place, label)| (place, label.as_str()));
    let places = problem.place.iter().map(|place| (place, "")).chain(related);
    let excerpts: Vec<Excerpt> = places.map(|(place, label)| Excerpt::new(place, label)).collect();
    let mut group = Group::with_title(level.clone().primary_title(message).id(problem.code.as_str()));
    for (index, excerpt) in excerpts.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mut annotation = kind.span(excerpt.span.clone());
        if !excerpt.label.is_empty() {
            annotation = annotation.label(excerpt.label.as_str());
        }
        group = group.element(
            Snippet::source(excerpt.text.as_str())
                .line_start(excerpt.line)
                .path(excerpt.path.as_str())
                .annotation(annotation),
        );
    }
    if let Some(witness) = &problem.witness {
        group = group.element(Level::NOTE.message(clean(&shown_by(witness)).into_owned()));
    }
    if let Some(hint) = hint {
        group = group.element(Level::HELP.message(hint));
    }
    renderer.render(&[group])
}

/// The first line of a place, safe to show.
struct Excerpt {
    path: String,
    line: usize,
    text: String,
    span: std::ops::Range<usize>,
    label: String,
}

impl Excerpt {
    fn new(place: &Place, label: &str) -> Self {
        let text = &place.source.text;
        let around = place.source.line_around(place.span.start);
        let (start, line) = (around.start, &text[around]);
        let from = (place.span.start - start).min(line.len());
        let to = (place.span.end.max(place.span.start) - start).clamp(from, line.len());
        // The parts are cleaned one by one, so that the mark stays under the same words. A very long line is not shown, so it
        // need not be cleaned.
        let cleaned = |part: &str| if line.len() > MAX_LINE { " ".repeat(MAX_LINE) } else { cleaned(part) };
        let (before, marked, after) = (cleaned(&line[..from]), cleaned(&line[from..to]), cleaned(&line[to..]));
        let mut text = format!("{before}{marked}{after}");
        let mut span = before.len()..before.len() + marked.len();
        if text.len() > MAX_LINE {
            "(a very long line)".clone_into(&mut text);
            span = 0..text.len();
        }
        Self {
            path: clean(&place.source.name).into_owned(),
            line: place.line(),
            text,
            span,
            label: clean(label).into_owned(),
        }
    }
}

/// Cleaned text that keeps its tabs, which the renderer expands.
fn cleaned(text: &str) -> String {
    text.split('\t').map(clean).collect::<Vec<_>>().join("\t")
}
