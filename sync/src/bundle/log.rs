//! The changes of a bundle, checked one by one before any of them comes near a document. Automerge sets itself no limits and trusts
//! what it reads, so everything that could hurt it is refused here: by the gate's own parser, and by what the changes before say.

use super::line::ChangeLine;
use super::read::Place;
use super::{CHANGES_BYTES_MAX, CHANGES_MAX, Misfit, OPS_MAX};
use crate::admit::Limits;
use crate::admit::chunk::Chunk;
use crate::admit::columns::{Action, Id, Key, Op};
use schema::binary::{Actor, Bytes, Hash};
use schema::limits::{CHANGE_INFLATED_BYTES_MAX, RECORD_DEPTH_MAX};
use schema::shape::{RECORD, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The log as far as it was read.
#[derive(Default)]
pub(super) struct Log {
    pub(super) entries: Vec<Entry>,
    by_hash: HashMap<Hash, usize>,
    writers: HashMap<Vec<String>, usize>,
    actors: BTreeMap<Actor, Last>,
    ops: HashSet<Id>,
    objects: HashMap<Id, Object>,
    heads: BTreeSet<Hash>,
    bytes: usize,
}

/// One change of the log.
pub(super) struct Entry {
    pub(super) line: ChangeLine,
    pub(super) deps: Vec<Hash>,
    /// Places of the record that it writes.
    pub(super) places: Vec<Vec<String>>,
    max_op: u64,
}

struct Last {
    seq: u64,
    max_op: u64,
}

struct Object {
    depth: usize,
    /// The path of what stands right under the root.
    path: Vec<String>,
}

/// Why a change can't be what it says: field, in Chinese, in English.
type Refusal = (&'static str, String, String);

fn refuse<T>(field: &'static str, zh: &str, en: &str) -> Result<T, Refusal> {
    Err((field, zh.to_owned(), en.to_owned()))
}

impl Log {
    pub(super) fn find(&self, hash: Hash) -> Option<&Entry> {
        self.entries.get(*self.by_hash.get(&hash)?)
    }

    pub(super) fn position(&self, hash: Hash) -> Option<usize> {
        self.by_hash.get(&hash).copied()
    }

    /// Sorted.
    pub(super) fn heads(&self) -> Vec<Hash> {
        self.heads.iter().copied().collect()
    }

    pub(super) fn bytes(&self) -> Vec<Bytes> {
        self.entries.iter().map(|entry| entry.line.bytes.clone()).collect()
    }

    pub(super) fn push(&mut self, line: ChangeLine, place: &Place) -> Result<(), Misfit> {
        let entry = self.check(line).map_err(|(field, zh, en)| place.field(field, zh, en))?;
        let hash = entry.line.hash;
        self.heads.retain(|head| !entry.deps.contains(head));
        self.heads.insert(hash);
        self.bytes += entry.line.bytes.0.len();
        self.actors.insert(entry.line.actor, Last { seq: entry.line.seq, max_op: entry.max_op });
        let at = self.entries.len();
        self.by_hash.insert(hash, at);
        for place in &entry.places {
            self.writers.entry(place.clone()).or_insert(at);
        }
        self.entries.push(entry);
        Ok(())
    }

    fn check(&mut self, line: ChangeLine) -> Result<Entry, Refusal> {
        if self.entries.len() >= CHANGES_MAX || self.bytes + line.bytes.0.len() > CHANGES_BYTES_MAX {
            return refuse("pos", "改动过多，超出上限", "there are more changes than a record may have");
        }
        if usize::try_from(line.pos) != Ok(self.entries.len()) {
            return refuse("pos", "序号不连续", "the places of the log are not without a gap");
        }
        let limits = Limits {
            change_bytes_max: CHANGE_INFLATED_BYTES_MAX,
            inflated_bytes_max: CHANGE_INFLATED_BYTES_MAX,
            ..Limits::default()
        };
        let malformed =
            |why: &str| ("bytes", format!("改动的内容不合格式：{why}"), format!("this is no change: {why}"));
        let chunk = Chunk::open(&line.bytes.0, &limits).map_err(|why| malformed(why.0))?;
        if chunk.bytes != line.bytes.0 {
            return refuse("bytes", "改动应以未压缩的形式存放", "a bundle holds changes uncompressed");
        }
        if chunk.hash != line.hash {
            return refuse("hash", "与改动内容算出的哈希值不符", "this is not the hash of the change's bytes");
        }
        let header = chunk.header().map_err(|why| malformed(why.0))?;
        if header.actor != line.actor {
            return refuse("actor", "与改动内容中的写入者不符", "the change's bytes name another actor");
        }
        if header.seq != line.seq {
            return refuse("seq", "与改动内容中的序号不符", "the change's bytes name another number");
        }
        self.check_order(&line, &header.deps)?;
        let mut columns = header.columns(&limits).map_err(|why| malformed(why.0))?;
        let rows = columns.rows();
        let max_op = header.start_op.checked_add(rows).map_or(u64::MAX, |end| end - 1);
        if self.first_op_min(&line, &header.deps) > header.start_op || max_op > u64::from(u32::MAX) {
            return refuse(
                "bytes",
                "操作计数与其依据的改动矛盾",
                "its operations are numbered as none of its time could be",
            );
        }
        if self.ops.len().saturating_add(usize::try_from(rows).unwrap_or(usize::MAX)) > OPS_MAX {
            return refuse("bytes", "操作过多，超出上限", "there are more operations than a record may have");
        }
        let mut places = BTreeSet::new();
        for counter in header.start_op..=max_op {
            let op = columns.next_op(&header.actors).map_err(|why| malformed(why.0))?;
            let written = self.take(Id { counter, actor: line.actor }, &op);
            places.extend(written.map_err(|(zh, en)| ("bytes", zh.to_owned(), en.to_owned()))?);
        }
        let deps = header.deps;
        Ok(Entry { line, deps, places: places.into_iter().collect(), max_op })
    }

    /// Nothing twice, each actor's numbers without a gap, nothing before what it builds on.
    fn check_order(&self, line: &ChangeLine, deps: &[Hash]) -> Result<(), Refusal> {
        if self.by_hash.contains_key(&line.hash) {
            return refuse("hash", "同一改动出现两次", "this change stands in the log already");
        }
        let last = self.actors.get(&line.actor).map_or(0, |last| last.seq);
        if Some(line.seq) != last.checked_add(1) {
            return refuse("seq", "同一写入者的序号不连续", "this actor's numbers are not without a gap");
        }
        if !deps.iter().all(|dep| self.by_hash.contains_key(dep)) {
            return refuse(
                "bytes",
                "它依据的改动不在此前的日志里",
                "it builds on a change that does not stand before it",
            );
        }
        Ok(())
    }

    /// The lowest number that its first operation can have.
    fn first_op_min(&self, line: &ChangeLine, deps: &[Hash]) -> u64 {
        let before = deps.iter().filter_map(|dep| self.find(*dep)).map(|entry| entry.max_op);
        let own = self.actors.get(&line.actor).map(|last| last.max_op);
        before.chain(own).max().unwrap_or(0).saturating_add(1)
    }

    /// Notes one operation; answers the place that it writes, where it writes one. Deeper objects belong to the entry they stand in.
    fn take(&mut self, id: Id, op: &Op<'_>) -> Result<Option<Vec<String>>, (&'static str, &'static str)> {
        const UNKNOWN: (&str, &str) = ("它改的对象不存在", "it writes into an object that is not there");
        let (depth, under) = match op.object {
            None => (0, Vec::new()),
            Some(object) => self.objects.get(&object).map(|o| (o.depth, o.path.clone())).ok_or(UNKNOWN)?,
        };
        let path = match &op.key {
            Key::Name(key) if depth < 2 => under.into_iter().chain([(*key).to_owned()]).collect(),
            Key::After(element) if !self.ops.contains(element) => return Err(UNKNOWN),
            _ => under,
        };
        if op.pred.iter().any(|pred| !self.ops.contains(pred)) {
            return Err(("它替换的内容不存在", "it replaces what is not there"));
        }
        let is_object = matches!(op.action, Action::MakeMap | Action::MakeList);
        if is_object {
            if depth >= RECORD_DEPTH_MAX {
                return Err(("对象嵌套过深", "objects lie too deep in one another"));
            }
            self.objects.insert(id, Object { depth: depth + 1, path: path.clone() });
        }
        self.ops.insert(id);
        let is_map = match path.as_slice() {
            [name] => matches!(RECORD.child(name), Some(Shape::Fields(_) | Shape::Each(..))),
            _ => false,
        };
        Ok((depth < 2 && !is_map).then_some(path))
    }

    /// Which entries the heads name and build on, by their place in the log.
    pub(super) fn covered(&self, heads: &[Hash]) -> Vec<bool> {
        let mut covered = vec![false; self.entries.len()];
        let mut open: Vec<usize> = heads.iter().filter_map(|hash| self.position(*hash)).collect();
        while let Some(at) = open.pop() {
            let Some(seen) = covered.get_mut(at) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            let deps = self.entries.get(at).map(|entry| entry.deps.as_slice()).unwrap_or_default();
            open.extend(deps.iter().filter_map(|dep| self.position(*dep)));
        }
        covered
    }

    /// The change that first wrote an entry of the record.
    pub(super) fn writer(&self, map: &str, key: &str) -> Option<&Entry> {
        self.entries.get(*self.writers.get([map.to_owned(), key.to_owned()].as_slice())?)
    }
}
