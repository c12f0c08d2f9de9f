//! Writing: edits become one change.

use super::places::{Path, Put, fit, puts_of, shape_at};
use super::value::{Misfit, Value};
use super::{ReadError, Record, first_bytes, to_actor, to_raw, unwinding};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, ChangeHash, ObjType, PatchLog, ROOT, ReadDoc};
use schema::binary::{Actor, Hash};
use schema::edit::Edit;
use schema::record::RawChange;
use schema::shape::{self, Shape};
use schema::time::{SECOND, Timestamp};

/// The edits were not written; the record is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the record is open already")]
    Open,
    #[error("the record was never opened")]
    NotOpen,
    #[error("something stands at {} already, and it is never changed", .0.join("/"))]
    Taken(Vec<String>),
    #[error("this can't stand at {}: {why}", path.join("/"))]
    Unfit { path: Vec<String>, why: String },
    #[error("the edits change nothing")]
    Nothing,
    #[error("the change {0} is not in this record")]
    Unknown(Hash),
    #[error("the document refused it: {0}")]
    Document(String),
}

impl From<AutomergeError> for WriteError {
    fn from(error: AutomergeError) -> Self {
        Self::Document(error.to_string())
    }
}

impl Record {
    /// Writes the edits as one change by this actor. `at` is the time that the change claims, to the second.
    pub fn write(&mut self, actor: Actor, at: Timestamp, edits: &[Edit]) -> Result<RawChange, WriteError> {
        self.commit(actor, None, at, edits)
    }

    /// The same by the office, which first makes the maps that a record of before was opened without: no phone may make one, and could write
    /// nothing there. Only on the record as it stands, so that none is made twice.
    pub fn write_completing(&mut self, actor: Actor, at: Timestamp, edits: &[Edit]) -> Result<RawChange, WriteError> {
        if self.maps().is_complete() || edits.iter().any(|edit| matches!(edit, Edit::Open { .. })) {
            return self.write(actor, at, edits);
        }
        let mut doc = self.doc.clone();
        doc.set_actor(ActorId::from(actor.as_slice()));
        self.commit_with(doc, |doc| {
            let mut transaction = doc.transaction();
            make_missing_maps(&mut transaction)?;
            write_edits(&mut transaction, edits)?;
            Ok(transaction.commit_with(options(at)).0)
        })
    }

    /// Writes the edits on an older state of the record, so that they are concurrent with everything since: an office edit made on
    /// an older view, or what was saved of a refused change. The actor is one made from `actor` where that has written since.
    pub fn write_at(
        &mut self,
        heads: &[Hash],
        actor: Actor,
        at: Timestamp,
        edits: &[Edit],
    ) -> Result<RawChange, WriteError> {
        let known = self.known(heads).map_err(|error| match error {
            ReadError::Unknown(hash) => WriteError::Unknown(hash),
            ReadError::Misshapen(misfit) => WriteError::Document(misfit.to_string()),
        })?;
        let mut sorted = heads.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted == self.heads() {
            return self.write(actor, at, edits);
        }
        let actor = self.actor_at(&known, &sorted, actor);
        self.commit(actor, Some(&known), at, edits)
    }

    /// This actor where it has written nothing but what these heads build on, else one made from it that has never written.
    /// Automerge would make one of more than 16 bytes.
    fn actor_at(&self, known: &[ChangeHash], sorted: &[Hash], actor: Actor) -> Actor {
        let actors = |since: &[ChangeHash]| -> Vec<Actor> {
            self.doc.get_changes_meta(since).iter().filter_map(|change| to_actor(&change.actor)).collect()
        };
        if !actors(known).contains(&actor) {
            return actor;
        }
        let taken = actors(&[]);
        let mut candidate = actor;
        while taken.contains(&candidate) {
            let parts = [b"field-service concurrent".as_slice(), candidate.as_slice()];
            candidate = first_bytes(Hash::of_all(parts.into_iter().chain(sorted.iter().map(Hash::as_slice))));
        }
        candidate
    }

    fn commit(
        &mut self,
        actor: Actor,
        heads: Option<&[ChangeHash]>,
        at: Timestamp,
        edits: &[Edit],
    ) -> Result<RawChange, WriteError> {
        let mut doc = self.doc.clone();
        doc.set_actor(ActorId::from(actor.as_slice()));
        self.commit_with(doc, |doc| {
            let mut transaction = match heads {
                None => doc.transaction(),
                Some(heads) => doc
                    .transaction_at(PatchLog::inactive(), heads)
                    .map_err(|error| WriteError::Document(error.to_string()))?,
            };
            write_edits(&mut transaction, edits)?;
            Ok(transaction.commit_with(options(at)).0)
        })
    }

