//! From a [`Value`] back to the words of `schema`.

use super::value::{Misfit, Value};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Reads anything that can stand in a record.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Misfit> {
    T::deserialize(FromValue(value))
}

pub(crate) struct FromValue(Value);

impl<'de> IntoDeserializer<'de, Misfit> for Value {
    type Deserializer = FromValue;
    fn into_deserializer(self) -> FromValue {
        FromValue(self)
    }
}

impl<'de> de::Deserializer<'de> for FromValue {
    type Error = Misfit;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Text(text) => visitor.visit_string(text),
            Value::Int(number) => visitor.visit_i64(number),
            Value::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Value::Map(map) => visitor.visit_map(MapDeserializer::new(map.into_iter())),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
        }
    }

    /// What is not there was left out, so what is there is something.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Text(word) => visitor.visit_enum(word.into_deserializer()),
            _ => Err(Misfit("expected a word".to_owned())),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
