//! Where an output path leads: to a file, or to a stream that other programs may also write to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The longest chain of links that is followed.
const MAX_LINKS: usize = 40;

/// The file at the end of all links, whether it exists yet or not.
pub(super) fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    if let Ok(target) = fs::canonicalize(path) {
        return Ok(target);
    }
    let mut chain: Vec<PathBuf> = link_chain(path).take(MAX_LINKS + 1).collect();
    chain.pop().filter(|_| chain.len() < MAX_LINKS).ok_or_else(|| io::Error::other("its links lead back to themselves"))
}

/// A path, followed by where it leads, link by link.
fn link_chain(path: &Path) -> impl Iterator<Item = PathBuf> {
    std::iter::successors(Some(path.to_owned()), |link| Some(folder_of(link).join(fs::read_link(link).ok()?)))
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().map_or(Path::new("."), or_current_folder)
}

/// An empty path means the current folder.
pub(super) fn or_current_folder(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Opens a path that is written to as it is, and not replaced: a device, a pipe, or something that a program has open, such
/// as `/dev/stdout` or `/dev/fd/3`. That may be a file, but whoever opened it may go on writing to it.
pub(super) fn open_stream(path: &Path) -> io::Result<Option<fs::File>> {
    let own_descriptors = fs::canonicalize("/dev/fd").ok();
    let mut links = link_chain(path).take(MAX_LINKS).map(|link| (fs::canonicalize(folder_of(&link)).ok(), link));
    let open = links.find(|(folder, _)| {
        folder.as_ref().is_some_and(|path| Some(path) == own_descriptors.as_ref() || path.starts_with("/proc"))
    });
    #[cfg(unix)]
    if let Some((folder, number)) = &open
        && *folder == own_descriptors
    {
        use std::os::fd::AsFd;
        // Opened again by name, a stream would start writing at its beginning.
        if number.ends_with("1") {
            return Ok(Some(io::stdout().as_fd().try_clone_to_owned()?.into()));
        } else if number.ends_with("2") {
            return Ok(Some(io::stderr().as_fd().try_clone_to_owned()?.into()));
        }
    }
    if open.is_none() && !fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return Ok(None);
    }
    fs::OpenOptions::new().write(true).append(open.is_some()).open(path).map(Some)
}
