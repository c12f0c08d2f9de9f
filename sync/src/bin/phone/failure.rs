//! Why a command was not done, in words and as an exit code.

use crate::texts::{Text, fill};
use schema::people::Language;
use schema::problem::Kind;
use schema::record::ReportField;
use std::path::{Path, PathBuf};
use sync::client::ClientError;
use sync::handset::HandsetError;
use sync::record::WriteError;
use sync::replica::ReplicaError;
use sync::store::StoreError;

#[derive(Debug)]
pub enum Failure {
    Handset(HandsetError),
    Client(ClientError),
    /// A file of the user's.
    File(PathBuf, std::io::Error),
    /// Anything else, with what belongs into the sentence.
    Said(Text, Vec<String>),
}

impl From<HandsetError> for Failure {
    fn from(error: HandsetError) -> Self {
        Self::Handset(error)
    }
}

impl From<ReplicaError> for Failure {
    fn from(error: ReplicaError) -> Self {
        Self::Handset(error.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Handset(error.into())
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Handset(error) => Self::Handset(error),
            error => Self::Client(error),
        }
    }
}

impl Failure {
    pub fn said(text: Text, words: &[&str]) -> Self {
        Self::Said(text, words.iter().map(|word| (*word).to_owned()).collect())
    }

    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File(path, error)
    }

    pub fn code(&self) -> u8 {
        match self {
            Self::Client(ClientError::Unreachable(_)) => 3,
            Self::Client(ClientError::NeedsLogin) | Self::Handset(HandsetError::Replica(ReplicaError::NotEnrolled)) => {
                4
            }
            Self::Client(ClientError::Problem(_) | ClientError::Answer(_)) => 5,
            Self::Handset(HandsetError::Store(_)) => 6,
            Self::Client(ClientError::HeldByAnother { .. }) | Self::Handset(HandsetError::Unsent { .. }) => 7,
            Self::Client(_) | Self::Handset(_) | Self::File(..) | Self::Said(..) => 1,
        }
    }

    pub fn message(&self, language: Language) -> String {
        let say = |text: Text, words: &[&str]| fill(language, text, words);
        match self {
            Self::Said(text, words) => say(*text, &words.iter().map(String::as_str).collect::<Vec<_>>()),
            Self::File(path, error) => say(Text::FileFails, &[&path.display().to_string(), &error.to_string()]),
            Self::Client(error) => client(language, error),
            Self::Handset(HandsetError::Store(StoreError::InUse)) => say(Text::FolderInUse, &[]),
            Self::Handset(HandsetError::Store(error)) => say(Text::StoreFails, &[&error.to_string()]),
            Self::Handset(HandsetError::Unsent { changes, photos }) => {
                say(Text::LogoutUnsent, &[&changes.to_string(), &photos.to_string()])
            }
            Self::Handset(HandsetError::Replica(error)) => replica(language, error),
        }
    }
}

fn client(language: Language, error: &ClientError) -> String {
    let say = |text: Text, words: &[&str]| fill(language, text, words);
    match error {
        ClientError::Unreachable(why) => say(Text::Unreachable, &[unreachable(language, why)]),
        ClientError::NeedsLogin => say(Text::NeedsLogin, &[]),
        ClientError::Problem(body) => {
            let mut lines = vec![body.title.clone()];
            lines.extend(body.detail.clone());
            // Logging in makes a new phone of one on which nothing is unsent, so this one holds something.
            lines.extend((body.slug == Kind::DeviceRevoked).then(|| say(Text::RevokedUnsent, &[])));
            lines.extend(body.errors.iter().map(|error| match language {
                Language::Chinese => format!("  {} {}", error.at, error.zh),
                Language::English => format!("  {} {}", error.at, error.en),
            }));
            lines.join("\n")
        }
        ClientError::HeldByAnother { login, server } => say(Text::HeldByAnother, &[login, server]),
        ClientError::Answer(why) => say(Text::AnswerUnreadable, &[why]),
        ClientError::Address(why) => say(Text::AddressBad, &[why]),
        ClientError::Handset(error) => error.to_string(),
    }
}

/// What the system says of a line that does not stand is English; the rest is the server's, or a proxy's.
fn unreachable(language: Language, why: &str) -> &str {
    const SAID: [(&str, &str); 7] = [
        ("refused", "连接被拒绝"),
        ("timed out", "超时"),
        ("unreachable", "没有网络"),
        ("lookup", "找不到这个地址"),
        ("resolve", "找不到这个地址"),
        ("reset", "连接中断"),
        ("closed", "连接中断"),
    ];
    if language == Language::English || why.starts_with("HTTP ") {
        return why;
    }
    let known = SAID.iter().find(|(en, _)| why.to_lowercase().contains(en));
    known.map_or("网络异常", |(_, zh)| *zh)
}

fn replica(language: Language, error: &ReplicaError) -> String {
    let say = |text: Text, words: &[&str]| fill(language, text, words);
    match error {
        ReplicaError::Gate(violations) => {
            let lines = violations.iter().map(|violation| match language {
                Language::Chinese => violation.zh.as_str(),
                Language::English => violation.en.as_str(),
            });
            std::iter::once(say(Text::NotYet, &[]))
                .chain(lines.map(|line| format!("  · {line}")))
                .collect::<Vec<_>>()
                .join("\n")
        }
        ReplicaError::Gone(reason) => say(Text::JobGone, &[gone(language, *reason)]),
        ReplicaError::NotEnrolled => say(Text::NotEnrolled, &[]),
        ReplicaError::NotHeld(job) => say(Text::JobUnknown, &[&job.to_string()]),
        ReplicaError::Write(WriteError::Nothing) => say(Text::NothingChanged, &[]),
        ReplicaError::Write(error) => say(Text::WriteFails, &[&error.to_string()]),
        ReplicaError::Unreadable { .. } => say(Text::StoreFails, &[&error.to_string()]),
        ReplicaError::NotImportable(why) => say(Text::ImportUnreadable, &[why]),
    }
}

/// Why a job left this phone's hands.
pub fn gone(language: Language, reason: schema::wire::GoneReason) -> &'static str {
    use schema::wire::GoneReason;
    let text = match reason {
        GoneReason::Reassigned => Text::GoneReassigned,
        GoneReason::Cancelled => Text::GoneCancelled,
        GoneReason::Closed => Text::GoneClosed,
    };
    text.get(language)
}

/// A field of the report as people say it.
pub fn field_name(language: Language, field: ReportField) -> &'static str {
    let text = match field {
        ReportField::Name => Text::FieldName,
        ReportField::Phone => Text::FieldPhone,
        ReportField::Address => Text::FieldAddress,
        ReportField::Fault => Text::FieldFault,
        ReportField::Product => Text::FieldProduct,
        ReportField::Model => Text::FieldModel,
        ReportField::Serial => Text::FieldSerial,
        ReportField::PurchasedOn => Text::FieldPurchasedOn,
        ReportField::Wanted => Text::FieldWanted,
        ReportField::Urgency => Text::FieldUrgency,
        ReportField::Skill => Text::FieldSkill,
        ReportField::Area => Text::FieldArea,
    };
    text.get(language)
}
