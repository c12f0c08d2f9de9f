//! The way between phones and server: bytes that are lost, late, doubled or cut, and the server's side of each request.

use super::bug::Bug;
use super::fault::Fault;
use super::ledger::Ledger;
use super::staff;
use super::world::{Event, World};
use schema::binary::{PublicKey, Signature};
use schema::id::RequestId;
use schema::problem::{Kind, Problem};
use schema::reference::Reference;
use schema::template::Template;
use schema::time::{MINUTE, SECOND};
use schema::wire::{SyncRequest, SyncResponse};
use server::domain::price_lists;
use server::domain::sessions::{self, Draw, Refreshed, Shown};
use server::domain::sync::exchange;
use server::domain::templates;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use sync::store::entry::{Identity, Session};

/// What a phone asks.
#[derive(Debug, Clone)]
pub enum Ask {
    Sync { token: String, body: Vec<u8>, whole: bool },
    Refresh { token: String, signature: Option<Signature> },
    LogIn { key: PublicKey },
    Reference { token: String },
    Checklist { token: String, id: String, version: u32 },
}

#[derive(Debug, Clone)]
pub struct Letter {
    pub phone: usize,
    pub number: u64,
    pub ask: Ask,
}

/// What it is told.
#[derive(Debug, Clone)]
pub enum Told {
    Sync { request: RequestId, body: Vec<u8>, whole: bool },
    Session(Option<Box<Identity>>, Box<Session>),
    Reference(Box<Reference>),
    Checklist(Box<Template>),
    Problem(Kind),
}

type Answering = Pin<Box<dyn Future<Output = Result<SyncResponse, Problem>>>>;

/// A sync that the server is at.
pub struct Serving {
    letter: Letter,
    asked: SyncRequest,
    answering: Answering,
}

impl World {
    fn latency(&mut self) -> i64 {
        self.network.between(SECOND / 20, 3 * SECOND)
    }

    fn strikes(&self, fault: Fault) -> bool {
        self.sky.borrow_mut().strikes(fault)
    }

    pub fn send(&mut self, mut letter: Letter) {
        if self.strikes(Fault::RequestLost) {
            return self.note(|| format!("request {} is lost", letter.number));
        }
        if let Ask::Sync { body, whole, .. } = &mut letter.ask
            && self.sky.borrow_mut().strikes(Fault::RequestCut)
        {
            body.truncate(self.network.below(body.len()));
            *whole = false;
        }
        let mut delay = self.latency();
        if self.strikes(Fault::RequestDelayed) {
            delay += self.network.between(MINUTE, 20 * MINUTE);
        }
        if self.strikes(Fault::RequestTwice) {
            let later = delay + self.network.between(0, 5 * MINUTE);
            self.after(later, Event::Deliver(letter.clone()));
        }
        self.after(delay, Event::Deliver(letter));
    }

    fn reply(&mut self, phone: usize, number: u64, mut told: Told) {
        if self.strikes(Fault::AnswerLost) {
            return self.note(|| format!("answer {number} is lost"));
        }
        if let Told::Sync { body, whole, .. } = &mut told
            && self.sky.borrow_mut().strikes(Fault::AnswerCut)
        {
            body.truncate(self.network.below(body.len()));
            *whole = false;
        }
        let mut delay = self.latency();
        if self.strikes(Fault::AnswerDelayed) {
            delay += self.network.between(MINUTE, 10 * MINUTE);
        }
        if self.strikes(Fault::AnswerTwice) {
            let later = delay + self.network.between(0, 5 * MINUTE);
            self.after(later, Event::Hear(phone, number, told.clone()));
        }
        self.after(delay, Event::Hear(phone, number, told));
    }

