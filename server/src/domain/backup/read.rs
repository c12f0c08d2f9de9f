//! Reading a backup: once to see that it is whole, and once more to restore it.

use super::{FORMAT, Mark, SUM_DIGITS, Summary};
use crate::db::backup::{self as rows, Column, ColumnKind, Table};
use crate::db::{Conn, DbError};
use crate::domain::epochs;
use schema::binary::Hash;
use schema::time::Timestamp;
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, Read as _};

/// Bytes of one line. A record of the largest size is half of it.
const LINE_BYTES_MAX: usize = 64 << 20;
/// Rows and bytes that are inserted at once.
const BATCH_ROWS: usize = 200;
const BATCH_BYTES: usize = 4 << 20;

/// The first thing in the file that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the backup is damaged at byte {offset} (table {}, row {row}): {why}", table.as_deref().unwrap_or("none yet"))]
pub struct Damage {
    /// Of the line's first byte; everything before it is as it was written.
    pub offset: u64,
    pub table: Option<String>,
    /// From 1 within the table; 0 where it is the table's own line.
    pub row: u64,
    pub why: String,
}

/// Nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    Damage(#[from] Damage),
    #[error("the backup can't be read: {0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Unfit(String),
    #[error("table {table}, rows up to {row}: {error}")]
    Row { table: String, row: u64, error: DbError },
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<RestoreError> for schema::problem::Problem {
    fn from(error: RestoreError) -> Self {
        Self::because(schema::problem::Kind::Conflict, error.to_string(), error.to_string())
    }
}

/// What becomes of the tables and rows as they are read.
trait Target {
    fn table(&mut self, table: &Table) -> Result<(), RestoreError>;
    fn row(&mut self, table: &Table, json: &str) -> Result<(), RestoreError>;
    fn end(&mut self, table: &Table) -> Result<(), RestoreError>;
}

struct Nothing;

impl Target for Nothing {
    fn table(&mut self, _: &Table) -> Result<(), RestoreError> {
        Ok(())
    }
    fn row(&mut self, _: &Table, _: &str) -> Result<(), RestoreError> {
        Ok(())
    }
    fn end(&mut self, _: &Table) -> Result<(), RestoreError> {
        Ok(())
    }
}

/// Reads the whole file; answers what it holds.
pub fn check(input: impl BufRead) -> Result<Summary, RestoreError> {
    Reader::new(input).read(&mut Nothing)
}

/// Restores into a database that is migrated to the backup's version and holds no work yet; begins a new epoch. `conn` is in a
/// transaction, which the caller rolls back on an error. The file must have passed [`check`]; it is checked again on the way.
pub fn restore(conn: &mut Conn, input: impl BufRead, epoch: i64, now: Timestamp) -> Result<Summary, RestoreError> {
    let tables = rows::list_tables(conn)?;
    for table in &tables {
        // What a server writes when it first starts is no work.
        let is_made_at_start = matches!(table.name.as_str(), "meta" | "signing_keys");
        if !is_made_at_start && rows::count_rows(conn, table)? > 0 {
            let why =
                format!("the database is not empty: {} holds rows. A backup is restored into a new one", table.name);
            return Err(RestoreError::Unfit(why));
        }
    }
    rows::defer_references(conn)?;
    for table in &tables {
        rows::delete_rows(conn, table)?;
    }
    let version = rows::find_version(conn)?;
    let mut loading = Loading { conn, tables, batch: String::new(), rows: 0, row: 0 };
    let summary = Reader::new(input).read(&mut loading)?;
    if summary.version != version {
        let why = format!("the backup was made at version {}, this program's is {version}", summary.version);
        return Err(RestoreError::Unfit(why));
    }
    rows::check_references(conn)?;
    epochs::begin(conn, epoch, now)?;
    Ok(summary)
}

struct Loading<'a> {
    conn: &'a mut Conn,
    tables: Vec<Table>,
    /// A JSON array that is still open.
    batch: String,
    rows: usize,
    row: u64,
}

impl Target for Loading<'_> {
    fn table(&mut self, table: &Table) -> Result<(), RestoreError> {
        self.row = 0;
        let found = self.tables.iter().find(|known| known.name == table.name);
        let sorted = |table: &Table| {
            let mut columns = table.columns.clone();
            columns.sort_by(|a, b| a.name.cmp(&b.name));
            columns
        };
        if found.is_some_and(|found| sorted(found) == sorted(table)) {
            return Ok(());
        }
        Err(RestoreError::Unfit(format!("this program's table {} is another than the backup's, or none", table.name)))
    }

    fn row(&mut self, table: &Table, json: &str) -> Result<(), RestoreError> {
        self.batch.push(if self.rows == 0 { '[' } else { ',' });
        self.batch.push_str(json);
        self.rows += 1;
        self.row += 1;
        if self.rows >= BATCH_ROWS || self.batch.len() >= BATCH_BYTES { self.end(table) } else { Ok(()) }
    }

    fn end(&mut self, table: &Table) -> Result<(), RestoreError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.batch.push(']');
        let inserted = rows::insert_rows(self.conn, table, &self.batch);
        let row = self.row;
        inserted.map_err(|error| RestoreError::Row { table: table.name.clone(), row, error })?;
        (self.rows, self.batch) = (0, String::new());
        Ok(())
    }
}

