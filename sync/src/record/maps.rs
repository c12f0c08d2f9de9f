//! The maps of a record, in which all its places lie. There is one of each: the server made them when it opened the job.

use super::to_actor;
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ValueRef};
use schema::binary::Actor;
use schema::shape::maps;
use std::collections::BTreeMap;

/// Names and objects of the maps, in both directions.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    by_name: BTreeMap<&'static str, ObjId>,
    by_id: BTreeMap<(u64, Actor), &'static str>,
}

impl Maps {
    pub(crate) fn of(doc: &Automerge) -> Self {
        // One walk over the root instead of a search for each.
        let known: BTreeMap<&'static str, &'static str> = maps().into_iter().map(|name| (name, name)).collect();
        let found = doc.map_range(&ROOT, ..).filter_map(|item| {
            let name = known.get(item.key.as_ref()).copied()?;
            match item.value {
                ValueRef::Object(ObjType::Map) => Some((name, item.id())),
                _ => None,
            }
        });
        let by_name: BTreeMap<_, _> = found.collect();
        let key = |id: &ObjId| match id {
            ObjId::Root => None,
            ObjId::Id(counter, actor, _) => Some((*counter, to_actor(actor)?)),
        };
        let by_id = by_name.iter().filter_map(|(name, id)| Some((key(id)?, *name))).collect();
        Self { by_name, by_id }
    }

    /// Whether all maps are there that a record can have: a new one has none, and an older one may lack some.
    pub(crate) fn is_complete(&self) -> bool {
        self.by_name.len() == maps().len()
    }

    /// Which map the operation of this counter and actor made.
    pub(crate) fn name(&self, counter: u64, actor: Actor) -> Option<&'static str> {
        self.by_id.get(&(counter, actor)).copied()
    }

    pub(crate) fn object(&self, name: &str) -> Option<&ObjId> {
        self.by_name.get(name)
    }

    /// The root, which has no name, and then each map.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Option<&'static str>, &ObjId)> {
        let named = self.by_name.iter().map(|(name, id)| (Some(*name), id));
        std::iter::once((None, &ROOT)).chain(named)
    }

    /// The object and the key of a place.
    pub(crate) fn place<'p>(&self, path: &'p [String]) -> Option<(&ObjId, &'p str)> {
        match path {
            [key] => Some((&ROOT, key)),
            [map, key] => Some((self.object(map)?, key)),
            _ => None,
        }
    }
}
