//! Customers: who calls us, where they live, and how much of them an answer shows.

use crate::id::{CustomerId, OutletId};
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// A clock's length may depend on it.
    CustomerClass {
        /// 普通用户
        Ordinary = "ordinary",
        /// 重点用户
        Key = "key",
        /// 签约用户: has a service contract.
        Contract = "contract",
    }
}

/// `POST /v1/customers`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCustomer {
    pub name: String,
    pub phone: String,
    pub address: String,
    #[serde(default)]
    pub class: Option<CustomerClass>,
    /// Millionths of a degree, WGS 84; both or none.
    #[serde(default)]
    pub latitude_e6: Option<i64>,
    #[serde(default)]
    pub longitude_e6: Option<i64>,
    #[serde(default)]
    pub refuses_calls: bool,
}

/// `PATCH /v1/customers/{id}`: what is named is changed, the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PatchCustomer {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub class: Option<CustomerClass>,
    /// Both or none.
    #[serde(default)]
    pub latitude_e6: Option<i64>,
    #[serde(default)]
    pub longitude_e6: Option<i64>,
    #[serde(default)]
    pub refuses_calls: Option<bool>,
}

/// A customer as the reader may see them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Customer {
    pub id: CustomerId,
    pub outlet: OutletId,
    pub name: String,
    /// With its middle hidden (`138****5678`) in lists, and where the reader's role has no need of it.
    pub phone: String,
    pub phone_is_masked: bool,
    pub address: String,
    pub class: CustomerClass,
    pub latitude_e6: Option<i64>,
    pub longitude_e6: Option<i64>,
    pub refuses_calls: bool,
    pub created_at: Timestamp,
}
