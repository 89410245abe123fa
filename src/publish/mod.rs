//! What is made of rules: the rule book, explanations, the graph, SQL, schemas, the blank answers file, and what differs
//! between two versions.

pub mod difference;
pub mod explain;
pub mod graph;
pub mod page;
mod phrases;
pub mod rule_book;
pub mod schema;
pub mod sql;
pub mod template;
