//! Prices of what is not on the list: asked of the engineering supervisor, who answers within minutes. It takes a network, and nothing of it is
//! kept: a price counts once it stands in a quote.

use super::http::Call;
use super::{Client, ClientError, Clocks};
use crate::handset::Handset;
use crate::store::Store;
use reqwest::Method;
use schema::id::JobId;
use schema::page::Page;
use schema::price_request::{CreatePriceRequest, PriceRequest};

impl Client {
    /// Asks for the feasibility and the price of something.
    pub async fn ask_price<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        job: JobId,
        text: &str,
    ) -> Result<PriceRequest, ClientError> {
        let key: String = clocks.random().iter().map(|byte| format!("{byte:02x}")).collect();
        let body = CreatePriceRequest { text: text.to_owned() };
        let call = Call::new(Method::POST, format!("/v1/jobs/{job}/price-requests"), None).with_json(&body)?;
        self.in_session(handset, clocks, call.with_header("idempotency-key", key).harmless_twice()).await?.json()
    }

    /// What was asked for a job so far, and what was answered.
    pub async fn price_requests<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        job: JobId,
    ) -> Result<Vec<PriceRequest>, ClientError> {
        let call = Call::new(Method::GET, format!("/v1/jobs/{job}/price-requests"), None).harmless_twice();
        let page: Page<PriceRequest> = self.in_session(handset, clocks, call).await?.json()?;
        Ok(page.items)
    }
}
