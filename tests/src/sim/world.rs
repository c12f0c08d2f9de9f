//! The scheduler: one queue of events by virtual time, ties in the order in which they were planned. Nothing else tells anybody what
//! time it is, and nothing happens but by an event.

use super::bug::Bug;
use super::chance::Chance;
use super::fault::{Fault, Sky, Weather};
use super::house::House;
use super::inbox::Deciders;
use super::ledger::Ledger;
use super::network::{Letter, Serving, Told};
use super::office::Office;
use super::phone::{Phone, Taken};
use super::staff::Staff;
use super::{Plan, START};
use schema::binary::Bytes;
use schema::id::JobId;
use schema::problem::{Kind, Problem};
use schema::time::{MINUTE, SECOND, Timestamp};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Something that will happen.
pub enum Event {
    /// A technician does something at a job.
    Tap(usize),
    /// Somebody in the office, or a customer, does something.
    Office,
    /// Somebody decides about what was refused, or settles a conflict.
    Decide,
    /// Something happens to the company.
    Mishap,
    /// A phone looks whether there is something to say.
    Wake(usize),
    /// A phone does not wait for this answer any longer.
    GiveUp(usize, u64),
    Deliver(Letter),
    /// A request goes one step further.
    Serve(u64),
    Hear(usize, u64, Told),
    ServerUp,
}

pub struct World {
    pub plan: Plan,
    pub now: Timestamp,
    queue: BTreeMap<(Timestamp, u64), Event>,
    planned: u64,
    pub sky: Sky,
    pub house: Rc<House>,
    pub staff: Staff,
    pub office: Office,
    pub deciders: Deciders,
    pub phones: Vec<Phone>,
    pub ledger: Ledger,
    pub serving: BTreeMap<u64, Serving>,
    pub network: Chance,
    /// Taps, commands and mishaps so far.
    pub steps: u32,
    pub letters: u64,
    pub taps: u64,
    pub is_healing: bool,
    /// The first thing that must not be.
    pub blame: Option<String>,
    pub trace: Vec<String>,
    /// Over every line of the trace, kept or not: two runs of one seed have the same.
    pub fingerprint: u64,
    /// Snapshots as they were first sent, for a planted bug.
    pub earlier: BTreeMap<JobId, Bytes>,
    /// Jobs whose clocks could be held against when things really happened.
    pub timed: Cell<usize>,
}

impl World {
    pub fn new(plan: Plan) -> Self {
        let sky = Weather::new(plan.seed, plan.without);
        let house = Rc::new(House::new(plan.seed, START, sky.clone(), plan.bug));
        let mut chance = Chance::of(plan.seed, "world");
        let hands = 2 + chance.below(2);
        let staff = Staff::hire(&house, START, hands);
        let mut world = Self {
            plan,
            now: START,
            queue: BTreeMap::new(),
            planned: 0,
            sky,
            house,
            staff,
            office: Office::new(plan.seed),
            deciders: Deciders::new(plan.seed),
            phones: Vec::new(),
            ledger: Ledger::default(),
            serving: BTreeMap::new(),
            network: Chance::of(plan.seed, "network"),
            steps: 0,
            letters: 0,
            taps: 0,
            is_healing: false,
            blame: None,
            trace: Vec::new(),
            fingerprint: 0xcbf2_9ce4_8422_2325,
            earlier: BTreeMap::new(),
            timed: Cell::default(),
        };
        world.begin(&mut chance);
        world
    }

