//! The table of errors as users and clients meet them. Bodies are RFC 9457 `application/problem+json`; the slug is the stable
//! name, the title and detail are sentences in the reader's language, and `client` says what a program does next.

use crate::people::Language;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a client does about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Send the same again, later.
    Retry,
    /// Get a new access token, then send the same again.
    Reauthenticate,
    /// Exchange heads, then go on.
    Resync,
    /// Do not send it again; tell the user.
    GiveUp,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $kind:ident = $slug:tt, $status:literal, $remedy:ident, $zh:literal, $en:literal;)+) => {
        /// Every kind of problem there is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Kind { $($(#[$doc])* #[serde(rename = $slug)] $kind),+ }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];
            pub const fn slug(self) -> &'static str { match self { $(Self::$kind => $slug),+ } }
            pub const fn status(self) -> u16 { match self { $(Self::$kind => $status),+ } }
            pub const fn remedy(self) -> Remedy { match self { $(Self::$kind => Remedy::$remedy),+ } }
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$kind, Language::Chinese) => $zh, (Self::$kind, Language::English) => $en),+
                }
            }
        }
    };
}

problems! {
    // The request itself.
    BadRequest = "bad_request", 400, GiveUp, "请求格式不正确", "The request could not be read";
    InvalidField = "invalid_field", 422, GiveUp, "有内容填写不正确", "A field is not filled in correctly";
    NotFound = "not_found", 404, GiveUp, "没有找到", "There is no such thing here";
    MethodNotAllowed = "method_not_allowed", 405, GiveUp, "此地址不支持该操作", "This address does not take that method";
    TooLarge = "too_large", 413, GiveUp, "内容太大", "The request is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, GiveUp, "不支持的内容格式", "This kind of content is not taken here";
    TooManyRequests = "too_many_requests", 429, Retry, "操作太频繁，请稍后再试", "Too many tries; wait a little";
    IdempotencyConflict = "idempotency_conflict", 409, GiveUp, "同一个 Idempotency-Key 已用于不同的内容", "This Idempotency-Key was used for another request";
    // Who is asking.
    BadCredentials = "bad_credentials", 401, GiveUp, "用户名或密码不正确", "The log-in name or the password is wrong";
    Unauthenticated = "unauthenticated", 401, Reauthenticate, "请先登录", "Log in first";
    TokenExpired = "token_expired", 401, Reauthenticate, "登录已过期，请刷新", "The access token has run out";
    SessionEnded = "session_ended", 401, GiveUp, "登录已结束，请重新登录", "This session has ended; log in again";
    DeviceRevoked = "device_revoked", 403, GiveUp, "此设备已停用", "This device has been revoked";
    Forbidden = "forbidden", 403, GiveUp, "您的岗位没有这项权限", "Your role may not do this";
    LinkInvalid = "link_invalid", 404, GiveUp, "链接无效或已过期，请联系客服", "This link is not valid any more; please call us";
    // The state of things.
    Conflict = "conflict", 409, GiveUp, "与现有数据冲突", "This conflicts with what is there";
    Stale = "stale", 409, Retry, "内容已被他人更新，请重新查看后再试", "Somebody changed this meanwhile; look again, then retry";
    NotDispatchable = "not_dispatchable", 409, GiveUp, "资料不全，不能派工", "Data is missing; the job can't be dispatched";
    JobClosed = "job_closed", 409, GiveUp, "工单已结束", "The job is closed or cancelled";
    GateClosed = "gate_closed", 409, GiveUp, "步骤次序不允许", "A rule of the checklist does not allow this yet";
    QuoteChanged = "quote_changed", 409, GiveUp, "报价已变更，请重新确认", "The quote has changed since it was shown";
    SheetChanged = "sheet_changed", 409, GiveUp, "单据内容已变更，请重新查看后签字", "The sheet has changed since it was shown; look again before signing";
    // Sync.
    ProtocolUnknown = "protocol_unknown", 400, GiveUp, "客户端版本不受支持，请更新", "This version of the protocol is not spoken here; update the app";
    ResyncNeeded = "resync_needed", 409, Resync, "需要重新核对数据", "Phone and server must compare what they hold";
    SignatureInvalid = "signature_invalid", 400, GiveUp, "设备签名不正确", "The device's signature does not fit what was sent";
    // Photos. An upload that can't go on as it is: `Retry` begins by asking where it stands, or anew.
    UploadOffset = "upload_offset", 409, Retry, "上传位置不一致，请先查询已收到的字节数", "The upload stands at another byte; ask where, then go on";
    UploadGone = "upload_gone", 410, Retry, "上传已过期或已取消，请重新上传", "This upload has expired or was given up; start anew";
    UploadsMany = "uploads_many", 429, Retry, "未完成的上传太多，请先完成或取消", "Too many uploads are unfinished; finish or cancel one first";
    ChecksumMismatch = "checksum_mismatch", 460, Retry, "校验和不符，这一段没有收下", "The checksum does not fit; this part was not taken";
    ChecksumUnknown = "checksum_unknown", 400, GiveUp, "不支持该校验算法", "This checksum algorithm is not known here";
    TusVersionUnknown = "tus_version_unknown", 412, GiveUp, "不支持该 tus 协议版本", "This version of the tus protocol is not spoken here";
    PhotoMismatch = "photo_mismatch", 422, Retry, "照片内容与记录的 SHA-256 不符，未予保存，请重新上传", "The bytes are not those of the SHA-256 in the record; nothing was kept, send them again";
    PhotoRefused = "photo_refused", 422, GiveUp, "照片尺寸超出限制，不予保存", "The picture's dimensions are beyond the limit; it is not kept";
    RangeUnsatisfiable = "range_unsatisfiable", 416, GiveUp, "所请求的字节范围不存在", "There is no such range of bytes";
    PhotosMany = "photos_many", 413, GiveUp, "此工单的照片总量已达上限", "This job's photos have reached their limit";
    // Ours.
    Busy = "busy", 503, Retry, "服务器繁忙，请稍后再试", "The server is busy; try again shortly";
    Internal = "internal", 500, Retry, "服务器出错", "Something went wrong on the server";
}

