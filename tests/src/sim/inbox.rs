//! Whoever decides: a dispatcher before the inbox, somebody who settles conflicts, a supervisor. And what must hold of their decisions.

use super::chance::Chance;
use super::house::House;
use super::office::Done;
use super::staff::Staff;
use super::world::{Event, World, short};
use schema::conflict::{CreateRuling, SettleConflict};
use schema::id::JobId;
use schema::inbox::{AdoptItems, InboxItem, ItemName, RejectItems, Standing};
use schema::problem::Problem;
use schema::rows::records::QuarantineDecisionRow;
use schema::time::{MINUTE, Timestamp};
use server::db::{self, quarantine::EntryFilter};
use server::domain::jobs::By;
use server::domain::quarantine::{self, decide, decided};
use server::domain::{conflicts, records};
use std::collections::BTreeSet;

/// Draws of their own, so that the others' stay as they were.
pub struct Deciders {
    chance: Chance,
    /// Which items are named, and in what order.
    naming: Chance,
}

impl Deciders {
    pub fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "deciders"), naming: Chance::of(seed, "naming") }
    }

    pub fn pause(&mut self) -> i64 {
        self.chance.between(4 * MINUTE, 15 * MINUTE)
    }

    fn by(&mut self, staff: &Staff, now: Timestamp) -> By {
        let callers = [&staff.dispatcher, &staff.second];
        let caller = (*self.chance.pick(&callers).unwrap()).clone();
        By { caller, now, random: self.chance.bytes() }
    }

    /// This item and some others that are open, in any order, and now and then one of them twice.
    fn name(&mut self, one: &InboxItem, shown: &[InboxItem]) -> Vec<ItemName> {
        let named = |item: &InboxItem| ItemName { change: item.change, path: item.path.clone() };
        let mut names = vec![named(one)];
        for item in shown.iter().filter(|item| item.standing == Standing::Open) {
            if self.naming.percent(40) {
                names.insert(self.naming.below(names.len() + 1), named(item));
            }
        }
        names
    }

    /// Adopts or rejects an entry, or some items of it; sometimes one that is decided already.
    pub fn decide(&mut self, house: &House, staff: &Staff, now: Timestamp) -> (&'static str, Done) {
        let entries = house.look(|conn| Ok(db::quarantine::list_entries(conn, EntryFilter::default(), 1_000)?));
        let Some(id) = self.chance.pick(&entries.unwrap_or_default()).map(|row| row.id) else {
            return ("finds the inbox empty", Some(Ok(())));
        };
        let by = self.by(staff, now);
        let shown = match house.look(|conn| quarantine::find(conn, &by.caller, id)) {
            Ok(shown) => shown.items,
            Err(problem) => return ("looks at an entry", Some(Err(problem))),
        };
        let some = self.chance.pick(&shown).filter(|item| item.standing == Standing::Open);
        let one = some.filter(|_| self.chance.percent(40));
        let items = one.map(|item| self.name(item, &shown));
        if self.chance.percent(65) {
            let input = AdoptItems { items, reason: None };
            return ("adopts", house.command(|conn| decide::adopt(conn, &by, id, &input).map(drop)));
        }
        let input = RejectItems { items, reason: "与现场不符".to_owned() };
        ("rejects", house.command(|conn| decide::reject(conn, &by, id, &input).map(drop)))
    }

    /// Chooses one of several values, or rules on what is no choice.
    pub fn settle(&mut self, house: &House, staff: &Staff, now: Timestamp, job: JobId) -> (&'static str, Done) {
        let by = self.by(staff, now);
        let Ok(found) = house.look(|conn| conflicts::find(conn, &by.caller, job)) else {
            return ("looks for a job that is gone", Some(Ok(())));
        };
        if let Some(matter) = self.chance.pick(&found.matters) {
            let of: Vec<_> = matter.entries.iter().map(|entry| entry.id.clone()).collect();
            let counts = self.chance.pick(&of).unwrap().clone();
            let input = CreateRuling { matter: matter.kind, counts, of, reason: "已向客户核实".to_owned() };
            return ("rules", house.command(|conn| conflicts::rule(conn, &by, job, &input).map(drop)));
        }
        let Some(conflict) = self.chance.pick(&found.conflicts) else { return ("finds no conflict", Some(Ok(()))) };
        let seen: Vec<_> = conflict.values.iter().map(|value| value.change).collect();
        let chosen = *self.chance.pick(&seen).unwrap();
        let input = SettleConflict { path: conflict.path.clone(), chosen, seen };
        ("settles", house.command(|conn| conflicts::settle(conn, &by, job, &input).map(drop)))
    }
}

