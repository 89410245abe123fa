//! What a path that is written to leads to: a file, or a stream that others have a hand in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The most links that lead to each other.
const MAX_LINKS: usize = 40;

/// The file that a path means once every link is followed, whether it is there yet or not.
pub(super) fn resolved(path: &Path) -> io::Result<PathBuf> {
    if let Ok(target) = fs::canonicalize(path) {
        return Ok(target);
    }
    let mut hops: Vec<PathBuf> = hops(path).take(MAX_LINKS + 1).collect();
    hops.pop().filter(|_| hops.len() < MAX_LINKS).ok_or_else(|| io::Error::other("its links lead round in a circle"))
}

/// A path, and where it leads link by link.
fn hops(path: &Path) -> impl Iterator<Item = PathBuf> {
    std::iter::successors(Some(path.to_owned()), |hop| Some(folder_of(hop).join(fs::read_link(hop).ok()?)))
}

/// The folder that a path lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Opens what is only ever written on: a device, a pipe, or what a program has open, such as `/dev/stdout` and
/// `/dev/fd/3`. Even if that is a file it is not replaced: whoever opened it has written to it, and may go on.
pub(super) fn open_stream(path: &Path) -> io::Result<Option<fs::File>> {
    let ours = fs::canonicalize("/dev/fd").ok();
    let mut places = hops(path).take(MAX_LINKS).map(|hop| (fs::canonicalize(folder_of(&hop)).ok(), hop));
    let open = places.find(|(folder, _)| {
        folder.as_ref().is_some_and(|path| Some(path) == ours.as_ref() || path.starts_with("/proc"))
    });
    #[cfg(unix)]
    if let Some((folder, number)) = &open
        && *folder == ours
    {
        use std::os::fd::AsFd;
        // Opened once more, these would not go on where the last who wrote has stopped.
        if number.ends_with("1") {
            return Ok(Some(io::stdout().as_fd().try_clone_to_owned()?.into()));
        } else if number.ends_with("2") {
            return Ok(Some(io::stderr().as_fd().try_clone_to_owned()?.into()));
        }
    }
    if open.is_none() && !fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return Ok(None);
    }
    fs::OpenOptions::new().write(true).append(open.is_some()).open(path).map(Some)
}
