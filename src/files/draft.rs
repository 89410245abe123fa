//! Files that appear in their place only once they are complete. Where the system has files without a name, a draft has
//! none until then, so that nothing can be left behind; elsewhere it has a name by which the next run recognises a leftover.

use std::fs;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::{Arc, Once};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::target::{folder_of, open_stream, resolve_links};
use super::walk::exists;

/// How long to wait for another program that is replacing a file in the same folder, which takes no time.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// The most drafts of one file, each of another run of the program.
const MAX_DRAFTS: usize = 100;

/// The drafts that have a name, to be deleted when a signal ends the program. Locked while one is created or put in its
/// place, so that a signal finds each either listed here or complete.
static NAMED_DRAFTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that is written bit by bit, and appears in its place once it is complete.
pub struct Draft {
    file: fs::File,
    kind: Kind,
    target: PathBuf,
    /// The target as the user typed it.
    path: PathBuf,
}

enum Kind {
    /// Written to directly.
    Stream,
    /// A file that can only be written over: the new content is collected here first.
    InPlace(Vec<u8>),
    #[cfg(target_os = "linux")]
    Nameless,
    Named(PathBuf),
    Done,
}

impl Draft {
    /// Begins to write to a stream or a file.
    pub fn new(path: &Path) -> Result<Self> {
        match open_stream(path).with_context(|| format!("cannot write `{}`", path.display()))? {
            Some(file) => Ok(Self { file, kind: Kind::Stream, target: PathBuf::new(), path: path.to_owned() }),
            None => Self::for_file(path),
        }
    }

    /// Begins to write a file. Where an existing file cannot be replaced (its folder is write-protected, or it is a mount of
    /// its own), it is written over once all the content is there. Only then can a crash or a full disk leave half a file.
    pub fn for_file(path: &Path) -> Result<Self> {
        let context = || format!("cannot write `{}`", path.display());
        let target = resolve_links(path).with_context(context)?;
        let existing = fs::metadata(&target).ok();
        if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
            let what = if target.is_dir() { "it is a folder" } else { "it is not a file" };
            bail!("cannot write `{}`: {what}", path.display());
        }
        let (file, kind) = match create(&target, existing.as_ref()) {
            Err(error) if existing.is_some() && forbids_replacing(&error) => {
                let file = fs::OpenOptions::new().write(true).open(&target).with_context(context)?;
                (file, Kind::InPlace(Vec::new()))
            }
            created => created.with_context(context)?,
        };
        let draft = Self { file, kind, target, path: path.to_owned() };
        if let (Some(existing), false) = (existing, matches!(draft.kind, Kind::InPlace(_))) {
            copy_owner_and_permissions(&existing, &draft.file).with_context(context)?;
        }
        Ok(draft)
    }

    pub(super) fn with_content(mut self, bytes: &[u8]) -> Result<Self> {
        self.write_all(bytes).with_context(|| self.context())?;
        Ok(self)
    }

    /// Puts the file in its place.
    /// On an error the old file, if any, is unchanged, except as [`Draft::for_file`] says.
    pub fn finish(mut self) -> Result<()> {
        self.sync().and_then(|()| self.put_in_place(true)).with_context(|| self.context())
    }

    /// Puts the file in its place if what is there still has the old content (`None`: if nothing is there). Returns whether
    /// it did. Of several programs that do this in one folder, one goes after another.
    pub(super) fn finish_if_unchanged(
        mut self,
        read_current: impl FnOnce() -> Result<Option<Vec<u8>>>,
        old: Option<&[u8]>,
    ) -> Result<bool> {
        self.sync().with_context(|| self.context())?;
        let _lock = lock_folder(&self.target).with_context(|| self.context())?;
        if read_current()?.as_deref() != old {
            return Ok(false);
        }
        match self.put_in_place(old.is_some()) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            done => done.map(|()| true).with_context(|| self.context()),
        }
    }

    /// What an error message says before the cause.
    pub fn context(&self) -> String {
        format!("cannot write `{}`", self.path.display())
    }

    fn sync(&self) -> io::Result<()> {
        if matches!(self.kind, Kind::Stream) { Ok(()) } else { self.file.sync_all() }
    }

    fn put_in_place(&mut self, may_replace: bool) -> io::Result<()> {
        let mut named_drafts = NAMED_DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.kind {
            Kind::Stream | Kind::Done => {}
            Kind::InPlace(content) => write_over(&self.target, content.as_slice())?,
            #[cfg(target_os = "linux")]
            Kind::Nameless => match link(&self.file, &self.target) {
                // Only a file with a name can replace another.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && may_replace => {
                    let (name, ()) = create_under_free_name(&self.target, |name| link(&self.file, name))?;
                    named_drafts.push(name.clone());
                    drop(named_drafts);
                    self.kind = Kind::Named(name);
                    return self.put_in_place(may_replace);
                }
                linked => linked?,
            },
            Kind::Named(name) => {
                if may_replace {
                    rename_over(name, &self.file, &self.target)?;
                } else {
                    rename_to_free(name, &self.target)?;
                }
                named_drafts.retain(|other| other != name);
            }
        }
        self.kind = Kind::Done;
        Ok(())
    }
}

