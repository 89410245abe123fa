//! Arguments in, exit code out. Finds out what the streams are, once, and keeps a panic from looking like a verdict.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::process::ExitCode;

use eligibility::commands::{COULD_NOT_RUN, Io, Terminal, run};

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        let _ = writeln!(io::stderr(), "error: internal error, which is a fault of this program: {panic}");
    }));
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let terminal = Terminal {
        stdin: io::stdin().is_terminal(),
        stdout: width(&console::Term::stdout()),
        stderr: width(&console::Term::stderr()),
        no_colour: set("NO_COLOR") || dumb,
        plain: set("ACCESSIBLE") || dumb,
    };
    let code = panic::catch_unwind(|| {
        run(
            std::env::args_os(),
            Io { stdin: &mut io::stdin(), stdout: &mut io::stdout(), stderr: &mut io::stderr(), terminal },
        )
    });
    ExitCode::from(code.unwrap_or(COULD_NOT_RUN))
}

/// The width of a stream that is a terminal.
fn width(stream: &console::Term) -> Option<usize> {
    stream.is_term().then(|| usize::from(stream.size().1))
}
