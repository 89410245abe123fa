//! Edits of values and items in the text of a file that keep every comment with its subject.

use std::ops::Range;

use crate::yaml::{self, Content, Node};

/// The text with the value of a node replaced. If the old value is empty or spans several lines, the new one goes after
/// the colon, and comments among those lines move above.
pub(crate) fn replaced(text: &str, node: Node<'_>, value: &str) -> String {
    let span = node.span();
    let end = end_of_value(text, node);
    let written = &text[span.start..end];
    let parts = matches!(node.content(), Content::List(_) | Content::Mapping(_));
    let in_lines = written.contains('\n') || (parts && !written.starts_with(['[', '{']));
    if !written.is_empty() && !in_lines {
        return format!("{}{value}{}", &text[..span.start], &text[end..]);
    }
    let colon = colon_of(text, node);
    let (between, tail) = if written.is_empty() { ("", colon) } else { (text[colon..span.start].trim_end(), end) };
    let mut above = between.lines();
    let beside = above.next().unwrap_or_default().trim_end();
    let (mut behind, below) = text[tail..].split_at(text[tail..].find(['\r', '\n']).unwrap_or(text.len() - tail));
    let mut moved: Vec<&str> = above.map(str::trim).filter(|line| !line.is_empty()).collect();
    moved.extend(comments(text, node));
    // A comment on the last of several lines is not about all of them.
    if in_lines && parts && !written.ends_with([']', '}']) && !behind.trim().is_empty() {
        moved.push(std::mem::take(&mut behind).trim());
    }
    let line = line_start(text, node.key_place().span.start);
    let before = &text[line..colon];
    let indent = &before[..before.len() - before.trim_start().len()];
    let comments: String = moved.iter().flat_map(|comment| [indent, *comment, newline_of(text)]).collect();
    let value = if value.is_empty() { String::new() } else { format!(" {value}") };
    format!("{}{comments}{before}{value}{beside}{behind}{below}", &text[..line])
}

pub(super) fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The end of the colon of an entry.
fn colon_of(text: &str, node: Node<'_>) -> usize {
    let key = node.key_place().span;
    text[key.end..].find(':').map_or(key.end, |at| key.end + at + 1)
}

/// The text with a line inserted below an entry.
pub(super) fn with_line_below(text: &str, node: Node<'_>, line: &str) -> String {
    let (end, newline) = (end_of(text, node), newline_of(text));
    let at = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
    let lead = if text[..at].ends_with('\n') { "" } else { newline };
    format!("{}{lead}{line}{newline}{}", &text[..at], &text[at..])
}

/// The end of an entry: of its value or, where nothing is written, of the colon.
fn end_of(text: &str, node: Node<'_>) -> usize {
    if node.span().is_empty() { colon_of(text, node) } else { end_of_value(text, node) }
}

/// The text with items added to and removed from the list that answers a question. `None` if the list is on one line,
/// or would be empty.
pub(super) fn with_items(text: &str, id: &str, wanted: &[String]) -> Option<String> {
    let mut text = text.to_owned();
    // Each round adds or removes one item.
    for _ in 0..2 * yaml::MAX_DEPTH * 2 {
        let document = yaml::parse("answers", text.as_bytes()).0?;
        let entry = document.root().get("answers")?.get(id)?;
        let list = entry.get("answer").unwrap_or(entry);
        if !matches!(list.content(), Content::List(_)) {
            return None;
        }
        let items: Vec<Node<'_>> = list.items().collect();
        let values: Vec<&str> = items.iter().map(|item| item.text()).collect::<Option<_>>()?;
        let flow = text[list.span()].starts_with('[');
        if wanted.is_empty() || (flow && !text[list.span()].contains('\n')) {
            return None;
        }
        let word = |wanted: &String| wanted.trim_matches('"').to_owned();
        if let Some(new) = wanted.iter().find(|wanted| !values.contains(&word(wanted).as_str())) {
            let last = *items.last()?;
            text = if flow {
                with_item_after(&text, last, new)
            } else {
                let dash = dash_of(&text, last)?;
                with_line_below(&text, last, &format!("{}- {new}", &text[line_start(&text, dash)..dash]))
            };
        } else if let Some(index) = values.iter().position(|value| !wanted.iter().any(|wanted| word(wanted) == *value))
        {
            text = if flow { without_flow_item(&text, &items, index)? } else { without_line(&text, items[index])? };
        } else {
            return Some(text);
        }
    }
    None
}

/// The dash of an item, if the two are alone on one line.
fn dash_of(text: &str, item: Node<'_>) -> Option<usize> {
    let span = item.span();
    let lead = &text[line_start(text, span.start)..span.start];
    let rest = text[span.end..].lines().next().unwrap_or_default().trim_start();
    let alone = lead.trim() == "-" && !text[span.clone()].contains('\n') && (rest.is_empty() || rest.starts_with('#'));
    alone.then(|| span.start - lead.trim_start().len())
}

