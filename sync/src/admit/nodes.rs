//! Objects that a change makes. Each is filled in that very change, every key once, a list from its beginning to its end; so what
//! stands in it is known from the change alone.

use super::Fault;
use super::columns::{Action, Id, Key, Op};
use super::judge::NAME_BYTES_MAX;
use crate::record::value::Value;
use schema::limits::RECORD_DEPTH_MAX;
use schema::wire::RefusalCode;
use std::collections::BTreeMap;

#[derive(Default)]
pub(crate) struct Nodes(BTreeMap<Id, Node>);

struct Node {
    depth: usize,
    content: Content,
}

enum Content {
    Map(BTreeMap<String, Slot>),
    /// With the id of the last element.
    List(Vec<Slot>, Option<Id>),
}

enum Slot {
    Scalar(Value),
    Object(Id),
}

fn inconsistent(detail: &str) -> Fault {
    Fault { code: RefusalCode::Inconsistent, detail: detail.to_owned() }
}

impl Nodes {
    pub(crate) fn has(&self, id: Id) -> bool {
        self.0.contains_key(&id)
    }

    pub(crate) fn start(&mut self, id: Id, list: bool, depth: usize) -> Result<(), Fault> {
        if depth > RECORD_DEPTH_MAX {
            return Err(Fault {
                code: RefusalCode::TooLarge,
                detail: "objects lie too deep in one another".to_owned(),
            });
        }
        let content = if list { Content::List(Vec::new(), None) } else { Content::Map(BTreeMap::new()) };
        self.0.insert(id, Node { depth, content });
        Ok(())
    }

    /// Takes an operation on an object of this change.
    pub(crate) fn take(&mut self, id: Id, object: Id, op: Op<'_>) -> Result<(), Fault> {
        if !op.pred.is_empty() {
            return Err(inconsistent("it replaces what it has only just written"));
        }
        let depth = self.0.get(&object).map_or(0, |node| node.depth);
        let slot = match op.action {
            Action::Put(value) => Slot::Scalar(value),
            Action::MakeMap | Action::MakeList => {
                self.start(id, op.action == Action::MakeList, depth + 1)?;
                Slot::Object(id)
            }
            Action::Delete => return Err(inconsistent("it deletes what it has only just written")),
        };
        let Some(node) = self.0.get_mut(&object) else { return Err(inconsistent("the object is not there")) };
        match (&mut node.content, op.key) {
            (Content::Map(map), Key::Name(key)) if !op.insert && key.len() <= NAME_BYTES_MAX => {
                match map.insert(key.to_owned(), slot) {
                    None => Ok(()),
                    Some(_) => Err(inconsistent("it writes a field twice")),
                }
            }
            (Content::List(items, last), key) if op.insert => {
                let follows = match key {
                    Key::Head => last.is_none(),
                    Key::After(element) => *last == Some(element),
                    Key::Name(_) => false,
                };
                if !follows {
                    return Err(inconsistent("a list is written from its beginning to its end"));
                }
                items.push(slot);
                *last = Some(id);
                Ok(())
            }
            _ => Err(inconsistent("the key does not fit the object")),
        }
    }

    /// The object with all that stands in it. The depth was bounded when it was made.
    pub(crate) fn value(&self, id: Id) -> Value {
        let slot = |slot: &Slot| match slot {
            Slot::Scalar(value) => value.clone(),
            Slot::Object(id) => self.value(*id),
        };
        match self.0.get(&id).map(|node| &node.content) {
            Some(Content::Map(map)) => Value::Map(map.iter().map(|(key, inner)| (key.clone(), slot(inner))).collect()),
            Some(Content::List(items, _)) => Value::List(items.iter().map(slot).collect()),
            None => Value::Map(BTreeMap::new()),
        }
    }
}
