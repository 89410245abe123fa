//! How tables are to be read, from the command line and a mapping file; and a first draft of a mapping file.

use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::Result;

use crate::cli::Tables;
use crate::commands::{INVALID, Session};
use crate::files;
use crate::intake::table::{CellWords, ColumnMeaning, Mapping, TableFormat, suggested_mapping};
use crate::question::folded_header;
use crate::rulebook::Rulebook;
use crate::style::{clean, typed};
use crate::triage::{InputFile, InputShape, sample};

/// How tables are read: as each mapping file says or, without any, as the command line says alone.
pub(super) fn table_formats(args: &Tables, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Vec<TableFormat>> {
    let mut formats = Vec::new();
    for path in &args.mappings {
        let (bytes, name) = (session.read(path)?, path.display().to_string());
        let mapping = session.valid(Mapping::read(&name, &bytes, rulebook), &name)?;
        formats.push((Some(name), overridden(mapping, args, rulebook, session)?));
    }
    if formats.is_empty() {
        formats.push((None, overridden(Mapping::default(), args, rulebook, session)?));
    }
    let format = |(name, mapping): (Option<String>, Mapping)| {
        let words = CellWords::new(rulebook, &mapping);
        TableFormat { name, mapping, words }
    };
    Ok(formats.into_iter().map(format).collect())
}

/// The headers of the columns that are carried into the result: a result has the same columns, whichever form a product
/// came in.
pub(super) fn carried(formats: &[TableFormat]) -> Vec<String> {
    let mut carried: Vec<String> = Vec::new();
    for header in formats.iter().flat_map(|format| &format.mapping.keep) {
        if !carried.iter().any(|known| folded_header(known) == folded_header(header)) {
            carried.push(header.clone());
        }
    }
    carried
}

/// A mapping with what the command line says instead.
fn overridden(mut mapping: Mapping, args: &Tables, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Mapping> {
    let ignored: Vec<String> = args.ignore_column.iter().map(|header| folded_header(header)).collect();
    mapping.columns.retain(|(header, _)| !ignored.contains(&folded_header(header)));
    mapping.keep.retain(|header| !ignored.contains(&folded_header(header)));
    for (id, header) in &args.columns {
        match ColumnMeaning::named(id, rulebook) {
            Ok(meaning) => mapping.typed_columns.push((header.clone(), meaning)),
            Err(hint) => {
                return Err(session.usage_error(&format!("--column {id}={header}: unknown question `{id}`"), &hint));
            }
        }
    }
    mapping.keep.extend_from_slice(&args.keep);
    mapping.ignore.extend_from_slice(&args.ignore_column);
    mapping.ignore_others |= args.ignore_other_columns;
    mapping.sheet = args.sheet.clone().or(mapping.sheet);
    mapping.header_row = args.header_row.or(mapping.header_row);
    mapping.separator = args.separator.or(mapping.separator);
    mapping.encoding = args.encoding.or(mapping.encoding);
    Ok(mapping)
}

/// Writes a mapping file for the first table among the inputs.
pub(super) fn suggest(
    output: Option<&Path>,
    inputs: &[InputFile],
    head: Vec<u8>,
    format: &TableFormat,
    rulebook: &Rulebook,
    session: &mut Session<'_>,
) -> Result<u8> {
    let Some(input) = inputs.iter().find(|input| input.shape == InputShape::Rows) else {
        return Err(session.usage_error("there is no table to write a mapping for", "name a CSV file or a workbook"));
    };
    let sampled = if input.path == Path::new(files::STANDARD_INPUT) {
        sample(input, Cursor::new(head).chain(&mut *session.io.stdin), format)
    } else {
        sample(input, files::open(&input.path)?, format)
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
    let text = suggested_mapping(&sample, &format.mapping, &format.words, rulebook);
    session.protect(inputs.iter().map(|input| &input.path), output.as_slice())?;
    // What is there may have been looked at and changed.
    if let Some(path) = output.filter(|path| files::exists(path) && files::refuse_special_file(path).is_ok()) {
        let path = path.display().to_string();
        let message = format!("`{path}` already exists");
        let hint = format!("name another file; add --mapping {} to keep what this one says", typed(&path));
        return Err(session.usage_error(&message, &hint));
    }
    session.write(output, &text)?;
    Ok(0)
}
