//! The operations of a change, read row by row from its columns. How many there are is known from the run lengths before the first
//! is read, so that a run of ten million rows costs what its five bytes cost.

use super::bytes::{Flags, Malformed, Parsed, Reader, Runs, TOO_MANY};
use super::limits::Limits;
use crate::record::value::Value;
use schema::binary::Actor;

/// Names an operation, and the object that it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) counter: u64,
    pub(crate) actor: Actor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Name(&'a str),
    /// The beginning of a list.
    Head,
    /// After this element of a list.
    After(Id),
}

/// What our clients do. There are other operations (text, counters, tables, marks on text); they are refused where they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    MakeMap,
    MakeList,
    Put(Value),
    Delete,
}

#[derive(Debug, Clone)]
pub(crate) struct Op<'a> {
    /// None for the root.
    pub(crate) object: Option<Id>,
    pub(crate) key: Key<'a>,
    pub(crate) insert: bool,
    pub(crate) action: Action,
    /// What it replaces, in ascending order.
    pub(crate) pred: Vec<Id>,
}

/// Values that one operation may replace: as many people may have written one place at once.
const PREDS_MAX: u64 = 64;

/// A row's cells for an id: the actor's place and the counter.
type IdCells<'a, C> = (Runs<'a, u64>, Runs<'a, C>);

pub(crate) struct Columns<'a> {
    object: IdCells<'a, u64>,
    key: IdCells<'a, i64>,
    key_counter: i64,
    name: Runs<'a, &'a str>,
    insert: Flags<'a>,
    action: Runs<'a, u64>,
    kind: Runs<'a, u64>,
    values: Reader<'a>,
    pred_count: Runs<'a, u64>,
    pred: IdCells<'a, i64>,
    pred_counter: i64,
    rows: u64,
}

impl<'a> Columns<'a> {
    /// `columns` by their specification, ascending.
    pub(crate) fn new(columns: &[(u64, &'a [u8])], actors: usize, limits: &Limits) -> Parsed<Self> {
        const KNOWN: [u64; 12] = [0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73];
        if columns.iter().any(|(kind, _)| !KNOWN.contains(kind)) {
            return Err(Malformed("there is an unknown column"));
        }
        let column = |kind: u64| columns.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, bytes)| bytes);
        let bytes: usize = columns.iter().map(|(_, bytes)| bytes.len()).sum();
        let mut found = Self {
            object: (Runs::new(column(0x01)), Runs::new(column(0x02))),
            key: (Runs::new(column(0x11)), Runs::new(column(0x13))),
            key_counter: 0,
            name: Runs::new(column(0x15)),
            insert: Flags::new(column(0x34)),
            action: Runs::new(column(0x42)),
            kind: Runs::new(column(0x56)),
            values: Reader(column(0x57)),
            pred_count: Runs::new(column(0x70)),
            pred: (Runs::new(column(0x71)), Runs::new(column(0x73))),
            pred_counter: 0,
            rows: 0,
        };
        found.rows = found.action.rows(limits.ops_max)?;
        // Each operation of ours has a key or a value of its own, so there are never more than bytes. Without this a few bytes could
        // claim many empty writes, each of which the document would keep.
        if u64::try_from(bytes).is_ok_and(|bytes| found.rows > bytes) {
            return Err(TOO_MANY);
        }
        found.check_rows()?;
        found.check_actors(actors)?;
        Ok(found)
    }

    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Every column has a row for each operation, or none at all.
    fn check_rows(&self) -> Parsed<()> {
        let rows = self.rows;
        let preds = self.pred_count.total(rows.saturating_mul(PREDS_MAX), Option::unwrap_or_default)?;
        let value_bytes = u64::try_from(self.values.0.len()).unwrap_or(u64::MAX);
        let fits = |empty: bool, found: u64, wanted: u64| found == wanted || (empty && found == 0);
        let same = [
            fits(self.object.0.is_empty_column(), self.object.0.rows(rows)?, rows),
            fits(self.object.1.is_empty_column(), self.object.1.rows(rows)?, rows),
            fits(self.key.0.is_empty_column(), self.key.0.rows(rows)?, rows),
            fits(self.key.1.is_empty_column(), self.key.1.rows(rows)?, rows),
            fits(self.name.is_empty_column(), self.name.rows(rows)?, rows),
            self.insert.rows(rows)? == rows,
            self.kind.rows(rows)? == rows,
            self.pred_count.rows(rows)? == rows,
            self.pred.0.rows(preds)? == preds,
            self.pred.1.rows(preds)? == preds,
            self.kind.total(value_bytes, |kind| kind.unwrap_or(0) >> 4)? == value_bytes,
            rows > 0,
        ];
        if same.contains(&false) { Err(Malformed("the columns differ in length")) } else { Ok(()) }
    }

