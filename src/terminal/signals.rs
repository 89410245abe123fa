//! What the system tells the program from outside, and how prompts wait for input: a signal that comes while nobody
//! waits leaves a byte behind, so that the next wait ends at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Listens for signals. Until then, a signal that ends programs ends this one at once.
#[derive(Clone, Debug)]
pub struct Signals {
    ended: Arc<AtomicBool>,
    #[cfg(unix)]
    wakes: Arc<(std::os::unix::net::UnixStream, std::os::unix::net::UnixStream)>,
}

impl Signals {
    /// Listens for what ends a program: Ctrl-C, a request to end, a terminal that was closed.
    ///
    /// # Errors
    /// What the operating system says.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        let (wait, wake) = std::os::unix::net::UnixStream::pair()?;
        wait.set_nonblocking(true)?;
        let signals = Self { ended: Arc::default(), wakes: Arc::new((wait, wake)) };
        for signal in [SIGINT, SIGTERM, signal_hook::consts::SIGHUP] {
            signals.raise(signal, &signals.ended)?;
        }
        Ok(signals)
    }

    /// Listens for what ends a program.
    ///
    /// # Errors
    /// What the operating system says.
    #[cfg(not(unix))]
    pub fn listen() -> io::Result<Self> {
        let signals = Self { ended: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&signals.ended))?;
        }
        Ok(signals)
    }

    /// Whether the program has been told to end.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read};
    use std::os::fd::AsFd;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use signal_hook::{flag, low_level::pipe};

    use super::Signals;

    impl Signals {
        /// Raises a flag whenever a signal comes, and ends the wait.
        pub(in super::super) fn raise(&self, signal: i32, raised: &Arc<AtomicBool>) -> io::Result<()> {
            flag::register(signal, Arc::clone(raised))?;
            pipe::register(signal, self.wakes.1.try_clone()?)?;
            Ok(())
        }

        /// Waits until standard input has something to read, a signal comes, or the time is over. Tells whether there
        /// is something to read.
        pub(in super::super) fn wait(&self, time: Option<Duration>) -> bool {
            let stdin = io::stdin();
            let mut waiting = [stdin.as_fd(), self.wakes.0.as_fd()].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
            let time = time.and_then(|time| PollTimeout::try_from(time).ok());
            match poll(&mut waiting, time) {
                Ok(_) => {}
                Err(Errno::EINTR) => return false,
                // Whatever is wrong with it, the read will say.
                Err(_) => return true,
            }
            let [stdin, wakes] = waiting.map(|waiting| waiting.any() != Some(false));
            if wakes {
                while (&self.wakes.0).read(&mut [0; 64]).is_ok_and(|length| length > 0) {}
            }
            stdin
        }
    }
}
