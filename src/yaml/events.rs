//! Text → events: what a YAML text is made of, in order, each with its bytes in the text.
//!
//! Scanning is most of what reading costs. So the events of the rules that are built in are kept when the program is
//! built, by the build script, which shares this file, and recalled when it starts.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event as Parsed, Options, Parser, ScalarStyle, ScanError};

/// The most levels of lists and mappings inside each other.
pub(crate) const MAX_DEPTH: usize = 64;

/// What a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Document,
    /// A text, without its quotation marks, indentation and line breaks. What is built in is not copied.
    Scalar(Cow<'static, str>, Style),
    List,
    Mapping,
    /// What started last ends.
    End,
    /// A value of elsewhere is meant.
    Alias,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is, so that it may mean something other than text.
    Plain,
    Quoted,
    /// Indented below `|` or `>`.
    Block,
}

/// An event, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedEvent {
    pub(crate) event: Event,
    pub(crate) range: Range<usize>,
    /// The sign that begins what stands in front of it and these files may not have: a tag or an anchor.
    pub(crate) marked: Option<char>,
}

/// The bit that says of a kept scalar that it stands in the text as it is, so that only its length is kept.
const AS_WRITTEN: u8 = 0x10;

/// What the text of a scalar begins behind.
fn mark(style: Style) -> usize {
    usize::from(style == Style::Quoted)
}

/// The events of a text, up to its end or to what cannot be scanned.
pub(crate) fn scan(text: &str) -> impl Iterator<Item = Result<PlacedEvent, ScanError>> {
    let mut options = Options::default();
    // More than allowed, so that the limit is reported as ours, with its place. In brackets the parser looks up to
    // 1024 characters ahead for the colon of a key.
    options.flow_nesting_limit = MAX_DEPTH + 1024;
    options.block_nesting_limit = MAX_DEPTH + 1;
    Parser::new_from_str_with_options(text, options).filter_map(|next| match next {
        Ok((parsed, span)) => {
            let mut found = found(parsed, span.byte_range().unwrap_or(0..0))?;
            if let Event::Scalar(scalar, Style::Block) = &mut found.event
                // What is looked at ends with the first thing that is no blank, or a file of such texts takes for ever.
                && text.get(found.range.end..).is_some_and(|rest| rest.trim_start().is_empty())
            {
                as_far_as_written(text, scalar);
            }
            Some(Ok(found))
        }
        Err(error) => Some(Err(error)),
    })
}

/// The parser ends a block text with a line break even where the file ends without one. By the specification (8.1.1.2)
/// that of the last line is kept, and there is none to keep.
fn as_far_as_written(text: &str, scalar: &mut Cow<'static, str>) {
    let last = text.rsplit(['\n', '\r']).next().unwrap_or_default().trim_start_matches(' ');
    if !last.is_empty() && scalar.strip_suffix('\n').is_some_and(|scalar| scalar.ends_with(last)) {
        scalar.to_mut().pop();
    }
}

fn found(parsed: Parsed<'_>, range: Range<usize>) -> Option<PlacedEvent> {
    let (event, anchor, tagged) = match parsed {
        Parsed::DocumentStart(..) => (Event::Document, 0, false),
        Parsed::Scalar(text, style, anchor, tag) => {
            let style = match style {
                ScalarStyle::Plain => Style::Plain,
                ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            };
            (Event::Scalar(text.into_owned().into(), style), anchor, tag.is_some())
        }
        Parsed::SequenceStart(_, anchor, tag) => (Event::List, anchor, tag.is_some()),
        Parsed::MappingStart(_, anchor, tag) => (Event::Mapping, anchor, tag.is_some()),
        Parsed::SequenceEnd | Parsed::MappingEnd => (Event::End, 0, false),
        Parsed::Alias(_) | Parsed::UnresolvedAlias(_) => (Event::Alias, 0, false),
        _ => return None,
    };
    let marked = if tagged { Some('!') } else { Some('&').filter(|_| anchor != 0) };
    Some(PlacedEvent { event, range, marked })
}