impl World {
    pub fn decide(&mut self) {
        if !self.is_healing {
            let delay = self.deciders.pause();
            self.after(delay, Event::Decide);
        }
        if self.house.is_down() {
            return;
        }
        let (what, done) = self.deciders.decide(&self.house, &self.staff, self.now);
        self.judge(&format!("dispatch {what}"), done);
        let Some(job) = self.deciders.chance.pick(&self.office.jobs).copied() else { return };
        if self.house.is_down() {
            return;
        }
        let (what, done) = self.deciders.settle(&self.house, &self.staff, self.now, job);
        self.judge(&format!("office {what} {}", short(job)), done);
    }

    /// Each decision is on record once, under both names, and its author's phones know it.
    pub fn check_decisions(&self) -> Result<(), String> {
        let text = |problem: Problem| problem.to_string();
        let entries = self.house.look(|conn| Ok(db::quarantine::list_entries(conn, EntryFilter::default(), 10_000)?));
        for row in entries.map_err(text)? {
            let decisions = self.house.look(|conn| Ok(db::quarantine::list_decisions(conn, &[row.id])?));
            let decisions: Vec<QuarantineDecisionRow> = decisions.map_err(text)?;
            let Ok(view) = self.house.look(|conn| records::load(conn, row.job_id)?.view()) else { continue };
            for decision in &decisions {
                let named = view.adoptions.values().filter(|adoption| {
                    adoption.quarantine == row.id
                        && adoption.change == decision.change_hash
                        && adoption.places.contains(&decision.place)
                });
                let named: Vec<_> = named.collect();
                let [only] = named.as_slice() else {
                    return Err(format!("{} was decided about {} times on record", decision.place, named.len()));
                };
                let names = (only.outcome, only.writer, only.by);
                if names != (decision.outcome, row.person_id, decision.decided_by) {
                    return Err("a decision stands under other names on record".to_owned());
                }
            }
            let mut commands = BTreeSet::new();
            let mut of_entry = view.adoptions.values().filter(|adoption| adoption.quarantine == row.id);
            if let Some(twice) = of_entry.find(|a| !commands.insert((a.change, a.at, a.by))) {
                return Err(format!("one command wrote two entries about change {}", twice.change));
            }
            let adopted: usize =
                view.adoptions.values().filter(|a| a.quarantine == row.id).map(|a| a.places.len()).sum();
            if adopted != decisions.len() {
                return Err("the record knows of decisions that the inbox does not".to_owned());
            }
        }
        (0..self.phones.len()).try_for_each(|phone| self.check_told(phone))
    }

    fn check_told(&self, phone: usize) -> Result<(), String> {
        let handset = &self.phones[phone];
        if handset.is_locked_out || self.is_revoked(phone)? {
            return Ok(());
        }
        let Some(replica) = handset.replica() else { return Ok(()) };
        let decided = self.house.look(|conn| decided::of_person(conn, handset.hand.person, None));
        let known: BTreeSet<_> = replica.decisions().map(|known| known.decided.quarantine).collect();
        for one in decided.map_err(|problem| problem.to_string())? {
            let is_told = replica.decisions().any(|known| known.decided == one);
            if !is_told {
                let heard = known.contains(&one.quarantine);
                return Err(format!("phone {phone} was not told of a decision (heard of the entry: {heard})"));
            }
        }
        Ok(())
    }
}
