//! Statements that stay prepared. Diesel prepares each UPDATE and each upsert anew, because its text may depend on the values that are
//! set, and on SQLite each query with a list, because its text has as many places. Where ours always reads the same, or in few ways, that is
//! a third of what it costs.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, BigInt, Binary};
use diesel::sqlite::{Sqlite, SqliteConnection};

/// A statement that reads the same whatever its values are. It is kept under its text: where that is not so after all, it costs memory
/// and never runs in the place of another.
///
/// It must be loaded, on PostgreSQL as one that returns rows, on SQLite by [`run_kept`]: what executes takes a reference, and a reference to it
/// is a fragment like any other to Diesel.
pub(super) struct Kept<Q>(pub Q);

/// Runs a statement that answers no rows, and keeps it prepared.
pub(super) fn run_kept<Q: QueryFragment<Sqlite>>(conn: &mut SqliteConnection, statement: Q) -> QueryResult<()> {
    Kept(Rowless(statement)).load::<i64>(conn).map(drop)
}

/// A statement that can be loaded, though no row will come of it.
struct Rowless<Q>(Q);

impl<Q: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Rowless<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }
}

impl<Q> Query for Rowless<Q> {
    type SqlType = BigInt;
}

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Kept<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, C> RunQueryDsl<C> for Kept<Q> {}

/// SQLite binds so many values at the most.
const LIST_MAX: usize = 32_766;

/// A list for `IN (…)`, as long as one of few lengths: its last item is repeated, which asks for nothing more.
pub(super) fn padded<T: Copy>(items: &[T]) -> Vec<T> {
    let mut padded = items.to_vec();
    if let Some(last) = items.last() {
        let length = items.len().next_power_of_two().min(LIST_MAX).max(items.len());
        padded.resize(length, *last);
    }
    padded
}

/// The items in pieces of few lengths, each no longer than the one before it, for statements that have a place for each item.
pub(super) fn few_lengths<T>(items: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let length = rest.len().min(most).checked_ilog2().map(|power| 1 << power)?;
        let (piece, left) = rest.split_at_checked(length)?;
        rest = left;
        Some(piece)
    })
}

/// Loads what a query with [`padded`] lists asks for. PostgreSQL takes a list as one value, so there it stays prepared by itself.
macro_rules! load_kept {
    ($conn:expr, $query:expr) => {
        match $conn {
            $crate::db::Conn::Pg(conn) => $query.load(conn)?,
            $crate::db::Conn::Sqlite(conn) => $crate::db::kept::Kept($query).load(conn)?,
        }
    };
}
pub(super) use load_kept;

/// Sets many rows at once on PostgreSQL, their values given by columns: `before` them an UPDATE up to its `unnest(`, `after` them what
/// they are called and how they are joined.
pub(super) struct ByColumns<K, V> {
    pub before: &'static str,
    pub keys: Vec<K>,
    pub numbers: Vec<i64>,
    pub values: Vec<V>,
    pub after: &'static str,
}

impl<K: ToSql<Binary, Pg>, V: ToSql<Binary, Pg>> QueryFragment<Pg> for ByColumns<K, V>
where
    Vec<K>: ToSql<Array<Binary>, Pg>,
    Vec<V>: ToSql<Array<Binary>, Pg>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(self.before);
        pass.push_bind_param::<Array<Binary>, _>(&self.keys)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<BigInt>, _>(&self.numbers)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Binary>, _>(&self.values)?;
        pass.push_sql(self.after);
        Ok(())
    }
}

impl<K, V> QueryId for ByColumns<K, V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K, V, C> RunQueryDsl<C> for ByColumns<K, V> {}

#[cfg(test)]
mod tests {
    use super::{LIST_MAX, few_lengths, padded, run_kept};
    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::prelude::*;
    use schema::tables::counters;
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static KEPT: AtomicUsize = AtomicUsize::new(0);

    #[test]
    fn what_is_run_kept_is_prepared_once_and_what_is_executed_each_time() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        conn.batch_execute("CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)").unwrap();
        conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { .. } = event {
                KEPT.fetch_add(1, Ordering::Relaxed);
            }
        });
        let set = |value: i64| diesel::update(counters::table.find("jobs")).set(counters::value.eq(value));
        set(0).execute(&mut conn).unwrap();
        set(0).execute(&mut conn).unwrap();
        assert_eq!(KEPT.load(Ordering::Relaxed), 0);
        conn.batch_execute("INSERT INTO counters VALUES ('jobs', 0)").unwrap();
        run_kept(&mut conn, set(1)).unwrap();
        run_kept(&mut conn, set(2)).unwrap();
        assert_eq!(KEPT.load(Ordering::Relaxed), 1);
        let stands: i64 = counters::table.select(counters::value).first(&mut conn).unwrap();
        assert_eq!(stands, 2);
        assert!(run_kept(&mut conn, diesel::insert_into(counters::table).values(counters::name.eq("jobs"))).is_err());
    }

    #[test]
    fn lists_come_in_few_lengths_and_ask_for_what_was_in_them() {
        let lengths: BTreeSet<usize> = (0..2_000_u32).map(|count| padded(&Vec::from_iter(0..count)).len()).collect();
        assert_eq!(lengths, [0].into_iter().chain((0..12).map(|power| 1 << power)).collect());
        let some = padded(&[7, 3, 9]);
        assert_eq!(some, [7, 3, 9, 9]);
        assert_eq!(padded(&vec![0; 20_000]).len(), LIST_MAX, "no more than can be bound");
    }

    #[test]
    fn pieces_have_few_lengths_and_hold_everything_once() {
        let items = Vec::from_iter(0..300);
        let lengths = |count: usize| few_lengths(&items[..count], 128).map(<[_]>::len).collect::<Vec<_>>();
        assert!(lengths(0).is_empty());
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(30), [16, 8, 4, 2]);
        assert_eq!(lengths(300), [128, 128, 32, 8, 4]);
        assert_eq!(few_lengths(&items, 128).flatten().copied().collect::<Vec<_>>(), items);
    }
}
