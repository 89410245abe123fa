//! What is right in each format, whatever text stands in it.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fmt::Write as _;

use serde_json::Value;

use super::hostile::assert_harmless;

/// Looks at an output by the rules of its own format. One that has none here fails.
pub(crate) fn assert_well_formed(format: &str, payload: &str, out: &str) {
    if format != "github" {
        assert_harmless(&format!("{payload:?} {format}"), out);
    }
    match format {
        // For people, and for shells and databases that are asked in tests of their own.
        "text" | "table" | "sql" | "script" | "yaml" => {}
        "json" | "sarif" | "gitlab" | "jsonl" => {
            let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(out).into_iter().collect();
            assert!(values.is_ok_and(|values| !values.is_empty()), "{payload:?} {format}: {out}");
        }
        "page" => assert_is_page(payload, out),
        "csv" => {
            let mut reader = csv::Reader::from_reader(out.as_bytes());
            // Rows of another length are an error to the reader.
            for row in reader.records() {
                let formula = |cell: &str| cell.trim_start().starts_with(['=', '+', '-', '@']);
                assert!(!row.unwrap().iter().any(formula), "{payload:?}: {out}");
            }
        }
        // What `run` shows of a workbook.
        "xlsx" => assert!(out.contains("<sheetData") && !out.contains("<f>"), "{payload:?}: {out}"),
        "junit" => drop(quick_junit::Report::deserialize_from_str(out).expect("JUnit")),
        "markdown" => assert_no_mention(out),
        "html" => drop(tags(out)),
        "github" => assert_is_github(payload, out),
        "tap" => assert_is_tap(payload, out),
        "mermaid" | "dot" => drop(outside_quotes(out)),
        other => panic!("nothing says what is right in `{other}`: add it here, with a test in tests/injection.rs"),
    }
}

/// A page holds two scripts, of which the first is data, and no tag but those that it is made of.
pub(crate) fn assert_is_page(payload: &str, out: &str) {
    let (markup, scripts) = out.split_once("<script type=\"application/json\" id=\"data\">").expect("the data");
    let (data, rest) = scripts.split_once("</script>").expect("the end of the data");
    assert!(serde_json::from_str::<Value>(data).is_ok() && !data.contains('<'), "{payload:?}: {data}");
    let (script, end) = rest.split_once("</script>").expect("the end of the script");
    assert!(script.starts_with("\n<script>\"use strict\";") && !script[8..].contains("<script"), "{payload:?}");
    let tag = regex::Regex::new(r#"<(?:!doctype html|/?([a-z0-9]+)((?: [a-z-]+(?:="[^"<>]*")?)*))>"#).unwrap();
    let (before, style) = markup.split_once("<style>").expect("the style");
    let (style, body) = style.split_once("</style>").expect("the end of the style");
    assert!(!style.contains('<'), "{payload:?}");
    for part in [before, body, end] {
        let tags: Vec<_> = tag.captures_iter(part).collect();
        assert_eq!(part.matches('<').count(), tags.len(), "{payload:?}: {part}");
        for found in tags {
            let (name, attributes) =
                (found.get(1).map_or("html", |it| it.as_str()), found.get(2).map_or("", |it| it.as_str()));
            assert!(
                !["script", "img", "iframe", "object", "base", "form", "svg"].contains(&name),
                "{payload:?}: {name}"
            );
            // Every second part stands between quotation marks.
            let names: String = attributes.split('"').step_by(2).collect();
            let harmful = [" on", " style=", " src="];
            assert!(!harmful.iter().any(|word| names.contains(word)), "{payload:?}: {attributes}");
            assert!(!attributes.contains("href=\"javascript:"), "{payload:?}: {attributes}");
        }
    }
}

/// Every line is a command that is ours, and what it says begins none.
pub(crate) fn assert_is_github(payload: &str, out: &str) {
    for line in out.lines() {
        let rest = ["::error ", "::warning ", "::notice "].iter().find_map(|start| line.strip_prefix(start));
        let (properties, message) = rest.unwrap_or_else(|| panic!("{payload:?}: {line}")).split_once("::").unwrap();
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').unwrap();
            assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&key), "{property}");
            assert!(!value.contains(':'), "{property}");
        }
        // What the runner makes of it has no line that begins a command either.
        let shown = message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
        assert_harmless(payload, &shown);
    }
}

