//! Phones that take photos, and bare tus.

use crate::answer::expect_ok;
use crate::person::Person;
use crate::phone::TestPhone;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, RequestBuilder, Response};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::JobId;
use schema::record::Photo;
use sync::store::Store as _;

impl TestPhone {
    /// Takes a photo as the app does: its bytes first, then the record.
    pub fn take_photo(&mut self, job: JobId, step: &str, bytes: &[u8]) -> Hash {
        self.take_photo_bytes(bytes);
        self.name_photo(job, step, bytes)
    }

    /// Only the bytes.
    pub fn take_photo_bytes(&mut self, bytes: &[u8]) -> Hash {
        let sha256 = Hash::of(bytes);
        self.handset.store().put_blob(sha256, bytes).unwrap();
        sha256
    }

    /// Only the record: the phone does not hold the bytes, so that a test sends them as it likes.
    pub fn name_photo(&mut self, job: JobId, step: &str, bytes: &[u8]) -> Hash {
        let (sha256, length) = (Hash::of(bytes), i64::try_from(bytes.len()).unwrap());
        let (by, at) = (self.person, self.at());
        let photo = Photo { step: step.to_owned(), bytes: length, width: 8, height: 8, by, at };
        self.edit(job, vec![Edit::Photo { sha256, photo }]);
        sha256
    }
}

/// An upload by bare tus.
pub struct Upload {
    pub path: String,
    pub offset: usize,
}

impl Person {
    pub fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("tus-resumable", "1.0.0")
    }

    /// The request that begins an upload.
    pub fn begin_upload(&self, job: JobId, sha256: Hash, bytes: usize) -> RequestBuilder {
        let [job, sha256] = [job.to_string(), sha256.to_string()].map(|text| STANDARD.encode(text));
        self.tus(Method::POST, "/v1/uploads")
            .header("upload-length", bytes.to_string())
            .header("upload-metadata", format!("job {job},sha256 {sha256}"))
    }

    pub async fn upload(&self, job: JobId, bytes: &[u8]) -> Upload {
        let answer = expect_ok(self.begin_upload(job, Hash::of(bytes), bytes.len())).await;
        let path = answer.headers().get("location").unwrap().to_str().unwrap().to_owned();
        Upload { path, offset: offset_of(&answer) }
    }

    /// The request that goes on with it.
    pub fn go_on(&self, upload: &Upload, part: &[u8]) -> RequestBuilder {
        self.tus(Method::PATCH, &upload.path)
            .header("upload-offset", upload.offset.to_string())
            .header("content-type", "application/offset+octet-stream")
            .body(part.to_vec())
    }

    /// Where it stands, as the server says.
    pub async fn offset(&self, upload: &Upload) -> usize {
        offset_of(&expect_ok(self.tus(Method::HEAD, &upload.path)).await)
    }

    /// Uploads a photo whole.
    pub async fn send_photo(&self, job: JobId, bytes: &[u8]) {
        let upload = self.upload(job, bytes).await;
        if upload.offset < bytes.len() {
            expect_ok(self.go_on(&upload, bytes.get(upload.offset..).unwrap())).await;
        }
    }

    /// The request for a photo of a job.
    pub fn photo(&self, job: JobId, sha256: Hash) -> RequestBuilder {
        self.get(&format!("/v1/jobs/{job}/photos/{sha256}"))
    }
}

/// `Upload-Offset`.
pub fn offset_of(answer: &Response) -> usize {
    answer.headers().get("upload-offset").unwrap().to_str().unwrap().parse().unwrap()
}
