//! Answers file → [`Answers`], with every problem in one pass; and edits that leave the rest of the file as it is.

use crate::diagram::{PartialAssignment, Truth, Value};
use crate::outcome::Preparation;
use crate::problem::{Code, MAX_PROBLEMS, Place, Problem, Severity, did_you_mean, nearest};
use crate::question::{Answer, Question, folded_header};
use crate::rulebook::{Rulebook, Topic};
use crate::yaml::shape::{self, Keys, Shape, needed, optional};
use crate::yaml::{self, Content, Document, Node};

mod edit;
mod entry;
mod layout;
pub use edit::{Edit, NotEditable, quoted, set};
pub use entry::Entry;
pub(crate) use layout::replaced;

/// The rules that a file was answered against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredAgainst {
    pub id: String,
    pub version: String,
    pub digest: Option<String>,
}

impl AnsweredAgainst {
    /// Whether they are these rules.
    pub fn are(&self, rulebook: &Rulebook) -> bool {
        let same_digest = || self.digest.as_ref().is_none_or(|digest| *digest == rulebook.digest);
        self.id == rulebook.id && self.version == rulebook.version && same_digest()
    }
}

/// The answers about one product, to the questions of one rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub product: String,
    pub organisation: Option<String>,
    pub rules: Option<AnsweredAgainst>,
    /// For each question of the rulebook, `None` where the answer is missing.
    pub entries: Vec<Option<Entry>>,
    /// The place of `answers` in the file, to show for a missing answer.
    pub place: Option<Place>,
}

/// The most characters of the name of a product or an organisation, which reports repeat often.
pub const MAX_NAME: usize = 500;
pub(crate) const SHORTER: &str = "write a shorter one; the note of an answer can be as long as you like";

/// The message about a name that is too long.
pub(crate) fn too_long(name: &str) -> Option<String> {
    // There are never more characters than bytes.
    let length = if name.len() > MAX_NAME { name.chars().count() } else { 0 };
    (length > MAX_NAME).then(|| format!("this name has {length} characters, and can have at most {MAX_NAME}"))
}

static KEYS: Keys = Keys::new(&[
    needed("product", Shape::Text, ""),
    optional("organisation", Shape::Text, ""),
    optional("rules", Shape::Keys(&KEYS_OF_RULES), ""),
    needed("answers", Shape::Other("answers"), ""),
]);
static KEYS_OF_RULES: Keys = Keys::new(&[
    needed("id", Shape::Text, ""),
    needed("version", Shape::Text, ""),
    optional("digest", Shape::Text, ""),
]);

impl Answers {
    pub fn blank(rulebook: &Rulebook, product: &str) -> Self {
        Self {
            product: product.to_owned(),
            organisation: None,
            rules: None,
            entries: vec![None; rulebook.questions.len()],
            place: None,
        }
    }

    pub fn get(&self, question: usize) -> Option<&Entry> {
        self.entries[question].as_ref()
    }

    /// The answers as values of variables. No rule tests texts, so they have none.
    #[doc(hidden)]
    pub fn assignment(&self, rulebook: &Rulebook) -> PartialAssignment {
        let variables = rulebook.diagrams.variables();
        let mut given = variables.unassigned();
        for (question, entry) in self.entries.iter().enumerate() {
            variables.assign(&mut given, question, entry.as_ref().map(|entry| &entry.answer));
        }
        for index in 0..rulebook.topics.len() {
            if let Some(var) = variables.of_topic(index) {
                let prepared = self.preparation(rulebook, &rulebook.topics[index], &given);
                given[var] = Some(Value::from(prepared == Preparation::Prepared));
            }
        }
        given
    }

    /// Whether a topic is prepared. `given` are these answers.
    #[doc(hidden)]
    pub fn preparation(&self, rulebook: &Rulebook, topic: &Topic, given: &PartialAssignment) -> Preparation {
        match rulebook.diagrams.settled(topic.satisfied, given) {
            Some(Truth::No) => Preparation::Absent,
            Some(Truth::Yes) if self.unprepared(topic).next().is_none() => Preparation::Prepared,
            _ => Preparation::Lacking,
        }
    }

