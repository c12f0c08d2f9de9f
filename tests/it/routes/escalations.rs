//! Clocks that somebody has to hear of: who hears when, who takes them over, and how they end by themselves.

use super::{patient_server, walk};
use schema::clock::EscalationState;
use schema::edit::Edit;
use schema::escalation::Escalation;
use schema::id::{EntryId, JobId};
use schema::job::JobClock;
use schema::outlet::Outlet;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{Hold, HoldKind, MarkKind, Release};
use schema::time::{DAY, HOUR, MINUTE};
use schema::waiting::{Waiting, Waits};
use serde_json::{Value, json};
use server::jobs::escalations::{Round, look_round};
use server::state::random;
use std::sync::Arc;
use tests::{Errand, Person, Setup, TestServer, expect_json, expect_problem};

/// A repair that is not urgent is due in three days, and warns half a day before.
const WARNS: i64 = 60 * HOUR;
const DUE: i64 = 72 * HOUR;

async fn look(server: &TestServer) -> (usize, usize) {
    let Round { raised, ended, .. } = look_round(&server.state).await.unwrap();
    (raised, ended)
}

async fn list(person: &Person, query: &str) -> Vec<Escalation> {
    expect_json::<Page<Escalation>>(person.get(&format!("/v1/escalations?{query}")), 200).await.items
}

async fn of_job(person: &Person, job: JobId) -> Vec<(i64, Role, EscalationState)> {
    let mut found = list(person, &format!("job={job}")).await;
    found.reverse();
    found.into_iter().map(|one| (one.level, one.to, one.state)).collect()
}

/// What waits for this person, what of that was missed, and what is open in all.
async fn counted(person: &Person) -> (i64, i64, usize) {
    let waiting: Waiting = expect_json(person.get("/v1/waiting"), 200).await;
    let Waits { count, late } = waiting.escalations.unwrap();
    (count, late, list(person, "open=true").await.len())
}

fn take(person: &Person, one: &Escalation, from: Option<&Person>, remark: &str) -> reqwest::RequestBuilder {
    let body = json!({"remark": remark, "from": from.map(|person| person.id)});
    person.post(&format!("/v1/escalations/{}/take", one.id), &body)
}

#[tokio::test]
async fn a_clock_goes_to_the_dispatcher_at_its_warning_and_upward_once_it_is_missed() {
    let server = patient_server().await;
    let (dispatcher, supervisor) = (server.person(Role::Dispatcher).await, server.person(Role::DeskSupervisor).await);
    let (manager, elsewhere) =
        (server.person(Role::ServiceManager).await, server.person_at("02", Role::Dispatcher).await);
    let job = server.job(&dispatcher).await;
    server.clock.advance(WARNS - MINUTE);
    assert_eq!(look(&server).await, (0, 0), "nobody is told too early");
    server.clock.advance(MINUTE);
    assert_eq!((look(&server).await, look(&server).await), ((1, 0), (0, 0)), "and nobody twice");
    let mine = list(&dispatcher, "open=true&mine=true").await;
    let [one] = mine.as_slice() else { panic!("{mine:?}") };
    assert_eq!((one.job, one.rule.as_str(), one.level, one.to), (job, "general_repaired", 1, Role::Dispatcher));
    assert_eq!((one.reached_at, one.raised_at), (server.clock.now(), server.clock.now()));
    assert_eq!((counted(&dispatcher).await, counted(&supervisor).await), ((1, 0, 1), (0, 0, 1)));
    assert_eq!((counted(&elsewhere).await, list(&elsewhere, "").await), ((0, 0, 0), Vec::new()));
    server.clock.advance(DUE - WARNS);
    assert_eq!((look(&server).await, counted(&supervisor).await), ((1, 0), (1, 1, 2)));
    server.clock.advance(4 * HOUR);
    assert_eq!((look(&server).await, counted(&manager).await), ((1, 0), (1, 1, 3)));
    let open = EscalationState::Open;
    let all = [(1, Role::Dispatcher, open), (2, Role::DeskSupervisor, open), (3, Role::ServiceManager, open)];
    assert_eq!(of_job(&manager, job).await, all);
    assert_eq!(server.differences().await, []);
}

