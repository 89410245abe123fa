//! Letters into a folder, each under a name of its own that is safe on any system.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::assess::assess;
use crate::assessment::FitOutcome;
use crate::files;
use crate::gate::{Gate, Passage, judge};
use crate::render::Report;
use crate::render::letter::letter;
use crate::rulebook::Rulebook;
use crate::style::clean;
use crate::triage::{Read, Record};

/// The longest name of a file, without its ending.
const MAX_NAME: usize = 60;
/// Names that mean a device on some systems, whatever the ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Writes letters.
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
    pub(super) fn write(&mut self, record: &Record, rulebook: &Rulebook) {
        if let Some(left) = self.left.as_mut().filter(|_| record.shown) {
            if *left == 0 {
                return;
            }
            *left -= 1;
        }
        if let Read::Product(answers, facts) = &record.read
            && record.shown
            && self.failed.is_none()
            && (facts.passage() != Passage::Passes || facts.fit != FitOutcome::Fits)
        {
            let assessment = assess(rulebook, answers);
            let judgement = judge(Gate::Eligibility, &assessment);
            let report =
                Report { rulebook, answers, assessment: &assessment, judgement: &judgement, all_reasons: false };
            let name = self.name(&answers.product);
            match files::write_into(self.folder, &format!("{name}.md"), letter(&report).as_bytes(), self.kept) {
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

/// The name of a product as the name of a file: small letters, digits and hyphens.
fn file_name(product: &str) -> String {
    let mut name = String::new();
    for c in product.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= MAX_NAME {
            break;
        }
    }
    let name = name.trim_end_matches('-');
    let port = name.len() == 4 && (name.starts_with("com") || name.starts_with("lpt"));
    match name {
        "" => "product".to_owned(),
        name if port || DEVICES.contains(&name) => format!("product-{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_no_two_are_the_same() {
        for (product, name) in [
            ("Example Repeat Prescriptions", "example-repeat-prescriptions"),
            ("../../etc/passwd", "etc-passwd"),
            ("..", "product"),
            ("医", "product"),
            ("CON", "product-con"),
            ("com1", "product-com1"),
            ("-rf *", "rf"),
            ("a\u{202e}b\0c", "a-b-c"),
        ] {
            assert_eq!(file_name(product), name, "{product:?}");
        }
        assert_eq!(file_name(&"x".repeat(500)).len(), MAX_NAME);
        let kept = files::Kept::default();
        let mut letters = Letters::new(Path::new("x"), None, &kept);
        let names: Vec<String> = ["A", "a", "a-2", "A!"].iter().map(|product| letters.name(product)).collect();
        assert_eq!(names, ["a", "a-2", "a-2-2", "a-3"]);
    }
}