    /// The questions of a topic without an answer, or with "not sure".
    #[doc(hidden)]
    pub fn unprepared<'t>(&self, topic: &'t Topic) -> impl Iterator<Item = usize> + use<'_, 't> {
        let sure = |index: &usize| self.get(*index).is_some_and(|entry| entry.answer != Answer::NotSure);
        topic.questions.iter().copied().filter(move |index| !sure(index))
    }
}

/// Reads an answers file, and returns its warnings with it.
/// If any of its problems is an error, all of them are the error.
pub fn parse(name: &str, bytes: &[u8], rulebook: &Rulebook) -> Result<(Answers, Vec<Problem>), Vec<Problem>> {
    parse_tolerating(&[], name, 1, bytes, rulebook)
}

/// The same for a record that begins on this line of its file. The tolerated codes are warnings.
pub fn parse_tolerating(
    tolerated: &[Code],
    name: &str,
    first_line: usize,
    bytes: &[u8],
    rulebook: &Rulebook,
) -> Result<(Answers, Vec<Problem>), Vec<Problem>> {
    let (document, mut problems) = yaml::parse_from(name, first_line, bytes);
    let mut read = match document {
        Some(document) => read(&document, tolerated, rulebook, problems),
        None => {
            hint_at_right_place(&mut problems, rulebook);
            Problem::sort_and_bound(&mut problems);
            Err(problems)
        }
    };
    if yaml::is_in_braces(bytes) {
        let (Ok((_, problems)) | Err(problems)) = &mut read;
        for hint in problems.iter_mut().filter_map(|problem| problem.hint.as_mut()) {
            *hint = yaml::in_json(hint);
        }
    }
    read
}

/// The product and the organisation that a file names, whatever else is wrong with it.
pub fn names(bytes: &[u8]) -> Option<(String, Option<String>)> {
    let (document, _) = yaml::parse("", bytes);
    let document = document?;
    let text = |key: &str| document.root().get(key)?.text().map(str::to_owned);
    Some((text("product")?, text("organisation")))
}

/// The hint about a misplaced key of an entry.
fn hint_for_entry_key(key: &str) -> Option<&'static str> {
    match entry::KEYS.contains(&key) {
        true if key == "answer" => Some("indent it below its question, with nothing after the colon of the question"),
        true => Some(
            "write the answer as `answer: …` in a line of its own below its question, this line below it in the same \
             column, and nothing after the colon of the question",
        ),
        false => None,
    }
}

/// Replaces the hints about known keys in the wrong place: the key tells where its line belongs, its column does not.
fn hint_at_right_place(problems: &mut [Problem], rulebook: &Rulebook) {
    for problem in problems.iter_mut() {
        let Some(place) = problem.place.as_ref() else { continue };
        let (text, key) = (&place.source.text, place.source.text[place.span.clone()].trim_matches('"'));
        let is_question = rulebook.question(key).is_some();
        let misplaced = problem.code == Code::Syntax && text[place.span.end..].starts_with(':');
        let above = text[..place.span.start].trim_end().lines().next_back().unwrap_or_default().trim_start();
        let is_beside = entry::KEYS.iter().any(|part| above.starts_with(part));
        let hint = if problem.code == Code::UnknownKey && is_question {
            Some("this is a question: put it under `answers:`")
        } else if misplaced && is_question && !text.contains("\nanswers:") {
            Some("this is a question: write `answers:` at the beginning of a line, above the first question")
        } else {
            hint_for_entry_key(key).filter(|_| misplaced && !is_beside)
        };
        problem.hint = hint.map(str::to_owned).or(problem.hint.take());
    }
}

