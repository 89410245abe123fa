//! What is said of tables on the command line and in a mapping file, as one.

use std::path::Path;

use anyhow::Result;

use super::super::{INVALID, Session};
use crate::cli::Tables;
use crate::files;
use crate::intake::table::{CellWords, ColumnMeaning, Mapping, suggestion};
use crate::question::folded;
use crate::rulebook::Rulebook;
use crate::style::clean;
use crate::triage::{InputFile, Shape, sample};

/// What is said of tables, or the exit code once it has been said what is wrong. The command line comes before the file.
pub(super) fn mapping(args: &Tables, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Mapping, u8> {
    let mut mapping = Mapping::default();
    if let Some(path) = &args.mapping {
        let bytes = session.read(path).map_err(|error| session.could_not_run(&error))?;
        let name = path.display().to_string();
        mapping = Mapping::read(&name, &bytes, rulebook).map_err(|problems| {
            session.problems(&problems, &name);
            INVALID
        })?;
    }
    let ignored: Vec<String> = args.ignore_column.iter().map(|header| folded(header)).collect();
    mapping.columns.retain(|(header, _)| !ignored.contains(&folded(header)));
    for (id, header) in &args.columns {
        match ColumnMeaning::named(id, rulebook) {
            Ok(target) => {
                mapping.columns.retain(|(known, is)| known != header && *is != target);
                mapping.columns.push((header.clone(), target));
            }
            Err(hint) => {
                return Err(session.wrong_usage(&format!("--column {id}={header}: unknown question `{id}`"), &hint));
            }
        }
    }
    mapping.keep.extend_from_slice(&args.keep);
    mapping.ignore.extend_from_slice(&args.ignore_column);
    mapping.ignore_others |= args.ignore_other_columns;
    mapping.sheet = args.sheet.clone().or(mapping.sheet);
    mapping.separator = args.separator.or(mapping.separator);
    mapping.encoding = args.encoding.or(mapping.encoding);
    Ok(mapping)
}

/// Writes a mapping file for the first table among the inputs.
pub(super) fn suggest(
    output: Option<&Path>,
    inputs: &[InputFile],
    (mapping, words, rulebook): (&Mapping, &CellWords, &Rulebook),
    session: &mut Session<'_>,
) -> Result<u8> {
    let Some(input) = inputs.iter().find(|input| input.shape == Shape::Rows) else {
        return Ok(session.wrong_usage("there is no table to write a mapping for", "name a CSV file or a workbook"));
    };
    let sampled = if input.path == Path::new(files::STANDARD_INPUT) {
        sample(input, &mut *session.io.stdin, mapping)
    } else {
        sample(input, files::open(&input.path, true)?, mapping)
    };
    let sample = match sampled {
        Ok(sample) => sample,
        Err(lines) => {
            for line in &lines {
                session.say(&format!("error: {}", clean(line)));
            }
            return Ok(INVALID);
        }
    };
    let text = suggestion(&sample, mapping, words, rulebook);
    match output {
        Some(path) => {
            if session.refuses(inputs.iter().map(|input| &input.path), &[path]) {
                return Ok(INVALID);
            }
            files::write_report(path, text.as_bytes(), &session.kept)?;
        }
        None => session.result(&text)?,
    }
    Ok(0)
}
