//! Finds the files that a folder or a pattern stands for, in the same way under every shell and system.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};
use glob::{MatchOptions, Pattern};

use super::target::or_current_folder;

/// As in a shell, a pattern matches a hidden file only if it starts with a dot itself.
const MATCH_OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Whether anything exists at a path, even a link that leads nowhere.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Refuses a pipe, which could keep the program waiting for ever, and a device, which may be endless. A path where there is
/// nothing is not refused.
pub fn refuse_special_file(path: &Path) -> Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        bail!("cannot read `{}`: it is not a file", path.display());
    }
    Ok(())
}

/// The file or folder with exactly this path or, if there is none and the path is a pattern, all that match, in the order
/// of their names. In a pattern `*` and `?` stand for characters of one name, `[ab]` for one of these, and `**` for any
/// folders. Links are followed as in [`find_inside`].
pub fn expand(path: &Path, follow_links: bool) -> Result<Matches> {
    let mut matched = Matches::default();
    if exists(path) || !is_pattern(path.as_os_str()) {
        matched.files.push((path.to_owned(), None));
        return Ok(matched);
    }
    let parts: Vec<Component<'_>> = path.components().collect();
    let (fixed, parts) = parts.split_at(parts.iter().take_while(|part| !is_pattern(part.as_os_str())).count());
    let folder: PathBuf = fixed.iter().collect();
    match_parts(&folder, parts, &LinkPolicy::new(or_current_folder(&folder), follow_links), &mut matched)?;
    matched.files.sort_by(|(a, _), (b, _)| a.cmp(b));
    matched.files.dedup_by(|(a, _), (b, _)| a == b);
    Ok(matched)
}

fn is_pattern(text: &OsStr) -> bool {
    text.to_string_lossy().contains(['*', '?', '['])
}

/// Which links are followed.
struct LinkPolicy {
    /// Only those to files in this folder. `None`: all.
    only_within: Option<PathBuf>,
}

impl LinkPolicy {
    fn new(folder: &Path, follow_links: bool) -> Self {
        Self { only_within: (!follow_links).then(|| fs::canonicalize(folder).unwrap_or_default()) }
    }

    /// Why a path is not read, if it is a link that is not followed, or no ordinary file.
    fn refusal(&self, path: &Path) -> Option<Error> {
        let leads_out_of = |folder: &PathBuf| fs::canonicalize(path).is_ok_and(|target| !target.starts_with(folder));
        if path.is_symlink() && self.only_within.as_ref().is_some_and(leads_out_of) {
            let why = "it is a link that leads out of the folder; --follow-links reads it";
            return Some(anyhow!("cannot read `{}`: {why}", path.display()));
        }
        refuse_special_file(path).err()
    }
}

/// Adds what the remaining parts of a pattern match in a folder.
fn match_parts(folder: &Path, parts: &[Component<'_>], links: &LinkPolicy, matched: &mut Matches) -> Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        matched.files.push((folder.to_owned(), links.refusal(folder)));
        return Ok(());
    };
    match try_is_folder(or_current_folder(folder)) {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(error) => {
            matched.files.push((folder.to_owned(), Some(error)));
            return Ok(());
        }
    }
    let text = part.as_os_str().to_string_lossy();
    if text == "**" {
        for (path, entry) in walk(or_current_folder(folder), links.only_within.is_none()) {
            let path = folder.join(path.strip_prefix(or_current_folder(folder)).unwrap_or(&path));
            match entry {
                Entry::File if rest.is_empty() => match_parts(&path, rest, links, matched)?,
                Entry::Folder if !rest.is_empty() => match_parts(&path, rest, links, matched)?,
                Entry::File | Entry::Folder => {}
                Entry::SkippedLink => matched.skipped_links.push(path),
                Entry::Unreadable(error) => return Err(error),
            }
        }
        return Ok(());
    }
    let names = if is_pattern(part.as_os_str()) {
        // As in a shell, `a**` means `a*`, and a bracket that is never closed stands for itself.
        let mut single = text.into_owned();
        while single.contains("**") {
            single = single.replace("**", "*");
        }
        let pattern = Pattern::new(&single).or_else(|_| Pattern::new(&Pattern::escape(&single)))?;
        let fits = |name: &OsString| pattern.matches_with(&name.to_string_lossy(), MATCH_OPTIONS);
        names_in(or_current_folder(folder))?.into_iter().filter(fits).collect()
    } else {
        vec![part.as_os_str().to_owned()]
    };
    for path in names.into_iter().map(|name| folder.join(name)) {
        if links.only_within.is_some() && path.is_symlink() && path.is_dir() {
            matched.skipped_links.push(path);
            continue;
        }
        match fs::symlink_metadata(&path) {
            Ok(_) => match_parts(&path, rest, links, matched)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let error = unreadable(&path, error);
                matched.files.push((path, Some(error)));
            }
        }
    }
    Ok(())
}

