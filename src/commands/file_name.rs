//! Names of files: made of the name of a product, safe on any system; and typed at a prompt.

use std::env;
use std::path::PathBuf;

/// The longest file name, without its ending.
const MAX_NAME: usize = 60;
/// Names of devices on Windows, with any ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A file name of lower-case letters, digits and hyphens, without an ending.
pub(super) fn file_name(product: &str) -> String {
    let mut name = String::new();
    for c in product.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= MAX_NAME {
            break;
        }
    }
    let name = name.trim_end_matches('-');
    let port = name.len() == 4 && (name.starts_with("com") || name.starts_with("lpt"));
    match name {
        "" => "product".to_owned(),
        name if port || DEVICES.contains(&name) => format!("product-{name}"),
        name => name.to_owned(),
    }
}

/// The path that was typed at a prompt, where no shell replaces `~`.
pub(super) fn typed_path(name: &str) -> PathBuf {
    let (folder, rest) = name.split_once('/').unwrap_or((name, ""));
    let home = env::home_dir().filter(|_| folder == "~");
    home.map_or_else(|| name.into(), |home| home.join(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        for (product, name) in [
            ("Example Repeat Prescriptions", "example-repeat-prescriptions"),
            ("../../etc/passwd", "etc-passwd"),
            ("..", "product"),
            ("医", "product"),
            ("CON", "product-con"),
            ("com1", "product-com1"),
            ("-rf *", "rf"),
            ("a\u{202e}b\0c", "a-b-c"),
        ] {
            assert_eq!(file_name(product), name, "{product:?}");
        }
        assert_eq!(file_name(&"x".repeat(500)).len(), MAX_NAME);
    }
}
