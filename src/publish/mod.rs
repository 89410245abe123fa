//! Documents generated from rules: rule book, explanations, graph, SQL, page, schemas, blank answers file, differences.

pub mod difference;
pub mod explain;
pub mod graph;
pub mod page;
mod phrases;
pub mod rule_book;
pub mod schema;
pub mod sql;
pub mod template;