    /// Each actor named is used, and no other: Automerge drops an unused one and then can't write the same bytes again.
    fn check_actors(&self, actors: usize) -> Parsed<()> {
        let mut used = vec![false; actors];
        if let Some(own) = used.first_mut() {
            *own = true;
        }
        for column in [&self.object.0, &self.key.0, &self.pred.0] {
            column.clone().each_run(|_, actor| {
                let Some(actor) = actor else { return Ok(()) };
                let seen = usize::try_from(actor).ok().and_then(|actor| used.get_mut(actor));
                *seen.ok_or(NO_ACTOR)? = true;
                Ok(())
            })?;
        }
        if used.contains(&false) { Err(Malformed("it names an actor in vain")) } else { Ok(()) }
    }

    /// The next operation; to be called as often as there are rows.
    pub(crate) fn next_op(&mut self, actors: &[Actor]) -> Parsed<Op<'a>> {
        let object = match (self.object.0.row()?, self.object.1.row()?) {
            (None, None) => None,
            (Some(actor), Some(counter @ 1..)) => Some(id(actors, actor, counter)?),
            _ => return Err(Malformed("an object's id is half there")),
        };
        let key = self.next_key(actors)?;
        let insert = self.insert.row()?;
        let action = self.next_action()?;
        let count = self.pred_count.row()?.ok_or(Malformed("an operation has no count of predecessors"))?;
        if count > PREDS_MAX {
            return Err(TOO_MANY);
        }
        let mut pred = Vec::new();
        for _ in 0..count {
            let (actor, delta) = (self.pred.0.row()?, self.pred.1.row()?);
            let (Some(actor), Some(delta)) = (actor, delta) else { return Err(Malformed("a predecessor is missing")) };
            self.pred_counter = self.pred_counter.checked_add(delta).ok_or(NO_COUNTER)?;
            let next = id(actors, actor, u64::try_from(self.pred_counter).map_err(|_| NO_COUNTER)?)?;
            if pred.last().is_some_and(|before| *before >= next) {
                return Err(Malformed("predecessors are not in order"));
            }
            pred.push(next);
        }
        Ok(Op { object, key, insert, action, pred })
    }

    fn next_key(&mut self, actors: &[Actor]) -> Parsed<Key<'a>> {
        let (actor, delta, name) = (self.key.0.row()?, self.key.1.row()?, self.name.row()?);
        if let Some(delta) = delta {
            self.key_counter = self.key_counter.checked_add(delta).ok_or(NO_COUNTER)?;
        }
        match (actor, delta, name) {
            (None, None, Some(name)) => Ok(Key::Name(name)),
            (None, Some(_), None) if self.key_counter == 0 => Ok(Key::Head),
            (Some(actor), Some(_), None) if self.key_counter > 0 => {
                Ok(Key::After(id(actors, actor, u64::try_from(self.key_counter).map_err(|_| NO_COUNTER)?)?))
            }
            _ => Err(Malformed("a key is half there")),
        }
    }

    fn next_action(&mut self) -> Parsed<Action> {
        let action = self.action.row()?.ok_or(Malformed("an operation has no action"))?;
        let kind = self.kind.row()?.ok_or(Malformed("a value has no kind"))?;
        let length = usize::try_from(kind >> 4).map_err(|_| Malformed("a value is too long"))?;
        let mut value = Reader(self.values.take(length)?);
        match (action, kind & 0x0f) {
            (0, 0) if length == 0 => Ok(Action::MakeMap),
            (2, 0) if length == 0 => Ok(Action::MakeList),
            (3, 0) if length == 0 => Ok(Action::Delete),
            (1, 4) => {
                let number = value.signed()?;
                if value.is_empty() {
                    Ok(Action::Put(Value::Int(number)))
                } else {
                    Err(Malformed("a number is padded"))
                }
            }
            (1, 6) => {
                let text = std::str::from_utf8(value.0).map_err(|_| Malformed("a text is not UTF-8"))?;
                Ok(Action::Put(Value::Text(text.to_owned())))
            }
            (1, 7) => Ok(Action::Put(Value::Bytes(value.0.to_vec()))),
            _ => Err(Malformed("there is an operation that a record knows nothing of")),
        }
    }
}

const NO_ACTOR: Malformed = Malformed("it uses an actor that it does not name");
const NO_COUNTER: Malformed = Malformed("a counter is out of range");

fn id(actors: &[Actor], actor: u64, counter: u64) -> Parsed<Id> {
    let actor = usize::try_from(actor).ok().and_then(|place| actors.get(place)).ok_or(NO_ACTOR)?;
    // Automerge keeps counters in 32 bits.
    if counter == 0 || counter > u64::from(u32::MAX) { Err(NO_COUNTER) } else { Ok(Id { counter, actor: *actor }) }
}
