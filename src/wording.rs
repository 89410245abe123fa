//! What rules say to people, with what the source says and what we read into it kept apart.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// What the program is called as a command.
pub const NAME: &str = env!("CARGO_PKG_NAME");

/// A text of the rules. As a string it is what a person reads: what the source vouches for, then our own reading of it,
/// marked as such.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// What the rule's source vouches for; blank if all of it is our reading.
    pub says: String,
    /// What we read into it.
    pub reading: Option<String>,
    /// Why we read it so.
    pub reasoning: Option<String>,
    /// What a person reads, if our reading is in it.
    marked: Option<String>,
}

/// What stands before our own reading wherever it is shown.
pub(crate) const MARK: &str = "Our reading: ";

impl Text {
    /// A text with what is ours in it.
    pub fn new(says: String, reading: Option<String>, reasoning: Option<String>) -> Self {
        let blank = if says.is_empty() { "" } else { " " };
        let marked = reading.as_ref().map(|reading| format!("{says}{blank}{MARK}{reading}"));
        Self { says, reading, reasoning, marked }
    }

    /// What a person reads.
    pub fn as_str(&self) -> &str {
        self.marked.as_ref().unwrap_or(&self.says)
    }
}

impl From<&str> for Text {
    fn from(says: &str) -> Self {
        Self::new(says.to_owned(), None, None)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.marked.unwrap_or(text.says)
    }
}

impl From<Text> for Cow<'_, str> {
    fn from(text: Text) -> Self {
        Cow::Owned(text.into())
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

/// Words with a capital letter at the beginning.
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
