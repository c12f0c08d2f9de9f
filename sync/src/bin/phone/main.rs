//! The phone for the terminal: what a technician's app does, in plain text. The reference client: everything that it knows lies
//! in its folder and survives `kill -9`; the server is needed to log in, to fetch and to send, and for nothing else.
//!
//! Exit codes:
//!
//! | code | means |
//! | --- | --- |
//! | 0 | done |
//! | 1 | not done: a rule of the checklist, or how things stand; the text says what to do instead |
//! | 2 | the command line does not read |
//! | 3 | the server can't be reached; nothing is lost, try again later |
//! | 4 | log in again, also because the office has shut this phone out; local work goes on without |
//! | 5 | the server said no |
//! | 6 | the folder is in use, damaged, or the disk is full |
//! | 7 | something is unsent and would have been lost |
//! | 8 | synced, but the server did not take everything over (`phone notices`, `phone status`) |
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod app;
mod backup;
mod cli;
mod conflicts;
mod evidence;
mod failure;
mod jobs;
mod money;
mod names;
mod notices;
mod off_list;
mod session;
mod sheet;
mod status;
mod steps;
mod take_back;
mod texts;

use app::App;
use clap::Parser as _;
use cli::{Cli, Command};
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let language = cli.lang.language();
    match run(cli) {
        Ok(done) => {
            print!("{}", done.text);
            ExitCode::from(done.code)
        }
        Err(failure) => {
            eprintln!("{}", failure.message(language));
            ExitCode::from(failure.code())
        }
    }
}

/// What a command says when it has done its work.
struct Done {
    text: String,
    code: u8,
}

impl From<String> for Done {
    fn from(text: String) -> Self {
        Self { text, code: 0 }
    }
}

fn run(cli: Cli) -> Result<Done, Failure> {
    let mut app = App::open(&cli)?;
    let text = match cli.command {
        Command::Login(args) => session::log_in(&mut app, &args)?,
        Command::Logout(args) => session::log_out(&mut app, &args)?,
        Command::Import { file } => session::import(&mut app, &file)?,
        Command::Pull | Command::Sync => return session::sync(&mut app),
        Command::List { all } => jobs::list(&app, all),
        Command::Show { job, step } => jobs::show(&app, &job, step.as_deref())?,
        Command::History { job } => jobs::history(&app, &job)?,
        Command::Heads { job } => jobs::heads(&app, &job)?,
        Command::Status => status::status(&app),
        Command::Notices { read } => notices::notices(&mut app, read)?,
        Command::Conflicts { job } => conflicts::list(&app, &job)?,
        Command::Settle { job, place, number } => conflicts::settle(&mut app, &job, &place, number)?,
        Command::Do(args) => steps::mark(&mut app, &args, schema::record::MarkKind::Done)?,
        Command::Skip(args) => steps::mark(&mut app, &args, schema::record::MarkKind::Skipped)?,
        Command::Na(args) => steps::mark(&mut app, &args, schema::record::MarkKind::NotApplicable)?,
        Command::Fail(args) => steps::mark(&mut app, &args, schema::record::MarkKind::Failed)?,
        Command::Undo(args) => steps::mark(&mut app, &args, schema::record::MarkKind::Open)?,
        Command::Note { job, step, text } => steps::note(&mut app, &job, &step, text)?,
        Command::Play(args) => steps::play(&mut app, &args)?,
        Command::Alarm { job, reason } => steps::alarm(&mut app, &job, reason)?,
        Command::Correct { job, field, value } => steps::correct(&mut app, &job, field, value)?,
        Command::Hold { job, kind, reason } => steps::hold(&mut app, &job, kind, reason)?,
        Command::Release { job, hold } => steps::release(&mut app, &job, &hold)?,
        Command::Photo { job, step, file } => evidence::photo(&mut app, &job, &step, &file)?,
        Command::Reading(args) => evidence::reading(&mut app, &args)?,
        Command::Cause { job, text } => evidence::cause(&mut app, &job, text)?,
        Command::Measures { job, text } => evidence::measures(&mut app, &job, text)?,
        Command::Part(args) => evidence::part(&mut app, &args)?,
        Command::Prices { search } => money::prices(&app, search.as_deref())?,
        Command::Quote(args) => money::quote(&mut app, &args)?,
        Command::AskPrice { job, text } => off_list::ask(&mut app, &job, &text)?,
        Command::Asked { job } => off_list::asked(&mut app, &job)?,
        Command::Consent(args) => money::consent(&mut app, &args)?,
        Command::Backup(args) => backup::backup(&mut app, &args)?,
        Command::TakeBack(args) => take_back::take_back(&mut app, &args)?,
        Command::HandBack(args) => take_back::hand_back(&mut app, &args)?,
        Command::Charge { job } => money::charge(&mut app, &job)?,
        Command::Sheet { job } => sheet::show(&app, &job)?,
        Command::Sign(args) => sheet::sign(&mut app, &args)?,
    };
    Ok(text.into())
}

#[cfg(test)]
mod tests;
