//! The shape of a file as tables of keys. Files are checked against them in one pass, and schemas are generated from
//! them.

use super::{Content, Document, Node};
use crate::named::same;
use crate::problem::{Code, MAX_PROBLEMS, Problem, suggestion};

pub(crate) struct Keys {
    /// The name of its definition in schemas.
    pub(crate) name: &'static str,
    /// Its description in schemas.
    pub(crate) about: &'static str,
    pub(crate) own: &'static [Key],
    /// Keys that several mappings have in common.
    pub(crate) shared: &'static [Key],
}

pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) needed: bool,
    /// Its description in schemas.
    pub(crate) about: &'static str,
}

/// What a key takes. Some shapes differ in the schema alone: here they are texts, whose content is checked later.
pub(crate) enum Shape {
    Text,
    /// A text that fits into a row of a report.
    Short,
    Id,
    /// The value of an option. Readers of YAML 1.1 take `yes` and `no` for truth values.
    OptionValue,
    OneOf(fn() -> Vec<&'static str>),
    /// An id listed in this definition of the schema.
    IdOf(&'static str),
    Flag,
    /// `true`, because the key says nothing otherwise.
    OnlyTrue,
    /// A whole number up to this one.
    Number(u64),
    List(&'static Shape),
    Keys(&'static Keys),
    /// A text, or a mapping that keeps what the source says apart from our reading of it.
    TextOr(&'static Keys),
    /// A text for each of some options, which are checked later.
    TextByOption,
    /// As in this definition of the schema. Checked later.
    Other(&'static str),
}

impl Keys {
    /// A mapping without a definition of its own in schemas.
    pub(crate) const fn new(own: &'static [Key]) -> Self {
        Self { name: "", about: "", own, shared: &[] }
    }

    pub(crate) const fn of(self, own: &'static [Key]) -> Self {
        Self { own, ..self }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.own.iter().chain(self.shared)
    }
}

pub(crate) const fn needed(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, needed: true, about }
}

pub(crate) const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, needed: false, about }
}

/// Unknown keys, missing keys, and values of the wrong kind.
pub(crate) fn mistakes(document: &Document, keys: &Keys) -> Vec<Problem> {
    let (root, mut found) = (document.root(), Vec::new());
    if let Content::Mapping(_) = root.content() {
        check_keys(root, keys, &mut found);
    } else {
        let message = format!("there is {} here, but a mapping is needed", root.kind());
        let key = keys.all().next().map_or("key", |key| key.name);
        let hint = format!("begin with `{key}: …`");
        found.push(Problem::at(Code::WrongKind, root.place(), message).hint(hint));
    }
    found
}

fn check_keys(mapping: Node<'_>, keys: &Keys, found: &mut Vec<Problem>) {
    for (written, value) in mapping.entries() {
        // More would not be reported, and finding them takes time.
        if found.len() > MAX_PROBLEMS {
            return;
        }
        // Of two spellings of one key, with `-` and with `_`, one is unknown.
        let is_only = |key: &Key| mapping.get(key.name).is_some_and(|it| it.is(value));
        let means = |key: &&Key| key.name == written || same(key.name, written) && is_only(key);
        match keys.all().find(means) {
            // The same as no key at all. An empty list is written `[]`.
            Some(Key { needed: false, shape, .. }) if value.is_null() && !matches!(shape, Shape::List(_)) => {}
            Some(key) => check_value(value, &key.shape, key.needed, found),
            None => {
                let hint = suggestion(&written.replace('-', "_"), keys.all().map(|key| key.name).collect::<Vec<_>>());
                let message = format!("unknown key `{written}`");
                found.push(Problem::at(Code::UnknownKey, value.key_place(), message).hint(hint));
            }
        }
    }
    for Key { name, .. } in keys.all().filter(|key| key.needed && mapping.get(key.name).is_none()) {
        let problem = Problem::at(Code::MissingKey, mapping.place(), format!("the key `{name}` is missing"));
        found.push(problem.hint(format!("add `{name}: …`")));
    }
}

/// Reports a value of the wrong kind. One that is `required` cannot just be deleted.
fn check_value(node: Node<'_>, shape: &Shape, required: bool, found: &mut Vec<Problem>) {
    let (needed, hint) = match (shape, node.content()) {
        (Shape::Other(_), _) | (Shape::Flag | Shape::OnlyTrue, Content::Bool(_)) => return,
        (Shape::Keys(keys) | Shape::TextOr(keys), Content::Mapping(_)) => return check_keys(node, keys, found),
        (Shape::TextByOption, Content::Mapping(_)) => {
            return node.entries().for_each(|(_, text)| check_value(text, &Shape::Text, false, found));
        }
        (Shape::List(of), Content::List(_)) => {
            for item in node.items() {
                if found.len() > MAX_PROBLEMS {
                    return;
                }
                check_value(item, of, false, found);
            }
            return;
        }
        (Shape::Number(most), Content::Number(Some(number))) => {
            if number > most {
                found.push(Problem::at(Code::WrongKind, node.place(), "this number is too small or too large"));
            }
            return;
        }
        (Shape::Flag | Shape::OnlyTrue, _) => ("true or false", "write `true` or `false`".to_owned()),
        (Shape::Number(_), _) => ("a whole number", "write a whole number in digits, such as 2".to_owned()),
        (Shape::List(_), Content::Mapping(_)) => ("a list", "put `- ` in front of each item".to_owned()),
        (Shape::List(_), _) => ("a list", "put it in square brackets".to_owned()),
        (Shape::Keys(keys), _) => {
            let names: Vec<String> = keys.all().map(|key| format!("`{}`", key.name)).collect();
            ("a mapping", format!("write its keys here, each with its value: {}", names.join(", ")))
        }
        (Shape::TextByOption, _) => ("a mapping", "write its keys here, each with its value".to_owned()),
        (_, Content::Text(_)) => return,
        _ => ("text", node.hint_for_text()),
    };
    let hint = match node.content() {
        Content::Null if required => "write it after the colon".to_owned(),
        Content::Null => "write it here, or delete the line".to_owned(),
        _ => hint,
    };
    let message = format!("there is {} here, but {needed} is needed", node.kind());
    found.push(Problem::at(Code::WrongKind, node.place(), message).hint(hint));
}

#[cfg(test)]
mod tests {
    use super::*;

    static INNER: Keys = Keys::new(&[needed("list", Shape::List(&Shape::Flag), "")]);
    static OUTER: Keys = Keys {
        shared: &[needed("anything", Shape::Other(""), "")],
        ..Keys::new(&[
            optional("a_word", Shape::Text, ""),
            optional("small", Shape::Number(255), ""),
            optional("inner", Shape::Keys(&INNER), ""),
        ])
    };

    #[test]
    fn every_mistake_of_shape_is_reported_at_its_place() {
        let text = "a-word: 1\na_word: [1]\nsmall: 300\ninner:\n  list: [true, x, {}, 1.5, ~]\n";
        let document = crate::yaml::parse("f", text.as_bytes()).0.expect("sound YAML");
        let line = |problem: Problem| {
            let place = problem.place.expect("a place");
            format!("{place} {}: {} ({})", problem.code, problem.message, problem.hint.unwrap_or_default())
        };
        assert_eq!(
            mistakes(&document, &OUTER).into_iter().map(line).collect::<Vec<_>>(),
            [
                "f:1:1 F010: unknown key `a-word` (did you mean `a_word`?)",
                "f:2:9 F011: there is a list here, but text is needed (write one text in its place: `\"1\"`)",
                "f:3:8 F011: this number is too small or too large ()",
                "f:5:16 F011: there is text here, but true or false is needed (write `true` or `false`)",
                "f:5:19 F011: there is a mapping here, but true or false is needed (write `true` or `false`)",
                "f:5:23 F011: there is a number here, but true or false is needed (write `true` or `false`)",
                "f:5:28 F011: there is nothing here, but true or false is needed (write it here, or delete the line)",
                "f:1:1 F012: the key `anything` is missing (add `anything: …`)",
            ]
        );
        for sound in ["a-word: x\nsmall: 255\ninner: {list: []}\nanything: [1]\n", "a_word:\nanything:\n"] {
            let document = crate::yaml::parse("f", sound.as_bytes()).0.expect("sound YAML");
            assert_eq!(mistakes(&document, &OUTER), [], "{sound}");
        }
    }
}
