//! The files that must not be overwritten, under whatever name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::STANDARD_INPUT;
use super::target::{folder_of, resolve_links};

/// The files that were read, or are about to be.
#[derive(Debug, Default)]
pub struct Protected(BTreeSet<Identity>);

/// Tells files apart. One that exists can have many names: symbolic and hard links, and paths that take a detour.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    #[cfg(unix)]
    Existing(u64, u64),
    Missing(PathBuf),
}

impl Identity {
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        if let Ok(metadata) = fs::metadata(path)
            && metadata.is_file()
        {
            use std::os::unix::fs::MetadataExt;
            return Some(Self::Existing(metadata.dev(), metadata.ino()));
        }
        let target = resolve_links(path).ok()?;
        match (fs::canonicalize(folder_of(&target)), target.file_name()) {
            (Ok(folder), Some(name)) => Some(Self::Missing(folder.join(name))),
            _ => std::path::absolute(target).ok().map(Self::Missing),
        }
    }
}

impl Protected {
    /// Protects a file that is read. Writing to a device or a pipe replaces nothing, so those need no protection.
    pub fn add(&mut self, path: &Path) {
        let path = match path == Path::new(STANDARD_INPUT) {
            true if cfg!(unix) => Path::new("/dev/stdin"),
            true => return,
            false => path,
        };
        if fs::metadata(path).map_or(true, |metadata| metadata.is_file()) {
            self.0.extend(Identity::of(path));
        }
    }

    pub fn contains(&self, path: &Path) -> bool {
        !self.0.is_empty() && Identity::of(path).is_some_and(|identity| self.0.contains(&identity))
    }

    /// What is wrong if one of these outputs is also an input, or named twice.
    pub fn clash(&self, outputs: &[&Path]) -> Option<String> {
        let mut seen = BTreeSet::new();
        for path in outputs {
            let Some(identity) = Identity::of(path) else { continue };
            if self.0.contains(&identity) {
                return Some(format!("`{}` cannot be both read and written", path.display()));
            }
            if !seen.insert(identity) {
                return Some(format!("`{}` cannot be written twice", path.display()));
            }
        }
        None
    }

    pub(super) fn refuse(&self, path: &Path) -> Result<()> {
        if self.contains(path) {
            bail!("cannot write `{}`: it is one of the files that were read", path.display());
        }
        Ok(())
    }
}
