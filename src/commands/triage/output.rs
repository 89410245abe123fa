//! Where the result goes: standard output or a file, and the reports beside it, each in a format of its own.

use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use super::show::{Show, stream};
use crate::files::Draft;
use crate::report::{Checked, Document, Format};
use crate::style::Style;
use crate::triage::{BETWEEN, Line};

/// One form of the result, and where it goes.
pub(super) struct Output<'a> {
    pub(super) format: Format,
    pub(super) target: Target<'a>,
    pub(super) style: Style,
    pub(super) way: Way<'a>,
    /// What kept it from being written.
    pub(super) failed: Option<io::Error>,
}

pub(super) enum Target<'a> {
    Stream(&'a mut (dyn Write + Send)),
    /// A file, which takes its place once it is whole.
    File(PathBuf, Draft),
}

/// How it is made.
pub(super) enum Way<'a> {
    /// Line by line, as products come.
    Lines {
        /// How many more are shown, if there is a limit.
        left: Option<usize>,
        /// Whether the next element of an array is its first.
        first: bool,
    },
    /// Once all products are there.
    Kept,
    /// Product by product, as a document that tells everything of each.
    Document(Box<Document<'a>>),
}

impl Output<'_> {
    /// Lines that were made already, each ending where `ends` says, if there is a limit.
    pub(super) fn bytes(&mut self, bytes: &[u8], ends: &[usize]) {
        let Way::Lines { left, first } = &mut self.way else { return };
        let mut shown = bytes;
        if let Some(left) = left {
            let lines = (*left).min(ends.len());
            *left -= lines;
            shown = lines.checked_sub(1).map_or(&[], |last| &shown[..ends[last].min(shown.len())]);
        }
        if self.format == Format::Json && *first && !shown.is_empty() {
            *first = false;
            shown = &shown[BETWEEN.len() - 1..];
        }
        self.write(shown);
    }

    /// One line, if it is made line by line.
    pub(super) fn line(&mut self, line: &Line, show: &mut Show<'_>) {
        if let (Way::Lines { .. }, Some(form)) = (&self.way, stream(self.format)) {
            let bytes = show.line(form, line);
            self.bytes(&bytes, &[bytes.len()]);
        }
    }

    /// One product, if everything is told of it.
    pub(super) fn product(&mut self, product: &Checked<'_>) {
        if let Way::Document(document) = &mut self.way {
            document.add(product);
        }
    }

    /// Whether nobody reads it any more, or it can no longer be written.
    pub(super) fn is_over(&self) -> bool {
        self.failed.is_some()
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() && !bytes.is_empty() {
            self.failed = match &mut self.target {
                Target::Stream(stream) => stream.write_all(bytes).err(),
                Target::File(_, draft) => draft.write_all(bytes).err(),
            };
        }
    }

    /// Writes what is only known at the end, and puts a file in its place. A reader that has gone away is no error.
    pub(super) fn finish(mut self, kept: &[Line], show: &mut Show<'_>, exit_code: u8) -> anyhow::Result<()> {
        let rest = match std::mem::replace(&mut self.way, Way::Kept) {
            Way::Lines { first, .. } if self.format == Format::Json => {
                if first {
                    b"]\n".to_vec()
                } else {
                    b"\n]\n".to_vec()
                }
            }
            Way::Lines { .. } => show.foot(self.format),
            Way::Kept => [show.all(self.format, kept, self.style)?, show.foot(self.format)].concat(),
            Way::Document(document) => document.finish(exit_code).into_bytes(),
        };
        self.write(&rest);
        let what = match &self.target {
            Target::Stream(_) => "cannot write the result".to_owned(),
            Target::File(path, _) => format!("cannot write `{}`", path.display()),
        };
        let failed = match (self.failed, self.target) {
            (Some(error), Target::Stream(_)) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            (Some(error), _) => Some(error),
            (None, Target::File(_, draft)) => return draft.finish(),
            (None, Target::Stream(stream)) => stream.flush().err().filter(|e| e.kind() != ErrorKind::BrokenPipe),
        };
        failed.map_or(Ok(()), |error| Err(anyhow::Error::new(error).context(what)))
    }
}
