//! What differs between the sheet as it was signed and the sheet as it is.

use super::Sheet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One place of the sheet that is not as it was signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// As in `/steps/repair/mark/at`; rows of a list go by their id, not by their number.
    pub path: String,
    /// None where there was nothing.
    #[serde(default)]
    pub before: Option<Value>,
    /// None where there is nothing any more.
    #[serde(default)]
    pub after: Option<Value>,
}

/// Every place that changed after the signature, in the order of the path. Empty where the sheet is as it was signed.
pub fn changed_after(signed: &Sheet, now: &Sheet) -> Vec<Change> {
    let value = |sheet| serde_json::to_value(sheet).unwrap_or_default();
    let mut changes = Vec::new();
    compare("", &value(signed), &value(now), &mut changes);
    changes
}

fn compare(path: &str, before: &Value, after: &Value, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let (Some(old), Some(new)) = (children(before), children(after)) else {
        let present = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
        changes.push(Change { path: path.to_owned(), before: present(before), after: present(after) });
        return;
    };
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let at = |side: &BTreeMap<String, &Value>| side.get(key).map_or(Value::Null, |value| (*value).clone());
        compare(&format!("{path}/{key}"), &at(&old), &at(&new), changes);
    }
}

/// What lies under a value, by key; None for what has nothing under it. A list without ids is one value.
fn children(value: &Value) -> Option<BTreeMap<String, &Value>> {
    match value {
        Value::Object(map) => Some(map.iter().map(|(key, value)| (key.clone(), value)).collect()),
        Value::Array(rows) => {
            rows.iter().map(|row| Some((row.get("id")?.as_str()?.to_owned(), row))).collect::<Option<_>>()
        }
        _ => None,
    }
}
