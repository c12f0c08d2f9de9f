//! From the words of `schema` to a [`Value`]: moments are whole microseconds, ids and hashes are bytes, words are text, and what
//! is not there is left out.

use super::value::{Misfit, Value};
use serde::Serialize;
use serde::ser::{self, Impossible};
use std::collections::BTreeMap;

/// The value of anything that can stand in a record.
pub(crate) fn to_value<T: Serialize + ?Sized>(thing: &T) -> Result<Value, Misfit> {
    thing.serialize(ToValue)?.ok_or_else(|| Misfit("nothing can't be written".to_owned()))
}

/// Yields None for what is left out.
struct ToValue;

fn refuse<T>(kind: &str) -> Result<T, Misfit> {
    Err(Misfit(format!("a record holds no {kind}")))
}

macro_rules! integers {
    ($($method:ident: $kind:ty),+) => {$(
        fn $method(self, number: $kind) -> Result<Self::Ok, Misfit> {
            let number = i64::try_from(number).map_err(|_| Misfit("the number is too large".to_owned()))?;
            Ok(Some(Value::Int(number)))
        }
    )+};
}

impl ser::Serializer for ToValue {
    type Ok = Option<Value>;
    type Error = Misfit;
    type SerializeSeq = Items;
    type SerializeTuple = Impossible<Self::Ok, Misfit>;
    type SerializeTupleStruct = Impossible<Self::Ok, Misfit>;
    type SerializeTupleVariant = Impossible<Self::Ok, Misfit>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Self::Ok, Misfit>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_str(self, text: &str) -> Result<Self::Ok, Misfit> {
        Ok(Some(Value::Text(text.to_owned())))
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Result<Self::Ok, Misfit> {
        Ok(Some(Value::Bytes(bytes.to_vec())))
    }
    fn serialize_none(self) -> Result<Self::Ok, Misfit> {
        Ok(None)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, thing: &T) -> Result<Self::Ok, Misfit> {
        thing.serialize(self)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, word: &'static str) -> Result<Self::Ok, Misfit> {
        self.serialize_str(word)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, thing: &T) -> Result<Self::Ok, Misfit> {
        thing.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Misfit> {
        Ok(Items(Vec::new()))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Misfit> {
        Ok(Fields::default())
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Misfit> {
        Ok(Fields::default())
    }

    fn serialize_bool(self, _: bool) -> Result<Self::Ok, Misfit> {
        refuse("booleans")
    }
    fn serialize_f32(self, _: f32) -> Result<Self::Ok, Misfit> {
        refuse("floats")
    }
    fn serialize_f64(self, _: f64) -> Result<Self::Ok, Misfit> {
        refuse("floats")
    }
    fn serialize_char(self, _: char) -> Result<Self::Ok, Misfit> {
        refuse("single characters")
    }
    fn serialize_unit(self) -> Result<Self::Ok, Misfit> {
        refuse("units")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Self::Ok, Misfit> {
        refuse("units")
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Self::Ok, Misfit> {
        refuse("tagged values")
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Misfit> {
        refuse("tuples")
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Misfit> {
        refuse("tuples")
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Misfit> {
        refuse("tagged values")
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Misfit> {
        refuse("tagged values")
    }
}

struct Items(Vec<Value>);

impl ser::SerializeSeq for Items {
    type Ok = Option<Value>;
    type Error = Misfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, thing: &T) -> Result<(), Misfit> {
        self.0.push(to_value(thing)?);
        Ok(())
    }
    fn end(self) -> Result<Self::Ok, Misfit> {
        Ok(Some(Value::List(self.0)))
    }
}

#[derive(Default)]
struct Fields {
    entries: BTreeMap<String, Value>,
    key: String,
}

impl Fields {
    fn add<T: Serialize + ?Sized>(&mut self, key: String, thing: &T) -> Result<(), Misfit> {
        if let Some(value) = thing.serialize(ToValue)? {
            self.entries.insert(key, value);
        }
        Ok(())
    }
}

impl ser::SerializeMap for Fields {
    type Ok = Option<Value>;
    type Error = Misfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Misfit> {
        let Value::Text(key) = to_value(key)? else { return refuse("keys but text") };
        self.key = key;
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, thing: &T) -> Result<(), Misfit> {
        let key = std::mem::take(&mut self.key);
        self.add(key, thing)
    }
    fn end(self) -> Result<Self::Ok, Misfit> {
        Ok(Some(Value::Map(self.entries)))
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = Option<Value>;
    type Error = Misfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, thing: &T) -> Result<(), Misfit> {
        self.add(key.to_owned(), thing)
    }
    fn end(self) -> Result<Self::Ok, Misfit> {
        Ok(Some(Value::Map(self.entries)))
    }
}
