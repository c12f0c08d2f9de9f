//! A phone's life: taps, syncs, answers, log-ins. What the terminal phone's client does over HTTP, by events.

use super::chance::Chance;
use super::fault::Fault;
use super::network::{Ask, Letter, Told};
use super::phone::{Flight, Phone, Taken};
use super::visit::Visit;
use super::world::{Event, World, short};
use schema::binary::Bytes;
use schema::edit::Edit;
use schema::id::{JobId, RequestId};
use schema::problem::Kind;
use schema::reference::Reference;
use schema::template::Template;
use schema::time::{MINUTE, SECOND};
use schema::wire::SyncResponse;
use sync::replica::{Input, Output};
use sync::slim;
use sync::store::Entry;
use sync::store::entry::{Identity, ReferenceKind, Session};

/// How long a phone waits for an answer.
const PATIENCE_US: i64 = 45 * SECOND;
/// Syncs in a row that brought nothing forward, as the client has it.
const IDLE_MAX: u32 = 3;

impl World {
    /// A new phone for a technician; it makes its key when they log in.
    pub fn add_phone(&mut self, hand: usize) {
        let number = self.phones.len();
        let chance = Chance::of(self.plan.seed, &format!("phone {number}"));
        let hand = self.staff.hands[hand].clone();
        let mut phone = Phone::new(hand, chance, self.now, &self.sky);
        phone.packs = Chance::of(self.plan.seed, &format!("release {number}")).percent(75);
        self.phones.push(phone);
    }

    /// Whether the phone runs; starts it where it does not.
    fn is_running(&mut self, phone: usize) -> bool {
        let was_off = self.phones[phone].replica().is_none();
        if let Err(error) = self.phones[phone].start(self.now) {
            // A full disk does not even take the first bytes of a log.
            if !self.phones[phone].is_full {
                self.blame(format!("phone {phone} can't open its log: {error}"));
            }
            return false;
        }
        if was_off {
            self.note(|| format!("phone {phone} starts"));
            self.note_phone(phone, 0);
        }
        true
    }

    pub fn tap(&mut self, phone: usize) {
        self.steps += 1;
        let chance = &mut self.phones[phone].chance;
        let (delay, toggles, says) = (chance.between(MINUTE / 2, 6 * MINUTE), chance.percent(15), chance.percent(60));
        if !self.is_healing {
            self.after(delay, Event::Tap(phone));
        }
        if toggles {
            self.phones[phone].is_online = !self.phones[phone].is_online;
        }
        if !self.is_running(phone) {
            return;
        }
        self.write_something(phone);
        if says {
            self.after(SECOND, Event::Wake(phone));
        }
    }

    fn write_something(&mut self, phone: usize) {
        let oversteps = self.sky.borrow_mut().strikes(Fault::ForbiddenWrite);
        let Some((job, edits)) = self.next_edits(phone, oversteps) else { return };
        self.write(phone, job, edits);
    }

    pub fn write(&mut self, phone: usize, job: JobId, edits: Vec<Edit>) {
        let what = format!("writes {} edits to {}", edits.len(), short(job));
        let taken = self.phones[phone].edit(self.now, job, edits.clone());
        self.taken(phone, &what, &taken);
        if let Taken::Yes(_) = taken {
            self.note(|| format!("phone {phone} {what}"));
            self.ledger.note_entries(job, &edits);
            self.note_phone(phone, 1);
        }
    }

    fn next_edits(&mut self, phone: usize, oversteps: bool) -> Option<(JobId, Vec<Edit>)> {
        self.taps += 1;
        let handset = &mut self.phones[phone];
        let at = handset.clocks(self.now).at;
        let mut chance = handset.chance.clone();
        let replica = handset.replica()?;
        let mine: Vec<JobId> = replica.jobs().filter(|held| held.gone.is_none()).map(|held| held.job).collect();
        let job = *chance.pick(&mine)?;
        let held = replica.held(job).ok()?;
        let record = held.record.read().ok()?;
        let visit = Visit { replica, held, record: &record, me: handset.hand.person, at, number: self.taps };
        let edits = if oversteps { visit.overstep(&mut chance) } else { visit.next(&mut chance) };
        handset.chance = chance;
        Some((job, edits))
    }

