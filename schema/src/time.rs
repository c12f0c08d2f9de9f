//! Moments and lengths of time. Microseconds in UTC, in the database, in the record and on the wire; RFC 3339 in JSON.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "db", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "db", diesel(sql_type = diesel::sql_types::BigInt))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime))]
pub struct Timestamp(i64);

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z.
const YEAR_0: i64 = -62_167_219_200 * SECOND;
const YEAR_9999: i64 = 253_402_300_800 * SECOND - 1;

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment moved by `micros`; stops at the ends of the range.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this moment; negative where `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Microseconds between the two, whichever is earlier.
    pub const fn apart(self, other: Self) -> i64 {
        self.since(other).saturating_abs()
    }

    /// A phone may claim any number. As a date it lies in the years that RFC 3339 can write, so that it reads back, and so that no
    /// calendar runs out when it is shown in another zone.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.clamp(YEAR_0, YEAR_9999)).unwrap_or_default()
    }

    pub fn from_utc(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            let at = DateTime::parse_from_rfc3339(&text)
                .map_err(|_| de::Error::custom("a time is written as in 2026-11-22T08:30:00Z"))?;
            Ok(Self::from_utc(at.to_utc()))
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(feature = "db")]
impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB> for Timestamp
where
    i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self)
    }
}

#[cfg(feature = "db")]
impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for Timestamp
where
    i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

/// A span agreed with the customer (预约时段); `from` is before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Window {
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by the fuzz target `wire`: near the end of its range a calendar panics where it is asked for another zone's time.
    #[test]
    fn a_time_that_no_calendar_knows_is_shown_at_the_calendars_end_and_reads_back() {
        for (micros, shown) in [
            (i64::MIN, "0000-01-01T00:00:00Z"),
            (-62_167_219_200_000_001, "0000-01-01T00:00:00Z"),
            (8_210_266_876_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (i64::MAX, "9999-12-31T23:59:59.999999Z"),
        ] {
            let at = Timestamp::from_micros(micros);
            assert_eq!(at.to_string(), shown);
            let local = at.to_utc().with_timezone(&chrono_tz::Asia::Shanghai).naive_local();
            assert!((-1..=10_000).contains(&chrono::Datelike::year(&local)));
            let json = serde_json::to_string(&at).unwrap();
            assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap().to_string(), shown);
        }
        assert_eq!(Timestamp::from_micros(i64::MIN).apart(Timestamp::from_micros(i64::MAX)), i64::MAX);
    }
}
