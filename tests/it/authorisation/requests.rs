//! What each operation is asked with: real ids, a body that is right, and what a full answer names.

use super::callers::Caller;
use super::grounds::Grounds;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An id, a hash and a token that nothing has.
const NO_ENTRY: &str = "zzzzzzzzzzzzzzzz";
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const NO_LINK: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// How one operation is asked.
#[derive(Default)]
pub struct Ask {
    /// What stands in the path, in its order; a link's token is the caller's own.
    pub path: Vec<String>,
    query: &'static str,
    body: Option<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
    /// What the answer names, where the caller may know of it.
    pub shows: Option<String>,
    /// It ends the caller's log-in, or one of their links: they use another.
    ends: Option<usize>,
}

impl Ask {
    fn of(ids: &[&str]) -> Self {
        Self { path: ids.iter().map(|id| (*id).to_owned()).collect(), ..Self::default() }
    }

    fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    fn body(mut self, kind: &'static str, body: String) -> Self {
        self.body = Some((kind, body));
        self
    }

    fn form(self, fields: &[(&str, &str)]) -> Self {
        let encoded = reqwest::Url::parse_with_params("http://server", fields).unwrap();
        self.body("application/x-www-form-urlencoded", encoded.query().unwrap_or("").to_owned())
    }

    fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    fn shows(mut self, what: &str) -> Self {
        self.shows = Some(what.to_owned());
        self
    }

    fn ends(mut self, which: usize) -> Self {
        self.ends = Some(which);
        self
    }

    /// The request of this caller.
    pub fn request(&self, client: &reqwest::Client, url: &str, operation: &str, caller: &Caller) -> RequestBuilder {
        let (method, template) = operation.split_once(' ').unwrap();
        let link = caller.link.as_ref().map_or(NO_LINK, |links| match self.ends {
            Some(which) => links.ended[which].as_str(),
            None => links.held.as_str(),
        });
        let mut ids = self.path.iter().map(String::as_str);
        let parts: Vec<&str> = template
            .split('/')
            .map(|part| match part {
                "{token}" => link,
                part if part.starts_with('{') => ids.next().unwrap_or_else(|| panic!("{operation}: no {part}")),
                part => part,
            })
            .collect();
        assert_eq!(ids.next(), None, "{operation} takes fewer ids");
        let path = parts.join("/");
        let mut request =
            client.request(Method::from_bytes(method.as_bytes()).unwrap(), format!("{url}{path}{}", self.query));
        let spare = caller.spare.as_ref().filter(|_| self.ends.is_some());
        if let Some(token) = spare.or(caller.token.as_ref()) {
            request = request.bearer_auth(token);
        }
        if let Some((kind, body)) = &self.body {
            request = request.header("content-type", *kind).body(body.clone());
        }
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }
}

/// Every operation that we know how to ask.
pub fn asks(grounds: &Grounds) -> BTreeMap<&'static str, Ask> {
    let rooms = [everybodys, accounts, staff, reports, prices, jobs, decisions, money, customers, inbox, photos];
    rooms.into_iter().flat_map(|room| room(grounds)).collect()
}

