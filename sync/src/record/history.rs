//! What happened to a record: concurrent values, and every change with what stood there before and after.

use super::maps::Maps;
use super::places::{Path, json_at, shape_at};
use super::value::read_value;
use super::{Record, to_actor, to_hash};
use automerge::legacy::Key;
use automerge::{Change, ChangeHash, ObjId, ReadDoc};
use schema::binary::{Actor, Hash};
use schema::record::{Conflict, ConflictValue};
use schema::shape::Shape;
use schema::time::{SECOND, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    pub hash: Hash,
    pub actor: Actor,
    pub seq: u64,
    /// As the author's device claims, in whole seconds.
    pub at: Timestamp,
    pub touched: Vec<Touch>,
}

/// A place that a change wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Touch {
    pub path: Vec<String>,
    /// What its author saw there; None where there was nothing.
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

impl Record {
    /// All places where concurrent writes left more than one value, the one that shows first. Two who wrote the same do not
    /// contradict each other, and what is written once is nobody's to choose.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let maps = self.maps();
        maps.all().flat_map(|(name, map)| self.conflicts_in(name, map)).collect()
    }

    /// Which change names each of these photos, by its SHA-256 in hex; nothing of those that are not named.
    pub fn photo_changes<'a>(&self, photos: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, Hash> {
        let maps = self.maps();
        let Some(map) = maps.object("photos") else { return BTreeMap::new() };
        let change = |photo: &str| {
            let (_, id) = self.doc.get(map, photo).ok()??;
            Some(to_hash(&self.doc.hash_for_opid(&id)?))
        };
        photos.filter_map(|photo| Some((photo, change(photo)?))).collect()
    }

    fn conflicts_in(&self, name: Option<&str>, map: &ObjId) -> Vec<Conflict> {
        let keys = self.doc.map_range(map, ..).filter(|item| item.conflict).map(|item| item.key.into_owned());
        let path = |key: String| name.into_iter().map(str::to_owned).chain([key]).collect::<Path>();
        let conflict =
            |key: String| Conflict { values: self.values_at(map, &key, &path(key.clone())), path: path(key) };
        keys.map(conflict).filter(|found| is_settled_by_choice(&found.path) && differ(&found.values)).collect()
    }

    pub(super) fn values_at(&self, map: &ObjId, key: &str, path: &Path) -> Vec<ConflictValue> {
        let all = self.doc.get_all(map, key).unwrap_or_default();
        self.shown(&all, path, None)
    }

    /// The values with who wrote them, the one that shows first.
    pub(super) fn shown(
        &self,
        all: &[(automerge::Value<'_>, ObjId)],
        path: &Path,
        heads: Option<&[ChangeHash]>,
    ) -> Vec<ConflictValue> {
        let value = |(value, id): &(automerge::Value<'_>, ObjId)| {
            let ObjId::Id(_, actor, _) = id else { return None };
            let read = read_value(&self.doc, value, id, heads).ok()?;
            Some(ConflictValue {
                value: json_at(path, &read),
                actor: to_actor(actor)?,
                change: to_hash(&self.doc.hash_for_opid(id)?),
            })
        };
        all.iter().rev().filter_map(value).collect()
    }

    /// Every change in causal order, with the places that it wrote.
    pub fn history(&self) -> Vec<HistoryEntry> {
        let maps = self.maps();
        self.doc.get_changes(&[]).iter().filter_map(|change| self.history_entry(&maps, change)).collect()
    }

    fn history_entry(&self, maps: &Maps, change: &Change) -> Option<HistoryEntry> {
        Some(HistoryEntry {
            hash: to_hash(&change.hash()),
            actor: to_actor(change.actor_id())?,
            seq: change.seq(),
            at: Timestamp::from_micros(change.timestamp().saturating_mul(SECOND)),
            touched: touched(maps, change).into_iter().map(|path| self.touch(maps, change, path)).collect(),
        })
    }

    fn touch(&self, maps: &Maps, change: &Change, path: Path) -> Touch {
        let value_at = |heads: &[ChangeHash]| {
            let (map, key) = maps.place(&path)?;
            let (value, id) = self.doc.get_at(map, key, heads).ok()??;
            Some(json_at(&path, &read_value(&self.doc, &value, &id, Some(heads)).ok()?))
        };
        let before = if change.deps().is_empty() { None } else { value_at(change.deps()) };
        Touch { before, after: value_at(&[change.hash()]), path }
    }
}

/// Whether what stands at the place may be written again, so that somebody can choose.
pub(super) fn is_settled_by_choice(path: &[String]) -> bool {
    matches!(shape_at(path), Some(Shape::Latest(..) | Shape::Register(..)))
}

pub(super) fn differ(values: &[ConflictValue]) -> bool {
    values.first().is_some_and(|first| values.iter().any(|other| other.value != first.value))
}

/// Paths that the change wrote, in their order. Operations inside an entry belong to the entry, which is written whole.
fn touched(maps: &Maps, change: &Change) -> BTreeSet<Path> {
    let path = |op: &automerge::legacy::Op| {
        let Key::Map(key) = &op.key else { return None };
        let path: Path = match &op.obj {
            automerge::legacy::ObjectId::Root => vec![key.to_string()],
            automerge::legacy::ObjectId::Id(id) => {
                vec![maps.name(id.counter(), to_actor(id.actor())?)?.to_owned(), key.to_string()]
            }
        };
        let is_place = matches!(shape_at(&path)?, Shape::Once(..) | Shape::Latest(..) | Shape::Register(..));
        is_place.then_some(path)
    };
    change.decode().operations.iter().filter_map(path).collect()
}
