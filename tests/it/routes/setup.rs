//! Set-up of software: free or charged by how long ago the product was installed, as the outlet has it; the line says why.

use super::bills::with_list;
use super::conflicts::{conflicts, consent};
use schema::bill::Quoted;
use schema::edit::Edit;
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{Correction, How, ReportField, SetUpTerm};
use schema::session::Me;
use schema::setup::Between;
use schema::time::SECOND;
use serde_json::{Value, json};
use tests::{Errand, TestServer, expect_json, expect_ok, expect_problem};

const LIST: &str = "code,name_zh,name_en,unit,kind,price_fen,setup
C006,打印机安装调试,Set up a printer,台,labour,6000,yes
";

#[actix_web::test]
async fn set_up_is_free_within_the_months_and_says_since_when_and_until_when() {
    let server = TestServer::start().await;
    with_list(&server, LIST).await;
    let errand = server.errand().await;
    let path = format!("/v1/jobs/{}/quotes", errand.job);
    let today = server.clock.now().to_utc().date_naive();
    let ago = |days: i64| (today - chrono::Duration::days(days)).to_string();
    let ask = |days: i64| json!({"lines": [{"code": "C006", "quantity_milli": 1000}], "installed_on": ago(days)});
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &ask(60)), 201).await;
    let line = &quoted.quote.lines["00"];
    let setup = line.setup.as_ref().unwrap();
    assert_eq!((quoted.quote.total_minor, line.unit_minor, setup.term), (0, 6_000, SetUpTerm::Free));
    assert_eq!(setup.installed_on, Some(ago(60)));
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &ask(120)), 201).await;
    assert_eq!(
        (quoted.quote.total_minor, quoted.quote.lines["00"].setup.as_ref().unwrap().term),
        (6_000, SetUpTerm::Charged)
    );
    for wrong in ["昨天", &ago(-2)] {
        let body = json!({"lines": [{"code": "C006", "quantity_milli": 1000}], "installed_on": wrong});
        expect_problem(errand.dispatcher.post(&path, &body), Kind::InvalidField).await;
    }
    let unknown = json!({"lines": [{"code": "C006", "quantity_milli": 1000}]});
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &unknown), 201).await;
    let term = quoted.quote.lines["00"].setup.as_ref().unwrap().term;
    assert_eq!((quoted.quote.total_minor, term), (6_000, SetUpTerm::Unknown), "nobody knows: charged, and it says so");
    let sheet =
        expect_ok(errand.dispatcher.get(&format!("/v1/jobs/{}/sheet", errand.job)).header("accept", "text/plain"));
    let sheet = sheet.await.text().await.unwrap();
    assert!(sheet.contains("前免费") && sheet.contains("起收费") && sheet.contains("安装日期不详"), "{sheet}");
}

#[actix_web::test]
async fn an_outlet_may_charge_between_the_two_limits_and_its_phones_know() {
    let server = TestServer::start().await;
    with_list(&server, LIST).await;
    let administrator = server.person(Role::Administrator).await;
    let errand = server.errand().await;
    let me: Me = expect_json(errand.technician.get("/v1/me"), 200).await;
    let outlet = format!("/v1/outlets/{}", me.outlet_id);
    let settings =
        |between: &str, charged: i64| json!({"settings": {"setup_between": between, "setup_charged_months": charged}});
    expect_problem(administrator.patch(&outlet, &settings("free", 0)), Kind::InvalidField).await;
    expect_json::<Value>(administrator.patch(&outlet, &settings("charged", 3)), 200).await;
    let me: Me = expect_json(errand.technician.get("/v1/me"), 200).await;
    assert_eq!(me.outlet.unwrap().setup.between, Between::Charged);
    let installed = (server.clock.now().to_utc().date_naive() - chrono::Duration::days(60)).to_string();
    let body = json!({"lines": [{"code": "C006", "quantity_milli": 1000}], "installed_on": installed});
    let quoted: Quoted =
        expect_json(errand.dispatcher.post(&format!("/v1/jobs/{}/quotes", errand.job), &body), 201).await;
    assert_eq!(quoted.quote.total_minor, 6_000);
}

