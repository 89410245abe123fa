//! `interview`: questions to a person, an answers file and a report out.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::{INTERRUPTED, INVALID, MAX_WIDTH, Session, set};
use crate::answers::{self, Answers, Target};
use crate::assess::assess;
use crate::assessment::Assessment;
use crate::cli::{Interview as Args, NAME};
use crate::files::{self, STANDARD_INPUT};
use crate::gate::{Judgement, judge};
use crate::interview::{End, Halt, Interview, Plan, Saved, hold, how_to_answer, standing};
use crate::problem::{Code, Problem};
use crate::prompter::{Input, Moves, Prompt, Prompter, Reply, Stop, Words};
use crate::question::{Answer, Section};
use crate::render::{Format, Report, template};
use crate::rulebook::Rulebook;
use crate::style::{Style, clean};
use crate::terminal::{Lines, Menus, Signals};

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<u8> {
    if args.file == Path::new(STANDARD_INPUT) {
        let hint = "name a file; answers that are piped in are typed ones, read line by line";
        return Ok(session.wrong_usage("an interview needs a file to save to", hint));
    }
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    let mut file = AnswersFile::new(&args.file);
    let answers = match file.read(session)? {
        None => Answers::blank(&rulebook, ""),
        Some(bytes) => match answers::parse(&file.name, &bytes, &rulebook) {
            Ok((answers, warnings)) => {
                // The interview deals with other rules itself.
                let warnings: Vec<Problem> =
                    warnings.into_iter().filter(|warning| warning.code != Code::OtherRules).collect();
                session.problems(&warnings, &file.name);
                file.text = String::from_utf8(bytes).ok();
                answers
            }
            Err(problems) => {
                session.problems(&problems, &file.name);
                return Ok(INVALID);
            }
        },
    };
    let mut interview = Interview::new(&rulebook, answers, plan(args));
    match given(args, &rulebook, session) {
        Ok(given) => interview.given = given,
        Err(code) => return Ok(code),
    }
    if args.no_input {
        for (index, answer) in std::mem::take(&mut interview.given) {
            interview.answer(index, answer);
        }
        return Ok(cannot_ask(session, &interview, &file, "--no-input: nothing is asked"));
    }
    // Said before the first question, not after its answer.
    files::Draft::new(&args.file).context("cannot save answers")?;
    let terminal = session.io.terminal;
    let plain = args.plain || terminal.plain || !terminal.stdin || terminal.stderr.is_none();
    let signals = Signals::listen()?;
    let ask = |session: &mut Session<'_>, talk: &mut dyn FnMut(&mut dyn Prompter)| -> Result<()> {
        let style = session.err;
        if plain {
            talk(&mut Lines::new(session.io.stdin, session.io.stderr, style, signals.clone(), true));
        } else {
            talk(&mut Menus::new(style, MAX_WIDTH, signals.clone())?);
        }
        Ok(())
    };
    let mut ended = Ok(End::Quit);
    ask(session, &mut |prompter| ended = converse(&mut interview, prompter, &mut file))?;
    match ended {
        Ok(End::Finished) => {
            let report = Finished::new(&interview, &file, args);
            report.write(args, session)?;
            if terminal.stdout.is_some() && args.output.is_none() {
                let mut kept = Ok(());
                ask(session, &mut |prompter| kept = report.keep(prompter))?;
                if let Err(Stop::Interrupted) = kept {
                    return Ok(INTERRUPTED);
                }
            }
            Ok(report.judgement.passage.exit_code())
        }
        Ok(End::Quit) => {
            session.say("");
            say_wrapped(session, &file.how_to_go_on());
            let assessment = assess(&rulebook, &interview.answers);
            Ok(judge(args.gate, &assessment).passage.exit_code())
        }
        Err(Halt::Stopped(Stop::Interrupted)) => {
            session.say("");
            say_wrapped(session, &format!("Stopped. {}", file.how_to_go_on()));
            Ok(INTERRUPTED)
        }
        Err(Halt::Stopped(Stop::EndOfInput)) => {
            Ok(cannot_ask(session, &interview, &file, "the input ended before the interview did"))
        }
        Err(Halt::Stopped(Stop::Lost(error))) => {
            say_wrapped(session, &file.how_to_go_on());
            Err(anyhow::Error::new(error).context("cannot go on asking"))
        }
        Err(Halt::NotSaved(error)) => Err(error),
    }
}

