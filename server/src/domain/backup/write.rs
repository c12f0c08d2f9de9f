//! Writing a backup from one view of the database, while the service runs.

use super::{FORMAT, Mark, SUM_DIGITS, Summary};
use crate::db::backup::{self as rows, ColumnKind};
use crate::db::{Conn, DbError};
use schema::binary::Hash;
use schema::problem::Problem;
use schema::time::Timestamp;
use sha2::{Digest, Sha256};
use std::io::Write;

struct Writer<W> {
    output: W,
    digest: Sha256,
}

impl<W: Write> Writer<W> {
    fn line(&mut self, json: &[u8]) -> Result<(), Problem> {
        self.digest.update(json);
        let sum = Hash(self.digest.clone().finalize().into()).to_string();
        let sum = sum.get(..SUM_DIGITS).unwrap_or_default();
        let parts = [sum.as_bytes(), b" ", json, b"\n"];
        parts.iter().try_for_each(|part| self.output.write_all(part)).map_err(Problem::internal)
    }

    fn mark(&mut self, mark: &Mark) -> Result<(), Problem> {
        self.line(&serde_json::to_vec(mark).map_err(Problem::internal)?)
    }
}

/// Writes everything. `conn` is in a transaction that sees one state of the database.
pub fn write(conn: &mut Conn, now: Timestamp, output: impl Write) -> Result<Summary, Problem> {
    let mut writer = Writer { output, digest: Sha256::new() };
    let mut summary = Summary { made_at: now, version: rows::find_version(conn)?, tables: 0, rows: 0 };
    writer.mark(&Mark::Backup { format: FORMAT, made_at: now, version: summary.version.clone() })?;
    for table in rows::list_tables(conn)? {
        writer.mark(&Mark::Table { name: table.name.clone(), columns: table.columns.clone() })?;
        let mut count = 0;
        rows::visit_rows(conn, &table, |row| -> Result<(), Failed> {
            // The engines write JSON with other blanks and escapes.
            let mut row: Vec<serde_json::Value> = serde_json::from_str(row).map_err(Problem::internal)?;
            for (column, value) in table.columns.iter().zip(&mut row) {
                if let (ColumnKind::Boolean, Some(number)) = (column.kind, value.as_i64()) {
                    *value = (number != 0).into();
                }
            }
            count += 1;
            Ok(writer.line(&serde_json::to_vec(&row).map_err(Problem::internal)?)?)
        })
        .map_err(|Failed(problem)| problem)?;
        writer.mark(&Mark::Rows(count))?;
        summary.tables += 1;
        summary.rows += count;
    }
    let sha256 = Hash(writer.digest.clone().finalize().into());
    writer.mark(&Mark::End { tables: summary.tables, rows: summary.rows, sha256 })?;
    writer.output.flush().map_err(Problem::internal)?;
    Ok(summary)
}

/// What stops the walk over a table's rows.
struct Failed(Problem);

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        Self(error.into())
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}
