//! Where the result goes: standard output or a file, and the reports beside it, each in a format of its own.

use std::io::{self, ErrorKind, Write};

use anyhow::Context as _;

use super::formatter::{Formatter, form_of_line};
use crate::files::Draft;
use crate::intake::tally::Tally;
use crate::report::{Checked, Document, Format};
use crate::style::Style;
use crate::triage::{BETWEEN, ProductLine};

/// One form of the result, and where it goes.
pub(super) struct Output<'a> {
    pub(super) format: Format,
    pub(super) destination: Destination<'a>,
    pub(super) style: Style,
    pub(super) mode: OutputMode<'a>,
    /// What kept it from being written.
    pub(super) failed: Option<io::Error>,
}

pub(super) enum Destination<'a> {
    Stream(&'a mut (dyn Write + Send)),
    /// A file, which takes its place once it is whole.
    File(Draft),
}

/// How it is made.
pub(super) enum OutputMode<'a> {
    /// Line by line, as products come.
    Streamed {
        /// How many more are shown, if there is a limit.
        left: Option<usize>,
        /// Whether the next element of an array is its first.
        first: bool,
    },
    /// Once all products are there.
    Collected,
    /// Product by product, as a document that tells everything of each.
    Document(Box<Document<'a>>),
}

impl Output<'_> {
    /// Lines that were made already, each ending where `ends` says, if there is a limit.
    pub(super) fn bytes(&mut self, bytes: &[u8], ends: &[usize]) {
        let OutputMode::Streamed { left, first } = &mut self.mode else { return };
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
    pub(super) fn line(&mut self, line: &ProductLine, formatter: &mut Formatter<'_>) {
        if let (OutputMode::Streamed { .. }, Some(form)) = (&self.mode, form_of_line(self.format)) {
            let bytes = formatter.line(form, line);
            self.bytes(&bytes, &[bytes.len()]);
        }
    }

    /// One product, if everything is told of it.
    pub(super) fn product(&mut self, product: &Checked<'_>) {
        if let OutputMode::Document(document) = &mut self.mode {
            document.add(product);
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() && !bytes.is_empty() {
            self.failed = match &mut self.destination {
                Destination::Stream(stream) => stream.write_all(bytes).err(),
                Destination::File(draft) => draft.write_all(bytes).err(),
            };
        }
    }

    /// Writes what is only known at the end, and puts a file in its place. A reader that has gone away is no error.
    pub(super) fn finish(
        mut self,
        (kept, tally, exit_code): (&[ProductLine], &Tally, u8),
        formatter: &mut Formatter<'_>,
    ) -> anyhow::Result<()> {
        let rest = match std::mem::replace(&mut self.mode, OutputMode::Collected) {
            OutputMode::Streamed { first, .. } if self.format == Format::Json => {
                if first { b"]\n" as &[u8] } else { b"\n]\n" }.to_vec()
            }
            OutputMode::Streamed { .. } => formatter.foot(self.format),
            OutputMode::Collected => {
                [formatter.all(self.format, kept, tally, self.style)?, formatter.foot(self.format)].concat()
            }
            OutputMode::Document(document) => document.finish(exit_code).into_bytes(),
        };
        self.write(&rest);
        let (written, what) = match (self.destination, self.failed) {
            (Destination::File(draft), None) => return draft.finish(),
            (Destination::File(draft), Some(error)) => (Err(error), draft.context()),
            (Destination::Stream(stream), None) => (stream.flush(), "cannot write the result".to_owned()),
            (Destination::Stream(_), Some(error)) => (Err(error), "cannot write the result".to_owned()),
        };
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.context(what),
        }
    }
}
