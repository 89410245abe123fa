//! The stable codes of problems, with the texts of `explain`.

use std::fmt;
use std::str::FromStr;

use crate::named::{UnknownName, named};

named! {
    /// Whether a problem stops the work.
    pub enum Severity {
        /// The file cannot be used as it is.
        Error = "error",
        /// The file is used, but a person should know.
        Warning = "warning",
    }
}

/// Declares each code once: variant, printed code, severity, title, explanation, a wrong and a right example.
macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $title:literal $explanation:literal wrong $wrong:literal right $right:literal)*) => {
        /// The kind of a problem: `F` files, `A` answers, `R` rules. A code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $title] $variant,)* }

        /// Every code, in order.
        pub const CODES: &[Code] = &[$(Code::$variant,)*];

        impl Code {
            /// As printed, for example `A004`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }

            /// A small file with the problem.
            pub fn wrong(self) -> &'static str {
                match self { $(Self::$variant => $wrong,)* }
            }

            /// The same file without it.
            pub fn right(self) -> &'static str {
                match self { $(Self::$variant => $right,)* }
            }
        }
    };
}

codes! {
    NotUtf8 "F001" Error "The file is not UTF-8 text"
        "Files are read as UTF-8. Save the file again with the encoding set to UTF-8. In a spreadsheet, choose \"CSV UTF-8\"."
        wrong "product: Caf\\xE9   (saved as Latin-1)"
        right "product: Café      (saved as UTF-8)"
    TooLarge "F002" Error "The file is too large"
        "An answers or rules file is a few kilobytes. Larger than the limit means that it is not what it should be, so it is not read any further."
        wrong "a file of 100 megabytes"
        right "a file under 4 mebibytes"
    Empty "F003" Error "The file is empty"
        "There is nothing in the file but blank lines and comments. An empty file never counts as a pass. Use `init` to write a blank answers file."
        wrong "# nothing here"
        right "product: Example\nanswers:\n  question_id: yes"
    Syntax "F004" Error "The file is not valid YAML, JSON or CSV"
        "The text breaks the rules of YAML at the place shown. Look for a missing space after a colon, a tab used as indentation, or a quotation mark that is not closed."
        wrong "product: \"Example"
        right "product: \"Example\""
    SecondDocument "F005" Error "The file holds more than one document"
        "A line of three hyphens starts a new document. Keep one set of answers in one file."
        wrong "product: One\n---\nproduct: Two"
        right "product: One"
    DuplicateKey "F006" Error "A key stands twice in the same place"
        "Only one of the two could count, and which one would be a guess. Delete one of them. Both places are shown."
        wrong "answers:\n  season: summer\n  season: winter"
        right "answers:\n  season: summer"
    Unsupported "F007" Error "The file is, or has in it, something that is not read here"
        "An answers file is text in UTF-8: YAML or JSON. Tables are for `triage`. Documents, pictures and text in UTF-16 or UTF-32 are not read. In YAML, anchors, aliases and tags (`&name`, `*name`, `!tag`) make a file mean something other than what it shows. Write the value out. If the text itself begins with one of these signs, put it in quotation marks."
        wrong "product: &name Example"
        right "product: Example"
    TooComplex "F008" Error "The file is nested too deeply or has too many parts"
        "Answers and rules are a few levels deep. A file past the limit is not read any further."
        wrong "[[[[[[[[ … 10,000 levels"
        right "up to 64 levels and 200,000 values"
    KeyNotText "F009" Error "A key is not plain text"
        "What stands before a colon must be one word or text, not a list, a mapping, a number or nothing."
        wrong "? [a, b]\n: value"
        right "a: value"
    UnknownKey "F010" Error "A key is not known here"
        "The key is not one that can stand in this place, so its value would be lost. The nearest known key is shown, or all of them."
        wrong "produkt: Example"
        right "product: Example"
    WrongKind "F011" Error "A value is of the wrong kind"
        "There is a list, a mapping, a text or a number where something else is needed."
        wrong "product: [Example]"
        right "product: Example"
    MissingKey "F012" Error "A key is missing"
        "This key is needed here."
        wrong "answers: {}"
        right "product: Example\nanswers: {}"
    UnknownWord "F013" Error "A word is not one of those allowed here"
        "Only certain words can stand in this place. The nearest is shown, or all of them."
        wrong "kind: yesno"
        right "kind: yes_no"
    CommentInText "F014" Warning "A comment begins where a text seems to go on"
        "A blank and `#` begin a comment, so what stands behind them is no part of the text. If it is meant to be, put the text in quotation marks. If it is a comment, put two blanks in front of it."
        wrong "label: Nothing # at all"
        right "label: \"Nothing # at all\""
    UnknownQuestion "A001" Error "There is no such question"
        "The id is not one of the questions of the rules in use, so the answer would be lost. `explain` with an id describes a question."
        wrong "answers:\n  opne_to_all: yes"
        right "answers:\n  open_to_all: yes"
    UnknownValue "A002" Error "The answer is not one of those the question offers"
        "Write one of the question's own values. `explain` with the question's id lists them."
        wrong "answers:\n  season: sumer"
        right "answers:\n  season: summer"
    WrongAnswerKind "A003" Error "The answer is of the wrong kind"
        "A question with one answer takes one value, a question with several takes a list in square brackets, and text that looks like a number or a date needs quotation marks."
        wrong "answers:\n  season: [summer]"
        right "answers:\n  season: summer"
    ConflictingValues "A004" Error "These values cannot stand together"
        "A value stands twice, or a value such as `none` stands beside others."
        wrong "answers:\n  colours: [none, red]"
        right "answers:\n  colours: [red]"
    NothingAnswered "A005" Error "`answers` has nothing under it"
        "An answers file without a mapping under `answers` was probably cut short. An empty mapping, `answers: {}`, says that nothing is answered yet."
        wrong "product: Example\nanswers:"
        right "product: Example\nanswers: {}"
    EmptyText "A006" Error "A text is empty"
        "Leave out the line, or write nothing after the colon, for an answer that is missing."
        wrong "product: \"\""
        right "product: Example"
    OtherRules "A007" Warning "The file was answered against other rules"
        "The `rules` key of the file names other rules, or another version, than those in use. The answers are read as they stand. Look at them again, then change the version in the file."
        wrong "rules: {id: some_rules, version: 0.9.0}"
        right "rules: {id: some_rules, version: 1.0.0}"
    UnneededAnswer "A008" Warning "The answer is to a question that is not asked"
        "Other answers of the file settle that this question is not asked, so the answer counts for nothing. One of the two may be a mistake. Can be chosen with `--deny`, `--warn` and `--allow`."
        wrong "answers:\n  land_held_by: owned\n  long_lease: yes"
        right "answers:\n  land_held_by: owned"
    NoEvidence "A009" Warning "The answer stands without evidence"
        "The rules say what evidence helps with this answer. Nothing is said of it unless it is asked for with `--warn` or `--deny`."
        wrong "answers:\n  long_lease: yes"
        right "answers:\n  long_lease: {answer: yes, evidence: Lease of 2 February}"
    RulesNotNamed "A010" Warning "The file does not say which rules it was answered against"
        "Without it nobody can tell whether the questions still mean what they meant. Nothing is said of it unless it is asked for with `--warn`, `--deny` or `--locked`."
        wrong "product: Example\nanswers: {}"
        right "product: Example\nrules: {id: some_rules, version: 1.0.0}\nanswers: {}"
    UnknownDetail "A011" Error "A key beside an answer is not known"
        "Beside an answer only `evidence` and `note` can stand, so what is written under another key is read by nobody. The nearest known key is shown. If you keep more beside your answers on purpose, choose `--warn` or `--allow`."
        wrong "long_lease: {answer: yes, evidense: Lease of 2 February}"
        right "long_lease: {answer: yes, evidence: Lease of 2 February}"
    Contradiction "A012" Warning "Two answers cannot both be true"
        "The rules know answers that contradict each other, such as no contract, and the contract as evidence. The result stands as it is. Mend the answer that is wrong."
        wrong "answers:\n  long_lease: no\n  lease_evidence: lease"
        right "answers:\n  long_lease: yes\n  lease_evidence: lease"
    NothingChosen "A013" Error "The list is empty"
        "A question that offers no answer such as `none` needs at least one of its values. Leave the answer out if it is missing."
        wrong "answers:\n  colours: []"
        right "answers:\n  colours: [red]"
    NameTooLong "A014" Error "A name is too long"
        "The name of a product or an organisation stands in many places of a report, so it may have 500 characters."
        wrong "product: a description of a thousand words"
        right "product: Example"
    FileMissing "R001" Error "The rules folder lacks a file"
        "A rules folder holds a fixed set of files. The README lists them."
        wrong "a folder without `questions.yaml`"
        right "a folder with `questions.yaml`"
    FileUnknown "R002" Error "The rules folder holds a file that nothing reads"
        "A file with another name would be left out without a word, and so would one that an editor saved as `fit.yaml.txt`. Rename it, or move it out of the folder."
        wrong "rules/criterion.yaml"
        right "rules/criteria.yaml"
    DuplicateId "R003" Error "Two things have the same id"
        "Ids are unique over the whole rules folder, so that `explain` and the reports can name one thing only. Both places are shown."
        wrong "- id: first\n- id: first"
        right "- id: first\n- id: second"
    BadId "R004" Error "An id is not well formed"
        "An id has lower case letters, digits and underscores, begins with a letter, and is not `all`, `any` or `not`."
        wrong "id: My Question"
        right "id: my_question"
    UnknownId "R005" Error "There is nothing with this id"
        "The id names no question, section, source or case of these rules. The nearest is shown, or all of them."
        wrong "when: {seson: summer}"
        right "when: {season: summer}"
    UnknownOption "R006" Error "The question does not offer this value"
        "A condition names a value that the question can never have, so it could never hold."
        wrong "when: {season: sumer}"
        right "when: {season: summer}"
    BadCondition "R007" Error "The condition cannot be read"
        "A condition is a mapping. Each line is a question with its value or values, or `all`, `any` or `not`. It needs at least one line, and cannot test a text."
        wrong "when: live"
        right "when: {season: summer}"
    BadQuestion "R008" Error "The question's kind and options do not fit"
        "`choice` and `choices` need at least two options and at most 64, each with a label. `yes_no` may describe `yes` and `no` only. `text` has none. `none: true` belongs to one option of `choices`, `reads_as` to options of `choice`. An option of `choices` that is called `none` without it is a warning."
        wrong "kind: choice\noptions: []"
        right "kind: yes_no"
    Blank "R009" Error "A text or list is blank"
        "Reports and proofs rely on it, so it cannot be blank."
        wrong "title: \"\""
        right "title: Is free to use"
    Decides "R010" Error "It is not clear what decides the criterion"
        "A criterion has either `met_when` with `otherwise`, or `decided_by: scenarios`. At most one criterion is decided by the scenarios, and scenarios need one."
        wrong "- id: first\n  title: First"
        right "- id: first\n  met_when: {season: summer}\n  otherwise: not_met"
    MessageMissing "R011" Error "A status that can happen has nothing to say"
        "`says` needs a text for every status that some answers can lead to."
        wrong "says: {met: Good.}"
        right "says: {met: Good., not_met: Not so good.}"
    Overlap "R012" Error "Two scenarios match the same answers"
        "No answers may match two scenarios. Those that match both are shown. Narrow one of the conditions."
        wrong "two scenarios with `when: {season: summer}`"
        right "`when: {season: summer}` and `when: {season: winter}`"
    Gap "R013" Error "Some answers match no scenario"
        "Together the scenarios cover all answers. Some that match none are shown. Widen a condition or add a scenario; let the last say `otherwise: true` only if its words are true of these answers."
        wrong "one scenario, `when: {season: summer}`"
        right "a second scenario, `when: {season: winter}`"
    TooIntricate "R014" Error "The rules are too intricate to be worked out exactly"
        "The decision would need more steps than the limit. Simplify the conditions, or split the rules."
        wrong "hundreds of questions in one criterion"
        right "a criterion about a few questions"
    Order "R015" Error "Something is out of order"
        "Sections come in their fixed order, and questions in the order of their sections, because they are asked in that order. A version is numbers with points between them, and a question cannot have `changed` in one that is still to come. As long as no question has `changed`, another version of the rules is a warning."
        wrong "a `fit` question before an `eligibility` question"
        right "all `eligibility` questions first"
    NeverSo "R016" Error "Something can never come out one way"
        "A criterion that can never be met, or never be unmet, decides nothing. The same goes for a scenario that no answers lead to, a finding that never or always holds, criteria that cannot be met together, blockers of which one always holds, and a contradiction that never holds or rests on one answer. Look for a condition that is too narrow, too wide, or tests the wrong question."
        wrong "met_when: {open: [yes, no]}   (any answer)"
        right "met_when: {open: yes}"
    DeadCondition "R017" Warning "A part of a condition makes no difference"
        "Whatever the answers, the rule says the same with this part always holding, or never holding, or without this value; or a word stands in a list twice, or `any` has one part only, so that all of its tests must hold. It misleads whoever reads the rule. Delete it, or mend it."
        wrong "any:\n  - {open: yes}\n  - {open: yes, heated: yes}"
        right "open: yes"
    DeadQuestion "R018" Error "Nothing depends on a question"
        "No condition tests the question and no topic needs it, so people would answer it for nothing."
        wrong "a question that no rule names"
        right "a condition or a topic that uses it"
    HiddenQuestion "R019" Error "A question that is not asked can matter"
        "`ask_when` hides the question where it can still decide a result. Answers that show it are given."
        wrong "ask_when: {open: yes}, while a criterion tests it for everybody"
        right "no `ask_when`"
    OutOfOrder "R020" Error "A better answer makes something worse"
        "The question says `best_first: true`, so each option must serve the applicant at least as well as those after it. Answers that show otherwise are given."
        wrong "options `free`, `paid`, where only `paid` meets the criterion"
        right "options `paid`, `free`, or no `best_first`"
    Departs "R021" Error "A scenario goes against the words of its criterion"
        "A published scenario makes the criterion met where `words_met_when` does not hold, or the other way round. If the source itself says so, say why under `departs_because`."
        wrong "a scenario with `criterion: to_discuss` for answers that the words meet"
        right "the same with `departs_because: …`"
    SourceIncomplete "R022" Error "An interpretation does not say why"
        "A rule that the source does not say word for word has `basis: interpretation`, and a `reasoning` that says why the source is read so."
        wrong "basis: interpretation"
        right "basis: interpretation\nreasoning: The guide speaks of gardens only, and an orchard is one."
    UnknownReference "R023" Error "A text names an id that is nothing"
        "What stands between backticks in a text is the id of something in these rules."
        wrong "says: See `opning_hours`."
        right "says: See `opening_hours`."
    CaseFails "R024" Error "A case does not come out as expected"
        "The rules say something else for these answers. Mend the rules, or the case."
        wrong "expect: {outcome: meets_criteria}, for answers that do not"
        right "expect: {outcome: does_not_meet}"
    CaseEmpty "R025" Error "A case asserts nothing"
        "Without an expectation a case can never fail. Say what should come out."
        wrong "expect: {}"
        right "expect: {outcome: incomplete}"
    NoCases "R026" Error "There are no cases"
        "Rules without cases are not tested. Put YAML files with `cases:` in the folder `tests` inside the rules folder."
        wrong "a rules folder without `tests`"
        right "tests/cases.yaml"
    NotCovered "R027" Error "The cases leave something untested"
        "No case shows this. `rules test --generate-missing` writes the smallest cases that do."
        wrong "no case in which a criterion is not met"
        right "one more case"
    ReadingUnmarked "R028" Warning "A reading of ours stands under the name of the source"
        "The rule says that the source says it, and gives a reasoning of ours. Put what is ours into `reading`, with its `reasoning`, in the text it belongs to."
        wrong "basis: published\nreasoning: The page does not say so."
        right "says: {says: It is open., reading: At weekends too., reasoning: The page does not say so.}"
    TooLong "R029" Error "A text is too long for its place"
        "A `short` text has a row of the report to itself, so it has at most 75 characters. Other texts have at most 2,000 and ids 200, and what a report on one product repeats of questions and answers has room for 8 mebibytes."
        wrong "short: a long sentence that would not fit into a row"
        right "short: Fits into a row."
    SameNumber "R030" Error "Two rules have the same number"
        "Reports name criteria, scenarios and topics by the numbers that they have in their source, so no two of a kind can have the same. Both places are shown."
        wrong "number: 4\nnumber: 4"
        right "number: 4\nnumber: 5"
    SameWords "R031" Error "Two prompts, labels or titles read the same"
        "In tables a question is known by its prompt and an answer by its label, whatever the case, blanks, hyphens, quotation marks, a number in front, or `?`, `:` and `*` at the end. Two that differ in nothing else cannot be told apart. Both places are shown. A label that is the number of another option in a list is a warning. Reports list sections, criteria, scenarios, findings, topics and obligations by their titles, and head groups with those of outcomes, so no two of a kind can have one title, unless their numbers differ."
        wrong "- label: Not open\n- label: not-open:"
        right "- label: Not open\n- label: Open by appointment"
    NeverTold "R032" Warning "A text can never be told"
        "The condition of a note, a next step, a fact or a contradiction can hold, but never where the text would be told: a note whose scenario excludes it, or a next step after an outcome that excludes it. The same goes for what a criterion or an obligation says for a status that it can never have. Mend the condition, or delete the text."
        wrong "- id: open_plot\n  when: {open: yes}\n  notes:\n    - when: {open: no}"
        right "- id: open_plot\n  when: {open: yes}\n  notes:\n    - when: {shared: yes}"
    NoAddress "R033" Warning "An address is none"
        "The `url` of a source begins with `https://` or `http://`, names a host, and has no blanks. Reports make links of such addresses only."
        wrong "url: www.example.org/guide"
        right "url: https://www.example.org/guide"
    SameCondition "R034" Warning "Two rules of a kind always come out the same"
        "Two criteria, findings, topics, obligations, contradictions or notes of one rule are decided by the same condition, or by two that come to the same. One was probably copied, and its condition forgotten. Both places are shown."
        wrong "- id: first\n  met_when: {open: yes}\n- id: second\n  met_when: {open: yes}"
        right "- id: first\n  met_when: {open: yes}\n- id: second\n  met_when: {heated: yes}"
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Code {
    type Err = UnknownName;

    /// Case does not matter.
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = CODES.iter().map(|code| code.as_str());
        let found = CODES.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownName { name: name.to_owned(), known: known.collect() })
    }
}
