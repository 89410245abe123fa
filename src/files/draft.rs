//! Files that take their place once they are whole. Where the system knows files without a name, a draft has none until
//! then, so that nothing can be left behind; elsewhere it has one that the next to write there knows for a leftover.

use std::fs;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::{Arc, Once};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::target::{folder_of, open_stream, resolved};
use super::walk::exists;

/// How long to wait for somebody who is putting a file in the same folder in its place, which takes no time.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most drafts of one file, each of a run of its own.
const MAX_DRAFTS: usize = 100;

/// The drafts that have a name, to be taken away when a signal ends the program. Locked while one is made or put in its
/// place, so that a signal finds each either here or whole.
static NAMED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that is written bit by bit, and takes its place once it is whole.
pub struct Draft {
    file: fs::File,
    kind: Kind,
    target: PathBuf,
    /// What the user calls it.
    named: PathBuf,
}

enum Kind {
    /// Written on as it is.
    Stream,
    /// A file beside which none can be made: what it is to say is kept until all of it is there.
    InPlace(Vec<u8>),
    #[cfg(target_os = "linux")]
    Nameless,
    Named(PathBuf),
    /// In its place.
    Done,
}

impl Draft {
    /// Begins to write on a stream or, bit by bit, a file.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn new(path: &Path) -> Result<Self> {
        match open_stream(path).with_context(|| format!("cannot write `{}`", path.display()))? {
            Some(file) => Ok(Self { file, kind: Kind::Stream, target: PathBuf::new(), named: path.to_owned() }),
            None => Self::of_file(path),
        }
    }

    /// Begins to write a file. Where none can be made beside the one that is there, or take its place (the folder is closed,
    /// or the file is mounted by itself), that one is written over once all is there. Only what stops the program in the
    /// middle of that, or a disk that is full, leaves it in part.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn of_file(path: &Path) -> Result<Self> {
        let context = || format!("cannot write `{}`", path.display());
        let target = resolved(path).with_context(context)?;
        let there = fs::metadata(&target).ok();
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let what = if target.is_dir() { "it is a folder" } else { "it is not a file" };
            bail!("cannot write `{}`: {what}", path.display());
        }
        let (file, kind) = match start(&target, there.as_ref()) {
            Err(error) if there.is_some() && is_kept_out(&error) => {
                let file = fs::OpenOptions::new().write(true).open(&target).with_context(context)?;
                (file, Kind::InPlace(Vec::new()))
            }
            started => started.with_context(context)?,
        };
        let draft = Self { file, kind, target, named: path.to_owned() };
        if let (Some(there), false) = (there, matches!(draft.kind, Kind::InPlace(_))) {
            take_over(&draft.file, &there).with_context(context)?;
        }
        Ok(draft)
    }

    /// With all that it is to say.
    pub(super) fn saying(mut self, bytes: &[u8]) -> Result<Self> {
        self.write_all(bytes).with_context(|| self.context())?;
        Ok(self)
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// What the operating system says. The old file, if any, is then still there, but for what [`Draft::of_file`] says.
    pub fn finish(mut self) -> Result<()> {
        self.sync().and_then(|()| self.put(true)).with_context(|| self.context())
    }

    /// Puts the file in the place of one that reads like this, or of none, and tells whether that was still so. Whoever
    /// else does this in the same folder comes before or after.
    pub(super) fn finish_over(
        mut self,
        read: impl FnOnce() -> Result<Option<Vec<u8>>>,
        old: Option<&[u8]>,
    ) -> Result<bool> {
        self.sync().with_context(|| self.context())?;
        let _lock = lock_folder(&self.target).with_context(|| self.context())?;
        if read()?.as_deref() != old {
            return Ok(false);
        }
        match self.put(old.is_some()) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            put => put.map(|()| true).with_context(|| self.context()),
        }
    }

    /// What is said where it cannot be written.
    pub fn context(&self) -> String {
        format!("cannot write `{}`", self.named.display())
    }

    fn sync(&self) -> io::Result<()> {
        if matches!(self.kind, Kind::Stream) { Ok(()) } else { self.file.sync_all() }
    }

    fn put(&mut self, over: bool) -> io::Result<()> {
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.kind {
            Kind::Stream | Kind::Done => {}
            Kind::InPlace(text) => write_over(&self.target, text.as_slice())?,
            #[cfg(target_os = "linux")]
            Kind::Nameless => match link(&self.file, &self.target) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists && over => {
                    let (name, ()) = claim(&self.target, |name| link(&self.file, name))?;
                    named.push(name.clone());
                    drop(named);
                    self.kind = Kind::Named(name);
                    return self.put(over);
                }
                linked => linked?,
            },
            Kind::Named(name) => {
                if over {
                    match fs::rename(name, &self.target) {
                        Err(error) if is_kept_out(&error) => {
                            self.file.rewind()?;
                            write_over(&self.target, &self.file)?;
                            fs::remove_file(name)?;
                        }
                        renamed => renamed?,
                    }
                } else {
                    match fs::hard_link(name, &self.target) {
                        // Some disks have no links.
                        Err(error) if error.kind() != ErrorKind::AlreadyExists && !exists(&self.target) => {
                            fs::rename(name, &self.target)?;
                        }
                        linked => linked.and_then(|()| fs::remove_file(name))?,
                    }
                }
                named.retain(|other| other != name);
            }
        }
        self.kind = Kind::Done;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Kind::Named(name) = &self.kind {
            let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = fs::remove_file(name);
            named.retain(|other| other != name);
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.kind {
            Kind::InPlace(text) => text.write(bytes),
            // A reader that has gone away is no error.
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

/// Whether it is the place that does not take another file, and not the file that cannot be written.
fn is_kept_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::ResourceBusy)
}