/// Renames a draft to its target or, where nothing can be put there, copies its content over the target.
fn rename_over(name: &Path, mut file: &fs::File, target: &Path) -> io::Result<()> {
    match fs::rename(name, target) {
        Err(error) if forbids_replacing(&error) => {
            file.rewind()?;
            write_over(target, file)?;
            fs::remove_file(name)
        }
        renamed => renamed,
    }
}

/// Renames a draft to its target, unless there is a file already.
fn rename_to_free(name: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(name, target) {
        // Some file systems have no links.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !exists(target) => fs::rename(name, target),
        linked => linked.and_then(|()| fs::remove_file(name)),
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Kind::Named(name) = &self.kind {
            let mut named_drafts = NAMED_DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = fs::remove_file(name);
            named_drafts.retain(|other| other != name);
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.kind {
            Kind::InPlace(content) => content.write(bytes),
            // It is no error if the reader has gone away.
            Kind::Stream => self.file.write(bytes).or_else(|error| match error.kind() {
                ErrorKind::BrokenPipe => Ok(bytes.len()),
                _ => Err(error),
            }),
            _ => self.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether an error says that a file cannot be replaced. It may still be possible to write over it.
fn forbids_replacing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::ResourceBusy)
}

fn write_over(target: &Path, mut content: impl Read) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(target)?;
    let length = io::copy(&mut content, &mut file)?;
    file.set_len(length)?;
    file.sync_all()
}

/// Creates a draft of a file. At no moment can anyone read it who may not read the existing file.
fn create(target: &Path, existing: Option<&fs::Metadata>) -> io::Result<(fs::File, Kind)> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A new file is open to all, less the user's mask.
        options.mode(if existing.is_some() { 0o600 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = existing;
    #[cfg(target_os = "linux")]
    if let Ok(file) = create_nameless(target, &options) {
        return Ok((file, Kind::Nameless));
    }
    let mut named_drafts = NAMED_DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
    let (name, file) = create_under_free_name(target, |name| {
        let file = options.clone().create_new(true).open(name)?;
        // In this very moment another run may have taken it for a leftover and deleted it.
        let lost = matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) || !is_file_at(&file, name);
        if lost { Err(ErrorKind::AlreadyExists.into()) } else { Ok(file) }
    })?;
    named_drafts.push(name.clone());
    Ok((file, Kind::Named(name)))
}

/// Creates a file without a name, if it can be given one later. It is locked so that nobody takes that name for a leftover.
#[cfg(target_os = "linux")]
fn create_nameless(target: &Path, options: &fs::OpenOptions) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::metadata("/proc/self/fd")?;
    let flags = nix::fcntl::OFlag::O_TMPFILE.bits();
    let file = options.clone().custom_flags(flags).open(folder_of(target))?;
    let _ = file.try_lock();
    Ok(file)
}

/// Names a file without a name, unless something has that name already.
#[cfg(target_os = "linux")]
fn link(file: &fs::File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let open = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    nix::unistd::linkat(None, open.as_path(), None, name, nix::fcntl::AtFlags::AT_SYMLINK_FOLLOW)?;
    Ok(())
}

