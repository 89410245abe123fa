//! The only module that touches the file system.

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
use walk::names;
pub use walk::{Inside, exists, expand, inside, only_a_file};

/// The most files a rules folder may have: more means that it is not a rules folder.
const MAX_RULE_FILES: usize = 200;
const YAML: [&str; 2] = ["yaml", "yml"];

/// The name that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// What a path is called in messages.
pub fn display_name(path: &Path) -> String {
    if path == Path::new(STANDARD_INPUT) { problem::STANDARD_INPUT.to_owned() } else { path.display().to_string() }
}

/// Reads a file, or standard input for `-`, as far as [`bounded`] goes.
///
/// # Errors
/// What the operating system says.
pub fn read(path: &Path, stdin: &mut dyn Read) -> Result<Vec<u8>> {
    read_by(path, stdin, |from| bounded(from))
}

/// Reads a report that the program wrote, which may hold those on many files, and so be longer than any of these.
///
/// # Errors
/// What the operating system says, or that it is too large to be one.
pub fn read_report(path: &Path, stdin: &mut dyn Read) -> Result<Vec<u8>> {
    const MAX_MIB: u64 = 64;
    read_by(path, stdin, |from| {
        let mut bytes = Vec::new();
        if from.take((MAX_MIB << 20) + 1).read_to_end(&mut bytes)? as u64 > MAX_MIB << 20 {
            return Err(io::Error::other(format!("it is larger than {MAX_MIB} MiB")));
        }
        Ok(bytes)
    })
}

fn read_by(
    path: &Path,
    stdin: &mut dyn Read,
    whole: impl FnOnce(&mut dyn Read) -> io::Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let context = || format!("cannot read `{}`", display_name(path));
    if path == Path::new(STANDARD_INPUT) {
        return whole(stdin).with_context(context);
    }
    if path.is_dir() {
        bail!("cannot read `{}`: it is a folder", path.display());
    }
    let mut file = fs::File::open(path).with_context(context)?;
    let before = state(&file);
    let bytes = whole(&mut file).with_context(context)?;
    // Half of one version and half of another could be valid, and would be neither.
    if state(&file) != before {
        bail!("cannot read `{}`: it was changed while it was read", path.display());
    }
    Ok(bytes)
}

/// How long a file is and when it was last written to, which tells whether it changes. Nothing for a pipe.
fn state(file: &fs::File) -> Option<(u64, SystemTime)> {
    let found = file.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((found.len(), found.modified().ok()?))
}

/// Reads a rules folder: its YAML files and those of the folder of cases inside it. Nothing is written over any of
/// them, even if an error leaves it unread.
///
/// # Errors
/// If it is no folder, or a file in it cannot be read.
pub fn read_rules(folder: &Path, protected: &mut Protected) -> Result<RuleFiles> {
    let mut rules = RuleFiles { folder: folder.display().to_string(), ..RuleFiles::default() };
    let mut found = entries(folder)?;
    let cases = folder.join(CASES_FOLDER);
    if cases.is_dir() {
        found.extend(entries(&cases)?);
    }
    let (folders, files): (Vec<PathBuf>, _) = found.into_iter().partition(|path| path.is_dir());
    let (yaml, others): (Vec<PathBuf>, _) = files.into_iter().partition(|path| ends_in(path, &YAML));
    for path in &yaml {
        protected.note(path);
    }
    for path in &yaml {
        if rules.files.len() >= MAX_RULE_FILES {
            bail!("`{}` has more than {MAX_RULE_FILES} files, so it is not a rules folder", rules.folder);
        }
        only_a_file(path)?;
        rules.files.insert(name_in(folder, path), read(path, &mut io::empty())?.into());
    }
    let deeper = folders.iter().filter(|path| path.parent() == Some(&cases)).filter_map(|path| entries(path).ok());
    let unread = others.into_iter().chain(deeper.flatten()).map(|path| name_in(folder, &path));
    rules.unread = unread.collect();
    Ok(rules)
}

/// What a file in a folder is called from there, with `/` on every system.
fn name_in(folder: &Path, path: &Path) -> String {
    let names = path.strip_prefix(folder).unwrap_or(path).components();
    names.map(|name| name.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The files of a folder whose names end in one of these, by name.
///
/// # Errors
/// If the folder cannot be read.
pub fn with_ending(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut paths = entries(folder)?;
    paths.retain(|path| ends_in(path, endings) && !path.is_dir());
    Ok(paths)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|is| endings.iter().any(|ending| is.eq_ignore_ascii_case(ending)))
}

/// What lies in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(names(folder)?.into_iter().map(|name| folder.join(name)).collect())
}

/// Writes a report whole or not at all, over nothing that was read, and makes the folders it is to lie in.
///
/// # Errors
/// What the operating system says.
pub fn write_report(path: &Path, bytes: &[u8], protected: &Protected) -> Result<()> {
    begin_report(path, protected)?.saying(bytes)?.finish()
}

/// Begins a report that is written bit by bit, over nothing that was read, and makes the folders it is to lie in.
///
/// # Errors
/// What the operating system says.
pub fn begin_report(path: &Path, protected: &Protected) -> Result<Draft> {
    protected.refuse(path)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    draft::end_tidily();
    Draft::new(path)
}

/// Writes a file whole or not at all: first beside it, then in its place. Keeps the permissions of a file that is
/// there already, and follows a link to the file it means.
///
/// # Errors
/// What the operating system says. The old file, if any, is then still there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    draft::end_tidily();
    Draft::new(path)?.saying(bytes)?.finish()
}

/// Writes a file in the place of one that was read before and said this, or of none, unless somebody has changed it since.
/// Tells whether it was written.
///
/// # Errors
/// What the operating system says. The old file, if any, is then still there.
pub fn replace(path: &Path, old: Option<&[u8]>, new: &[u8]) -> Result<bool> {
    let there = || {
        only_a_file(path)?;
        if exists(path) { read(path, &mut io::empty()).map(Some) } else { Ok(None) }
    };
    Draft::of_file(path)?.saying(new)?.finish_over(there, old)
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// If it is there, or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if exists(path) || !replace(path, None, bytes)? {
        bail!("`{}` is already there; name another file, or delete it first", path.display());
    }
    Ok(())
}

/// Writes a file into a folder, which is made if it is not there, over nothing that was read, and says whether another one
/// had to make room for it.
///
/// # Errors
/// What the operating system says.
pub fn write_into(folder: &Path, name: &str, bytes: &[u8], protected: &Protected) -> Result<bool> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let path = folder.join(name);
    protected.refuse(&path)?;
    draft::end_tidily();
    let draft = Draft::of_file(&path)?.saying(bytes)?;
    let replaces = fs::read(&path).is_ok_and(|old| old != bytes);
    draft.finish()?;
    Ok(replaces)
}

/// Whether a folder stands at a path.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Opens a file to be read bit by bit.
///
/// # Errors
/// What the operating system says.
pub fn open(path: &Path) -> Result<fs::File> {
    fs::File::open(path).with_context(|| format!("cannot read `{}`", path.display()))
}
