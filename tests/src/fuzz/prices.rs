//! A price list as somebody uploads it. What must hold: all of it reads or none does; what reads keeps the limits; what is wrong is
//! named by a row that is in the file, and a good row put before all others moves each of those names by one.

use super::source::Source;
use chrono_tz::Tz;
use schema::barcode;
use schema::limits::{FIELD_CHARS_MAX, PRICE_MINOR_MAX};
use schema::problem::{FieldError, Problem};
use schema::reference::PriceItem;
use server::domain::price_lists::table::{COLUMNS, read};
use std::collections::BTreeSet;

/// Where clocks are put forward at midnight, too.
const ZONES: [Tz; 4] = [Tz::Asia__Shanghai, Tz::America__Havana, Tz::Pacific__Apia, Tz::UTC];
const ERRORS_MAX: usize = 100;

pub fn prices(data: &[u8]) {
    let mut source = Source::new(data);
    let zone = source.pick(&ZONES).copied().unwrap_or(Tz::UTC);
    if source.byte() & 1 == 1 {
        let csv = source.rest();
        check(csv, &read(csv, zone));
        return;
    }
    // Under the right header, so that it is the rows that are read.
    let header = COLUMNS.join(",");
    let body = source.rest();
    let [csv, more] =
        ["\n".as_bytes(), b"\nZ-9Q,x,x,x,fee,1,,\n"].map(|first| [header.as_bytes(), first, body].concat());
    let (found, moved) = (read(&csv, zone), read(&more, zone));
    check(&csv, &found);
    check(&more, &moved);
    let is_twice = body.windows(4).any(|window| window == b"Z-9Q");
    match (found, moved) {
        _ if is_twice => {}
        (Ok(items), Ok(more)) => assert_eq!(more.get(1..), Some(items.as_slice())),
        (Err(found), Err(moved)) if found.errors.len() < ERRORS_MAX => {
            let expected: Vec<_> = found.errors.iter().map(|error| (row(error) + 1, rest(error))).collect();
            let moved: Vec<_> = moved.errors.iter().map(|error| (row(error), rest(error))).collect();
            assert_eq!(moved, expected, "one good row before them changed what was told of the others");
        }
        (Err(found), Ok(_)) => {
            assert!(found.errors.iter().all(|error| row(error) == 2), "it was only empty: {found:?}")
        }
        (Ok(_), Err(moved)) => panic!("a good row made it bad: {moved:?}"),
        (Err(_), Err(_)) => {}
    }
}

fn row(error: &FieldError) -> usize {
    let number = error.at.strip_prefix("row ").and_then(|at| at.split(',').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{error:?} names no row"))
}

/// What is said without the row. Another row may be named within: where a code stands already.
fn rest(error: &FieldError) -> (Option<&str>, &str) {
    let words = if error.en.contains("stands in row") { "twice" } else { error.en.as_str() };
    (error.at.split_once(',').map(|(_, column)| column), words)
}

fn check(csv: &[u8], found: &Result<Vec<PriceItem>, Problem>) {
    let rows = csv.iter().filter(|byte| **byte == b'\n').count() + 2;
    match found {
        Ok(items) => {
            let codes: BTreeSet<&str> = items.iter().map(|item| item.code.as_str()).collect();
            assert_eq!(codes.len(), items.len(), "a code stands twice");
            assert!(!items.is_empty() && items.len() < rows, "{} items in {rows} rows", items.len());
            let barcodes: Vec<_> = items.iter().filter_map(|item| item.barcode.as_deref().map(barcode::read)).collect();
            assert!(barcodes.iter().all(Result::is_ok), "a barcode that is none: {barcodes:?}");
            let read: BTreeSet<_> = barcodes.iter().flatten().collect();
            assert_eq!(read.len(), barcodes.len(), "a barcode names two items");
            for item in items {
                let texts = [&item.code, &item.name.zh, &item.name.en, &item.unit];
                assert!(texts.iter().all(|text| (1..=FIELD_CHARS_MAX).contains(&text.chars().count())), "{item:?}");
                assert!((0..=PRICE_MINOR_MAX).contains(&item.price_minor), "{item:?}");
                assert!(item.valid_from.zip(item.valid_to).is_none_or(|(from, to)| from < to), "{item:?}");
            }
        }
        Err(problem) => {
            assert!((1..=ERRORS_MAX).contains(&problem.errors.len()), "{problem:?}");
            for error in &problem.errors {
                assert!((1..=rows).contains(&row(error)), "{error:?} in a file of {rows} rows");
            }
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let header = COLUMNS.join(",");
    let bodies = [
        "W1,换阀芯,Replace cartridge,个,labour,8000,2026-03-01,2026-03-31\n",
        "W1,a,b,c,part,1,,\nW2,\"a\nb\",c,d,fee,2\n\n",
        "W1,,,,gift,80.00,2026-3-1,\r\n\r\nW1,a,b,c,part,5,2026-03-02,2026-03-01",
        "W1,a,b,c,part,5,2011-12-30,9999-12-31\n",
        "W1,\"a\"\"b\",b,c,part,5,0000-01-01,2026-03-08,x\n",
        "W1,a,b,c,part,5,,,6901234567892\nW2,a,b,c,part,5,,,012345678905\nW3,a,b,c,part,5,,,0012345678905\n",
        "W1,a,b,c,part,5,,,6901234567893\nW2,a,b,c,part,5,,,6.9E+12\nW3,a,b,c,part,5,,,阀\nW4,a,b,c,part,5,,, lot-7/a \n",
    ];
    let whole = bodies.map(|body| [&[0, 1], header.as_bytes(), b"\n", body.as_bytes()].concat());
    let rows = bodies.map(|body| [&[1, 0], body.as_bytes()].concat());
    let bom = [&[0, 1], "\u{feff}".as_bytes(), header.as_bytes(), b"\n\xb9\xa4"].concat();
    whole.into_iter().chain(rows).chain([bom]).collect()
}
