//! Taking in the bytes of an upload. What arrives is made durable piece by piece, and only then is the upload's row moved on; the last
//! piece moves it on together with the photo's publication, so whoever is told that everything was received has a photo that is there.

use crate::db;
use crate::domain::photos;
use crate::domain::sync::Doors as _;
use crate::domain::uploads::{self, Advanced, By, Published};
use crate::photos::checksum::Checksum;
use crate::photos::picture::{self, Judged};
use crate::photos::{mark, object, pieces};
use crate::state::{App, random};
use futures_util::{Stream, StreamExt as _};
use schema::id::UploadId;
use schema::limits::{UPLOAD_CHECKED_BYTES_MAX, UPLOAD_PIECE_BYTES};
use schema::photo::{PhotoCopies, PhotoRefusal, PhotoSize};
use schema::problem::{Kind, Problem};
use schema::rows::photos::{JobPhotoRow, PhotoRow, PieceRow, UploadRow};

/// An upload that goes on.
struct Receiver<'a> {
    app: &'a App,
    by: By,
    upload: UploadRow,
    /// Arrived, and not durable yet.
    held: Vec<u8>,
}

/// Takes the upload on by this body, as far as it comes: where the line breaks, what came before is kept, unless it was to fit a checksum.
/// It has room for what has come, not for what it announces; where there is none, it is the same as a break. A later request for the same
/// upload ends this one.
pub async fn receive<B: AsRef<[u8]>, E>(
    app: &App,
    by: By,
    upload: UploadRow,
    mut body: impl Stream<Item = Result<B, E>> + Unpin,
    checksum: Option<Checksum>,
) -> Result<UploadRow, Problem> {
    let mut turn = app.photos.receiving.begin(upload.id, by.caller.person)?;
    let mut place = app.photos.arriving.take(0)?;
    let mut receiver = Receiver { app, by, upload, held: Vec::new() };
    let piece_bytes = if checksum.is_some() { UPLOAD_CHECKED_BYTES_MAX } else { UPLOAD_PIECE_BYTES };
    let mut is_cut = false;
    loop {
        let arrived = tokio::select! {
            biased;
            () = turn.is_over() => return Err(Problem::busy(1)),
            arrived = body.next() => arrived,
        };
        let Some(arrived) = arrived else { break };
        let Ok(arrived) = arrived else {
            is_cut = true;
            break;
        };
        let mut rest = arrived.as_ref();
        receiver.require_room(rest.len())?;
        if let Err(busy) = place.grow(receiver.held.len().saturating_add(rest.len())) {
            if checksum.is_none() {
                receiver.flush().await?;
            }
            return Err(busy);
        }
        while !rest.is_empty() {
            if receiver.held.len() == piece_bytes {
                if checksum.is_some() {
                    return Err(Problem::new(Kind::TooLarge));
                }
                receiver.flush().await?;
            }
            let room = piece_bytes.saturating_sub(receiver.held.len()).min(rest.len());
            let (now, later) = rest.split_at(room);
            receiver.held.extend_from_slice(now);
            rest = later;
        }
    }
    match checksum {
        Some(_) if is_cut => return Ok(receiver.upload),
        Some(checksum) => checksum.require(&receiver.held)?,
        None => {}
    }
    receiver.flush().await?;
    Ok(receiver.upload)
}

