//! Reading a body that somebody publishes. A person wrote the file, so everything that is wrong with it is told at once, by place; and
//! what this program does not know is refused, where a phone that meets a newer checklist passes over it.

use super::{EvidenceKind, Gate, PlayEffect, Stage, Template};
use crate::limits::{
    CODE_CHARS_MAX, FAULTS_TOLD_MAX, FIELD_CHARS_MAX, NOTE_CHARS_MAX, STEP_EVIDENCE_MAX, STEP_PHRASES_MAX,
    STEP_PLAYS_MAX, TEMPLATE_BYTES_MAX, TEMPLATE_KIT_MAX, TEMPLATE_STEPS_MAX,
};
use crate::problem::FieldError;
use serde_json::Value;
use std::collections::BTreeSet;

/// What may stand at a place.
enum Form {
    /// So many characters, none of them invisible.
    Text(usize),
    Number,
    Flag,
    /// One of a closed set.
    Word(fn() -> Vec<&'static str>),
    Object(&'static [(&'static str, Needed, Form)]),
    /// So many of one form.
    List(usize, &'static Form),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    /// May be left out, or null.
    No,
}

use Form::{Flag, List, Number, Object, Text, Word};
use Needed::{No, Yes};

const ID: Form = Text(CODE_CHARS_MAX);
const NAME: Form = Object(&[("zh", Yes, Text(FIELD_CHARS_MAX)), ("en", Yes, Text(FIELD_CHARS_MAX))]);
const SENTENCES: Form = Object(&[("zh", Yes, Text(NOTE_CHARS_MAX)), ("en", Yes, Text(NOTE_CHARS_MAX))]);

const EVIDENCE: Form = Object(&[
    ("kind", Yes, Word(|| words(EvidenceKind::ALL, EvidenceKind::as_str))),
    ("name", Yes, ID),
    ("label", Yes, NAME),
    ("unit", No, Text(CODE_CHARS_MAX)),
    ("required", No, Flag),
]);

const PLAY: Form = Object(&[
    ("id", Yes, ID),
    ("happens", Yes, SENTENCES),
    ("action", Yes, SENTENCES),
    ("effect", No, Word(|| words(PlayEffect::ALL, PlayEffect::as_str))),
]);

const PHRASE: Form = Object(&[("say", Yes, SENTENCES), ("avoid", No, SENTENCES)]);

const STEP: Form = Object(&[
    ("id", Yes, ID),
    ("name", Yes, NAME),
    ("stage", No, Word(|| words(Stage::ALL, Stage::as_str))),
    ("task", Yes, SENTENCES),
    ("rule", No, SENTENCES),
    ("evidence", No, List(STEP_EVIDENCE_MAX, &EVIDENCE)),
    ("gates", No, List(Gate::ALL.len(), &Word(|| words(Gate::ALL, Gate::as_str)))),
    ("optional", No, Flag),
    ("plays", No, List(STEP_PLAYS_MAX, &PLAY)),
    ("phrases", No, List(STEP_PHRASES_MAX, &PHRASE)),
]);

const KIT_ITEM: Form = Object(&[("id", Yes, ID), ("name", Yes, NAME), ("always", No, Flag)]);

const TEMPLATE: Form = Object(&[
    ("id", Yes, ID),
    ("version", Yes, Number),
    ("name", Yes, NAME),
    ("steps", Yes, List(TEMPLATE_STEPS_MAX, &STEP)),
    ("kit", No, List(TEMPLATE_KIT_MAX, &KIT_ITEM)),
    ("warranty_months", No, Number),
]);

fn words<W: Copy>(all: &[W], text: fn(W) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|word| text(*word)).collect()
}

/// The checklist that these bytes are, sound as a whole; else what is wrong with them, each by its place as in `/steps/3/name/en`.
pub fn read(bytes: &[u8]) -> Result<Template, Vec<FieldError>> {
    if bytes.len() > TEMPLATE_BYTES_MAX {
        let kib = TEMPLATE_BYTES_MAX >> 10;
        let (zh, en) = (format!("文件最大 {kib} KiB"), format!("the file has {kib} KiB at most"));
        return Err(vec![FieldError { at: String::new(), zh, en }]);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let zh = format!("不是有效的 JSON：第 {line} 行第 {column} 列读不下去");
        let en = format!("this is no JSON: it can't be read on from line {line}, column {column}");
        vec![FieldError { at: String::new(), zh, en }]
    })?;
    let mut faults = Vec::new();
    TEMPLATE.look(&value, "", &mut faults);
    if faults.is_empty() {
        match serde_json::from_value::<Template>(value) {
            Ok(template) => {
                faults = template.faults();
                if faults.is_empty() {
                    return Ok(template);
                }
            }
            // A number beyond what its field holds.
            Err(error) => fault(&mut faults, "", "内容不符合格式".to_owned(), error.to_string()),
        }
    }
    faults.truncate(FAULTS_TOLD_MAX);
    Err(faults)
}

fn fault(faults: &mut Vec<FieldError>, at: &str, zh: String, en: String) {
    if faults.len() < FAULTS_TOLD_MAX {
        faults.push(FieldError { at: at.to_owned(), zh, en });
    }
}

