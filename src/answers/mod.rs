//! Answers file → [`Answers`], every problem in one pass; and answers written back without touching the rest.

use crate::diagram::{PartialAssignment, Truth, Value};
use crate::outcome::Preparation;
use crate::problem::{Code, MAX_PROBLEMS, Place, Problem, Severity};
use crate::question::Answer;
use crate::rulebook::{Rulebook, Topic};
use crate::yaml::shape::{self, Keys, Shape, needed, optional};
use crate::yaml::{self, Content, Document, Node};

mod edit;
mod entry;
mod layout;
pub use edit::{Edit, NotEditable, quoted, set};
pub use entry::Entry;
pub(crate) use layout::replaced;

/// The rules a file says it was answered against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredAgainst {
    pub id: String,
    pub version: String,
    /// The digest of their files, if noted.
    pub digest: Option<String>,
}

/// What is known about one product: answers to the questions of one rulebook, and of no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub product: String,
    pub organisation: Option<String>,
    /// Which rules it was answered against.
    pub rules: Option<AnsweredAgainst>,
    /// One for each question of the rulebook, in order; `None` where the answer is missing.
    pub entries: Vec<Option<Entry>>,
    /// Where the answers stand in their file: the place to show for one that is missing.
    pub place: Option<Place>,
}

/// The most characters of the name of a product or an organisation, which every part of a report may repeat.
pub const MAX_NAME: usize = 500;
/// What to do about a longer one.
pub(crate) const SHORTER: &str = "write a shorter one; a note beside an answer may be as long as you like";

/// What is wrong with a name that is too long.
pub(crate) fn too_long(name: &str) -> Option<String> {
    // No name has more characters than bytes.
    let length = if name.len() > MAX_NAME { name.chars().count() } else { 0 };
    (length > MAX_NAME).then(|| format!("this name has {length} characters, and there is room for {MAX_NAME}"))
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
    /// No answer to any of these questions yet.
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

    /// The answers as diagrams read them. No rule tests text, so that it has no part in them.
    #[doc(hidden)]
    pub fn given(&self, rulebook: &Rulebook) -> PartialAssignment {
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
        let fine = rulebook.diagrams.settled(topic.satisfied, given);
        match fine {
            Some(Truth::No) => Preparation::Absent,
            Some(Truth::Yes) if self.lacking(topic).next().is_none() => Preparation::Prepared,
            _ => Preparation::Lacking,
        }
    }

    /// The questions of a topic that are not answered, or answered "not sure".
    #[doc(hidden)]
    pub fn lacking<'t>(&self, topic: &'t Topic) -> impl Iterator<Item = usize> + use<'_, 't> {
        let sure = |index: &usize| self.get(*index).is_some_and(|entry| entry.answer != Answer::NotSure);
        topic.questions.iter().copied().filter(move |index| !sure(index))
    }
}

/// Reads an answers file.
///
/// # Errors
/// Every problem of the file, if any of them is an error. Warnings come back beside the answers.
pub fn parse(name: &str, bytes: &[u8], rulebook: &Rulebook) -> Result<(Answers, Vec<Problem>), Vec<Problem>> {
    parse_tolerating(&[], name, 1, bytes, rulebook)
}

/// Reads an answers file, or a record among others that begins with this line of their file, in which these codes are no
/// errors.
///
/// # Errors
/// As [`parse`].
pub fn parse_tolerating(
    tolerated: &[Code],
    name: &str,
    first_line: usize,
    bytes: &[u8],
    rulebook: &Rulebook,
) -> Result<(Answers, Vec<Problem>), Vec<Problem>> {
    let (document, mut problems) = yaml::parse_from(name, first_line, bytes);
    match document {
        Some(document) => read(&document, tolerated, rulebook, problems),
        None => {
            say_where_it_belongs(&mut problems, rulebook);
            Problem::sort_and_bound(&mut problems);
            Err(problems)
        }
    }
}

/// The product that a file names and who makes it, however much else is wrong with it.
pub fn named(bytes: &[u8]) -> Option<(String, Option<String>)> {
    let (document, _) = yaml::parse("", bytes);
    let document = document?;
    let text = |key: &str| document.root().get(key)?.text().map(str::to_owned);
    Some((text("product")?, text("organisation")))
}