impl Receiver<'_> {
    /// More than was announced is refused, and with it the part that it came in.
    fn require_room(&self, arrived: usize) -> Result<(), Problem> {
        let all = i64::try_from(self.held.len().saturating_add(arrived)).unwrap_or(i64::MAX);
        let fits = self.upload.received.saturating_add(all) <= self.upload.bytes;
        if fits { Ok(()) } else { Err(Problem::new(Kind::TooLarge)) }
    }

    /// Makes durable what is held.
    async fn flush(&mut self) -> Result<(), Problem> {
        let piece = std::mem::take(&mut self.held);
        let bytes = i64::try_from(piece.len()).map_err(Problem::internal)?;
        if bytes == 0 {
            return Ok(());
        }
        metrics::counter!("photo_bytes_received").increment(bytes.unsigned_abs());
        if self.upload.received.saturating_add(bytes) == self.upload.bytes {
            return self.finish(&piece).await;
        }
        let draw = u64::from_be_bytes(random());
        let row = PieceRow {
            upload_id: self.upload.id,
            place: self.upload.received,
            bytes,
            // Two requests may bring the same place; only one of them is taken.
            object: format!("{}/{}-{draw:016x}", pieces(self.upload.id), self.upload.received),
        };
        self.app.photos.store.put(&row.object, piece).await?;
        match self.take_over(&row).await {
            Ok(upload) => self.upload = upload,
            Err(problem) => {
                self.app.photos.store.delete(&row.object).await?;
                return Err(problem);
            }
        }
        Ok(())
    }

    async fn take_over(&self, piece: &PieceRow) -> Result<UploadRow, Problem> {
        for _ in 0..2 {
            let (by, upload, piece) = (self.by.clone(), self.upload.clone(), piece.clone());
            let advanced = self.app.db.write(move |conn| uploads::advance(conn, &by, &upload, &piece)).await?;
            match advanced {
                Advanced::To(upload) => return Ok(upload),
                Advanced::InManyPieces => self.join().await?,
            }
        }
        Err(Problem::busy(1))
    }

    /// A line that breaks all the time brings a photo in very many pieces: they become one, so that their number stays bounded.
    async fn join(&self) -> Result<(), Problem> {
        let app = self.app;
        let _turn = app.photos.finishing.acquire().await.map_err(Problem::internal)?;
        let whole = self.put_together(&[]).await?;
        let draw = u64::from_be_bytes(random());
        let row = PieceRow {
            upload_id: self.upload.id,
            place: 0,
            bytes: i64::try_from(whole.len()).map_err(Problem::internal)?,
            object: format!("{}/0-{draw:016x}", pieces(self.upload.id)),
        };
        app.photos.store.put(&row.object, whole).await?;
        let (upload, joined) = (self.upload.clone(), row.clone());
        match app.db.write(move |conn| uploads::join(conn, &upload, &joined)).await {
            Ok(parts) => {
                for part in parts {
                    app.photos.store.delete(&part.object).await?;
                }
                Ok(())
            }
            Err(problem) => {
                app.photos.store.delete(&row.object).await?;
                Err(problem)
            }
        }
    }

    /// All bytes are there: they must be those of the hash, and the photo must still be named where this person may hand it in.
    async fn finish(&mut self, last: &[u8]) -> Result<(), Problem> {
        let app = self.app;
        let _turn = app.photos.finishing.acquire().await.map_err(Problem::internal)?;
        let whole = self.put_together(last).await?;
        let sha256 = self.upload.sha256;
        let (judged, whole) = app.judge(move || (picture::judge(&whole, sha256), whole)).await?;
        let Judged { media_type, evidence } = match judged {
            Ok(judged) => judged,
            Err(problem) => {
                self.drop_standing().await?;
                self.remember(&problem).await?;
                return Err(problem);
            }
        };
        self.named().await?;
        let photo = PhotoRow {
            sha256,
            bytes: self.upload.bytes,
            media_type: media_type.to_owned(),
            evidence: serde_json::to_string(&evidence).map_err(Problem::internal)?,
            stored_at: self.by.now,
            copies: PhotoCopies::Waiting,
        };
        self.publish(photo, whole).await
    }

    /// Who may hand it in is asked as late as may be.
    async fn named(&self) -> Result<JobPhotoRow, Problem> {
        let (by, named) = (self.by.clone(), (self.upload.job_id, self.upload.sha256));
        self.app.db.read(move |conn| photos::named(conn, &by.caller, named)).await
    }

    /// What is refused for good need not be sent again to hear so.
    async fn remember(&self, problem: &Problem) -> Result<(), Problem> {
        let Some(why) = PhotoRefusal::of(problem.kind) else { return Ok(()) };
        let (named, now) = (self.named().await?, self.by.now);
        self.app.db.write(move |conn| uploads::refuse(conn, &named, why, now)).await
    }

    async fn put_together(&self, last: &[u8]) -> Result<Vec<u8>, Problem> {
        let id = self.upload.id;
        let rows = self.app.db.read(move |conn| Ok(db::uploads::list_pieces(conn, id)?)).await?;
        let mut whole = Vec::with_capacity(usize::try_from(self.upload.bytes).map_err(Problem::internal)?);
        for row in rows {
            // Of a request that was cut off, and yet came first.
            if row.place >= self.upload.received {
                return Err(Problem::new(Kind::UploadOffset));
            }
            // A store that was emptied or exchanged: the client begins anew.
            let Some(piece) = self.app.photos.store.get(&row.object).await? else {
                self.drop_standing().await?;
                return Err(Problem::new(Kind::UploadGone));
            };
            whole.extend_from_slice(&piece);
        }
        whole.extend_from_slice(last);
        Ok(whole)
    }

    /// Ends an upload that leads nowhere, if it still stands where this request found it.
    async fn drop_standing(&self) -> Result<(), Problem> {
        let row = self.upload.clone();
        let dropped = self.app.db.write(move |conn| Ok(db::uploads::delete_standing(conn, &row)?)).await?;
        if dropped { self.app.photos.store.delete_below(&pieces(self.upload.id)).await } else { Ok(()) }
    }

    /// Under its hash a photo is the same whoever puts it there, so two that do at once don't harm each other; the rows decide who did.
    async fn publish(&mut self, photo: PhotoRow, whole: Vec<u8>) -> Result<(), Problem> {
        let (app, sha256) = (self.app, photo.sha256);
        let name = object(sha256, PhotoSize::Original);
        let is_there = app.photos.store.bytes_of(&name).await? == Some(photo.bytes.unsigned_abs());
        if !is_there {
            app.photos.store.put(&name, whole).await?;
        }
        app.photos.store.put(&mark(self.upload.job_id, sha256), Vec::new()).await?;
        let (by, upload) = (self.by.clone(), self.upload.clone());
        let done = app.db.write(move |conn| uploads::complete(conn, &by, &upload, &photo)).await?;
        let Published { upload, is_new } = done;
        self.upload = upload;
        if is_new {
            metrics::counter!("photos_stored").increment(1);
        }
        // What is left of it would go with the upload, later.
        if let Err(problem) = app.photos.store.delete_below(&pieces(self.upload.id)).await {
            tracing::warn!(%problem, "pieces of a finished upload are left");
        }
        Ok(())
    }
}

/// Ends an upload that can't be finished, or that nobody wants.
pub async fn give_up(app: &App, id: UploadId) -> Result<(), Problem> {
    app.db.write(move |conn| Ok(db::uploads::delete_upload(conn, id)?)).await?;
    app.photos.store.delete_below(&pieces(id)).await
}

/// Uploads that are given up at once by housekeeping; the rest waits for its next round.
const EXPIRED_MAX: i64 = 100;

/// Gives up what has run out.
pub async fn tidy_up(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    let expired = app.db.read(move |conn| Ok(db::uploads::list_expired(conn, now, EXPIRED_MAX)?)).await?;
    let mut given_up = 0;
    for id in expired {
        // The objects first: where this is cut off, the row still leads to them.
        app.photos.store.delete_below(&pieces(id)).await?;
        given_up += usize::from(app.db.write(move |conn| Ok(db::uploads::delete_upload(conn, id)?)).await?);
    }
    Ok(given_up)
}
