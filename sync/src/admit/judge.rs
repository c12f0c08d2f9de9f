//! One change against the document at its base: what each operation writes, whether it could have been written there, and whether
//! this person may. Judged is the operation's path, not its effect: a write that loses against another has no effect, and comes back
//! when the winner is deleted.
//!
//! Two kinds of verdict: a [`Fault`] means that no client of ours wrote the change, and nothing of it can be used. A place that this
//! person may not write is noted ([`Judged::denied`]), and the rest of the change can be saved.

use super::bytes::Malformed;
use super::columns::{Action, Id, Key, Op};
use super::nodes::Nodes;
use super::{Denied, Fault};
use crate::record::maps::Maps;
use crate::record::places::{Path, Unfit, fit, json_at, shape_at};
use crate::record::to_actor;
use crate::record::value::{Value, read_value};
use automerge::{ActorId, Automerge, ChangeHash, ObjId, Prop, ROOT, ReadDoc};
use schema::binary::Actor;
use schema::edit::Edit;
use schema::id::PersonId;
use schema::record::{How, ReplyKind};
use schema::shape::{Shape, Writers};
use schema::time::Timestamp;
use schema::wire::RefusalCode;
use std::collections::{BTreeMap, BTreeSet};

/// Writes to one place in one change. Our own clients write each place once.
const WRITES_MAX: usize = 8;

/// What a change amounts to.
#[derive(Default)]
pub(crate) struct Judged {
    /// What it writes where it may, in order.
    pub(crate) edits: Vec<Edit>,
    pub(crate) denied: Vec<Denied>,
    /// The operation that shows afterwards, at each place written.
    pub(crate) shown: BTreeMap<Path, Id>,
    /// When its entries say that they were made, but for ticks of old that it settles on.
    pub(crate) said_at: Vec<Timestamp>,
    /// How many operations it has.
    pub(crate) rows: u64,
}

/// What the change's author saw: the document at some heads, and over it what was judged since but not applied yet.
pub(crate) struct Base<'a> {
    pub(crate) doc: &'a Automerge,
    pub(crate) heads: &'a [ChangeHash],
    /// The operation that shows, at each place written since.
    pub(crate) shown: &'a BTreeMap<Path, Id>,
    /// All places written since, by anybody.
    pub(crate) taken: &'a BTreeSet<Path>,
}

pub(crate) struct Judge<'a> {
    base: Base<'a>,
    maps: &'a Maps,
    person: PersonId,
    actor: Actor,
    places: BTreeMap<Path, Place>,
    nodes: Nodes,
    /// In the order of the operations; objects are complete only after the last.
    writes: Vec<Written>,
}

/// A place as the change under judgement sees it.
struct Place {
    visible: Vec<Id>,
    writes: usize,
}

enum Verdict {
    Allowed,
    Denied(&'static str),
    /// Nothing new is written: a conflict ends.
    Settled,
}

/// A write to a place.
struct Written {
    path: Path,
    content: Content,
    /// Why it may not be.
    denied: Option<&'static str>,
}

enum Content {
    Scalar(Value),
    Object(Id),
    Nothing,
}

fn fault(code: RefusalCode, detail: impl Into<String>) -> Fault {
    Fault { code, detail: detail.into() }
}

fn inconsistent(detail: &'static str) -> Fault {
    fault(RefusalCode::Inconsistent, detail)
}

impl<'a> Judge<'a> {
    pub(crate) fn new(base: Base<'a>, maps: &'a Maps, person: PersonId, actor: Actor) -> Self {
        let (places, nodes, writes) = (BTreeMap::new(), Nodes::default(), Vec::new());
        Self { base, maps, person, actor, places, nodes, writes }
    }

    /// Takes the next operation, whose id has this counter.
    pub(crate) fn take(&mut self, counter: u64, op: Op<'_>) -> Result<(), Fault> {
        let id = Id { counter, actor: self.actor };
        let path = match op.object {
            None => self.named(&op).map(|key| vec![key])?,
            Some(object) if self.nodes.has(object) => return self.nodes.take(id, object, op),
            Some(object) => match self.maps.name(object.counter, object.actor) {
                Some(map) => self.named(&op).map(|key| vec![map.to_owned(), key])?,
                None => return self.inside_an_entry(id, object, op),
            },
        };
        let verdict = self.place(id, &path, &op)?;
        self.write(id, path, op.action, verdict)
    }

