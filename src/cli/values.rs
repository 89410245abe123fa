//! Parsers of the values of options.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::lint::LINTS;
use crate::problem::{Code, suggestion};
use crate::report::Format;
use crate::style::clean;

/// A value of an enum whose variants have names, shown by its name and taken with `-` or `_`.
pub(super) fn by_name<T: Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = (&'static str, &'static str)>,
    named: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    let shown = names.into_iter().map(|(id, about)| {
        let aliases = [id.replace('_', "-"), id.replace('-', "_")];
        PossibleValue::new(id).help(about).aliases(aliases.into_iter().filter(|alias| alias != id))
    });
    PossibleValuesParser::new(shown).map(move |name| named(&name).expect("only its names are taken"))
}

/// The formats that a command writes.
pub(super) type Takes = fn(Format) -> bool;

pub(super) fn a_format(takes: Takes) -> impl TypedValueParser<Value = Format> {
    by_name(Format::taken(takes).map(|format| (format.id(), format.about())), Format::named)
}

pub(super) fn format_and_file(takes: Takes) -> impl Fn(&str) -> Result<(Format, PathBuf), String> + Clone {
    move |text| match text.split_once('=') {
        Some((_, "" | "-")) => Err("name a file; standard output takes --format".to_owned()),
        Some((name, file)) => match Format::named(name).filter(|format| takes(*format)) {
            Some(format) => Ok((format, PathBuf::from(file))),
            None => Err(format!("unknown format `{name}`: {}", suggestion(name, Format::taken(takes).map(Format::id)))),
        },
        None => Err("write it as FORMAT=FILE, for example junit=results.xml".to_owned()),
    }
}

pub(super) fn a_lint(text: &str) -> Result<Code, String> {
    let lints = LINTS.iter().map(|(code, _)| code.as_str());
    match text.parse::<Code>() {
        Ok(code) if LINTS.iter().any(|(lint, _)| *lint == code) => Ok(code),
        Ok(code) => Err(format!("{code} is always an error: {}", suggestion("", lints))),
        Err(_) => Err(format!("there is no code `{text}`: {}", suggestion(text, lints))),
    }
}

pub(super) fn id_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.to_owned(), value.to_owned())),
        _ => Err("write it as ID=VALUE, for example question_id=yes".to_owned()),
    }
}

/// The name stands in the SQL as it is, so it must be one that can be shown.
pub(super) fn a_table(text: &str) -> Result<String, String> {
    if clean(text) == text { Ok(text.to_owned()) } else { Err("it has characters that cannot be shown".to_owned()) }
}
