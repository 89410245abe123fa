//! Scans the built-in rules and computes their digest, so that no start of the program has to.

use std::path::Path;
use std::{env, fs, io};

#[path = "src/digest.rs"]
mod digest;
#[path = "src/yaml/events.rs"]
#[allow(dead_code, reason = "only the program decodes")]
mod events;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/yaml/events.rs");
    println!("cargo::rerun-if-changed=src/digest.rs");
    let out = env::var_os("OUT_DIR").map(|out| Path::new(&out).to_owned()).unwrap_or_default();
    let mut paths = fs::read_dir("rules")?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let files = paths.iter().map(fs::read).collect::<io::Result<Vec<_>>>()?;
    fs::write(out.join("digest"), digest::sha256(files.iter().map(Vec::as_slice)))?;
    for path in paths {
        if let Some(name) = path.file_name() {
            // A file that is not text is reported by the program, like any other that cannot be scanned.
            let text = fs::read_to_string(&path).unwrap_or_default();
            fs::write(out.join(name).with_extension("events"), events::encode(&text))?;
        }
    }
    Ok(())
}