    fn write(&mut self, id: Id, path: Path, action: Action, verdict: Verdict) -> Result<(), Fault> {
        let content = match action {
            Action::Put(value) => Content::Scalar(value),
            Action::Delete => Content::Nothing,
            Action::MakeMap | Action::MakeList => {
                self.nodes.start(id, matches!(action, Action::MakeList), 1)?;
                Content::Object(id)
            }
        };
        let denied = match verdict {
            Verdict::Allowed => None,
            Verdict::Denied(why) => Some(why),
            Verdict::Settled => return Ok(()),
        };
        self.writes.push(Written { path, content, denied });
        Ok(())
    }

    fn named(&self, op: &Op<'_>) -> Result<String, Fault> {
        match op.key {
            Key::Name(name) if !op.insert && name.len() <= NAME_BYTES_MAX => Ok(name.to_owned()),
            _ => Err(inconsistent("a map has named places only")),
        }
    }

    /// Whether the operation may be written to this place of the record.
    fn place(&mut self, id: Id, path: &Path, op: &Op<'_>) -> Result<Verdict, Fault> {
        let (writers, once, register) = match shape_at(path) {
            Some(Shape::Once(writers, _)) => (writers, true, false),
            Some(Shape::Latest(writers, _)) => (writers, false, false),
            Some(Shape::Register(writers, _)) => (writers, false, true),
            Some(Shape::Fields(_) | Shape::Each(..)) | None => return Ok(Verdict::Denied("there is no such place")),
        };
        if *writers == Writers::Office {
            return Ok(Verdict::Denied("only the office writes here"));
        }
        let visible = self.visible(path)?;
        if once && (!visible.is_empty() || !op.pred.is_empty() || self.is_taken(path)) {
            return Ok(Verdict::Denied("what stands here is never changed"));
        }
        if op.action == Action::Delete {
            // Settling a conflict on the value that shows is written as a deletion of the others.
            let others = visible.len().checked_sub(1).and_then(|most| visible.get(..most)).unwrap_or_default();
            if !register || others.is_empty() || op.pred != others {
                return Ok(Verdict::Denied("nothing is deleted here"));
            }
            self.overlay(path, visible.last().copied())?;
            return Ok(Verdict::Settled);
        }
        if op.pred != visible {
            return Err(inconsistent("it does not replace what it saw"));
        }
        self.overlay(path, Some(id))?;
        Ok(Verdict::Allowed)
    }

    /// From here on this change sees only this there.
    fn overlay(&mut self, path: &Path, shows: Option<Id>) -> Result<(), Fault> {
        let place = self.places.entry(path.clone()).or_insert(Place { visible: Vec::new(), writes: 0 });
        place.visible = shows.into_iter().collect();
        place.writes += 1;
        if place.writes > WRITES_MAX {
            Err(fault(RefusalCode::TooLarge, "it writes one place again and again"))
        } else {
            Ok(())
        }
    }

    /// The operations that show at this place at the change's base and after what it wrote there itself, ascending.
    fn visible(&self, path: &Path) -> Result<Vec<Id>, Fault> {
        if let Some(place) = self.places.get(path) {
            return Ok(place.visible.clone());
        }
        if let Some(id) = self.base.shown.get(path) {
            return Ok(vec![*id]);
        }
        let (map, key) = self.maps.place(path).ok_or_else(|| inconsistent("the record was never opened"))?;
        let found = self
            .base
            .doc
            .get_all_at(map, key, self.base.heads)
            .map_err(|error| fault(RefusalCode::Inconsistent, error.to_string()))?;
        let id = |id: &ObjId| match id {
            ObjId::Id(counter, actor, _) => Some(Id { counter: *counter, actor: to_actor(actor)? }),
            ObjId::Root => None,
        };
        let mut visible: Vec<Id> = found.iter().filter_map(|(_, found)| id(found)).collect();
        visible.sort_unstable();
        Ok(visible)
    }

    /// Whether somebody wrote here without the author knowing. Entries have random ids, so that never happens by chance; it would hide
    /// an entry under a forged one of the same id. Photos are named by their content and releases by their hold: two people may well
    /// write the same.
    fn is_taken(&self, path: &Path) -> bool {
        let shared = matches!(path.first().map(String::as_str), Some("photos" | "releases"));
        let place = self.maps.place(path).and_then(|(map, key)| self.base.doc.get(map, key).ok()?);
        !shared && (place.is_some() || self.base.taken.contains(path))
    }

