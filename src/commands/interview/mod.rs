//! `interview`: asks questions, writes an answers file, and reports.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Error, Result};

use self::file::AnswersFile;
use super::answers_files::{self, Caller};
use super::file_name::typed_path;
use super::session::MAX_WIDTH;
use super::{INTERRUPTED, Session};
use crate::answers::Answers;
use crate::assess::assess;
use crate::cli::{InterviewArgs as Args, NAME};
use crate::files::{self, STANDARD_INPUT};
use crate::gate::judge;
use crate::intake::{Checked, Input, Judging};
use crate::interview::{End, Halt, Interview, Plan, asked_all_again, before_you_start, hold, how_to_answer, standing};
use crate::problem::Code;
use crate::prompter::{Message, Prompt, Prompter, Reply, ReplyKind, Stop};
use crate::publish::template::no_name;
use crate::question::{Answer, Section};
use crate::report::{Extent, Format, headline};
use crate::rulebook::Rulebook;
use crate::style::{Style, clean, typed};
use crate::terminal::{KeyPrompter, LinePrompter, Signals};

mod another;
mod file;

const CALLER: Caller = Caller { command: "interview", suggests_triage: true };

/// The file if none is named.
const FILE: &str = "answers.yaml";
/// How long a terminal may take to process Ctrl-C.
const AFTER_CTRL_C: Duration = Duration::from_millis(20);

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<u8> {
    let path = args.file.as_deref().unwrap_or(Path::new(FILE));
    if path == Path::new(STANDARD_INPUT) {
        let hint = "name a file; you can pipe answers in, one on each line, as you would type them";
        return Err(session.usage_error("an interview needs a file to save to", hint));
    }
    let rulebook = session.rulebook()?;
    session.require_gate(args.gate, &rulebook)?;
    let written: Vec<&Path> = args.written.output.iter().map(AsRef::as_ref).collect();
    session.protect([path], &written)?;
    let format = session.output_format(args.written.format, args.written.output.as_deref(), Format::is_for_one)?;
    let mut file = AnswersFile::new(path);
    let answers = match file.read(session)? {
        None => Answers::blank(&rulebook, ""),
        Some(bytes) => {
            let (mut answers, mut warnings) = answers_files::read(path, &bytes, CALLER, &rulebook, session)?;
            // The conversation deals with answers to other rules.
            warnings.retain(|warning| warning.code != Code::OtherRules);
            session.report_problems(&warnings, &file.name);
            file.text = String::from_utf8(bytes).ok();
            // It is asked for, as in a new file.
            if answers.product == no_name(&rulebook) {
                answers.product.clear();
            }
            answers
        }
    };
    let mut interview = Interview::new(&rulebook, answers, plan(args));
    interview.preset = preset(args, &rulebook, session)?;
    if args.no_input {
        // Without a file there is nothing to save them to: they are listed as missing.
        if file.text.is_some() {
            for (index, answer) in std::mem::take(&mut interview.preset) {
                let gone = interview.save_answer(index, &answer, &mut |edit| file.save(&rulebook, edit))?;
                if let Some(gone) = gone {
                    session.say_wrapped("", &clean(&gone));
                }
            }
        }
        return Err(cannot_ask(session, &interview, &file, "--no-input: nothing is asked"));
    }
    // Whether the file can be written is found out before the first question, not after the first answer.
    files::Draft::for_file(path).context("cannot save answers")?;
    let signals = Signals::listen()?;
    match ask(args, session, &signals, |prompter| converse(&mut interview, prompter, &mut file, args))? {
        Ok(End::Finished) => write_report(&checked(&interview, &file, args), format, args, &signals, session),
        Ok(End::Quit) => {
            session.say("");
            say_how_to_go_on(session, "", &interview, &file);
            let assessment = assess(&rulebook, &interview.answers);
            Ok(judge(args.gate, &assessment).passage.exit_code())
        }
        Err(Halt::Stopped(Stop::EndOfInput)) if !session.io.terminal.stdin => {
            Err(cannot_ask(session, &interview, &file, "the input ended before the interview did"))
        }
        // Some people leave a program with Ctrl-D.
        Err(Halt::Stopped(Stop::Interrupted | Stop::EndOfInput)) => {
            if is_plain(args, session) {
                // On Ctrl-C a terminal first signals and then discards pending output, which could be this message.
                std::thread::sleep(AFTER_CTRL_C);
            }
            session.say("");
            say_how_to_go_on(session, "Stopped. ", &interview, &file);
            Ok(INTERRUPTED)
        }
        Err(Halt::Stopped(Stop::Lost(error))) => {
            say_how_to_go_on(session, "", &interview, &file);
            Err(Error::new(error).context("cannot go on asking"))
        }
        Err(Halt::NotSaved(error)) => Err(error),
    }
}

