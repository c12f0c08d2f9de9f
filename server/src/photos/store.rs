//! Where photos lie: a folder, with every file made durable before it counts, or a bucket of an S3-compatible store. Written once and
//! never changed, so servers that share it need no locks.

use crate::config::Config;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};
use schema::problem::Problem;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// The store can't be used as it was named.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store of photos: {0}")]
    Store(#[from] Error),
    #[error("the folder of photos: {0}")]
    Folder(#[from] std::io::Error),
    #[error("this server was built without S3: build it with `--features s3`")]
    NoS3,
}

/// Where photos are to lie, by its scheme: `file:FOLDER` or `s3://BUCKET/PREFIX`. Never by guess: a typo must not begin an empty store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotosUrl {
    Folder(PathBuf),
    Bucket { bucket: String, prefix: String },
}

impl FromStr for PhotosUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(folder) = text.strip_prefix("file:").map(|rest| rest.strip_prefix("//").unwrap_or(rest)) {
            return if folder.is_empty() {
                Err("no folder is named".to_owned())
            } else {
                Ok(Self::Folder(folder.into()))
            };
        }
        let rest = text.strip_prefix("s3://").ok_or("expected file:FOLDER or s3://BUCKET/PREFIX")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err("no bucket is named".to_owned());
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
    }
}

impl fmt::Display for PhotosUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "file:{}", folder.display()),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[derive(Clone)]
pub struct PhotoStore {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl PhotoStore {
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        match config.photos_url() {
            PhotosUrl::Folder(folder) => {
                std::fs::create_dir_all(&folder)?;
                let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
                // Or every upload would leave the folder that its pieces lay in.
                let store = store.with_automatic_cleanup(true);
                Ok(Self { store: Arc::new(store), prefix: Path::default() })
            }
            PhotosUrl::Bucket { bucket, prefix } => {
                Ok(Self { store: open_bucket(config, &bucket)?, prefix: Path::from(prefix) })
            }
        }
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// Durable on return.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        self.store.put(&self.path(name), PutPayload::from(bytes)).await.map(drop).map_err(|error| away(&error))
    }

    /// The whole object; None where there is none.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some(got) = found(self.store.get(&self.path(name)).await)? else { return Ok(None) };
        Ok(Some(got.bytes().await.map_err(|error| away(&error))?.to_vec()))
    }

    /// A part of an object, piece by piece.
    pub async fn stream(
        &self,
        name: &str,
        range: Range<u64>,
    ) -> Result<Option<impl Stream<Item = Result<Bytes, Error>> + use<>>, Problem> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(found(self.store.get_opts(&self.path(name), options).await)?.map(|got| got.into_stream()))
    }

    /// How many bytes the object has; None where there is none.
    pub async fn bytes_of(&self, name: &str) -> Result<Option<u64>, Problem> {
        Ok(found(self.store.head(&self.path(name)).await)?.map(|meta| meta.size))
    }

    /// It may be gone already.
    pub async fn delete(&self, name: &str) -> Result<(), Problem> {
        found(self.store.delete(&self.path(name)).await).map(drop)
    }

    /// Everything below this name.
    pub async fn delete_below(&self, name: &str) -> Result<(), Problem> {
        let path = self.path(name);
        let listed: Vec<Path> = self
            .store
            .list(Some(&path))
            .map_ok(|meta| meta.location)
            .try_collect()
            .await
            .map_err(|error| away(&error))?;
        let mut deleted = self.store.delete_stream(futures_util::stream::iter(listed.into_iter().map(Ok)).boxed());
        while let Some(one) = deleted.next().await {
            found(one)?;
        }
        Ok(())
    }
}

#[cfg(feature = "s3")]
fn open_bucket(config: &Config, bucket: &str) -> Result<Arc<dyn ObjectStore>, StoreError> {
    use object_store::RetryConfig;
    use object_store::aws::AmazonS3Builder;
    /// Then the client is told to come again: it holds the bytes, we don't.
    const RETRIED_WITHIN: std::time::Duration = std::time::Duration::from_secs(10);
    // What is not set here comes from the environment that all programs for S3 read.
    let retry = RetryConfig { max_retries: 3, retry_timeout: RETRIED_WITHIN, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry);
    if let Some(endpoint) = &config.s3_endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(region) = &config.s3_region {
        builder = builder.with_region(region);
    }
    if let (Some(key), Some(secret)) = (&config.s3_key_id, &config.s3_secret) {
        builder = builder.with_access_key_id(key).with_secret_access_key(secret);
    }
    Ok(Arc::new(builder.build()?))
}

#[cfg(not(feature = "s3"))]
fn open_bucket(_: &Config, _: &str) -> Result<Arc<dyn ObjectStore>, StoreError> {
    Err(StoreError::NoS3)
}

fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Problem> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(away(&error)),
    }
}

/// The store does not answer as it should: the caller tries again later.
fn away(error: &Error) -> Problem {
    Problem { cause: Some(format!("the store of photos: {error}")), ..Problem::busy(5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_by_its_scheme_and_never_guessed() {
        let folder = |path: &str| Ok(PhotosUrl::Folder(path.into()));
        assert_eq!("file:/srv/photos".parse(), folder("/srv/photos"));
        assert_eq!("file:///srv/photos".parse(), folder("/srv/photos"));
        let bucket = |prefix: &str| Ok(PhotosUrl::Bucket { bucket: "visits".to_owned(), prefix: prefix.to_owned() });
        assert_eq!("s3://visits".parse(), bucket(""));
        assert_eq!("s3://visits/shanghai/2026/".parse(), bucket("shanghai/2026"));
        for wrong in ["", "/srv/photos", "s3://", "file:", "S3://visits", "http://visits"] {
            assert!(wrong.parse::<PhotosUrl>().is_err(), "{wrong}");
        }
    }
}
