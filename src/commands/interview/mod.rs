//! `interview`: asks questions, writes an answers file, and reports.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use self::file::AnswersFile;
use super::answers_files::{self, Reader};
use super::session::MAX_WIDTH;
use super::{INTERRUPTED, INVALID, Session};
use crate::answers::Answers;
use crate::assess::assess;
use crate::cli::{InterviewArgs as Args, NAME};
use crate::files::{self, STANDARD_INPUT};
use crate::gate::judge;
use crate::intake::{Checked, Input, Judging};
use crate::interview::{End, Halt, Interview, Plan, before_you_start, hold, how_to_answer, standing};
use crate::problem::{Code, Problem};
use crate::prompter::{Message, Prompt, Prompter, Reply, ReplyKind, Stop};
use crate::question::{Answer, Section};
use crate::report::{Extent, Format, headline};
use crate::rulebook::Rulebook;
use crate::style::{Style, clean, typed};
use crate::terminal::{KeyPrompter, LinePrompter, Signals};

mod another;
mod file;

const READER: Reader = Reader { command: "interview", triage_does: true };

/// The file if none is named.
const FILE: &str = "answers.yaml";
/// How long a terminal may take to process Ctrl-C.
const AFTER_CTRL_C: Duration = Duration::from_millis(20);

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<u8> {
    let path = args.file.as_deref().unwrap_or(Path::new(FILE));
    if path == Path::new(STANDARD_INPUT) {
        let hint = "name a file; answers that are piped in are typed ones, read line by line";
        return Ok(session.wrong_usage("an interview needs a file to save to", hint));
    }
    let rulebook = session.rulebook()?;
    let written: Vec<&Path> = args.written.output.iter().map(AsRef::as_ref).collect();
    session.protect([path], &written)?;
    let format = session.format(args.written.format, args.written.output.as_deref(), Format::is_of_one)?;
    let mut file = AnswersFile::new(path);
    let answers = match file.read(session)? {
        None => Answers::blank(&rulebook, ""),
        Some(bytes) => match answers_files::read(path, &bytes, READER, &rulebook) {
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
    interview.preset = preset(args, &rulebook, session)?;
    if args.no_input {
        for (index, answer) in std::mem::take(&mut interview.preset) {
            interview.answer(index, answer);
        }
        return Ok(cannot_ask(session, &interview, &file, "--no-input: nothing is asked"));
    }
    // Tried before the first question is asked, not after it is answered.
    files::Draft::of_file(path).context("cannot save answers")?;
    let signals = Signals::listen()?;
    let ended = ask(args, session, &signals, |prompter| converse(&mut interview, prompter, &mut file, args))?;
    match ended {
        Ok(End::Finished) => {
            let checked = checked(&interview, &file, args);
            let extent = Extent::asked(args.written.full);
            session.say("");
            if let Some(path) = &args.written.output {
                let report = format.render(extent, &checked, Style::PLAIN);
                files::write_report(path, report.as_bytes(), &session.protected)?;
                say_wrapped(session, &format!("Wrote the report to {}.", clean(&path.display().to_string())));
            } else {
                session.result(&format.render(extent, &checked, session.out))?;
                if session.io.terminal.stdout.is_some()
                    && let Err(Stop::Interrupted) =
                        ask(args, session, &signals, |prompter| offer_to_save(&checked, extent, prompter))?
                {
                    return Ok(INTERRUPTED);
                }
            }
            Ok(checked.exit_code)
        }
        Ok(End::Quit) => {
            session.say("");
            say_how_to_go_on(session, "", &file);
            let assessment = assess(&rulebook, &interview.answers);
            Ok(judge(args.gate, &assessment).passage.exit_code())
        }
        Err(Halt::Stopped(Stop::EndOfInput)) if !session.io.terminal.stdin => {
            Ok(cannot_ask(session, &interview, &file, "the input ended before the interview did"))
        }
        // Ctrl-D at a terminal is how some people leave a program.
        Err(Halt::Stopped(Stop::Interrupted | Stop::EndOfInput)) => {
            if is_plain(args, session) {
                // The terminal signals Ctrl-C before it throws away what was written: what is written then may be lost.
                std::thread::sleep(AFTER_CTRL_C);
            }
            session.say("");
            say_how_to_go_on(session, "Stopped. ", &file);
            Ok(INTERRUPTED)
        }
        Err(Halt::Stopped(Stop::Lost(error))) => {
            say_how_to_go_on(session, "", &file);
            Err(anyhow::Error::new(error).context("cannot go on asking"))
        }
        Err(Halt::NotSaved(error)) => Err(error),
    }
}

/// Whether questions are asked line by line.
fn is_plain(args: &Args, session: &Session<'_>) -> bool {
    let terminal = session.io.terminal;
    args.plain || terminal.plain || !terminal.stdin || terminal.stderr.is_none()
}

fn ask<T>(
    args: &Args,
    session: &mut Session<'_>,
    signals: &Signals,
    talk: impl FnOnce(&mut dyn Prompter) -> T,
) -> Result<T> {
    let (style, signals) = (session.err, signals.clone());
    if is_plain(args, session) {
        return Ok(talk(&mut LinePrompter::new(session.io.stdin, session.io.stderr, style, signals)));
    }
    let mut prompter = KeyPrompter::new(style, MAX_WIDTH, signals)?;
    let done = talk(&mut prompter);
    // The window may have another width by now.
    session.err.width = prompter.style().width;
    if session.io.terminal.stdout.is_some() {
        session.out.width = session.err.width;
    }
    Ok(done)
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
fn preset(args: &Args, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Vec<(usize, Answer)>> {
    let mut given: Vec<(usize, Answer)> = Vec::new();
    for (index, answer) in session.set(&args.set, rulebook)? {
        let Some(answer) = answer else {
            let id = &rulebook.questions[index].id;
            let file = args.file.as_deref().unwrap_or(Path::new(FILE)).display();
            let hint = format!("write a value; to take an answer away, delete it from {file}");
            return Err(session.refused(&format!("--set {id}=: there is no answer"), &hint));
        };
        given.retain(|(earlier, _)| *earlier != index);
        given.push((index, answer));
    }
    Ok(given)
}

/// Introduces or resumes the interview, then holds the conversation.
fn converse(
    interview: &mut Interview<'_>,
    prompter: &mut dyn Prompter,
    file: &mut AnswersFile,
    args: &Args,
) -> Result<End, Halt<anyhow::Error>> {
    let rulebook = interview.rulebook;
    let mut begins = file.text.is_none();
    if !begins {
        prompter.tell(&Message::Heading(format!("Going on from {}", file.name), standing(interview)));
        let stop = "Stop whenever you like with Ctrl-C; the same command goes on from there.";
        prompter.tell(&Message::Plain(format!("Each answer is saved as you give it. {stop}")));
        // Whoever names a file means it.
        if args.file.is_none() {
            match another::is_another(interview, prompter, file, args.written.output.as_deref())? {
                Some(another) => begins = another,
                None => return Ok(End::Quit),
            }
        }
    }
    if begins {
        prompter.tell(&Message::Heading(rulebook.title.clone(), rulebook.summary.clone()));
        prompter.tell(&before_you_start(interview, &file.name));
    }
    hold(interview, prompter, &mut |saved| file.save(rulebook, saved))
}

/// The result that `check` gives for the file.
fn checked<'r>(interview: &Interview<'r>, file: &AnswersFile, args: &Args) -> Checked<'r> {
    let judging = Judging { gate: args.gate, ..Judging::new(interview.rulebook) };
    let input = Input { name: file.name.clone(), ..Input::default() };
    // Read again, so that the report names the places in the file.
    let text = file.text.as_deref().unwrap_or_default();
    let read = judging.document(input.clone(), 1, text.as_bytes());
    match read.report() {
        Some(_) => read,
        None => judging.answers(input, interview.answers.clone(), Vec::new()),
    }
}

/// Offers to save the report as a file.
fn offer_to_save(checked: &Checked<'_>, extent: Extent, prompter: &mut dyn Prompter) -> Result<(), Stop> {
    let prompt = Prompt {
        // The prompt scrolls the report up, so its headline is repeated.
        progress: checked.report().map(|report| headline(report, checked.exit_code)),
        hint: Some(names().into()),
        ..Prompt::new("save", "Save the report as…", ReplyKind::OptionalText)
    };
    loop {
        let Reply::Answer(Answer::Text(name)) = prompter.ask(&prompt)? else { return Ok(()) };
        let path = Path::new(&name);
        let format = match Format::of_file(path, Format::is_of_one) {
            Ok(format) => format,
            Err(endings) => {
                prompter.tell(&Message::Plain(format!("Not saved: the name names no format; {endings}.")));
                continue;
            }
        };
        match files::write_new(path, format.render(extent, checked, Style::PLAIN).as_bytes()) {
            Ok(()) => {
                prompter.tell(&Message::Plain(format!("Saved the report as {name}.")));
                return Ok(());
            }
            Err(error) => prompter.tell(&Message::Plain(format!("Not saved: {error:#}."))),
        }
    }
}

/// Examples of file names for a report.
fn names() -> String {
    let ending = |format: Format| format.ending().unwrap_or_default();
    let to_send = ending(Format::to_send());
    format!("Type the name of a file, such as report.{to_send}, or report.{} for programs.", ending(Format::Json))
}

fn say_wrapped(session: &mut Session<'_>, text: &str) {
    let wrapped = session.err.wrap("", text);
    session.say(&wrapped);
}

/// Says how to resume. The command has a line of its own, unwrapped, so that it can be copied.
fn say_how_to_go_on(session: &mut Session<'_>, lead: &str, file: &AnswersFile) {
    let (saved, command) = file.how_to_go_on();
    say_wrapped(session, &format!("{lead}{saved}"));
    if let Some(command) = command {
        session.say(&format!("  {command}"));
    }
}

/// Where no one can be asked: lists the missing answers and how to give them.
fn cannot_ask(session: &mut Session<'_>, interview: &Interview<'_>, file: &AnswersFile, why: &str) -> u8 {
    let (name, typed) = (clean(&file.name).into_owned(), typed(&file.name));
    let missing = how_to_answer(interview);
    let hint = if file.text.is_none() {
        format!("write a file to fill in: {NAME} init {typed}; or give the answers here: {NAME} check --set ID=VALUE")
    } else if missing.is_empty() {
        format!("nothing that matters is missing; for the result: {NAME} check {typed}")
    } else {
        format!("add the missing answers to {name} by hand, or check with --set: {NAME} check {typed} --set ID=VALUE")
    };
    if !missing.is_empty() {
        session.say("These answers are missing:");
    }
    for answer in missing {
        let line = session.err.wrap("  - ", &clean(&answer));
        session.say(&line);
    }
    session.wrong_usage(why, &hint)
}