fn plan(args: &Args) -> Plan {
    let plan = match args.sections.as_slice() {
        [] if args.all => Plan::only(Section::ALL),
        [] => Plan::first(),
        sections => Plan::only(sections.iter().copied()),
    };
    if args.all { plan.in_full() } else { plan }
}

/// The answers of `--set`.
fn given(args: &Args, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Vec<(usize, Answer)>, u8> {
    let mut given: Vec<(usize, Answer)> = Vec::new();
    for (index, answer) in set::read(&args.set, rulebook, session)? {
        let Some(answer) = answer else {
            let id = &rulebook.questions[index].id;
            let hint = format!("write a value; to take an answer away, delete it from {}", args.file.display());
            return Err(session.wrong_usage(&format!("--set {id}=: there is no answer"), &hint));
        };
        given.retain(|(earlier, _)| *earlier != index);
        given.push((index, answer));
    }
    Ok(given)
}

/// Says where the person is, then asks until there is nothing more to ask.
fn converse(
    interview: &mut Interview<'_>,
    prompter: &mut dyn Prompter,
    file: &mut AnswersFile,
) -> Result<End, Halt<anyhow::Error>> {
    let rulebook = interview.rulebook;
    let stop = "Stop whenever you like with Ctrl-C; the same command goes on from there.";
    if file.text.is_some() {
        let title = format!("Going on from {}", file.name);
        prompter.tell(&Words::Heading(title, standing(interview)));
        prompter.tell(&Words::Plain(format!("Each answer is saved as you give it. {stop}")));
    } else {
        prompter.tell(&Words::Heading(rulebook.title.clone(), rulebook.summary.clone()));
        prompter.tell(&Words::Plain(format!("Each answer is saved to {} as you give it. {stop}", file.name)));
    }
    hold(interview, prompter, &mut |saved| file.save(rulebook, saved))
}

/// What the report is made from: the same as `check` makes of the file.
struct Finished<'r> {
    rulebook: &'r Rulebook,
    answers: Answers,
    assessment: Assessment<'r>,
    judgement: Judgement,
}

impl<'r> Finished<'r> {
    fn new(interview: &Interview<'r>, file: &AnswersFile, args: &Args) -> Self {
        let rulebook = interview.rulebook;
        // Read again, so that the report names the places in the file.
        let text = file.text.as_deref().unwrap_or_default();
        let read = answers::parse(&file.name, text.as_bytes(), rulebook).ok();
        let answers = read.map_or_else(|| interview.answers.clone(), |(answers, _)| answers);
        let assessment = assess(rulebook, &answers);
        let judgement = judge(args.gate, &assessment);
        Self { rulebook, answers, assessment, judgement }
    }

    fn render(&self, format: Format, style: Style) -> String {
        let Self { rulebook, answers, assessment, judgement } = self;
        format.render(&Report { rulebook, answers, assessment, judgement, all_reasons: false }, style)
    }

    fn write(&self, args: &Args, session: &mut Session<'_>) -> Result<()> {
        session.say("");
        if let Some(path) = &args.output {
            files::write_whole(path, self.render(args.format, Style::PLAIN).as_bytes())?;
            say_wrapped(session, &format!("Wrote the report to {}.", clean(&path.display().to_string())));
            return Ok(());
        }
        session.result(&self.render(args.format, session.out))
    }

    /// Offers to keep the report in a file. Whoever does not answer has seen it.
    fn keep(&self, prompter: &mut dyn Prompter) -> Result<(), Stop> {
        let prompt = Prompt {
            id: "keep".to_owned(),
            progress: None,
            title: "Save the report as…".into(),
            hint: Some("Type the name of a file, such as report.txt, or report.json for programs.".into()),
            input: Input::OptionalText,
            items: Vec::new(),
            not_sure: false,
            previous: None,
            moves: Moves::default(),
            navigates: false,
        };
        loop {
            let Reply::Answer(Answer::Text(name)) = prompter.ask(&prompt)? else { return Ok(()) };
            let path = Path::new(&name);
            let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
            let text = self.render(if json { Format::Json } else { Format::Text }, Style::PLAIN);
            match files::write_new(path, text.as_bytes()) {
                Ok(()) => {
                    prompter.tell(&Words::Plain(format!("Saved the report as {name}.")));
                    return Ok(());
                }
                Err(error) => prompter.tell(&Words::Plain(format!("Not saved: {error:#}."))),
            }
        }
    }
}

fn say_wrapped(session: &mut Session<'_>, text: &str) {
    let wrapped = session.err.wrap("", text);
    session.say(&wrapped);
}