impl Form {
    fn look(&self, value: &Value, at: &str, faults: &mut Vec<FieldError>) {
        match (self, value) {
            (Text(chars_max), Value::String(text)) => look_at_text(text, *chars_max, at, faults),
            (Number, Value::Number(number)) if number.as_u64().is_some_and(|n| u32::try_from(n).is_ok()) => {}
            (Flag, Value::Bool(_)) => {}
            (Word(words), Value::String(text)) => {
                if !words().contains(&text.as_str()) {
                    let all = words().join(", ");
                    fault(faults, at, format!("应为其中之一：{all}"), format!("this is one of: {all}"));
                }
            }
            (Object(fields), Value::Object(given)) => {
                let known: BTreeSet<&str> = fields.iter().map(|(name, ..)| *name).collect();
                for name in given.keys().filter(|name| !known.contains(name.as_str())) {
                    let shown: String = name.chars().take(CODE_CHARS_MAX).collect();
                    let (zh, en) = (format!("未知字段“{shown}”"), format!("there is no field \"{shown}\" here"));
                    fault(faults, at, zh, en);
                }
                for (name, needed, form) in *fields {
                    let place = format!("{at}/{name}");
                    match given.get(*name) {
                        None | Some(Value::Null) if *needed == Yes => {
                            fault(faults, &place, "必填".to_owned(), "this must be filled in".to_owned());
                        }
                        None | Some(Value::Null) => {}
                        Some(value) => form.look(value, &place, faults),
                    }
                }
            }
            (List(max, form), Value::Array(items)) => {
                if items.len() > *max {
                    fault(faults, at, format!("最多 {max} 项"), format!("there are {max} at most"));
                }
                for (place, item) in items.iter().take(*max).enumerate() {
                    form.look(item, &format!("{at}/{place}"), faults);
                }
            }
            _ => {
                let (zh, en) = self.name();
                fault(faults, at, format!("这里应为{zh}"), format!("this should be {en}"));
            }
        }
    }

    const fn name(&self) -> (&'static str, &'static str) {
        match self {
            Text(_) | Word(_) => ("文字", "a text"),
            Number => ("非负整数", "a whole number from 0 on"),
            Flag => ("true 或 false", "true or false"),
            Object(_) => ("一组字段（{…}）", "an object ({…})"),
            List(..) => ("列表（[…]）", "a list ([…])"),
        }
    }
}

fn look_at_text(text: &str, chars_max: usize, at: &str, faults: &mut Vec<FieldError>) {
    if text.chars().count() > chars_max {
        fault(faults, at, format!("最多 {chars_max} 个字"), format!("at most {chars_max} characters"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        let en = "it holds characters that can't be shown".to_owned();
        fault(faults, at, "含有不可显示的字符".to_owned(), en);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::find_shipped;
    use serde_json::json;

    fn shipped() -> Value {
        serde_json::to_value(find_shipped("home_repair", 1).unwrap()).unwrap()
    }

    fn at(body: &Value) -> Vec<(String, String)> {
        let faults = read(body.to_string().as_bytes()).unwrap_err();
        faults.into_iter().map(|fault| (fault.at, fault.en)).collect()
    }

    #[test]
    fn what_a_server_gave_can_be_published_as_it_is() {
        let body = shipped();
        assert_eq!(&read(body.to_string().as_bytes()).unwrap(), find_shipped("home_repair", 1).unwrap());
    }

    #[test]
    fn everything_that_is_wrong_is_told_by_its_place() {
        let mut body = shipped();
        body["steps"][3]["name"]["en"] = json!(7);
        body["steps"][4]["gates"] = json!(["consent", "moonlight"]);
        body["steps"][5]["colour"] = json!("red");
        body["steps"][6].as_object_mut().unwrap().remove("task");
        body["steps"][7]["task"]["zh"] = json!("a\u{0}b");
        body["warranty_months"] = json!(-1);
        body["kit"] = json!("none");
        let found = at(&body);
        let places: Vec<&str> = found.iter().map(|(at, _)| at.as_str()).collect();
        let expected = [
            "/steps/3/name/en",
            "/steps/4/gates/1",
            "/steps/5",
            "/steps/6/task",
            "/steps/7/task/zh",
            "/kit",
            "/warranty_months",
        ];
        assert_eq!(places, expected);
        assert_eq!(found[2].1, "there is no field \"colour\" here");
    }

    #[test]
    fn what_is_no_json_or_too_large_is_said_so() {
        let found = read(b"{\"id\": ").unwrap_err();
        assert_eq!(found[0].en, "this is no JSON: it can't be read on from line 1, column 7");
        assert!(read(&vec![b' '; TEMPLATE_BYTES_MAX + 1]).unwrap_err()[0].en.contains("256 KiB"));
        assert_eq!(at(&json!([])), [(String::new(), "this should be an object ({…})".to_owned())]);
    }

    #[test]
    fn lists_without_end_are_cut() {
        let mut body = shipped();
        body["steps"] = json!(vec![json!({}); 5_000]);
        let found = at(&body);
        assert_eq!(found.len(), FAULTS_TOLD_MAX);
        assert_eq!(found[0], ("/steps".to_owned(), "there are 60 at most".to_owned()));
    }
}
