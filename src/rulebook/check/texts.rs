//! Texts and ids.

use super::{Checker, RESERVED};
use crate::problem::Code;
use crate::rulebook::keys::MAX_SHORT;
use crate::wording::Text;
use crate::yaml::{Content, Node};

const MAX_TEXT: usize = 2_000;
const MAX_ID: usize = 200;
/// The ids of rules without an `id` begin with these.
const TAKEN: [&str; 3] = ["manifest", "section", "outcome"];
/// Words with another meaning in an answers file.
const NOT_TEXT: [&str; 4] = ["null", "true", "false", "not_sure"];

impl Checker {
    /// A word for the program, which must not be blank.
    pub(super) fn filled(&mut self, node: Node<'_>) -> String {
        let text = node.text().unwrap_or_default();
        self.limit_length(node, text, MAX_TEXT);
        let text = text.trim_end();
        if text.is_empty() {
            self.report(Code::Blank, node, "this text is blank", "write something");
        }
        text.to_owned()
    }

    /// A web address.
    pub(super) fn address(&mut self, node: Node<'_>) -> String {
        let text = self.filled(node);
        let web = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = web.and_then(|web| web.split(['/', '?', '#']).next());
        if !text.is_empty() && (text.contains(char::is_whitespace) || host.is_none_or(|host| !host.contains('.'))) {
            let hint = "write it in full, as a browser shows it: `https://…`";
            self.report(Code::NoAddress, node, "this is no address of a page, so reports make no link of it", hint);
        }
        text
    }

    /// Reports may repeat a text a thousand times, so none may be long.
    fn limit_length(&mut self, node: Node<'_>, text: &str, most: usize) {
        // No text has more characters than bytes.
        let length = if text.len() > most { text.chars().count() } else { 0 };
        if length > most {
            let message = format!("this text has {length} characters, and there is room for {most}");
            self.report(Code::TooLong, node, message, "say it in fewer words");
        }
    }

    /// A text for people, which must not be blank.
    pub(super) fn text(&mut self, node: Node<'_>) -> String {
        self.problems.extend(node.trailing_comment());
        self.filled(node)
    }

    /// A text that fits into a row of a report.
    pub(super) fn short(&mut self, node: Node<'_>) -> String {
        let text = self.text(node);
        self.limit_length(node, &text, MAX_SHORT);
        text
    }

    /// A text that may tell what the source says from our reading of it.
    pub(super) fn prose(&mut self, node: Node<'_>) -> Text {
        if !matches!(node.content(), Content::Mapping(_)) {
            return Text::new(self.text(node), None, None);
        }
        let [says, reading, reasoning] =
            ["says", "reading", "reasoning"].map(|part| node.non_null(part).map(|text| self.text(text)));
        if says.is_none() && reading.is_none() {
            let hint = "add `says: …`, or `reading: …` for what is ours";
            self.report(Code::MissingKey, node, "this text says nothing", hint);
        }
        Text::new(says.unwrap_or_default(), reading, reasoning)
    }

    /// Checks that an id is one plain word, which needs no quotation marks anywhere.
    pub(super) fn check_id_form(&mut self, node: Node<'_>) {
        let id = node.text().unwrap_or_default();
        self.limit_length(node, id, MAX_ID);
        let formed = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !formed || NOT_TEXT.contains(&id) {
            let hint = "use lower case letters, digits and underscores, and begin with a letter";
            self.report(Code::BadId, node, format!("`{id}` cannot be an id"), hint);
        }
    }

    /// The id of a rule, which must be well-formed and unique.
    pub(super) fn id(&mut self, rule: Node<'_>) -> String {
        let node = rule.required("id");
        let id = node.text().unwrap_or_default();
        if RESERVED.contains(&id) {
            self.report(Code::BadId, node, format!("`{id}` is a word of conditions"), "choose another id");
        }
        if TAKEN.contains(&id) {
            let message = format!("`{id}` already stands for something in every rules folder");
            self.report(Code::BadId, node, message, "choose another id");
        }
        self.check_id_form(node);
        match self.ids.get(id) {
            Some(first) => {
                let message = format!("`{id}` is already the id of something");
                let first = (first.clone(), "first here".to_owned());
                self.report(Code::DuplicateId, node, message, "give one of them another id").related.push(first);
            }
            None => drop(self.ids.insert(id.to_owned(), node.place())),
        }
        id.to_owned()
    }
}