    /// Takes over what `write` wrote into a copy of the document.
    fn commit_with(
        &mut self,
        mut doc: Automerge,
        write: impl FnOnce(&mut Automerge) -> Result<Option<ChangeHash>, WriteError>,
    ) -> Result<RawChange, WriteError> {
        let committed = unwinding(|| write(&mut doc)).map_err(WriteError::Document)??;
        let hash = committed.ok_or(WriteError::Nothing)?;
        let change =
            doc.get_change_by_hash(&hash).ok_or_else(|| WriteError::Document("the change is lost".to_owned()))?;
        *self = self.advanced(doc);
        Ok(to_raw(&change))
    }
}

fn options(at: Timestamp) -> CommitOptions {
    CommitOptions::default().with_time(at.micros().div_euclid(SECOND))
}

fn make_missing_maps(transaction: &mut Transaction<'_>) -> Result<(), WriteError> {
    if transaction.get(ROOT, "meta")?.is_none() {
        return Err(WriteError::NotOpen);
    }
    for map in shape::maps() {
        if transaction.get(ROOT, map)?.is_none() {
            transaction.put_object(ROOT, map, ObjType::Map)?;
        }
    }
    Ok(())
}

fn unfit(path: &Path, Misfit(why): Misfit) -> WriteError {
    WriteError::Unfit { path: path.clone(), why }
}

fn write_edits(transaction: &mut Transaction<'_>, edits: &[Edit]) -> Result<(), WriteError> {
    if edits.iter().any(|edit| matches!(edit, Edit::Open { .. })) {
        if transaction.get(ROOT, "meta")?.is_some() {
            return Err(WriteError::Open);
        }
        for map in shape::maps() {
            transaction.put_object(ROOT, map, ObjType::Map)?;
        }
    }
    // Of several writes to one place only the last is written: nobody could ever see the others.
    let mut puts: Vec<Put> = Vec::new();
    for put in edits.iter().map(|edit| puts_of(edit).map_err(|misfit| unfit(&Vec::new(), misfit))) {
        for put in put? {
            match puts.iter_mut().find(|(path, _)| *path == put.0) {
                Some((path, _)) if is_once(path) => return Err(WriteError::Taken(put.0)),
                Some(earlier) => *earlier = put,
                None => puts.push(put),
            }
        }
    }
    puts.iter().try_for_each(|put| write_place(transaction, put))
}

/// Of several values that stand here, the one that shows is chosen: written as it is, Automerge would only delete the others, and
/// somebody who chose another of them at the same time would win in silence. So another is written first.
fn write_anew(
    transaction: &mut Transaction<'_>,
    map: &automerge::ObjId,
    key: &str,
    chosen: &automerge::ScalarValue,
) -> Result<(), AutomergeError> {
    let all = transaction.get_all(map, key)?;
    let scalar = |value: &automerge::Value<'_>| value.as_scalar().cloned();
    let shows = all.last().and_then(|(value, _)| scalar(value));
    if all.len() > 1 && shows.as_ref() == Some(chosen) {
        let other = all.iter().filter_map(|(value, _)| scalar(value)).find(|other| other != chosen);
        if let Some(other) = other {
            transaction.put(map, key, other)?;
        }
    }
    Ok(())
}

fn is_office_map(name: &str) -> bool {
    matches!(shape::RECORD.child(name), Some(Shape::Each(_, Shape::Once(shape::Writers::Office, _))))
}

fn is_once(path: &[String]) -> bool {
    matches!(shape_at(path), Some(Shape::Once(..)))
}

fn write_place(transaction: &mut Transaction<'_>, (path, value): &Put) -> Result<(), WriteError> {
    let (map, key) = match path.as_slice() {
        [key] => (None, key),
        [map, key] => (Some(map.as_str()), key),
        _ => return Err(unfit(path, Misfit("there is no such place".to_owned()))),
    };
    let map = match map {
        None => ROOT,
        Some(name) => match transaction.get(ROOT, name)? {
            Some((automerge::Value::Object(ObjType::Map), id)) => id,
            // A map of the office's that older records were opened without. Nobody else writes it, and the office never at two heads.
            None if is_office_map(name) && transaction.get(ROOT, "meta")?.is_some() => {
                transaction.put_object(ROOT, name, ObjType::Map)?
            }
            _ => return Err(WriteError::NotOpen),
        },
    };
    let Some(value) = value else {
        return Ok(transaction.delete(&map, key.as_str())?);
    };
    fit(path, value, None).map_err(|why| WriteError::Unfit { path: path.clone(), why: why.to_string() })?;
    if is_once(path) && transaction.get(&map, key.as_str())?.is_some() {
        return Err(WriteError::Taken(path.clone()));
    }
    match value {
        Value::Map(_) | Value::List(_) => {
            transaction.batch_create_object(&map, key.as_str(), &value.to_hydrated(), false)?;
        }
        Value::Text(_) | Value::Int(_) | Value::Bytes(_) => {
            let scalar = value.to_scalar().unwrap_or(automerge::ScalarValue::Null);
            write_anew(transaction, &map, key, &scalar)?;
            transaction.put(&map, key.as_str(), scalar)?;
        }
    }
    Ok(())
}
