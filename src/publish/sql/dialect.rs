//! What engines write in different ways.

use crate::style::clean;

/// The column that holds every kind of blank.
const BLANKS: &str = "_blanks._all";

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// `DuckDB`
    Duckdb,
    /// `PostgreSQL`
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

    /// What keeps an engine from working out a named part anew wherever it is used.
    pub(super) fn once(self) -> &'static str {
        match self {
            Self::Postgres => "MATERIALIZED ",
            Self::Duckdb | Self::Spark => "",
        }
    }

    /// The text with blanks and `;` between two values as `;;`.
    pub(super) fn apart(self, text: &str) -> String {
        let all = match self {
            Self::Duckdb | Self::Postgres => ", 'g'",
            Self::Spark => "",
        };
        format!("REGEXP_REPLACE({text}, CONCAT('[', {BLANKS}, ';]*;[', {BLANKS}, ';]*'), ';;'{all})")
    }

    /// Every kind of blank, by its number, so that each can be seen.
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

/// The text without blanks at its ends, of whatever kind, as tables are read everywhere.
pub(super) fn trimmed(text: &str) -> String {
    format!("TRIM(BOTH {BLANKS} FROM {text})")
}

/// Text as a comment of one line. Spark goes on with the next line behind a backslash.
pub(super) fn comment(text: &str) -> String {
    let text = clean(text.trim());
    format!("-- {text}{}", if text.ends_with('\\') { " " } else { "" })
}

/// Texts one after another.
pub(super) fn concatenated(texts: &[String]) -> String {
    match texts {
        [] => "''".to_owned(),
        texts => format!("CONCAT({})", texts.join(", ")),
    }
}

/// Where a word stands in a text, 0 if it does not.
pub(super) fn position(word: &str, text: &str) -> String {
    format!("POSITION({} IN {text})", literal(word))
}

pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