/// The events of a text in few bytes, or nothing if it cannot be scanned to its end or has what these files may not:
/// then it has to be read where its problems can be told.
#[cfg_attr(not(test), allow(dead_code, reason = "it is the build script that keeps, and the program that recalls"))]
pub(crate) fn keep(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for next in scan(text) {
        let Ok(PlacedEvent { event, range, marked: None }) = next else { return Vec::new() };
        let (kind, scalar) = match &event {
            Event::Document => (0, ""),
            Event::List => (1, ""),
            Event::Mapping => (2, ""),
            Event::End => (3, ""),
            Event::Scalar(text, Style::Plain) => (4, text.as_ref()),
            Event::Scalar(text, Style::Quoted) => (5, text.as_ref()),
            Event::Scalar(text, Style::Block) => (6, text.as_ref()),
            Event::Alias => return Vec::new(),
        };
        let style = if let Event::Scalar(_, style) = event { style } else { Style::Plain };
        let as_written = text.get(range.start + mark(style)..).is_some_and(|rest| rest.starts_with(scalar));
        bytes.push(if as_written { kind | AS_WRITTEN } else { kind });
        for number in [range.start, range.end, scalar.len()] {
            let Ok(number) = u32::try_from(number) else { return Vec::new() };
            bytes.extend(number.to_le_bytes());
        }
        if !as_written {
            bytes.extend(scalar.as_bytes());
        }
    }
    bytes
}

/// The events that [`keep`] kept of a text.
pub(crate) fn recall(
    text: &'static str,
    mut kept: &'static [u8],
) -> impl Iterator<Item = Result<PlacedEvent, ScanError>> {
    let number = |kept: &mut &[u8]| -> Option<usize> {
        let (number, rest) = kept.split_first_chunk()?;
        *kept = rest;
        usize::try_from(u32::from_le_bytes(*number)).ok()
    };
    std::iter::from_fn(move || {
        let (kind, rest) = kept.split_first()?;
        kept = rest;
        let range = number(&mut kept)?..number(&mut kept)?;
        let length = number(&mut kept)?;
        let mut scalar = |style| {
            let scalar = if kind & AS_WRITTEN != 0 {
                text.get(range.start + mark(style)..)?.get(..length)?
            } else {
                let (scalar, rest) = kept.split_at_checked(length)?;
                kept = rest;
                std::str::from_utf8(scalar).ok()?
            };
            Some(Event::Scalar(Cow::Borrowed(scalar), style))
        };
        let event = match kind & !AS_WRITTEN {
            0 => Event::Document,
            1 => Event::List,
            2 => Event::Mapping,
            3 => Event::End,
            4 => scalar(Style::Plain)?,
            5 => scalar(Style::Quoted)?,
            _ => scalar(Style::Block)?,
        };
        Some(Ok(PlacedEvent { event, range, marked: None }))
    })
}

#[cfg(test)]
mod tests {
    use super::{keep, recall, scan};

    #[test]
    fn what_is_kept_of_a_text_is_recalled_as_it_was_scanned() {
        let text = "# ü\na: 'it''s'\nb:\n- \"\\u00e9\"\n- {c: [1, yes]}\nd: |\n  x\n\n  y\ne: >-\n  x\n  y\n---\nf:\n";
        let lines = |found| format!("{found:?}");
        let scanned: Vec<String> = scan(text).map(lines).collect();
        let recalled: Vec<String> = recall(text, keep(text).leak()).map(lines).collect();
        assert!(scanned.len() > 20, "{scanned:?}");
        assert_eq!(recalled, scanned);
    }

    #[test]
    fn a_block_text_ends_as_the_file_does() {
        for (text, means) in [
            ("a: |\n  x", "x"),
            ("a: |\n  x\n", "x\n"),
            ("a: |\n  x\n\n  y", "x\n\ny"),
            ("a: >\n  x\n  y", "x y"),
            ("a: >\n  x\n  y\n", "x y\n"),
            ("a: |+\n  x\n\n", "x\n\n"),
            ("a: |+\n  x", "x"),
            ("a: |-\n  x", "x"),
            ("a: |\n  x\n ", "x\n"),
            ("a: |\n  x\n# x", "x\n"),
            ("a: |\n  x\n  x", "x\nx"),
            ("a: |\r\n  x\r\n  y", "x\ny"),
            ("a: |\n  x\n    y ", "x\n  y "),
        ] {
            let value: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
            assert_eq!(value["a"].as_str(), Some(means), "{text:?}, as the value parser reads it");
            let scalars = scan(text).filter_map(|found| match found.expect("YAML").event {
                super::Event::Scalar(scalar, _) => Some(scalar),
                _ => None,
            });
            assert_eq!(scalars.last().as_deref(), Some(means), "{text:?}");
        }
    }

    #[test]
    fn nothing_is_kept_of_a_text_whose_problems_have_to_be_told() {
        for text in ["a: [", "a: &x 1", "a: !x 1", "a: &x 1\nb: *x"] {
            assert!(keep(text).is_empty(), "{text}");
        }
    }
}