/// Writes the report, and offers to save one that is shown on a terminal.
fn write_report(
    checked: &Checked<'_>,
    format: Format,
    args: &Args,
    signals: &Signals,
    session: &mut Session<'_>,
) -> Result<u8> {
    let extent = Extent::of_flag(args.written.full);
    session.say("");
    if let Some(path) = &args.written.output {
        let report = format.render(extent, checked, Style::PLAIN);
        files::write_report(path, report.as_bytes(), &session.protected)?;
        session.say_wrapped("", &format!("Wrote the report to {}.", clean(&path.display().to_string())));
        return Ok(checked.exit_code);
    }
    session.print(&format.render(extent, checked, session.out))?;
    let offer = |prompter: &mut dyn Prompter| offer_to_save(checked, extent, prompter);
    if session.io.terminal.stdout.is_some()
        && let Err(Stop::Interrupted) = ask(args, session, signals, offer)?
    {
        return Ok(INTERRUPTED);
    }
    Ok(checked.exit_code)
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
    conversation: impl FnOnce(&mut dyn Prompter) -> T,
) -> Result<T> {
    let (style, signals) = (session.err, signals.clone());
    if is_plain(args, session) {
        return Ok(conversation(&mut LinePrompter::new(session.io.stdin, session.io.stderr, style, signals)));
    }
    let mut prompter = KeyPrompter::new(style, MAX_WIDTH, signals)?;
    let done = conversation(&mut prompter);
    // The window may have been resized.
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
    for (index, answer) in session.set_answers(&args.set, rulebook)? {
        let Some(answer) = answer else {
            let id = &rulebook.questions[index].id;
            let file = args.file.as_deref().unwrap_or(Path::new(FILE)).display();
            let hint = format!("write a value; to remove an answer, delete it from {file}");
            return Err(session.usage_error(&format!("--set {id}=: there is no answer"), &hint));
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
    let has_name = !interview.answers.product.is_empty();
    let mut begins = !has_name && interview.answered().is_empty();
    if !begins {
        prompter.tell(&Message::Heading(format!("Going on from {}", file.name), standing(interview)));
        let stop = "You can stop at any time with Ctrl-C, and carry on with the same command.";
        prompter.tell(&Message::Plain(format!("Each answer is saved as you give it. {stop}")));
        // A file that was named is the right one.
        if args.file.is_none() && has_name {
            match another::is_another(interview, &plan(args), prompter, file, args.written.output.as_deref())? {
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
    // The file is parsed again so that the report can name lines in it.
    let text = file.text.as_deref().unwrap_or_default();
    let read = judging.check_document(input.clone(), 1, text.as_bytes());
    match read.report() {
        Some(_) => read,
        None => judging.check_answers(input, interview.answers.clone(), Vec::new()),
    }
}

fn offer_to_save(checked: &Checked<'_>, extent: Extent, prompter: &mut dyn Prompter) -> Result<(), Stop> {
    let prompt = Prompt {
        // The headline is repeated, as the prompt scrolls the report up.
        progress: checked.report().map(|report| headline(report, checked.exit_code)),
        hint: Some("Type the name of a file, such as report.html, or report.json for programs.".into()),
        ..Prompt::new("save", "Save the report as…", ReplyKind::OptionalText)
    };
    loop {
        let Reply::Answer(Answer::Text(name)) = prompter.ask(&prompt)? else { return Ok(()) };
        let path = &*typed_path(&name);
        let format = Format::of_path(path, Format::is_for_one);
        let saved = format
            .map_err(|endings| format!("its name does not say which format to write; {endings}"))
            .and_then(|format| {
                let report = format.render(extent, checked, Style::PLAIN);
                files::write_new(path, report.as_bytes()).map_err(|error| format!("{error:#}"))
            });
        match saved {
            Ok(()) => {
                prompter.tell(&Message::Plain(format!("Saved the report as {name}.")));
                return Ok(());
            }
            Err(reason) => prompter.tell(&Message::Plain(format!("Not saved: {reason}."))),
        }
    }
}

/// Says how to resume. The command has a line of its own, unwrapped, so that it can be copied.
fn say_how_to_go_on(session: &mut Session<'_>, lead: &str, interview: &Interview<'_>, file: &AnswersFile) {
    if let Some(again) = asked_all_again(interview) {
        session.say_wrapped("", again);
    }
    let (saved, command) = file.how_to_go_on(interview.rulebook);
    session.say_wrapped("", &format!("{lead}{saved}"));
    if let Some(command) = command {
        session.say(&format!("  {command}"));
    }
}

/// Where no one can be asked: lists the missing answers and how to give them.
fn cannot_ask(session: &mut Session<'_>, interview: &Interview<'_>, file: &AnswersFile, why: &str) -> Error {
    let (name, rules) = (clean(&file.name).into_owned(), interview.rulebook.as_typed());
    let typed = typed(&file.name) + &rules;
    let missing = how_to_answer(interview);
    if let Some(again) = asked_all_again(interview) {
        session.say_wrapped("", again);
    }
    let hint = if file.text.is_none() {
        format!(
            "write a file to fill in: {NAME} init {typed}; or give the answers directly: {NAME} check{rules} --set ID=VALUE"
        )
    } else if missing.is_empty() {
        format!("nothing that matters is missing; for the result: {NAME} check {typed}")
    } else {
        format!("add the missing answers to {name} by hand, or check with --set: {NAME} check {typed} --set ID=VALUE")
    };
    if !missing.is_empty() {
        session.say("These answers are missing:");
    }
    for answer in missing {
        session.say_wrapped("  - ", &clean(&answer));
    }
    session.usage_error(why, &hint)
}
