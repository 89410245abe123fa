//! The only module that touches the file system.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::problem;
use crate::rulebook::{CASES_FOLDER, RuleFiles};
use crate::yaml::bounded;

mod kept;
mod walk;
pub use kept::Kept;
pub use walk::{inside, matching};

/// The most files a rules folder may have: more means that it is not a rules folder.
const MAX_RULE_FILES: usize = 200;

/// The name that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// What a path is called in messages.
#[must_use]
pub fn display_name(path: &Path) -> String {
    if path == Path::new(STANDARD_INPUT) { problem::STANDARD_INPUT.to_owned() } else { path.display().to_string() }
}

/// Reads a file, or standard input for `-`, as far as [`bounded`] goes.
///
/// # Errors
/// What the operating system says.
pub fn read(path: &Path, stdin: &mut dyn Read) -> Result<Vec<u8>> {
    let context = || format!("cannot read `{}`", display_name(path));
    if path == Path::new(STANDARD_INPUT) {
        return bounded(stdin).with_context(context);
    }
    if path.is_dir() {
        bail!("cannot read `{}`: it is a folder", path.display());
    }
    let mut file = fs::File::open(path).with_context(context)?;
    let before = state(&file);
    let bytes = bounded(&mut file).with_context(context)?;
    // Half of one version and half of another could be valid, and would be neither.
    if state(&file) != before {
        bail!("cannot read `{}`: it was changed while it was read", path.display());
    }
    Ok(bytes)
}

/// What tells that a file was written to: its length and when that was. Nothing for a pipe, which has no state.
fn state(file: &fs::File) -> Option<(u64, SystemTime)> {
    let found = file.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((found.len(), found.modified().ok()?))
}

/// Reads a rules folder: its YAML files and those of the folder of cases inside it. All are kept, those too that an error
/// leaves unread.
///
/// # Errors
/// If it is no folder, or a file in it cannot be read.
pub fn read_rules(folder: &Path, kept: &mut Kept) -> Result<RuleFiles> {
    let mut rules = RuleFiles { folder: folder.display().to_string(), ..RuleFiles::default() };
    let cases = folder.join(CASES_FOLDER);
    let inside = if cases.is_dir() { yaml_files(&cases)? } else { Vec::new() };
    let beside = yaml_files(folder)?;
    beside.iter().chain(&inside).for_each(|path| kept.note(path));
    for path in &beside {
        add(&mut rules, "", path)?;
    }
    for path in &inside {
        add(&mut rules, &format!("{CASES_FOLDER}/"), path)?;
    }
    Ok(rules)
}

fn add(rules: &mut RuleFiles, folder: &str, path: &Path) -> Result<()> {
    if rules.files.len() >= MAX_RULE_FILES {
        bail!("`{}` has more than {MAX_RULE_FILES} files, so it is not a rules folder", rules.folder);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // A pipe among rules would be waited for without end.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        bail!("cannot read `{}`: it is not a file", path.display());
    }
    let bytes = read(path, &mut io::empty())?;
    rules.files.insert(format!("{folder}{name}"), bytes.into());
    Ok(())
}

/// The YAML files of a folder, by name.
fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let yaml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"));
        if yaml && !path.is_dir() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether something stands at a path.
#[must_use]
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Writes a report whole or not at all, over nothing that is kept, and makes the folders it is to lie in.
///
/// # Errors
/// What the operating system says.
pub fn write_report(path: &Path, bytes: &[u8], kept: &Kept) -> Result<()> {
    kept.refuse(path)?;
    make_folder_of(path)?;
    write_whole(path, bytes)
}

/// Begins a report that is written bit by bit, over nothing that is kept, and makes the folders it is to lie in.
///
/// # Errors
/// What the operating system says.
pub fn begin_report(path: &Path, kept: &Kept) -> Result<Draft> {
    kept.refuse(path)?;
    make_folder_of(path)?;
    Draft::new(path)
}

fn make_folder_of(path: &Path) -> Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))
}