    pub fn deliver(&mut self, letter: Letter) {
        // Nobody listens; the phone gives up by itself.
        if self.house.is_down() {
            return;
        }
        let (phone, number) = (letter.phone, letter.number);
        let told = match &letter.ask {
            Ask::Sync { token, body, whole } => match self.read_request(token, body, *whole) {
                Some(Ok((asked, answering))) => {
                    self.letters += 1;
                    let place = self.letters;
                    self.serving.insert(place, Serving { letter, asked, answering });
                    return self.serve(place);
                }
                Some(Err(problem)) => Some(Told::Problem(problem.kind)),
                None => None,
            },
            Ask::Refresh { token, signature } => {
                let shown = Shown { token: token.clone(), signature: *signature };
                self.refresh(&shown)
            }
            Ask::LogIn { key } => self.log_in(phone, *key),
            Ask::Reference { token } => self.reference(&token.clone()),
            Ask::Checklist { token, id, version } => self.checklist(&token.clone(), (&id.clone(), *version)),
        };
        if let Some(told) = told {
            self.reply(phone, number, told);
        }
    }

    /// None: the bytes were cut, and the connection with them.
    fn read_request(
        &mut self,
        token: &str,
        body: &[u8],
        whole: bool,
    ) -> Option<Result<(SyncRequest, Answering), Problem>> {
        let mut asked: SyncRequest = match (minicbor_serde::from_slice(body), whole) {
            (Ok(asked), true) => asked,
            (Err(error), true) => {
                self.blame(format!("the server can't read a whole request: {error}"));
                return None;
            }
            (Ok(_), false) => {
                self.blame("a request that was cut reads as a whole one");
                return None;
            }
            (Err(_), false) => return None,
        };
        if self.house.is_older() {
            // It misses the changes, and does not hear what the phone unpacks.
            if asked.push.iter().any(|push| push.slim.is_some()) {
                return Some(Err(Problem::new(Kind::BadRequest)));
            }
            asked.slim = 0;
        }
        let bearer = match self.house.bearer(token) {
            Ok(bearer) => bearer,
            Err(problem) => return Some(Err(problem)),
        };
        let (house, request) = (Rc::clone(&self.house), asked.clone());
        let answering: Answering = Box::pin(async move { exchange(&*house, bearer, request).await });
        Some(Ok((asked, answering)))
    }

    /// Goes on with a request until it is answered, or others are let in.
    pub fn serve(&mut self, place: u64) {
        let Some(mut serving) = self.serving.remove(&place) else { return };
        loop {
            let polled = serving.answering.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            if self.house.is_down() {
                return;
            }
            match polled {
                Poll::Ready(answer) => return self.answer(&serving, answer),
                Poll::Pending if self.strikes(Fault::StepsInterleaved) => {
                    self.serving.insert(place, serving);
                    let delay = self.network.between(SECOND, 3 * MINUTE);
                    return self.after(delay, Event::Serve(place));
                }
                Poll::Pending => {}
            }
        }
    }

