//! A phone whose programmer is the enemy: whatever Automerge itself can write, as one change that is well made and means no good.

use super::job::{ELSEWHERE, LI_PHONE, ZHAO_PHONE, id, office};
use super::source::Source;
use automerge::transaction::{CommitOptions, Transactable as _, Transaction};
use automerge::{ActorId, Automerge, ChangeHash, ObjId, ObjType, PatchLog, ROOT, ReadDoc as _, ScalarValue, Value};
use schema::binary::Actor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Operations of one change; the caps of the gate are far higher, and are the business of inputs that claim many.
const OPS_MAX: usize = 24;
/// Nothing that a fuzzer copies is deeper.
const DEPTH_MAX: usize = 6;

/// Where arithmetic ends, and where calendars do.
const NUMBERS: [i64; 12] = [
    i64::MIN,
    i64::MIN + 1,
    -8_334_601_228_800_000_000,
    -62_167_219_200_000_000,
    -1,
    0,
    1,
    1_000,
    253_402_300_799_999_999,
    8_210_266_876_799_999_999,
    i64::MAX - 1,
    i64::MAX,
];

/// Runs what may break Automerge on the hostile phone itself: that is nobody's loss.
pub fn on_their_side<T>(run: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok().flatten()
}

/// Whose name the change bears.
pub fn actor(source: &mut Source<'_>) -> Actor {
    match source.choice(8) {
        0..=3 => LI_PHONE,
        4 => ZHAO_PHONE,
        5 => ELSEWHERE,
        6 => office(),
        _ => Actor([source.byte(); 16]),
    }
}

/// Writes one change into `doc`, and answers its bytes.
pub fn write(doc: &mut Automerge, source: &mut Source<'_>) -> Option<Vec<u8>> {
    let actor = actor(source);
    let base = base(doc, source);
    let time = if source.choice(4) == 0 { i64::from_ne_bytes(source.word().to_ne_bytes()) } else { 1_790_001_000 };
    on_their_side(|| {
        let mut fork = doc.clone();
        fork.set_actor(ActorId::from(actor.as_slice()));
        let mut transaction = match base {
            Some(heads) => fork.transaction_at(PatchLog::inactive(), &heads).ok()?,
            None => fork.transaction(),
        };
        let mut objects = objects(&transaction);
        for _ in 0..=source.choice(OPS_MAX) {
            operate(&mut transaction, source, &mut objects);
        }
        let hash = transaction.commit_with(CommitOptions::default().with_time(time)).0?;
        let bytes = fork.get_change_by_hash(&hash)?.raw_bytes().to_vec();
        *doc = fork;
        Some(bytes)
    })
}

/// Heads to write at; mostly those of now.
fn base(doc: &Automerge, source: &mut Source<'_>) -> Option<Vec<ChangeHash>> {
    if source.choice(4) != 0 {
        return None;
    }
    let changes: Vec<ChangeHash> = doc.get_changes_meta(&[]).iter().map(|change| change.hash).collect();
    Some((0..=source.choice(2)).filter_map(|_| source.pick(&changes).copied()).collect())
}

/// The root, its maps, and the entries in them.
fn objects(transaction: &Transaction<'_>) -> Vec<ObjId> {
    let inner = |object: &ObjId| -> Vec<ObjId> {
        let keys: Vec<String> = transaction.keys(object).collect();
        let found = keys.iter().filter_map(|key| transaction.get(object, key.as_str()).ok()?);
        found.filter(|(value, _)| value.is_object()).map(|(_, id)| id).collect()
    };
    let maps = inner(&ROOT);
    let entries: Vec<ObjId> = maps.iter().flat_map(inner).collect();
    [vec![ROOT], maps, entries].concat()
}