struct Reader<R> {
    input: R,
    digest: Sha256,
    /// Of the line that is being read.
    offset: u64,
    next: u64,
    table: Option<String>,
    row: u64,
}

impl<R: BufRead> Reader<R> {
    fn new(input: R) -> Self {
        Self { input, digest: Sha256::new(), offset: 0, next: 0, table: None, row: 0 }
    }

    fn damage<T>(&self, why: impl Into<String>) -> Result<T, RestoreError> {
        Err(Damage { offset: self.offset, table: self.table.clone(), row: self.row, why: why.into() }.into())
    }

    fn read(&mut self, target: &mut impl Target) -> Result<Summary, RestoreError> {
        let Some(Mark::Backup { format, made_at, version }) = self.mark()? else {
            return self.damage("this is no backup");
        };
        if format != FORMAT {
            return self.damage(format!("format {format} is not known to this program"));
        }
        let mut summary = Summary { made_at, version, tables: 0, rows: 0 };
        loop {
            let before = Hash(self.digest.clone().finalize().into());
            match self.mark()? {
                Some(Mark::Table { name, columns }) => {
                    let table = Table { name, columns };
                    self.table = Some(table.name.clone());
                    target.table(&table)?;
                    summary.rows += self.rows(&table, target)?;
                    summary.tables += 1;
                }
                Some(Mark::End { tables, rows, sha256 }) => {
                    if (tables, rows, sha256) != (summary.tables, summary.rows, before) {
                        return self.damage("the end does not fit what stands before it");
                    }
                    return match self.line()? {
                        None => Ok(summary),
                        Some(_) => self.damage("something follows the end"),
                    };
                }
                _ => return self.damage("a table or the end should stand here"),
            }
        }
    }

    fn rows(&mut self, table: &Table, target: &mut impl Target) -> Result<u64, RestoreError> {
        self.row = 0;
        loop {
            let Some(json) = self.line()? else { return self.damage("the file ends within a table") };
            if json.starts_with('[') {
                self.row += 1;
                let values: Vec<serde_json::Value> = match serde_json::from_str(&json) {
                    Ok(values) => values,
                    Err(error) => return self.damage(format!("this is no row: {error}")),
                };
                if values.len() != table.columns.len() || !table.columns.iter().zip(&values).all(fits) {
                    return self.damage("the row does not fit the table's columns");
                }
                target.row(table, &json)?;
                continue;
            }
            return match serde_json::from_str(&json) {
                Ok(Mark::Rows(rows)) if rows == self.row => {
                    target.end(table)?;
                    Ok(rows)
                }
                Ok(Mark::Rows(_)) => self.damage("the number of rows is another"),
                _ => self.damage("a row, or their number, should stand here"),
            };
        }
    }

    fn mark(&mut self) -> Result<Option<Mark>, RestoreError> {
        let Some(json) = self.line()? else { return self.damage("the file ends here, without its end") };
        match serde_json::from_str(&json) {
            Ok(mark) => Ok(Some(mark)),
            Err(error) => self.damage(format!("this can't be read: {error}")),
        }
    }

    /// The JSON of the next line, its sum checked; None at the end of the file.
    fn line(&mut self) -> Result<Option<String>, RestoreError> {
        self.offset = self.next;
        let mut line = Vec::new();
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let read = self.input.by_ref().take(limit).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.next += u64::try_from(read).unwrap_or(0);
        if line.pop() != Some(b'\n') {
            return self.damage("the line has no end");
        }
        let Some((sum, rest)) = line.split_at_checked(SUM_DIGITS) else { return self.damage("the line is too short") };
        let Some(json) = rest.strip_prefix(b" ") else { return self.damage("the line has no sum") };
        self.digest.update(json);
        let expected = Hash(self.digest.clone().finalize().into()).to_string();
        if expected.as_bytes().get(..SUM_DIGITS) != Some(sum) {
            return self.damage("the line is not as it was written");
        }
        match String::from_utf8(json.to_vec()) {
            Ok(json) => Ok(Some(json)),
            Err(_) => self.damage("the line is no text"),
        }
    }
}

fn fits((column, value): (&Column, &serde_json::Value)) -> bool {
    match column.kind {
        _ if value.is_null() => true,
        ColumnKind::Text => value.is_string(),
        ColumnKind::Integer => value.is_i64(),
        ColumnKind::Boolean => value.is_boolean(),
        ColumnKind::Bytes => value.as_str().is_some_and(|text| {
            text.len().is_multiple_of(2) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        }),
    }
}
