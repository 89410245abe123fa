//! A signal that comes between the look at the flag and the wait for a key would be seen only at the next key. So a
//! thread sends it again, until somebody has been woken by it.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};

/// How long it is left to the program to end by itself.
const MOMENT: Duration = Duration::from_millis(50);

/// Begins to send signals again. Sleeps until the first one comes.
pub(super) fn begin() -> io::Result<()> {
    let (mut told, tell) = UnixStream::pair()?;
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::low_level::pipe::register(signal, tell.try_clone()?)?;
    }
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if told.read(&mut [0]).is_ok_and(|length| length > 0) {
            // The end of the program ends this as well. Any of the signals wakes whoever waits.
            while kill_process(getpid(), Signal::INT).is_ok() {
                thread::sleep(MOMENT);
            }
        }
    })?;
    Ok(())
}
