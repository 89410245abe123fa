//! What is said of tables on the command line and in a mapping file, as one.

use super::super::{INVALID, Session};
use crate::cli::Tables;
use crate::intake::table::{Mapping, Target};
use crate::rulebook::Rulebook;

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
    for (id, header) in &args.columns {
        match Target::named(id, rulebook) {
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
