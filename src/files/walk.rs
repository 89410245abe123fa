//! Which files are meant by a folder or a pattern, the same under every shell and system.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};
use glob::{MatchOptions, Pattern};

/// As a shell reads patterns: the dot of a hidden file has to be written.
const AS_SHELLS_DO: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Whether something stands at a path, be it a link that leads nowhere.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Refuses a pipe, which would be waited for without end, and a device, which may have none. What is not there is another
/// matter.
///
/// # Errors
/// If it is one.
pub fn only_a_file(path: &Path) -> Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        bail!("cannot read `{}`: it is not a file", path.display());
    }
    Ok(())
}

/// What a path means: what is called so or, if nothing is and it is a pattern, the files and folders it matches, in the
/// order of their names. In a pattern `*` and `?` stand for characters of one name, `[ab]` for one of these, and `**`
/// for any folders. Links that a pattern matches are followed as those [`inside`] a folder are.
///
/// # Errors
/// If a folder cannot be read.
pub fn expand(path: &Path, follow_links: bool) -> Result<Inside> {
    let mut matched = Inside::default();
    if exists(path) || !is_pattern(path.as_os_str()) {
        matched.files.push((path.to_owned(), None));
        return Ok(matched);
    }
    let parts: Vec<Component<'_>> = path.components().collect();
    let (named, parts) = parts.split_at(parts.iter().take_while(|part| !is_pattern(part.as_os_str())).count());
    let folder: PathBuf = named.iter().collect();
    match_rest(&folder, parts, &Links::new(or_here(&folder), follow_links), &mut matched)?;
    matched.files.sort_by(|(a, _), (b, _)| a.cmp(b));
    matched.files.dedup_by(|(a, _), (b, _)| a == b);
    Ok(matched)
}

fn is_pattern(text: &OsStr) -> bool {
    text.to_string_lossy().contains(['*', '?', '['])
}

/// Which links are followed: all, or those to files in one folder.
struct Links {
    inside: Option<PathBuf>,
}

impl Links {
    fn new(folder: &Path, follow_links: bool) -> Self {
        Self { inside: (!follow_links).then(|| fs::canonicalize(folder).unwrap_or_default()) }
    }

    /// Why what was come upon is not read, if it is a link that is not followed, or no file.
    fn refusal(&self, path: &Path) -> Option<Error> {
        let out_of = |folder: &PathBuf| fs::canonicalize(path).is_ok_and(|target| !target.starts_with(folder));
        if path.is_symlink() && self.inside.as_ref().is_some_and(out_of) {
            let why = "it is a link that leads out of the folder; --follow-links reads it";
            return Some(anyhow!("cannot read `{}`: {why}", path.display()));
        }
        only_a_file(path).err()
    }
}

/// Adds what the rest of a pattern matches in a folder.
fn match_rest(folder: &Path, parts: &[Component<'_>], links: &Links, matched: &mut Inside) -> Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        matched.files.push((folder.to_owned(), links.refusal(folder)));
        return Ok(());
    };
    match is_folder(or_here(folder)) {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(error) => {
            matched.files.push((folder.to_owned(), Some(error)));
            return Ok(());
        }
    }
    let text = part.as_os_str().to_string_lossy();
    if text == "**" {
        for (path, entry) in walk(or_here(folder), links.inside.is_none()) {
            let path = folder.join(path.strip_prefix(or_here(folder)).unwrap_or(&path));
            match entry {
                Entry::File if rest.is_empty() => match_rest(&path, rest, links, matched)?,
                Entry::Folder if !rest.is_empty() => match_rest(&path, rest, links, matched)?,
                Entry::File | Entry::Folder => {}
                Entry::SkippedLink => matched.skipped_links.push(path),
                Entry::Unreadable(error) => return Err(error),
            }
        }
        return Ok(());
    }
    let names = if is_pattern(part.as_os_str()) {
        // Two stars beside something else are one, and a bracket that nothing closes is a bracket.
        let mut single = text.into_owned();
        while single.contains("**") {
            single = single.replace("**", "*");
        }
        let pattern = Pattern::new(&single).or_else(|_| Pattern::new(&Pattern::escape(&single)))?;
        let fits = |name: &OsString| pattern.matches_with(&name.to_string_lossy(), AS_SHELLS_DO);
        names(or_here(folder))?.into_iter().filter(fits).collect()
    } else {
        vec![part.as_os_str().to_owned()]
    };
    for path in names.into_iter().map(|name| folder.join(name)) {
        if links.inside.is_some() && path.is_symlink() && path.is_dir() {
            matched.skipped_links.push(path);
            continue;
        }
        match fs::symlink_metadata(&path) {
            Ok(_) => match_rest(&path, rest, links, matched)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let error = unreadable(&path, error);
                matched.files.push((path, Some(error)));
            }
        }
    }
    Ok(())
}

