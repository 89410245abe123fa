//! Arguments in, exit code out. Finds out what the streams are, once.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::process::ExitCode;

use eligibility::commands::{Io, Terminal, run};

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        // `run` reports what went wrong, and turns it into an exit code.
        if let Some(place) = panic.location() {
            let _ = writeln!(io::stderr(), "panicked at {place}");
        }
    }));
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let stdout = width(&console::Term::stdout());
    let terminal = Terminal {
        stdin: io::stdin().is_terminal(),
        stdout,
        stderr: width(&console::Term::stderr()),
        no_colour: set("NO_COLOR") || dumb,
        links: !dumb && stdout.is_some() && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        plain: set("ACCESSIBLE") || dumb,
    };
    let io = Io { stdin: &mut io::stdin(), stdout: &mut io::stdout(), stderr: &mut io::stderr(), terminal };
    ExitCode::from(run(std::env::args_os(), io))
}

/// The width of a stream that is a terminal.
fn width(stream: &console::Term) -> Option<usize> {
    stream.is_term().then(|| usize::from(stream.size().1))
}
