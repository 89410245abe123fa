//! Values, and parts of lists and mappings, written into a text and taken away where they stand, so that every comment
//! stays beside what it is about.

use std::ops::Range;

use crate::yaml::{self, Content, Node};

/// The text with the value of a node replaced. Where nothing is written yet, or what is written stands in lines of its
/// own, the value goes behind the colon. Comments among those lines move above.
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
    // What stands beside the last of several lines is not about all of them.
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

/// How the lines of a text end.
pub(super) fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the text goes on behind the colon of an entry.
fn colon_of(text: &str, node: Node<'_>) -> usize {
    let key = node.key_place().span;
    text[key.end..].find(':').map_or(key.end, |at| key.end + at + 1)
}

/// The text with a line of its own below an entry.
pub(super) fn with_line_below(text: &str, node: Node<'_>, line: &str) -> String {
    let (end, newline) = (end_of(text, node), newline_of(text));
    let at = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
    let lead = if text[..at].ends_with('\n') { "" } else { newline };
    format!("{}{lead}{line}{newline}{}", &text[..at], &text[at..])
}

/// Where an entry ends in the text: behind its value, or behind the colon where nothing is written.
fn end_of(text: &str, node: Node<'_>) -> usize {
    if node.span().is_empty() { colon_of(text, node) } else { end_of_value(text, node) }
}

/// The text with other items in the list that answers a question. Those that stay are not touched. `None` if the list does
/// not stand in lines of its own, or is to be empty.
pub(super) fn with_items(text: &str, id: &str, wanted: &[String]) -> Option<String> {
    let mut text = text.to_owned();
    // Each round brings the two nearer to each other.
    for _ in 0..2 * yaml::MAX_DEPTH * 2 {
        let document = yaml::parse("answers", text.as_bytes()).0?;
        let entry = document.root().get("answers")?.get(id)?;
        let list = entry.get("answer").unwrap_or(entry);
        if !matches!(list.content(), Content::List(_)) {
            return None;
        }
        let items: Vec<Node<'_>> = list.items().collect();
        let says: Vec<&str> = items.iter().map(|item| item.text()).collect::<Option<_>>()?;
        let flow = text[list.span()].starts_with('[');
        if wanted.is_empty() || (flow && !text[list.span()].contains('\n')) {
            return None;
        }
        let word = |wanted: &String| wanted.trim_matches('"').to_owned();
        if let Some(new) = wanted.iter().find(|wanted| !says.contains(&word(wanted).as_str())) {
            let last = *items.last()?;
            text = if flow {
                with_another(&text, last, new)
            } else {
                let dash = dash_of(&text, last)?;
                with_line_below(&text, last, &format!("{}- {new}", &text[line_start(&text, dash)..dash]))
            };
        } else if let Some(index) = says.iter().position(|said| !wanted.iter().any(|wanted| word(wanted) == *said)) {
            text = if flow { without(&text, &items, index)? } else { without_line(&text, items[index])? };
        } else {
            return Some(text);
        }
    }
    None
}

/// Where the dash of an item is, if that is the first thing in its line and the item is all in it.
fn dash_of(text: &str, item: Node<'_>) -> Option<usize> {
    let span = item.span();
    let lead = &text[line_start(text, span.start)..span.start];
    let rest = text[span.end..].lines().next().unwrap_or_default().trim_start();
    let alone = lead.trim() == "-" && !text[span.clone()].contains('\n') && (rest.is_empty() || rest.starts_with('#'));
    alone.then(|| span.start - lead.trim_start().len())
}

/// The text without an item that has a line of its own. What is said beside it stays.
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
fn without(text: &str, items: &[Node<'_>], index: usize) -> Option<String> {
    let span = items[index].span();
    let mut text = text.to_owned();
    // From the back, so that the places before stay where they are.
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
    // Its line goes too, if nothing else is in it.
    let at = span.start.min(text.len());
    let start = line_start(&text, at - 1);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline + 1);
    if text[start..end].trim().is_empty() {
        text.replace_range(start..end, "");
    }
    Some(text)
}

/// The text with one part more between braces or brackets, behind another: in a line of its own if the other has one.
pub(super) fn with_another(text: &str, behind: Node<'_>, part: &str) -> String {
    let start = behind.key_place().span.start;
    let end = end_of(text, behind);
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

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where a value ends: behind its last character, not where the next begins.
pub(super) fn end_of_value(text: &str, node: Node<'_>) -> usize {
    let span = node.span();
    let closed = text[span.clone()].starts_with(['[', '{']);
    match node.parts().last() {
        Some(last) if !closed => end_of_value(text, last).max(span.start),
        // What a block text covers reaches to the next line.
        _ if span.is_empty() => node.key_place().span.end.max(span.start),
        _ => span.start + text[span.clone()].trim_end().len(),
    }
}

/// The comments inside a value, in their order.
pub(super) fn comments<'t>(text: &'t str, node: Node<'_>) -> Vec<&'t str> {
    let mut words = Vec::new();
    gather(node, &mut words);
    let (mut at, end) = (node.span().start, end_of_value(text, node));
    let mut found = Vec::new();
    words.push(end..end);
    for word in words {
        while let Some(hash) = text.get(at..word.start.min(end)).and_then(|gap| gap.find('#')) {
            let line = text[at + hash..end].lines().next().unwrap_or_default();
            found.push(line.trim_end());
            at += hash + line.len();
        }
        // A block text may be told of in its first line.
        let first = text[word.clone()].lines().next().unwrap_or_default();
        if let Some(hash) = first.find(" #").filter(|_| first.starts_with(['|', '>'])) {
            found.push(first[hash..].trim());
        }
        at = at.max(word.end);
    }
    found
}

/// The places of all keys and of all values that have nothing inside them.
fn gather(node: Node<'_>, words: &mut Vec<Range<usize>>) {
    match node.content() {
        Content::List(_) | Content::Mapping(_) => {
            for part in node.parts() {
                if matches!(node.content(), Content::Mapping(_)) {
                    words.push(part.key_place().span);
                }
                gather(part, words);
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => words.push(node.span()),
    }
}

/// Where a character is in a part of a text, outside comments.
fn outside_comments(text: &str, range: Range<usize>, wanted: char) -> Option<usize> {
    let mut comment = false;
    text[range.clone()].char_indices().find_map(|(at, c)| {
        comment = (comment || c == '#') && c != '\n';
        (!comment && c == wanted).then_some(range.start + at)
    })
}
