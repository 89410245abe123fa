//! A mapping file and the table it is about.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eligibility_fuzz::mapping(data));
