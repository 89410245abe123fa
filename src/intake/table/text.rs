//! Decodes text into UTF-8 as it is read, and detects the separator of a table.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::named::named;

named! {
    /// How text is encoded.
    pub enum Encoding {
        /// UTF-8
        Utf8 = "utf-8",
        /// UTF-16, the low byte first
        Utf16Le = "utf-16le",
        /// UTF-16, the high byte first
        Utf16Be = "utf-16be",
        /// Windows-1252, as older programs in western Europe write it
        Windows1252 = "windows-1252",
    }
}

const BUFFER: u64 = 16 << 10;

/// Decodes another encoding into UTF-8.
struct Utf8Reader<R> {
    from: R,
    decoder: Decoder,
    /// Decoded text that was not handed on yet.
    text: Cursor<Vec<u8>>,
    ended: bool,
    encoding: Encoding,
}

/// The same text in UTF-8. The byte order mark of another encoding is left out.
pub fn decode<'a>(from: impl Read + Send + 'a, encoding: Encoding) -> Box<dyn Read + Send + 'a> {
    let decoder = match encoding {
        Encoding::Utf8 => return Box::new(from),
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Windows1252 => WINDOWS_1252,
    };
    let decoder = decoder.new_decoder_with_bom_removal();
    Box::new(Utf8Reader { from, decoder, text: Cursor::default(), ended: false, encoding })
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.text.read(buffer)?;
            if count > 0 || self.ended || buffer.is_empty() {
                return Ok(count);
            }
            let mut bytes = Vec::new();
            (&mut self.from).take(BUFFER).read_to_end(&mut bytes)?;
            self.ended = bytes.is_empty();
            let room = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            let mut text = vec![0; room.unwrap_or(0)];
            let (result, _, written) = self.decoder.decode_to_utf8_without_replacement(&bytes, &mut text, self.ended);
            if let DecoderResult::Malformed(..) = result {
                let message = format!("the text is not {}", self.encoding);
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            text.truncate(written);
            self.text = Cursor::new(text);
        }
    }
}

/// What can separate columns, the likeliest first.
pub const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The separator of the columns, and the length of a first line such as `sep=;` if that says it. Otherwise it is the
/// candidate that is most frequent in the first line, outside quotation marks.
pub fn detect_separator(head: &[u8]) -> (u8, usize) {
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator @ (b',' | b';' | b'|' | b'\t'), rest @ ..] = head {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        if rest[..end].trim_ascii().is_empty() {
            return (*separator, 5 + end);
        }
    }
    let mut counts = SEPARATORS.map(|separator| (separator, 0));
    let mut quoted = false;
    let blank = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    for byte in &head[blank..] {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            byte if !quoted => {
                counts.iter_mut().filter(|(separator, _)| separator == byte).for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
    }
    // Of equal counts `max_by_key` takes the last: that of the likeliest separator, the comma.
    (counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator), 0)
}
