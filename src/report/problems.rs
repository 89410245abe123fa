//! Problems as a person reads them: code, message, place, the lines themselves, and what to do.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::problem::{Place, Problem, Severity, shown_by};
use crate::style::{Style, clean};
use crate::wording::counted;

/// The most problems shown of one file. A file with more is likely to be something else altogether.
const MAX_SHOWN: usize = 100;
/// The longest line shown whole. Of a longer one only the place is told.
const MAX_LINE: usize = 400;

/// All problems, one after another, ending in a line break and a count.
pub fn render(problems: &[Problem], style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width.max(40));
    let mut out = String::new();
    for problem in problems.iter().take(MAX_SHOWN) {
        out.push_str(&one(problem, &renderer));
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

fn one(problem: &Problem, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = clean(&problem.message).into_owned();
    let hint = problem.hint.as_deref().map(|hint| clean(hint).into_owned());
    let places = std::iter::once((problem.place.as_ref(), None))
        .chain(problem.related.iter().map(|(place, what)| (Some(place), Some(what.as_str()))));
    let excerpts: Vec<Excerpt> =
        places.filter_map(|(place, what)| place.map(|place| Excerpt::of(place, what.unwrap_or_default()))).collect();
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

/// The line a place begins in, made safe to show.
struct Excerpt {
    path: String,
    line: usize,
    text: String,
    span: std::ops::Range<usize>,
    label: String,
}

impl Excerpt {
    fn of(place: &Place, label: &str) -> Self {
        let text = &place.source.text;
        let around = place.source.line_around(place.span.start);
        let (start, line) = (around.start, &text[around]);
        let from = (place.span.start - start).min(line.len());
        let to = (place.span.end.max(place.span.start) - start).clamp(from, line.len());
        // The line is cleaned piece by piece, so that the mark still stands under the same words.
        // A line may be a whole file, and take its time to clean.
        let shown = |part: &str| if line.len() > MAX_LINE { " ".repeat(MAX_LINE) } else { shown(part) };
        let (before, marked, after) = (shown(&line[..from]), shown(&line[from..to]), shown(&line[to..]));
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

/// Cleaned, with tabs as they are: the renderer lines them up.
fn shown(text: &str) -> String {
    text.split('\t').map(clean).collect::<Vec<_>>().join("\t")
}
