//! Mistakes in how a line begins: its indentation, its first character, and its key.

use super::lines::{CURLY, Line, OpenMarks, SyntaxMistake, abridged, as_value, is_block, is_key, mistake};

/// Line prefixes that people carry over from elsewhere, each with the error and the hint.
const FOREIGN_PREFIXES: [(&[&str], &str, &str); 3] = [
    (
        &["<<<<<<<", "=======", ">>>>>>>"],
        "a merge left two versions of these lines",
        "keep the lines of one of them, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`",
    ),
    (
        &["–", "—", "−", "‐", "‑", "•", "·", "* ", "+ ", "1. ", "2. ", "1) ", "2) "],
        "an item of a list begins with a hyphen and a blank",
        "write `- ` in place of this, or delete it in front of what is no item of a list",
    ),
    (
        &["//", "/*", "--", ";", "%", "```"],
        "only a line that begins with `#` is a comment",
        "write `#` in front of it, or delete it",
    ),
];

/// A line that begins with neither a key nor a hyphen.
pub(super) fn beginning(text: &str, line: Line<'_>, open: &OpenMarks) -> Option<SyntaxMistake> {
    if open.brackets.iter().any(|(start, _)| *start < line.start) {
        return None;
    }
    let foreign = foreign(line.text.trim(), line.start + line.indent());
    foreign.or_else(|| if continues_text(text, line) { None } else { without_colon(text, line) })
}

/// What begins like something of another language.
pub(super) fn foreign(words: &str, start: usize) -> Option<SyntaxMistake> {
    FOREIGN_PREFIXES.iter().find_map(|(prefixes, message, hint)| {
        let prefix = prefixes.iter().find(|prefix| words.starts_with(**prefix))?;
        Some(mistake(start..start + prefix.trim_end().len(), *message, *hint))
    })
}

/// Whether a line continues a text that began further up: it is indented more.
fn continues_text(text: &str, line: Line<'_>) -> bool {
    let Some((first, value)) = entry_above(text, line) else { return false };
    !value.is_empty() && line.indent() >= first.column()
}

/// The nearest line above that has a key or a hyphen, and its value.
fn entry_above<'t>(text: &'t str, line: Line<'t>) -> Option<(Line<'t>, &'t str)> {
    let mut above = line.above(text);
    above.find_map(|line| match line.entry() {
        Some((_, value)) => Some((line, value)),
        None => line.is_item().then(|| (line, line.words())),
    })
}

/// A line whose colon or hyphen is missing, or has no space after it.
fn without_colon(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let item = line.text.trim().strip_prefix('-');
    if let Some(item) = item.filter(|item| item.starts_with(|c: char| c.is_alphanumeric() || c == '"')) {
        let (start, hint) = (line.start + line.indent(), format!("write `- {}`", abridged(item)));
        return Some(mistake(start..start + 1, "a blank is missing behind this hyphen", hint));
    }
    let (words, start) = (line.words(), line.start + line.column() - 1);
    let end = words.find(|c: char| !is_key(c.encode_utf8(&mut [0; 4]))).unwrap_or(words.len());
    let (key, behind) = words.split_at(words[..end].trim_end_matches('-').len());
    let colon = start + end;
    if let Some(value) = behind.strip_prefix(':').filter(|value| !key.is_empty() && !value.is_empty()) {
        let hint = format!("write `{key}: {}`", as_value(value));
        let missing = !value.starts_with([' ', '\t', '/']);
        return missing.then(|| mistake(colon..colon + 1, "a blank is missing behind this colon", hint));
    }
    let below = line.below(text);
    let is_first_key = line.is_item() && below.entry().is_some() && below.column() == line.column();
    let is_value = words.starts_with(['"', '\'', '[', '{', '}', ']']) || (line.is_item() && !is_first_key);
    if words.is_empty() || is_value || words.contains(": ") || words.ends_with(':') {
        return None;
    }
    let (above, value) = entry_above(text, line).unzip();
    let separator = [' ', '\t', '=', ';', ':', '：', '-', '–', '—', '−', '>', '→'];
    let mut hints = Vec::new();
    let is_word = !key.is_empty() && !key.contains(|c: char| c == '.' || c.is_uppercase());
    if is_word && (behind.is_empty() || behind.starts_with(separator)) {
        let value = as_value(behind.trim_start_matches(separator));
        hints.push(format!("write `{}` if `{key}` is its key", format!("{key}: {value}").trim_end()));
    } else {
        hints.push("write a colon and a blank behind its key, or `#` in front of a comment".to_owned());
    }
    if above.is_some_and(|above| above.is_item() && above.entry().is_none()) {
        hints.push(format!("write `- {}` if it is an item of the list", as_value(words)));
    }
    let ends_there = above.is_some_and(|above| line.column() <= above.column());
    if value.is_some_and(|value| is_block(value) || is_plain_text(value) || (value.is_empty() && ends_there)) {
        hints.push("begin it further to the right if the text above goes on here".to_owned());
    }
    Some(mistake(start..colon.max(start + 1), "a colon or a hyphen is missing in this line", hints.join("; ")))
}

/// Whether a value is several words without quotation marks.
fn is_plain_text(value: &str) -> bool {
    value.contains(' ') && !value.starts_with(['"', '\'', '[', '{'])
}