/// Reads the document of an answers file.
fn read(
    document: &Document,
    tolerated: &[Code],
    rulebook: &Rulebook,
    mut problems: Vec<Problem>,
) -> Result<(Answers, Vec<Problem>), Vec<Problem>> {
    let root = document.root();
    let mistakes = shape::mistakes(document, &KEYS);
    let sound = mistakes.is_empty();
    problems.extend(mistakes);
    hint_at_right_place(&mut problems, rulebook);
    let entries = match root.get("answers") {
        Some(node) => read_entries(node, rulebook, &mut problems),
        None => vec![None; rulebook.questions.len()],
    };
    let text = |node: Node<'_>, key: &str| node.non_null(key).and_then(Node::text).map(str::to_owned);
    let mut rules = None;
    if let Some(node) = root.non_null("rules").filter(|_| sound) {
        let named = AnsweredAgainst {
            id: text(node, "id").unwrap_or_default(),
            version: text(node, "version").unwrap_or_default(),
            digest: text(node, "digest"),
        };
        problems.extend(other_rules(&named, node, rulebook));
        rules = Some(named);
    }
    for key in ["product", "organisation"] {
        let Some(node) = root.non_null(key).filter(|_| sound) else { continue };
        let name = node.text().unwrap_or_default();
        problems.extend(node.trailing_comment());
        if key == "product" && name.trim().is_empty() {
            let message = format!("the {} has no name", rulebook.subject.one);
            problems.push(Problem::at(Code::EmptyText, node.place(), message).hint("write its name"));
        }
        problems.extend(too_long(name).map(|said| Problem::at(Code::NameTooLong, node.place(), said).hint(SHORTER)));
    }
    for problem in problems.iter_mut().filter(|problem| tolerated.contains(&problem.code)) {
        problem.severity = Severity::Warning;
    }
    Problem::sort_and_bound(&mut problems);
    if !sound || Problem::any_error(&problems) {
        return Err(problems);
    }
    let answers = Answers {
        product: text(root, "product").unwrap_or_default(),
        organisation: text(root, "organisation"),
        rules,
        entries,
        place: root.get("answers").map(Node::key_place),
    };
    Ok((answers, problems))
}

/// A warning if the file was answered against rules other than the current ones.
fn other_rules(named: &AnsweredAgainst, node: Node<'_>, rulebook: &Rulebook) -> Option<Problem> {
    if named.are(rulebook) {
        return None;
    }
    let (message, hint) = if named.id == rulebook.id && named.version == rulebook.version {
        let message = format!("answered against {} {} before it was edited", named.id, named.version);
        (message, "check the answers, then delete `digest`")
    } else {
        let (id, version) = (&rulebook.id, &rulebook.version);
        let message = format!("answered against {} {}, read against {id} {version}", named.id, named.version);
        (message, "check the answers, then change `rules`")
    };
    Some(Problem::at(Code::OtherRules, node.place(), message).hint(hint))
}

/// Reads the entries under `answers`.
pub(crate) fn read_entries(node: Node<'_>, rulebook: &Rulebook, problems: &mut Vec<Problem>) -> Vec<Option<Entry>> {
    let mut entries = vec![None; rulebook.questions.len()];
    match node.content() {
        Content::Mapping(_) => {
            for (id, node) in node.entries() {
                // More would not be reported.
                if problems.len() > MAX_PROBLEMS {
                    break;
                }
                match rulebook.question(id) {
                    Some((index, question)) => entries[index] = entry::read_entry(question, node, problems),
                    None => {
                        let ids = rulebook.questions.iter().map(|question| question.id.as_str());
                        let init = "`init` writes a file with every question";
                        let said = folded_header(id);
                        let asks = |asked: &&Question| folded_header(&asked.prompt).starts_with(&said);
                        let mut asked = rulebook.questions.iter().filter(asks).filter(|_| said.contains(' '));
                        let asked = asked.next().filter(|_| asked.next().is_none());
                        let hint = match asked.map(|asked| asked.id.as_str()).or_else(|| nearest(id, ids)) {
                            Some(near) => did_you_mean(id, near),
                            None => hint_for_entry_key(id).unwrap_or(init).to_owned(),
                        };
                        let problem =
                            Problem::at(Code::UnknownQuestion, node.key_place(), format!("unknown question `{id}`"));
                        problems.push(problem.hint(hint));
                    }
                }
            }
        }
        Content::Null => problems.push(
            Problem::at(Code::NothingAnswered, node.place(), "`answers` has nothing under it")
                .hint("write the answers, or `answers: {}` if there are none yet"),
        ),
        Content::Bool(_) | Content::Number(_) | Content::Text(_) | Content::List(_) => {
            let message = format!("there is {} here, but the answers are needed", node.kind());
            problems.push(
                Problem::at(Code::WrongKind, node.place(), message)
                    .hint("write `question_id: value`, one on each line"),
            );
        }
    }
    entries
}
