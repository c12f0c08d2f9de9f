//! The customer's hand under the work, and the marks given for it.

use crate::binary::Hash;
use crate::body::data;
use crate::id::{EntryId, LinkId, PersonId};
use crate::people::Language;
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Serialize};

data! {
    /// The customer accepts the work, or declines to.
    pub struct SignOff {
        pub kind: SignOffKind,
        pub how: How,
        pub name: String,
        /// Needed to decline.
        #[serde(default)]
        pub reason: Option<String>,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        #[serde(default)]
        pub rating: Option<Rating>,
        #[serde(default)]
        pub remarks: Option<String>,
        /// Heads of the record that the customer was shown: the signature covers these changes and what they build on.
        pub covers: Vec<Hash>,
        /// Hash of the sheet at those heads ([`crate::sheet::Sheet::hash`]).
        pub sheet_hash: Hash,
        #[serde(default)]
        pub by: Option<PersonId>,
        #[serde(default)]
        pub link: Option<LinkId>,
        pub at: Timestamp,
    }

    /// The customer knows that the work can destroy their data, and wants it done ([`crate::backup`]).
    pub struct BackupConsent {
        /// The quote whose work it is.
        pub quote: EntryId,
        pub copy: BackupCopy,
        /// What the customer read, whole, in their language.
        pub text: String,
        /// SHA-256 of the text.
        pub text_hash: Hash,
        pub language: Language,
        pub how: How,
        /// Who signed, as they gave their name.
        pub name: String,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        /// The staff member present; none on the customer's own link.
        #[serde(default)]
        pub by: Option<PersonId>,
        #[serde(default)]
        pub link: Option<LinkId>,
        pub at: Timestamp,
    }

    /// Marks out of five; none where the customer gave none.
    #[derive(Copy)]
    pub struct Rating {
        #[serde(default)]
        pub quality: Option<i64>,
        #[serde(default)]
        pub attitude: Option<i64>,
    }

    /// Marks that the customer gives without signing, as after a signature on the technician's phone.
    pub struct LaterRating {
        pub rating: Rating,
        #[serde(default)]
        pub remarks: Option<String>,
        pub link: LinkId,
        pub at: Timestamp,
    }
}

/// A signature's strokes with their timing. Text: strokes split by `|`, points by a space, each `x,y,t` in pixels and milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "10,12,0 14,18,16|20,12,90 21,30,120"))]
#[serde(transparent)]
pub struct Strokes(pub String);

impl Strokes {
    /// Points by stroke; None where the text has another form.
    pub fn parse(&self) -> Option<Vec<Vec<[i64; 3]>>> {
        let point = |text: &str| -> Option<[i64; 3]> {
            let mut numbers = text.split(',').map(|number| number.parse().ok());
            let point = [numbers.next()??, numbers.next()??, numbers.next()??];
            numbers.next().is_none().then_some(point)
        };
        self.0.split('|').map(|stroke| stroke.split(' ').map(point).collect()).collect()
    }
}

words! { How { Phone = "phone_screen", Link = "link", DeskCall = "desk_call" } }

words! { SignOffKind { Signed = "signed", Declined = "declined" } }

words! {
    /// Whether there is a copy of the customer's data, and who made it.
    BackupCopy { Customer = "customer", Technician = "technician", None = "none" }
}
