//! Reading what was refused, for whoever decides about it: which places it wrote, and which edits that amounts to. Nothing is applied and
//! nothing believed; places are known by the record's maps alone, so that a change whose predecessors are lost reads as well.
//!
//! The bytes may be hostile. They go through the gate's own parser with its limits, and never near Automerge.

use super::chunk::{Chunk, Header};
use super::columns::{Action, Id, Key, Op};
use super::judge::comes_from_a_phone;
use super::nodes::Nodes;
use super::{Fault, Limits};
use crate::record::Record;
use crate::record::maps::Maps;
use crate::record::places::{Path, Unfit, fit, json_at, shape_at};
use crate::record::value::Value;
use schema::binary::{Actor, Bytes, Hash};
use schema::edit::Edit;
use schema::id::PersonId;
use schema::shape::{Shape, Writers};
use schema::time::Timestamp;

/// A refused change, as far as it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    pub hash: Hash,
    pub actor: Actor,
    pub seq: u64,
    /// As its author's device claims, in whole seconds.
    pub at: Timestamp,
    /// The last write of each place, in the order of the operations.
    pub writes: Vec<DecodedWrite>,
}

/// One place that a refused change wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedWrite {
    pub path: Vec<String>,
    /// None for a deletion.
    pub value: Option<serde_json::Value>,
    /// The edit that writes it, or why nobody but the office could.
    pub edit: Result<Edit, Unwritable>,
}

/// Why a write of a phone's can't be taken over by anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritable {
    /// A place of the office's, or an entry that only the customer's link or the desk makes.
    Office,
    /// It names another author than the phone's owner.
    Author,
    /// Nothing can be deleted.
    Deletion,
    /// There is no such place, or the value does not fit it.
    Unfit(String),
}

/// Reads the changes one by one. One that does not read is left out; the record lends nothing but the names of its maps.
pub fn decode(record: &Record, person: PersonId, changes: &[Bytes], limits: &Limits) -> Vec<Decoded> {
    let maps = record.maps();
    changes.iter().filter_map(|bytes| decode_one(&maps, person, bytes, limits).ok()).collect()
}

fn decode_one(maps: &Maps, person: PersonId, bytes: &Bytes, limits: &Limits) -> Result<Decoded, Fault> {
    let chunk = Chunk::open(&bytes.0, limits)?;
    let header = chunk.header()?;
    let writes = writes(maps, &header, limits)?;
    let writes = writes.into_iter().map(|(path, value)| decoded(path, value.as_ref(), person)).collect();
    Ok(Decoded { hash: chunk.hash, actor: header.actor, seq: header.seq, at: header.at, writes })
}

enum Content {
    Scalar(Value),
    Object(Id),
    Nothing,
}

fn writes(maps: &Maps, header: &Header<'_>, limits: &Limits) -> Result<Vec<(Path, Option<Value>)>, Fault> {
    let mut columns = header.columns(limits)?;
    let (mut nodes, mut found): (Nodes, Vec<(Path, Content)>) = Default::default();
    let rows = usize::try_from(columns.rows()).unwrap_or(0);
    for counter in (header.start_op..=u64::MAX).take(rows) {
        let id = Id { counter, actor: header.actor };
        let op = columns.next_op(&header.actors)?;
        if let Some(object) = op.object.filter(|object| nodes.has(*object)) {
            nodes.take(id, object, op)?;
            continue;
        }
        let path = path_of(maps, &op);
        let content = match op.action {
            Action::Put(value) => Content::Scalar(value),
            Action::Delete => Content::Nothing,
            Action::MakeMap | Action::MakeList => {
                nodes.start(id, op.action == Action::MakeList, 1)?;
                Content::Object(id)
            }
        };
        // What lies inside an entry that an earlier change made has no place of its own.
        if let Some(path) = path {
            found.retain(|(earlier, _)| *earlier != path);
            found.push((path, content));
        }
    }
    let value = |content| match content {
        Content::Scalar(value) => Some(value),
        Content::Object(id) => Some(nodes.value(id)),
        Content::Nothing => None,
    };
    Ok(found.into_iter().map(|(path, content)| (path, value(content))).collect())
}

fn path_of(maps: &Maps, op: &Op<'_>) -> Option<Path> {
    let Key::Name(key) = op.key else { return None };
    match op.object {
        None => Some(vec![key.to_owned()]),
        Some(object) => Some(vec![maps.name(object.counter, object.actor)?.to_owned(), key.to_owned()]),
    }
}

fn decoded(path: Path, value: Option<&Value>, person: PersonId) -> DecodedWrite {
    let edit = match value {
        None => Err(Unwritable::Deletion),
        Some(value) => edit_of(&path, value, person),
    };
    let value = value.map(|value| json_at(&path, value));
    DecodedWrite { path, value, edit }
}

fn edit_of(path: &[String], value: &Value, person: PersonId) -> Result<Edit, Unwritable> {
    if let Some(
        Shape::Once(Writers::Office, _) | Shape::Latest(Writers::Office, _) | Shape::Register(Writers::Office, _),
    ) = shape_at(path)
    {
        return Err(Unwritable::Office);
    }
    match fit(path, value, Some(person)) {
        Ok(Some(edit)) if comes_from_a_phone(&edit) => Ok(edit),
        Ok(_) => Err(Unwritable::Office),
        Err(why) if *why.root() == Unfit::NotTheAuthor => Err(Unwritable::Author),
        Err(why) => Err(Unwritable::Unfit(why.to_string())),
    }
}