/// A problem on its way to the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub kind: Kind,
    /// What exactly, in the reader's language where it is known: (zh, en).
    pub detail: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// Fields or rows that are wrong, each with its own reason.
    pub errors: Vec<FieldError>,
    /// Seconds to wait, with `Busy` and `TooManyRequests`.
    pub retry_after_s: Option<u32>,
    /// For the log, never for the user.
    pub cause: Option<String>,
}

/// One field, row or rule that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer, row (`row 17, column price`) or rule.
    pub at: String,
    pub zh: String,
    pub en: String,
}

/// The body of an error, RFC 9457.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemBody {
    /// `/problems/<slug>`.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub slug: Kind,
    pub client: Remedy,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    pub fn new(kind: Kind) -> Self {
        Self { kind, detail: None, errors: Vec::new(), retry_after_s: None, cause: None }
    }

    /// A problem with a sentence that says what exactly.
    pub fn because(kind: Kind, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some((zh.into(), en.into())), ..Self::new(kind) }
    }

    /// One field is wrong.
    pub fn field(at: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let error = FieldError { at: at.to_owned(), zh: zh.into(), en: en.into() };
        Self { errors: vec![error], ..Self::new(Kind::InvalidField) }
    }

    /// Ours, not the user's; `cause` goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Kind::Internal) }
    }

    pub fn busy(retry_after_s: u32) -> Self {
        Self { retry_after_s: Some(retry_after_s), ..Self::new(Kind::Busy) }
    }

    pub fn body(&self, language: Language, request_id: Option<String>) -> ProblemBody {
        let detail = self.detail.as_ref().map(|(zh, en)| match language {
            Language::Chinese => zh.to_string(),
            Language::English => en.to_string(),
        });
        ProblemBody {
            r#type: format!("/problems/{}", self.kind.slug()),
            title: self.kind.title(language).to_owned(),
            status: self.kind.status(),
            detail,
            slug: self.kind,
            client: self.kind.remedy(),
            errors: self.errors.clone(),
            request_id,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.slug())?;
        if let Some((_, en)) = &self.detail {
            write!(f, ": {en}")?;
        }
        for error in &self.errors {
            write!(f, "; {}: {}", error.at, error.en)?;
        }
        if let Some(cause) = &self.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
