//! Reading a bundle's lines from a file that may be anything: one line in memory, none longer than the limit.

use super::line::Line;
use super::{FILE_BYTES_MAX, Failure, LINE_BYTES_MAX, Misfit, SUM_FIELD};
use schema::binary::Hash;
use sha2::{Digest, Sha256};
use std::io::{BufRead, Read as _};

/// Bytes of `,"sum":"…"}`.
const SUM_BYTES: usize = SUM_FIELD.len() + 64 + 2;

/// Where a line stands, and its text.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// Of the line's first byte in the file.
    pub(super) offset: u64,
    /// From 1.
    pub(super) number: u64,
    text: Vec<u8>,
}

/// A line that has the form of one.
pub(super) struct Found {
    pub(super) line: Line,
    pub(super) place: Place,
    /// The running sum does not fit: something in this line is not as it was exported.
    pub(super) changed: Option<Misfit>,
    /// SHA-256 of all bytes before this line.
    pub(super) before: Hash,
}

pub(super) struct Lines<R> {
    input: R,
    digest: Sha256,
    pub(super) offset: u64,
    pub(super) number: u64,
}

impl Place {
    /// The misfit of one field: the first byte of its value.
    pub(super) fn field(&self, field: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Misfit {
        let at = fields(&self.text).into_iter().find(|(name, _)| *name == field.as_bytes()).map_or(0, |(_, at)| at);
        self.at(at, Some(field.to_owned()), zh, en)
    }

    /// The misfit of the line as a whole.
    pub(super) fn line(&self, zh: impl Into<String>, en: impl Into<String>) -> Misfit {
        self.at(0, None, zh, en)
    }

    /// The misfit of the field whose value begins at or before this place of the text.
    pub(super) fn near(&self, near: usize, zh: impl Into<String>, en: impl Into<String>) -> Misfit {
        let field = fields(&self.text).into_iter().take_while(|(_, at)| *at <= near).last();
        match field {
            Some((name, at)) => self.at(at, Some(String::from_utf8_lossy(name).into_owned()), zh, en),
            None => self.at(near, None, zh, en),
        }
    }

    /// Where this line is not what it should be, given how it should be.
    pub(super) fn differs(&self, expected: &Line, zh: &str, en: &str) -> Option<Misfit> {
        let expected = serde_json::to_vec(expected).unwrap_or_default();
        let found = self.body();
        (found != expected).then(|| self.near(first_difference(&found, &expected), zh, en))
    }

    /// The first byte behind the line.
    pub(super) fn end(&self) -> u64 {
        self.offset.saturating_add(u64::try_from(self.text.len()).unwrap_or(0)).saturating_add(1)
    }

    fn at(&self, at: usize, field: Option<String>, zh: impl Into<String>, en: impl Into<String>) -> Misfit {
        let offset = self.offset.saturating_add(u64::try_from(at).unwrap_or(0));
        Misfit { offset, line: self.number, field, zh: zh.into(), en: en.into() }
    }

    /// The text without its sum, closed as JSON.
    fn body(&self) -> Vec<u8> {
        match self.text.len().checked_sub(SUM_BYTES).and_then(|end| self.text.split_at_checked(end)) {
            Some((body, sum)) if sum.starts_with(SUM_FIELD.as_bytes()) => [body, b"}"].concat(),
            _ => self.text.clone(),
        }
    }
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, digest: Sha256::new(), offset: 0, number: 0 }
    }

    /// The next line; None at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Found>, Failure> {
        let Some(place) = self.next_text()? else { return Ok(None) };
        let before = Hash(self.digest.clone().finalize().into());
        let kind = kind(&place.text).ok_or_else(|| {
            place.line(
                "这一行不是证据包的行（应以 {\"line\":\" 开头）",
                "this is no line of a bundle: it begins with {\"line\":\"",
            )
        })?;
        let is_end = kind == "end";
        let line = parse(kind, &place)?;
        let changed = if is_end { None } else { self.check_sum(&place) };
        if let Some(misfit) = place.differs(&line, "写法与导出格式不符", "this is not written as an export writes it")
        {
            return Err(misfit.into());
        }
        self.digest.update(&place.text);
        self.digest.update(b"\n");
        Ok(Some(Found { line, place, changed, before }))
    }

    fn next_text(&mut self) -> Result<Option<Place>, Failure> {
        let mut text = Vec::new();
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let read = self.input.by_ref().take(limit.saturating_add(1)).read_until(b'\n', &mut text)?;
        if read == 0 {
            return Ok(None);
        }
        let place = Place { offset: self.offset, number: self.number + 1, text };
        if read > LINE_BYTES_MAX {
            return Err(place.line("这一行超出长度上限", "this line is longer than any line may be").into());
        }
        if place.end() > FILE_BYTES_MAX {
            return Err(place.line("文件超出长度上限", "the file is longer than any bundle may be").into());
        }
        if place.text.last() != Some(&b'\n') {
            let (zh, en) = ("文件在此中断，行没有写完", "the file breaks off here, within a line");
            return Err(Misfit { offset: self.offset + u64::try_from(read).unwrap_or(0), ..place.line(zh, en) }.into());
        }
        self.offset += u64::try_from(read).unwrap_or(0);
        self.number += 1;
        let mut place = place;
        place.text.pop();
        Ok(Some(place))
    }

    /// Everything up to the sum was hashed when the line was written.
    fn check_sum(&self, place: &Place) -> Option<Misfit> {
        let text = place.text.as_slice();
        let split = text.len().checked_sub(SUM_BYTES).and_then(|end| text.split_at_checked(end));
        let Some((body, tail)) = split else {
            return Some(place.line("这一行缺少校验和", "this line has no sum"));
        };
        let sum = Hash(self.digest.clone().chain_update(body).finalize().into());
        let expected = format!("{SUM_FIELD}{sum}\"}}");
        (tail != expected.as_bytes()).then(|| {
            place.line(
                "这一行（或其校验和）与导出时不同；此前各行均未改动",
                "this line, or its sum, is not as it was exported; all lines before it are",
            )
        })
    }
}

fn parse(kind: &str, place: &Place) -> Result<Line, Failure> {
    let body = place.body();
    let parsed = Line::parse(kind, &body)
        .ok_or_else(|| place.line(format!("没有“{kind}”这种行"), format!("there is no line of the kind {kind:?}")))?;
    parsed.map_err(|error| {
        // The column counts from 1 and stands behind what was read.
        let near = error.column().saturating_sub(2).min(body.len().saturating_sub(1));
        place.near(near, format!("内容无法读取：{error}"), format!("this can't be read: {error}")).into()
    })
}

fn kind(text: &[u8]) -> Option<&str> {
    let rest = text.strip_prefix(b"{\"line\":\"")?;
    let end = rest.iter().take(20).position(|byte| *byte == b'"')?;
    std::str::from_utf8(rest.get(..end)?).ok()
}

pub(super) fn first_difference(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()))
}

/// The names of the outermost fields and where their values begin. For text that may be anything: it finds what it can.
fn fields(text: &[u8]) -> Vec<(&[u8], usize)> {
    let (mut found, mut depth, mut in_text, mut escaped) = (Vec::new(), 0u32, false, false);
    let (mut begun, mut name) = (0, b"".as_slice());
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' if in_text => {
                in_text = false;
                name = text.get(begun..at).unwrap_or_default();
            }
            b'"' => (in_text, begun) = (true, at + 1),
            _ if in_text => {}
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 1 => found.push((name, at + 1)),
            _ => {}
        }
    }
    found
}
