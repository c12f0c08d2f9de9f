//! A price list as a file: CSV in UTF-8, with the columns of [`COLUMNS`]. Whatever is wrong is named by row and column, as a
//! spreadsheet counts them: the header is row 1.

use chrono::{Days, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use csv::StringRecord;
use schema::barcode::{self, BadBarcode};
use schema::limits::{BARCODE_CHARS_MAX, FIELD_CHARS_MAX, PRICE_ITEMS_MAX, PRICE_MINOR_MAX};
use schema::people::Bilingual;
use schema::problem::{FieldError, Kind, Problem};
use schema::record::ItemKind;
use schema::reference::PriceItem;
use schema::time::Timestamp;
use std::collections::HashMap;

/// Needed, but for the last five. `price_fen` is a whole number of minor units: 12.50 yuan are 1250.
pub const COLUMNS: [&str; 11] = [
    "code",
    "name_zh",
    "name_en",
    "unit",
    "kind",
    "price_fen",
    "valid_from",
    "valid_to",
    "barcode",
    // The work can destroy data: a backup consent is signed first. Set-up of software: charged by the date of installation.
    "destroys_data",
    "setup",
];
const NEEDED: usize = 6;

/// How many errors are told at once; the rest would not be read.
const ERRORS_MAX: usize = 100;

/// Reads the whole file; all errors at once, or all items.
pub fn read(csv: &[u8], time_zone: Tz) -> Result<Vec<PriceItem>, Problem> {
    let text = decode(csv)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| whole(&error.to_string(), &error.to_string()))?.clone();
    let mut table = Table::new(&header, time_zone)?;
    let mut rows = Rows { bytes: text.as_bytes(), at: 0, ends: 0, inside: 0 };
    for record in reader.records() {
        let position = record.as_ref().map_or_else(csv::Error::position, StringRecord::position);
        table.row = rows.row(position.map_or(0, csv::Position::byte));
        rows.inside = rows.inside.saturating_add(record.as_ref().map_or(0, ends_inside));
        match record {
            // An empty line at the end is none.
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) => table.take(&record),
            Err(error) => table.wrong(None, "此行无法读取".to_owned(), error.to_string()),
        }
        if table.errors.len() >= ERRORS_MAX {
            break;
        }
    }
    table.finish()
}

/// Counts rows as a spreadsheet does: an empty line is one, a line end inside a cell is none.
struct Rows<'a> {
    bytes: &'a [u8],
    /// How far the line ends have been counted.
    at: usize,
    ends: usize,
    /// Line ends inside the cells before.
    inside: usize,
}

impl Rows<'_> {
    /// The row of the record that begins at this byte, or after the empty lines there.
    fn row(&mut self, start: u64) -> usize {
        let start = usize::try_from(start).unwrap_or(usize::MAX).max(self.at);
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let end = start.saturating_add(empty);
        self.ends = self.ends.saturating_add(ends(self.bytes.get(self.at..end).unwrap_or(&[])));
        self.at = end;
        self.ends.saturating_sub(self.inside).saturating_add(1)
    }
}

fn ends_inside(record: &StringRecord) -> usize {
    record.iter().map(|cell| ends(cell.as_bytes())).sum()
}

