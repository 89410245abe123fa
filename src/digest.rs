//! What ties a result to the bytes it came from.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// SHA-256 of several parts one after another, in hexadecimal, as `cat … | sha256sum` prints it.
pub(crate) fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    sha.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
