//! A desk that takes one report after the other, each sent with the same key until it is answered.

use super::house::House;
use super::ledger::{Ledger, one_more};
use crate::person::PASSWORD;
use schema::id::ReportId;
use schema::people::Role;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub(super) struct Desk {
    url: String,
    token: String,
    client: reqwest::Client,
    ledger: Arc<Ledger>,
}

/// The answer's fields that count here.
#[derive(serde::Deserialize)]
struct Taken {
    id: ReportId,
}

impl Desk {
    pub async fn open(house: &House, ledger: &Arc<Ledger>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = json!({"login": house.login_of(Role::DeskAgent), "password": PASSWORD});
        let answer = client.post(format!("{}/v1/sessions", house.url)).json(&body).send().await.unwrap();
        let tokens: Value = answer.json().await.unwrap();
        let token = tokens.get("access_token").and_then(Value::as_str).unwrap().to_owned();
        Self { url: house.url.clone(), token, client, ledger: Arc::clone(ledger) }
    }

    /// Until the ledger is closed; how many reports were answered.
    pub async fn live(self) -> u64 {
        let mut answered = 0;
        while !self.ledger.is_closed() {
            self.take(answered).await;
            answered += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        answered
    }

    /// Until it is answered.
    async fn take(&self, number: u64) {
        let body = json!({
            "class": "B", "channel": "phone", "name": "王芳", "phone": format!("138{number:08}"),
            "address": format!("幸福路 {number} 号"), "fault": "厨房水管渗水", "repeated_back": true,
        });
        loop {
            let asking = self.client.post(format!("{}/v1/reports", self.url)).bearer_auth(&self.token);
            let asked = asking.header("idempotency-key", format!("report-{number}")).json(&body).send().await;
            match asked {
                Ok(answer) if answer.status() == 201 => {
                    // The body may be cut off: then the same key is answered again.
                    if let Ok(Taken { id }) = answer.json().await {
                        return self.ledger.report(id);
                    }
                }
                Ok(answer) if answer.status() == 503 => one_more(&self.ledger.busy),
                Ok(answer) if answer.status() == 502 => one_more(&self.ledger.cut),
                Ok(answer) => {
                    let said = format!("the desk was told {}: {:?}", answer.status(), answer.text().await);
                    self.ledger.complain(said);
                }
                Err(_) => one_more(&self.ledger.cut),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
