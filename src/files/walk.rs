//! Which files are meant by a folder or a pattern, the same under every shell and system.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use glob::{MatchOptions, Pattern};

use super::exists;

/// As a shell reads patterns: the dot of a hidden file has to be written.
const AS_SHELLS_DO: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// What a path means: what is called so or, if nothing is and it is a pattern, the files and folders it matches, in the
/// order of their names. In a pattern `*` and `?` stand for letters of one name, `[ab]` for one of these, and `**` for
/// any folders.
///
/// # Errors
/// If a folder cannot be read.
pub fn matching(path: &Path) -> Result<Vec<PathBuf>> {
    if exists(path) || !path.to_string_lossy().contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let parts: Vec<Component<'_>> = path.components().collect();
    let mut found = BTreeSet::new();
    look_for(Path::new(""), &parts, &mut found)?;
    Ok(found.into_iter().collect())
}

/// Adds what the rest of a pattern matches in a folder.
fn look_for(folder: &Path, parts: &[Component<'_>], found: &mut BTreeSet<PathBuf>) -> Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        found.insert(folder.to_owned());
        return Ok(());
    };
    let text = part.as_os_str().to_string_lossy();
    if !matches!(part, Component::Normal(_)) || !text.contains(['*', '?', '[']) {
        let path = folder.join(part);
        return if rest.is_empty() && !exists(&path) { Ok(()) } else { look_for(&path, rest, found) };
    }
    if !or_here(folder).is_dir() {
        return Ok(());
    }
    if text == "**" {
        let mut below = Vec::new();
        look_inside(or_here(folder), 0, &mut BTreeSet::new(), &mut |path, is_folder| below.push((path, is_folder)))?;
        let named = |path: PathBuf| folder.join(path.strip_prefix(or_here(folder)).unwrap_or(&path));
        if rest.is_empty() {
            found.extend(below.into_iter().filter(|(_, is_folder)| !is_folder).map(|(path, _)| named(path)));
            return Ok(());
        }
        let folders = below.into_iter().filter(|(_, is_folder)| *is_folder).map(|(path, _)| named(path));
        return std::iter::once(folder.to_owned()).chain(folders).try_for_each(|path| look_for(&path, rest, found));
    }
    // Two stars beside something else are one, and a bracket that nothing closes is a bracket.
    let mut single = text.into_owned();
    while single.contains("**") {
        single = single.replace("**", "*");
    }
    let pattern = Pattern::new(&single).or_else(|_| Pattern::new(&Pattern::escape(&single)))?;
    for name in names(or_here(folder))? {
        if pattern.matches_with(&name.to_string_lossy(), AS_SHELLS_DO) {
            look_for(&folder.join(name), rest, found)?;
        }
    }
    Ok(())
}

/// An empty path is the current folder.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// What lies in a folder, in the order of the names.
fn names(folder: &Path) -> Result<Vec<std::ffi::OsString>> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    let entries = fs::read_dir(folder).with_context(context)?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>().with_context(context)?;
    names.sort();
    Ok(names)
}

/// The most folders inside each other that are looked into.
const MAX_FOLDERS: usize = 64;

/// The files inside a folder and its folders that are wanted, in the order of their names. Hidden ones are left out, and a
/// folder that several links lead to is entered once.
///
/// # Errors
/// If a folder cannot be read.
pub fn inside(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    look_inside(folder, 0, &mut BTreeSet::new(), &mut |path, is_folder| {
        if !is_folder && wanted(&path) {
            found.push(path);
        }
    })?;
    Ok(found)
}

/// Tells of everything inside a folder that is not hidden, and whether it is a folder.
fn look_inside(
    folder: &Path,
    depth: usize,
    entered: &mut BTreeSet<PathBuf>,
    tell: &mut dyn FnMut(PathBuf, bool),
) -> Result<()> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    if !entered.insert(fs::canonicalize(folder).with_context(context)?) {
        return Ok(());
    }
    if depth >= MAX_FOLDERS {
        bail!("`{}` lies inside more than {MAX_FOLDERS} folders", folder.display());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            // A link has to be followed to know what it leads to; what else it is the folder itself knows.
            let kind = entry.file_type().ok().filter(|kind| !kind.is_symlink());
            let path = entry.path();
            paths.push((kind.map_or_else(|| path.is_dir(), |kind| kind.is_dir()), path));
        }
    }
    paths.sort_by(|(_, a), (_, b)| a.cmp(b));
    for (is_folder, path) in paths {
        tell(path.clone(), is_folder);
        if is_folder {
            look_inside(&path, depth + 1, entered, tell)?;
        }
    }
    Ok(())
}
