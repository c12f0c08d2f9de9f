//! What can be saved of changes that were refused. Nobody's work is lost for one entry that was not theirs to make: what the author
//! was allowed to write is given back as edits, what not as places and values, for the dispatcher to see under the author's name.

use super::chunk::Chunk;
use super::judge::{Base, Judge};
use super::push::{Push, judge, malformed, read};
use super::{Denied, Fault, Refusal, standing};
use crate::record::places::{Path, json_at, puts_of};
use crate::record::{Record, lay};
use automerge::ChangeHash;
use schema::binary::{Bytes, Hash};
use schema::edit::Edit;
use schema::record::JobRecord;
use schema::time::Timestamp;
use schema::wire::RefusalCode;
use std::sync::Arc;

/// Edits saved of one actor's refused changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Salvage {
    /// What the first refused change built on.
    pub base: Vec<Hash>,
    /// When the first of these changes was made, as its author's device claims.
    pub at: Timestamp,
    /// What its author may write, the last of each place. For [`RefusalCode::Forbidden`] and [`RefusalCode::GateClosed`] the server
    /// writes it as one change at the base ([`Record::write_at`]); for [`RefusalCode::JobMoved`] and [`RefusalCode::JobClosed`] it
    /// waits for the dispatcher's decision.
    pub edits: Vec<Edit>,
}

impl Refusal {
    /// Whether the server writes [`Salvage::edits`] at once.
    pub fn replays(&self) -> bool {
        matches!(self.code, RefusalCode::Forbidden | RefusalCode::GateClosed)
    }
}

/// The chunks of one refusal, the refused one first.
#[derive(Default)]
pub(super) struct Tail {
    /// What was refused and saved before, on which these build.
    pub(super) before: Vec<Bytes>,
    pub(super) chunks: Vec<Chunk>,
}

impl Push<'_> {
    /// Fills in what can be saved of every refusal.
    pub(super) fn salvage(&mut self) {
        let tails = std::mem::take(&mut self.tails);
        for (place, tail) in tails.into_iter().enumerate() {
            let Some(refusal) = self.refused.get(place).filter(|refusal| refusal.code.is_salvageable()) else {
                continue;
            };
            let saved = self.save(tail, refusal.replays());
            if let (Some(saved), Some(refusal)) = (saved, self.refused.get_mut(place)) {
                saved.into_refusal(refusal);
            }
        }
    }

    fn save(&self, tail: Tail, replays: bool) -> Option<Saved> {
        let before: Vec<Chunk> =
            tail.before.iter().map_while(|bytes| Chunk::open(&bytes.0, &self.rules.limits).ok()).collect();
        let base = before.first().or(tail.chunks.first())?.header().ok()?.deps;
        let at = tail.chunks.first()?.header().ok()?.at;
        let view = self.read(&base).ok()?.job;
        let (edits, denied, violations) = Default::default();
        let (record, seen) = (Record::clone(&self.record), base.clone());
        let mut saved = Saved { record, view, base, at, seen, edits, denied, violations };
        for (place, chunk) in before.iter().chain(&tail.chunks).enumerate() {
            if place == before.len() {
                (saved.edits, saved.denied, saved.violations) = Default::default();
            }
            // What can't be read, or builds on what is not here, ends it; the raw bytes are kept all the same.
            if self.save_one(&mut saved, chunk, replays).is_err() {
                break;
            }
        }
        Some(saved)
    }

    fn save_one(&self, saved: &mut Saved, chunk: &Chunk, replays: bool) -> Result<(), Fault> {
        let header = chunk.header()?;
        let heads: Vec<ChangeHash> = header.deps.iter().map(|hash| ChangeHash(hash.0)).collect();
        let (shown, taken) = Default::default();
        let base = Base { doc: saved.record.doc(), heads: &heads, shown: &shown, taken: &taken };
        let judging = Judge::new(base, &self.maps, self.writer.person, header.actor);
        let judged = judge(judging, &header, &self.rules.limits)?;
        self.see(saved, &header.deps)?;
        // A replay is for work that was the author's to do: not for what came after they knew that the job had moved or was closed.
        let standing = if replays { standing::check(&saved.view, self.writer.person) } else { Ok(()) };
        let before = saved.view.clone();
        let mut broken = standing::violations(self.rules, &mut saved.view, judged.edits.clone());
        broken.extend(judged.edits.iter().filter_map(|edit| self.unseen(edit)));
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for edit in judged.edits {
            let put = puts_of(&edit).ok().and_then(|puts| puts.into_iter().next());
            let why = |path: &Path| match &standing {
                Err(fault) => Some(fault.detail.clone()),
                Ok(()) => broken.iter().find(|violation| violation.path == *path).map(|violation| violation.en.clone()),
            };
            match put.and_then(|(path, value)| Some((why(&path)?, path, value))) {
                None => kept.push(edit),
                Some((why, path, value)) => {
                    let value = value.map_or(serde_json::Value::Null, |value| json_at(&path, &value));
                    dropped.push(Denied { path, value, why });
                }
            }
        }
        // What breaks a gate is left out, and so is not there for what comes after it.
        if !dropped.is_empty() {
            saved.view = before;
            kept.iter().cloned().for_each(|edit| lay(Arc::make_mut(&mut saved.view), edit));
        }
        saved.record.apply(vec![read(chunk)?]).map_err(malformed)?;
        kept.into_iter().for_each(|edit| saved.keep(edit));
        saved.denied.extend(judged.denied);
        saved.denied.extend(dropped);
        saved.violations.extend(broken);
        Ok(())
    }

    /// Brings the view up to what of the record these dependencies add.
    fn see(&self, saved: &mut Saved, deps: &[Hash]) -> Result<(), Fault> {
        let news: Vec<Hash> =
            deps.iter().filter(|hash| self.has(**hash) && !saved.seen.contains(hash)).copied().collect();
        if news.is_empty() {
            return Ok(());
        }
        saved.seen.extend(news);
        saved.view = self.read(&saved.seen)?.job;
        saved.edits.iter().for_each(|(_, edit)| lay(Arc::make_mut(&mut saved.view), edit.clone()));
        Ok(())
    }
}

/// What was saved so far.
struct Saved {
    /// A fork with the refused changes, so that those after them can be read. Thrown away.
    record: Record,
    /// What the record would be with what was kept.
    view: Arc<JobRecord>,
    base: Vec<Hash>,
    at: Timestamp,
    /// What of the record the author had seen.
    seen: Vec<Hash>,
    edits: Vec<(Path, Edit)>,
    denied: Vec<Denied>,
    violations: Vec<schema::gate::Violation>,
}

impl Saved {
    /// The last of each place counts, as it would have in the record.
    fn keep(&mut self, edit: Edit) {
        let path =
            puts_of(&edit).ok().and_then(|puts| puts.into_iter().next()).map(|(path, _)| path).unwrap_or_default();
        self.edits.retain(|(earlier, _)| *earlier != path);
        self.edits.push((path, edit));
    }

    fn into_refusal(self, refusal: &mut Refusal) {
        refusal.denied = self.denied;
        refusal.violations = self.violations;
        let edits = self.edits.into_iter().map(|(_, edit)| edit).collect();
        refusal.salvage = Some(Salvage { base: self.base, at: self.at, edits });
    }
}
