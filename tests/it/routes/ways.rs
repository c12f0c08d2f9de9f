//! Where customers are and how long the ways take: into the record, onto the board and beside the candidates.

use schema::customer::Customer;
use schema::dispatch::{Candidate, CandidateFact};
use schema::id::JobId;
use schema::job::{JobDetail, JobState};
use schema::people::Role;
use schema::report::CustomerReport;
use schema::session::Me;
use schema::time::{HOUR, MINUTE};
use schema::travel::Point;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json};

const HOME: Point = Point { latitude_e6: 31_230_416, longitude_e6: 121_473_701 };
const ADDRESS: &str = "幸福路 12 号 3-402";

async fn customer(agent: &Person, address: &str, point: Option<Point>) -> Customer {
    let mut body = json!({"name": "王芳", "phone": "13812345678", "address": address});
    if let Some(point) = point {
        body["latitude_e6"] = json!(point.latitude_e6);
        body["longitude_e6"] = json!(point.longitude_e6);
    }
    expect_json(agent.post("/v1/customers", &body), 201).await
}

async fn job_of(agent: &Person, customer: &Customer, address: &str) -> JobId {
    let body = json!({
        "class": "B", "channel": "phone", "customer": customer.id, "name": "王芳", "phone": "13812345678",
        "address": address, "fault": "漏水", "repeated_back": true,
    });
    expect_json::<CustomerReport>(agent.post("/v1/reports", &body), 201).await.job.unwrap()
}

async fn point_of(agent: &Person, job: JobId) -> Option<Point> {
    expect_json::<JobDetail>(agent.get(&format!("/v1/jobs/{job}")), 200).await.job.point
}

#[tokio::test]
async fn a_customers_place_goes_with_their_address_into_the_job_and_to_the_phone() {
    let server = TestServer::start().await;
    let (agent, technician) = (server.person(Role::DeskAgent).await, server.person(Role::Technician).await);
    let known = customer(&agent, ADDRESS, Some(HOME)).await;
    let job = job_of(&agent, &known, "幸福路12号3-402").await;
    assert_eq!(point_of(&agent, job).await, Some(HOME), "however it is spelled");
    let elsewhere = job_of(&agent, &known, "和平街 5 弄").await;
    assert_eq!(point_of(&agent, elsewhere).await, None, "another address lies elsewhere");
    server.assign(job, &agent, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    assert_eq!(phone.job(job).point(), Some(HOME));
    let other = json!({"fields": {"address": "长宁路 1 号"}});
    expect_json::<JobState>(agent.patch(&format!("/v1/jobs/{job}/report"), &other), 200).await;
    assert_eq!(point_of(&agent, job).await, None);
    assert!(server.differences().await.is_empty());
}

#[tokio::test]
async fn a_place_that_is_found_later_reaches_the_jobs_that_are_open() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let known = customer(&agent, ADDRESS, None).await;
    let job = job_of(&agent, &known, ADDRESS).await;
    assert_eq!(point_of(&agent, job).await, None);
    let path = format!("/v1/customers/{}", known.id);
    let found = json!({"latitude_e6": HOME.latitude_e6, "longitude_e6": HOME.longitude_e6});
    expect_json::<Customer>(agent.patch(&path, &found), 200).await;
    assert_eq!(point_of(&agent, job).await, Some(HOME));
    let heads = server.heads(job).await;
    expect_json::<Customer>(agent.patch(&path, &found), 200).await;
    assert_eq!(server.heads(job).await, heads, "what is known already is not written again");
    let moved: Customer = expect_json(agent.patch(&path, &json!({"address": "长宁路 1 号"})), 200).await;
    assert_eq!(moved.latitude_e6, None, "the place was that of the old address");
    assert_eq!(point_of(&agent, job).await, Some(HOME), "the job is still where it was");
}

#[tokio::test]
async fn a_phone_is_told_how_its_outlet_reckons_and_in_which_zone() {
    let server = TestServer::start().await;
    let (admin, technician) = (server.person(Role::Administrator).await, server.person(Role::Technician).await);
    let path = format!("/v1/outlets/{}", admin.outlet);
    let settings = json!({"base": HOME, "detour_percent": 150, "speed_kmh": 20});
    let change = json!({"settings": settings, "time_zone": "Asia/Urumqi"});
    expect_json::<Value>(admin.patch(&path, &change), 200).await;
    let me: Me = expect_json(technician.get("/v1/me"), 200).await;
    let outlet = me.outlet.unwrap();
    assert_eq!((outlet.time_zone.as_str(), outlet.travel.base), ("Asia/Urumqi", Some(HOME)));
    assert_eq!((outlet.travel.detour_percent, outlet.travel.speed_kmh, outlet.travel.usual_minutes), (150, 20, 30));
}

#[tokio::test]
async fn candidates_show_the_way_from_the_visit_before_and_what_does_not_fit() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let agent = server.person(Role::DeskAgent).await;
    let near = customer(&agent, ADDRESS, Some(HOME)).await;
    let far = Point { longitude_e6: HOME.longitude_e6 + 100_000, ..HOME };
    let there = customer(&agent, "浦东大道 9 号", Some(far)).await;
    let (first, second) = (job_of(&agent, &near, ADDRESS).await, job_of(&agent, &there, "浦东大道 9 号").await);
    let now = server.clock.now();
    let window = |from, to| json!({"from": now.plus(from), "to": now.plus(to)});
    let body = json!({"technician": technician.id, "instead_of": null, "window": window(HOUR, 2 * HOUR)});
    expect_json::<JobState>(dispatcher.post(&format!("/v1/jobs/{first}/assign"), &body), 200).await;
    let ask = async |from: i64| {
        let (from, to) = (now.plus(from), now.plus(from + HOUR));
        let path = format!("/v1/jobs/{second}/candidates?from={from}&to={to}");
        let found: Vec<Candidate> = expect_json(dispatcher.get(&path), 200).await;
        found.into_iter().find(|candidate| candidate.technician.id == technician.id).unwrap()
    };
    let tight = ask(2 * HOUR + 20 * MINUTE).await;
    let approach = tight.approach.unwrap();
    assert_eq!((approach.way.distance_m, approach.way.minutes, approach.free_minutes), (Some(13_311), 32, Some(20)));
    assert!(approach.from.is_some() && tight.fits, "it is shown, and nobody is kept from sending them");
    assert!(tight.reasons.iter().any(|reason| reason.fact == CandidateFact::TravelTight && !reason.is_against));
    let loose = ask(3 * HOUR).await;
    assert!(loose.reasons.iter().all(|reason| reason.fact != CandidateFact::TravelTight));
    let before = ask(-2 * HOUR).await.approach.unwrap();
    assert_eq!((before.from, before.way.distance_m, before.way.minutes), (None, None, 30), "the outlet said no place");
}
