//! What a path leads to.

use std::fs;
use std::path::Path;

/// Whether something stands at a path.
#[must_use]
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