    /// Phones are handed out, and the first jobs; then the weather begins.
    fn begin(&mut self, chance: &mut Chance) {
        for hand in 0..self.staff.hands.len() {
            self.add_phone(hand);
        }
        // Somebody carries two.
        if chance.percent(30) {
            self.add_phone(0);
        }
        for number in 0..2 + chance.below(2) {
            self.office.take_report(&self.house, &self.staff, self.now);
            let Some(job) = self.office.jobs.last().copied() else { continue };
            let to = self.staff.hands[number % self.staff.hands.len()].person;
            let done = self.office.assign(&self.house, &self.staff, self.now, (job, to));
            self.judge("assigns", done);
        }
        for phone in 0..self.phones.len() {
            self.after(chance.between(0, MINUTE), Event::Wake(phone));
            self.after(chance.between(MINUTE, 5 * MINUTE), Event::Tap(phone));
        }
        self.after(chance.between(MINUTE, 10 * MINUTE), Event::Office);
        self.after(chance.between(5 * MINUTE, 20 * MINUTE), Event::Mishap);
        let pause = self.deciders.pause();
        self.after(pause, Event::Decide);
        self.sky.borrow_mut().set_calm(false);
        for phone in &mut self.phones {
            if self.sky.borrow_mut().strikes(Fault::ClockDrifts) {
                phone.drift();
            }
        }
    }

    pub fn after(&mut self, micros: i64, event: Event) {
        self.planned += 1;
        self.queue.insert((self.now.plus(micros.max(0)), self.planned), event);
    }

    /// Nobody acts any more; what is on its way arrives.
    pub fn drop_acts(&mut self) {
        self.queue.retain(|_, event| !matches!(event, Event::Tap(_) | Event::Office | Event::Decide | Event::Mishap));
    }