#[tokio::test]
async fn who_was_asked_first_keeps_it_until_another_named_person_takes_it_over() {
    let server = patient_server().await;
    let dispatchers = [server.person(Role::Dispatcher).await, server.person(Role::Dispatcher).await];
    let (agent, technician) = (server.person(Role::DeskAgent).await, server.person(Role::Technician).await);
    server.job(&agent).await;
    server.clock.advance(WARNS);
    look(&server).await;
    let one = list(&dispatchers[0], "mine=true").await.remove(0);
    assert_eq!(list(&dispatchers[1], "mine=true").await.len(), 1, "it is the role's until somebody takes it");
    expect_problem(take(&technician, &one, None, "我去"), Kind::Forbidden).await;
    expect_problem(take(&dispatchers[0], &one, None, " "), Kind::InvalidField).await;
    let taken: Escalation = expect_json(take(&dispatchers[0], &one, None, "已联系工程师"), 200).await;
    assert_eq!((taken.takers[0].by.id, taken.takers[0].remark.as_str()), (dispatchers[0].id, "已联系工程师"));
    assert_eq!((counted(&dispatchers[0]).await.0, counted(&dispatchers[1]).await.0), (1, 0));
    // Whoever saw it in nobody's hands came second.
    let late = expect_problem(take(&agent, &one, None, "我来"), Kind::Conflict).await;
    assert!(late.detail.unwrap_or_default().contains(&dispatchers[0].name));
    expect_problem(take(&dispatchers[0], &one, Some(&dispatchers[0]), "还是我"), Kind::Conflict).await;
    let handed: Escalation = expect_json(take(&agent, &one, Some(&dispatchers[0]), "客户约了明天"), 200).await;
    let takers: Vec<_> = handed.takers.iter().map(|taker| taker.by.id).collect();
    assert_eq!(takers, [dispatchers[0].id, agent.id], "nobody who had it is forgotten");
    assert_eq!((counted(&dispatchers[0]).await.0, counted(&agent).await.0), (0, 1));
}

/// For whom each of a job's levels was meant, and who is asked instead.
async fn asked_of(person: &Person, job: JobId) -> Vec<(Role, Option<Role>)> {
    let found = list(person, &format!("job={job}")).await;
    found.into_iter().rev().map(|one| (one.to, one.stands_in)).collect()
}

#[tokio::test]
async fn what_is_meant_for_a_role_that_nobody_has_is_asked_of_the_next_as_people_come_and_go() {
    use Role::{DeskSupervisor, Dispatcher, GeneralManager, ServiceManager};
    let server = patient_server().await;
    let (dispatcher, agent) = (server.person(Dispatcher).await, server.person(Role::DeskAgent).await);
    let job = server.job(&agent).await;
    server.clock.advance(DUE + 4 * HOUR);
    assert_eq!(look(&server).await, (3, 0));
    let (none, low) = (None, Some(Dispatcher));
    let small = [(Dispatcher, none), (DeskSupervisor, low), (ServiceManager, low)];
    assert_eq!(asked_of(&agent, job).await, small, "nobody is above, so the next below");
    assert_eq!((counted(&dispatcher).await, counted(&agent).await), ((3, 2, 3), (0, 0, 3)));
    assert_eq!(list(&dispatcher, "open=true&mine=true").await.len(), 3);

    // Who sees every outlet is there for each; who doesn't is there for their own.
    let top = server.person_at("02", GeneralManager).await;
    server.person_at("02", DeskSupervisor).await;
    let high = Some(GeneralManager);
    let larger = [(Dispatcher, none), (DeskSupervisor, high), (ServiceManager, high)];
    assert_eq!(asked_of(&agent, job).await, larger);
    assert_eq!((counted(&dispatcher).await, counted(&top).await), ((1, 0, 3), (2, 2, 3)));

    let supervisor = server.person(DeskSupervisor).await;
    assert_eq!((counted(&supervisor).await, counted(&top).await), ((1, 1, 3), (1, 1, 3)));
    assert_eq!(asked_of(&agent, job).await[1], (DeskSupervisor, none), "it is theirs as soon as they are there");
    let administrator = server.person(Role::Administrator).await;
    let leaves = async |person: &Person| {
        let path = format!("/v1/people/{}", person.id);
        expect_json::<Value>(administrator.patch(&path, &json!({"disabled": true})), 200).await;
    };
    leaves(&supervisor).await;
    assert_eq!((counted(&top).await, asked_of(&agent, job).await[1]), ((2, 2, 3), (DeskSupervisor, high)));

    // Who has it in hand keeps it, until they leave, too.
    let [one] = &list(&top, "mine=true").await[..1] else { panic!() };
    let taken: Escalation = expect_json(take(&top, one, None, "我来"), 200).await;
    assert_eq!((taken.to, taken.stands_in), (ServiceManager, None));
    let manager = server.person(ServiceManager).await;
    assert_eq!((counted(&top).await.0, counted(&manager).await.0), (1, 1));
    leaves(&top).await;
    assert_eq!(counted(&manager).await, (2, 2, 3));
    let again: Escalation = expect_json(take(&manager, one, Some(&top), "接手"), 200).await;
    assert_eq!(again.takers.len(), 2);
}