fn ends(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// UTF-8, with or without a byte order mark.
fn decode(csv: &[u8]) -> Result<&str, Problem> {
    let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    std::str::from_utf8(csv).map_err(|error| {
        let before = csv.get(..error.valid_up_to()).unwrap_or(csv);
        let row = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let errors = vec![FieldError {
            at: format!("row {row}"),
            zh: "不是 UTF-8 编码；在 Excel 中请另存为“CSV UTF-8”".to_owned(),
            en: "not UTF-8; in Excel save it as \"CSV UTF-8\"".to_owned(),
        }];
        Problem { errors, ..Problem::new(Kind::InvalidField) }
    })
}

fn whole(zh: &str, en: &str) -> Problem {
    Problem::field("row 1", zh, en)
}

/// The rows read so far, and what was wrong with them.
struct Table {
    time_zone: Tz,
    /// Where each of [`COLUMNS`] stands in the file.
    places: [Option<usize>; 11],
    row: usize,
    items: Vec<PriceItem>,
    /// In which row each code came first.
    codes: HashMap<String, usize>,
    barcodes: HashMap<String, usize>,
    errors: Vec<FieldError>,
}

impl Table {
    fn new(header: &StringRecord, time_zone: Tz) -> Result<Self, Problem> {
        let place = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
        let mut table = Self {
            time_zone,
            places: COLUMNS.map(place),
            row: 1,
            items: Vec::new(),
            codes: HashMap::new(),
            barcodes: HashMap::new(),
            errors: Vec::new(),
        };
        for (name, place) in COLUMNS.iter().zip(table.places).take(NEEDED) {
            if place.is_none() {
                table.wrong(Some(name), "缺少这一列".to_owned(), "this column is missing".to_owned());
            }
        }
        for cell in header.iter().filter(|cell| !COLUMNS.iter().any(|name| cell.eq_ignore_ascii_case(name))) {
            let name: String = cell.chars().take(40).collect();
            let columns = COLUMNS.join(", ");
            table.wrong(
                Some(&name),
                format!("不认识的列；应为 {columns}"),
                format!("unknown; the columns are {columns}"),
            );
        }
        if table.errors.is_empty() { Ok(table) } else { Err(table.problem()) }
    }

    fn wrong(&mut self, column: Option<&str>, zh: String, en: String) {
        let at = match column {
            Some(column) => format!("row {}, column {column}", self.row),
            None => format!("row {}", self.row),
        };
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(FieldError { at, zh, en });
        }
    }

    fn take(&mut self, record: &StringRecord) {
        let before = self.errors.len();
        if self.items.len() >= PRICE_ITEMS_MAX {
            self.wrong(None, format!("最多 {PRICE_ITEMS_MAX} 项"), format!("at most {PRICE_ITEMS_MAX} items"));
            return;
        }
        let [code, name_zh, name_en, unit, kind, price, from, to, barcode, destroys, setup] =
            self.places.map(|place| place.and_then(|place| record.get(place)).unwrap_or(""));
        if record.len() > self.places.iter().flatten().count() {
            self.wrong(None, "列数多于表头".to_owned(), "more cells than the header has".to_owned());
        }
        for (column, text) in [("code", code), ("name_zh", name_zh), ("name_en", name_en), ("unit", unit)] {
            self.check_text(column, text);
        }
        self.check_twice(code);
        let barcode = self.barcode(barcode);
        let (destroys_data, setup) = (self.flag("destroys_data", destroys), self.flag("setup", setup));
        let kind = self.kind(kind);
        let price_minor = self.price(price);
        let valid_from = self.day("valid_from", from, 0);
        let valid_to = self.day("valid_to", to, 1);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && from >= to
        {
            self.wrong(Some("valid_to"), "早于 valid_from".to_owned(), "before valid_from".to_owned());
        }
        if let (Some(kind), Some(price_minor)) = (kind, price_minor)
            && self.errors.len() == before
        {
            let name = Bilingual { zh: name_zh.to_owned(), en: name_en.to_owned() };
            let (code, unit) = (code.to_owned(), unit.to_owned());
            self.items.push(PriceItem {
                code,
                name,
                unit,
                kind,
                price_minor,
                destroys_data,
                setup,
                barcode,
                valid_from,
                valid_to,
            });
        }
    }

    fn check_text(&mut self, column: &str, text: &str) {
        if text.is_empty() {
            self.wrong(Some(column), "必填".to_owned(), "this must be filled in".to_owned());
        } else if text.chars().count() > FIELD_CHARS_MAX {
            let zh = format!("最多 {FIELD_CHARS_MAX} 个字");
            self.wrong(Some(column), zh, format!("at most {FIELD_CHARS_MAX} characters"));
        } else if text.chars().any(char::is_control) {
            let en = "it holds characters that can't be shown".to_owned();
            self.wrong(Some(column), "含有不可显示的字符".to_owned(), en);
        }
    }

    fn check_twice(&mut self, code: &str) {
        if code.is_empty() {
            return;
        }
        match self.codes.get(code).copied() {
            Some(first) => {
                let zh = format!("编码 {code} 重复，第 {first} 行已有");
                self.wrong(Some("code"), zh, format!("{code} stands in row {first} already"));
            }
            None => {
                self.codes.insert(code.to_owned(), self.row);
            }
        }
    }

    /// As it is written in the file; one number, however it is written, names one item.
    fn barcode(&mut self, text: &str) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        match barcode::read(text) {
            Err(bad) => {
                let (zh, en) = bad_barcode(bad);
                self.wrong(Some("barcode"), zh, en);
            }
            Ok(read) => match self.barcodes.get(&read).copied() {
                Some(first) => {
                    let zh = format!("条码 {text} 重复，第 {first} 行已有");
                    self.wrong(Some("barcode"), zh, format!("{text} stands in row {first} already"));
                }
                None => {
                    self.barcodes.insert(read, self.row);
                }
            },
        }
        Some(text.to_owned())
    }

    /// Blank is no. What is written otherwise could be meant either way, and is asked about.
    fn flag(&mut self, column: &str, text: &str) -> bool {
        let is_one_of = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        let is_set = is_one_of(&["yes", "是"]);
        if !is_set && !is_one_of(&["", "no", "否"]) {
            let zh = "应为 yes（是）或 no（否），不填为否".to_owned();
            self.wrong(Some(column), zh, "yes or no; blank is no".to_owned());
        }
        is_set
    }

    fn kind(&mut self, text: &str) -> Option<ItemKind> {
        let kind = text.parse().ok();
        if kind.is_none() {
            let zh = "应为 labour（工时）、part（配件）或 fee（费用）".to_owned();
            self.wrong(Some("kind"), zh, "one of: labour, part, fee".to_owned());
        }
        kind
    }

    fn price(&mut self, text: &str) -> Option<i64> {
        let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let price = if is_whole { text.parse().ok().filter(|price| *price <= PRICE_MINOR_MAX) } else { None };
        if price.is_none() {
            let zh = format!("价格以分为单位，应为 0 至 {PRICE_MINOR_MAX} 的整数：12.50 元写作 1250");
            let en = format!("whole minor units from 0 to {PRICE_MINOR_MAX}: 12.50 is written 1250");
            self.wrong(Some("price_fen"), zh, en);
        }
        price
    }

    /// The beginning of a day, or of the day so many days later.
    fn day(&mut self, column: &str, text: &str, later: u64) -> Option<Timestamp> {
        if text.is_empty() {
            return None;
        }
        let date = if text.len() == 10 { text.parse::<NaiveDate>().ok() } else { None };
        let start = date.and_then(|date| date.checked_add_days(Days::new(later)));
        // Where a day has no midnight, because the clocks went forward, it begins when the clocks had done so.
        let start = start.and_then(|date| {
            let midnight = date.and_time(NaiveTime::MIN);
            let hour =
                |hours| self.time_zone.from_local_datetime(&(midnight + chrono::Duration::hours(hours))).earliest();
            hour(0).or_else(|| hour(1))
        });
        if start.is_none() {
            self.wrong(
                Some(column),
                "日期应写成 2026-03-02".to_owned(),
                "a date is written as in 2026-03-02".to_owned(),
            );
        }
        start.map(|start| Timestamp::from_utc(start.to_utc()))
    }

    fn problem(self) -> Problem {
        let (zh, en) = match self.errors.len() {
            ERRORS_MAX => (
                format!("至少 {ERRORS_MAX} 处错误，未导入任何内容"),
                format!("At least {ERRORS_MAX} errors; nothing was imported"),
            ),
            1 => ("1 处错误，未导入任何内容".to_owned(), "1 error; nothing was imported".to_owned()),
            count => (format!("{count} 处错误，未导入任何内容"), format!("{count} errors; nothing was imported")),
        };
        Problem { errors: self.errors, ..Problem::because(Kind::InvalidField, zh, en) }
    }

    fn finish(mut self) -> Result<Vec<PriceItem>, Problem> {
        if self.items.is_empty() && self.errors.is_empty() {
            self.row = 2;
            self.wrong(None, "文件中没有收费项目".to_owned(), "the file holds no item".to_owned());
        }
        if self.errors.is_empty() { Ok(self.items) } else { Err(self.problem()) }
    }
}

fn bad_barcode(bad: BadBarcode) -> (String, String) {
    let zh = match bad {
        BadBarcode::Length => format!("条码最多 {BARCODE_CHARS_MAX} 个字符"),
        BadBarcode::Characters => "条码只能含英文字母、数字和半角符号".to_owned(),
        BadBarcode::Rounded => "表格软件把条码变成了科学计数，请把这一列设为“文本”后重填".to_owned(),
        BadBarcode::CheckDigit => "13 位商品条码的校验码不对，请核对".to_owned(),
    };
    (zh, bad.to_string())
}

#[cfg(test)]
mod tests;