/// Writes a file whole or not at all: first beside it, then in its place. Keeps the permissions of a file that is
/// there already, and follows a link to the file it means.
///
/// # Errors
/// What the operating system says. The old file, if any, is then still there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = Draft::new(path)?;
    draft.write_all(bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    draft.finish()
}

/// A new file beside the one whose place it is to take, with the permissions of the one that is there already.
fn draft_of(target: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".partial");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Open to all, less the user's mask, as any new file is.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let draft = builder.tempfile_in(folder).map_err(|error| cause(&error))?;
    if let Ok(found) = fs::metadata(target) {
        draft.as_file().set_permissions(found.permissions())?;
    }
    Ok(draft)
}

/// What the operating system said, without the name of the new file, which means nothing to anybody.
fn cause(error: &io::Error) -> io::Error {
    let said = error.to_string();
    io::Error::new(error.kind(), said.split(" at path ").next().unwrap_or_default())
}

/// The file that a path means once every link is followed, whether it is there yet or not.
fn meant(path: &Path) -> io::Result<PathBuf> {
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

/// Writes a file that must not be there yet.
///
/// # Errors
/// If it is there, or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if exists(path) {
        bail!("`{}` is already there; name another file, or delete it first", path.display());
    }
    write_whole(path, bytes)
}

/// Writes a file into a folder, which is made if it is not there, over nothing that is kept, and says whether another one
/// had to make room for it.
///
/// # Errors
/// What the operating system says.
pub fn write_into(folder: &Path, name: &str, bytes: &[u8], kept: &Kept) -> Result<bool> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let path = folder.join(name);
    kept.refuse(&path)?;
    let replaces = exists(&path) && fs::read(&path).is_ok_and(|old| old != bytes);
    write_whole(&path, bytes)?;
    Ok(replaces)
}

/// Whether a folder stands at a path.
#[must_use]
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Opens a file to be read bit by bit. A pipe or a device is opened only if somebody named it: one that was come upon in
/// a folder could be waited for without end.
///
/// # Errors
/// What the operating system says.
pub fn open(path: &Path, named: bool) -> Result<fs::File> {
    if !named && fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        bail!("cannot read `{}`: it is not a file", path.display());
    }
    fs::File::open(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// A file that is written bit by bit, and takes its place once it is whole.
pub struct Draft {
    draft: Option<tempfile::NamedTempFile>,
    /// A device or a pipe, which cannot be replaced.
    device: Option<fs::File>,
    target: PathBuf,
    /// What the user calls it.
    named: PathBuf,
}

impl Draft {
    /// Begins to write.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn new(path: &Path) -> Result<Self> {
        let context = || format!("cannot write `{}`", path.display());
        let target = meant(path).with_context(context)?;
        if target.is_dir() {
            bail!("cannot write `{}`: it is a folder", path.display());
        }
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            let device = fs::OpenOptions::new().write(true).open(&target).with_context(context)?;
            return Ok(Self { draft: None, device: Some(device), target, named: path.to_owned() });
        }
        let draft = Some(draft_of(&target).with_context(context)?);
        Ok(Self { draft, device: None, target, named: path.to_owned() })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// What the operating system says. The old file, if any, is then still there.
    pub fn finish(self) -> Result<()> {
        let context = || format!("cannot write `{}`", self.named.display());
        let Some(draft) = self.draft else { return Ok(()) };
        draft.as_file().sync_all().with_context(context)?;
        draft.persist(&self.target).map_err(|failed| failed.error).with_context(context)?;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (&mut self.draft, &mut self.device) {
            // Not through the temporary file itself, which names its path in every error.
            (Some(draft), _) => draft.as_file_mut().write(bytes),
            (None, Some(device)) => device.write(bytes),
            (None, None) => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match (&mut self.draft, &mut self.device) {
            (Some(draft), _) => draft.as_file_mut().flush(),
            (None, Some(device)) => device.flush(),
            (None, None) => Ok(()),
        }
    }
}
