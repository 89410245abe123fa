//! What a path leads to.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Whether something stands at a path.
#[must_use]
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The file that a path means once every link is followed, whether it is there yet or not.
pub(super) fn meant(path: &Path) -> io::Result<PathBuf> {
    const MAX_LINKS: usize = 40;
    if let Ok(target) = fs::canonicalize(path) {
        return Ok(target);
    }
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match (fs::read_link(&target), target.parent()) {
            (Ok(next), Some(folder)) => target = folder.join(next),
            _ => return Ok(target),
        }
    }
    Err(io::Error::other("its links lead round in a circle"))
}