fn operate(transaction: &mut Transaction<'_>, source: &mut Source<'_>, objects: &mut Vec<ObjId>) {
    let Some(object) = source.pick(objects).cloned() else { return };
    let key = key(transaction, source, &object);
    let index = source.choice(4);
    // What Automerge does not take is not written.
    match source.choice(14) {
        0..=2 => drop(transaction.put(&object, key, scalar(source))),
        3 | 4 => objects.extend(transaction.put_object(&object, key, kind(source))),
        5 => drop(transaction.insert(&object, index, scalar(source))),
        6 => objects.extend(transaction.insert_object(&object, index, kind(source))),
        7 => drop(transaction.delete(&object, key)),
        8 => drop(transaction.delete(&object, index)),
        9 => drop(transaction.increment(&object, key, 7)),
        10 => drop(transaction.splice_text(&object, index, 0, &source.text())),
        _ => {
            if let Some(from) = source.pick(objects).cloned() {
                copy(transaction, source, (&from, &object), &key, 0);
            }
        }
    }
}

/// An entry written anew elsewhere, some of its fields bent: what is whole but for one thing gets far.
fn copy(
    transaction: &mut Transaction<'_>,
    source: &mut Source<'_>,
    (from, object): (&ObjId, &ObjId),
    key: &str,
    depth: usize,
) {
    let Ok(kind) = transaction.object_type(from) else { return };
    if depth > DEPTH_MAX || *from == ROOT {
        return;
    }
    let Ok(into) = transaction.put_object(object, key, kind) else { return };
    let keys: Vec<String> = transaction.keys(from).collect();
    for inner in keys {
        let Ok(Some((value, id))) = transaction.get(from, inner.as_str()) else { continue };
        match (source.choice(8), value) {
            (0, _) => {}
            (1, _) => drop(transaction.put(&into, inner, scalar(source))),
            (_, Value::Scalar(value)) => drop(transaction.put(&into, inner, value.into_owned())),
            (_, Value::Object(_)) => copy(transaction, source, (&id, &into), &inner, depth + 1),
        }
    }
}

fn kind(source: &mut Source<'_>) -> ObjType {
    match source.choice(8) {
        0 => ObjType::Text,
        1 => ObjType::Table,
        2 | 3 => ObjType::List,
        _ => ObjType::Map,
    }
}

fn key(transaction: &Transaction<'_>, source: &mut Source<'_>, object: &ObjId) -> String {
    let known: Vec<String> = transaction.keys(object).take(64).collect();
    match source.choice(8) {
        0..=2 => source.pick(&known).cloned().unwrap_or_default(),
        3 | 4 => id(source.byte()).as_str().to_owned(),
        5 => (*source.pick(&["repair", "testing", "diagnose", "contact", "01", "by", "cause"]).unwrap_or(&"by"))
            .to_owned(),
        6 => format!("{:02x}", source.byte()).repeat(32),
        _ => source.text(),
    }
}

fn scalar(source: &mut Source<'_>) -> ScalarValue {
    match source.choice(12) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(source.byte() & 1 == 1),
        2 => ScalarValue::Uint(source.word()),
        3 => ScalarValue::Timestamp(i64::from_ne_bytes(source.word().to_ne_bytes())),
        4 => ScalarValue::counter(i64::from(source.byte())),
        5 => ScalarValue::F64(f64::from_bits(source.word())),
        6 => ScalarValue::Int(i64::from_ne_bytes(source.word().to_ne_bytes())),
        7 => ScalarValue::Int(source.pick(&NUMBERS).copied().unwrap_or(0)),
        8 => ScalarValue::Bytes(source.blob().to_vec()),
        9 => {
            let mut person = vec![0; 15];
            person.push(source.byte());
            ScalarValue::Bytes(person)
        }
        10 => {
            let words = ["done", "phone", "link", "signed", "part", "CNY", "model", "open"];
            ScalarValue::Str((*source.pick(&words).unwrap_or(&"")).into())
        }
        _ => ScalarValue::Str(source.text().into()),
    }
}
