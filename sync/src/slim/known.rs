//! What reader and writer know alike of the changes so far, and how a change is put together with it.

use super::parts::Parts;
use crate::admit::bytes::{Malformed, Parsed, Reader, write_signed, write_unsigned};
use crate::admit::chunk::{TOO_LONG, around};
use schema::binary::{Actor, Hash};

pub(super) const WHOLE: u8 = 0;
pub(super) const SLIM: u8 = 1;
/// Bytes around the body of a change: magic, checksum, kind, and a length of at least one byte.
const FRAME_BYTES: usize = 10;

#[derive(Default)]
pub(super) struct Known {
    pub(super) changes: Vec<Hash>,
    pub(super) actors: Vec<Actor>,
    numbers: Numbers,
}

/// Of the last change.
#[derive(Debug, Clone, Copy, Default)]
struct Numbers {
    seq: u64,
    start_op: u64,
    seconds: i64,
}

/// What one change adds to what is known.
pub(super) struct Step {
    pub(super) hash: Hash,
    pub(super) actors: Vec<Actor>,
    numbers: Numbers,
}

impl Known {
    /// The next change, however it was packed.
    pub(super) fn take(&mut self, reader: &mut Reader<'_>, room: usize) -> Parsed<Vec<u8>> {
        match reader.array()? {
            [WHOLE] => {
                let length = reader.length()?;
                let change = reader.take(length)?;
                if change.len() > room { Err(TOO_LONG) } else { Ok(change.to_vec()) }
            }
            [SLIM] => {
                let (change, step) = self.rebuild(reader, room)?;
                self.learn(step);
                Ok(change)
            }
            _ => Err(Malformed("there is no such form")),
        }
    }

    pub(super) fn learn(&mut self, step: Step) {
        self.changes.push(step.hash);
        self.actors.extend(step.actors);
        self.numbers = step.numbers;
    }

    /// Puts the next change together; an error once it would have more bytes than there is room for.
    pub(super) fn rebuild(&self, reader: &mut Reader<'_>, room: usize) -> Parsed<(Vec<u8>, Step)> {
        let mut body = Body { bytes: Vec::new(), room: room.saturating_sub(FRAME_BYTES) };
        let mut new = Vec::new();
        let deps = reader.unsigned()?;
        body.number(deps)?;
        for _ in 0..deps {
            let hash = self.dep(reader)?;
            body.add(hash.as_slice())?;
        }
        body.actor(self.actor(reader, &mut new)?)?;
        let numbers = self.numbers(reader)?;
        body.number(numbers.seq)?;
        body.number(numbers.start_op)?;
        body.signed(numbers.seconds)?;
        body.text(reader)?;
        let others = reader.unsigned()?;
        body.number(others)?;
        for _ in 0..others {
            body.actor(self.actor(reader, &mut new)?)?;
        }
        let length = reader.length()?;
        body.add(reader.take(length)?)?;
        let (hash, change) = around(&body.bytes);
        if change.len() > room {
            return Err(TOO_LONG);
        }
        Ok((change, Step { hash, actors: new, numbers }))
    }

    fn dep(&self, reader: &mut Reader<'_>) -> Parsed<Hash> {
        match reader.length()? {
            0 => reader.array().map(Hash),
            back => {
                let place = self.changes.len().checked_sub(back);
                place
                    .and_then(|place| self.changes.get(place))
                    .copied()
                    .ok_or(Malformed("there is no change so far back"))
            }
        }
    }

    /// `new` are the actors that this change is the first to name.
    fn actor(&self, reader: &mut Reader<'_>, new: &mut Vec<Actor>) -> Parsed<Actor> {
        let place = reader.length()?;
        let known = self.actors.get(place).or_else(|| new.get(place.checked_sub(self.actors.len())?));
        if let Some(actor) = known {
            return Ok(*actor);
        }
        if place != self.actors.len() + new.len() {
            return Err(Malformed("there is no such actor"));
        }
        let actor = Actor(reader.array()?);
        new.push(actor);
        Ok(actor)
    }

    fn numbers(&self, reader: &mut Reader<'_>) -> Parsed<Numbers> {
        let Numbers { seq, start_op, seconds } = self.numbers;
        Ok(Numbers {
            seq: seq.checked_add_signed(reader.signed()?).ok_or(OUT_OF_RANGE)?,
            start_op: start_op.checked_add_signed(reader.signed()?).ok_or(OUT_OF_RANGE)?,
            seconds: seconds.checked_add(reader.signed()?).ok_or(OUT_OF_RANGE)?,
        })
    }

    /// What [`Known::numbers`] reads. None where a step is too large to be written.
    pub(super) fn write_numbers(&self, out: &mut Vec<u8>, parts: &Parts<'_>) -> Option<()> {
        let Numbers { seq, start_op, seconds } = self.numbers;
        write_signed(out, parts.seq.checked_signed_diff(seq)?);
        write_signed(out, parts.start_op.checked_signed_diff(start_op)?);
        write_signed(out, parts.seconds.checked_sub(seconds)?);
        Some(())
    }
}

const OUT_OF_RANGE: Malformed = Malformed("a number is out of range");

/// The body of a change in the making, which never grows past its limit.
struct Body {
    bytes: Vec<u8>,
    room: usize,
}

impl Body {
    fn add(&mut self, bytes: &[u8]) -> Parsed<()> {
        if bytes.len() > self.room - self.bytes.len() {
            return Err(TOO_LONG);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn number(&mut self, number: u64) -> Parsed<()> {
        let mut bytes = Vec::with_capacity(10);
        write_unsigned(&mut bytes, number);
        self.add(&bytes)
    }

    fn signed(&mut self, number: i64) -> Parsed<()> {
        let mut bytes = Vec::with_capacity(10);
        write_signed(&mut bytes, number);
        self.add(&bytes)
    }

    fn actor(&mut self, actor: Actor) -> Parsed<()> {
        self.number(16)?;
        self.add(actor.as_slice())
    }

    /// Bytes behind their length, as they stand.
    fn text(&mut self, reader: &mut Reader<'_>) -> Parsed<()> {
        let length = reader.length()?;
        let text = reader.take(length)?;
        self.number(u64::try_from(length).unwrap_or(u64::MAX))?;
        self.add(text)
    }
}
