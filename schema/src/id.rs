//! Names of things. A long id is a UUIDv7 (16 bytes, sorts by time); an [`EntryId`] names something inside one job record.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// An id's text was not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct BadId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "db", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "db", diesel(sql_type = diesel::sql_types::Binary))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = "uuid"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id: the time in its first 48 bits, `random` in the rest.
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(at, random))
            }

            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::parse_str(text).map(Self).map_err(|_| BadId)
            }
        }

        #[cfg(feature = "db")]
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Binary, DB> for $name
        where
            Vec<u8>: diesel::deserialize::FromSql<diesel::sql_types::Binary, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(&Vec::<u8>::from_sql(bytes)?)?))
            }
        }

        #[cfg(feature = "db")]
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Binary, DB> for $name
        where
            [u8]: diesel::serialize::ToSql<diesel::sql_types::Binary, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.0.as_bytes().as_slice().to_sql(out)
            }
        }
    )+};
}

ids! {
    OutletId,
    PersonId,
    /// One installation of the phone's app; leases the actors that it writes with.
    DeviceId,
    /// One log-in; ends by log-out, revocation or age.
    SessionId,
    CustomerId,
    ReportId,
    PromiseId,
    JobId,
    PriceRequestId,
    QuestionId,
    LinkId,
    FollowUpId,
    CallId,
    PushId,
    QuarantineId,
    NoteId,
    RequestId,
    BackgroundJobId,
    EscalationId,
    UploadId,
}

fn uuid_v7(at: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.micros() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Names an entry inside one record: 16 characters of Crockford's base 32, 80 random bits. Short, because each phone sends many.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ENTRY_ID_CHARS: usize = 16;

impl EntryId {
    pub fn new(random: [u8; 10]) -> Self {
        let bits = random.iter().fold(0u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let text = (0..ENTRY_ID_CHARS).rev().map(|place| {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
            char::from(*ALPHABET.get(digit).unwrap_or(&b'0'))
        });
        Self(text.collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` has the form of an entry's id.
    pub fn is_valid(text: &str) -> bool {
        text.len() == ENTRY_ID_CHARS && text.bytes().all(|byte| ALPHABET.contains(&byte))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EntryId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        if Self::is_valid(&text) { Ok(Self(text)) } else { Err(BadId) }
    }
}

impl FromStr for EntryId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        Self::try_from(text.to_owned())
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_id_has_sixteen_characters_and_reads_back() {
        let id = EntryId::new([0xff; 10]);
        assert_eq!(id.as_str(), "zzzzzzzzzzzzzzzz");
        assert_eq!(id.as_str().parse(), Ok(id));
        assert_eq!("iiiiiiiiiiiiiiii".parse::<EntryId>(), Err(BadId));
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = JobId::new(Timestamp::from_micros(1_000_000), [9; 10]);
        let late = JobId::new(Timestamp::from_micros(2_000_000), [0; 10]);
        assert!(early < late);
    }
}
