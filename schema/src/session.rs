//! Bodies of logging in: what a person, their phone and the server tell each other about a session.

use crate::binary::{Hash, PublicKey, Signature};
use crate::id::{DeviceId, OutletId, PersonId, SessionId};
use crate::people::{Language, Permission, Role};
use crate::setup::SetUpTerms;
use crate::time::Timestamp;
use crate::travel::Travel;
use serde::{Deserialize, Serialize};

macro_rules! bodies {
    ($($(#[$doc:meta])* pub struct $name:ident { $($body:tt)* })+) => {$(
        #[derive(Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$doc])*
        pub struct $name { $($body)* }
    )+};
}

// Those that carry a password or a token have no `Debug`, so that no log shows them.
bodies! {
    /// `POST /v1/sessions`: log in.
    #[serde(deny_unknown_fields)]
    pub struct CreateSession {
        pub login: String,
        pub password: String,
        /// A phone enrols itself with its log-in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub device: Option<NewDevice>,
        /// One of the server's own pages asks: the refresh token stays in a cookie that no script reads, and out of the answer. Not for
        /// a phone, which signs for its token.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub in_cookie: bool,
    }

    /// A phone that introduces itself. The private half of its key never leaves it.
    #[derive(Debug)]
    #[serde(deny_unknown_fields)]
    pub struct NewDevice {
        /// What its owner calls it.
        pub name: String,
        /// Ed25519; it signs what the phone pushes.
        pub public_key: PublicKey,
    }

    /// `POST /v1/sessions/refresh`: new tokens for a refresh token.
    #[serde(deny_unknown_fields)]
    pub struct RefreshSession {
        /// Absent: the cookie that the log-in was asked to keep it in holds it, and will hold the next one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refresh_token: Option<String>,
        /// Ed25519 by the device's key over [`refresh_message`]: that of a phone's session, or the token is no use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub signature: Option<Signature>,
    }

    /// The answer to both.
    pub struct SessionTokens {
        pub session: SessionId,
        pub person: Me,
        /// The phone that logged in, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub device: Option<DeviceId>,
        /// Goes into `Authorization: Bearer …`.
        pub access_token: String,
        /// Seconds that the access token is good for.
        pub expires_in_s: i64,
        /// Good until the one that it gets is used for the first time: whose answer was lost asks again, a phone whenever it can,
        /// other clients within 30 s. Once its successor was used it ends the session, because somebody else may have it. Absent where
        /// a cookie keeps it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        pub refresh_token: String,
    }

    /// The person who logged in, as they see themselves.
    #[derive(Debug)]
    pub struct Me {
        pub id: PersonId,
        pub login: String,
        pub name: String,
        pub role: Role,
        pub outlet_id: OutletId,
        pub staff_number: String,
        pub language: Language,
        pub skills: Vec<String>,
        /// What the role may do; pages leave out the rest.
        #[serde(default)]
        pub permissions: Vec<Permission>,
        /// What a phone needs of the outlet where there is no network; it comes anew with each token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub outlet: Option<MyOutlet>,
    }

    /// The outlet, as its people's phones know it.
    #[derive(Debug)]
    pub struct MyOutlet {
        pub name: String,
        /// The number that customers call.
        pub phone: String,
        /// As in the IANA database: all times are shown in it.
        pub time_zone: String,
        pub travel: Travel,
        #[serde(default)]
        pub setup: SetUpTerms,
    }

    /// One log-in, as its owner sees it.
    #[derive(Debug)]
    pub struct Session {
        pub id: SessionId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub device: Option<DeviceId>,
        /// What the client called itself.
        pub client: String,
        pub created_at: Timestamp,
        /// When its tokens were last renewed.
        pub used_at: Timestamp,
        /// The one that asks.
        pub current: bool,
    }

    /// A phone that a person has logged in from.
    #[derive(Debug)]
    pub struct Device {
        pub id: DeviceId,
        pub person_id: PersonId,
        pub name: String,
        pub public_key: PublicKey,
        pub enrolled_at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub revoked_at: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub revoked_by: Option<PersonId>,
    }

    /// `PUT /v1/me/password`; ends the person's other sessions.
    #[serde(deny_unknown_fields)]
    pub struct ChangePassword {
        pub old: String,
        pub new: String,
    }
}

/// What a phone signs to get new tokens: that it, and nobody who read the token off, holds it.
pub fn refresh_message(device: DeviceId, refresh_token: &str) -> Vec<u8> {
    let mut message = b"field-service refresh 1\0".to_vec();
    message.extend_from_slice(device.as_bytes());
    message.extend_from_slice(Hash::of(refresh_token.as_bytes()).as_slice());
    message
}
