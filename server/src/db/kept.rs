//! Statements that stay prepared. Diesel prepares each UPDATE and each upsert anew, because its text may depend on the values that are
//! set. Where ours always reads the same, that is a third of what it costs.

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
