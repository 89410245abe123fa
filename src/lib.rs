//! A checker for published eligibility criteria.
//!
//! Data flows one way: text → parsed → checked → assessed → rendered → written. The modules are listed from the lowest
//! layer up, and each uses only those above it in this list; `tests/layers.rs` holds them to it.

mod named;

pub mod digest;
pub mod problem;
pub mod style;
pub mod wording;

pub mod yaml;

pub mod outcome;
pub mod question;

pub mod condition;
pub mod diagram;

pub mod rulebook;

pub mod answers;

pub mod assessment;
pub mod prompter;

pub mod assess;
pub mod gate;
pub mod interview;
pub mod lint;
pub mod prove;

pub mod intake;

pub mod files;
pub mod report;
pub mod terminal;
pub mod triage;

pub mod publish;

pub mod cli;
pub mod commands;
