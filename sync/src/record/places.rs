//! Places of a record: which edit writes which place, which edit a value found at a place amounts to, and whether a value fits
//! its place. A path names a place, as in `["marks", "repair"]`; what lies inside an entry is not a place of its own.

use super::de::from_value;
use super::ser::to_value;
use super::value::{Misfit, Value};
use schema::edit::Edit;
use schema::id::{EntryId, PersonId};
use schema::record::{self, Report};
use schema::shape::{Inner, RECORD, Scalar, Shape, Whole};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

pub(crate) type Path = Vec<String>;

/// One place and what it shall hold; None empties it.
pub(crate) type Put = (Path, Option<Value>);

/// What the record's shape says about the place; None where there is no such place.
pub(crate) fn shape_at(path: &[String]) -> Option<&'static Shape> {
    path.iter().try_fold(&RECORD, |shape, key| shape.child(key))
}

fn put<T: Serialize>(map: &str, key: &str, thing: &T) -> Result<Vec<Put>, Misfit> {
    Ok(vec![(vec![map.to_owned(), key.to_owned()], Some(to_value(thing)?))])
}

/// What the edit writes. [`Edit::Open`] also makes the maps, which are no places.
pub(crate) fn puts_of(edit: &Edit) -> Result<Vec<Put>, Misfit> {
    match edit {
        Edit::Open { meta, report } => {
            let mut puts = vec![(vec!["meta".to_owned()], Some(to_value(meta)?))];
            let Value::Map(fields) = to_value(report)? else { return Ok(puts) };
            puts.extend(fields.into_iter().map(|(field, value)| (vec!["report".to_owned(), field], Some(value))));
            Ok(puts)
        }
        Edit::SetReport { field, value } => {
            let path = vec!["report".to_owned(), field.as_str().to_owned()];
            Ok(vec![(path, value.clone().map(Value::Text))])
        }
        Edit::Rework { rework } => Ok(vec![(vec!["rework".to_owned()], Some(to_value(rework)?))]),
        Edit::Site { site } => Ok(vec![(vec!["site".to_owned()], Some(to_value(site)?))]),
        Edit::Assign { id, assignment } => {
            let mut puts = put("assignments", id.as_str(), assignment)?;
            puts.push((vec!["assigned".to_owned()], Some(to_value(id)?)));
            Ok(puts)
        }
        Edit::Unassign => Ok(vec![(vec!["assigned".to_owned()], None)]),
        Edit::Cause { text } => put("diagnosis", "cause", text),
        Edit::Measures { text } => put("diagnosis", "measures", text),
        Edit::Mark { step, mark } => put("marks", step, mark),
        Edit::Note { step, text } => put("notes", step, text),
        Edit::Photo { sha256, photo } => put("photos", &sha256.to_string(), photo),
        Edit::Release { hold, release } => put("releases", hold.as_str(), release),
        Edit::Correct { id, correction } => put("corrections", id.as_str(), correction),
        Edit::Decide { id, decision } => put("decisions", id.as_str(), decision),
        Edit::Hold { id, hold } => put("holds", id.as_str(), hold),
        Edit::Delay { id, delay } => put("delays", id.as_str(), delay),
        Edit::Reply { id, reply } => put("replies", id.as_str(), reply),
        Edit::Reading { id, reading } => put("readings", id.as_str(), reading),
        Edit::Play { id, play } => put("plays", id.as_str(), play),
        Edit::Part { id, part } => put("parts", id.as_str(), part),
        Edit::Quote { id, quote } => put("quotes", id.as_str(), quote),
        Edit::Withdraw { id, withdrawal } => put("withdrawals", id.as_str(), withdrawal),
        Edit::Consent { id, consent } => put("consents", id.as_str(), consent),
        Edit::Backup { id, backup } => put("backup_consents", id.as_str(), backup),
        Edit::TakeBack { id, take_back } => put("take_backs", id.as_str(), take_back),
        Edit::HandBack { id, hand_back } => put("hand_backs", id.as_str(), hand_back),
        Edit::Waive { id, waiver } => put("waivers", id.as_str(), waiver),
        Edit::Charge { id, charge } => put("charges", id.as_str(), charge),
        Edit::Pay { id, payment } => put("payments", id.as_str(), payment),
        Edit::SignOff { id, sign_off } => put("sign_offs", id.as_str(), sign_off),
        Edit::Refuse { id, refusal } => put("refusals", id.as_str(), refusal),
        Edit::Rate { id, rating } => put("ratings", id.as_str(), rating),
        Edit::Alarm { id, alarm } => put("alarms", id.as_str(), alarm),
        Edit::Breach { id, breach } => put("breaches", id.as_str(), breach),
        Edit::Rule { id, ruling } => put("rulings", id.as_str(), ruling),
        Edit::Adopt { id, adoption } => put("adoptions", id.as_str(), adoption),
    }
}

