//! Answers on the command line.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eligibility_fuzz::set(data));
