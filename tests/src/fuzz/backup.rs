//! A backup's file, as it lies about for years. What must hold: a file that was harmed is not taken for whole, what is named as harmed is
//! in the file; and lines of any text with sums that fit are counted as they are, or refused.

use super::source::Source;
use schema::binary::Hash;
use server::domain::backup::{RestoreError, Summary, check};
use sha2::{Digest, Sha256};

const LINES: [&str; 10] = [
    r#"{"backup":{"format":1,"made_at":"2026-11-22T08:30:00Z","version":"00000000000007"}}"#,
    r#"{"table":{"name":"jobs","columns":[{"name":"id","kind":"bytes"},{"name":"number","kind":"text"},{"name":"seq","kind":"integer"},{"name":"open","kind":"boolean"}]}}"#,
    r#"["00ff","WX-20261122-0007",9223372036854775807,true]"#,
    r#"["",null,-1,false]"#,
    r#"["aa","\u6c34",0,null]"#,
    r#"{"rows":3}"#,
    r#"{"table":{"name":"empty","columns":[]}}"#,
    "[]",
    r#"{"rows":1}"#,
    "end",
];

pub fn backup(data: &[u8]) {
    let mut source = Source::new(data);
    let lines: Vec<String> = LINES.map(str::to_owned).into();
    let whole = sealed(&lines);
    match source.choice(3) {
        0 => drop(read(source.rest())),
        1 => {
            let mut file = whole.clone();
            for _ in 0..=source.choice(3) {
                harm(&mut file, &mut source);
            }
            assert_eq!(
                read(&file).is_some(),
                file == whole,
                "a file that was harmed is taken for whole, or a whole one for harmed"
            );
        }
        _ => {
            let lines = bent(lines, &mut source);
            let Some(summary) = read(&sealed(&lines)) else { return };
            let rows = lines.iter().filter(|line| line.starts_with('[')).count() as u64;
            let tables = lines.iter().filter(|line| line.contains("table")).count() as u64;
            assert_eq!((summary.rows, summary.tables <= tables), (rows, true), "{summary:?} of {lines:?}");
        }
    }
}

fn read(file: &[u8]) -> Option<Summary> {
    match check(file) {
        Ok(summary) => Some(summary),
        Err(RestoreError::Damage(damage)) => {
            assert!(damage.offset <= file.len() as u64, "{damage} in a file of {} bytes", file.len());
            None
        }
        Err(error) => panic!("nothing but damage is found in a file: {error}"),
    }
}

fn harm(file: &mut Vec<u8>, source: &mut Source<'_>) {
    let at = (source.choice(256) | source.choice(256) << 8) % (file.len() + 1);
    let end = at.saturating_add(usize::from(source.byte())).min(file.len());
    match source.choice(4) {
        0 => file.truncate(at),
        1 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte = source.byte()),
        2 => drop(file.splice(at..end, source.blob().iter().copied())),
        _ => file.extend_from_within(at..end),
    }
}

fn bent(mut lines: Vec<String>, source: &mut Source<'_>) -> Vec<String> {
    for _ in 0..=source.choice(4) {
        let place = source.choice(lines.len());
        match source.choice(5) {
            0 => drop(lines.remove(place)),
            1 => lines.insert(place, source.text().replace('\n', " ")),
            2 => lines.extend(lines.get(place).cloned()),
            _ => {
                let Some(line) = lines.get_mut(place) else { continue };
                let mut text = line.clone().into_bytes();
                harm(&mut text, source);
                *line = String::from_utf8_lossy(&text).replace('\n', " ");
            }
        }
        if lines.is_empty() {
            break;
        }
    }
    lines
}

/// The lines with the sums that they should have; `end` becomes an end that fits.
fn sealed(lines: &[String]) -> Vec<u8> {
    let (mut file, mut digest, mut rows, mut tables) = (Vec::new(), Sha256::new(), 0, 0);
    for line in lines {
        let sha256 = Hash(digest.clone().finalize().into());
        let end = format!(r#"{{"end":{{"tables":{tables},"rows":{rows},"sha256":"{sha256}"}}}}"#);
        let json = if line == "end" { &end } else { line };
        rows += u64::from(json.starts_with('['));
        tables += u64::from(json.starts_with(r#"{"table""#));
        digest.update(json);
        let sum = Hash(digest.clone().finalize().into()).to_string();
        file.extend_from_slice(sum.get(..16).unwrap_or_default().as_bytes());
        file.extend_from_slice(format!(" {json}\n").as_bytes());
    }
    file
}

pub fn seeds() -> Vec<Vec<u8>> {
    let whole = sealed(&LINES.map(str::to_owned));
    let mut seeds = vec![[&[0], whole.as_slice()].concat()];
    for place in 0..40u8 {
        seeds.push(vec![
            1 + place % 2,
            1,
            place,
            3 + place % 2,
            place.wrapping_mul(23),
            0,
            place,
            2,
            4,
            0,
            b'"',
            b',',
            b'[',
            b'1',
        ]);
    }
    seeds
}