/// The edit that writes this value to this place. Reading it this way also proves that the value can be read at all. The office's
/// `meta`, `rework`, `site` and `assigned` have none: no phone writes them.
pub(crate) fn edit_at(path: &[String], value: Value) -> Result<Edit, Misfit> {
    let [map, key] = path else { return Err(Misfit("no edit writes this place alone".to_owned())) };
    let id = || EntryId::try_from(key.clone()).map_err(|_| Misfit("the key is no entry's id".to_owned()));
    let step = || key.clone();
    Ok(match map.as_str() {
        "report" => {
            let Value::Text(text) = value else { return Err(Misfit("a field of the report is text".to_owned())) };
            let fields = BTreeMap::from([(key.clone(), Value::Text(text.clone()))]);
            from_value::<Report>(Value::Map(fields))?;
            Edit::SetReport { field: key.parse().map_err(Misfit)?, value: Some(text) }
        }
        "diagnosis" if key == "cause" => Edit::Cause { text: from_value(value)? },
        "diagnosis" if key == "measures" => Edit::Measures { text: from_value(value)? },
        "marks" => Edit::Mark { step: step(), mark: from_value(value)? },
        "notes" => Edit::Note { step: step(), text: from_value(value)? },
        "photos" => {
            let sha256 = key.parse().map_err(|_| Misfit("a photo's key is its SHA-256".to_owned()))?;
            Edit::Photo { sha256, photo: from_value(value)? }
        }
        "assignments" => Edit::Assign { id: id()?, assignment: from_value(value)? },
        "releases" => Edit::Release { hold: id()?, release: from_value(value)? },
        "corrections" => Edit::Correct { id: id()?, correction: from_value(value)? },
        "decisions" => Edit::Decide { id: id()?, decision: from_value(value)? },
        "holds" => Edit::Hold { id: id()?, hold: from_value(value)? },
        "delays" => Edit::Delay { id: id()?, delay: from_value(value)? },
        "replies" => Edit::Reply { id: id()?, reply: from_value(value)? },
        "readings" => Edit::Reading { id: id()?, reading: from_value(value)? },
        "plays" => Edit::Play { id: id()?, play: from_value(value)? },
        "parts" => Edit::Part { id: id()?, part: from_value(value)? },
        "quotes" => Edit::Quote { id: id()?, quote: from_value(value)? },
        "withdrawals" => Edit::Withdraw { id: id()?, withdrawal: from_value(value)? },
        "consents" => Edit::Consent { id: id()?, consent: from_value(value)? },
        "backup_consents" => Edit::Backup { id: id()?, backup: from_value(value)? },
        "take_backs" => Edit::TakeBack { id: id()?, take_back: Box::new(from_value(value)?) },
        "hand_backs" => Edit::HandBack { id: id()?, hand_back: from_value(value)? },
        "waivers" => Edit::Waive { id: id()?, waiver: from_value(value)? },
        "charges" => Edit::Charge { id: id()?, charge: from_value(value)? },
        "payments" => Edit::Pay { id: id()?, payment: from_value(value)? },
        "sign_offs" => Edit::SignOff { id: id()?, sign_off: from_value(value)? },
        "refusals" => Edit::Refuse { id: id()?, refusal: from_value(value)? },
        "ratings" => Edit::Rate { id: id()?, rating: from_value(value)? },
        "alarms" => Edit::Alarm { id: id()?, alarm: from_value(value)? },
        "breaches" => Edit::Breach { id: id()?, breach: from_value(value)? },
        "rulings" => Edit::Rule { id: id()?, ruling: from_value(value)? },
        "adoptions" => Edit::Adopt { id: id()?, adoption: Box::new(from_value(value)?) },
        _ => return Err(Misfit("no edit writes this place".to_owned())),
    })
}

/// The value as JSON shows it everywhere else: moments in RFC 3339, ids as UUIDs.
pub(crate) fn json_at(path: &[String], value: &Value) -> serde_json::Value {
    let json = match path.first().map_or("", String::as_str) {
        "meta" => json_of::<record::Meta>(value),
        "rework" => json_of::<record::Rework>(value),
        "site" => json_of::<record::Site>(value),
        "delays" => json_of::<record::Delay>(value),
        "replies" => json_of::<record::Reply>(value),
        "corrections" => json_of::<record::Correction>(value),
        "assignments" => json_of::<record::Assignment>(value),
        "decisions" => json_of::<record::Decision>(value),
        "holds" => json_of::<record::Hold>(value),
        "releases" => json_of::<record::Release>(value),
        "marks" => json_of::<record::Mark>(value),
        "photos" => json_of::<record::Photo>(value),
        "readings" => json_of::<record::Reading>(value),
        "plays" => json_of::<record::Play>(value),
        "parts" => json_of::<record::Part>(value),
        "quotes" => json_of::<record::Quote>(value),
        "withdrawals" => json_of::<record::Withdrawal>(value),
        "consents" => json_of::<record::Consent>(value),
        "backup_consents" => json_of::<record::BackupConsent>(value),
        "take_backs" => json_of::<record::TakeBack>(value),
        "hand_backs" => json_of::<record::HandBack>(value),
        "waivers" => json_of::<record::Waiver>(value),
        "charges" => json_of::<record::Charge>(value),
        "payments" => json_of::<record::Payment>(value),
        "sign_offs" => json_of::<record::SignOff>(value),
        "refusals" => json_of::<record::Refusal>(value),
        "ratings" => json_of::<record::LaterRating>(value),
        "alarms" => json_of::<record::Alarm>(value),
        "breaches" => json_of::<record::Breach>(value),
        "rulings" => json_of::<record::Ruling>(value),
        "adoptions" => json_of::<record::Adoption>(value),
        _ => None,
    };
    json.unwrap_or_else(|| value.to_plain_json())
}

