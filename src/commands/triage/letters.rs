//! Writes letters into a folder, each under a unique name that is safe on any system.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use super::super::file_name::file_name;
use crate::files;
use crate::report::letter::{is_letter, letter};
use crate::style::clean;
use crate::triage::JudgedRecord;
use crate::wording::counted;

pub(super) struct Letters<'a> {
    folder: &'a Path,
    protected: &'a files::Protected,
    /// The names in use, each with the number of letters that would have had it.
    names: BTreeMap<String, u64>,
    /// How many more products `--limit` lets through.
    left: Option<usize>,
    written: usize,
    /// How many letters overwrote a file.
    replaced: usize,
    pub(super) failed: Option<anyhow::Error>,
}

impl<'a> Letters<'a> {
    pub(super) fn new(folder: &'a Path, limit: Option<usize>, protected: &'a files::Protected) -> Self {
        Self { folder, protected, names: BTreeMap::new(), left: limit, written: 0, replaced: 0, failed: None }
    }

    /// Writes a letter on a product that is shown and needs one.
    pub(super) fn write(&mut self, record: &JudgedRecord<'_>) {
        if let Some(left) = self.left.as_mut().filter(|_| record.shown) {
            if *left == 0 {
                return;
            }
            *left -= 1;
        }
        let report = record.checked.report().filter(|_| record.shown && self.failed.is_none());
        if let Some((report, letter)) = report.and_then(|report| Some((report, letter(&record.checked)?))) {
            // Two suppliers may have a product of the same name.
            let organisation = report.answers.organisation.as_deref().unwrap_or_default();
            let name = self.name(&format!("{} {organisation}", report.answers.product));
            let name = format!("{name}.md");
            match files::write_into(self.folder, &name, letter.as_bytes(), self.protected, is_letter) {
                Ok(replaced) => {
                    self.written += 1;
                    self.replaced += usize::from(replaced);
                }
                Err(error) => self.failed = Some(error),
            }
        }
    }

    /// A name that no other letter has.
    fn name(&mut self, product: &str) -> String {
        let plain = file_name(product);
        let mut name = plain.clone();
        while self.names.contains_key(&name) {
            let wanted = self.names.entry(plain.clone()).or_default();
            *wanted += 1;
            name = format!("{plain}-{wanted}");
        }
        self.names.insert(name.clone(), 1);
        name
    }

    /// How many letters there are, for a person.
    pub(super) fn summary(&self) -> String {
        let written = format!("{} in `{}`", counted(self.written, "letter"), self.folder.display());
        let replaced = match self.replaced {
            0 => String::new(),
            1 => ", 1 in place of an older one".to_owned(),
            more => format!(", {more} in place of older ones"),
        };
        let is_ours =
            |path: &Path| path.file_stem().and_then(OsStr::to_str).is_some_and(|stem| self.names.contains_key(stem));
        let letters = files::with_ending(self.folder, &["md"]).unwrap_or_default();
        let others = match letters.iter().filter(|path| !is_ours(path)).count() {
            0 => String::new(),
            more => format!("; not from this run: {} there", counted(more, "other .md file")),
        };
        clean(&format!("{written}{replaced}{others}")).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_are_the_same() {
        let protected = files::Protected::default();
        let mut letters = Letters::new(Path::new("x"), None, &protected);
        let names: Vec<String> = ["A", "a", "a-2", "A!"].iter().map(|product| letters.name(product)).collect();
        assert_eq!(names, ["a", "a-2", "a-2-2", "a-3"]);
    }
}
