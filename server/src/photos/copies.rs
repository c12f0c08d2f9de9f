//! The copies of photos that people are shown. Made after the photo was taken in, one at a time on a server: a hostile picture costs
//! some seconds of one thread, and no request.

use crate::db;
use crate::domain::uploads::MakeCopies;
use crate::jobs::queue::BackgroundJob;
use crate::photos::{object, picture};
use crate::state::{App, State};
use schema::binary::Hash;
use schema::photo::{PhotoCopies, PhotoSize};
use schema::problem::Problem;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// After so long a picture counts as one that can't be unpacked. Its thread ends by itself; until then nothing else is unpacked here.
const UNPACKED_WITHIN: Duration = Duration::from_secs(60);

impl BackgroundJob for MakeCopies {
    async fn run(self, app: State) -> Result<(), Problem> {
        make(&app, self.photo).await.map(drop)
    }
}

/// Makes the photo's copies; again where they were made already, which harms nothing.
pub async fn make(app: &App, sha256: Hash) -> Result<PhotoCopies, Problem> {
    let Some(bytes) = app.photos.store.get(&object(sha256, PhotoSize::Original)).await? else {
        return Err(Problem::internal(format!("the photo {sha256} is not in the store")));
    };
    let made = match unpack(app, bytes).await? {
        Some(copies) => {
            app.photos.store.put(&object(sha256, PhotoSize::Shown), copies.shown).await?;
            app.photos.store.put(&object(sha256, PhotoSize::Small), copies.small).await?;
            PhotoCopies::Made
        }
        None => PhotoCopies::Refused,
    };
    app.db.write(move |conn| Ok(db::photos::set_copies(conn, sha256, made)?)).await?;
    Ok(made)
}

async fn unpack(app: &App, bytes: Vec<u8>) -> Result<Option<picture::Copies>, Problem> {
    let turn = Arc::clone(&app.photos.unpacking).acquire_owned().await.map_err(Problem::internal)?;
    let (done, unpacked) = oneshot::channel();
    let work = move || {
        // Held until the work is over, even where nobody waits for it any more.
        let _turn = turn;
        // A panic drops the sending half, which counts as a picture that can't be unpacked.
        drop(done.send(picture::copies(&bytes)));
    };
    std::thread::Builder::new().name("darkroom".to_owned()).spawn(work).map_err(Problem::internal)?;
    let answered = tokio::time::timeout(UNPACKED_WITHIN, unpacked).await;
    match answered {
        Ok(Ok(Ok(copies))) => Ok(Some(copies)),
        Ok(Ok(Err(why))) => {
            tracing::info!(%why, "a photo without copies");
            Ok(None)
        }
        Ok(Err(_)) | Err(_) => {
            tracing::warn!("a picture could not be unpacked, or not in time");
            Ok(None)
        }
    }
}
