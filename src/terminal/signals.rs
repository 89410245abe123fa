//! Waits for input that a signal can end. A signal writes a byte to a pipe, so that one that arrives between two waits
//! ends the next.

use std::io;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Ctrl-C, a request to terminate, a closed terminal.
const ENDS: &[i32] = &[
    SIGINT,
    SIGTERM,
    #[cfg(unix)]
    signal_hook::consts::SIGHUP,
];

/// The signals that have arrived. Before [`Signals::listen`] a signal has its default effect.
#[derive(Clone, Debug)]
pub struct Signals {
    ended: Arc<AtomicBool>,
    /// The end to wait on, and the end that signals write to.
    #[cfg(unix)]
    wakes: Arc<(UnixStream, UnixStream)>,
}

impl Signals {
    /// Listens for the signals in [`ENDS`].
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        let wakes = UnixStream::pair()?;
        #[cfg(unix)]
        wakes.0.set_nonblocking(true)?;
        let signals = Self {
            ended: Arc::default(),
            #[cfg(unix)]
            wakes: Arc::new(wakes),
        };
        for signal in ENDS {
            signals.raise(*signal, &signals.ended)?;
        }
        Ok(signals)
    }

    /// Whether one of [`ENDS`] has arrived.
    pub fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// Makes a signal set a flag and end the wait.
    pub(super) fn raise(&self, signal: i32, raised: &Arc<AtomicBool>) -> io::Result<()> {
        flag::register(signal, Arc::clone(raised))?;
        #[cfg(unix)]
        signal_hook::low_level::pipe::register(signal, self.wakes.1.try_clone()?)?;
        Ok(())
    }

    /// Waits for input, a signal or the timeout, and returns whether there is input.
    #[cfg(unix)]
    pub(super) fn wait(&self, time: Option<std::time::Duration>) -> bool {
        use std::io::Read as _;
        use std::os::fd::AsFd as _;

        use nix::errno::Errno;
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

        let stdin = io::stdin();
        let mut waiting = [stdin.as_fd(), self.wakes.0.as_fd()].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        let time = time.and_then(|time| PollTimeout::try_from(time).ok());
        match poll(&mut waiting, time) {
            Ok(_) => {}
            Err(Errno::EINTR) => return false,
            // The read will report what is wrong.
            Err(_) => return true,
        }
        let [stdin, wakes] = waiting.map(|waiting| waiting.any() != Some(false));
        if wakes {
            while (&self.wakes.0).read(&mut [0; 64]).is_ok_and(|length| length > 0) {}
        }
        stdin
    }
}
