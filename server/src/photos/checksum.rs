//! Checksums of parts of an upload, as the tus extension names them.

use aws_lc_rs::digest::{self, Algorithm};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schema::problem::{Kind, Problem};

/// What `Tus-Checksum-Algorithm` says. SHA-1 because tus asks for it; it guards against a bad line here, not against forgers.
pub const ALGORITHMS: &str = "sha1,sha256";

/// What the client says that the part hashes to.
pub struct Checksum {
    algorithm: &'static Algorithm,
    expected: Vec<u8>,
}

impl Checksum {
    /// As in `sha256 BASE64`.
    pub fn parse(header: &str) -> Result<Self, Problem> {
        let unknown = || Problem::new(Kind::ChecksumUnknown);
        let (name, value) = header.trim().split_once(' ').ok_or_else(unknown)?;
        let algorithm = match name {
            "sha1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            "sha256" => &digest::SHA256,
            _ => return Err(unknown()),
        };
        let expected = STANDARD.decode(value.trim()).map_err(|_| unknown())?;
        Ok(Self { algorithm, expected })
    }

    pub fn require(&self, part: &[u8]) -> Result<(), Problem> {
        let fits = digest::digest(self.algorithm, part).as_ref() == self.expected;
        if fits { Ok(()) } else { Err(Problem::new(Kind::ChecksumMismatch)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_fits_its_own_checksum_only() {
        for header in ["sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="] {
            let checksum = Checksum::parse(header).unwrap();
            assert!(checksum.require(b"hello world").is_ok(), "{header}");
            assert_eq!(checksum.require(b"hello worlds").unwrap_err().kind, Kind::ChecksumMismatch);
        }
        for wrong in ["", "sha256", "md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha1 no-base64!"] {
            assert_eq!(Checksum::parse(wrong).err().unwrap().kind, Kind::ChecksumUnknown, "{wrong}");
        }
    }
}
