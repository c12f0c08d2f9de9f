//! What phones need to know beside their jobs: checklists and the price list, so that a quote can be made in a cellar.

use crate::money::Currency;
use crate::people::Bilingual;
use crate::record::ItemKind;
use crate::template::Template;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What [`Reference::versions`] calls the digest of the checklists that come with the product, 53 bits of it. One of another release may hold
/// something else under the same version; a phone that knows nothing of it passes over the name.
pub const SHIPPED: &str = "shipped";

/// `GET /v1/reference`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reference {
    /// Newest version by kind, as in [`crate::wire::SyncResponse::reference`].
    pub versions: BTreeMap<String, i64>,
    /// What comes with the product, the newest version of each, and what jobs that are not over began with.
    pub templates: Vec<Template>,
    /// The list in force; none before the first was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_list: Option<PriceList>,
}

/// A price list (维修项目收费标准), whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceList {
    pub version: i64,
    pub name: String,
    pub currency: Currency,
    pub items: Vec<PriceItem>,
}

/// One item of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceItem {
    pub code: String,
    pub name: Bilingual,
    pub unit: String,
    pub kind: ItemKind,
    pub price_minor: i64,
    /// The work can destroy data: the customer signs a backup consent before it begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub destroys_data: bool,
    /// Set-up of software, free or charged by how long ago the product was installed ([`crate::setup`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub setup: bool,
    /// What a scanner reads off the part ([`crate::barcode`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
}

impl PriceList {
    /// The item of this code that holds at this moment.
    pub fn item(&self, code: &str, at: Timestamp) -> Option<&PriceItem> {
        let holds = |item: &&PriceItem| {
            item.code == code && item.valid_from.is_none_or(|from| from <= at) && item.valid_to.is_none_or(|to| at < to)
        };
        self.items.iter().find(holds)
    }
}
