//! Figures and texts that both sides must write and read alike.

use super::dice::Dice;
use chrono::{Days, NaiveDate};
use schema::id::EntryId;
use schema::money::{Currency, Money};
use schema::people::Language;
use schema::price::line_amount;
use schema::record::Strokes;
use schema::setup::{Between, SetUpTerms, judge, said};
use schema::sheet::mask_phone;
use schema::time::Timestamp;
use serde_json::{Value, json};

/// What a number in JavaScript holds exactly.
const EXACT: i64 = (1 << 53) - 1;

/// The tables as JSON, a case a line.
pub fn figures() -> String {
    let mut dice = Dice(4);
    let tables = [
        ("amounts", amounts(&mut dice)),
        ("money", money(&mut dice)),
        ("times", times(&mut dice)),
        ("phones", phones()),
        ("strokes", strokes()),
        ("ids", ids(&mut dice)),
        ("barcodes", barcodes()),
        ("setups", setups(&mut dice)),
    ];
    let table = |(name, rows): (&str, Vec<Value>)| {
        let rows: Vec<String> = rows.iter().map(Value::to_string).collect();
        format!("{}:[\n{}\n]", json!(name), rows.join(",\n"))
    };
    format!("{{{}}}\n", tables.map(table).join(",\n"))
}

/// Unit price, quantity, amount.
fn amounts(dice: &mut Dice) -> Vec<Value> {
    let given = (0..60).map(|_| (dice.number(1_000_000_000), dice.number(100_000)));
    let edges = [(1_001, 500), (1, 499), (1, 500), (0, 0), (-1, 1_000), (1, -1), (EXACT, 1_000), (EXACT, 1_001)];
    let exact = |(unit, quantity): (i64, i64)| line_amount(unit, quantity).filter(|amount| *amount <= EXACT);
    given.chain(edges).map(|(unit, quantity)| json!([unit, quantity, exact((unit, quantity))])).collect()
}

fn money(dice: &mut Dice) -> Vec<Value> {
    let given = (0..30).map(|_| dice.number(10_000_000) - 100_000).chain([0, 1, 10, 99, -5, 100, -12_305]);
    let codes = ["CNY", "JPY", "KWD"];
    let row = |(minor, code): (i64, &&str)| {
        let currency = Currency::try_from((*code).to_owned()).unwrap();
        json!([minor, code, Money { minor, currency }.to_string()])
    };
    given.zip(codes.iter().cycle()).map(row).collect()
}

/// Microseconds, as text since JavaScript could not hold the ends, and how they are written.
fn times(dice: &mut Dice) -> Vec<Value> {
    let around = schema::example::at(0).micros();
    let given = (0..40).map(|_| around + dice.number(1 << 50));
    let edges =
        [i64::MIN, -1, 0, 1, 1_000, 999_999, around, around + 500_000, around + 1, 253_402_300_800_000_000, i64::MAX];
    given.chain(edges).map(|micros| json!([micros.to_string(), Timestamp::from_micros(micros)])).collect()
}

/// The outlet's terms, the day of installation and today; how set-up is charged, and why in both languages.
fn setups(dice: &mut Dice) -> Vec<Value> {
    let day =
        |number: i64| NaiveDate::from_ymd_opt(2024, 1, 1).unwrap().checked_add_days(Days::new(number.unsigned_abs()));
    let row = |terms: SetUpTerms, installed: &str, on: NaiveDate| {
        let setup = judge(terms, Some(installed), on);
        let (zh, en) = (said(&setup, Language::Chinese), said(&setup, Language::English));
        json!([terms, installed, on, setup, zh, en])
    };
    let mut rows = Vec::new();
    for round in 0..60 {
        let terms = SetUpTerms {
            free_months: dice.number(4),
            charged_months: dice.number(30),
            between: if round % 3 == 0 { Between::Charged } else { Between::Free },
        };
        let (installed, later) = (dice.number(1_200), dice.number(900));
        let (Some(installed), Some(on)) = (day(installed), day(installed + later)) else { continue };
        rows.push(row(terms, &installed.to_string(), on));
    }
    let on = NaiveDate::from_ymd_opt(2026, 2, 28).unwrap();
    let edges =
        ["2026-01-28", "2025-11-30", "2025-10-31", "2024-02-29", "昨天", "", "0000-01-31", "9999-12-31", "2026-03-01"];
    rows.extend(edges.iter().map(|installed| row(SetUpTerms::default(), installed, on)));
    rows
}

fn phones() -> Vec<Value> {
    let given = [
        "13812345678",
        "138-1234-5678",
        "010 8888 1234",
        "+86 138 1234 5678",
        "12345678",
        "110",
        "1",
        "",
        "无",
        "１３８12345678",
    ];
    given.iter().map(|phone| json!([phone, mask_phone(phone)])).collect()
}

/// Text, and what it is compared by; null where it is no barcode.
fn barcodes() -> Vec<Value> {
    let given = [
        "6901234567892",
        "6901234567893",
        " 6901234567892 ",
        "0012345678905",
        "012345678905",
        "012345678906",
        "96385074",
        "16901234567899",
        "HX-200/7",
        "hx-200/7",
        "6.90123E+12",
        "",
        "６９０１２３４５６７８９２",
        "a b",
        "a\nb",
        "\u{1d}0106901234567892",
        "123456789012345678901234567890123456789012345678",
        "1234567890123456789012345678901234567890123456789",
    ];
    given.iter().map(|text| json!([text, schema::barcode::read(text).ok()])).collect()
}

/// Text, and how many points each stroke has; null where it has another form.
fn strokes() -> Vec<Value> {
    let given = [
        "10,12,0 14,18,16|20,12,90",
        "",
        "|",
        "1,2,3|",
        "1,2",
        "1,2,3,4",
        "-1,+2,3",
        "1, 2,3",
        "1.5,2,3",
        "9223372036854775808,1,1",
        "9223372036854775807,1,1",
    ];
    let points =
        |text: &str| Strokes(text.to_owned()).parse().map(|strokes| strokes.iter().map(Vec::len).collect::<Vec<_>>());
    given.iter().map(|text| json!([text, points(text)])).collect()
}

fn ids(dice: &mut Dice) -> Vec<Value> {
    let given = [[0; 10], [0xff; 10]].into_iter().chain((0..10).map(|_| dice.bytes()));
    given.map(|random: [u8; 10]| json!([random, EntryId::new(random)])).collect()
}
