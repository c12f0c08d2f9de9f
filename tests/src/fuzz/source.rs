//! Decisions read from a fuzzer's bytes. Where they end, everything is zero: a cut input means something too.

/// What is left of an input.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a>(&'a [u8]);

impl<'a> Source<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *byte
    }

    /// Less than `choices`, which are at most 256.
    pub fn choice(&mut self, choices: usize) -> usize {
        usize::from(self.byte()) % choices.max(1)
    }

    /// One of these; None where there is none.
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.choice(from.len().min(256)))
    }

    pub fn word(&mut self) -> u64 {
        (0..8).fold(0, |word, place| word | u64::from(self.byte()) << (8 * place))
    }

    /// Bytes after their length in two bytes, or what is left of them.
    pub fn blob(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()) | usize::from(self.byte()) << 8;
        let (blob, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        blob
    }

    /// Whatever is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.blob()).into_owned()
    }
}