/// An unquoted text that contains `: `, so that it looks like a key with its value.
pub(super) fn colon(text: &str, at: usize, line: Line<'_>, open: &OpenMarks) -> Option<SyntaxMistake> {
    let before = text[line.start..at].trim_start_matches([' ', '-']).trim_end_matches(':');
    let value = before.split_once(": ").map(|(_, value)| value.trim_start());
    let in_brackets = !open.brackets.is_empty();
    let other = value.is_some_and(|value| value.starts_with(['"', '\'', '[', '{', '|', '>'])) && !in_brackets;
    // Without a value of its own the line may continue a text that begins further up.
    if !text[at..].starts_with(':') || other || (value.is_none() && (is_key(before) || !continues_text(text, line))) {
        return None;
    }
    let hint = match value.unwrap_or_default().chars().next() {
        Some(curly) if CURLY.contains(&curly) => {
            format!("write `\"` in place of `{curly}` and at the end: YAML knows only straight quotation marks")
        }
        _ if in_brackets && value.is_some_and(|value| value.contains(" and ")) => {
            "write a comma in place of `and`, or put the text in quotation marks".to_owned()
        }
        _ if in_brackets => "put the text in quotation marks, or a comma in front of the next key".to_owned(),
        _ if line.text.trim_end().ends_with('}') => {
            "write `{` where it begins, or put the text in quotation marks".to_owned()
        }
        _ if value.is_none() => "put all of the text, which begins further up, in quotation marks".to_owned(),
        _ => "put the text in quotation marks, because it holds `: `".to_owned(),
    };
    Some(mistake(at..at + 1, "a colon and a blank stand inside this text", hint))
}

/// A line that is not indented like its siblings.
pub(super) fn indentation(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let mut above = line.above(text).filter(|above| above.entry().is_some());
    if line.is_item() && line.entry().is_none() {
        let item = line.above(text).find(|above| above.is_item() && above.indent() != line.indent())?;
        let (own, other) = (line.indent() + 1, item.indent() + 1);
        let at = line.start + line.indent();
        let message = format!("this item begins in column {own}, and one above it in column {other}");
        return Some(mistake(at..at + 1, message, "begin all items of a list in the same column"));
    }
    let immediate = above.next()?;
    // If the lines above and below agree, the one between them is the odd one out.
    let agrees = |third: &Line<'_>| third.column() == line.column() && immediate.column() < line.column();
    let (line, siblings) = match above.next().filter(agrees) {
        Some(third) => (immediate, vec![third]),
        None => (line, siblings(text, line, immediate)),
    };
    let other = *siblings.first()?;
    let ((key, _), (beside, value)) = (line.entry()?, other.entry()?);
    let (own, column) = (line.column(), other.column());
    let start = line.start + own - 1;
    let message = format!("`{key}` begins in column {own}, and `{beside}` above it in column {column}");
    let first_key = if line.is_item() { None } else { first_key_of_item(text, line) };
    let alternative = if own == column {
        return None;
    } else if first_key == Some(key) {
        return Some(mistake(start..start + key.len(), message, "put `- ` in front of it to begin a new item"));
    } else if other.is_item() && other.indent() + 1 == own {
        format!(", or delete the hyphen in front of `{beside}`; put `- ` in front of it to begin a new item")
    } else if first_key.is_some() {
        "; put `- ` in front of it to begin a new item".to_owned()
    } else if let Some(as_near) = siblings.get(1) {
        let beside = as_near.entry().map_or("", |(key, _)| key);
        format!(", or in column {} if it stands beside `{beside}`", as_near.column())
    } else if is_block(value) {
        format!("; if the text of `{beside}` goes on here, in column {}", other.below(text).column())
    } else if own < column || value.is_empty() || value.starts_with(['"', '\'', '[', '{']) {
        String::new()
    } else if is_plain_text(value) {
        format!("; if the text of `{beside}` goes on here, put all of it in quotation marks")
    } else {
        format!("; if it belongs under `{beside}`, delete `{value}`")
    };
    let hint = format!("begin it in column {column} if it stands beside `{beside}`{alternative}");
    Some(mistake(start..start + key.len(), message, hint))
}

/// The lines that a line may be meant to stand beside: of those that it is inside of, the one that begins nearest to
/// it, or two. An item stands beside items.
fn siblings<'t>(text: &'t str, line: Line<'t>, immediate: Line<'t>) -> Vec<Line<'t>> {
    let (own, mut around) = (line.column(), Vec::<Line<'_>>::new());
    if immediate.column() <= own {
        return vec![immediate];
    }
    let mut above = line.above(text).filter(|above| above.entry().is_some() && (above.is_item() || !line.is_item()));
    while let Some(next) = above.next().filter(|_| around.last().is_none_or(|inner| inner.column() > own)) {
        if around.last().is_none_or(|inner| next.column() < inner.column()) {
            around.push(next);
        }
    }
    let distance = |other: &Line<'_>| other.column().abs_diff(own);
    let nearest = around.iter().map(distance).min().unwrap_or_default();
    around.retain(|other| distance(other) == nearest);
    if around.is_empty() { vec![immediate] } else { around }
}

/// The first key of the item whose hyphen stands above the beginning of this line.
fn first_key_of_item<'t>(text: &'t str, line: Line<'t>) -> Option<&'t str> {
    let around = line.above(text).find(|above| above.indent() < line.column())?;
    let is_item = around.is_item() && around.indent() + 1 == line.column();
    around.entry().filter(|_| is_item).map(|(key, _)| key)
}
