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

/// A statement that reads the same whatever its values are. It is kept under its text: where that is not so after all, it costs memory
/// and never runs in the place of another.
///
/// On PostgreSQL it must be loaded, as one that returns rows: what executes there takes a reference, and a reference to it is a fragment
/// like any other to Diesel.
pub(super) struct Kept<Q>(pub Q);

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
    use super::{LIST_MAX, padded};
    use std::collections::BTreeSet;

    #[test]
    fn lists_come_in_few_lengths_and_ask_for_what_was_in_them() {
        let lengths: BTreeSet<usize> = (0..2_000_u32).map(|count| padded(&Vec::from_iter(0..count)).len()).collect();
        assert_eq!(lengths, [0].into_iter().chain((0..12).map(|power| 1 << power)).collect());
        let some = padded(&[7, 3, 9]);
        assert_eq!(some, [7, 3, 9, 9]);
        assert_eq!(padded(&vec![0; 20_000]).len(), LIST_MAX, "no more than can be bound");
    }
}