pub(crate) fn assert_is_tap(payload: &str, out: &str) {
    assert_harmless(payload, out);
    let mut tests = 0;
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some("TAP version 13"));
    let plan = lines.next().unwrap();
    let mut block = String::new();
    for line in lines {
        if let Some(inner) = line.strip_prefix("  ") {
            let _ = writeln!(block, "{inner}");
            if inner == "..." {
                let (first, rest) = block.split_once('\n').unwrap();
                assert_eq!(first, "---");
                for entry in rest.trim_end_matches("...\n").lines() {
                    let (key, value) = entry.split_once(": ").unwrap();
                    assert!(["id", "message", "at"].contains(&key), "{entry}");
                    assert!(serde_json::from_str::<String>(value).is_ok(), "{entry}");
                }
                block.clear();
            }
            continue;
        }
        assert!(block.is_empty(), "{line}");
        let Some(test) = line.strip_prefix("not ").unwrap_or(line).strip_prefix("ok ") else {
            assert!(line.starts_with("# "), "{payload:?}: {line}");
            continue;
        };
        tests += 1;
        let name = test.strip_prefix(&format!("{tests} - ")).unwrap();
        let name = name.strip_suffix(" # SKIP not known yet").unwrap_or(name);
        assert!(!name.replace("\\\\", "").replace("\\#", "").contains('#'), "{payload:?}: {line}");
    }
    assert_eq!(plan, format!("1..{tests}"));
}

/// The elements that GitHub's reading of Markdown makes of a text, and the text that is left.
pub(crate) fn elements(markdown: &str) -> Vec<String> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    // Raw HTML has to show in the result to be found.
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    let tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap());
    // A comment shows nothing, and is there to keep a name from being mentioned.
    tags.filter(|tag| *tag != "!-- --").map(str::to_owned).collect()
}

/// GitHub looks for people and issues in each text of a page once Markdown is read, so that no escape helps.
pub(crate) fn assert_no_mention(markdown: &str) {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    for text in html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)) {
        for (at, sign) in text.match_indices(['@', '#']) {
            let next = text[at + 1..].chars().next();
            // What Markdown itself escapes, such as `&#39;`, is a single character.
            let entity = text[..at].ends_with('&');
            assert!(entity || !next.is_some_and(|next| next.is_ascii_alphanumeric()), "{sign}: {text}");
        }
    }
}

/// The tags of a page, each with the names of its attributes. Only those are there that show text or lead to a safe
/// address, and the policy of the page lets nothing run or be fetched.
pub(crate) fn tags(html: &str) -> Vec<String> {
    const NAMES: &str = "html head meta title style body main header footer nav h1 h2 h3 h4 h5 p b br ul ol li dl dt dd a \
                         span code div table caption colgroup col thead tbody tr th td details summary svg rect";
    const ATTRIBUTES: &str = "lang charset http-equiv content name id class href role scope colspan aria-label \
                              aria-hidden data-of viewBox preserveAspectRatio focusable width height";
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">\n"), "{html}");
    let policy =
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    assert!(html.contains(policy), "{html}");
    let mut found = Vec::new();
    for part in html.split('<').skip(2) {
        // No text of a page has an angle bracket of its own, so that a tag ends at the first.
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("<{part}"));
        assert!(!text.contains('>') || tag == "style", "{text}");
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let name = name.trim_end_matches('/');
        assert!(NAMES.split_whitespace().any(|known| known == name.trim_start_matches('/')), "<{tag}>");
        let mut written = name.to_owned();
        let mut rest = attributes.trim_end_matches('/');
        while let Some((attribute, after)) = rest.trim_start().split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap_or_else(|| panic!("<{tag}>"));
            assert!(ATTRIBUTES.split_whitespace().any(|known| known == attribute), "<{tag}>");
            assert!(attribute != "href" || value.starts_with("https://") || value.starts_with('#'), "<{tag}>");
            written.push(' ');
            written.push_str(attribute);
            rest = after;
        }
        assert_eq!(rest.trim(), "", "<{tag}>");
        found.push(written);
    }
    found
}

/// A text without what stands in quotation marks.
pub(crate) fn outside_quotes(text: &str) -> String {
    let (mut outside, mut inside, mut escaped) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            '\\' if inside && !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => inside = !inside,
            '\n' => assert!(!inside, "a text ends on its line"),
            c if !inside => outside.push(c),
            _ => {}
        }
        escaped = false;
    }
    outside
}