    /// Says what there is to say, and asks what is new.
    pub fn wake(&mut self, phone: usize) {
        let handset = &self.phones[phone];
        if !handset.is_online || handset.flight.is_some() || handset.is_locked_out || !self.is_running(phone) {
            return;
        }
        let Some(replica) = self.phones[phone].replica() else { return };
        let Some(session) = replica.session().cloned() else { return self.ask_log_in(phone) };
        if self.phones[phone].wants_reference {
            return self.ask(phone, None, Ask::Reference { token: session.access_token });
        }
        if std::mem::take(&mut self.phones[phone].wants_checklist)
            && let Some((id, version)) = self.checklist_missing(phone)
        {
            return self.ask(phone, None, Ask::Checklist { token: session.access_token, id, version });
        }
        let taken = self.phones[phone].take(self.now, Input::BuildSync);
        self.taken(phone, "asks", &taken);
        let Taken::Yes(outputs) = taken else { return };
        let request = outputs.into_iter().find_map(|output| match output {
            Output::Request(request) => Some(request),
            _ => None,
        });
        let Some(mut request) = request else { return };
        if self.phones[phone].is_old {
            request.protocol -= 1;
        }
        if !self.phones[phone].packs {
            // It never says that it unpacks, so that it never hears that the server does.
            request.slim = 0;
        }
        let changes: usize =
            slim::plain(&request.push, usize::MAX).unwrap().iter().map(|push| push.changes.len()).sum();
        let body = minicbor_serde::to_vec(&*request).unwrap();
        self.note(|| format!("phone {phone} sends {changes} changes from {}", request.cursor.seq));
        self.ask(phone, Some(request.id), Ask::Sync { token: session.access_token, body, whole: true });
    }

    fn ask_log_in(&mut self, phone: usize) {
        if self.phones[phone].public_key().is_none() {
            let seed: [u8; 32] = self.phones[phone].chance.bytes();
            let taken = self.phones[phone].remember(self.now, vec![Entry::Key(Bytes(seed.to_vec()))]);
            self.taken(phone, "makes its key", &taken);
            if !matches!(taken, Taken::Yes(_)) {
                return self.try_again(phone, true);
            }
        }
        if let Some(key) = self.phones[phone].public_key() {
            self.ask(phone, None, Ask::LogIn { key });
        }
    }

    fn ask(&mut self, phone: usize, request: Option<RequestId>, ask: Ask) {
        self.letters += 1;
        let number = self.letters;
        self.phones[phone].flight = Some(Flight { number, request });
        self.send(Letter { phone, number, ask });
        self.after(PATIENCE_US, Event::GiveUp(phone, number));
    }

    pub fn give_up(&mut self, phone: usize, number: u64) {
        let Some(flight) = self.phones[phone].flight.filter(|flight| flight.number == number) else { return };
        self.phones[phone].flight = None;
        let delay = self.phones[phone].pause();
        self.after(delay, Event::Wake(phone));
        if self.repeats_itself() && flight.request.is_some() {
            self.repeat(phone);
        }
    }

    /// A planted bug: what was not answered is written once more.
    fn repeat(&mut self, phone: usize) {
        let Some(replica) = self.phones[phone].replica() else { return };
        let found = replica.jobs().filter(|held| held.gone.is_none() && held.unsent() > 0).find_map(|held| {
            let record = held.record.read().ok()?;
            let part = record.parts.values().max_by_key(|part| part.at)?.clone();
            Some((held.job, part))
        });
        if let Some((job, part)) = found {
            let id = super::visit::entry(&mut self.phones[phone].chance);
            self.write(phone, job, vec![Edit::Part { id, part }]);
        }
    }

    pub fn hear(&mut self, phone: usize, number: u64, told: Told) {
        let awaited = self.phones[phone].flight.is_some_and(|flight| flight.number == number);
        if self.phones[phone].replica().is_none() {
            return;
        }
        match told {
            Told::Sync { request, body, whole } => self.hear_sync(phone, awaited, request, (&body, whole)),
            // Anything but a sync is heard by whoever still waits for it.
            _ if !awaited => {}
            Told::Session(identity, session) => self.hear_session(phone, identity, *session),
            Told::Reference(reference) => self.hear_reference(phone, &reference),
            Told::Checklist(template) => self.hear_checklist(phone, &template),
            Told::Problem(kind) => self.hear_problem(phone, kind),
        }
    }

    fn hear_sync(&mut self, phone: usize, awaited: bool, request: RequestId, (body, whole): (&[u8], bool)) {
        let answer: SyncResponse = match (minicbor_serde::from_slice(body), whole) {
            (Ok(answer), true) => answer,
            (Ok(_), false) => return self.blame("an answer that was cut reads as a whole one"),
            (Err(error), true) => return self.blame(format!("phone {phone} can't read a whole answer: {error}")),
            // The connection broke; the phone sees it at once.
            (Err(_), false) => return self.try_again(phone, awaited),
        };
        let refused = !answer.refused.is_empty();
        let before = self.progress(phone);
        let taken = self.phones[phone].take(self.now, Input::Answer { request, answer: Box::new(answer) });
        self.taken(phone, "hears", &taken);
        let outputs = match taken {
            Taken::Yes(outputs) => outputs,
            Taken::No(error) => return self.blame(format!("phone {phone} can't take an answer: {error}")),
            Taken::Lost => return self.try_again(phone, awaited),
            Taken::Killed => return,
        };
        if !awaited {
            return;
        }
        self.phones[phone].flight = None;
        self.phones[phone].may_drift |= refused;
        self.phones[phone].wants_reference |= outputs.iter().any(|output| matches!(output, Output::FetchReference(_)));
        let moved = self.progress(phone) != before;
        let idle = if moved { 0 } else { self.phones[phone].idle + 1 };
        self.phones[phone].idle = idle;
        if self.phones[phone].chance.percent(4) {
            self.phones[phone].compact();
        }
        let again = outputs.contains(&Output::SyncAgain);
        // Once a sync is through, as the client does: a server that was restored may have neither the job nor its checklist any more.
        self.phones[phone].wants_checklist = !again && self.checklist_missing(phone).is_some();
        let wants = self.phones[phone].wants_reference || self.phones[phone].wants_checklist;
        if (again && idle < IDLE_MAX) || wants {
            self.after(SECOND / 10, Event::Wake(phone));
        }
    }

