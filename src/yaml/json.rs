//! Help for people who write JSON, which is read as the YAML that it is.

/// What help says of the layout of lines, in braces. What is a part of another comes after it.
const LAYOUT: [(&str, &str); 5] = [
    ("this line below it in the same column, and nothing after the colon of the question", "both in braces"),
    ("with nothing after the colon of the question", "in braces"),
    ("each in a line of its own", "in braces"),
    ("one on each line", "in braces"),
    ("nothing after the colon", "`null`"),
];

/// Whether all of a text is in braces, so that what is right in JSON is right in it.
pub(crate) fn is_in_braces(text: &[u8]) -> bool {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start().starts_with(b"{")
}

/// A hint with what stands between its backticks as JSON.
pub(crate) fn in_json(hint: &str) -> String {
    let hint = LAYOUT.iter().fold(hint.to_owned(), |hint, (in_lines, in_braces)| hint.replace(in_lines, in_braces));
    let parts = hint.split('`').enumerate().map(|(at, part)| match as_json(part) {
        Some(json) if at % 2 == 1 => json,
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// YAML in one line as JSON. A word by itself is a name, and stays as it is.
fn as_json(yaml: &str) -> Option<String> {
    let braces = yaml.starts_with('{');
    if !braces && !yaml.starts_with(['\'', '[']) && !yaml.contains(": ") {
        return None;
    }
    let value: serde_json::Value = serde_yaml::from_str(yaml).ok()?;
    let json = value.to_string().replace("\"…\"", "…");
    let inside = json.strip_prefix('{').and_then(|json| json.strip_suffix('}')).filter(|_| !braces);
    Some(inside.unwrap_or(&json).to_owned())
}
