//! How conflicts end. Nobody notes a settlement: whoever writes a place where two values stand, and saw both, has settled it; so who did,
//! when, what there was and what was chosen follow from the changes, and nobody can claim otherwise.
//!
//! Two who settle differently without knowing of each other leave two values again: the value that shows is written anew too
//! ([`super::write`]), so that neither choice is lost in silence.

use super::Record;
use super::history::{differ, is_settled_by_choice};
use super::maps::Maps;
use super::places::{Path, fit, json_at};
use super::value::read_value;
use super::{to_actor, to_hash};
use automerge::legacy::{Key, ObjectId};
use automerge::{Change, ChangeHash, ObjId, ReadDoc};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::EntryId;
use schema::record::{JobRecord, Matter, MatterKind, Settlement};
use schema::time::{SECOND, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

impl Record {
    /// Every conflict that somebody ended, in causal order.
    pub fn settlements(&self) -> Vec<Settlement> {
        let maps = self.maps();
        self.doc.get_changes(&[]).iter().flat_map(|change| self.settled_by(&maps, change)).collect()
    }

    fn settled_by(&self, maps: &Maps, change: &Change) -> Vec<Settlement> {
        let paths = replaces(maps, change);
        paths.into_iter().filter_map(|path| self.settlement(maps, change, path)).collect()
    }

    fn settlement(&self, maps: &Maps, change: &Change, path: Path) -> Option<Settlement> {
        let (map, key) = maps.place(&path)?;
        let all = self.doc.get_all_at(map, key, change.deps()).ok()?;
        let values = self.shown(&all, &path, Some(change.deps()));
        if !differ(&values) {
            return None;
        }
        let heads = [change.hash()];
        let after = self.doc.get_at(map, key, &heads).ok()?;
        let value =
            after.and_then(|(value, id)| Some(json_at(&path, &read_value(&self.doc, &value, &id, Some(&heads)).ok()?)));
        let chosen = values.iter().find(|candidate| Some(&candidate.value) == value.as_ref());
        Some(Settlement {
            chosen: chosen.map(|candidate| candidate.change),
            path,
            values,
            value,
            actor: to_actor(change.actor_id())?,
            change: to_hash(&change.hash()),
            at: Timestamp::from_micros(change.timestamp().saturating_mul(SECOND)),
        })
    }

    /// The edit that settles the conflict at this place on what this change wrote; None where that is none of its values.
    pub fn settling_edit(&self, path: &[String], chosen: Hash) -> Option<Edit> {
        let maps = self.maps();
        let (map, key) = maps.place(path)?;
        let all = self.doc.get_all(map, key).ok()?;
        if all.len() < 2 || !is_settled_by_choice(path) {
            return None;
        }
        let (value, id) =
            all.iter().find(|(_, id)| self.doc.hash_for_opid(id).is_some_and(|h| to_hash(&h) == chosen))?;
        fit(path, &read_value(&self.doc, value, id, None).ok()?, None).ok()?
    }

    /// What no merge may settle and nobody has ruled on. `view` is how the record reads.
    pub fn matters(&self, view: &JobRecord) -> Vec<Matter> {
        MatterKind::ALL.iter().filter_map(|kind| self.matter(view, *kind)).collect()
    }

    fn matter(&self, view: &JobRecord, kind: MatterKind) -> Option<Matter> {
        let rivals = view.rivals(kind);
        if rivals.len() < 2 {
            return None;
        }
        let seen = self.seen_by(kind, &rivals);
        let knows = |one: &EntryId, other: &EntryId| seen.get(one).is_some_and(|known| known.contains(other));
        let unaware = |one: &&&EntryId| {
            rivals.iter().any(|other| {
                *other != **one && !knows(one, other) && !knows(other, one) && !view.agree(kind, one, other)
            })
        };
        let entries: Vec<EntryId> = rivals.iter().filter(unaware).map(|id| (*id).clone()).collect();
        (!entries.is_empty()).then_some(Matter { kind, entries })
    }

    /// Which of these entries stood in the record that each was written on.
    fn seen_by(&self, kind: MatterKind, entries: &[&EntryId]) -> BTreeMap<EntryId, BTreeSet<EntryId>> {
        let name = match kind {
            MatterKind::Consent => "consents",
            MatterKind::SignOff => "sign_offs",
            MatterKind::Charge => "charges",
            // The gate sees to it that neither was written where the other was known.
            MatterKind::Withdrawal => return BTreeMap::new(),
        };
        let maps = self.maps();
        let Some(map) = maps.object(name) else { return BTreeMap::new() };
        let seen = |entry: &&EntryId| {
            let (_, id) = self.doc.get(map, entry.as_str()).ok()??;
            let change = self.doc.get_change_by_hash(&self.doc.hash_for_opid(&id)?)?;
            let stood = entries.iter().filter(|other| self.stood(map, other, change.deps()));
            Some(((*entry).clone(), stood.map(|other| (*other).clone()).collect()))
        };
        entries.iter().filter_map(seen).collect()
    }

    fn stood(&self, map: &ObjId, entry: &EntryId, heads: &[ChangeHash]) -> bool {
        self.doc.get_at(map, entry.as_str(), heads).is_ok_and(|found| found.is_some())
    }
}

/// The places where a change replaced more than one value, or deleted one beside another.
fn replaces(maps: &Maps, change: &Change) -> BTreeSet<Path> {
    let path = |op: &automerge::legacy::Op| {
        let is_deletion = matches!(op.action, automerge::legacy::OpType::Delete);
        if op.pred.len() < if is_deletion { 1 } else { 2 } {
            return None;
        }
        let (Key::Map(key), ObjectId::Id(id)) = (&op.key, &op.obj) else { return None };
        let path: Path = vec![maps.name(id.counter(), to_actor(id.actor())?)?.to_owned(), key.to_string()];
        is_settled_by_choice(&path).then_some(path)
    };
    change.decode().operations.iter().filter_map(path).collect()
}
