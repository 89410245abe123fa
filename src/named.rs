//! Enums whose variants have names in files, on the command line and in reports: each name is written once.

use std::fmt;

/// A name that stands for none of the things it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    pub(crate) name: String,
    pub(crate) known: Vec<&'static str>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is none of {}", self.name, self.known.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// Whether two names are the same, with `-` or `_` between their words.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let joined = |byte| if byte == b'-' { b'_' } else { byte };
    one.len() == other.len() && one.bytes().map(joined).eq(other.bytes().map(joined))
}

/// Declares an enum with all its variants (`ALL`), their names (`id`, `Display`, in JSON and its schema), the way back
/// (`named`, `FromStr`) and what each means (`about`). A name is found with `-` or `_` between its words.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $id:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $doc])+ $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: [Self; [$($id),+].len()] = [$(Self::$variant),+];

            /// The name used in files and reports.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// What it means, without a full stop.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim().trim_end_matches('.'),)+ }
            }

            /// The one with this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|known| $crate::named::same(known.id(), name))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "enum": Self::ALL.map(Self::id).to_vec()})
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::named::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let unknown = || Self::Err { name: name.to_owned(), known: Self::ALL.map(Self::id).to_vec() };
                Self::named(name).ok_or_else(unknown)
            }
        }
    };
}
pub(crate) use named;
