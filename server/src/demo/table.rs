//! What the demo company is made of, as tables beside this file.

use schema::customer::CustomerClass;
use schema::people::{Language, Role};
use schema::problem::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// 110 items, prices in fen. The barcodes are of the range that shops number by themselves.
pub const PRICE_LIST: &str = include_str!("price_list.zh.csv");

#[derive(Deserialize)]
pub struct StaffLine {
    /// Code of the outlet.
    pub outlet: String,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub phone: String,
    /// Words, split by blanks.
    pub skills: String,
    pub language: Language,
}

/// Invented people; their numbers begin with 1380000, which examples use and nobody is called by.
#[derive(Deserialize)]
pub struct CustomerLine {
    pub outlet: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub class: CustomerClass,
    pub latitude_e6: i64,
    pub longitude_e6: i64,
}

/// Something that breaks, and how it is put right.
#[derive(Deserialize)]
pub struct FaultLine {
    /// One of `schema::fault`.
    pub class: String,
    pub product: String,
    pub model: String,
    pub fault: String,
    pub cause: String,
    pub measures: String,
    /// Codes of the price list, each with `*` and a quantity where it is more than one.
    pub items: String,
}

#[derive(Deserialize)]
pub struct PriceLine {
    pub code: String,
    pub name_zh: String,
    pub unit: String,
    pub kind: schema::record::ItemKind,
    pub price_fen: i64,
    #[serde(deserialize_with = "is_yes")]
    pub destroys_data: bool,
}

fn is_yes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    String::deserialize(deserializer).map(|text| text == "yes")
}

pub fn staff() -> Result<Vec<StaffLine>, Problem> {
    read(include_str!("staff.csv"))
}

pub fn customers() -> Result<Vec<CustomerLine>, Problem> {
    read(include_str!("customers.csv"))
}

pub fn faults() -> Result<Vec<FaultLine>, Problem> {
    read(include_str!("faults.csv"))
}

pub fn prices() -> Result<Vec<PriceLine>, Problem> {
    read(PRICE_LIST)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Problem> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect::<Result<_, _>>().map_err(Problem::internal)
}

impl FaultLine {
    /// Codes and quantities.
    pub fn items(&self) -> impl Iterator<Item = (&str, i64)> {
        self.items.split_whitespace().map(|item| match item.split_once('*') {
            Some((code, count)) => (code, count.parse().unwrap_or(1)),
            None => (item, 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_tables_fit_each_other() {
        let codes: BTreeSet<String> = prices().unwrap().into_iter().map(|line| line.code).collect();
        assert!(codes.len() >= 80, "{} items", codes.len());
        assert_eq!(customers().unwrap().len(), 60);
        let staff = staff().unwrap();
        assert_eq!(staff.iter().filter(|line| line.role == Role::Technician).count(), 12);
        for fault in faults().unwrap() {
            let class = schema::fault::find(&fault.class).unwrap_or_else(|| panic!("{}", fault.class));
            assert!(fault.items().all(|(code, _)| codes.contains(code)), "{}", fault.fault);
            for outlet in ["SH", "SZ"] {
                let can = |line: &&StaffLine| {
                    line.outlet == outlet
                        && class.skill.is_none_or(|skill| line.skills.split(' ').any(|own| own == skill))
                };
                let technicians = staff.iter().filter(|line| line.role == Role::Technician);
                assert!(technicians.filter(can).count() > 0, "nobody in {outlet} can do {}", fault.class);
            }
        }
    }

    #[test]
    fn no_two_customers_have_one_number() {
        let phones: BTreeSet<String> = customers().unwrap().into_iter().map(|line| line.phone).collect();
        assert_eq!(phones.len(), 60);
    }
}
