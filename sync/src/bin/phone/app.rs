//! What every command works with: the phone's folder, its clocks, and how to name a job, a step, a person.

use crate::cli::Cli;
use crate::failure::Failure;
use crate::texts::{Text, fill};
use chrono_tz::Tz;
use schema::edit::Edit;
use schema::id::{EntryId, JobId, PersonId};
use schema::money::{Currency, Money};
use schema::people::{Bilingual, Language};
use schema::place::step_name;
use schema::record::JobRecord;
use schema::template::{StepTemplate, Template, WHOLE_VISIT};
use schema::time::Timestamp;
use sync::client::{Client, Clocks as _, SystemClocks};
use sync::handset::Handset;
use sync::replica::{Input, Replica, ReplicaError};
use sync::store::{Entry, FileStore};

pub struct App {
    pub handset: Handset<FileStore>,
    pub clocks: SystemClocks,
    pub language: Language,
    pub zone: Tz,
}

impl App {
    pub fn open(cli: &Cli) -> Result<Self, Failure> {
        let handset = Handset::open(FileStore::open_folder(&cli.folder)?)?;
        Ok(Self { handset, clocks: SystemClocks::default(), language: cli.lang.language(), zone: cli.zone })
    }

    pub fn replica(&self) -> &Replica {
        self.handset.replica()
    }

    pub fn say(&self, text: Text, words: &[&str]) -> String {
        fill(self.language, text, words)
    }

    /// A line of output.
    pub fn line(&self, text: Text, words: &[&str]) -> String {
        format!("{}\n", self.say(text, words))
    }

    pub fn at(&mut self) -> Timestamp {
        self.clocks.now().at
    }

    /// The time on the technician's wall.
    pub fn time(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.zone).format("%m-%d %H:%M").to_string()
    }

    pub fn money(&self, minor: i64, currency: Currency) -> String {
        Money { minor, currency }.to_string()
    }

    pub fn me(&self) -> Result<PersonId, Failure> {
        Ok(self.replica().identity().ok_or(ReplicaError::NotEnrolled)?.person)
    }

    pub fn client(&self) -> Result<Client, Failure> {
        let identity = self.replica().identity().ok_or(ReplicaError::NotEnrolled)?;
        Ok(Client::new(&identity.server, self.language)?)
    }

    pub fn draw_entry_id(&mut self) -> EntryId {
        let mut bits = [0; 10];
        bits.iter_mut().zip(self.clocks.random()).for_each(|(to, from)| *to = from);
        EntryId::new(bits)
    }

    pub fn remember(&mut self, entry: Entry) -> Result<(), Failure> {
        self.handset.handle(self.clocks.now(), self.clocks.random(), Input::Remember(vec![entry]))?;
        Ok(())
    }

    /// Writes the edits as one change, and says so.
    pub fn write(&mut self, job: JobId, edits: Vec<Edit>, what: &str) -> Result<String, Failure> {
        let (now, random) = (self.clocks.now(), self.clocks.random());
        self.handset.handle(now, random, Input::Edit { job, edits })?;
        let unsent = self.replica().unsent().to_string();
        Ok(format!("{}{}\n", self.say(Text::Recorded, &[what]), self.say(Text::NotSentYet, &[&unsent])))
    }

    /// The job of this number, end of a number, or beginning of an id.
    pub fn job(&self, name: &str) -> Result<(JobId, JobRecord), Failure> {
        let wanted = name.to_ascii_lowercase();
        let mut found = Vec::new();
        for held in self.replica().jobs() {
            let record = self.replica().record(held.job)?;
            let number = record.meta.number.to_ascii_lowercase();
            if number == wanted {
                return Ok((held.job, record));
            }
            if number.ends_with(&wanted) || held.job.to_string().starts_with(&wanted) {
                found.push((held.job, record));
            }
        }
        let numbers: Vec<&str> = found.iter().map(|(_, record)| record.meta.number.as_str()).collect();
        match found.len() {
            1 => found.pop().ok_or_else(|| Failure::said(Text::JobUnknown, &[name])),
            0 => Err(Failure::said(Text::JobUnknown, &[name])),
            _ => Err(Failure::said(Text::JobAmbiguous, &[name, &numbers.join(" ")])),
        }
    }

    pub fn template(&self, record: &JobRecord) -> Result<Template, Failure> {
        let template = self.replica().template_of(record).cloned();
        template.ok_or_else(|| Failure::said(Text::TemplateMissing, &[]))
    }

    /// Where a note or a photo may stand: at a step, or at the visit as a whole, for which no checklist is needed.
    pub fn note_place(&self, record: &JobRecord, name: &str) -> Result<(String, Bilingual), Failure> {
        if name == WHOLE_VISIT {
            return Ok((name.to_owned(), step_name(name, None)));
        }
        let step = self.step(record, name)?;
        Ok((step.id, step.name))
    }

    /// The step of this id, or at this place of the checklist, counted from 1.
    pub fn step(&self, record: &JobRecord, name: &str) -> Result<StepTemplate, Failure> {
        let template = self.template(record)?;
        let place = name.parse::<usize>().ok().and_then(|place| template.steps.get(place.checked_sub(1)?));
        let step = place.or_else(|| template.step(name)).cloned();
        step.ok_or_else(|| {
            let all: Vec<&str> = template.steps.iter().map(|step| step.id.as_str()).collect();
            Failure::said(Text::StepUnknown, &[name, &all.join(" ")])
        })
    }
}

/// The entry whose id begins so.
pub fn entry_of<'a, T>(entries: impl Iterator<Item = (&'a EntryId, T)>, name: &str) -> Result<EntryId, Failure> {
    let mut fitting = entries.filter(|(id, _)| id.as_str().starts_with(name)).map(|(id, _)| id.clone());
    match (fitting.next(), fitting.next()) {
        (Some(id), None) => Ok(id),
        _ => Err(Failure::said(Text::EntryUnknown, &[name])),
    }
}
