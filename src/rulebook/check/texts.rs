//! Texts and ids.

use super::raw::{MAX_SHORT, Said, Word};
use super::{Checker, RESERVED};
use crate::problem::{Code, Problem, suggestion};
use crate::wording::Text;
use crate::yaml::{Content, Document, Node};

/// The most characters of a text.
const MAX_TEXT: usize = 2_000;
/// The most characters of an id.
const MAX_ID: usize = 200;
/// Words with which the ids of what has none of its own begin.
const TAKEN: [&str; 3] = ["manifest", "section", "outcome"];
/// Words that mean something else in an answers file.
const NOT_TEXT: [&str; 4] = ["null", "true", "false", "not_sure"];
/// The keys of a text that is a mapping.
const PARTS_OF_TEXT: [&str; 3] = ["says", "reading", "reasoning"];
impl Checker {
    /// A word that means something to the program, which may not be blank.
    pub(super) fn filled(&mut self, word: &Word, document: &Document) -> String {
        self.bounded(|| word.at.node(document), &word.text, MAX_TEXT);
        if word.text.trim().is_empty() {
            self.report(Code::Blank, word, document, "this text is blank".into(), "write something");
        }
        word.text.trim_end().to_owned()
    }

    /// A text may stand in a report a thousand times, so none may be long.
    fn bounded<'d>(&mut self, node: impl FnOnce() -> Node<'d>, text: &str, most: usize) {
        // No text has more characters than bytes.
        let length = if text.len() > most { text.chars().count() } else { 0 };
        if length > most {
            let message = format!("this text has {length} characters, and there is room for {most}");
            self.problems.push(Problem::at(Code::TooLong, node().place(), message).hint("say it in fewer words"));
        }
    }

    /// A text for people, which may not be blank.
    pub(super) fn text(&mut self, word: &Word, document: &Document) -> String {
        if document.has_comments() {
            self.comment(word.at.node(document));
        }
        self.filled(word, document)
    }

    /// Warns of a comment that looks like a part of the text before it.
    fn comment(&mut self, node: Node<'_>) {
        if let Some(place) = node.comment_behind() {
            let message = "what follows is a comment, and no part of the text before it";
            let hint = "put the text in quotation marks, or two blanks before the comment";
            self.problems.push(Problem::at(Code::CommentInText, place, message).hint(hint));
        }
    }

    pub(super) fn maybe_text(&mut self, word: Option<&Word>, document: &Document) -> Option<String> {
        word.map(|word| self.text(word, document))
    }

    /// A text that has a row of a report to itself.
    pub(super) fn short(&mut self, word: Option<&Word>, document: &Document) -> Option<String> {
        let text = self.maybe_text(word, document)?;
        let word = word?;
        self.bounded(|| word.at.node(document), &text, MAX_SHORT);
        Some(text)
    }

    /// A text that may keep what the source says apart from our reading of it.
    pub(super) fn said(&mut self, said: &Said, document: &Document) -> Text {
        let node = said.0.node(document);
        match node.content() {
            Content::Mapping(parts) => {
                let [says, reading, reasoning] = PARTS_OF_TEXT.map(|part| self.plain(node.get(part)?));
                for (key, part) in parts.iter().filter(|(key, _)| !PARTS_OF_TEXT.contains(&key.as_ref())) {
                    let place = node.inside(part).key_place();
                    let problem = Problem::at(Code::UnknownKey, place, format!("unknown key `{key}`"));
                    self.problems.push(problem.hint(suggestion(key, PARTS_OF_TEXT)));
                }
                if node.get("says").is_none() && node.get("reading").is_none() {
                    let problem = Problem::at(Code::MissingKey, node.place(), "this text says nothing");
                    self.problems.push(problem.hint("add `says: …`, or `reading: …` for what is ours"));
                }
                Text::new(says.unwrap_or_default(), reading, reasoning)
            }
            _ => Text::new(self.plain(node).unwrap_or_default(), None, None),
        }
    }

    pub(super) fn maybe_said(&mut self, said: Option<&Said>, document: &Document) -> Option<Text> {
        said.map(|said| self.said(said, document))
    }

    /// The text that stands here, which may not be blank.
    pub(super) fn plain(&mut self, node: Node<'_>) -> Option<String> {
        match node.content() {
            Content::Text(text) => {
                self.comment(node);
                self.bounded(|| node, text, MAX_TEXT);
                if text.trim().is_empty() {
                    let problem = Problem::at(Code::Blank, node.place(), "this text is blank");
                    self.problems.push(problem.hint("write something"));
                }
                Some(text.trim_end().to_owned())
            }
            _ => {
                let message = format!("{} stands where text is needed", node.kind());
                self.problems
                    .push(Problem::at(Code::WrongKind, node.place(), message).hint("put text in quotation marks"));
                None
            }
        }
    }

    /// What people write into answers files must be one plain word, which needs no quotation marks anywhere.
    pub(super) fn well_formed(&mut self, word: &Word, document: &Document) {
        let id = &word.text;
        self.bounded(|| word.at.node(document), id, MAX_ID);
        let formed = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !formed || NOT_TEXT.contains(&id.as_str()) {
            let hint = "use lower case letters, digits and underscores, and begin with a letter";
            self.report(Code::BadId, word, document, format!("`{id}` cannot be an id"), hint);
        }
    }

    /// Registers an id, which must be well formed and new.
    pub(super) fn id(&mut self, word: &Word, document: &Document) -> String {
        let id = &word.text;
        if RESERVED.contains(&id.as_str()) {
            self.report(Code::BadId, word, document, format!("`{id}` is a word of conditions"), "choose another id");
        }
        if TAKEN.contains(&id.as_str()) {
            let message = format!("`{id}` already stands for something in every rules folder");
            self.report(Code::BadId, word, document, message, "choose another id");
        }
        self.well_formed(word, document);
        let place = word.at.node(document).place();
        match self.ids.get(id) {
            Some(first) => {
                let problem = Problem::at(Code::DuplicateId, place, format!("`{id}` is already the id of something"))
                    .related(first.clone(), "first here")
                    .hint("give one of them another id");
                self.problems.push(problem);
            }
            None => {
                self.ids.insert(id.clone(), place);
            }
        }
        id.clone()
    }
}