/// Whether there is a folder at a path. A path that we have no permission to look at is an error, since it may be one; a
/// link that leads nowhere, or round in a circle, is not a folder.
fn try_is_folder(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.is_dir()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) if error.kind() != ErrorKind::PermissionDenied && path.is_symlink() => Ok(false),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    Error::new(error).context(format!("cannot read `{}`", path.display()))
}

/// The names of everything in a folder, sorted.
pub(super) fn names_in(folder: &Path) -> Result<Vec<OsString>> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    let entries = fs::read_dir(folder).with_context(context)?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>().with_context(context)?;
    names.sort();
    Ok(names)
}

/// How deep folders may be nested.
const MAX_FOLDERS: usize = 64;

/// What was found in a folder or by a pattern.
#[derive(Default)]
pub struct Matches {
    /// Files and, where a pattern matches them, folders, in the order of their names; each that cannot be read with the
    /// reason.
    pub files: Vec<(PathBuf, Option<Error>)>,
    /// Links to folders that were not followed.
    pub skipped_links: Vec<PathBuf>,
}

/// The wanted files in a folder and all folders inside it. Links to folders, and to files outside, are followed only on
/// request, since they lead to other people's files.
pub fn find_inside(folder: &Path, mut wanted: impl FnMut(&Path) -> bool, follow_links: bool) -> Matches {
    let mut found = Matches::default();
    let links = LinkPolicy::new(folder, follow_links);
    for (path, entry) in walk(folder, follow_links) {
        match entry {
            Entry::File if wanted(&path) => {
                let refusal = links.refusal(&path);
                found.files.push((path, refusal));
            }
            Entry::File | Entry::Folder => {}
            Entry::SkippedLink => found.skipped_links.push(path),
            Entry::Unreadable(error) => found.files.push((path, Some(error))),
        }
    }
    found
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
/// entered only once.
fn walk(folder: &Path, follow_links: bool) -> Vec<(PathBuf, Entry)> {
    let (mut found, mut entered) = (Vec::new(), BTreeSet::new());
    let mut next = vec![(folder.to_owned(), Entry::Folder, 0)];
    while let Some((path, entry, depth)) = next.pop() {
        if matches!(entry, Entry::Folder) {
            match children(&path, depth, follow_links, &mut entered) {
                Ok(children) => next.extend(children.into_iter().rev().map(|(path, entry)| (path, entry, depth + 1))),
                Err(error) => found.push((path.clone(), Entry::Unreadable(error))),
            }
        }
        found.push((path, entry));
    }
    found
}

/// What a folder holds that is not hidden. Nothing if it was entered before.
fn children(
    folder: &Path,
    depth: usize,
    follow_links: bool,
    entered: &mut BTreeSet<PathBuf>,
) -> Result<Vec<(PathBuf, Entry)>> {
    let resolved =
        fs::canonicalize(folder).with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
    if !entered.insert(resolved) {
        return Ok(Vec::new());
    }
    if depth >= MAX_FOLDERS {
        bail!("`{}` is inside more than {MAX_FOLDERS} folders", folder.display());
    }
    let visible = names_in(folder)?.into_iter().filter(|name| !name.as_encoded_bytes().starts_with(b"."));
    let children = visible.map(|name| folder.join(name)).map(|path| {
        let entry = match path.is_dir() {
            true if path.is_symlink() && !follow_links => Entry::SkippedLink,
            true => Entry::Folder,
            false => Entry::File,
        };
        (path, entry)
    });
    Ok(children.collect())
}