fn json_of<T: Serialize + DeserializeOwned>(value: &Value) -> Option<serde_json::Value> {
    serde_json::to_value(from_value::<T>(value.clone()).ok()?).ok()
}

/// Why a value may not stand at a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("there is no such place")]
    NoPlace,
    #[error("longer than {0}")]
    TooLong(usize),
    #[error("names another author")]
    NotTheAuthor,
    #[error("{0}")]
    Misfit(String),
    #[error("{0}: {1}")]
    Within(String, Box<Unfit>),
}

impl From<Misfit> for Unfit {
    fn from(Misfit(why): Misfit) -> Self {
        Self::Misfit(why)
    }
}

impl Unfit {
    fn within(self, key: &str) -> Self {
        Self::Within(key.to_owned(), Box::new(self))
    }

    /// The reason itself, wherever it was met.
    pub(crate) fn root(&self) -> &Self {
        let mut reason = self;
        while let Self::Within(_, inner) = reason {
            reason = inner;
        }
        reason
    }
}

/// The edit that the value at this place amounts to; None for the office's `meta`, `site` and `assigned`. An error where it may not stand
/// there: its shape, its limits, or that it can't be read back. `author` is who must stand where the shape wants the author; None
/// where the server vouches for others, as for a customer on their own link.
pub(crate) fn fit(path: &[String], value: &Value, author: Option<PersonId>) -> Result<Option<Edit>, Unfit> {
    match shape_at(path) {
        Some(Shape::Register(_, scalar)) => fit_scalar(*scalar, value)?,
        Some(Shape::Once(_, whole) | Shape::Latest(_, whole)) => fit_whole(whole, value, author)?,
        Some(Shape::Fields(_) | Shape::Each(..)) | None => return Err(Unfit::NoPlace),
    }
    match path {
        [place] if place == "meta" => from_value::<record::Meta>(value.clone()).map(|_| None),
        [place] if place == "rework" => from_value::<record::Rework>(value.clone()).map(|_| None),
        [place] if place == "site" => from_value::<record::Site>(value.clone()).map(|_| None),
        [place] if place == "assigned" => from_value::<EntryId>(value.clone()).map(|_| None),
        _ => edit_at(path, value.clone()).map(Some),
    }
    .map_err(Unfit::from)
}

fn fit_scalar(scalar: Scalar, value: &Value) -> Result<(), Unfit> {
    match (scalar, value) {
        (Scalar::Text(most), Value::Text(text)) if text.len() <= most || text.chars().count() <= most => Ok(()),
        (Scalar::Text(most), Value::Text(_)) => Err(Unfit::TooLong(most)),
        (Scalar::Int, Value::Int(_)) => Ok(()),
        (Scalar::Bytes(length), Value::Bytes(bytes)) if bytes.len() == length => Ok(()),
        (expected, _) => Err(Unfit::Misfit(format!("expected {expected:?}"))),
    }
}

fn fit_whole(whole: &Whole, value: &Value, author: Option<PersonId>) -> Result<(), Unfit> {
    let Value::Map(fields) = value else { return Err(Unfit::Misfit("expected an object".to_owned())) };
    for (key, value) in fields {
        let inner = whole.fields.iter().find(|(name, _)| name == key).map(|(_, inner)| inner);
        inner.ok_or(Unfit::NoPlace).and_then(|inner| fit_inner(inner, value, author)).map_err(|why| why.within(key))?;
    }
    Ok(())
}

fn fit_inner(inner: &Inner, value: &Value, author: Option<PersonId>) -> Result<(), Unfit> {
    match inner {
        Inner::Scalar(scalar) => fit_scalar(*scalar, value),
        Inner::Author => {
            fit_scalar(Scalar::Bytes(16), value)?;
            let Some(author) = author else { return Ok(()) };
            let same = matches!(value, Value::Bytes(bytes) if bytes == author.as_bytes());
            if same { Ok(()) } else { Err(Unfit::NotTheAuthor) }
        }
        Inner::Object(whole) => fit_whole(whole, value, author),
        Inner::Each(keys, whole) => {
            let Value::Map(entries) = value else { return Err(Unfit::Misfit("expected a map".to_owned())) };
            entries.iter().try_for_each(|(key, value)| match keys.accept(key) {
                true => fit_whole(whole, value, author).map_err(|why| why.within(key)),
                false => Err(Unfit::NoPlace.within(key)),
            })
        }
        Inner::List(scalar, most) => match value {
            Value::List(items) if items.len() <= *most => items.iter().try_for_each(|item| fit_scalar(*scalar, item)),
            Value::List(_) => Err(Unfit::TooLong(*most)),
            _ => Err(Unfit::Misfit("expected a list".to_owned())),
        },
    }
}