#[tokio::test]
async fn of_two_who_take_it_over_at_the_same_moment_one_has_it() {
    let server = patient_server().await;
    let (one, two) = (server.person(Role::Dispatcher).await, server.person(Role::Dispatcher).await);
    server.job(&one).await;
    server.clock.advance(WARNS);
    look(&server).await;
    let open = list(&one, "mine=true").await.remove(0);
    let (a, b) = tokio::join!(take(&one, &open, None, "我来").send(), take(&two, &open, None, "我来").send());
    let mut statuses = [a.unwrap().status().as_u16(), b.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(list(&one, "").await[0].takers.len(), 1);
}

#[tokio::test]
async fn what_is_open_comes_first_due_first_what_has_ended_last_first_and_everything_newest_first_page_by_page() {
    let server = patient_server().await;
    let (dispatcher, elsewhere) =
        (server.person(Role::Dispatcher).await, server.person_at("02", Role::Dispatcher).await);
    let mut jobs = Vec::new();
    for _ in 0..4 {
        jobs.push(server.job(&dispatcher).await);
        server.clock.advance(HOUR);
    }
    server.clock.advance(WARNS - 4 * HOUR);
    for _ in &jobs {
        assert_eq!(look(&server).await, (1, 0));
        server.clock.advance(HOUR);
    }
    let walked = async |query: &str| {
        let found = walk::<Escalation>(&dispatcher, &format!("/v1/escalations{query}"), 1).await;
        found.iter().map(|one| one.job).collect::<Vec<JobId>>()
    };
    assert_eq!(walked("?open=true").await, jobs);
    assert_eq!(walked("?open=true&mine=true").await, jobs);
    let newest: Vec<JobId> = jobs.iter().rev().copied().collect();
    assert_eq!(walked("").await, newest);
    let one = list(&dispatcher, "open=true").await.remove(0);
    expect_problem(elsewhere.get(&format!("/v1/escalations?after={}", one.id)), Kind::NotFound).await;

    let solve = async |place: usize| {
        let path = format!("/v1/jobs/{}/solve-remotely", jobs[place]);
        expect_json::<Value>(dispatcher.post(&path, &json!({"reason": "教客户复位"})), 200).await;
    };
    solve(2).await;
    assert_eq!(look(&server).await, (0, 1));
    server.clock.advance(MINUTE);
    // Two that one look ends.
    solve(3).await;
    solve(0).await;
    assert_eq!(look(&server).await, (0, 2));
    assert_eq!(walked("?open=false").await, [jobs[3], jobs[0], jobs[2]]);
    assert_eq!(walked("?open=true").await, [jobs[1]]);
    assert_eq!(walked("").await, newest);
}

/// A technician tests so long after the report, without network, and syncs so much later; meanwhile everybody was told.
async fn tested(server: &TestServer, tested_us: i64, synced_us: i64) -> Errand {
    let mut errand = server.errand().await;
    server.clock.advance(tested_us);
    errand.phone.mark(errand.job, "testing", MarkKind::Done);
    server.clock.advance(synced_us - tested_us);
    look_round(&server.state).await.unwrap();
    let report = errand.phone.sync().await;
    assert_eq!((report.unsent, report.refused.len()), (0, 0), "{report:?}");
    errand
}

#[actix_web::test]
async fn a_clock_that_was_kept_out_of_reach_says_so_and_is_not_deleted() {
    let server = patient_server().await;
    let errand = tested(&server, 10 * HOUR, DUE + HOUR).await;
    let open = EscalationState::Open;
    let told = [(1, Role::Dispatcher, open), (2, Role::DeskSupervisor, open)];
    assert_eq!(of_job(&errand.dispatcher, errand.job).await, told, "as it looked from here");
    assert_eq!(look(&server).await, (0, 2));
    let ended = list(&errand.dispatcher, "open=false").await;
    assert_eq!(ended.len(), 2);
    for one in ended {
        let stopped = one.stopped_at.unwrap();
        assert_eq!((one.state, one.ended_at), (EscalationState::Kept, Some(server.clock.now())));
        assert!(stopped < one.due_at && stopped < one.raised_at, "{one:?}");
    }
    assert_eq!((counted(&errand.dispatcher).await, look(&server).await), ((0, 0, 0), (0, 0)));
    let over = list(&errand.dispatcher, "").await.remove(0);
    expect_problem(take(&errand.dispatcher, &over, None, "我来"), Kind::Conflict).await;
    assert_eq!(server.differences().await, []);
}

#[actix_web::test]
async fn a_clock_that_was_missed_ends_as_missed_and_its_causes_stand_beside_each_other() {
    let server = patient_server().await;
    let errand = tested(&server, DUE + HOUR, DUE + 2 * HOUR).await;
    assert_eq!(look(&server).await, (0, 2));
    let late = EscalationState::Late;
    let told = [(1, Role::Dispatcher, late), (2, Role::DeskSupervisor, late)];
    assert_eq!(of_job(&errand.dispatcher, errand.job).await, told);
    let supervisor = server.person(Role::DeskSupervisor).await;
    let path = format!("/v1/jobs/{}/breaches", errand.job);
    for (cause, whose) in [("路上堵车", json!(errand.technician.id)), ("配件发错，应为仓库", json!(null))]
    {
        let body = json!({"clock": "general_repaired", "cause": cause, "whose": whose});
        expect_json::<Value>(supervisor.post(&path, &body), 201).await;
        server.clock.advance(MINUTE);
    }
    let detail: Value = expect_json(supervisor.get(&format!("/v1/jobs/{}", errand.job)), 200).await;
    let breaches = detail["record"]["breaches"].as_object().unwrap();
    let clock =
        detail["clocks"].as_array().unwrap().iter().find(|one| one["rule"] == json!("general_repaired")).unwrap();
    assert_eq!((clock["state"].as_str(), breaches.len()), (Some("breached"), 2), "a correction takes nothing back");
    let causes: Vec<&Value> = clock["causes"].as_array().unwrap().iter().collect();
    assert_eq!(causes.len(), 2);
    assert!(causes.iter().all(|id| breaches[id.as_str().unwrap()]["by"] == json!(supervisor.id)));
}

#[tokio::test]
async fn a_wait_puts_it_off_and_it_comes_again_with_the_clock() {
    let server = patient_server().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    server.clock.advance(WARNS + HOUR);
    assert_eq!(look(&server).await, (1, 0));
    // The wait began before the warning, as the desk puts down late.
    let hold = EntryId::new(random());
    let began = server.clock.now().plus(-2 * HOUR);
    let waits =
        Hold { kind: HoldKind::Customer, by: dispatcher.id, at: began, reason: "客户出差".to_owned(), until: None };
    server.write(job, dispatcher.id, vec![Edit::Hold { id: hold.clone(), hold: waits }]).await;
    assert_eq!(look(&server).await, (0, 1));
    let moved = (1, Role::Dispatcher, EscalationState::Moved);
    assert_eq!(of_job(&dispatcher, job).await, [moved]);
    server.clock.advance(2 * DAY);
    assert_eq!(look(&server).await, (0, 0), "it stands still");
    let release = Release { by: dispatcher.id, at: server.clock.now() };
    server.write(job, dispatcher.id, vec![Edit::Release { hold, release }]).await;
    assert_eq!(look(&server).await, (0, 0), "it has an hour more until it warns");
    server.clock.advance(HOUR);
    assert_eq!(look(&server).await, (1, 0));
    assert_eq!(of_job(&dispatcher, job).await, [moved, (1, Role::Dispatcher, EscalationState::Open)]);
    assert_eq!(server.differences().await, []);
}

#[tokio::test]
async fn a_job_keeps_the_levels_that_its_outlet_had_when_it_was_reported() {
    let server = patient_server().await;
    let (administrator, agent) = (server.person(Role::Administrator).await, server.person(Role::DeskAgent).await);
    let before = server.job(&agent).await;
    server.clock.advance(MINUTE);
    let path = format!("/v1/outlets/{}", agent.outlet);
    let set = |levels: Value| {
        let settings = json!({"settings": {"clocks": {"general_repaired": {"escalations": levels}}}});
        administrator.patch(&path, &settings)
    };
    let wrong =
        expect_problem(set(json!([{"to": "technician", "from": "due", "after_us": -1}])), Kind::InvalidField).await;
    let at: Vec<&str> = wrong.errors.iter().map(|error| error.at.as_str()).collect();
    let place = "/settings/clocks/general_repaired/escalations/0";
    assert_eq!(at, [format!("{place}/to"), format!("{place}/after_us")]);
    let levels = json!([{"to": "project_manager", "from": "due", "after_us": 2 * HOUR}]);
    expect_json::<Outlet>(set(levels), 200).await;
    let after = server.job(&agent).await;
    server.clock.advance(MINUTE);
    expect_json::<Outlet>(set(json!([])), 200).await;
    let never = server.job(&agent).await;
    server.clock.advance(10 * DAY);
    assert_eq!(look(&server).await, (4, 0));
    let open = EscalationState::Open;
    let usual = [(1, Role::Dispatcher, open), (2, Role::DeskSupervisor, open), (3, Role::ServiceManager, open)];
    assert_eq!(of_job(&agent, before).await, usual);
    assert_eq!(of_job(&agent, after).await, [(1, Role::ProjectManager, open)]);
    assert_eq!(of_job(&agent, never).await, []);
    let clocks: Vec<JobClock> = expect_json(agent.get(&format!("/v1/jobs/{never}/clocks")), 200).await;
    assert!(clocks.iter().any(|known| known.clock.rule == "general_repaired"), "the clock runs all the same");
}

#[tokio::test]
async fn two_servers_that_look_at_once_raise_each_level_once() {
    let one = patient_server().await;
    let dispatcher = one.person(Role::Dispatcher).await;
    let jobs = one.jobs(&dispatcher, 12).await;
    one.clock.advance(DUE + DAY);
    let (database, clock) = (Arc::clone(&one.database), one.clock.clone());
    let two = TestServer::with(Setup { database, clock, ..Setup::default() }).await;
    let (a, b) = tokio::join!(look_round(&one.state), look_round(&two.state));
    assert_eq!(a.unwrap().raised + b.unwrap().raised, 3 * jobs.len());
    for job in jobs {
        assert_eq!(of_job(&dispatcher, job).await.len(), 3);
    }
}

#[actix_web::test]
async fn a_server_looks_by_itself_and_the_desk_hears_of_it() {
    let flags = vec!["--access-token-s", "10000000", "--escalation-s", "1"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let job = server.job(&dispatcher).await;
    let mut stream = dispatcher.get("/v1/feed").send().await.unwrap();
    let mut heard = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    server.clock.advance(WARNS);
    let said = format!("event: job\ndata: {job}");
    while !heard.contains(&said) {
        let chunk = stream.chunk().await.unwrap().unwrap_or_else(|| panic!("it ended: {heard}"));
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert_eq!(counted(&dispatcher).await, (1, 0, 1));
}
