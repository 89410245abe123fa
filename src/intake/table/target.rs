//! What columns hold, and what their cells stand for.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnMeaning {
    /// The name of the product.
    Product,
    /// Who makes it.
    Organisation,
    /// The answers to the question with this index.
    Question(usize),
    /// What backs them.
    Evidence(usize),
    /// What people wanted to add to them.
    Note(usize),
}

/// What one text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// These options.
    Options(Vec<usize>),
    /// Nobody knows.
    NotSure,
    /// No answer.
    Missing,
}
