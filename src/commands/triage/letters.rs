//! Letters into a folder, each under a name of its own that is safe on any system.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::file_name::file_name;
use crate::files;
use crate::report::letter::letter;
use crate::style::{clean, markdown};
use crate::triage::JudgedRecord;

pub(super) struct Letters<'a> {
    folder: &'a Path,
    kept: &'a files::Kept,
    names: BTreeSet<String>,
    /// How often each name was wanted.
    wanted: BTreeMap<String, u64>,
    /// How many more products are shown, if there is a limit.
    left: Option<usize>,
    /// How many were written.
    written: u64,
    /// How many of them took the place of another file.
    replaced: u64,
    /// What kept one from being written. No more are tried then.
    pub(super) failed: Option<anyhow::Error>,
}

impl<'a> Letters<'a> {
    pub(super) fn new(folder: &'a Path, limit: Option<usize>, kept: &'a files::Kept) -> Self {
        Self {
            folder,
            kept,
            names: BTreeSet::new(),
            wanted: BTreeMap::new(),
            left: limit,
            written: 0,
            replaced: 0,
            failed: None,
        }
    }

    /// Writes to those that are shown and have something in their way.
    pub(super) fn write(&mut self, record: &JudgedRecord<'_>) {
        if let Some(left) = self.left.as_mut().filter(|_| record.shown) {
            if *left == 0 {
                return;
            }
            *left -= 1;
        }
        let report = record.checked.report().filter(|report| report.has_open_points());
        if let Some(report) = report.filter(|_| record.shown && self.failed.is_none()) {
            // Two suppliers may have called their products the same.
            let organisation = report.answers.organisation.as_deref().unwrap_or_default();
            let name = self.name(&format!("{} {organisation}", report.answers.product));
            let letter = letter(&record.checked).unwrap_or_default();
            let letter = with_kept(&letter, &record.checked.input.kept);
            match files::write_into(self.folder, &format!("{name}.md"), letter.as_bytes(), self.kept) {
                Ok(replaced) => {
                    self.written += 1;
                    self.replaced += u64::from(replaced);
                }
                Err(error) => self.failed = Some(error),
            }
        }
    }

    /// A name that no other letter has.
    fn name(&mut self, product: &str) -> String {
        let plain = file_name(product);
        let wanted = self.wanted.entry(plain.clone()).or_insert(0);
        loop {
            *wanted += 1;
            let name = if *wanted == 1 { plain.clone() } else { format!("{plain}-{wanted}") };
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }

    /// What was done, for a person.
    pub(super) fn told(&self) -> String {
        let letters = if self.written == 1 { "letter" } else { "letters" };
        let folder = self.folder.display().to_string();
        let told = format!("{} {letters} in `{}`", self.written, clean(&folder));
        match self.replaced {
            0 => told,
            1 => format!("{told}, 1 in place of an older one"),
            more => format!("{told}, {more} in place of older ones"),
        }
    }
}

/// A letter with what is carried along, such as the number of an enquiry, under its heading.
fn with_kept(letter: &str, kept: &[(String, String)]) -> String {
    let kept = kept.iter().filter(|(_, text)| !text.is_empty());
    let lines: Vec<String> = kept.map(|(title, text)| format!("{}: {}", markdown(title), markdown(text))).collect();
    match letter.split_once("\n\n").filter(|_| !lines.is_empty()) {
        Some((heading, rest)) => format!("{heading}\n\n{}\n\n{rest}", lines.join("\\\n")),
        None => letter.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_are_the_same() {
        let kept = files::Kept::default();
        let mut letters = Letters::new(Path::new("x"), None, &kept);
        let names: Vec<String> = ["A", "a", "a-2", "A!"].iter().map(|product| letters.name(product)).collect();
        assert_eq!(names, ["a", "a-2", "a-2-2", "a-3"]);
    }
}
