//! What was taken away for repair comes home over the desk: the customer fetches it, or brings the loaner. The same entry that a technician's phone
//! writes at the door.

use crate::db::Conn;
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use schema::backup::text_hash;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::JobId;
use schema::job::JobState;
use schema::people::Language;
use schema::problem::Problem;
use schema::record::HandBack;
use schema::take_back::{CreateHandBack, hand_back_text};

/// A loaner may come back long after the job was closed: so this does not end with it.
pub fn hand_back(conn: &mut Conn, by: &By, job: JobId, input: &CreateHandBack) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        let mut form = Form::default();
        let condition = form.field("/condition", &input.condition);
        if condition.chars().any(char::is_control) {
            form.wrong("/condition", "请写在一行内", "in one line");
        }
        let name = form.field("/name", &input.name);
        let reason = form.note("/reason", &input.reason);
        let Some(receipt) = view.take_backs.get(&input.receipt) else {
            form.wrong("/receipt", "没有这张拉修凭证", "there is no such take-back receipt");
            return Err(form.finish().err().unwrap_or_else(|| Problem::internal("a wrong form without an error")));
        };
        if !view.out(&input.receipt).kinds().contains(&input.kind) {
            form.wrong("/kind", "所选物品已交还，请刷新后再登记", "this is home already; look again");
        }
        form.finish()?;
        let mut end = HandBack {
            receipt: input.receipt.clone(),
            kind: input.kind,
            condition,
            text: String::new(),
            text_hash: Hash::ZERO,
            language: Language::Chinese,
            name,
            strokes: None,
            reason: Some(reason),
            by: by.caller.person,
            at: by.now,
        };
        end.text = hand_back_text(&view.meta.number, receipt, &end, end.language);
        end.text_hash = text_hash(&end.text);
        Ok(vec![Edit::HandBack { id: by.entry(), hand_back: end }])
    })
}