fn write_over(target: &Path, mut text: impl Read) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(target)?;
    let length = io::copy(&mut text, &mut file)?;
    file.set_len(length)?;
    file.sync_all()
}

/// A draft of a file. Whoever may not read the one that is there may not read it either, at no moment.
fn start(target: &Path, there: Option<&fs::Metadata>) -> io::Result<(fs::File, Kind)> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Open to all, less the user's mask, as any new file is.
        options.mode(if there.is_some() { 0o600 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = there;
    #[cfg(target_os = "linux")]
    if let Ok(file) = nameless(target, &options) {
        return Ok((file, Kind::Nameless));
    }
    let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    let (name, file) = claim(target, |name| {
        let file = options.clone().create_new(true).open(name)?;
        // Somebody who took it for a leftover in this very moment has taken it away.
        let taken = matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) || !is_at(&file, name);
        if taken { Err(ErrorKind::AlreadyExists.into()) } else { Ok(file) }
    })?;
    named.push(name.clone());
    Ok((file, Kind::Named(name)))
}

/// A file without a name, if it can be given one later. It is locked, so that its name is no leftover while it has one.
#[cfg(target_os = "linux")]
fn nameless(target: &Path, options: &fs::OpenOptions) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::metadata("/proc/self/fd")?;
    let flags = nix::fcntl::OFlag::O_TMPFILE.bits();
    let file = options.clone().custom_flags(flags).open(folder_of(target))?;
    let _ = file.try_lock();
    Ok(file)
}

/// Gives a file without a name one that nothing has yet.
#[cfg(target_os = "linux")]
fn link(file: &fs::File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let open = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    nix::unistd::linkat(None, open.as_path(), None, name, nix::fcntl::AtFlags::AT_SYMLINK_FOLLOW)?;
    Ok(())
}

/// The first name of a draft that can be had. What a run that was killed has left there is taken away.
fn claim<T>(target: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    const LONGEST: usize = 50;
    let file: String = target.file_name().unwrap_or_default().to_string_lossy().chars().take(LONGEST).collect();
    for number in 1..=MAX_DRAFTS {
        let name = folder_of(target).join(match number {
            1 => format!(".{file}.partial"),
            _ => format!(".{file}.{number}.partial"),
        });
        let made = match make(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_left_over(&name) => {
                fs::remove_file(&name)?;
                make(&name)
            }
            made => made,
        };
        match made {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|made| (name, made)),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "too many drafts of it are being written"))
}

/// Whether the one who wrote a draft is there no more: drafts are locked.
fn is_left_over(name: &Path) -> bool {
    let is_file = fs::symlink_metadata(name).is_ok_and(|found| found.is_file());
    is_file && fs::File::open(name).is_ok_and(|file| file.try_lock().is_ok() && is_at(&file, name))
}

/// Whether a file is the one that stands at a path.
fn is_at(file: &fs::File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let identity = |found: fs::Metadata| (found.dev(), found.ino());
        file.metadata().ok().map(identity) == fs::symlink_metadata(path).ok().map(identity)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        exists(path)
    }
}

/// Gives a draft the owner and the permissions of the file that is there.
fn take_over(file: &fs::File, there: &fs::Metadata) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix has something to change"))]
    let mut permissions = there.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let ours = file.metadata()?;
        let owner = (ours.uid() != there.uid()).then(|| there.uid());
        let group = (ours.gid() != there.gid()).then(|| there.gid());
        // Only root gives files away. What a group may do is not for another group.
        if owner.is_some() || group.is_some() {
            let given = fchown(file, owner, group).or_else(|_| fchown(file, None, group));
            if given.is_err() && group.is_some() {
                permissions.set_mode(permissions.mode() & !0o070);
            }
        }
    }
    file.set_permissions(permissions)
}

/// The right to compare a file with what was read from it and to put another in its place, which one at a time has in
/// each folder. A folder that cannot be locked has nobody who could wait for it.
fn lock_folder(target: &Path) -> io::Result<Option<fs::File>> {
    let Ok(folder) = fs::File::open(folder_of(target)) else { return Ok(None) };
    let begun = Instant::now();
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(fs::TryLockError::Error(_)) => return Ok(None),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => {
                return Err(io::Error::new(ErrorKind::TimedOut, "another program keeps its folder locked"));
            }
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// From now on a signal that ends the program takes its drafts away first. Not for the interview, which ends by itself.
#[cfg(unix)]
pub(super) fn end_tidily() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (ready, listening) = std::sync::mpsc::channel();
        let listen = move || {
            let caught = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
            let Ok(mut signals) = signal_hook::iterator::Signals::new(caught) else { return };
            let _ = ready.send(());
            for signal in signals.forever() {
                let named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
                for name in named.iter() {
                    let _ = fs::remove_file(name);
                }
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        };
        // Without a thread, signals end the program as they do any other.
        if std::thread::Builder::new().spawn(listen).is_ok() {
            let _ = listening.recv();
        }
    });
}

#[cfg(not(unix))]
pub(super) fn end_tidily() {}

/// From now on a file that may grow no further is an error of the write, and does not end the program without a word.
pub fn survive_size_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Whether whoever started the program wants it to go on through a signal, as `nohup` does. Only Linux tells; elsewhere
/// the two that are ignored for good reasons are left alone.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    if !cfg!(target_os = "linux") {
        return signal != signal_hook::consts::SIGTERM;
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
