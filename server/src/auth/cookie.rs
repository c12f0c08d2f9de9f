//! The refresh token of a browser's log-in: in a cookie that no script reads, and that goes back to one address alone.
//!
//! A browser sends cookies also with what other pages make it ask. `SameSite=Strict` rules that out for other sites, but other ports and
//! other names below one domain count as the same site; so the page that asks must show itself to be one of ours, by `Origin`, which the
//! browser writes and no script can.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{Uri, header};
use schema::problem::{Kind, Problem};
use std::net::IpAddr;

/// Where the cookie is sent to: the refresh operation.
const PATH: &str = "/v1/sessions/refresh";

/// A page of this server that asks, as its browser says.
#[derive(Debug, Clone, Copy)]
pub struct OwnPage {
    is_secure: bool,
}

impl OwnPage {
    /// Refused: other sites' pages, programs that are no browser, and pages that came unencrypted over a network.
    pub fn asking(request: &HttpRequest, public_url: &str) -> Result<Self, Problem> {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let foreign = || {
            let en =
                "Only this server's own pages keep a log-in in a cookie; others carry the refresh token in the body";
            Problem::because(Kind::Forbidden, "仅限本系统页面使用；其他程序请在请求体中携带刷新令牌", en)
        };
        let origin: Uri = text(header::ORIGIN).and_then(|origin| origin.parse().ok()).ok_or_else(foreign)?;
        let (scheme, authority) = origin.scheme_str().zip(origin.authority()).ok_or_else(foreign)?;
        let public: Option<Uri> = public_url.parse().ok();
        let is_own = match public.as_ref().filter(|public| public.authority() == Some(authority)) {
            Some(public) => public.scheme_str() == Some(scheme),
            // Reached under another name; whoever wrote the foreign page can't choose where its browser's requests say they go.
            None => text(header::HOST) == Some(authority.as_str()),
        };
        let said = request.headers().get("sec-fetch-site").map(|value| value.as_bytes());
        if !is_own || said.is_some_and(|said| said != b"same-origin") {
            return Err(foreign());
        }
        let is_secure = scheme == "https";
        if !is_secure && !is_loopback(authority.host()) {
            let en = "Please open this page by https: without it the log-in could be read on its way";
            return Err(Problem::because(
                Kind::Forbidden,
                "请通过 https 打开本页面，否则登录信息可能在传输中被读取",
                en,
            ));
        }
        Ok(Self { is_secure })
    }

    /// The prefix makes browsers refuse a cookie of this name that came unencrypted.
    fn name(self) -> &'static str {
        if self.is_secure { "__Secure-refresh" } else { "refresh" }
    }

    pub fn token(self, request: &HttpRequest) -> Option<String> {
        request.cookie(self.name()).map(|cookie| cookie.value().to_owned())
    }

    pub fn keep(self, token: String, days: i64) -> Cookie<'static> {
        let cookie = Cookie::build(self.name(), token).path(PATH).http_only(true).same_site(SameSite::Strict);
        cookie.secure(self.is_secure).max_age(Duration::days(days)).finish()
    }

    pub fn forget(self) -> Cookie<'static> {
        self.keep(String::new(), 0)
    }
}

/// What goes there never leaves the machine.
fn is_loopback(host: &str) -> bool {
    let address: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}