    fn answer(&mut self, serving: &Serving, answer: Result<SyncResponse, Problem>) {
        let Serving { letter, asked, .. } = serving;
        let (phone, number) = (letter.phone, letter.number);
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(problem) if problem.kind == Kind::Internal => {
                return self.blame(format!("the server failed at request {number}: {problem}"));
            }
            Err(problem) => return self.reply(phone, number, Told::Problem(problem.kind)),
        };
        self.note(|| {
            let (acks, refused, jobs) = (answer.acks.len(), &answer.refused, answer.jobs.len());
            let codes: Vec<&str> = refused.iter().map(|refused| refused.code.as_str()).collect();
            let resync = if answer.resync { ", compare heads" } else { "" };
            let (from, to) = (asked.cursor.seq, answer.cursor.seq);
            format!("server answers {number} of phone {phone}: {acks} acks, {jobs} jobs, refused {codes:?}, {from}..{to}{resync}")
        });
        let heard = Ledger::hear(&mut self.ledger, &self.house, &answer);
        if let Err(wrong) = heard {
            return self.blame(wrong);
        }
        self.look_for_drift(letter, asked, &answer);
        if let Some(bug) = self.plan.bug {
            bug.in_answer(&mut answer, &mut self.earlier);
        }
        let body = minicbor_serde::to_vec(&answer).unwrap();
        self.reply(phone, number, Told::Sync { request: asked.id, body, whole: true });
    }

    /// A phone that agreed with the server, and was neither put back since nor lost anything to a refusal, has no reason to differ.
    fn look_for_drift(&mut self, letter: &Letter, asked: &SyncRequest, answer: &SyncResponse) {
        let handset = &mut self.phones[letter.phone];
        let is_awaited = handset.flight.is_some_and(|flight| flight.number == letter.number);
        let other_epoch = asked.cursor.epoch != answer.cursor.epoch && asked.cursor.epoch != 0;
        // What was refused meanwhile is taken where an older request comes last.
        let is_late = !is_awaited && self.ledger.was_refused(&answer.acks);
        if other_epoch || is_late || !answer.refused.is_empty() {
            handset.may_drift = true;
        }
        let compares = asked.push.is_empty() && asked.heads.is_none() && asked.cursor.epoch != 0;
        // What arrives a second time, long after, tells of a digest that was.
        if compares && is_awaited && answer.resync && !handset.may_drift {
            self.blame(format!("phone {} drifted from the server without a cause", letter.phone));
        } else if compares && is_awaited && !answer.resync && asked.cursor == answer.cursor {
            handset.may_drift = false;
        }
    }

    fn refresh(&mut self, shown: &Shown) -> Option<Told> {
        let (now, new) = (self.now, self.house.draw());
        let refreshed = self.house.command(|conn| sessions::refresh(conn, shown, &new, staff::term(now)))?;
        Some(match refreshed {
            Ok(Refreshed::Renewed(opened)) => {
                let session = staff::tokens(&self.house, &opened, &new, now, &mut self.network);
                Told::Session(None, Box::new(session))
            }
            Ok(Refreshed::Reused) => Told::Problem(Kind::SessionEnded),
            Err(problem) => self.refusal(&problem),
        })
    }

    fn log_in(&mut self, phone: usize, key: PublicKey) -> Option<Told> {
        let draw = Draw { session: self.house.draw(), device: self.house.draw(), refresh: self.house.draw() };
        let (hand, now) = (self.phones[phone].hand.clone(), self.now);
        let opened = match self.house.command(|conn| staff::log_in(conn, &hand, key, &draw, now))? {
            Ok(opened) => opened,
            Err(problem) => return Some(self.refusal(&problem)),
        };
        let session = staff::tokens(&self.house, &opened, &draw.refresh, now, &mut self.network);
        let identity = opened.device.map(|device| Box::new(staff::identity(&hand, device)));
        Some(Told::Session(identity, Box::new(session)))
    }

    fn reference(&mut self, token: &str) -> Option<Told> {
        let now = self.now;
        if let Err(problem) = self.house.bearer(token) {
            return Some(Told::Problem(problem.kind));
        }
        Some(match self.house.look(|conn| price_lists::reference(conn, now)) {
            Ok(mut reference) => {
                if let Some(bug) = self.plan.bug {
                    bug.in_checklists(&mut reference.templates);
                }
                Told::Reference(Box::new(reference))
            }
            Err(problem) => self.refusal(&problem),
        })
    }

    fn checklist(&mut self, token: &str, (id, version): (&str, u32)) -> Option<Told> {
        if let Err(problem) = self.house.bearer(token) {
            return Some(Told::Problem(problem.kind));
        }
        Some(match self.house.look(|conn| templates::find(conn, id, version)) {
            Ok(Some(checklist)) => Told::Checklist(Box::new(Template::clone(&checklist))),
            Ok(None) => Told::Problem(Kind::NotFound),
            Err(problem) => self.refusal(&problem),
        })
    }

    fn refusal(&mut self, problem: &Problem) -> Told {
        if problem.kind == Kind::Internal {
            self.blame(format!("the server failed: {problem}"));
        }
        Told::Problem(problem.kind)
    }

    /// The phone's own half of a planted bug.
    pub fn repeats_itself(&self) -> bool {
        self.is_planted(Bug::AppliedTwice)
    }
}