/// Whether there is a folder at a path. What nobody may look at may be one, so that is an error; a link that leads nowhere,
/// or round in a circle, is none.
fn is_folder(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.is_dir()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) if error.kind() != ErrorKind::PermissionDenied && path.is_symlink() => Ok(false),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    Error::new(error).context(format!("cannot read `{}`", path.display()))
}

/// An empty path is the current folder.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// What lies in a folder, in the order of the names.
pub(super) fn names(folder: &Path) -> Result<Vec<OsString>> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    let entries = fs::read_dir(folder).with_context(context)?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>().with_context(context)?;
    names.sort();
    Ok(names)
}

/// The most folders inside each other that are looked into.
const MAX_FOLDERS: usize = 64;

/// What lies inside a folder and its folders, or matches a pattern.
#[derive(Default)]
pub struct Inside {
    /// The files that are wanted, in the order of their names; and what cannot be read, with the reason.
    pub files: Vec<(PathBuf, Option<Error>)>,
    /// Links to folders that were not followed.
    pub skipped_links: Vec<PathBuf>,
}

/// The files inside a folder and its folders that are wanted. Links to folders, and to files outside, are followed only if
/// that is asked for: what they lead to is somebody else's.
pub fn inside(folder: &Path, mut wanted: impl FnMut(&Path) -> bool, follow_links: bool) -> Inside {
    let mut inside = Inside::default();
    let links = Links::new(folder, follow_links);
    for (path, entry) in walk(folder, follow_links) {
        match entry {
            Entry::File if wanted(&path) => {
                let refusal = links.refusal(&path);
                inside.files.push((path, refusal));
            }
            Entry::File | Entry::Folder => {}
            Entry::SkippedLink => inside.skipped_links.push(path),
            Entry::Unreadable(error) => inside.files.push((path, Some(error))),
        }
    }
    inside
}

enum Entry {
    File,
    Folder,
    /// A link to a folder, which is not followed.
    SkippedLink,
    /// A folder that cannot be read.
    Unreadable(Error),
}

/// A folder and everything inside it that is not hidden, in the order of the names. A folder that several links lead to is
/// entered once.
fn walk(folder: &Path, follow_links: bool) -> Vec<(PathBuf, Entry)> {
    let (mut found, mut entered) = (Vec::new(), BTreeSet::new());
    let mut next = vec![(folder.to_owned(), Entry::Folder, 0)];
    while let Some((path, entry, depth)) = next.pop() {
        if matches!(entry, Entry::Folder) {
            match entries(&path, depth, &mut entered) {
                Ok(inside) => next.extend(inside.into_iter().rev().map(|(path, is_folder, is_link)| {
                    let entry = match is_folder {
                        true if is_link && !follow_links => Entry::SkippedLink,
                        true => Entry::Folder,
                        false => Entry::File,
                    };
                    (path, entry, depth + 1)
                })),
                Err(error) => found.push((path.clone(), Entry::Unreadable(error))),
            }
        }
        found.push((path, entry));
    }
    found
}

/// What lies in a folder, whether each is a folder, and whether it is a link.
fn entries(folder: &Path, depth: usize, entered: &mut BTreeSet<PathBuf>) -> Result<Vec<(PathBuf, bool, bool)>> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    let mut paths = Vec::new();
    if !entered.insert(fs::canonicalize(folder).with_context(context)?) {
        return Ok(paths);
    }
    if depth >= MAX_FOLDERS {
        bail!("`{}` lies inside more than {MAX_FOLDERS} folders", folder.display());
    }
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            // A link has to be followed to know what it leads to; what else it is the folder itself knows.
            let kind = entry.file_type().ok().filter(|kind| !kind.is_symlink());
            let path = entry.path();
            let is_folder = kind.map_or_else(|| path.is_dir(), |kind| kind.is_dir());
            paths.push((path, is_folder, kind.is_none()));
        }
    }
    paths.sort();
    Ok(paths)
}
