//! Settings of the running server: flags, or the environment variable named beside each (`server --help`).

use crate::db::{DatabaseUrl, Sizes};
use crate::photos::store::PhotosUrl;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Settings of `server serve`. Everything has a default that works on a laptop.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Address and port to listen on
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Folder for the embedded database and whatever else the server keeps
    #[arg(long, env = "DATA_DIR", default_value = "./data", global = true)]
    pub data: PathBuf,

    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE; default: sqlite in the data folder
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<DatabaseUrl>,

    /// Address under which phones and customers reach this server; default: http://LISTEN
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<String>,

    /// HTTP worker threads; default: one a core
    #[arg(long, env = "WORKERS")]
    pub workers: Option<usize>,

    /// Threads that judge what phones push (each loads and saves records); default: one a core
    #[arg(long, env = "GATE_THREADS")]
    pub gate_threads: Option<usize>,

    /// Bytes of syncs' bodies, unpacked, that are held in memory at once; whoever comes then is told to come again
    #[arg(long, env = "SYNC_MEMORY_BYTES", default_value_t = 64 << 20)]
    pub sync_memory_bytes: usize,

    /// Records that pushes have in hand at once, each 25 to 75 kB; further pushes wait for their turn
    #[arg(long, env = "RECORDS_IN_HAND", default_value_t = 2_000)]
    pub records_in_hand: u32,

    /// Records kept in memory between pushes; each takes 25 to 75 kB
    #[arg(long, env = "RECORDS_KEPT", default_value = "1000")]
    pub records_kept: NonZeroUsize,

    /// Connections for reading
    #[arg(long, env = "DB_READERS", default_value_t = 4)]
    pub db_readers: u32,

    /// Writing connections (PostgreSQL; SQLite has one)
    #[arg(long, env = "DB_WRITERS", default_value_t = 4)]
    pub db_writers: usize,

    /// Requests committed together at the most
    #[arg(long, env = "DB_GROUP", default_value_t = 256)]
    pub db_group: usize,

    /// Seconds that an access token is good for
    #[arg(long, env = "ACCESS_TOKEN_S", default_value_t = 900)]
    pub access_token_s: i64,

    /// Days that a log-in lives without being used
    #[arg(long, env = "SESSION_DAYS", default_value_t = 60)]
    pub session_days: i64,

    /// Phones that one person may have logged in from and not given up
    #[arg(long, env = "PHONES_PER_PERSON", default_value_t = 10)]
    pub phones_per_person: usize,

    /// Days that a customer's link is good for, at the least: it holds through the job, so long after it, and through the warranty
    #[arg(long, env = "LINK_DAYS", default_value_t = 14)]
    pub link_days: i64,

    /// Where photos lie: file:FOLDER or s3://BUCKET/PREFIX; default: the folder `photos` in the data folder. Several servers share one
    #[arg(long, env = "PHOTOS_URL", global = true)]
    pub photos_url: Option<PhotosUrl>,

    /// Address of an S3-compatible store that is not Amazon's
    #[arg(long, env = "AWS_ENDPOINT_URL", global = true)]
    pub s3_endpoint: Option<String>,

    /// The bucket's region
    #[arg(long, env = "AWS_REGION", global = true)]
    pub s3_region: Option<String>,

    /// Access key of the store
    #[arg(long, env = "AWS_ACCESS_KEY_ID", global = true, hide_env_values = true)]
    pub s3_key_id: Option<String>,

    /// Its secret
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", global = true, hide_env_values = true)]
    pub s3_secret: Option<String>,

    /// Bytes of one photo at the most
    #[arg(long, env = "PHOTO_BYTES_MAX", default_value_t = schema::limits::PHOTO_BYTES_MAX)]
    pub photo_bytes_max: u64,

    /// Bytes of all photos of one job at the most
    #[arg(long, env = "PHOTO_JOB_BYTES_MAX", default_value_t = 1 << 30)]
    pub photo_job_bytes_max: u64,

    /// Uploads of photos that one phone may have begun and not finished
    #[arg(long, env = "UPLOADS_PER_PHONE", default_value_t = 20)]
    pub uploads_per_phone: usize,

    /// The same of one person, on all phones
    #[arg(long, env = "UPLOADS_PER_PERSON", default_value_t = 40)]
    pub uploads_per_person: usize,

    /// Bytes of uploads that are held in memory at once; whoever comes then is told to come again
    #[arg(long, env = "UPLOAD_MEMORY_BYTES", default_value_t = 256 << 20)]
    pub upload_memory_bytes: usize,

    /// Hours for which an upload that was begun waits for its next piece
    #[arg(long, env = "UPLOAD_HOURS", default_value_t = 72)]
    pub upload_hours: i64,

    /// A whole TrueType font to set papers in, for the rare characters in names that the built-in one lacks
    #[arg(long, env = "PDF_FONT")]
    pub pdf_font: Option<PathBuf>,

    /// Take the caller's address from X-Forwarded-For (only behind a proxy that sets it)
    #[arg(long, env = "TRUST_PROXY")]
    pub trust_proxy: bool,

    /// Log lines as JSON
    #[arg(long, env = "LOG_JSON")]
    pub log_json: bool,

    /// Seconds within which a request is answered, its body included; then the caller is told to try again
    #[arg(long, env = "ANSWER_WITHIN_S", default_value_t = 120)]
    pub answer_within_s: u64,

    /// Seconds between two times that sessions, tokens and counters which have run out are deleted; 0: never
    #[arg(long, env = "HOUSEKEEPING_S", default_value_t = 300)]
    pub housekeeping_s: u64,

    /// Seconds between two looks for clocks that somebody has to hear of; 0: this server leaves them to others
    #[arg(long, env = "ESCALATION_S", default_value_t = 5)]
    pub escalation_s: u64,

    /// Seconds after which a quiet stream says that it is still there, and looks whether a notice was lost
    #[arg(long, env = "STREAM_PAUSE_S", default_value_t = 25)]
    pub stream_pause_s: u64,

    /// Background jobs that this server does at the same time; 0: it leaves them to others
    #[arg(long, env = "BACKGROUND_WORKERS", default_value_t = 2)]
    pub background_workers: usize,

    /// Seconds between two looks for background jobs that failed before, or that a killed server has left
    #[arg(long, env = "BACKGROUND_POLL_S", default_value_t = 5)]
    pub background_poll_s: u64,

    /// Seconds to let requests finish when told to stop
    #[arg(long, env = "SHUTDOWN_S", default_value_t = 10)]
    pub shutdown_s: u64,
}

impl Config {
    pub fn database_url(&self) -> DatabaseUrl {
        self.database_url.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(self.data.join("service.db")))
    }

    pub fn photos_url(&self) -> PhotosUrl {
        self.photos_url.clone().unwrap_or_else(|| PhotosUrl::Folder(self.data.join("photos")))
    }

    pub fn public_url(&self) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        url.trim_end_matches('/').to_owned()
    }

    pub fn sizes(&self) -> Sizes {
        Sizes { readers: self.db_readers, writers: self.db_writers, group: self.db_group, ..Sizes::default() }
    }
}
