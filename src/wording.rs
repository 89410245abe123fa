//! Texts of the rules, which keep apart what the source says and how we read it; and small helpers for wording.

use std::fmt;
use std::ops::Deref;

/// The name of the command.
pub const NAME: &str = env!("CARGO_PKG_NAME");

/// A text of the rules. As a string it is what the source says, then our own reading of it, marked as such.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// What the source says; empty if all of it is our reading.
    pub says: String,
    /// How we read the source.
    pub reading: Option<String>,
    /// Why we read it so.
    pub reasoning: Option<String>,
    /// The whole text with the mark, if there is a reading.
    marked: Option<String>,
}

/// Marks our own reading wherever it is shown.
pub(crate) const MARK: &str = "Our reading: ";

impl Text {
    pub fn new(says: String, reading: Option<String>, reasoning: Option<String>) -> Self {
        let blank = if says.is_empty() { "" } else { " " };
        let marked = reading.as_ref().map(|reading| format!("{says}{blank}{MARK}{reading}"));
        Self { says, reading, reasoning, marked }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        self.marked.as_ref().unwrap_or(&self.says)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// Words with a capital first letter.
pub(crate) fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    first + characters.as_str()
}

/// A number of things: "1 condition", "2 conditions".
pub(crate) fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn our_reading_is_marked_wherever_a_text_is_shown() {
        let text = |says: &str, reading| Text::new(says.to_owned(), reading, None).to_string();
        assert_eq!(text("It must be open.", None), "It must be open.");
        let both = text("It must be open.", Some("At weekends too.".to_owned()));
        assert_eq!(both, "It must be open. Our reading: At weekends too.");
        assert_eq!(text("", Some("At weekends too.".to_owned())), "Our reading: At weekends too.");
    }
}