/// For somebody who cannot be asked: what is missing, and how to give it.
fn cannot_ask(session: &mut Session<'_>, interview: &Interview<'_>, file: &AnswersFile, why: &str) -> u8 {
    let name = clean(&file.name).into_owned();
    let hint = if file.text.is_some() {
        format!("add the missing answers to {name} by hand, or check with --set: {NAME} check {name} --set ID=VALUE")
    } else {
        format!("write a file to fill in: {NAME} init {name}; or give the answers here: {NAME} check --set ID=VALUE")
    };
    if let Words::List(lead, points) = how_to_answer(interview)
        && !points.is_empty()
    {
        session.say(&lead);
        for point in points {
            let line = session.err.wrap("  - ", &clean(&point));
            session.say(&line);
        }
    }
    session.wrong_usage(why, &hint)
}

/// The file that answers are saved to after each one.
struct AnswersFile {
    path: PathBuf,
    name: String,
    /// What was last read from it or written to it. `None` if it was not there.
    text: Option<String>,
}

impl AnswersFile {
    fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), name: files::display_name(path), text: None }
    }

    /// What is in the file, if it is there.
    fn read(&self, session: &mut Session<'_>) -> Result<Option<Vec<u8>>> {
        if files::exists(&self.path) { session.read(&self.path).map(Some) } else { Ok(None) }
    }

    fn save(&mut self, rulebook: &Rulebook, saved: &Saved) -> Result<()> {
        let new = match (&self.text, saved) {
            (None, Saved::Product(product)) => self.fresh(rulebook, product)?,
            (None, Saved::Answer(..) | Saved::Evidence(..) | Saved::Rules) => bail!("there is no file to save to yet"),
            (Some(text), saved) => {
                let target = match saved {
                    Saved::Product(product) => Target::Product(product),
                    Saved::Answer(index, answer) => Target::Answer(*index, Some(answer)),
                    Saved::Evidence(index, evidence) => Target::Evidence(*index, evidence),
                    Saved::Rules => Target::Rules,
                };
                let Ok(edited) = answers::set(text, rulebook, target) else {
                    bail!(
                        "cannot write this answer into `{}` without touching what stands around it; write it by hand: {}",
                        self.name,
                        by_hand(rulebook, saved)
                    );
                };
                edited
            }
        };
        self.still_ours(rulebook, saved)?;
        files::write_whole(&self.path, new.as_bytes())
            .with_context(|| format!("this answer was not saved: {}", by_hand(rulebook, saved)))?;
        self.text = Some(new);
        Ok(())
    }

    /// Refuses to write over what somebody else has written.
    fn still_ours(&self, rulebook: &Rulebook, saved: &Saved) -> Result<()> {
        let there =
            if files::exists(&self.path) { Some(files::read(&self.path, &mut std::io::empty())?) } else { None };
        if there.as_deref() != self.text.as_deref().map(str::as_bytes) {
            bail!(
                "`{}` was changed by somebody else, so this answer was not saved: {}; look at the file, then run the \
                 interview again",
                self.name,
                by_hand(rulebook, saved)
            );
        }
        Ok(())
    }

    /// A new file: a blank one with every question explained, or the least that JSON can say. It names the rules to
    /// the letter, so that an edit of them is noticed.
    fn fresh(&self, rulebook: &Rulebook, product: &str) -> Result<String> {
        let blank = if self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            format!(
                "{{\n  \"product\": {},\n  \"rules\": {{\"id\": \"\", \"version\": \"\"}},\n  \"answers\": {{}}\n}}\n",
                answers::quoted(product)
            )
        } else {
            template::render(rulebook, product)
        };
        answers::set(&blank, rulebook, Target::Rules).map_err(|_| anyhow!("the blank answers file cannot be edited"))
    }

    fn how_to_go_on(&self) -> String {
        if self.text.is_none() {
            return "Nothing has been saved yet.".to_owned();
        }
        let name = clean(&self.name);
        format!("Your answers are in {name}. To go on: {NAME} interview {name}")
    }
}

/// What a person would write into the file themselves.
fn by_hand(rulebook: &Rulebook, saved: &Saved) -> String {
    match saved {
        Saved::Product(product) => format!("product: {product}"),
        Saved::Answer(index, answer) => {
            let question = &rulebook.questions[*index];
            format!("{}: {}", question.id, question.words(answer))
        }
        Saved::Evidence(index, evidence) => {
            format!("{}: evidence: {evidence}", rulebook.questions[*index].id)
        }
        Saved::Rules => format!("rules: {{id: {}, version: {}}}", rulebook.id, rulebook.version),
    }
}
