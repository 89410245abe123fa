//! Text → events: the parts of a YAML text in order, each with its bytes.
//!
//! Scanning is most of the cost of parsing. So the build script, which shares this file, stores the events of the
//! built-in rules, and the program decodes them when it starts.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event as Parsed, Options, Parser, ScalarStyle, ScanError};

/// How deep lists and mappings may nest.
pub(crate) const MAX_DEPTH: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Document,
    /// A text, without its quotation marks, indentation and line breaks. Built-in text is borrowed.
    Scalar(Cow<'static, str>, Style),
    List,
    Mapping,
    /// The end of the innermost list or mapping.
    End,
    Alias,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotation marks, so that it may be something other than text.
    Plain,
    Quoted,
    /// Indented below `|` or `>`.
    Block,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedEvent {
    pub(crate) event: Event,
    pub(crate) range: Range<usize>,
    /// The first character of a tag or an anchor in front of it: neither is allowed.
    pub(crate) reserved: Option<char>,
}

/// Marks a stored scalar that is in the text verbatim, so that only its length is stored.
const VERBATIM: u8 = 0x10;

/// How many bytes come before the text of a scalar.
fn quote_length(style: Style) -> usize {
    usize::from(style == Style::Quoted)
}

/// The events of a text, up to its end or the first error.
pub(crate) fn scan(text: &str) -> impl Iterator<Item = Result<PlacedEvent, ScanError>> {
    let mut options = Options::default();
    // Above our own limit, so that it is ours that is reported, with its place. Inside brackets the parser looks up to
    // 1024 characters ahead for the colon of a key.
    options.flow_nesting_limit = MAX_DEPTH + 1024;
    options.block_nesting_limit = MAX_DEPTH + 1;
    Parser::new_from_str_with_options(text, options).filter_map(|next| match next {
        Ok((parsed, span)) => {
            let mut placed = placed_event(parsed, span.byte_range().unwrap_or(0..0))?;
            if let Event::Scalar(scalar, Style::Block) = &mut placed.event
                // Stops at the first character that is not whitespace, or a file of block texts would take for ever.
                && text.get(placed.range.end..).is_some_and(|rest| rest.trim_start().is_empty())
            {
                drop_added_newline(text, scalar);
            }
            Some(Ok(placed))
        }
        Err(error) => Some(Err(error)),
    })
}

/// The parser ends a block text with a line break even where the file ends without one. The specification (8.1.1.2)
/// keeps only a line break that is there.
fn drop_added_newline(text: &str, scalar: &mut Cow<'static, str>) {
    let last = text.rsplit(['\n', '\r']).next().unwrap_or_default().trim_start_matches(' ');
    if !last.is_empty() && scalar.strip_suffix('\n').is_some_and(|scalar| scalar.ends_with(last)) {
        scalar.to_mut().pop();
    }
}

fn placed_event(parsed: Parsed<'_>, range: Range<usize>) -> Option<PlacedEvent> {
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
    let reserved = if tagged { Some('!') } else { Some('&').filter(|_| anchor != 0) };
    Some(PlacedEvent { event, range, reserved })
}

/// The events without a text, and the styles of those with one. The position in the two is what `encode` stores.
const PLAIN_EVENTS: [Event; 4] = [Event::Document, Event::List, Event::Mapping, Event::End];
const STYLES: [Style; 3] = [Style::Plain, Style::Quoted, Style::Block];

/// The events of a text in few bytes; none if anything is wrong with it, so that it is parsed where that can be
/// reported.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script encodes"))]
pub(crate) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for next in scan(text) {
        let Ok(PlacedEvent { event, range, reserved: None }) = next else { return Vec::new() };
        let (kind, scalar, start) = match &event {
            Event::Scalar(scalar, style) => {
                let style_index = STYLES.iter().position(|known| known == style);
                (
                    style_index.map(|index| PLAIN_EVENTS.len() + index),
                    scalar.as_ref(),
                    range.start + quote_length(*style),
                )
            }
            event => (PLAIN_EVENTS.iter().position(|known| known == event), "", range.start),
        };
        let Some(kind) = kind.and_then(|kind| u8::try_from(kind).ok()) else { return Vec::new() };
        let verbatim = text.get(start..).is_some_and(|rest| rest.starts_with(scalar));
        bytes.push(if verbatim { kind | VERBATIM } else { kind });
        for number in [range.start, range.end, scalar.len()] {
            let Ok(number) = u32::try_from(number) else { return Vec::new() };
            bytes.extend(number.to_le_bytes());
        }
        if !verbatim {
            bytes.extend(scalar.as_bytes());
        }
    }
    bytes
}

/// The events that [`encode`] stored.
pub(crate) fn decode(
    text: &'static str,
    mut bytes: &'static [u8],
) -> impl Iterator<Item = Result<PlacedEvent, ScanError>> {
    let number = |bytes: &mut &[u8]| -> Option<usize> {
        let (number, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        usize::try_from(u32::from_le_bytes(*number)).ok()
    };
    std::iter::from_fn(move || {
        let (tag, rest) = bytes.split_first()?;
        bytes = rest;
        let range = number(&mut bytes)?..number(&mut bytes)?;
        let length = number(&mut bytes)?;
        let kind = usize::from(tag & !VERBATIM);
        let event = match PLAIN_EVENTS.get(kind) {
            Some(event) => event.clone(),
            None => {
                let style = *STYLES.get(kind - PLAIN_EVENTS.len())?;
                let scalar = if tag & VERBATIM != 0 {
                    text.get(range.start + quote_length(style)..)?.get(..length)?
                } else {
                    let (scalar, rest) = bytes.split_at_checked(length)?;
                    bytes = rest;
                    std::str::from_utf8(scalar).ok()?
                };
                Event::Scalar(Cow::Borrowed(scalar), style)
            }
        };
        Some(Ok(PlacedEvent { event, range, reserved: None }))
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, scan};

    #[test]
    fn stored_events_are_decoded_as_they_were_scanned() {
        let text = "# ü\na: 'it''s'\nb:\n- \"\\u00e9\"\n- {c: [1, yes]}\nd: |\n  x\n\n  y\ne: >-\n  x\n  y\n---\nf:\n";
        let lines = |found| format!("{found:?}");
        let scanned: Vec<String> = scan(text).map(lines).collect();
        let decoded: Vec<String> = decode(text, encode(text).leak()).map(lines).collect();
        assert!(scanned.len() > 20, "{scanned:?}");
        assert_eq!(decoded, scanned);
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
    fn a_text_with_problems_is_not_stored() {
        for text in ["a: [", "a: &x 1", "a: !x 1", "a: &x 1\nb: *x"] {
            assert!(encode(text).is_empty(), "{text}");
        }
    }
}