#[actix_web::test]
async fn a_phone_that_leaves_out_what_the_list_says_of_an_item_is_a_matter_for_the_supervisor() {
    let server = TestServer::start().await;
    with_list(&server, LIST).await;
    let mut errand = server.errand().await;
    let path = format!("/v1/jobs/{}/quotes", errand.job);
    let body = json!({"lines": [{"code": "C006", "quantity_milli": 1000}]});
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &body), 201).await;
    errand.phone.sync().await;
    server.clock.advance(SECOND);
    let (id, by, at) = (errand.phone.entry(), errand.technician.id, errand.phone.at());
    let mut quote = schema::record::Quote { by, at, ..quoted.quote };
    quote.lines.get_mut("00").unwrap().setup = None;
    errand.phone.edit(errand.job, vec![Edit::Quote { id: id.clone(), quote: quote.clone() }]);
    let at = errand.phone.at();
    errand.phone.edit(errand.job, vec![consent((&id, &quote), How::Phone, by, at)]);
    assert!(errand.phone.sync().await.refused.is_empty());
    let found = conflicts(&errand.dispatcher, errand.job).await;
    assert_eq!(found["matters"][0]["deviations"][0]["kind"], json!("described"), "{found}");
}

#[actix_web::test]
async fn nothing_is_installed_before_it_is_bought() {
    let server = TestServer::start().await;
    with_list(&server, LIST).await;
    let mut errand = server.errand().await;
    let today = server.clock.now().to_utc().date_naive();
    let ago = |days: i64| (today - chrono::Duration::days(days)).to_string();
    let path = format!("/v1/jobs/{}/quotes", errand.job);
    let ask = |days: i64| json!({"lines": [{"code": "C006", "quantity_milli": 1000}], "installed_on": ago(days)});
    let quoted: Quoted = expect_json(errand.dispatcher.post(&path, &ask(60)), 201).await;
    let bought = |errand: &mut Errand, days: i64| {
        let (by, at) = (errand.technician.id, errand.phone.at());
        let correction = Correction { field: ReportField::PurchasedOn, value: ago(days), by, at };
        let id = errand.phone.entry();
        errand.phone.edit(errand.job, vec![Edit::Correct { id, correction }]);
    };
    bought(&mut errand, 30);
    errand.phone.sync().await;
    let wrong = expect_problem(errand.dispatcher.post(&path, &ask(31)), Kind::InvalidField).await;
    assert_eq!(wrong.errors.iter().map(|error| error.at.as_str()).collect::<Vec<_>>(), ["/installed_on"]);
    assert!(wrong.errors[0].zh.contains(&format!("安装日期 {} 早于购买日期 {}", ago(31), ago(30))), "{wrong:?}");
    expect_json::<Quoted>(errand.dispatcher.post(&path, &ask(30)), 201).await;

    // From a phone that does not look it comes all the same, and is the supervisor's until one of the two is put right.
    server.clock.advance(SECOND);
    errand.phone.sync().await;
    let (id, by, at) = (errand.phone.entry(), errand.technician.id, errand.phone.at());
    let quote = schema::record::Quote { by, at, ..quoted.quote };
    errand.phone.edit(errand.job, vec![Edit::Quote { id: id.clone(), quote: quote.clone() }]);
    let at = errand.phone.at();
    errand.phone.edit(errand.job, vec![consent((&id, &quote), How::Phone, by, at)]);
    assert!(errand.phone.sync().await.refused.is_empty());
    let found = conflicts(&errand.dispatcher, errand.job).await;
    let deviation = &found["matters"][0]["deviations"][0];
    assert_eq!(deviation["kind"], json!("installed"), "{found}");
    assert!(deviation["words"]["zh"].as_str().unwrap().contains(&ago(60)));
    bought(&mut errand, 61);
    errand.phone.sync().await;
    assert_eq!(conflicts(&errand.dispatcher, errand.job).await["matters"], json!([]));
    assert_eq!(server.differences().await, []);
}
