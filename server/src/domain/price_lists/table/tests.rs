//! Files that are taken, and how every cell that is wrong is named.

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
fn an_item_says_that_its_work_destroys_data_or_is_set_up_by_yes_or_no() {
    let header = HEADER.replace("valid_to", "valid_to,setup,destroys_data");
    let row = |code: &str, flags: &str| format!("{code},重装,Reinstall,台,labour,100,,,{flags}\n");
    let good = format!("{header}{}{}{}", row("C1", "no,YES"), row("C2", "是,否"), row("C3", ","));
    let items = read(good.as_bytes(), Tz::Asia__Shanghai).unwrap();
    let flags: Vec<_> = items.iter().map(|item| (item.setup, item.destroys_data)).collect();
    assert_eq!(flags, [(false, true), (true, false), (false, false)]);
    assert_eq!(
        at(format!("{header}{}", row("C1", "1,maybe")).as_bytes()),
        ["row 2, column destroys_data: yes or no; blank is no", "row 2, column setup: yes or no; blank is no"]
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
