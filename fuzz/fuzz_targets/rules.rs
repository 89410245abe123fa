//! A file of rules, put in the place of one of a sound pack.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eligibility_fuzz::rules(data));
