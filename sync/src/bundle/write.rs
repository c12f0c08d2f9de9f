//! Writing a bundle, line by line.

use super::line::{EndLine, Line};
use super::{SUM_FIELD, end_message};
use crate::seal::ServerKey;
use schema::binary::Hash;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Writes lines and keeps their running sum. The caller brings them in the order of their kinds ([`super`]).
pub struct Writer<W> {
    output: W,
    digest: Sha256,
    lines: u64,
}

impl<W: Write> Writer<W> {
    pub fn new(output: W) -> Self {
        Self { output, digest: Sha256::new(), lines: 0 }
    }

    /// Writes a line with the sum of everything before its sum.
    pub fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.pop();
        self.put(&text)?;
        let sum = Hash(self.digest.clone().finalize().into());
        self.lines += 1;
        self.put(format!("{SUM_FIELD}{sum}\"}}\n").as_bytes())
    }

    /// Writes the closing line.
    pub fn finish(mut self, key: &ServerKey) -> io::Result<W> {
        let sha256 = Hash(self.digest.clone().finalize().into());
        let signature = key.sign(&end_message(sha256));
        let end = EndLine { lines: self.lines, sha256, key: key.public_key(), signature };
        let mut text = serde_json::to_vec(&Line::End(end))?;
        text.push(b'\n');
        self.put(&text)?;
        Ok(self.output)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.output.write_all(bytes)
    }
}
