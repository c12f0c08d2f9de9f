//! Bodies about the people who work here.

use crate::id::{OutletId, PersonId};
use crate::limits::{CODE_CHARS_MAX, LOGIN_CHARS_MAX};
use crate::people::{Language, Role};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Somebody on the staff, as a colleague sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    pub id: PersonId,
    pub outlet_id: OutletId,
    /// For those who manage people, and oneself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Customers know staff by this number only.
    pub staff_number: String,
    pub name: String,
    /// In full for those who manage or dispatch people, and oneself.
    pub phone: String,
    pub phone_is_masked: bool,
    pub role: Role,
    pub skills: Vec<String>,
    pub language: Language,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
}

/// `POST /v1/people`. No `Debug`: it holds a password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePerson {
    pub outlet_id: OutletId,
    /// Letters, digits and `. _ - @`; kept in lower case.
    pub login: String,
    pub password: String,
    pub name: String,
    pub phone: String,
    pub role: Role,
    /// As jobs ask for them.
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub language: Language,
    /// The next free one where it is left out.
    #[serde(default)]
    pub staff_number: Option<String>,
}

/// `PATCH /v1/people/{id}`: what is left out stays. No `Debug`: it may hold a password.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChangePerson {
    pub outlet_id: Option<OutletId>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub role: Option<Role>,
    pub skills: Option<Vec<String>>,
    pub language: Option<Language>,
    pub staff_number: Option<String>,
    /// A new one, for who has forgotten theirs; they are logged out everywhere.
    pub password: Option<String>,
    /// True: can't log in any more, phones are revoked. What a revoked phone hands in later goes to quarantine.
    pub disabled: Option<bool>,
}

/// A log-in name: the same on every keyboard. `login` in lower case.
pub fn is_login(login: &str) -> bool {
    let accepts = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-@".contains(&byte);
    (2..=LOGIN_CHARS_MAX).contains(&login.len()) && login.bytes().all(accepts)
}

/// A skill or a staff number: letters of any script, digits, `_` and `-`.
pub fn is_code(code: &str) -> bool {
    let chars = code.chars().count();
    (1..=CODE_CHARS_MAX).contains(&chars) && code.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_the_same_on_every_keyboard() {
        for login in ["li.wei", "a1", "ops@example", "x_y-z"] {
            assert!(is_login(login), "{login}");
        }
        for login in ["", "a", "Li", "李伟", "a b", "a\0b", &"x".repeat(LOGIN_CHARS_MAX + 1)] {
            assert!(!is_login(login), "{login}");
        }
    }
}