/// Creates a draft under the first name that is free. What a killed run left under a name is deleted.
fn create_under_free_name<T>(target: &Path, create: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    const MAX_CHARS: usize = 50;
    let file: String = target.file_name().unwrap_or_default().to_string_lossy().chars().take(MAX_CHARS).collect();
    for number in 1..=MAX_DRAFTS {
        let name = folder_of(target).join(match number {
            1 => format!(".{file}.partial"),
            _ => format!(".{file}.{number}.partial"),
        });
        let created = match create(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_leftover(&name) => {
                fs::remove_file(&name)?;
                create(&name)
            }
            created => created,
        };
        match created {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => return created.map(|created| (name, created)),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "too many programs are writing it"))
}

/// Whether the run that wrote a draft has ended: as long as it runs, it holds a lock.
fn is_leftover(name: &Path) -> bool {
    let is_file = fs::symlink_metadata(name).is_ok_and(|metadata| metadata.is_file());
    is_file && fs::File::open(name).is_ok_and(|file| file.try_lock().is_ok() && is_file_at(&file, name))
}

/// Whether a path leads to this open file.
fn is_file_at(file: &fs::File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        file.metadata().ok().map(identity) == fs::symlink_metadata(path).ok().map(identity)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        exists(path)
    }
}

/// Gives a draft the owner and permissions of the file it will replace.
fn copy_owner_and_permissions(existing: &fs::Metadata, file: &fs::File) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix has something to change"))]
    let mut permissions = existing.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let own = file.metadata()?;
        let owner = (own.uid() != existing.uid()).then(|| existing.uid());
        let group = (own.gid() != existing.gid()).then(|| existing.gid());
        // Only root can change the owner. If the group cannot be kept, no other group gets its permissions.
        if owner.is_some() || group.is_some() {
            let changed = fchown(file, owner, group).or_else(|_| fchown(file, None, group));
            if changed.is_err() && group.is_some() {
                permissions.set_mode(permissions.mode() & !0o070);
            }
        }
    }
    file.set_permissions(permissions)
}

/// Locks a folder, so that one program at a time compares a file in it with what was read before and replaces it. `None` if
/// the folder cannot be locked, because then no other program can hold a lock either.
fn lock_folder(target: &Path) -> io::Result<Option<fs::File>> {
    let Ok(folder) = fs::File::open(folder_of(target)) else { return Ok(None) };
    let start = Instant::now();
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(fs::TryLockError::Error(_)) => return Ok(None),
            Err(fs::TryLockError::WouldBlock) if start.elapsed() > LOCK_TIMEOUT => {
                return Err(io::Error::new(ErrorKind::TimedOut, "another program has locked its folder"));
            }
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// From now on a signal that ends the program deletes its drafts first. The interview handles signals itself.
#[cfg(unix)]
pub(super) fn clean_up_on_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (ready, listening) = std::sync::mpsc::channel();
        let listen = move || {
            let caught = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_signal_ignored(*signal));
            let Ok(mut signals) = signal_hook::iterator::Signals::new(caught) else { return };
            let _ = ready.send(());
            for signal in signals.forever() {
                let named_drafts = NAMED_DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
                for name in named_drafts.iter() {
                    let _ = fs::remove_file(name);
                }
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        };
        // If there is no thread, signals end the program as usual.
        if std::thread::Builder::new().spawn(listen).is_ok() {
            let _ = listening.recv();
        }
    });
}

#[cfg(not(unix))]
pub(super) fn clean_up_on_signals() {}

/// From now on, writing past the limit on the size of files is an error, and no longer ends the program without a message.
pub fn survive_size_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Whether the program was started with a signal ignored, as by `nohup`. Only Linux says so; elsewhere the two signals for
/// which this is usual count as ignored.
#[cfg(unix)]
fn is_signal_ignored(signal: i32) -> bool {
    if !cfg!(target_os = "linux") {
        return signal != signal_hook::consts::SIGTERM;
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
