//! Reading numbers and runs from bytes that may be anything, and writing numbers. Nothing that reads allocates, recurses, or does work in proportion to a
//! number that the bytes merely claim.

/// The bytes are not what Automerge writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

pub(crate) type Parsed<T> = Result<T, Malformed>;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn take(&mut self, length: usize) -> Parsed<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const LENGTH: usize>(&mut self) -> Parsed<[u8; LENGTH]> {
        self.take(LENGTH)?.try_into().map_err(|_| Malformed("it ends too early"))
    }

    fn byte(&mut self) -> Parsed<u8> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// An unsigned LEB128 number in its shortest form.
    pub(crate) fn unsigned(&mut self) -> Parsed<u64> {
        let mut number = 0u64;
        for place in 0..10u32 {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if place == 9 && byte > 1 {
                return Err(Malformed("a number is too large"));
            }
            number |= bits << (7 * place);
            if byte & 0x80 == 0 {
                return if byte == 0 && place > 0 { Err(Malformed("a number is padded")) } else { Ok(number) };
            }
        }
        Err(Malformed("a number is too large"))
    }

    /// A signed LEB128 number in its shortest form.
    pub(crate) fn signed(&mut self) -> Parsed<i64> {
        let (mut number, mut before) = (0i64, 0u8);
        for place in 0..10u32 {
            let byte = self.byte()?;
            if place == 9 && byte != 0 && byte != 0x7f {
                return Err(Malformed("a number is too large"));
            }
            number |= i64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                let padded = (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if place > 0 && padded {
                    return Err(Malformed("a number is padded"));
                }
                let negative = byte & 0x40 != 0 && place < 9;
                return Ok(if negative { number | (-1i64 << (7 * (place + 1))) } else { number });
            }
            before = byte;
        }
        Err(Malformed("a number is too large"))
    }

    /// A number that counts bytes or items of this chunk.
    pub(crate) fn length(&mut self) -> Parsed<usize> {
        usize::try_from(self.unsigned()?).map_err(|_| Malformed("a number is too large"))
    }

    pub(crate) fn text(&mut self) -> Parsed<&'a str> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Malformed("a text is not UTF-8"))
    }
}