    pub fn note(&mut self, line: impl FnOnce() -> String) {
        let line = line();
        for byte in line.bytes() {
            self.fingerprint = (self.fingerprint ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        if self.plan.traced {
            let seconds = self.now.since(START) / SECOND;
            self.trace.push(format!("{:>4}:{:02} {line}", seconds / 60, seconds % 60));
        }
    }

    pub fn blame(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.note(|| format!("WRONG: {what}"));
        self.blame.get_or_insert(what);
    }

    /// Lets it run until the plan's steps are used up.
    pub fn run(&mut self) {
        while self.steps < self.plan.steps && self.blame.is_none() && self.step() {}
    }

    /// False: nothing is planned any more.
    pub fn step(&mut self) -> bool {
        let Some(((at, _), event)) = self.queue.pop_first() else { return false };
        self.now = self.now.max(at);
        self.house.set_now(self.now);
        match event {
            Event::Tap(phone) => self.tap(phone),
            Event::Office => self.office(),
            Event::Decide => self.decide(),
            Event::Mishap => self.mishap(),
            Event::Wake(phone) => self.wake(phone),
            Event::GiveUp(phone, number) => self.give_up(phone, number),
            Event::Deliver(letter) => self.deliver(letter),
            Event::Serve(number) => self.serve(number),
            Event::Hear(phone, number, told) => self.hear(phone, number, told),
            Event::ServerUp => {
                self.house.start();
                self.note(|| "server is up again".to_owned());
            }
        }
        self.after_event();
        true
    }

    /// What follows from any event: phones hear that their cursor moved, and a server that was killed comes back.
    fn after_event(&mut self) {
        for notice in self.house.take_notices() {
            let server::feed::Notice::Person(person, _) = notice else { continue };
            for phone in 0..self.phones.len() {
                // A stream that is down tells nothing; the next sync does.
                if self.phones[phone].hand.person == person && self.network.percent(50) {
                    let delay = self.network.between(SECOND / 10, 5 * SECOND);
                    self.after(delay, Event::Wake(phone));
                }
            }
        }
        if self.house.is_down() && !self.queue.values().any(|event| matches!(event, Event::ServerUp)) {
            self.serving.clear();
            self.note(|| "server is killed".to_owned());
            let delay = self.network.between(SECOND, 2 * MINUTE);
            self.after(delay, Event::ServerUp);
        }
    }

    /// Whether a command of the office was answered as one may be.
    pub fn judge(&mut self, what: &str, done: Option<Result<(), Problem>>) {
        match done {
            None => self.note(|| format!("{what}: killed over it")),
            Some(Ok(())) => self.note(|| format!("{what}: done")),
            Some(Err(problem)) if problem.kind == Kind::Internal => self.blame(format!("{what}: {problem}")),
            Some(Err(problem)) => self.note(|| format!("{what}: {}", problem.kind.slug())),
        }
    }

    fn office(&mut self) {
        self.steps += 1;
        if !self.is_healing {
            let delay = self.office.chance.between(MINUTE, 8 * MINUTE);
            self.after(delay, Event::Office);
        }
        if self.house.is_down() {
            return;
        }
        match self.office.chance.below(10) {
            0 | 1 => self.move_job(),
            2 | 3 => {
                let (what, done) = self.office.visit(&self.house, self.now);
                self.judge(what, done);
            }
            4 => self.cancel_or_open(),
            _ => {
                let Some(job) = self.office.chance.pick(&self.office.jobs.clone()).copied() else { return };
                let (what, done) = self.office.act(&self.house, &self.staff, self.now, job);
                self.judge(&format!("office {what} {}", short(job)), done);
            }
        }
    }

    fn unsent_somewhere(&self, job: JobId) -> bool {
        self.phones.iter().any(|phone| phone.unsent_in(job))
    }

    /// A job comes into other hands, preferably one that somebody is writing to.
    fn move_job(&mut self) {
        let jobs = self.office.jobs.clone();
        let busy: Vec<JobId> = jobs.iter().copied().filter(|job| self.unsent_somewhere(*job)).collect();
        let caught = !busy.is_empty() && self.sky.borrow_mut().strikes(Fault::JobMoved);
        let Some(job) = self.office.chance.pick(if caught { &busy } else { &jobs }).copied() else { return };
        let Some(to) = self.office.chance.pick(&self.staff.hands).map(|hand| hand.person) else { return };
        let done = self.office.assign(&self.house, &self.staff, self.now, (job, to));
        self.judge(&format!("office assigns {}", short(job)), done);
    }

    fn cancel_or_open(&mut self) {
        let jobs = self.office.jobs.clone();
        let busy: Vec<JobId> = jobs.iter().copied().filter(|job| self.unsent_somewhere(*job)).collect();
        if !busy.is_empty() && self.sky.borrow_mut().strikes(Fault::JobCancelled) {
            let job = busy[self.office.chance.below(busy.len())];
            let done = self.office.cancel(&self.house, &self.staff, self.now, job);
            self.judge(&format!("office cancels {}", short(job)), done);
        } else if jobs.len() < 6 {
            let done = self.office.take_report(&self.house, &self.staff, self.now);
            self.judge("office takes a report", done);
        }
    }

    /// Notes what the phone says it has written now; anything else would be a change out of nowhere.
    pub fn note_phone(&mut self, phone: usize, expected: usize) {
        // A write in doubt is noted with a later one, and then nobody knows when it was.
        let at = (expected == 1 && !self.phones[phone].in_doubt).then_some(self.now);
        let new = self.ledger.note(phone, &self.phones[phone], at);
        let handset = &mut self.phones[phone];
        if new > expected && !std::mem::take(&mut handset.in_doubt) {
            self.blame(format!("phone {phone} holds {new} new changes where {expected} were made"));
        }
    }

    /// What a phone's replica may say no to, where it is not a matter of its rules.
    pub fn taken(&mut self, phone: usize, what: &str, taken: &Taken) {
        match taken {
            Taken::Yes(_) => {}
            Taken::Lost => self.note(|| format!("phone {phone} {what}: the disk failed")),
            Taken::Killed => {
                self.note(|| format!("phone {phone} {what}: killed"));
                self.after(MINUTE, Event::Wake(phone));
            }
            Taken::No(error) => self.note(|| format!("phone {phone} {what}: {error}")),
        }
    }

    pub fn is_planted(&self, bug: Bug) -> bool {
        self.plan.bug == Some(bug)
    }
}

/// Enough of an id to tell it from the others of a run.
pub fn short(job: JobId) -> String {
    let text = job.to_string();
    text[text.len() - 4..].to_owned()
}
