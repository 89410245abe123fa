//! A CSV file for triage.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eligibility_fuzz::csv(data));
