//! Photos on their way to the server: after the records that name them, piece by piece, from the byte that the server names. Nothing has
//! to be remembered for that: an upload that is begun again is the one that was begun.

use super::drive::needs_login;
use super::http::{Answer, Call};
use super::{Client, ClientError, Clocks, SyncReport};
use crate::handset::Handset;
use crate::replica::Input;
use crate::store::{Entry, Store};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use schema::binary::Hash;
use schema::id::JobId;
use schema::photo::{PhotoReceipt, TUS_CONTENT, TUS_VERSION};
use schema::problem::{Kind, Remedy};

/// Bytes of one piece: what a broken line costs at the most.
const PIECE_BYTES: usize = 256 << 10;
/// How often one photo is begun anew in one sync.
const TRIES: usize = 4;
const UPLOADS: &str = "/v1/uploads";

/// An upload, and the byte at which it goes on.
struct Upload {
    path: String,
    offset: usize,
}

/// A photo that is owed.
#[derive(Clone, Copy)]
struct Owed {
    sha256: Hash,
    job: JobId,
}

impl Client {
    /// Sends every photo whose record has arrived. One that the server does not take holds up no other; where the server can't be
    /// reached, the rest waits. Either is told in the report.
    pub(super) async fn send_photos<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        report: &mut SyncReport,
    ) -> Result<(), ClientError> {
        let unsent: Vec<JobId> =
            handset.replica().all_held().filter(|held| held.unsent() > 0).map(|held| held.job).collect();
        let owed: Vec<Owed> = handset.replica().photos_owed().map(|(sha256, job, _)| Owed { sha256, job }).collect();
        for photo in owed.into_iter().filter(|photo| !unsent.contains(&photo.job)) {
            match self.send_photo(handset, clocks, (photo, &mut *report)).await {
                Ok(true) => report.photos_sent += 1,
                Ok(false) => {}
                Err(ClientError::Handset(error)) => return Err(error.into()),
                Err(error) => {
                    if let Some(why) = error.refuses_photo() {
                        let refused = Entry::PhotoRefused { sha256: photo.sha256, why };
                        handset.handle(clocks.now(), clocks.random(), Input::Remember(vec![refused]))?;
                        report.photos_refused += 1;
                        continue;
                    }
                    let goes_on = matches!(error, ClientError::Problem(_));
                    report.photo_error = Some(error.to_string());
                    if !goes_on {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the server holds it now, and says so.
    async fn send_photo<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        (photo, report): (Owed, &mut SyncReport),
    ) -> Result<bool, ClientError> {
        let content = handset.store().find_blob(photo.sha256).map_err(|error| ClientError::Handset(error.into()))?;
        // Without its bytes it was let go of, and cut off before that was noted.
        let Some(content) = content else { return self.settle(handset, clocks, photo).await };
        if Hash::of(&content) != photo.sha256 {
            return Err(ClientError::Answer(format!("the bytes of {} are harmed on this phone", photo.sha256)));
        }
        for _ in 0..TRIES {
            match self.upload(handset, clocks, (photo, &content, &mut *report)).await {
                Ok(()) => return self.settle(handset, clocks, photo).await,
                Err(error) if begins_anew(&error) => {}
                Err(error) => return Err(error),
            }
        }
        self.settle(handset, clocks, photo).await
    }

    async fn upload<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        (photo, content, report): (Owed, &[u8], &mut SyncReport),
    ) -> Result<(), ClientError> {
        let metadata = format!(
            "job {},sha256 {}",
            STANDARD.encode(photo.job.to_string()),
            STANDARD.encode(photo.sha256.to_string())
        );
        let begin = tus(Method::POST, UPLOADS.to_owned())
            .with_header("upload-length", content.len().to_string())
            .with_header("upload-metadata", metadata);
        let answer = self.in_session(handset, clocks, begin).await?;
        let path = answer.header("location").filter(|path| path.starts_with(UPLOADS)).map(str::to_owned);
        let path = path.ok_or_else(|| ClientError::Answer("it names no upload".to_owned()))?;
        let mut upload = Upload { path, offset: offset(&answer)? };
        while upload.offset < content.len() {
            let piece = content.iter().skip(upload.offset).take(PIECE_BYTES).copied().collect::<Vec<u8>>();
            let checksum = format!("sha256 {}", STANDARD.encode(Hash::of(&piece).as_slice()));
            report.photo_bytes_up += piece.len() as u64;
            let goes_on = tus(Method::PATCH, upload.path.clone())
                .with_header("upload-offset", upload.offset.to_string())
                .with_header("upload-checksum", checksum)
                .with_packed(TUS_CONTENT, piece);
            let stands = offset(&self.in_session(handset, clocks, goes_on).await?)?;
            if stands <= upload.offset {
                return Err(ClientError::Answer("the upload does not move".to_owned()));
            }
            upload.offset = stands;
        }
        Ok(())
    }

    /// Asks for the server's word that it holds the photo, and lets go of it here.
    async fn settle<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        photo: Owed,
    ) -> Result<bool, ClientError> {
        let path = format!("/v1/jobs/{}/photos/{}/receipt", photo.job, photo.sha256);
        let receipt: PhotoReceipt =
            self.in_session(handset, clocks, Call::new(Method::GET, path, None)).await?.json()?;
        let fits = (receipt.sha256, receipt.job) == (photo.sha256, photo.job);
        if fits && handset.let_go(clocks.now(), clocks.random(), &receipt)? {
            return Ok(true);
        }
        Err(ClientError::Answer("the receipt does not fit the photo".to_owned()))
    }

    /// With a token that holds, which may have to be fetched first.
    pub(super) async fn in_session<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        call: Call,
    ) -> Result<Answer, ClientError> {
        let token = self.access_token(handset, clocks).await?;
        match self.http.send(call.clone().with_token(token)).await {
            Err(error) if error.wants_token() => {
                let token = self.renew(handset, clocks).await?;
                self.http.send(call.with_token(token)).await.map_err(needs_login)
            }
            other => other.map_err(needs_login),
        }
    }
}

fn tus(method: Method, path: String) -> Call {
    Call::new(method, path, None).with_header("tus-resumable", TUS_VERSION)
}

fn offset(answer: &Answer) -> Result<usize, ClientError> {
    let offset = answer.header("upload-offset").and_then(|text| text.parse().ok());
    offset.ok_or_else(|| ClientError::Answer("it does not say where the upload stands".to_owned()))
}

/// The upload stands elsewhere, or is gone: asking again tells.
fn begins_anew(error: &ClientError) -> bool {
    let anew = |kind: Kind| {
        kind.remedy() == Remedy::Retry
            && !matches!(kind, Kind::Busy | Kind::Internal | Kind::UploadsMany | Kind::TooManyRequests)
    };
    matches!(error, ClientError::Problem(body) if anew(body.slug))
}
