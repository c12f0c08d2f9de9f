//! A delay, as the customer hears of it by their link: that they saw it, and what they say to it.

use super::{Visit, require_patience, show};
use crate::db::Conn;
use crate::domain::delays;
use crate::domain::form::Form;
use schema::edit::Edit;
use schema::link::{LinkAct, LinkScope, PublicView, ReplyToDelay, SeeDelay};
use schema::problem::Problem;

/// The delay stood before the customer's eyes, as whatever shows it to them says. Saying it again changes nothing.
pub fn see(conn: &mut Conn, visit: &Visit, input: &SeeDelay) -> Result<PublicView, Problem> {
    visit.hold(conn)?;
    let opened = visit.open(conn, LinkAct::View, LinkScope::View)?;
    let seen = delays::first_seen(&opened.view, &input.delay, (opened.link.id, visit.now));
    // What one link has written too much of, it can still look at.
    match seen.filter(|_| require_patience(&opened.view, &opened.link).is_ok()) {
        Some(reply) => visit.write(conn, opened, None, Edit::Reply { id: visit.entry(), reply }),
        None => show(conn, visit.now, &opened),
    }
}

/// What the customer says to the delay that they were shown. Saying it again changes nothing.
pub fn reply(conn: &mut Conn, visit: &Visit, input: &ReplyToDelay) -> Result<PublicView, Problem> {
    let opened = visit.open(conn, LinkAct::Reply, LinkScope::View)?;
    let mut form = Form::default();
    let note = form.optional_note("/note", input.note.as_deref());
    form.finish()?;
    let said = (&input.delay, input.agrees);
    match delays::answer(&opened.view, said, note, (opened.link.id, visit.now))? {
        Some(reply) => visit.write(conn, opened, None, Edit::Reply { id: visit.entry(), reply }),
        None => show(conn, visit.now, &opened),
    }
}
