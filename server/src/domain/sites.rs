//! Where customers are, from their rows into the records of their jobs: so technicians have it without network.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::records::{self, Office};
use schema::contact::matching_key;
use schema::edit::Edit;
use schema::problem::Problem;
use schema::record::{JobRecord, Report, ReportField, Site};
use schema::rows::customers::CustomerRow;
use schema::time::Timestamp;

/// The place of a report's address: the customer's, where it is the customer's address however it is spelled.
pub fn of_report(customer: &CustomerRow, report: &Report, now: Timestamp) -> Option<Site> {
    found(customer, report.get(ReportField::Address)?, now)
}

fn found(customer: &CustomerRow, address: &str, now: Timestamp) -> Option<Site> {
    let (latitude_e6, longitude_e6) = customer.latitude_e6.zip(customer.longitude_e6)?;
    let is_theirs = matching_key(address) == customer.address_key;
    is_theirs.then(|| Site { latitude_e6, longitude_e6, address: address.to_owned(), at: now })
}

/// Brings a customer's place, as it is now, to their jobs that are not over.
pub fn bring(conn: &mut Conn, caller: &Caller, now: Timestamp, customer: &CustomerRow) -> Result<(), Problem> {
    for row in db::jobs::list_open_of(conn, customer.id)? {
        let stored = records::load_to_write(conn, row.id)?;
        let view = stored.view()?;
        let Some(site) = view.known(ReportField::Address).and_then(|address| found(customer, address, now)) else {
            continue;
        };
        if !is_there(&view, &site) {
            let office = Office { person: Some(caller.person), now };
            records::write_stored(conn, office, stored, None, &[Edit::Site { site }])?;
        }
    }
    Ok(())
}

fn is_there(view: &JobRecord, wanted: &Site) -> bool {
    view.site.as_ref().is_some_and(|site| Site { at: wanted.at, ..site.clone() } == *wanted)
}
