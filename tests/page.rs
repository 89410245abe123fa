//! The exported page: what can be said of it without a browser. `.ci/page` runs its script, `.ci/screens` opens it.

mod support;

use std::path::Path;
use std::{env, fs};

use eligibility::problem::Problem;
use eligibility::rulebook;
use support::invent::{self, Tape};

/// Rules for `.ci/page`, each in a folder of its own.
#[test]
#[ignore = "writes files for .ci/page, which calls it"]
fn writes_invented_rules() {
    let place = env::var("PACKS").expect("PACKS names a folder");
    let mut state: u32 = env::var("SEED").expect("SEED is a number").parse().expect("SEED is a number");
    let mut next = || {
        // A linear congruential generator, of which the upper bits are random enough.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    for pack in 0..60 {
        let numbers: Vec<u32> = (0..200 + 40 * pack).map(|_| next()).collect();
        let files = invent::rules(&mut Tape::new(&numbers));
        let (_, problems) = rulebook::read(&files);
        assert!(!Problem::any_error(&problems), "{}", invent::shown(&files));
        let folder = Path::new(&place).join(format!("{pack}"));
        fs::create_dir_all(&folder).unwrap();
        for (name, bytes) in &files.files {
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}
