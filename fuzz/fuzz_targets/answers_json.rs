//! Answers in JSON: a file, and lines of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eligibility_fuzz::answers_json(data));
