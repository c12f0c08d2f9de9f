//! Who is asking, and may they. A handler's signature shows what it needs: `May<Dispatch>` is a caller whose role may dispatch.

use crate::problem::ApiError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use schema::id::{DeviceId, OutletId, PersonId, SessionId};
use schema::people::{Language, Permission, Role};
use schema::problem::{Kind, Problem};
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
    ReadJobs,
    ReadCustomers,
    TakeReport,
    Dispatch,
    PriceOffList,
    RecordConsent,
    Waive,
    FollowUp,
    CarryPhone,
    InviteCustomer,
    ReadQuarantine,
    ExportEvidence,
    JudgeBreach,
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

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Extracted<Self>;

    fn from_request(_request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(async move { Err(ApiError(Problem::new(Kind::Unauthenticated))) })
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
