//! The outputs of one run: standard output or a file, and any number of reports, each in its own format.

use std::io::{self, ErrorKind, Write};

use anyhow::Context as _;

use super::formatter::{Formatter, form_of_line};
use crate::files::Draft;
use crate::intake::tally::Tally;
use crate::report::{Checked, Document, Format};
use crate::style::Style;
use crate::triage::{BETWEEN, ProductLine};

/// The result in one format, and its destination.
pub(super) struct Output<'a> {
    pub(super) format: Format,
    pub(super) destination: Destination<'a>,
    pub(super) style: Style,
    pub(super) mode: OutputMode<'a>,
    /// The error that ended writing.
    pub(super) failed: Option<io::Error>,
}

pub(super) enum Destination<'a> {
    Stream(&'a mut (dyn Write + Send)),
    /// A file that is put in place once it is complete.
    File(Draft),
}

/// When and from what an output is built.
pub(super) enum OutputMode<'a> {
    /// From lines, as products are assessed.
    Streamed {
        /// How many more lines may be written.
        left: usize,
        /// Whether no element of the array has been written yet.
        first: bool,
    },
    /// From the lines of all products, at the end.
    Collected,
    /// From whole products, as a document.
    Document(Box<Document<'a>>),
}

impl Output<'_> {
    pub(super) fn is_streamed(&self) -> bool {
        matches!(self.mode, OutputMode::Streamed { .. })
    }

    /// Writes formatted lines.
    pub(super) fn bytes(&mut self, mut bytes: &[u8]) {
        if let OutputMode::Streamed { first, .. } = &mut self.mode
            && self.format == Format::Json
            && !bytes.is_empty()
            && std::mem::take(first)
        {
            bytes = &bytes[BETWEEN.len() - 1..];
        }
        self.write(bytes);
    }

    /// Writes one line, if the output is streamed and the limit allows it.
    pub(super) fn line(&mut self, line: &ProductLine, formatter: &mut Formatter<'_>) {
        let OutputMode::Streamed { left, .. } = &mut self.mode else { return };
        if let Some(form) = form_of_line(self.format).filter(|_| *left > 0) {
            *left -= 1;
            self.bytes(&formatter.line(form, line));
        }
    }

    /// Adds one product, if the output is a document.
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

    /// Writes the rest, and puts a file in place. It is no error if the reader has gone away.
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
