//! Which files are not to be written over, whatever they are called.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::STANDARD_INPUT;
use super::target::{folder_of, resolved};

/// What was read, or is about to be: nothing is written over it.
#[derive(Debug, Default)]
pub struct Protected(BTreeSet<Identity>);

/// Which file it is. A file that is there has many names: links, symbolic and hard, and ways around.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    #[cfg(unix)]
    There(u64, u64),
    Named(PathBuf),
}

impl Identity {
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        if let Ok(found) = fs::metadata(path)
            && found.is_file()
        {
            use std::os::unix::fs::MetadataExt;
            return Some(Self::There(found.dev(), found.ino()));
        }
        let target = resolved(path).ok()?;
        match (fs::canonicalize(folder_of(&target)), target.file_name()) {
            (Ok(folder), Some(name)) => Some(Self::Named(folder.join(name))),
            _ => std::path::absolute(target).ok().map(Self::Named),
        }
    }
}

impl Protected {
    /// Notes a file that is read. What is written to a device or a pipe takes the place of nothing.
    pub fn note(&mut self, path: &Path) {
        let path = match path == Path::new(STANDARD_INPUT) {
            true if cfg!(unix) => Path::new("/dev/stdin"),
            true => return,
            false => path,
        };
        if fs::metadata(path).map_or(true, |found| found.is_file()) {
            self.0.extend(Identity::of(path));
        }
    }

    /// Whether this is one of them.
    pub fn has(&self, path: &Path) -> bool {
        !self.0.is_empty() && Identity::of(path).is_some_and(|identity| self.0.contains(&identity))
    }

    /// Says to a person what is to be written over a file that is read, or twice.
    pub fn clash(&self, written: &[&Path]) -> Option<String> {
        let mut others = BTreeSet::new();
        for path in written {
            let Some(identity) = Identity::of(path) else { continue };
            if self.0.contains(&identity) {
                return Some(format!("`{}` is to be read and written at once", path.display()));
            }
            if !others.insert(identity) {
                return Some(format!("`{}` is to be written twice", path.display()));
            }
        }
        None
    }

    pub(super) fn refuse(&self, path: &Path) -> Result<()> {
        if self.has(path) {
            bail!("cannot write `{}`: it is one of the files that were read", path.display());
        }
        Ok(())
    }
}
