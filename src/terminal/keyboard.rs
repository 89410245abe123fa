//! A keyboard that hands over each key as it is pressed, and whatever else ends the wait for one. The terminal is put
//! back as it was when this is dropped, and for as long as the program is suspended.

use super::keys::Key;

/// What a wait for a key ends with.
#[derive(Debug)]
pub(super) enum KeyboardEvent {
    Key(Key),
    /// The window has another size.
    Resized,
    /// The shell wants to suspend the program (Ctrl-Z).
    Suspend,
    /// The program goes on after a stop; the screen may have changed meanwhile.
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
    const MOMENT: Duration = Duration::from_millis(50);
    /// Switches bracketed paste on and off.
    const MARK_PASTES: &str = "\x1b[?2004h";
    const LEAVE_PASTES: &str = "\x1b[?2004l";

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
        /// # Errors
        /// What the operating system says.
        pub(in super::super) fn begin(signals: Signals) -> io::Result<Self> {
            let flag = Arc::<AtomicBool>::default;
            let (suspend, resumed, resized) = (flag(), flag(), flag());
            signals.raise(SIGTSTP, &suspend)?;
            signals.raise(SIGCONT, &resumed)?;
            signals.raise(SIGWINCH, &resized)?;
            let before = tcgetattr(stdin()).ok();
            let mut keyboard =
                Self { signals, term: Term::stderr(), before, keys: Keys::default(), suspend, resumed, resized };
            keyboard.take();
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
                    self.take();
                    return Ok(KeyboardEvent::Resumed);
                }
                if self.resized.swap(false, Ordering::SeqCst) {
                    return Ok(KeyboardEvent::Resized);
                }
                if let Some(key) = self.keys.next() {
                    return Ok(KeyboardEvent::Key(key));
                }
                let time = self.keys.waits_for_more().then_some(MOMENT);
                if self.signals.wait(time) {
                    self.read()?;
                } else if time.is_some() && !self.told() {
                    return Ok(KeyboardEvent::Key(self.keys.cut_short()));
                }
            }
        }

        /// Whether more has come right behind the last key, as it does when text is pasted into a terminal that does
        /// not mark it.
        pub(in super::super) fn more(&mut self) -> bool {
            !self.keys.is_empty() || self.signals.wait(Some(MOMENT))
        }

        /// Suspends the program until the shell resumes it.
        pub(in super::super) fn suspend(&mut self) {
            self.give_back();
            let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
            self.resumed.store(false, Ordering::SeqCst);
            self.take();
        }

        fn told(&self) -> bool {
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

        /// Keys are handed over at once and not shown. Ctrl-C and Ctrl-Z stay signals, so that they are the same as
        /// those that come from elsewhere.
        fn take(&mut self) {
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
            let _ = self.term.write_str(MARK_PASTES);
        }

        fn give_back(&mut self) {
            let _ = self.term.write_str(LEAVE_PASTES);
            if let Some(before) = &self.before {
                let _ = tcsetattr(stdin(), SetArg::TCSANOW, before);
            }
        }
    }

    impl Drop for Keyboard {
        fn drop(&mut self) {
            self.give_back();
        }
    }

    /// Whether there is a shell that can let the program go on again. Otherwise it would stand still for ever. In a
    /// container a parent or a session from outside is 0: such a parent is no shell.
    fn has_shell() -> bool {
        let parent = getppid();
        parent.as_raw() != 0 && getsid(Some(parent)) == getsid(None)
    }
}

/// Elsewhere keys are read by the library, which knows no signals and no changes of size.
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

    pub(super) fn more(&mut self) -> bool {
        false
    }

    pub(super) fn suspend(&mut self) {}
}
