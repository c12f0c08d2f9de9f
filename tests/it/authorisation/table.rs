//! The table in the repository.

use std::collections::BTreeMap;

const TABLE: &str = include_str!("operations.csv");

/// What the table says of one operation.
pub struct Row {
    /// As in `GET /v1/jobs/{id}`.
    pub operation: String,
    /// The status of those who are let in.
    pub let_in: u16,
    /// By caller.
    pub cells: BTreeMap<String, String>,
}

/// The callers, in the order of the columns, and the rows.
pub fn read() -> (Vec<String>, Vec<Row>) {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(TABLE.as_bytes());
    let callers: Vec<String> = reader.headers().unwrap().iter().skip(2).map(str::to_owned).collect();
    let row = |record: csv::StringRecord| Row {
        operation: record[0].to_owned(),
        let_in: record[1].parse().unwrap(),
        cells: callers.iter().cloned().zip(record.iter().skip(2).map(str::to_owned)).collect(),
    };
    let rows = reader.records().map(|record| row(record.unwrap())).collect();
    (callers, rows)
}

/// The operations by which a job's record is written, as the gate's table names them.
pub fn commands() -> Vec<String> {
    let table = include_str!("../../../sync/src/admit/tests/places.csv");
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
    let named = lines.flat_map(|line| line.rsplit(',').next().unwrap().split(" + ").map(str::trim));
    named.filter(|operation| *operation != "-").map(str::to_owned).collect()
}
