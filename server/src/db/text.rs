//! How texts are compared where people search.

use diesel::sql_types::{Nullable, Text};

diesel::define_sql_function! {
    /// In small letters: what is typed fits however it was written. PostgreSQL's LIKE compares to the letter, SQLite's does not.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}
