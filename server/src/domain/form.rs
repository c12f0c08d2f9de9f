//! What was filled in. Errors are gathered field by field, so that the user learns of all of them at once.

use schema::contact::phone_digits;
use schema::limits::{FIELD_CHARS_MAX, NOTE_CHARS_MAX};
use schema::problem::{FieldError, Kind, Problem};

/// Gathers what is wrong; [`Form::finish`] tells.
#[derive(Default)]
pub struct Form {
    errors: Vec<FieldError>,
}

impl Form {
    pub fn wrong(&mut self, at: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.errors.push(FieldError { at: at.to_owned(), zh: zh.into(), en: en.into() });
    }

    /// A name, an address, a model: one line that must be there.
    pub fn field(&mut self, at: &str, text: &str) -> String {
        self.needed(at, text, FIELD_CHARS_MAX)
    }

    /// A note, an answer, a reason: text that must be there.
    pub fn note(&mut self, at: &str, text: &str) -> String {
        self.needed(at, text, NOTE_CHARS_MAX)
    }

    /// A line that may be left out; blank counts as left out.
    pub fn optional_field(&mut self, at: &str, text: Option<&str>) -> Option<String> {
        self.text(at, text?, FIELD_CHARS_MAX)
    }

    /// Text that may be left out; blank counts as left out.
    pub fn optional_note(&mut self, at: &str, text: Option<&str>) -> Option<String> {
        self.text(at, text?, NOTE_CHARS_MAX)
    }

    /// A number that can be dialled, and must be there.
    pub fn phone(&mut self, at: &str, text: &str) -> String {
        let before = self.errors.len();
        let phone = self.optional_phone(at, Some(text));
        if phone.is_none() && self.errors.len() == before {
            self.wrong(at, "必填", "this must be filled in");
        }
        phone.unwrap_or_default()
    }

    /// A number that can be dialled; may be left out.
    pub fn optional_phone(&mut self, at: &str, text: Option<&str>) -> Option<String> {
        let phone = self.optional_field(at, text)?;
        if (3..=20).contains(&phone_digits(&phone).len()) {
            return Some(phone);
        }
        self.wrong(at, "电话号码应有 3 至 20 位数字", "a phone number has 3 to 20 digits");
        None
    }

    fn needed(&mut self, at: &str, text: &str, chars_max: usize) -> String {
        let before = self.errors.len();
        let given = self.text(at, text, chars_max);
        if given.is_none() && self.errors.len() == before {
            self.wrong(at, "必填", "this must be filled in");
        }
        given.unwrap_or_default()
    }

    fn text(&mut self, at: &str, text: &str, chars_max: usize) -> Option<String> {
        let text = text.trim();
        if text.chars().count() > chars_max {
            self.wrong(at, format!("最多 {chars_max} 个字"), format!("at most {chars_max} characters"));
            return None;
        }
        // PostgreSQL stores no NUL, and nobody types a control character on purpose.
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
            self.wrong(at, "含有不可显示的字符", "it holds characters that can't be shown");
            return None;
        }
        if text.is_empty() { None } else { Some(text.to_owned()) }
    }

    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(Problem { errors: self.errors, ..Problem::new(Kind::InvalidField) })
    }
}

/// What is searched for, with a `\` before what SQL's LIKE would read as a wildcard.
pub fn without_wildcards(text: &str) -> String {
    let escape = |c: char| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] };
    text.trim().chars().filter(|c| *c != '\0').flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let mut form = Form::default();
        form.field("/name", "  ");
        form.optional_phone("/phone", Some("12"));
        form.note("/fault", "a\0b");
        assert_eq!(form.optional_field("/model", Some(" ")), None);
        let problem = form.finish().unwrap_err();
        let at: Vec<&str> = problem.errors.iter().map(|error| error.at.as_str()).collect();
        assert_eq!(at, ["/name", "/phone", "/fault"]);
    }
}
