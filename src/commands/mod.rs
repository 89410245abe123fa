//! Runs commands: one file for each.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use crate::cli::{Cli, Command, NAME};
use crate::files;
pub use crate::intake::COULD_NOT_RUN;
pub(crate) use crate::intake::INVALID;
use crate::style::{clean, typed};
use crate::triage::InputShape;

mod answers_files;
mod check;
mod completions;
mod explain;
mod file_name;
mod init;
mod interview;
mod rules;
mod schema;
mod session;
mod triage;

pub(crate) use session::{Exit, INTERRUPTED, Session};
pub use session::{Io, Terminal};

/// Runs one command line and returns its exit code. A panic is reported as an internal error, never as a verdict.
pub fn run(args: impl IntoIterator<Item = OsString>, io: Io<'_>) -> u8 {
    let Io { stdin, stdout, stderr, terminal } = io;
    let streams = Io { stdin, stdout, stderr: &mut *stderr, terminal };
    match panic::catch_unwind(AssertUnwindSafe(|| command(args, streams))) {
        Ok(code) => code,
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let message = clean(message.unwrap_or("no more is known"));
            let _ = writeln!(stderr, "error: internal error, which is a fault of this program: {message}");
            COULD_NOT_RUN
        }
    }
}

fn command(args: impl IntoIterator<Item = OsString>, mut io: Io<'_>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    // Scripts ask for the version again and again, and building the whole command line takes far longer than this.
    if let [_, only] = args.as_slice()
        && ["--version", "-V"].iter().any(|version| only == version)
    {
        return code_once_written(io.stdout.write_all(VERSION.as_bytes()), 0);
    }
    if let Some(file) = file_like_option(&args) {
        let file = file.display().to_string();
        let (message, file) =
            (format!("a file or folder is called `{}`, which looks like an option", clean(&file)), clean(&file));
        return refuse(&message, &format!("write ./{file}, or put -- before all files"), &mut io);
    }
    let cli = match Cli::read(&args) {
        Ok(cli) => cli,
        Err(usage) => match file_for_command(&usage, &args) {
            Some((file, command)) => {
                let help = format!("write {NAME} {command} {}", typed(&file));
                return refuse(&format!("`{}` is no command", clean(&file)), &help, &mut io);
            }
            None => return usage_error(&usage, &args, &mut io),
        },
    };
    files::survive_size_limit();
    let mut session = Session::new(io, cli.shared);
    let done = match cli.command {
        Command::Check(args) => check::run(&args, &mut session),
        Command::Interview(args) => interview::run(&args, &mut session),
        Command::Init { file, product } => init::run(&file, &product, &mut session),
        Command::Explain { id } => explain::run(&id.join(" "), &mut session),
        Command::Triage(args) => triage::run(&args, &mut session),
        Command::Rules(command) => rules::run(&command, &mut session),
        Command::Completions { shell } => completions::run(shell, &mut session),
        Command::Man { command } => completions::man(&command, &mut session),
        Command::Schema { subject, output } => schema::run(subject, output.as_deref(), &mut session),
    };
    done.unwrap_or_else(|error| match error.downcast_ref() {
        Some(Exit(code)) => *code,
        None => session.report_error(&error),
    })
}

/// An argument that looks like an option and names an existing file. It may come from a pattern such as `*` or a list of
/// changed files, where a stranger chose the name. With `--`, options are told from files.
fn file_like_option(args: &[OsString]) -> Option<&Path> {
    if args.iter().any(|arg| arg == "--") {
        return None;
    }
    args.iter().skip(1).map(Path::new).find(|arg| {
        let bytes = arg.as_os_str().as_encoded_bytes();
        bytes.starts_with(b"-") && bytes != files::STANDARD_INPUT.as_bytes() && files::exists(arg)
    })
}

/// A file in the place of the command, and the command that reads it.
fn file_for_command(usage: &clap::Error, args: &[OsString]) -> Option<(String, &'static str)> {
    let file = Path::new(args.get(1).filter(|_| usage.kind() == clap::error::ErrorKind::InvalidSubcommand)?);
    let shape = InputShape::named(file);
    let command = if let Some(InputShape::Lines | InputShape::Rows) = shape { "triage" } else { "check" };
    (shape.is_some() || files::exists(file)).then(|| (file.display().to_string(), command))
}

fn refuse(message: &str, help: &str, io: &mut Io<'_>) -> u8 {
    let _ = writeln!(io.stderr, "error: {message}\n help: {help}");
    INVALID
}

const VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n");

/// The exit code after writing. It is no error if the reader has gone away.
fn code_once_written(written: std::io::Result<()>, code: u8) -> u8 {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => COULD_NOT_RUN,
        _ => code,
    }
}

/// Help and version go to standard output, mistakes to standard error.
fn usage_error(usage: &clap::Error, args: &[OsString], io: &mut Io<'_>) -> u8 {
    let (stream, width): (&mut dyn Write, _) =
        if usage.use_stderr() { (io.stderr, io.terminal.stderr) } else { (io.stdout, io.terminal.stdout) };
    // The message repeats arguments. It is built again from cleaned ones, so that every escape code in it is ours.
    let cleaned: Vec<OsString> = args.iter().map(|arg| clean(&arg.to_string_lossy()).into_owned().into()).collect();
    let again = Cli::read(&cleaned).err().filter(|again| again.kind() == usage.kind());
    let coloured = again.is_some() && width.is_some() && !io.terminal.no_colour;
    let text = again.as_ref().unwrap_or(usage).render();
    let written = if coloured {
        write!(stream, "{}", text.ansi())
    } else {
        let lines: Vec<_> = text.to_string().split('\n').map(|line| clean(line).into_owned()).collect();
        write!(stream, "{}", lines.join("\n"))
    };
    code_once_written(written, u8::try_from(usage.exit_code()).unwrap_or(INVALID))
}