    /// A write into an object that an earlier change made: entries are written whole.
    fn inside_an_entry(&mut self, id: Id, object: Id, op: Op<'_>) -> Result<(), Fault> {
        let object = ObjId::Id(object.counter, ActorId::from(object.actor.as_slice()), 0);
        let is_object = self.base.doc.object_type(&object).is_ok() && object != ROOT;
        let parents = self.base.doc.parents_at(&object, self.base.heads).ok().filter(|_| is_object);
        let parents = parents.ok_or_else(|| inconsistent("it writes into an object that is not there"))?;
        let name = |prop: Prop| match prop {
            Prop::Map(key) => key,
            Prop::Seq(index) => index.to_string(),
        };
        let mut path: Path = parents.path().into_iter().map(|(_, prop)| name(prop)).collect();
        if let Key::Name(key) = op.key {
            path.push(key.chars().take(NAME_BYTES_MAX).collect());
        }
        self.write(id, path, op.action, Verdict::Denied("an entry is written whole"))
    }

    /// What it all amounts to, when every operation was taken.
    pub(crate) fn finish(self, rows: u64) -> Result<Judged, Fault> {
        let shown = self.places.into_iter().filter_map(|(path, place)| Some((path, place.visible.first().copied()?)));
        let mut judged = Judged { shown: shown.collect(), rows, ..Judged::default() };
        for Written { path, content, denied } in self.writes {
            let value = match content {
                Content::Scalar(value) => Some(value),
                Content::Object(id) => Some(self.nodes.value(id)),
                Content::Nothing => None,
            };
            let why = match (denied, &value) {
                (Some(why), _) => why.to_owned(),
                (None, None) => continue,
                (None, Some(value)) if is_candidate(&self.base, self.maps, &path, value) => {
                    judged.edits.extend(fit(&path, value, None).ok().flatten());
                    continue;
                }
                (None, Some(value)) => match judge_value(&path, value, self.person)? {
                    Ok(edit) => {
                        judged.said_at.extend(edit.at());
                        judged.edits.push(edit);
                        continue;
                    }
                    Err(why) => why,
                },
            };
            let value = value.map_or(serde_json::Value::Null, |value| json_at(&path, &value));
            judged.denied.push(Denied { path, value, why });
        }
        Ok(judged)
    }
}

/// Whether the value is one of several that stand at the place: whoever settles on another's tick puts it there as it is, with its author's
/// name.
fn is_candidate(base: &Base<'_>, maps: &Maps, path: &Path, value: &Value) -> bool {
    if !matches!(shape_at(path), Some(Shape::Latest(..))) || base.shown.contains_key(path) {
        return false;
    }
    let found = maps.place(path).and_then(|(map, key)| base.doc.get_all_at(map, key, base.heads).ok());
    let found = found.filter(|found| found.len() > 1).unwrap_or_default();
    found.iter().any(|(shown, id)| read_value(base.doc, shown, id, Some(base.heads)).as_ref() == Ok(value))
}

/// The edit that this value amounts to, or why it may not stand there.
fn judge_value(path: &[String], value: &Value, person: PersonId) -> Result<Result<Edit, String>, Fault> {
    match fit(path, value, Some(person)) {
        Ok(Some(edit)) if comes_from_a_phone(&edit) => Ok(Ok(edit)),
        Ok(_) => Ok(Err("only the customer's own link or the desk writes this".to_owned())),
        Err(why) => match why.root() {
            Unfit::NotTheAuthor => Err(fault(RefusalCode::AuthorForged, format!("{}: {why}", path.join("/")))),
            Unfit::TooLong(_) => Err(fault(RefusalCode::TooLarge, format!("{}: {why}", path.join("/")))),
            _ => Ok(Err(why.to_string())),
        },
    }
}

/// Bytes of a key; the longest that a record has is a photo's hash in hex.
pub(crate) const NAME_BYTES_MAX: usize = 64;
/// A consent or a signature taken on a phone names the technician who was present and says that it was taken there; those that a
/// customer gives on their own link, or to the desk, come from the server.
pub(crate) fn comes_from_a_phone(edit: &Edit) -> bool {
    match edit {
        Edit::Consent { consent, .. } => consent.how == How::Phone && consent.by.is_some() && consent.link.is_none(),
        Edit::Backup { backup, .. } => backup.how == How::Phone && backup.by.is_some() && backup.link.is_none(),
        Edit::SignOff { sign_off, .. } => {
            sign_off.how == How::Phone && sign_off.by.is_some() && sign_off.link.is_none()
        }
        // What the customer saw or says on their own page comes from the server.
        Edit::Reply { reply, .. } => {
            let said = reply.how == How::Phone && reply.by.is_some() && reply.link.is_none();
            said && reply.kind != ReplyKind::Seen
        }
        _ => true,
    }
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        let code = match malformed {
            super::chunk::TOO_LONG | super::bytes::TOO_MANY => RefusalCode::TooLarge,
            _ => RefusalCode::Malformed,
        };
        fault(code, malformed.0)
    }
}
