//! Parsers for the values of options, and which options do not go together.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, Id};

use crate::lint::LINTS;
use crate::problem::{Code, suggestion};
use crate::prove::WARNINGS;
use crate::report::Format;
use crate::rulebook::Outcome;
use crate::style::clean;

const ALL_WARNINGS: &str = "warnings";

/// A variant of a `named!` enum. Help shows its name; `-` and `_` are both accepted.
pub(super) fn by_name<T: Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = (&'static str, &'static str)>,
    named: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    let shown = names.into_iter().map(|(id, about)| {
        let aliases = [id.replace('_', "-"), id.replace('-', "_")];
        PossibleValue::new(id).help(about).aliases(aliases.into_iter().filter(|alias| alias != id))
    });
    PossibleValuesParser::new(shown).map(move |name| named(&name).expect("clap accepts only these names"))
}

/// An outcome that makes the program fail: any but the best.
pub(super) fn a_failing_outcome() -> impl TypedValueParser<Value = Outcome> {
    let outcomes = [
        (Outcome::NeedsDiscussion, "Exit code 3"),
        (Outcome::DoesNotMeet, "Exit code 4"),
        (Outcome::Incomplete, "Exit code 5"),
    ];
    by_name(outcomes.map(|(outcome, about)| (outcome.id(), about)), Outcome::named)
}

pub(super) fn a_format(supports: fn(Format) -> bool) -> impl TypedValueParser<Value = Format> {
    by_name(Format::supported(supports).map(|format| (format.id(), format.about())), Format::named)
}

pub(super) fn format_and_file(
    supports: fn(Format) -> bool,
) -> impl Fn(&str) -> Result<(Format, PathBuf), String> + Clone {
    move |text| match text.split_once('=') {
        Some((_, "" | "-")) => Err("name a file; standard output takes --format".to_owned()),
        Some((name, file)) => match Format::named(name).filter(|format| supports(*format)) {
            Some(format) => Ok((format, PathBuf::from(file))),
            None => Err(format!(
                "unknown format `{name}`: {}",
                suggestion(name, Format::supported(supports).map(Format::id))
            )),
        },
        None => Err("write it as FORMAT=FILE, for example junit=results.xml".to_owned()),
    }
}

pub(super) fn a_lint(text: &str) -> Result<Code, String> {
    let lints = LINTS.iter().map(|(code, _)| code.as_str());
    match text.to_ascii_uppercase().parse::<Code>() {
        Ok(code) if LINTS.iter().any(|(lint, _)| *lint == code) => Ok(code),
        Ok(code) if WARNINGS.contains(&code) => Err(format!("only `rules check --deny` takes {code}")),
        Ok(code) => Err(format!("{code} is always an error: {}", suggestion("", lints))),
        Err(_) => Err(format!("there is no code `{text}`: {}", suggestion(text, lints))),
    }
}

/// The warnings about rules that have a code, or all of them.
pub(super) fn some_warnings(text: &str) -> Result<&'static [Code], String> {
    match WARNINGS.iter().position(|code| code.as_str().eq_ignore_ascii_case(text)) {
        Some(index) => Ok(&WARNINGS[index..=index]),
        None if text == ALL_WARNINGS => Ok(&WARNINGS),
        None => {
            let known = std::iter::once(ALL_WARNINGS).chain(WARNINGS.iter().map(|code| code.as_str()));
            Err(format!("`rules check` gives no warning `{text}`: {}", suggestion(text, known)))
        }
    }
}

/// Says which warnings `rules check --deny` takes.
pub(super) fn about_denied() -> String {
    let codes = WARNINGS.map(Code::as_str).join(", ");
    format!(
        "Treat warnings with these codes as errors ({codes}), or all with `{ALL_WARNINGS}`. Separate several with commas"
    )
}

pub(super) fn a_percentage(text: &str) -> Result<u8, String> {
    let found = text.parse().ok().filter(|percent| *percent <= 100);
    found.ok_or_else(|| "write a whole number from 0 to 100".to_owned())
}

pub(super) fn id_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.to_owned(), value.to_owned())),
        _ => Err("write it as ID=VALUE, for example question_id=yes".to_owned()),
    }
}

/// A table name. It goes into the SQL as it is, so it must not have characters that cannot be shown.
pub(super) fn a_table(text: &str) -> Result<String, String> {
    match text {
        _ if clean(text) != text => Err("it has characters that cannot be shown".to_owned()),
        _ if text.trim().is_empty() => Err("it is blank".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// Refuses `--suggest-mapping` beside any option but those that say what is read, and how: no product is assessed.
pub(super) fn suggesting_alone(triage: Command) -> Command {
    let reads = ["paths", "input_format", "output"];
    let groups: Vec<_> =
        triage.get_groups().filter(|group| ["Tables", "Links"].contains(&group.get_id().as_str())).collect();
    let is_read =
        |id: &Id| reads.contains(&id.as_str()) || groups.iter().any(|group| group.get_args().any(|arg| arg == id));
    let others: Vec<Id> = triage.get_arguments().map(Arg::get_id).filter(|id| !is_read(id)).cloned().collect();
    triage.mut_arg("suggest_mapping", |suggest| suggest.conflicts_with_all(others))
}
