//! Chinese texts that people read are set as Chinese is: with its own punctuation.

use super::{collect_with, is_comment, is_test, page_sources, root, sources};
use serde_json::Value;

/// Marks of Latin script which have a Chinese form of their own.
const LATIN: &[char] = &[',', ';', ':', '?', '!', '('];

fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}')
}

/// The first mark of Latin script directly after a Chinese character; for brackets also directly before one.
fn misset(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let pair = letters.windows(2).find(|pair| match pair {
        [before, after] => is_chinese(*before) && LATIN.contains(after) || *before == '(' && is_chinese(*after),
        _ => false,
    })?;
    Some(pair.iter().collect())
}

/// The literals of a line of Rust; none of ours goes over several lines with Chinese in it.
fn literals(line: &str) -> Vec<String> {
    let (mut found, mut open, mut escaped) = (Vec::new(), None::<String>, false);
    for letter in line.chars() {
        match &mut open {
            None if letter == '"' => open = Some(String::new()),
            None => {}
            Some(text) if escaped => (text.push(letter), escaped = false).0,
            Some(_) if letter == '\\' => escaped = true,
            Some(_) if letter == '"' => found.extend(open.take()),
            Some(text) => text.push(letter),
        }
    }
    found
}

/// The literals of a line of TypeScript; what a template puts in (`${…}`) is no text.
fn page_literals(line: &str) -> Vec<String> {
    let mut found = literals(line);
    for text in line.split('`').skip(1).step_by(2) {
        let pieces = text.split("${").enumerate().map(|(number, piece)| match piece.split_once('}') {
            Some((_, after)) if number > 0 => after.to_owned(),
            _ => piece.to_owned(),
        });
        found.extend(pieces);
    }
    found
}

/// Code without the tests at its end, which write as customers do.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

fn texts_of(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts_of(field, found)),
        _ => {}
    }
}

#[test]
fn chinese_texts_have_chinese_punctuation() {
    let mut found = Vec::new();
    let code = sources().into_iter().filter(|(path, _)| path.contains("/src/") && !is_test(path));
    for (path, text) in code.filter(|(path, _)| !path.starts_with("tests/")) {
        let is_help = |line: &str| path.ends_with("cli.rs") && line.trim_start().starts_with("/// ");
        for (number, line) in without_tests(&text).lines().enumerate() {
            let texts = match is_comment(line) {
                true if is_help(line) => vec![line.to_owned()],
                true => Vec::new(),
                false => literals(line),
            };
            found.extend(
                texts.iter().filter_map(|text| misset(text)).map(|pair| format!("{path}:{}: {pair}", number + 1)),
            );
        }
    }
    for (path, text) in page_sources().into_iter().filter(|(path, _)| path.contains("/words/zh")) {
        let lines = text.lines().enumerate().filter(|(_, line)| !is_comment(line));
        found.extend(lines.flat_map(|(number, line)| {
            let texts = page_literals(line).into_iter().filter_map(|text| misset(&text));
            texts.map(|pair| format!("{path}:{}: {pair}", number + 1)).collect::<Vec<_>>()
        }));
    }
    for folder in ["schema/data", "server/src"] {
        for path in collect_with(&root().join(folder), &["json", "csv"]) {
            let (text, mut texts) = (std::fs::read_to_string(&path).unwrap(), Vec::new());
            if path.extension().is_some_and(|extension| extension == "json") {
                texts_of(&serde_json::from_str(&text).unwrap(), &mut texts);
            } else {
                let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                rows.records().for_each(|row| texts.extend(row.unwrap().iter().map(str::to_owned)));
            }
            found.extend(texts.iter().filter_map(|text| misset(text).map(|_| format!("{}: {text}", path.display()))));
        }
    }
    assert!(found.is_empty(), "Latin punctuation in Chinese:\n{}", found.join("\n"));
}

#[test]
fn latin_punctuation_in_a_chinese_text_is_noticed() {
    let wrong = ["登录已过期,请刷新", "原因:{why}", "多久?", "报价(已认可)", "heads (版本)"];
    assert!(wrong.iter().all(|text| misset(text).is_some()));
    let right = [
        "登录已过期，请刷新",
        "例如 Asia/Shanghai",
        "SHA-256；照片",
        "（heads）",
        "a, b: c?",
        "请用 phone import 导入",
    ];
    assert_eq!(right.iter().filter_map(|text| misset(text)).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(page_literals("a: (n) => `有 ${f(n)} 条，${n}`, b: \"好\""), ["好", "有 ", " 条，", ""]);
    assert_eq!(literals(r#"wrong("/at", "说\"好\"", 3)"#), ["/at", "说\"好\""]);
}
