//! A value inside a record, between the words of `schema` and the operations of Automerge. Nothing else than these five kinds
//! may stand in a record: no floats, booleans, counters or collaborative text.

use automerge::{ObjType, ReadDoc, ScalarValue, hydrate};
use std::collections::{BTreeMap, HashMap};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
    Bytes(Vec<u8>),
    Map(BTreeMap<String, Value>),
    List(Vec<Value>),
}

/// Something stands in the record that has no business there, or not in that form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misfit(pub(crate) String);

impl serde::ser::Error for Misfit {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::de::Error for Misfit {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Value {
    pub(crate) fn from_hydrated(value: &hydrate::Value) -> Result<Self, Misfit> {
        match value {
            hydrate::Value::Scalar(scalar) => Self::from_scalar(scalar),
            hydrate::Value::Map(map) => {
                let entry =
                    |(key, entry): (&String, &hydrate::MapValue)| Ok((key.clone(), Self::from_hydrated(&entry.value)?));
                map.iter().map(entry).collect::<Result<_, _>>().map(Self::Map)
            }
            hydrate::Value::List(list) => {
                list.iter().map(|item| Self::from_hydrated(&item.value)).collect::<Result<_, _>>().map(Self::List)
            }
            hydrate::Value::Text(_) => Err(Misfit("a record holds no collaborative text".to_owned())),
        }
    }

    pub(crate) fn from_scalar(scalar: &ScalarValue) -> Result<Self, Misfit> {
        match scalar {
            ScalarValue::Str(text) => Ok(Self::Text(text.to_string())),
            ScalarValue::Int(number) => Ok(Self::Int(*number)),
            ScalarValue::Bytes(bytes) => Ok(Self::Bytes(bytes.clone())),
            other => Err(Misfit(format!("a record holds no value of this kind: {other:?}"))),
        }
    }

    /// The scalar to put; None for an object.
    pub(crate) fn to_scalar(&self) -> Option<ScalarValue> {
        match self {
            Self::Text(text) => Some(ScalarValue::Str(text.into())),
            Self::Int(number) => Some(ScalarValue::Int(*number)),
            Self::Bytes(bytes) => Some(ScalarValue::Bytes(bytes.clone())),
            Self::Map(_) | Self::List(_) => None,
        }
    }

    pub(crate) fn to_hydrated(&self) -> hydrate::Value {
        match self {
            Self::Map(map) => {
                let entries: HashMap<&str, hydrate::Value> =
                    map.iter().map(|(key, value)| (key.as_str(), value.to_hydrated())).collect();
                hydrate::Value::Map(hydrate::Map::from(entries))
            }
            Self::List(items) => {
                hydrate::Value::List(hydrate::List::from(items.iter().map(Self::to_hydrated).collect::<Vec<_>>()))
            }
            Self::Text(_) | Self::Int(_) | Self::Bytes(_) => {
                hydrate::Value::Scalar(self.to_scalar().unwrap_or(ScalarValue::Null))
            }
        }
    }

    /// The value as it is, where nothing better is known about its place: bytes in hex.
    pub(crate) fn to_plain_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Int(number) => (*number).into(),
            Self::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
            Self::Map(map) => map.iter().map(|(key, value)| (key.clone(), value.to_plain_json())).collect(),
            Self::List(items) => items.iter().map(Self::to_plain_json).collect(),
        }
    }
}

/// The value of an operation as `get` returns it, with what stands inside it where it is an object.
pub(crate) fn read_value(
    doc: &automerge::Automerge,
    value: &automerge::Value<'_>,
    id: &automerge::ObjId,
    heads: Option<&[automerge::ChangeHash]>,
) -> Result<Value, Misfit> {
    match value {
        automerge::Value::Scalar(scalar) => Value::from_scalar(scalar),
        automerge::Value::Object(ObjType::Map | ObjType::List) => {
            let hydrated = ReadDoc::hydrate(doc, id, heads).map_err(|error| Misfit(error.to_string()))?;
            Value::from_hydrated(&hydrated)
        }
        automerge::Value::Object(_) => Err(Misfit("a record holds no collaborative text".to_owned())),
    }
}
