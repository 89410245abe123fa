//! The rule book for a terminal.

use super::book::{Told, book};
use crate::publish::phrases::Phrase;
use crate::rulebook::Rulebook;
use crate::style::{Style, Tone, clean};
use crate::wording::sentence;

pub(super) fn render(rulebook: &Rulebook, style: Style) -> String {
    let mut page = Page { style, out: String::new() };
    for (index, chapter) in book(rulebook).iter().enumerate() {
        if index > 0 {
            page.heading(&chapter.title.to_uppercase());
        }
        for rule in &chapter.rules {
            page.heading(&rule.heading());
            page.rule(rule, "");
        }
    }
    page.out
}

struct Page {
    style: Style,
    out: String,
}

impl Page {
    fn heading(&mut self, text: &str) {
        let before = if self.out.is_empty() { "" } else { "\n" };
        self.out.push_str(before);
        for line in self.style.wrap("", &clean(text)).lines() {
            self.out.push_str(&self.style.paint(Tone::Strong, line));
            self.out.push('\n');
        }
    }

    fn line(&mut self, indent: &str, tone: Option<Tone>, text: &str) {
        for line in self.style.wrap(indent, &clean(text)).lines() {
            self.out.push_str(&tone.map_or_else(|| line.to_owned(), |tone| self.style.paint(tone, line)));
            self.out.push('\n');
        }
    }

    fn rule(&mut self, rule: &Told, indent: &str) {
        if let Some(id) = &rule.id {
            self.line(indent, Some(Tone::Quiet), id);
        }
        for phrase in &rule.says {
            self.line(indent, None, &told(phrase));
        }
        if let Some(address) = &rule.address {
            self.line(indent, None, &address.words);
        }
        for inner in &rule.inner {
            self.line(&format!("{indent}- "), None, &inner.title);
            self.rule(inner, &format!("{indent}  "));
        }
        if let Some(source) = &rule.source {
            let link = source.link.as_ref().map_or_else(String::new, |link| format!(" {link}"));
            self.line(
                indent,
                Some(Tone::Quiet),
                &format!("Source: {}, {} ({}).{link}", source.page, source.at, source.basis),
            );
            if let Some(reasoning) = &source.reasoning {
                self.line(indent, None, &format!("Reasoning: {reasoning}"));
            }
        }
    }
}

fn told(phrase: &Phrase) -> String {
    let text = phrase.whole();
    phrase.lead.as_ref().map_or_else(|| text.clone(), |lead| format!("{}: {text}", sentence(lead)))
}