/// Where a key stands that belongs to an answer.
fn beside_the_answer(key: &str) -> Option<&'static str> {
    match entry::PARTS.contains(&key) {
        true if key == "answer" => Some("indent it below its question, with nothing behind the colon of the question"),
        true => Some(
            "write the answer as `answer: …` in a line of its own below its question, this line below it in the same \
             column, and nothing behind the colon of the question",
        ),
        false => None,
    }
}

/// What a key is that an answers file knows elsewhere tells where its line belongs; its column does not.
fn say_where_it_belongs(problems: &mut [Problem], rulebook: &Rulebook) {
    for problem in problems.iter_mut() {
        let Some(place) = problem.place.as_ref() else { continue };
        let (text, key) = (&place.source.text, place.source.text[place.span.clone()].trim_matches('"'));
        let is_question = rulebook.question(key).is_some();
        let misplaced = problem.code == Code::Syntax && text[place.span.end..].starts_with(':');
        let above = text[..place.span.start].trim_end().lines().next_back().unwrap_or_default().trim_start();
        let is_beside = entry::PARTS.iter().any(|part| above.starts_with(part));
        let hint = if problem.code == Code::UnknownKey && is_question {
            Some("this is a question: put it under `answers:`")
        } else if misplaced && is_question && !text.contains("\nanswers:") {
            Some("this is a question: write `answers:` at the beginning of a line of its own above the first of them")
        } else {
            beside_the_answer(key).filter(|_| misplaced && !is_beside)
        };
        problem.hint = hint.map(str::to_owned).or(problem.hint.take());
    }
}

/// Reads a document that is an answers file.
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
    say_where_it_belongs(&mut problems, rulebook);
    let entries = match root.get("answers") {
        Some(node) => entries(node, rulebook, &mut problems),
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
            problems.push(Problem::at(Code::EmptyText, node.place(), "the product has no name").hint("write its name"));
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

/// A warning if the file was answered against other rules than those in use.
fn other_rules(named: &AnsweredAgainst, node: Node<'_>, rulebook: &Rulebook) -> Option<Problem> {
    let same = named.id == rulebook.id
        && named.version == rulebook.version
        && named.digest.as_ref().is_none_or(|digest| *digest == rulebook.digest);
    if same {
        return None;
    }
    let edited = named.id == rulebook.id && named.version == rulebook.version;
    let (message, hint) = if edited {
        let message = format!("answered against {} {} as it was before it was edited", named.id, named.version);
        (message, "look at the answers again, then delete `digest`")
    } else {
        let (id, version) = (&rulebook.id, &rulebook.version);
        let message = format!("answered against {} {}, read against {id} {version}", named.id, named.version);
        (message, "look at the answers again, then change `rules`")
    };
    Some(Problem::at(Code::OtherRules, node.place(), message).hint(hint))
}

/// The answers under `answers`.
pub(crate) fn entries(node: Node<'_>, rulebook: &Rulebook, problems: &mut Vec<Problem>) -> Vec<Option<Entry>> {
    let mut entries = vec![None; rulebook.questions.len()];
    match node.content() {
        Content::Mapping(_) => {
            for (id, node) in node.entries() {
                // Problems past the limit are not reported, so there is no point in looking for them.
                if problems.len() > MAX_PROBLEMS {
                    break;
                }
                match rulebook.question(id) {
                    Some((index, question)) => entries[index] = entry::entry(question, node, problems),
                    None => {
                        let ids = rulebook.questions.iter().map(|question| question.id.as_str());
                        let init = "`init` writes a file with every question";
                        let hint = match crate::problem::nearest(id, ids) {
                            Some(near) => crate::problem::did_you_mean(id, near),
                            None => beside_the_answer(id).unwrap_or(init).to_owned(),
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
            let message = format!("{} stands where the answers are needed", node.kind());
            problems.push(
                Problem::at(Code::WrongKind, node.place(), message).hint("write one `question_id: value` a line"),
            );
        }
    }
    entries
}
