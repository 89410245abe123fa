//! An answers file in YAML.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eligibility_fuzz::answers_yaml(data));
