//! Scans the rules that are built in, so that no start of the program has to.

use std::path::Path;
use std::{env, fs, io};

#[path = "src/yaml/events.rs"]
#[allow(dead_code, reason = "it is the program that recalls")]
mod events;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/yaml/events.rs");
    let out = env::var_os("OUT_DIR").map(|out| Path::new(&out).to_owned()).unwrap_or_default();
    for entry in fs::read_dir("rules")? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            // A file that is not text is read, and its problem told, like any other that cannot be scanned.
            let text = fs::read_to_string(&path).unwrap_or_default();
            fs::write(out.join(name).with_extension("events"), events::keep(&text))?;
        }
    }
    Ok(())
}
