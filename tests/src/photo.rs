//! Pictures for tests, phones that take them, and bare tus.

use crate::answer::expect_ok;
use crate::person::Person;
use crate::phone::TestPhone;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use reqwest::{Method, RequestBuilder, Response};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::JobId;
use schema::record::Photo;
use sync::store::Store as _;

/// A JPEG of this size that differs from others by its seed.
pub fn jpeg(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let [x, y] = [x, y].map(|side| u8::try_from(side % 251).unwrap());
        image::Rgb([x.wrapping_add(seed), y, seed])
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 70)).unwrap();
    bytes
}

/// The picture with an Exif segment that says where it was taken: 31°10'12" N, 121°26'24" E, by a `Testphone`, turned by 90°.
pub fn with_place(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    // The first directory has three entries and ends at 50; then the camera's name, then the directory of the place.
    tiff.extend(3u16.to_be_bytes());
    tiff.extend(entry(0x010f, 2, 10, 50u32.to_be_bytes()));
    tiff.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, 60u32.to_be_bytes()));
    tiff.extend([0; 4]);
    tiff.extend(b"Testphone\0");
    tiff.extend(4u16.to_be_bytes());
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, 114u32.to_be_bytes()));
    tiff.extend(entry(3, 2, 2, *b"E\0\0\0"));
    tiff.extend(entry(4, 5, 3, 138u32.to_be_bytes()));
    tiff.extend([0; 4]);
    for number in [31u32, 1, 10, 1, 12, 1, 121, 1, 26, 1, 24, 1] {
        tiff.extend(number.to_be_bytes());
    }
    let content = [b"Exif\0\0", tiff.as_slice()].concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    let (start, rest) = jpeg.split_at(2);
    [start, b"\xff\xe1", &length, &content, rest].concat()
}

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