    /// Changes with whatever a round trip can bring forward.
    fn progress(&self, phone: usize) -> Option<(schema::wire::Cursor, schema::binary::Hash, usize, bool)> {
        let replica = self.phones[phone].replica()?;
        Some((replica.cursor(), replica.digest(), replica.unsent(), replica.needs_resync()))
    }

    fn try_again(&mut self, phone: usize, awaited: bool) {
        if awaited {
            self.phones[phone].flight = None;
            let delay = self.phones[phone].pause();
            self.after(delay, Event::Wake(phone));
        }
    }

    fn hear_session(&mut self, phone: usize, identity: Option<Box<Identity>>, session: Session) {
        let mut entries: Vec<Entry> = identity.into_iter().map(|identity| Entry::Identity(*identity)).collect();
        entries.push(Entry::Session(Some(session)));
        self.remember(phone, "logs in", entries);
    }

    fn hear_reference(&mut self, phone: usize, reference: &Reference) {
        if self.remember(phone, "takes reference data", Entry::of_reference(reference).unwrap()) {
            self.phones[phone].wants_reference = false;
        }
    }

    /// A version that the reference data did not bring.
    fn checklist_missing(&self, phone: usize) -> Option<(String, u32)> {
        self.phones[phone].replica()?.checklists_missing().pop_first()
    }

    fn hear_checklist(&mut self, phone: usize, template: &Template) {
        let json = serde_json::to_string(template).unwrap();
        let entry = Entry::Reference { kind: ReferenceKind::Template, version: 0, json };
        if self.remember(phone, "takes a checklist", vec![entry]) {
            self.phones[phone].wants_checklist = self.checklist_missing(phone).is_some();
        }
    }

    fn remember(&mut self, phone: usize, what: &str, entries: Vec<Entry>) -> bool {
        let taken = self.phones[phone].remember(self.now, entries);
        self.taken(phone, what, &taken);
        let remembered = matches!(taken, Taken::Yes(_));
        if !matches!(taken, Taken::Killed) {
            self.phones[phone].flight = None;
            self.after(SECOND, Event::Wake(phone));
        }
        remembered
    }

    /// A server that does not read what was packed is told again at once; anything else of this kind never comes to rest.
    fn hear_bad_request(&mut self, phone: usize, request: RequestId) {
        let taken = self.phones[phone].take(self.now, Input::Problem { request, kind: Kind::BadRequest });
        self.taken(phone, "hears of its form", &taken);
        match taken {
            Taken::Yes(outputs) if outputs.contains(&Output::SyncAgain) => self.after(SECOND / 10, Event::Wake(phone)),
            Taken::No(error) => self.blame(format!("phone {phone} can't take a problem: {error}")),
            Taken::Yes(_) | Taken::Lost => self.try_again(phone, true),
            Taken::Killed => {}
        }
    }

    fn hear_problem(&mut self, phone: usize, kind: Kind) {
        self.note(|| format!("phone {phone} hears {}", kind.slug()));
        let flight = self.phones[phone].flight.take();
        match kind {
            Kind::BadRequest => match flight.and_then(|flight| flight.request) {
                Some(request) => self.hear_bad_request(phone, request),
                None => self.blame(format!("phone {phone} is told {}", kind.slug())),
            },
            Kind::TokenExpired | Kind::Unauthenticated => {
                let refresh = self.phones[phone].replica().and_then(|replica| {
                    let token = replica.session()?.refresh_token.clone();
                    Some(Ask::Refresh { signature: replica.sign_refresh(&token), token })
                });
                match refresh {
                    Some(refresh) => self.ask(phone, None, refresh),
                    None => self.ask_log_in(phone),
                }
            }
            // The technician types the password, when there is time for it.
            Kind::SessionEnded => self.ask_log_in(phone),
            Kind::DeviceRevoked => self.phones[phone].is_locked_out = true,
            // A checklist that a restore took away; the next sync says what became of its job.
            Kind::NotFound => {}
            Kind::Busy | Kind::Stale | Kind::ProtocolUnknown => {
                let delay = self.phones[phone].pause();
                self.after(delay, Event::Wake(phone));
            }
            other => self.blame(format!("phone {phone} is told {}", other.slug())),
        }
    }
}