/// The text without an item that has a line of its own. A comment beside it stays.
fn without_line(text: &str, item: Node<'_>) -> Option<String> {
    let dash = dash_of(text, item)?;
    let end = item.span().end;
    let rest = &text[end..];
    let comment = rest.trim_start_matches([' ', '\t']);
    Some(if comment.starts_with('#') {
        format!("{}{comment}", &text[..dash])
    } else {
        let next = rest.find('\n').map_or(text.len(), |newline| end + newline + 1);
        format!("{}{}", &text[..line_start(text, dash)], &text[next..])
    })
}

/// The text without an item between brackets.
fn without_flow_item(text: &str, items: &[Node<'_>], index: usize) -> Option<String> {
    let span = items[index].span();
    let mut text = text.to_owned();
    // From the end, so that earlier places stay valid.
    if let Some(next) = items.get(index + 1) {
        let comma = outside_comments(&text, span.end..next.span().start, ',')?;
        text.replace_range(comma..=comma, "");
    }
    let blanks = text[span.end..].len() - text[span.end..].trim_start_matches([' ', '\t']).len();
    text.replace_range(span.start..span.end + blanks, "");
    if index > 0 && index + 1 == items.len() {
        let comma = outside_comments(&text, items[index - 1].span().end..span.start, ',')?;
        text.replace_range(comma..=comma, "");
    }
    // Its line goes too, if it is empty now.
    let at = span.start.min(text.len());
    let start = line_start(&text, at - 1);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline + 1);
    if text[start..end].trim().is_empty() {
        text.replace_range(start..end, "");
    }
    Some(text)
}

/// The text with a new item or entry after another between brackets or braces, on its own line if the other is.
pub(super) fn with_item_after(text: &str, other: Node<'_>, part: &str) -> String {
    let start = other.key_place().span.start;
    let end = end_of(text, other);
    let lead = &text[line_start(text, start)..start];
    let rest = &text[end..];
    let line = &rest[..rest.find(['\r', '\n']).unwrap_or(0)];
    let after = line.trim_start().strip_prefix(',');
    let beside = after.unwrap_or(line).trim_start();
    if !lead.trim().is_empty()
        || line.len() == rest.len()
        || !(beside.is_empty() || beside.starts_with('#'))
        || !rest.contains('\n')
    {
        return format!("{}, {part}{rest}", &text[..end]);
    }
    let (comma, last) = if after.is_some() { ("", ",") } else { (",", "") };
    format!("{}{comma}{line}{}{lead}{part}{last}{}", &text[..end], newline_of(text), &rest[line.len()..])
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of a value: after its last character, not where the next begins.
pub(super) fn end_of_value(text: &str, node: Node<'_>) -> usize {
    let span = node.span();
    let closed = text[span.clone()].starts_with(['[', '{']);
    match node.parts().last() {
        Some(last) if !closed && last.span().is_empty() && matches!(node.content(), Content::Mapping(_)) => {
            colon_of(text, last)
        }
        Some(last) if !closed => end_of_value(text, last).max(span.start),
        // The span of a block text reaches into the next line.
        _ if span.is_empty() => node.key_place().span.end.max(span.start),
        _ => span.start + text[span.clone()].trim_end().len(),
    }
}

/// The comments inside a value, in order.
pub(super) fn comments<'t>(text: &'t str, node: Node<'_>) -> Vec<&'t str> {
    let mut scalars = Vec::new();
    collect_spans(node, &mut scalars);
    let (mut at, end) = (node.span().start, end_of_value(text, node));
    let mut found = Vec::new();
    scalars.push(end..end);
    for scalar in scalars {
        while let Some(hash) = text.get(at..scalar.start.min(end)).and_then(|gap| gap.find('#')) {
            let line = text[at + hash..end].lines().next().unwrap_or_default();
            found.push(line.trim_end());
            at += hash + line.len();
        }
        // A block text may have a comment on its first line.
        let first = text[scalar.clone()].lines().next().unwrap_or_default();
        if let Some(hash) = first.find(" #").filter(|_| first.starts_with(['|', '>'])) {
            found.push(first[hash..].trim());
        }
        at = at.max(scalar.end);
    }
    found
}

/// Collects the spans of all keys and scalars.
fn collect_spans(node: Node<'_>, spans: &mut Vec<Range<usize>>) {
    match node.content() {
        Content::List(_) | Content::Mapping(_) => {
            for part in node.parts() {
                if matches!(node.content(), Content::Mapping(_)) {
                    spans.push(part.key_place().span);
                }
                collect_spans(part, spans);
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => spans.push(node.span()),
    }
}

/// The position of a character in a range, outside comments.
fn outside_comments(text: &str, range: Range<usize>, wanted: char) -> Option<usize> {
    let mut comment = false;
    text[range.clone()].char_indices().find_map(|(at, c)| {
        comment = (comment || c == '#') && c != '\n';
        (!comment && c == wanted).then_some(range.start + at)
    })
}
