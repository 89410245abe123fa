//! Which files are meant by a folder or a pattern, the same under every shell and system.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use glob::{MatchOptions, Pattern};

use super::exists;

/// As a shell reads patterns: the dot of a hidden file has to be written.
const AS_SHELLS_DO: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// What a path means: what is called so or, if nothing is and it is a pattern, the files and folders it matches, in the
/// order of their names. In a pattern `*` and `?` stand for characters of one name, `[ab]` for one of these, and `**`
/// for any folders, behind links too if they are followed.
///
/// # Errors
/// If a folder cannot be read.
pub fn matching(path: &Path, follow_links: bool) -> Result<Vec<PathBuf>> {
    if exists(path) || !path.to_string_lossy().contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let parts: Vec<Component<'_>> = path.components().collect();
    let mut found = BTreeSet::new();
    look_for(Path::new(""), &parts, follow_links, &mut found)?;
    Ok(found.into_iter().collect())
}

/// Adds what the rest of a pattern matches in a folder.
fn look_for(folder: &Path, parts: &[Component<'_>], follow_links: bool, found: &mut BTreeSet<PathBuf>) -> Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        found.insert(folder.to_owned());
        return Ok(());
    };
    let text = part.as_os_str().to_string_lossy();
    if !matches!(part, Component::Normal(_)) || !text.contains(['*', '?', '[']) {
        let path = folder.join(part);
        return if rest.is_empty() && !exists(&path) { Ok(()) } else { look_for(&path, rest, follow_links, found) };
    }
    if !or_here(folder).is_dir() {
        return Ok(());
    }
    if text == "**" {
        let mut below = Vec::new();
        let mut unreadable = None;
        Walk { follow_links, entered: BTreeSet::new() }.look_inside(or_here(folder), &mut |path, seen| match seen {
            Seen::File { .. } => below.push((path, false)),
            Seen::Folder => below.push((path, true)),
            Seen::Link => {}
            Seen::Unreadable(error) => unreadable = Some(error),
        });
        unreadable.map_or(Ok(()), Err)?;
        let named = |path: PathBuf| folder.join(path.strip_prefix(or_here(folder)).unwrap_or(&path));
        if rest.is_empty() {
            found.extend(below.into_iter().filter(|(_, is_folder)| !is_folder).map(|(path, _)| named(path)));
            return Ok(());
        }
        let folders = below.into_iter().filter(|(_, is_folder)| *is_folder).map(|(path, _)| named(path));
        return std::iter::once(folder.to_owned())
            .chain(folders)
            .try_for_each(|path| look_for(&path, rest, follow_links, found));
    }
    // Two stars beside something else are one, and a bracket that nothing closes is a bracket.
    let mut single = text.into_owned();
    while single.contains("**") {
        single = single.replace("**", "*");
    }
    let pattern = Pattern::new(&single).or_else(|_| Pattern::new(&Pattern::escape(&single)))?;
    for name in names(or_here(folder))? {
        if pattern.matches_with(&name.to_string_lossy(), AS_SHELLS_DO) {
            look_for(&folder.join(name), rest, follow_links, found)?;
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

/// What lies inside a folder and its folders.
#[derive(Default)]
pub struct Inside {
    /// The files that are wanted, in the order of their names; and what cannot be read, with the reason.
    pub found: Vec<(PathBuf, Option<anyhow::Error>)>,
    /// Links to folders that were not followed.
    pub passed_over: Vec<PathBuf>,
}

/// The files inside a folder and its folders that are wanted. Hidden ones are left out, and a folder that several links
/// lead to is entered once. Links to folders, and to files outside, are followed only if that is asked for: what they lead
/// to is somebody else's.
#[must_use]
pub fn inside(folder: &Path, wanted: &dyn Fn(&Path) -> bool, follow_links: bool) -> Inside {
    let mut inside = Inside::default();
    let root = fs::canonicalize(folder).unwrap_or_default();
    let walk = Walk { follow_links, entered: BTreeSet::new() };
    walk.look_inside(folder, &mut |path, seen| match seen {
        Seen::File { link } if wanted(&path) => {
            let out = link && !follow_links && fs::canonicalize(&path).is_ok_and(|target| !target.starts_with(&root));
            let refused = out.then(|| {
                anyhow!(
                    "cannot read `{}`: it is a link that leads out of the folder; --follow-links reads it",
                    path.display()
                )
            });
            inside.found.push((path, refused));
        }
        Seen::File { .. } | Seen::Folder => {}
        Seen::Link => inside.passed_over.push(path),
        Seen::Unreadable(error) => inside.found.push((path, Some(error))),
    });
    inside
}

/// What is found in a folder.
enum Seen {
    File {
        link: bool,
    },
    Folder,
    /// A link to a folder, which is not followed.
    Link,
    /// A folder that cannot be read.
    Unreadable(anyhow::Error),
}

struct Walk {
    follow_links: bool,
    entered: BTreeSet<PathBuf>,
}

impl Walk {
    /// Tells of everything inside a folder that is not hidden.
    fn look_inside(mut self, folder: &Path, tell: &mut dyn FnMut(PathBuf, Seen)) {
        self.enter(folder, 0, tell);
    }

    fn enter(&mut self, folder: &Path, depth: usize, tell: &mut dyn FnMut(PathBuf, Seen)) {
        let paths = match self.entries(folder, depth) {
            Ok(paths) => paths,
            Err(error) => return tell(folder.to_owned(), Seen::Unreadable(error)),
        };
        for (path, is_folder, link) in paths {
            if !is_folder {
                tell(path, Seen::File { link });
            } else if link && !self.follow_links {
                tell(path, Seen::Link);
            } else {
                tell(path.clone(), Seen::Folder);
                self.enter(&path, depth + 1, tell);
            }
        }
    }

    /// What lies in a folder, whether each is a folder, and whether it is a link.
    fn entries(&mut self, folder: &Path, depth: usize) -> Result<Vec<(PathBuf, bool, bool)>> {
        let context = || format!("cannot read the folder `{}`", folder.display());
        let mut paths = Vec::new();
        if !self.entered.insert(fs::canonicalize(folder).with_context(context)?) {
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
}
