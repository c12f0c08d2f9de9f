//! What a customer typed into a form that was not taken: it stands in the form again, so that nobody types twice.

use schema::id::EntryId;

/// One form's fields as they came.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    act: String,
    fields: Vec<(String, String)>,
}

impl Typed {
    /// `act` is the last part of the form's address.
    pub fn new(act: &str, fields: Vec<(String, String)>) -> Self {
        Self { act: act.to_owned(), fields }
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// This form of the page: there is one for each act, and for each quote.
    pub fn into_form(&self, act: &str, quote: Option<&EntryId>) -> FormFields<'_> {
        let quote = quote.map(ToString::to_string).unwrap_or_default();
        FormFields(Some(self).filter(|typed| typed.act == act && typed.get("quote") == quote))
    }
}

/// What stands in a form: nothing, or what was typed into it before.
#[derive(Clone, Copy)]
pub struct FormFields<'a>(Option<&'a Typed>);

impl FormFields<'_> {
    /// Empty where nothing was typed.
    pub fn value(&self, name: &str) -> &str {
        self.0.map_or("", |typed| typed.get(name))
    }

    pub fn was_sent(&self) -> bool {
        self.0.is_some()
    }
}