/// An unsigned LEB128 number in its shortest form.
pub(crate) fn write_unsigned(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// A signed LEB128 number in its shortest form.
pub(crate) fn write_signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        let is_negative = byte & 0x40 != 0;
        if (number == 0 && !is_negative) || (number == -1 && is_negative) {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// A value of a column.
pub(crate) trait Cell<'a>: Copy + Eq {
    fn read(reader: &mut Reader<'a>) -> Parsed<Self>;
}

impl<'a> Cell<'a> for u64 {
    fn read(reader: &mut Reader<'a>) -> Parsed<Self> {
        reader.unsigned()
    }
}

impl<'a> Cell<'a> for i64 {
    fn read(reader: &mut Reader<'a>) -> Parsed<Self> {
        reader.signed()
    }
}

impl<'a> Cell<'a> for &'a str {
    fn read(reader: &mut Reader<'a>) -> Parsed<Self> {
        reader.text()
    }
}

/// A column of runs: so many times one value, so many different values, or so many times nothing. An empty column stands for
/// nothing in every row. There is one way to write a column, and any other is refused ([`Runs::each_run`]): Automerge would write it
/// differently when it saves, and then the change would no longer have its hash.
#[derive(Debug, Clone)]
pub(crate) struct Runs<'a, T> {
    reader: Reader<'a>,
    left: u64,
    run: Run<T>,
    empty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run<T> {
    Same(T),
    Different,
    Nothing,
}

const NOT_SHORTEST: Malformed = Malformed("a column is not written in its one way");

impl<'a, T: Cell<'a>> Runs<'a, T> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { reader: Reader(column), left: 0, run: Run::Nothing, empty: column.is_empty() }
    }

    pub(crate) fn is_empty_column(&self) -> bool {
        self.empty
    }

    /// Starts the next run; false at the end of the column.
    fn start(&mut self) -> Parsed<bool> {
        if self.reader.is_empty() {
            return Ok(false);
        }
        let length = self.reader.signed()?;
        (self.run, self.left) = match length {
            0 => (Run::Nothing, self.reader.unsigned()?),
            1.. => (Run::Same(T::read(&mut self.reader)?), length.unsigned_abs()),
            _ => (Run::Different, length.unsigned_abs()),
        };
        if self.left == 0 || length == 1 { Err(NOT_SHORTEST) } else { Ok(true) }
    }

    /// The next row.
    pub(crate) fn row(&mut self) -> Parsed<Option<T>> {
        if self.empty {
            return Ok(None);
        }
        if self.left == 0 && !self.start()? {
            return Err(Malformed("a column is too short"));
        }
        self.left -= 1;
        match self.run {
            Run::Same(value) => Ok(Some(value)),
            Run::Nothing => Ok(None),
            Run::Different => T::read(&mut self.reader).map(Some),
        }
    }

    /// Visits each run as (rows, value): a repeated value once, however many rows it claims.
    pub(crate) fn each_run(mut self, mut visit: impl FnMut(u64, Option<T>) -> Parsed<()>) -> Parsed<()> {
        // The row before, and whether its run was one of different values.
        let (mut before, mut literal): (Option<Option<T>>, bool) = (None, false);
        let mut only_nothing = true;
        while self.start()? {
            match self.run {
                Run::Different => {
                    if literal {
                        return Err(NOT_SHORTEST);
                    }
                    for _ in 0..self.left {
                        let value = Some(T::read(&mut self.reader)?);
                        if before == Some(value) {
                            return Err(NOT_SHORTEST);
                        }
                        before = Some(value);
                        visit(1, value)?;
                    }
                }
                Run::Same(_) | Run::Nothing => {
                    let value = if let Run::Same(value) = self.run { Some(value) } else { None };
                    if before == Some(value) {
                        return Err(NOT_SHORTEST);
                    }
                    before = Some(value);
                    visit(self.left, value)?;
                }
            }
            literal = self.run == Run::Different;
            only_nothing &= self.run == Run::Nothing;
        }
        if only_nothing && !self.empty { Err(NOT_SHORTEST) } else { Ok(()) }
    }

    /// How many rows the column claims; an error above `most`.
    pub(crate) fn rows(&self, most: u64) -> Parsed<u64> {
        self.total(most, |_| 1)
    }

    /// The sum over all rows; an error above `most`.
    pub(crate) fn total(&self, most: u64, weight: impl Fn(Option<T>) -> u64) -> Parsed<u64> {
        let mut total = 0u64;
        self.clone().each_run(|rows, value| {
            let more = rows.checked_mul(weight(value)).and_then(|more| total.checked_add(more));
            total = more.filter(|sum| *sum <= most).ok_or(TOO_MANY)?;
            Ok(())
        })?;
        Ok(total)
    }
}

pub(crate) const TOO_MANY: Malformed = Malformed("there are too many operations");

/// A column of booleans: how often false, how often true, and so on.
#[derive(Debug, Clone)]
pub(crate) struct Flags<'a> {
    reader: Reader<'a>,
    left: u64,
    value: bool,
    empty: bool,
}

impl<'a> Flags<'a> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { reader: Reader(column), left: 0, value: true, empty: column.is_empty() }
    }

    pub(crate) fn row(&mut self) -> Parsed<bool> {
        if self.empty {
            return Ok(false);
        }
        while self.left == 0 {
            self.left = self.reader.unsigned()?;
            self.value = !self.value;
        }
        self.left -= 1;
        Ok(self.value)
    }

    pub(crate) fn rows(&self, most: u64) -> Parsed<u64> {
        let (mut reader, mut rows) = (self.reader, 0u64);
        let mut first = true;
        while !reader.is_empty() {
            let more = reader.unsigned()?;
            if more == 0 && !first {
                return Err(NOT_SHORTEST);
            }
            first = false;
            rows = rows.checked_add(more).filter(|sum| *sum <= most).ok_or(TOO_MANY)?;
        }
        Ok(rows)
    }
}
