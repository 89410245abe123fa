//! A terminal that hands keys over as they are typed and does not show them by itself, for as long as menus are shown.
//! Otherwise keys typed between two readings are shown where they do not belong, and the rest of a pasted text waits
//! unseen until its last line ends.

#[cfg(unix)]
pub(super) use unix::Quiet;

#[cfg(unix)]
mod unix {
    use std::io::stdin;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Puts the terminal back as it was when dropped.
    pub(in super::super) struct Quiet {
        before: Option<Termios>,
    }

    impl Quiet {
        pub(in super::super) fn begin() -> Self {
            let before = tcgetattr(stdin()).ok();
            if let Some(before) = &before {
                let mut quiet = before.clone();
                quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
                let _ = tcsetattr(stdin(), OptionalActions::Now, &quiet);
            }
            Self { before }
        }

        /// Whether more has been typed, or pasted, than was read.
        pub(in super::super) fn more(&self) -> bool {
            // A paste can come in several pieces, close to each other.
            let moment = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
            self.before.is_some() && matches!(poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&moment)), Ok(1..))
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            if let Some(before) = &self.before {
                let _ = tcsetattr(stdin(), OptionalActions::Now, before);
            }
        }
    }
}

/// Elsewhere the terminal is left as it is.
#[cfg(not(unix))]
pub(super) struct Quiet;

#[cfg(not(unix))]
impl Quiet {
    pub(super) fn begin() -> Self {
        Self
    }

    pub(super) fn more(&self) -> bool {
        false
    }
}
