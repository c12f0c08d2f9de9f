//! A checklist as somebody publishes it. What must hold: all of it is taken or none is; what is taken comes back the same from its own
//! text, has no fault, and whatever is computed from a record can be computed by it; what is wrong is named by a place that is in the
//! file, or that is missing from a place in it.

use super::job::{derive_by, job_record};
use super::source::Source;
use schema::limits::{FAULTS_TOLD_MAX, TEMPLATE_BYTES_MAX, TEMPLATE_STEPS_MAX};
use schema::template::{Template, all_shipped, difference, read};
use serde_json::{Value, json};

/// Changes to one body: enough to meet each other.
const CHANGES_MAX: usize = 12;

pub fn checklist(data: &[u8]) {
    let mut source = Source::new(data);
    let shipped = match source.byte() {
        0 => return check(source.rest()),
        number => source_of(number),
    };
    let mut body = serde_json::to_value(shipped).unwrap();
    for _ in 0..CHANGES_MAX {
        if source.is_empty() {
            break;
        }
        change(&mut body, &mut source);
    }
    check(body.to_string().as_bytes());
}

fn source_of(number: u8) -> &'static Template {
    all_shipped().iter().cycle().nth(number.into()).unwrap()
}

/// Somewhere in the body, or all of it.
fn walk<'v>(value: &'v mut Value, source: &mut Source<'_>) -> &'v mut Value {
    let (deeper, place) = (source.choice(8) > 0, usize::from(source.byte()));
    let is_inner = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if !deeper || !is_inner {
        return value;
    }
    let inner = match value {
        Value::Object(fields) => {
            let count = fields.len();
            fields.values_mut().nth(place % count)
        }
        Value::Array(items) => {
            let count = items.len();
            items.get_mut(place % count)
        }
        _ => None,
    };
    walk(inner.unwrap(), source)
}

fn change(body: &mut Value, source: &mut Source<'_>) {
    let what = source.choice(8);
    if what == 0 {
        let copied = walk(body, source).clone();
        *walk(body, source) = copied;
        return;
    }
    let place = walk(body, source);
    match (what, place) {
        (1, Value::Object(fields)) => {
            let name = fields.keys().nth(source.choice(fields.len())).cloned();
            name.and_then(|name| fields.remove(&name));
        }
        (1, Value::Array(items)) if !items.is_empty() => drop(items.remove(source.choice(items.len()))),
        (2, Value::Array(items)) if !items.is_empty() => {
            let again = source.pick(items).cloned();
            again.into_iter().for_each(|again| items.insert(source.choice(items.len()), again));
        }
        (3, Value::Array(items)) if !items.is_empty() => {
            let (one, other) = (source.choice(items.len()), source.choice(items.len()));
            items.swap(one, other);
        }
        (4, Value::Object(fields)) => drop(fields.insert(source.text(), Value::Null)),
        (5, place) => *place = Value::String(source.text()),
        (6, place) => *place = json!(source.word()),
        (_, place) => {
            let few =
                [Value::Null, json!(""), json!(1), json!(true), json!([]), json!({}), json!("testing"), json!(-1)];
            *place = source.pick(&few).cloned().unwrap_or_default();
        }
    }
}

fn check(bytes: &[u8]) {
    match read(bytes) {
        Ok(template) => taken(&template),
        Err(faults) => {
            assert!((1..=FAULTS_TOLD_MAX).contains(&faults.len()), "{} faults", faults.len());
            let value = serde_json::from_slice::<Value>(bytes).unwrap_or_default();
            for fault in &faults {
                assert!(!fault.zh.is_empty() && !fault.en.is_empty(), "{fault:?} says nothing");
                let parent = fault.at.rsplit_once('/').map_or("", |(parent, _)| parent);
                assert!(value.pointer(&fault.at).or_else(|| value.pointer(parent)).is_some(), "{fault:?} is nowhere");
            }
        }
    }
}

fn taken(template: &Template) {
    assert!(template.faults().is_empty() && template.steps.len() <= TEMPLATE_STEPS_MAX);
    let text = serde_json::to_vec(template).unwrap();
    // Where nulls and what may be left out are written out, it grows, and may be too large to come back.
    if text.len() <= TEMPLATE_BYTES_MAX {
        assert_eq!(read(&text).as_ref(), Ok(template));
    }
    assert!(difference(template, template).is_empty());
    for shipped in all_shipped() {
        let (to, back) = (difference(shipped, template), difference(template, shipped));
        assert_eq!((to.added.len(), to.removed.len()), (back.removed.len(), back.added.len()));
        assert_eq!((to.changed.len(), to.reordered), (back.changed.len(), back.reordered));
    }
    derive_by(&job_record(), template);
}

pub fn seeds() -> Vec<Vec<u8>> {
    let whole = all_shipped().iter().map(|template| {
        let mut seed = vec![0];
        seed.extend(serde_json::to_vec(template).unwrap());
        seed
    });
    // As shipped; a step copied, moved, without its name; another text, another number.
    let changed = [
        vec![2],
        vec![3],
        vec![2, 2, 7, 4, 0, 3, 5],
        vec![2, 3, 7, 4, 0, 2, 9],
        vec![3, 1, 7, 4, 7, 2, 0, 1],
        vec![2, 5, 7, 0, 0, 0, 3, 0, b'g', b'a', b's'],
        vec![2, 6, 7, 5, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1, 0, b'x'],
    ];
    let bad: [&[u8]; 5] =
        [b"\0{", b"\0[]", b"\0{\"id\":\"a\",\"version\":4294967296,\"name\":{},\"steps\":[{}]}", b"\0null", b"\0\xff"];
    whole.chain(changed).chain(bad.map(<[u8]>::to_vec)).collect()
}