type Asks = Vec<(&'static str, Ask)>;

fn everybodys(_: &Grounds) -> Asks {
    vec![
        ("GET /health", Ask::default()),
        ("GET /metrics", Ask::default()),
        ("GET /.well-known/jwks.json", Ask::default()),
        ("GET /.well-known/receipt-keys.json", Ask::default()),
        ("GET /c/assets/sign.js", Ask::default()),
        ("GET /c/assets/customer.css", Ask::default()),
        ("OPTIONS /v1/uploads", Ask::default()),
        ("GET /v1/fault-classes", Ask::default()),
        ("GET /v1/outlet-defaults", Ask::default()),
        ("GET /v1/reference", Ask::default()),
        ("GET /v1/templates", Ask::default()),
        ("GET /v1/templates/{id}/{version}", Ask::of(&["home_repair", "1"])),
        ("POST /v1/templates", Ask::default().json(json!({}))),
        ("POST /v1/templates/check", Ask::default().json(json!({}))),
        ("GET /v1/feed", Ask::default()),
    ]
}

fn accounts(g: &Grounds) -> Asks {
    let nameless = json!({"name": "", "public_key": NO_HASH});
    vec![
        ("POST /v1/sessions", Ask::default().json(json!({"login": "x", "password": "x", "device": nameless}))),
        ("POST /v1/sessions/refresh", Ask::default().json(json!({"refresh_token": "x", "signature": "x"}))),
        ("GET /v1/sessions", Ask::default()),
        ("DELETE /v1/sessions/current", Ask::default().ends(0)),
        ("DELETE /v1/sessions/{id}", Ask::of(&[g.id("session")])),
        ("GET /v1/me", Ask::default()),
        ("PUT /v1/me/password", Ask::default().json(json!({"old": "x", "new": "x"}))),
    ]
}

fn staff(g: &Grounds) -> Asks {
    let (person, outlet) = (g.id("technician"), g.id("outlet"));
    let hired =
        json!({"outlet_id": outlet, "login": "x1", "password": "x", "name": "x", "phone": "", "role": "technician"});
    vec![
        ("GET /v1/people", Ask::default().query("?limit=200").shows(person)),
        ("POST /v1/people", Ask::default().json(hired)),
        ("GET /v1/people/{id}", Ask::of(&[person]).shows(person)),
        ("PATCH /v1/people/{id}", Ask::of(&[person]).json(json!({})).shows(person)),
        ("GET /v1/people/{id}/devices", Ask::of(&[person]).shows(g.id("device"))),
        ("DELETE /v1/devices/{id}", Ask::of(&[g.id("spare")])),
        ("GET /v1/outlets", Ask::default().shows(outlet)),
        ("POST /v1/outlets", Ask::default().json(json!({"code": "01", "name": "x", "phone": "021-55500000"}))),
        ("GET /v1/outlets/{id}", Ask::of(&[outlet]).shows(outlet)),
        ("PATCH /v1/outlets/{id}", Ask::of(&[outlet]).json(json!({})).shows(outlet)),
        ("GET /v1/customers", Ask::default().query("?limit=200").shows(g.id("customer"))),
        ("POST /v1/customers", Ask::default().json(json!({"name": "x", "phone": "13900000000", "address": "x"}))),
        ("GET /v1/customers/{id}", Ask::of(&[g.id("customer")]).shows(g.id("customer"))),
        ("PATCH /v1/customers/{id}", Ask::of(&[g.id("customer")]).json(json!({})).shows(g.id("customer"))),
    ]
}

fn reports(g: &Grounds) -> Asks {
    let (report, asked, question) = (g.id("report"), g.id("asked"), g.id("question"));
    let (text, answered, solved) = (json!({"text": "好了"}), g.id("answered"), g.id("solved"));
    let promise = json!({"text": "回电", "due_at": "2030-01-01T00:00:00Z", "report": report});
    // Nobody has it: to take it from somebody is refused, and so no caller changes what the next one finds.
    let unseen = json!({"remark": "x", "from": g.id("agent")});
    vec![
        ("GET /v1/reports", Ask::default().query("?limit=200").shows(report)),
        ("POST /v1/reports", Ask::default().json(json!({"class": "D", "channel": "phone", "fault": "x"}))),
        ("GET /v1/reports/{id}", Ask::of(&[report]).shows(report)),
        ("PATCH /v1/reports/{id}", Ask::of(&[report]).json(json!({"repeated_back": true})).shows(report)),
        ("POST /v1/reports/{id}/repeat", Ask::of(&[asked]).json(json!({"of": report, "verdict": "new"})).shows(asked)),
        ("POST /v1/reports/{id}/solve-remotely", Ask::of(&[solved]).json(text.clone()).shows(solved)),
        ("POST /v1/reports/{id}/answer", Ask::of(&[answered]).json(text).shows(answered)),
        ("POST /v1/reports/{id}/owner", Ask::of(&[report]).json(json!({"person": g.id("agent")})).shows(report)),
        ("POST /v1/reports/{id}/job", Ask::of(&[report])),
        ("GET /v1/reports/{report}/questions", Ask::of(&[asked]).shows(question)),
        ("POST /v1/reports/{report}/questions", Ask::of(&[asked]).json(json!({"text": "x"})).shows(asked)),
        ("GET /v1/questions", Ask::default().query("?limit=200").shows(question)),
        ("POST /v1/questions/{id}/answer", Ask::of(&[question]).json(json!({"text": "别的"}))),
        ("POST /v1/questions/{id}/told", Ask::of(&[question]).shows(question)),
        ("GET /v1/escalations", Ask::default().query("?limit=200").shows(g.id("escalation"))),
        ("GET /v1/waiting", Ask::default()),
        ("POST /v1/escalations/{id}/take", Ask::of(&[g.id("escalation")]).json(unseen)),
        ("GET /v1/promises", Ask::default().query("?limit=200").shows(g.id("promise"))),
        ("POST /v1/promises", Ask::default().json(promise).shows(report)),
        ("POST /v1/promises/{id}/keep", Ask::of(&[g.id("promise")]).shows(g.id("promise"))),
    ]
}

fn prices(g: &Grounds) -> Asks {
    let (job, request) = (g.id("job"), g.id("request"));
    vec![
        ("GET /v1/price-lists", Ask::default()),
        ("GET /v1/price-lists/current", Ask::default()),
        ("GET /v1/price-lists/{version}", Ask::of(&["1"])),
        ("GET /v1/price-lists/{version}/items", Ask::of(&["1"])),
        ("POST /v1/price-lists", Ask::default().body("text/csv", "x".to_owned())),
        ("GET /v1/jobs/{job}/price-requests", Ask::of(&[job]).query("?limit=200").shows(request)),
        ("POST /v1/jobs/{job}/price-requests", Ask::of(&[job]).json(json!({"text": "x"})).shows(job)),
        ("GET /v1/price-requests", Ask::default().query("?limit=200").shows(request)),
        ("POST /v1/price-requests/{id}/answer", Ask::of(&[request]).json(json!({"feasible": false, "remark": "别的"}))),
    ]
}

fn jobs(g: &Grounds) -> Asks {
    let job = g.id("job");
    let of = |ids: &[&str]| Ask::of(ids).shows(job);
    let settle = json!({"path": ["notes", "listen"], "chosen": NO_HASH, "seen": [NO_HASH]});
    let ruling = json!({"matter": "consent", "counts": NO_ENTRY, "of": [NO_ENTRY], "reason": "x"});
    vec![
        ("GET /v1/jobs", Ask::default().query("?limit=200").shows(job)),
        ("GET /v1/jobs/{id}", of(&[job])),
        ("GET /v1/earlier-visits", Ask::default().shows(job)),
        ("GET /v1/jobs-in-hand", Ask::default().shows(job)),
        ("GET /v1/jobs/{id}/clocks", Ask::of(&[job])),
        ("GET /v1/clocks", Ask::default().query("?limit=200").shows(g.id("loose"))),
        ("GET /v1/jobs/{id}/conflicts", Ask::of(&[job])),
        ("GET /v1/jobs/{id}/history", Ask::of(&[job]).shows(g.id("technician"))),
        ("GET /v1/jobs/{id}/sheet", Ask::of(&[job]).shows(g.id("quote"))),
        ("GET /v1/jobs/{id}/sheet.pdf", Ask::of(&[job]).shows(g.id("number"))),
        ("GET /v1/jobs/{id}/bundle", of(&[job])),
        ("POST /v1/jobs/{id}/breaches", Ask::of(&[job]).json(json!({"clock": "x", "cause": "x"}))),
        ("POST /v1/jobs/{id}/notes", Ask::of(&[job]).json(json!({"text": "x"}))),
        ("PATCH /v1/jobs/{id}/report", of(&[job]).json(json!({"fields": {"model": "X"}}))),
        ("PUT /v1/jobs/{id}/steps/{step}/note", of(&[job, "listen"]).json(json!({"text": "x"}))),
        ("POST /v1/jobs/{id}/settle", Ask::of(&[job]).json(settle)),
        ("POST /v1/jobs/{id}/rulings", Ask::of(&[job]).json(ruling)),
        ("GET /v1/follow-ups", Ask::default().query("?state=satisfied&limit=200").shows(g.id("call"))),
        ("POST /v1/follow-ups/{id}/calls", Ask::of(&[g.id("call")]).json(json!({"reached": true, "satisfied": true}))),
    ]
}

fn decisions(g: &Grounds) -> Asks {
    let (job, loose, over, technician) = (g.id("job"), g.id("loose"), g.id("over"), g.id("technician"));
    let reason = || json!({"reason": "x"});
    vec![
        ("GET /v1/jobs/{id}/candidates", Ask::of(&[job]).shows(technician)),
        (
            "POST /v1/jobs/{id}/assign",
            Ask::of(&[job]).json(json!({"technician": technician, "instead_of": technician})).shows(job),
        ),
        ("POST /v1/jobs/{id}/unassign", Ask::of(&[loose]).json(reason())),
        ("POST /v1/jobs/{id}/holds", Ask::of(&[loose]).json(json!({"kind": "part", "reason": "x"})).shows(loose)),
        (
            "POST /v1/jobs/{id}/hand-backs",
            Ask::of(&[job]).json(
                json!({"receipt": NO_ENTRY, "kind": "both", "condition": "如前", "name": "王女士", "reason": "客户到店取走"}),
            ),
        ),
        ("POST /v1/jobs/{id}/delays", Ask::of(&[job]).json(json!({"arrives_at": "2020-01-01T00:00:00Z"}))),
        ("POST /v1/jobs/{id}/holds/{hold}/release", Ask::of(&[loose, g.id("hold")])),
        ("POST /v1/jobs/{id}/cancel", Ask::of(&[over]).json(reason())),
        ("POST /v1/jobs/{id}/reopen", Ask::of(&[job]).json(reason())),
        ("POST /v1/jobs/{id}/solve-remotely", Ask::of(&[over]).json(reason())),
        ("POST /v1/jobs/{id}/prove", Ask::of(&[job]).json(reason())),
        ("POST /v1/jobs/{id}/close", Ask::of(&[job]).json(reason())),
        ("GET /v1/jobs/{id}/links", Ask::of(&[job]).shows(g.id("link"))),
        ("POST /v1/jobs/{id}/links", Ask::of(&[loose]).json(json!({"scope": ["view"]}))),
        ("DELETE /v1/jobs/{id}/links/{link}", Ask::of(&[job, g.id("link")])),
    ]
}

fn money(g: &Grounds) -> Asks {
    let (job, loose) = (g.id("job"), g.id("loose"));
    let lines = json!({"lines": [{"code": "SD-001", "quantity_milli": 1_000}]});
    let consent = json!({"quote": NO_ENTRY, "quote_hash": NO_HASH, "total_minor": 1, "name": "x"});
    vec![
        ("POST /v1/jobs/{id}/quotes", Ask::of(&[loose]).json(lines)),
        ("POST /v1/jobs/{id}/quotes/{quote}/withdraw", Ask::of(&[job, g.id("quote")]).json(json!({"reason": "x"}))),
        ("POST /v1/jobs/{id}/consents", Ask::of(&[job]).json(consent)),
        ("POST /v1/jobs/{id}/waivers", Ask::of(&[job]).json(json!({"quote": NO_ENTRY, "minor": 1, "reason": "x"}))),
        ("POST /v1/jobs/{id}/charges", Ask::of(&[job]).json(json!({"quote": NO_ENTRY, "due_minor": 1}))),
        ("POST /v1/jobs/{id}/payments", Ask::of(&[job]).json(json!({"minor": 0, "method": "现金", "receipt": "1"}))),
    ]
}

fn customers(g: &Grounds) -> Asks {
    let (quote, hash) = (g.id("quote"), g.id("quote_hash"));
    let form = [("quote", quote), ("quote_hash", hash), ("total_minor", "8000"), ("name", "王女士")];
    let signed = json!({"name": "王女士", "covers": [], "sheet_hash": NO_HASH});
    let backup = [("quote", quote), ("quote_hash", hash), ("copy", "none"), ("language", "en"), ("name", "x")];
    let backup_json: serde_json::Map<String, Value> =
        backup.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    vec![
        ("GET /v1/public/{token}", Ask::default().shows(quote)),
        ("POST /v1/public/{token}/accept", Ask::default().json(g.acceptance()).shows(quote)),
        ("POST /v1/public/{token}/backup", Ask::default().json(Value::Object(backup_json))),
        ("POST /v1/public/{token}/sign", Ask::default().json(signed)),
        ("POST /v1/public/{token}/decline", Ask::default().json(json!({"reason": "x"}))),
        ("POST /v1/public/{token}/rate", Ask::default().json(json!({"quality": 5}))),
        ("POST /v1/public/{token}/reply", Ask::default().json(json!({"delay": NO_ENTRY, "agrees": true}))),
        ("POST /v1/public/{token}/seen", Ask::default().json(json!({"delay": NO_ENTRY}))),
        ("POST /v1/public/{token}/again", Ask::default().json(json!({"fault": "又不点火了"}))),
        ("POST /v1/public/{token}/revoke", Ask::default().ends(0)),
        ("GET /v1/public/{token}/photos/{sha256}", Ask::of(&[g.id("photo")])),
        ("GET /c/{token}", Ask::default().shows(g.id("number"))),
        ("GET /c/{token}/sheet.pdf", Ask::default().shows(g.id("number"))),
        ("POST /c/{token}/accept", Ask::default().form(&form)),
        ("POST /c/{token}/backup", Ask::default().form(&backup)),
        (
            "POST /c/{token}/sign",
            Ask::default().form(&[("name", "王女士"), ("covers", NO_HASH), ("sheet_hash", NO_HASH)]),
        ),
        ("POST /c/{token}/decline", Ask::default().form(&[("reason", "x")])),
        ("POST /c/{token}/rate", Ask::default().form(&[("quality", "5")])),
        ("POST /c/{token}/again", Ask::default().form(&[("fault", "又不点火了")])),
        ("POST /c/{token}/reply", Ask::default().form(&[("delay", NO_ENTRY), ("agrees", "yes")])),
        ("POST /c/{token}/revoke", Ask::default().form(&[]).ends(1)),
    ]
}

fn inbox(g: &Grounds) -> Asks {
    let entry = g.id("entry");
    let file = json!({"format": schema::inbox::UNSENT_FORMAT, "server": "x", "device": g.id("device"),
        "person": g.id("technician"), "login": "x", "jobs": []});
    let sync = json!({"protocol": schema::wire::PROTOCOL_VERSION, "id": g.id("job"), "cursor": {"epoch": 0, "seq": 0},
        "digest": NO_HASH, "push": [], "clock": {"at": "2026-03-02T01:00:00Z"}});
    vec![
        ("POST /v1/sync", Ask::default().json(sync)),
        ("GET /v1/quarantine", Ask::default().query("?limit=200").shows(entry)),
        ("GET /v1/quarantine/{id}", Ask::of(&[entry]).shows(entry)),
        ("POST /v1/quarantine/{id}/adopt", Ask::of(&[entry]).json(json!({})).shows(entry)),
        ("POST /v1/quarantine/{id}/reject", Ask::of(&[g.id("rejected")]).json(json!({"reason": "x"}))),
        ("POST /v1/quarantine/hand-in", Ask::default().json(file)),
    ]
}

fn photos(g: &Grounds) -> Asks {
    let (job, photo) = (g.id("job"), g.id("photo"));
    let tus = |ask: Ask| ask.header("tus-resumable", "1.0.0");
    let [of_job, of_photo] = [job, g.id("owed")].map(|text| STANDARD.encode(text));
    let begin = tus(Ask::default())
        .header("upload-length", g.id("owed_bytes"))
        .header("upload-metadata", format!("job {of_job},sha256 {of_photo}"));
    let elsewhere =
        tus(Ask::of(&[g.id("upload")])).header("upload-offset", 1).body(schema::photo::TUS_CONTENT, "x".to_owned());
    vec![
        ("GET /v1/jobs/{id}/photos", Ask::of(&[job]).shows(photo)),
        ("GET /v1/jobs/{id}/photos/{sha256}", Ask::of(&[job, photo])),
        ("GET /v1/jobs/{id}/photos/{sha256}/receipt", Ask::of(&[job, photo]).shows(photo)),
        ("GET /v1/photos/owed", Ask::default().query("?limit=200").shows(g.id("owed"))),
        ("POST /v1/uploads", begin),
        ("HEAD /v1/uploads/{id}", tus(Ask::of(&[g.id("upload")]))),
        ("PATCH /v1/uploads/{id}", elsewhere),
        ("DELETE /v1/uploads/{id}", tus(Ask::of(&[g.id("given_up")]))),
    ]
}
