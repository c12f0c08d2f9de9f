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

/// Needed, but for the last three. `price_fen` is a whole number of minor units: 12.50 yuan are 1250.
pub const COLUMNS: [&str; 9] =
    ["code", "name_zh", "name_en", "unit", "kind", "price_fen", "valid_from", "valid_to", "barcode"];
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
    places: [Option<usize>; 9],
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
        let [code, name_zh, name_en, unit, kind, price, from, to, barcode] =
            self.places.map(|place| place.and_then(|place| record.get(place)).unwrap_or(""));
        if record.len() > self.places.iter().flatten().count() {
            self.wrong(None, "列数多于表头".to_owned(), "more cells than the header has".to_owned());
        }
        for (column, text) in [("code", code), ("name_zh", name_zh), ("name_en", name_en), ("unit", unit)] {
            self.check_text(column, text);
        }
        self.check_twice(code);
        let barcode = self.barcode(barcode);
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
            self.items.push(PriceItem { code, name, unit, kind, price_minor, barcode, valid_from, valid_to });
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
mod tests {
    use super::*;

    const HEADER: &str = "code,name_zh,name_en,unit,kind,price_fen,valid_from,valid_to\n";

    fn at(csv: &[u8]) -> Vec<String> {
        let problem = read(csv, Tz::Asia__Shanghai).unwrap_err();
        problem.errors.into_iter().map(|error| format!("{}: {}", error.at, error.en)).collect()
    }

    #[test]
    fn a_day_is_the_outlets_day_and_valid_to_includes_it() {
        let csv = format!("\u{feff}{HEADER}W1,换阀芯,Replace cartridge,个,labour,8000,2026-03-01,2026-03-31\n\n");
        let items = read(csv.as_bytes(), Tz::Asia__Shanghai).unwrap();
        let [item] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(item.valid_from.unwrap().to_string(), "2026-02-28T16:00:00Z");
        assert_eq!(item.valid_to.unwrap().to_string(), "2026-03-31T16:00:00Z");
        assert_eq!((item.price_minor, item.kind), (8000, ItemKind::Labour));
    }

    #[test]
    fn every_wrong_cell_is_named_by_row_and_column() {
        let csv = format!(
            "{HEADER}W1,换阀芯,Cartridge,个,labour,80.00\n\r\nW1,,\"Tap\nor so\",个,gift,100,2026-3-1\n,a,b,c,part,5,2026-03-02,2026-03-01"
        );
        let wrong = at(csv.as_bytes());
        let places: Vec<&str> = wrong.iter().filter_map(|wrong| wrong.split(':').next()).collect();
        // The empty line is row 3, the cell of two lines stands in row 4.
        assert_eq!(
            places,
            [
                "row 2, column price_fen",
                "row 4, column name_zh",
                "row 4, column name_en",
                "row 4, column code",
                "row 4, column kind",
                "row 4, column valid_from",
                "row 5, column code",
                "row 5, column valid_to",
            ]
        );
        assert_eq!(wrong[3], "row 4, column code: W1 stands in row 2 already");
    }

    #[test]
    fn a_barcode_is_kept_as_written_and_one_that_is_wrong_or_stands_twice_is_refused() {
        let header = HEADER.replace("valid_to", "valid_to,barcode");
        let row = |code: &str, barcode: &str| format!("{code},阀芯,Cartridge,个,part,100,,,{barcode}\n");
        let good = format!("{header}{}{}", row("W1", "012345678905"), row("W2", ""));
        let items = read(good.as_bytes(), Tz::Asia__Shanghai).unwrap();
        let kept: Vec<_> = items.iter().map(|item| item.barcode.as_deref()).collect();
        assert_eq!(kept, [Some("012345678905"), None]);
        let barcodes = ["012345678905", "0012345678905", "6901234567893", "6.9E+12", "阀"];
        let rows = barcodes.iter().zip(1..).map(|(barcode, number)| row(&format!("W{number}"), barcode));
        assert_eq!(
            at(format!("{header}{}", rows.collect::<String>()).as_bytes()),
            [
                "row 3, column barcode: 0012345678905 stands in row 2 already",
                "row 4, column barcode: the last digit of an EAN-13 does not fit the others",
                "row 5, column barcode: a spreadsheet made a rounded number of it; format the column as text",
                "row 6, column barcode: a barcode has letters, digits and signs of ASCII only",
            ]
        );
    }

    #[test]
    fn a_file_of_another_coding_or_with_other_columns_is_refused_as_a_whole() {
        assert_eq!(at(b"code\nW1\n\xb9\xa4"), ["row 3: not UTF-8; in Excel save it as \"CSV UTF-8\""]);
        let wrong = at("code,name_zh,name_en,unit,kind,price\n".as_bytes());
        assert!(
            wrong.iter().any(|wrong| wrong.starts_with("row 1, column price_fen: this column is missing")),
            "{wrong:?}"
        );
        assert!(wrong.iter().any(|wrong| wrong.starts_with("row 1, column price: unknown")), "{wrong:?}");
        assert_eq!(at(HEADER.as_bytes()), ["row 2: the file holds no item"]);
        assert!(!at(b"").is_empty());
    }

    #[test]
    fn no_more_than_a_hundred_errors_are_told() {
        let csv = format!("{HEADER}{}", "x,,,,,\n".repeat(500));
        assert_eq!(at(csv.as_bytes()).len(), ERRORS_MAX);
    }
}
