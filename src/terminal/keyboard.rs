//! Reads keys one at a time, in raw mode. The terminal's own mode is restored on drop and while the program is suspended.

use super::keys::Key;

/// What ended the wait for a key.
#[derive(Debug)]
pub(super) enum KeyboardEvent {
    Key(Key),
    /// The window changed its size.
    Resized,
    /// The shell wants to suspend the program (Ctrl-Z).
    Suspend,
    /// The program was resumed; the screen may have changed meanwhile.
    Resumed,
}

#[cfg(unix)]
pub(super) use unix::Keyboard;

#[cfg(unix)]
mod unix {
    use std::io::{self, stdin};
    use std::os::fd::AsRawFd;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use console::Term;
    use nix::errno::Errno;
    use nix::sys::termios::{InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr};
    use nix::unistd::{getppid, getsid};
    use signal_hook::consts::{SIGCONT, SIGTSTP, SIGWINCH};

    use super::super::keys::Keys;
    use super::super::signals::Signals;
    use super::KeyboardEvent;
    use crate::prompter::Stop;

    /// How long to wait for the rest of a key.
    const KEY_TIMEOUT: Duration = Duration::from_millis(50);
    /// Switches bracketed paste on and off.
    const PASTE_MARKS_ON: &str = "\x1b[?2004h";
    const PASTE_MARKS_OFF: &str = "\x1b[?2004l";

    pub(in super::super) struct Keyboard {
        signals: Signals,
        term: Term,
        before: Option<Termios>,
        keys: Keys,
        suspend: Arc<AtomicBool>,
        resumed: Arc<AtomicBool>,
        resized: Arc<AtomicBool>,
    }

    impl Keyboard {
        pub(in super::super) fn begin(signals: Signals) -> io::Result<Self> {
            let flag = Arc::<AtomicBool>::default;
            let (suspend, resumed, resized) = (flag(), flag(), flag());
            signals.raise(SIGTSTP, &suspend)?;
            signals.raise(SIGCONT, &resumed)?;
            signals.raise(SIGWINCH, &resized)?;
            let before = tcgetattr(stdin()).ok();
            let mut keyboard =
                Self { signals, term: Term::stderr(), before, keys: Keys::default(), suspend, resumed, resized };
            keyboard.enter_raw_mode();
            Ok(keyboard)
        }

        /// The next key, or what else happened.
        pub(in super::super) fn next(&mut self) -> Result<KeyboardEvent, Stop> {
            loop {
                if self.signals.ended() {
                    return Err(Stop::Interrupted);
                }
                if self.suspend.swap(false, Ordering::SeqCst) && has_shell() {
                    return Ok(KeyboardEvent::Suspend);
                }
                if self.resumed.swap(false, Ordering::SeqCst) {
                    self.enter_raw_mode();
                    return Ok(KeyboardEvent::Resumed);
                }
                if self.resized.swap(false, Ordering::SeqCst) {
                    return Ok(KeyboardEvent::Resized);
                }
                if let Some(key) = self.keys.next() {
                    return Ok(KeyboardEvent::Key(key));
                }
                let time = self.keys.is_incomplete().then_some(KEY_TIMEOUT);
                if self.signals.wait(time) {
                    self.read()?;
                } else if time.is_some() && !self.has_signal() {
                    return Ok(KeyboardEvent::Key(self.keys.take_incomplete()));
                }
            }
        }

        /// Whether input follows the last key at once, as when text is pasted into a terminal without bracketed paste.
        pub(in super::super) fn has_more(&mut self) -> bool {
            !self.keys.is_empty() || self.signals.wait(Some(KEY_TIMEOUT))
        }

        /// Suspends the program until the shell resumes it.
        pub(in super::super) fn suspend(&mut self) {
            self.restore();
            let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
            self.resumed.store(false, Ordering::SeqCst);
            self.enter_raw_mode();
        }

        fn has_signal(&self) -> bool {
            [&self.suspend, &self.resumed, &self.resized].iter().any(|flag| flag.load(Ordering::SeqCst))
                || self.signals.ended()
        }

        fn read(&mut self) -> Result<(), Stop> {
            let mut bytes = [0; 4096];
            match nix::unistd::read(stdin().as_raw_fd(), &mut bytes) {
                // Without lines there is no end of input, so the terminal is gone.
                Ok(0) | Err(Errno::EIO) => Err(Stop::Interrupted),
                Ok(length) => {
                    self.keys.push(&bytes[..length]);
                    Ok(())
                }
                Err(Errno::EINTR | Errno::EAGAIN) => Ok(()),
                Err(error) => Err(Stop::Lost(error.into())),
            }
        }

        /// Keys arrive at once and unechoed. Ctrl-C and Ctrl-Z remain signals, so that they act like signals from
        /// elsewhere.
        fn enter_raw_mode(&mut self) {
            if let Some(before) = &self.before {
                let mut taken = before.clone();
                taken.local_flags.remove(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::IEXTEN);
                // Otherwise Ctrl-C throws away what is on its way to the screen, such as how to go on.
                taken.local_flags.insert(LocalFlags::NOFLSH);
                taken.input_flags.remove(InputFlags::IXON | InputFlags::ICRNL);
                taken.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
                taken.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
                let _ = tcsetattr(stdin(), SetArg::TCSANOW, &taken);
            }
            let _ = self.term.write_str(PASTE_MARKS_ON);
        }

        fn restore(&mut self) {
            let _ = self.term.write_str(PASTE_MARKS_OFF);
            if let Some(before) = &self.before {
                let _ = tcsetattr(stdin(), SetArg::TCSANOW, before);
            }
        }
    }

    impl Drop for Keyboard {
        fn drop(&mut self) {
            self.restore();
        }
    }

    /// Whether there is a shell that can resume the program; without one, suspending would stop it for ever. A parent
    /// outside the container has the id 0, and is no shell.
    fn has_shell() -> bool {
        let parent = getppid();
        parent.as_raw() != 0 && getsid(Some(parent)) == getsid(None)
    }
}

/// Elsewhere the `console` crate reads the keys, without signals or changes of size.
#[cfg(not(unix))]
pub(super) struct Keyboard {
    signals: super::signals::Signals,
    term: console::Term,
}

#[cfg(not(unix))]
impl Keyboard {
    pub(super) fn begin(signals: super::signals::Signals) -> std::io::Result<Self> {
        Ok(Self { signals, term: console::Term::stderr() })
    }

    pub(super) fn next(&mut self) -> Result<KeyboardEvent, crate::prompter::Stop> {
        use crate::prompter::Stop;
        if self.signals.ended() {
            return Err(Stop::Interrupted);
        }
        let key = self.term.read_key_raw().map_err(Stop::Lost)?;
        Ok(KeyboardEvent::Key(match key {
            console::Key::CtrlC => return Err(Stop::Interrupted),
            console::Key::Char(c) if !c.is_control() => Key::Char(c),
            console::Key::Enter => Key::Enter,
            console::Key::Escape => Key::Escape,
            console::Key::Tab => Key::Tab,
            console::Key::ArrowUp => Key::Up,
            console::Key::ArrowDown => Key::Down,
            console::Key::ArrowLeft => Key::Left,
            console::Key::ArrowRight => Key::Right,
            console::Key::Home | console::Key::PageUp => Key::Home,
            console::Key::End | console::Key::PageDown => Key::End,
            console::Key::Backspace => Key::Backspace,
            console::Key::Del => Key::Delete,
            _ => Key::Other,
        }))
    }

    pub(super) fn has_more(&mut self) -> bool {
        false
    }

    pub(super) fn suspend(&mut self) {}
}
