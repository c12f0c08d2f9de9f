//! Store and database held against each other. They are two, so after the loss or the restore of one they may differ: a photo that the
//! store has lost is owed again, and one that was handed in before the database was set back is found by the mark that was left then.

use crate::db;
use crate::domain::uploads;
use crate::photos::picture::{self, Judged};
use crate::photos::{mark, object};
use crate::state::{App, random};
use schema::binary::Hash;
use schema::photo::{PhotoCopies, PhotoSize};
use schema::problem::Problem;
use schema::rows::photos::{JobPhotoRow, PhotoRow};

/// Rows that are looked at together.
const ROWS: i64 = 200;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Photos that lie where they should.
    pub held: usize,
    /// Gone from the store: owed again.
    pub lost: usize,
    /// In the store, and held again for the jobs that they were handed in for.
    pub found: usize,
}

/// Safe at any time, and while the service runs. Does not read what the database knows; only what it doesn't is hashed.
pub async fn check(app: &App) -> Result<Checked, Problem> {
    let mut checked = Checked::default();
    let mut after: Option<Hash> = None;
    loop {
        let rows = app.db.read(move |conn| Ok(db::photos::list_all(conn, after, ROWS)?)).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.sha256);
        for PhotoRow { sha256, bytes, .. } in rows {
            let name = object(sha256, PhotoSize::Original);
            if app.photos.store.bytes_of(&name).await? == Some(bytes.unsigned_abs()) {
                checked.held += 1;
            } else {
                app.db.write(move |conn| Ok(db::photos::forget_photo(conn, sha256)?)).await?;
                checked.lost += 1;
            }
        }
    }
    let mut after: Option<JobPhotoRow> = None;
    loop {
        let from = after.clone();
        let rows = app.db.read(move |conn| Ok(db::photos::list_owed_rows(conn, from.as_ref(), ROWS)?)).await?;
        let Some(last) = rows.last() else { return Ok(checked) };
        after = Some(last.clone());
        for row in rows {
            checked.found += usize::from(find(app, row).await?);
        }
    }
}

/// Whether the photo was handed in for this job, before the database knew nothing of it any more.
async fn find(app: &App, row: JobPhotoRow) -> Result<bool, Problem> {
    let sha256 = row.sha256;
    if app.photos.store.bytes_of(&mark(row.job_id, sha256)).await?.is_none() {
        return Ok(false);
    }
    let Some(bytes) = app.photos.store.get(&object(sha256, PhotoSize::Original)).await? else { return Ok(false) };
    let Ok(Judged { media_type, evidence }) = picture::judge(&bytes, sha256) else { return Ok(false) };
    let now = app.now();
    let photo = PhotoRow {
        sha256,
        bytes: i64::try_from(bytes.len()).map_err(Problem::internal)?,
        media_type: media_type.to_owned(),
        evidence: serde_json::to_string(&evidence).map_err(Problem::internal)?,
        stored_at: now,
        copies: PhotoCopies::Waiting,
    };
    let random = random();
    app.db.write(move |conn| uploads::adopt(conn, &row, &photo, (now, random))).await?;
    Ok(true)
}
