//! What a prompt is answered with: it takes keys and says how it looks.

use super::keys::Key;
use super::page::Body;
use crate::prompter::Reply;
use crate::style::Style;

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    Reply(Reply),
    /// Wants to go back, if there is anything to go back to.
    Back,
    /// Wants to know why, if that can be said.
    Explain,
    /// No more than what can be seen.
    Nothing,
}

pub(super) trait Control {
    fn press(&mut self, key: &Key) -> Pressed;

    fn body(&self, style: Style) -> Body;

    /// What the keys do at this moment.
    fn keys(&self) -> Vec<&'static str>;

    /// Whether "?" asks why at this moment.
    fn explains(&self) -> bool;
}
