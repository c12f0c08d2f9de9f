//! Bodies as they can be compared: what differs from run to run is replaced by its kind and the order in which it first came.

use serde_json::Value;
use std::collections::HashMap;

/// `body` with ids, times, hashes and tokens replaced: `"[id 1]"`, `"[time 2]"`. The same value gets the same name, so a
/// snapshot still shows what points where.
pub fn redacted(mut body: Value) -> Value {
    walk(&mut body, &mut HashMap::new());
    body
}

fn walk(value: &mut Value, seen: &mut HashMap<String, (&'static str, usize)>) {
    match value {
        Value::String(text) => {
            let Some(kind) = kind(text) else { return };
            let next = seen.values().filter(|(other, _)| *other == kind).count() + 1;
            let (kind, number) = seen.entry(text.clone()).or_insert((kind, next));
            *text = format!("[{kind} {number}]");
        }
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, seen)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| walk(value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn kind(text: &str) -> Option<&'static str> {
    if uuid::Uuid::parse_str(text).is_ok() {
        return Some("id");
    }
    if chrono::DateTime::parse_from_rfc3339(text).is_ok() {
        return Some("time");
    }
    if schema::id::EntryId::is_valid(text) {
        return Some("entry");
    }
    if text.parse::<schema::binary::Hash>().is_ok() {
        return Some("hash");
    }
    // Access tokens, and whatever else is long and without blanks.
    let is_secret = text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_secret.then_some("secret")
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use serde_json::json;

    #[test]
    fn the_same_id_keeps_its_name_and_words_stay() {
        let id = "0195f3a0-0000-7000-8000-000000000001";
        let body = json!({"id": id, "parent": id, "at": "2026-03-02T01:00:00Z", "name": "王芳"});
        let shown = json!({"id": "[id 1]", "parent": "[id 1]", "at": "[time 1]", "name": "王芳"});
        assert_eq!(redacted(body), shown);
    }
}
