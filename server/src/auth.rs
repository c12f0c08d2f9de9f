//! Who is asking, and may they. A handler's signature shows what it needs: `May<Dispatch>` is a caller whose role may dispatch.

pub mod address;
pub mod cookie;
pub mod keys;
pub mod password;
pub mod token;

use crate::auth::token::Bearer;
use crate::db::feed::FeedEnd;
use crate::db::sessions::Standing;
use crate::db::{Conn, Many, sessions};
use crate::problem::ApiError;
use crate::state::State;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use schema::binary::PublicKey;
use schema::id::{DeviceId, OutletId, PersonId, SessionId};
use schema::people::{Language, Permission, Role};
use schema::problem::{Kind, Problem};
use std::collections::HashMap;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;

/// A person with a live session.
#[derive(Debug, Clone)]
pub struct Caller {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub outlet: OutletId,
    pub session: SessionId,
    /// The phone, where the log-in came from one.
    pub device: Option<DeviceId>,
    pub language: Language,
}

impl Caller {
    pub fn require(&self, permission: Permission) -> Result<(), Problem> {
        if self.role.may(permission) { Ok(()) } else { Err(Problem::new(Kind::Forbidden)) }
    }

    /// Another outlet's things are "not found": an answer says nothing about what exists there.
    pub fn require_outlet(&self, outlet: OutletId) -> Result<(), Problem> {
        let sees = outlet == self.outlet || self.role.may(Permission::SeeAllOutlets);
        if sees { Ok(()) } else { Err(Problem::new(Kind::NotFound)) }
    }

    /// The outlet that lists are narrowed to; none for roles that see them all.
    pub fn outlet_filter(&self) -> Option<OutletId> {
        if self.role.may(Permission::SeeAllOutlets) { None } else { Some(self.outlet) }
    }
}

/// A permission as a type.
pub trait Needs {
    const PERMISSION: Permission;
}

macro_rules! needs {
    ($($name:ident),+ $(,)?) => {$(
        pub struct $name;
        impl Needs for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}

needs!(
    ManagePeople,
    ManagePriceList,
    PublishTemplates,
    ReadJobs,
    ReadCustomers,
    KeepCustomers,
    TakeReport,
    Dispatch,
    AmendJobs,
    CloseJobs,
    QuoteJobs,
    PriceOffList,
    AnswerQuestions,
    RecordConsent,
    Waive,
    FollowUp,
    CarryPhone,
    InviteCustomer,
    ReadQuarantine,
    ExportEvidence,
    JudgeBreach,
    TakeEscalations,
    RuleMatters,
    RevokeDevice,
);

/// A caller whose role may do `P`.
pub struct May<P>(pub Caller, PhantomData<P>);

impl<P> Deref for May<P> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.0
    }
}

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// The caller's token is ours and has not run out. Whether the session still holds is [`admit`]'s question.
pub struct TokenHolder(pub Bearer);

impl FromRequest for TokenHolder {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<State>().cloned();
        let token = bearer_token(request).map(str::to_owned);
        Box::pin(async move {
            let state = state.ok_or_else(|| Problem::internal("no state in this application"))?;
            let token = token.ok_or_else(|| Problem::new(Kind::Unauthenticated))?;
            Ok(Self(state.keys.check(&state.db, &token, state.now()).await?))
        })
    }
}

fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { Some(token.trim()) } else { None }
}

/// Who holds the token, as the database knows them now.
pub fn admit(conn: &mut Conn, bearer: Bearer) -> Result<SyncCaller, Problem> {
    admit_all(conn, &[bearer])?.pop().unwrap_or_else(|| Err(Problem::new(Kind::SessionEnded)))
}

/// The same for many in one query: one answer each, in their order.
pub fn admit_all(conn: &mut Conn, bearers: &[Bearer]) -> Many<SyncCaller> {
    let ids: Vec<SessionId> = bearers.iter().map(|bearer| bearer.session).collect();
    let standings = sessions::list_standings(conn, &ids)?;
    let by_session: HashMap<SessionId, &Standing> = standings.iter().map(|one| (one.session, one)).collect();
    let admitted = |bearer: &Bearer| {
        let standing = by_session.get(&bearer.session).filter(|standing| standing.person == bearer.person);
        admit_by(*bearer, standing.ok_or_else(|| Problem::new(Kind::SessionEnded))?)
    };
    Ok(bearers.iter().map(admitted).collect())
}

fn admit_by(bearer: Bearer, standing: &Standing) -> Result<SyncCaller, Problem> {
    if standing.ended_at.is_some() {
        return Err(Problem::new(Kind::SessionEnded));
    }
    let device_revoked = standing.device_revoked_at.is_some();
    // A phone's late pushes are quarantined even when its owner has left; nothing else is for them.
    if standing.disabled_at.is_some() && !device_revoked {
        return Err(Problem::new(Kind::SessionEnded));
    }
    let caller = Caller {
        person: bearer.person,
        name: standing.name.clone(),
        role: standing.role,
        outlet: standing.outlet,
        session: bearer.session,
        device: bearer.device,
        language: standing.language,
    };
    let feed = FeedEnd { seq: standing.feed_seq, digest: standing.feed_digest };
    Ok(SyncCaller { caller, device_revoked, device_key: standing.device_key, feed })
}

/// A phone that syncs. A revoked one may still hand in what it wrote: that goes to quarantine, and it gets nothing.
#[derive(Debug, Clone)]
pub struct SyncCaller {
    pub caller: Caller,
    pub device_revoked: bool,
    /// None: the log-in did not come from a phone.
    pub device_key: Option<PublicKey>,
    pub feed: FeedEnd,
}

impl SyncCaller {
    /// For everything but the sync.
    pub fn unless_revoked(self) -> Result<Caller, Problem> {
        if self.device_revoked { Err(Problem::new(Kind::DeviceRevoked)) } else { Ok(self.caller) }
    }
}

impl FromRequest for SyncCaller {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<State>().cloned();
        let holder = TokenHolder::from_request(request, payload);
        Box::pin(async move {
            let state = state.ok_or_else(|| Problem::internal("no state in this application"))?;
            let TokenHolder(bearer) = holder.await?;
            Ok(state.db.read(move |conn| admit(conn, bearer)).await?)
        })
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = SyncCaller::from_request(request, payload);
        Box::pin(async move { Ok(caller.await?.unless_revoked()?) })
    }
}

impl<P: Needs> FromRequest for May<P> {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        Box::pin(async move {
            let caller = caller.await?;
            caller.require(P::PERMISSION)?;
            Ok(Self(caller, PhantomData))
        })
    }
}
