//! All URLs on one page. A handler is named as its operation in the OpenAPI document; its file is the noun's.

mod amendments;
mod assignments;
mod charges;
mod conflicts;
mod customer_page;
mod customers;
mod decisions;
mod devices;
mod earlier_visits;
mod escalations;
mod evidence;
pub mod faces;
mod feed;
mod follow_ups;
mod hand_backs;
mod health;
mod history;
mod in_hand;
mod jobs;
mod jwks;
mod links;
mod outlets;
mod people;
mod photos;
mod price_lists;
mod price_requests;
mod promises;
mod public;
mod quarantine;
mod questions;
mod quotes;
mod receipt_keys;
mod reports;
mod sessions;
mod sheets;
mod sync;
mod templates;
pub mod uploads;
mod waiting;

use actix_web::HttpRequest;
use actix_web::http::header;
use utoipa_actix_web::service_config::ServiceConfig;

/// What the OpenAPI document says beside the operations.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Field service",
        description = "Reports, dispatch, the job record and its sync. Times are RFC 3339 in UTC, money is whole minor units, \
                       errors are RFC 9457 problems (`schema::problem`). Rules are those of the trade's standards.",
        license(name = "MIT OR Apache-2.0")
    ),
    // Named by queries alone, which the document does not gather by itself.
    components(schemas(schema::photo::PhotoSize)),
    modifiers(&Security)
)]
pub struct Document;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        openapi.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// The versions that the reader has already, as `If-None-Match` names them.
fn tags_known(request: &HttpRequest) -> Vec<String> {
    let values = request.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let tags = values.flat_map(|value| value.split(','));
    tags.map(|tag| tag.trim().trim_start_matches("W/").to_owned()).collect()
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(health::get_health).service(health::get_metrics);
    config.service(jwks::get_jwks).service(receipt_keys::get_receipt_keys);
    config
        .service(sync::sync_phone)
        .service(feed::stream_feed)
        .service(quarantine::list_quarantine)
        .service(quarantine::get_quarantine)
        .service(quarantine::adopt_items)
        .service(quarantine::reject_items)
        .service(quarantine::hand_in_file)
        .service(history::get_history)
        .service(evidence::get_bundle);
    config
        .service(sessions::create_session)
        .service(sessions::refresh_session)
        .service(sessions::list_sessions)
        .service(sessions::delete_current_session)
        .service(sessions::delete_session)
        .service(sessions::get_me)
        .service(sessions::set_password);
    config
        .service(people::create_person)
        .service(people::list_people)
        .service(people::get_person)
        .service(people::change_person)
        .service(devices::list_devices)
        .service(devices::delete_device)
        .service(outlets::create_outlet)
        .service(outlets::list_outlets)
        .service(outlets::get_outlet_defaults)
        .service(outlets::get_outlet)
        .service(outlets::change_outlet);
    desk(config);
    prices(config);
    work(config);
    customers_own(config);
    config.service(follow_ups::list_follow_ups).service(follow_ups::create_call);
    pictures(config);
}

fn desk(config: &mut ServiceConfig<'_>) {
    config
        .service(customers::create_customer)
        .service(customers::list_customers)
        .service(customers::get_customer)
        .service(customers::update_customer);
    config
        .service(reports::create_report)
        .service(reports::list_reports)
        .service(reports::get_report)
        .service(reports::update_report)
        .service(reports::decide_repeat)
        .service(reports::solve_report_remotely)
        .service(reports::answer_report)
        .service(reports::hand_over_report)
        .service(reports::open_report_job)
        .service(reports::list_fault_classes);
    config
        .service(questions::create_question)
        .service(questions::list_report_questions)
        .service(questions::list_questions)
        .service(questions::answer_question)
        .service(questions::tell_answer);
    config.service(escalations::list_escalations).service(waiting::count_waiting).service(escalations::take_escalation);
    config.service(promises::create_promise).service(promises::list_promises).service(promises::keep_promise);
}

fn prices(config: &mut ServiceConfig<'_>) {
    config
        .service(price_lists::import_price_list)
        .service(price_lists::list_price_lists)
        .service(price_lists::get_current_price_list)
        .service(price_lists::get_price_list)
        .service(price_lists::list_price_items)
        .service(price_lists::get_reference);
    config
        .service(templates::list_templates)
        .service(templates::publish_template)
        .service(templates::check_template)
        .service(templates::get_template);
    config
        .service(price_requests::create_price_request)
        .service(price_requests::list_job_price_requests)
        .service(price_requests::list_price_requests)
        .service(price_requests::answer_price_request);
}

/// A job from its dispatch to its end.
fn work(config: &mut ServiceConfig<'_>) {
    config
        .service(jobs::list_jobs)
        .service(jobs::get_job)
        .service(jobs::list_clocks)
        .service(jobs::list_running_clocks)
        .service(jobs::create_breach)
        .service(jobs::create_job_note)
        .service(earlier_visits::list_earlier_visits)
        .service(in_hand::list_jobs_in_hand)
        .service(amendments::amend_report)
        .service(amendments::amend_note)
        .service(conflicts::list_conflicts)
        .service(conflicts::settle_conflict)
        .service(conflicts::create_ruling)
        .service(sheets::get_sheet)
        .service(sheets::get_sheet_pdf);
    config
        .service(assignments::list_candidates)
        .service(assignments::assign_job)
        .service(assignments::unassign_job)
        .service(decisions::hold_job)
        .service(decisions::release_job)
        .service(decisions::announce_delay)
        .service(hand_backs::create_hand_back)
        .service(decisions::cancel_job)
        .service(decisions::reopen_job)
        .service(decisions::solve_job_remotely)
        .service(decisions::prove_job)
        .service(decisions::close_job);
    config
        .service(quotes::create_quote)
        .service(quotes::withdraw_quote)
        .service(quotes::create_consent)
        .service(charges::create_waiver)
        .service(charges::create_charge)
        .service(charges::create_payment);
}

/// What a customer's link opens.
fn customers_own(config: &mut ServiceConfig<'_>) {
    config
        .service(links::create_link)
        .service(links::list_links)
        .service(links::delete_link)
        .service(public::get_public_job)
        .service(public::accept_public_quote)
        .service(public::sign_public_backup)
        .service(public::sign_public_sheet)
        .service(public::decline_public_job)
        .service(public::rate_public_job)
        .service(public::reply_to_public_delay)
        .service(public::see_public_delay)
        .service(public::report_public_job_again)
        .service(public::revoke_public_link);
    config
        .service(customer_page::get_sign_script)
        .service(customer_page::get_customer_style)
        .service(customer_page::show_customer_page)
        .service(customer_page::get_customer_sheet)
        .service(customer_page::post_acceptance)
        .service(customer_page::post_backup)
        .service(customer_page::post_signature)
        .service(customer_page::post_refusal)
        .service(customer_page::post_marks)
        .service(customer_page::post_again)
        .service(customer_page::post_reply)
        .service(customer_page::post_revocation);
}

fn pictures(config: &mut ServiceConfig<'_>) {
    config
        .service(uploads::describe_uploads)
        .service(uploads::create_upload)
        .service(uploads::find_upload)
        .service(uploads::append_upload)
        .service(uploads::delete_upload);
    config
        .service(photos::list_job_photos)
        .service(photos::get_job_photo)
        .service(photos::get_photo_receipt)
        .service(photos::list_owed_photos)
        .service(photos::get_public_photo);
}
