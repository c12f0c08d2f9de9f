//! The pages, as `npm run build` made them: every file in the server's binary, with its compressed twin. A crate of its own, so that a
//! change of the server does not build them anew, nor theirs the server's other parts.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One file.
#[derive(Debug)]
pub struct Asset {
    /// Without a slash before it, as in `assets/phone-BxY1.js`.
    pub path: &'static str,
    pub bytes: &'static [u8],
    /// The same, compressed by brotli, where that is worth it.
    pub brotli: Option<&'static [u8]>,
}

impl Asset {
    /// Whether the name changes with the content, so that whoever has it need not ask again.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("assets/")
    }

    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("webmanifest") => "application/manifest+json",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        }
    }
}

pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().and_then(|place| ASSETS.get(place))
}
