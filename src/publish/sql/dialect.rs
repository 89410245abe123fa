//! The differences between SQL dialects, and helpers for expressions.

use crate::style::clean;

/// The column that holds all blank characters.
const BLANKS: &str = "_blanks._all";

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// DuckDB
    Duckdb,
    /// PostgreSQL
    Postgres,
    /// Apache Spark
    Spark,
}

impl Dialect {
    pub const ALL: [Self; 3] = [Self::Duckdb, Self::Postgres, Self::Spark];

    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Self::Duckdb | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// Keeps an engine from evaluating a common table expression again for each use.
    pub(super) fn materialized(self) -> &'static str {
        match self {
            Self::Postgres => "MATERIALIZED ",
            Self::Duckdb | Self::Spark => "",
        }
    }

    /// The text with any blanks and `;` between two values replaced by `;;`.
    pub(super) fn separated(self, text: &str) -> String {
        let all = match self {
            Self::Duckdb | Self::Postgres => ", 'g'",
            Self::Spark => "",
        };
        format!("REGEXP_REPLACE({text}, CONCAT('[', {BLANKS}, ';]*;[', {BLANKS}, ';]*'), ';;'{all})")
    }

    /// All blank characters, written by their numbers so that they are visible.
    pub(super) fn blanks(self) -> String {
        let blanks = (0..=0xFFFF_u32).filter(|number| char::from_u32(*number).is_some_and(char::is_whitespace));
        match self {
            Self::Duckdb | Self::Postgres => {
                concatenated(&blanks.map(|number| format!("CHR({number})")).collect::<Vec<_>>())
            }
            Self::Spark => {
                let each: Vec<String> = blanks.map(|number| format!("\\u{number:04X}")).collect();
                format!("'{}'", each.concat())
            }
        }
    }

    pub(super) fn text_type(self) -> &'static str {
        match self {
            Self::Duckdb => "VARCHAR",
            Self::Postgres => "TEXT",
            Self::Spark => "STRING",
        }
    }
}

/// The text without blanks at its ends.
pub(super) fn trimmed(text: &str) -> String {
    format!("TRIM(BOTH {BLANKS} FROM {text})")
}

/// A comment of one line. In Spark a backslash at the end would continue it.
pub(super) fn comment(text: &str) -> String {
    let text = clean(text.trim());
    format!("-- {text}{}", if text.ends_with('\\') { " " } else { "" })
}

pub(super) fn concatenated(texts: &[String]) -> String {
    match texts {
        [] => "''".to_owned(),
        texts => format!("CONCAT({})", texts.join(", ")),
    }
}

/// The position of a word in a text; 0 if it is not there.
pub(super) fn position(word: &str, text: &str) -> String {
    format!("POSITION({} IN {text})", literal(word))
}

pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
