//! The only room that touches the file system.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::problem;
use crate::rulebook::{CASES_FOLDER, RuleFiles};
use crate::yaml::bounded;

mod draft;
mod protected;
mod target;
mod walk;

pub use draft::{Draft, survive_size_limit};
pub use protected::Protected;
use walk::names_in;
pub use walk::{Matches, exists, expand, find_inside, refuse_special_file};

/// The most files a rules folder may have: more means that it is not a rules folder.
const MAX_RULE_FILES: usize = 200;
const YAML_ENDINGS: [&str; 2] = ["yaml", "yml"];

/// The name that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// What a path is called in messages.
pub fn display_name(path: &Path) -> String {
    if path == Path::new(STANDARD_INPUT) { problem::STANDARD_INPUT.to_owned() } else { path.display().to_string() }
}

/// The one path of a file that several may name.
pub fn identity(path: &Path) -> PathBuf {
    let only = if path == Path::new(STANDARD_INPUT) { None } else { path.canonicalize().ok() };
    only.unwrap_or_else(|| path.to_owned())
}

/// Reads a file, or standard input for `-`, as far as [`bounded`] goes.
pub fn read(path: &Path, stdin: &mut dyn Read) -> Result<Vec<u8>> {
    read_with(path, stdin, |from| bounded(from))
}

/// Reads a report that the program wrote. It may cover many files, so it may be longer than any of them.
pub fn read_report(path: &Path, stdin: &mut dyn Read) -> Result<Vec<u8>> {
    const MAX_MIB: u64 = 64;
    read_with(path, stdin, |from| {
        let mut bytes = Vec::new();
        if from.take((MAX_MIB << 20) + 1).read_to_end(&mut bytes)? as u64 > MAX_MIB << 20 {
            return Err(io::Error::other(format!("it is larger than {MAX_MIB} MiB")));
        }
        Ok(bytes)
    })
}

fn read_with(
    path: &Path,
    stdin: &mut dyn Read,
    read_all: impl FnOnce(&mut dyn Read) -> io::Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let context = || format!("cannot read `{}`", display_name(path));
    if path == Path::new(STANDARD_INPUT) {
        return read_all(stdin).with_context(context);
    }
    if path.is_dir() {
        bail!("cannot read `{}`: it is a folder", path.display());
    }
    let mut file = fs::File::open(path).with_context(context)?;
    let before = size_and_time(&file);
    let bytes = read_all(&mut file).with_context(context)?;
    // Half of one version and half of another may happen to be valid, yet is neither.
    if size_and_time(&file) != before {
        bail!("cannot read `{}`: it changed while it was being read", path.display());
    }
    Ok(bytes)
}

/// What changes when a file does. `None` for a pipe.
fn size_and_time(file: &fs::File) -> Option<(u64, SystemTime)> {
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Reads a rules folder: its YAML files and those of the folder of cases inside it. All of them are protected, even those
/// that an error leaves unread.
pub fn read_rules(folder: &Path, protected: &mut Protected) -> Result<RuleFiles> {
    let mut rules = RuleFiles { folder: folder.display().to_string(), ..RuleFiles::default() };
    let mut found = entries(folder)?;
    let cases = folder.join(CASES_FOLDER);
    if cases.is_dir() {
        found.extend(entries(&cases)?);
    }
    let (folders, files): (Vec<PathBuf>, _) = found.into_iter().partition(|path| path.is_dir());
    let (yaml, others): (Vec<PathBuf>, _) = files.into_iter().partition(|path| has_ending(path, &YAML_ENDINGS));
    for path in &yaml {
        protected.add(path);
    }
    for path in &yaml {
        if rules.files.len() >= MAX_RULE_FILES {
            bail!("`{}` has more than {MAX_RULE_FILES} files, so it is not a rules folder", rules.folder);
        }
        refuse_special_file(path)?;
        rules.files.insert(relative_name(folder, path), read(path, &mut io::empty())?.into());
    }
    let deeper = folders.iter().filter(|path| path.parent() == Some(&cases)).filter_map(|path| entries(path).ok());
    let unread = others.into_iter().chain(deeper.flatten()).map(|path| relative_name(folder, &path));
    rules.unread = unread.collect();
    Ok(rules)
}

/// The path of a file from its folder, with `/` on every system.
fn relative_name(folder: &Path, path: &Path) -> String {
    let names = path.strip_prefix(folder).unwrap_or(path).components();
    names.map(|name| name.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The files of a folder that have one of these endings, sorted by name.
pub fn with_ending(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut paths = entries(folder)?;
    paths.retain(|path| has_ending(path, endings) && !path.is_dir());
    Ok(paths)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|actual| endings.iter().any(|ending| actual.eq_ignore_ascii_case(ending)))
}

/// The paths of everything in a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(names_in(folder)?.into_iter().map(|name| folder.join(name)).collect())
}

/// Writes a file completely or not at all, over none that is protected. Missing folders are created.
pub fn write_report(path: &Path, bytes: &[u8], protected: &Protected) -> Result<()> {
    begin_report(path, protected)?.with_content(bytes)?.finish()
}

/// Begins a report that is written bit by bit, over no file that was read. Missing folders are created.
pub fn begin_report(path: &Path, protected: &Protected) -> Result<Draft> {
    protected.refuse(path)?;
    path.parent().map_or(Ok(()), create_folder)?;
    draft::clean_up_on_signals();
    Draft::new(path)
}

/// Replaces a file, unless it has changed since its old content was read (`None` if there was no file). Returns whether it
/// was written.
/// On an error the old file, if any, is unchanged.
pub fn replace(path: &Path, old: Option<&[u8]>, new: &[u8]) -> Result<bool> {
    let read_current = || {
        refuse_special_file(path)?;
        if exists(path) { read(path, &mut io::empty()).map(Some) } else { Ok(None) }
    };
    Draft::for_file(path)?.with_content(new)?.finish_if_unchanged(read_current, old)
}

/// Writes a file that must not exist yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if exists(path) || !replace(path, None, bytes)? {
        bail!("`{}` already exists; name another file, or delete it first", path.display());
    }
    Ok(())
}

/// Writes a file into a folder, which is created if it is missing. It replaces no file that was read, none that is not
/// `ours` by its content, and nothing behind a link, as a stranger may have chosen the name. Returns whether it replaced a
/// file with other content.
pub fn write_into(
    folder: &Path,
    name: &str,
    bytes: &[u8],
    protected: &Protected,
    ours: fn(&[u8]) -> bool,
) -> Result<bool> {
    create_folder(folder)?;
    let path = folder.join(name);
    protected.refuse(&path)?;
    draft::clean_up_on_signals();
    let draft = Draft::for_file(&path)?.with_content(bytes)?;
    let old = if exists(&path) { Some(read(&path, &mut io::empty())?) } else { None };
    if path.is_symlink() || old.as_deref().is_some_and(|old| old != bytes && !ours(old)) {
        let what = if path.is_symlink() { "it is a link" } else { "another file has this name" };
        bail!("cannot write `{}`: {what}; name another folder", path.display());
    }
    draft.finish()?;
    Ok(old.is_some_and(|old| old != bytes))
}

pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

pub fn open(path: &Path) -> Result<fs::File> {
    fs::File::open(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder `{}`", folder.display()))
}
