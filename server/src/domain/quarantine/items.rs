//! An entry of the inbox, item by item: read from its raw bytes each time, so that it shows all of them, whatever they were refused for
//! and whenever they came, beside what stands in the record now.

use crate::db::{self, Conn};
use crate::domain::records::{self, Stored};
use crate::domain::sync::kept::parted;
use crate::domain::templates;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::inbox::{InboxItem, ItemDecision, Standing};
use schema::people::{Bilingual, PersonName};
use schema::place;
use schema::problem::Problem;
use schema::rows::records::{QuarantineDecisionRow, QuarantineRow};
use schema::sheet::mask_phone;
use schema::template::Template;
use schema::time::Timestamp;
use std::collections::BTreeMap;
use sync::admit::{Decoded, DecodedWrite, Limits, Unwritable, decode};
use sync::record::Record;

/// An item, and the edit that adopting it writes.
pub(super) struct Read {
    pub item: InboxItem,
    pub edit: Option<Edit>,
}

impl Read {
    pub fn place(&self) -> String {
        self.item.path.join("/")
    }
}

/// Every item of the entry, in the order in which they were written.
pub(super) fn read(conn: &mut Conn, row: &QuarantineRow, stored: Option<&Stored>) -> Result<Vec<Read>, Problem> {
    let empty = Record::new();
    let record = stored.map_or(&empty, |stored| &stored.record);
    let view = stored.map(Stored::view).transpose()?;
    let template = view.as_ref().map(|view| templates::of_job(conn, view)).transpose()?;
    let changes = parted(&row.bytes);
    let decoded = decode(record, row.person_id, &changes, &Limits::default());
    let decided = decisions(conn, row)?;
    let showing = Showing { record, template: template.as_deref(), decided: &decided };
    let is_read = decoded.len() == changes.len() && decoded.iter().any(|change| !change.writes.is_empty());
    let mut items: Vec<Read> = showing.items(decoded);
    if !is_read || items.is_empty() {
        items.push(showing.unreadable(row, changes.len()));
    }
    Ok(items)
}

type Decisions = BTreeMap<(Hash, String), ItemDecision>;

fn decisions(conn: &mut Conn, row: &QuarantineRow) -> Result<Decisions, Problem> {
    let mut decided = Decisions::new();
    for QuarantineDecisionRow { change_hash, place, outcome, reason, decided_by, decided_at, .. } in
        db::quarantine::list_decisions(conn, &[row.id])?
    {
        let name = db::people::find_name(conn, decided_by)?.unwrap_or_default();
        let by = PersonName { id: decided_by, name };
        decided.insert((change_hash, place), ItemDecision { outcome, by, at: decided_at, reason });
    }
    Ok(decided)
}

/// What items are shown beside.
struct Showing<'a> {
    record: &'a Record,
    template: Option<&'a Template>,
    decided: &'a Decisions,
}

impl Showing<'_> {
    /// The last write of each place; earlier ones only where they were decided about.
    fn items(&self, decoded: Vec<Decoded>) -> Vec<Read> {
        let mut items: Vec<Read> = Vec::new();
        for change in decoded {
            for write in change.writes.into_iter().filter(|write| write.value.is_some()) {
                items.retain(|earlier| earlier.item.path != write.path || earlier.item.decision.is_some());
                items.push(self.item(change.hash, change.at, write));
            }
        }
        items
    }

    fn item(&self, change: Hash, claimed_at: Timestamp, write: DecodedWrite) -> Read {
        let DecodedWrite { path, value, edit } = write;
        let decision = self.decided.get(&(change, path.join("/"))).cloned();
        let present = self.record.value_at(&path);
        let (standing, why) = match (&decision, &edit) {
            (Some(_), _) => (Standing::Decided, None),
            _ if value.is_some() && value == present => (Standing::InRecord, None),
            (None, Err(why)) => (Standing::Barred, Some(barred(why))),
            (None, Ok(edit)) => match records::unseen(self.record, edit) {
                Some(unseen) => (Standing::Barred, Some(Bilingual { zh: unseen.zh, en: unseen.en })),
                None => (Standing::Open, None),
            },
        };
        let (value, present) = (value.map(masked), present.map(masked));
        let present_words = present.as_ref().map(|present| place::words(&path, Some(present)));
        let (place, words) = (place::name(&path, self.template), place::words(&path, value.as_ref()));
        let item = InboxItem {
            change,
            path,
            place,
            value,
            words,
            claimed_at,
            present,
            present_words,
            standing,
            why,
            decision,
        };
        Read { item, edit: edit.ok() }
    }

    /// Stands for what can't be read at all, so that it too is decided about.
    fn unreadable(&self, row: &QuarantineRow, changes: usize) -> Read {
        let (zh, en) = (
            format!("共 {changes} 项修改，其中有内容无法识别；请联系本人重新填写"),
            format!("{changes} changes, not all of which can be read; ask their author to enter it again"),
        );
        let decision = self.decided.get(&(row.first_hash, String::new())).cloned();
        let standing = if decision.is_some() { Standing::Decided } else { Standing::Barred };
        let item = InboxItem {
            change: row.first_hash,
            path: Vec::new(),
            place: place::name(&[], None),
            value: None,
            words: place::words(&[], None),
            claimed_at: row.received_at,
            present: None,
            present_words: None,
            standing,
            why: Some(Bilingual { zh, en }),
            decision,
        };
        Read { item, edit: None }
    }
}

fn barred(why: &Unwritable) -> Bilingual {
    let (zh, en) = match why {
        Unwritable::Office => (
            "只有后台可以填写，请用相应功能办理".to_owned(),
            "Only the office writes this; do it by the office's own command".to_owned(),
        ),
        Unwritable::Author => {
            ("署名不是本人，不能采用".to_owned(), "It names another author; it can't be adopted".to_owned())
        }
        Unwritable::Deletion => ("不能删除".to_owned(), "Nothing is deleted".to_owned()),
        Unwritable::Unfit(why) => (format!("内容不符合要求：{why}"), format!("It does not fit its place: {why}")),
    };
    Bilingual { zh, en }
}

/// A correction of the phone number shows as numbers do everywhere: a look at a whole one is logged, and that is the customers' business.
fn masked(mut value: serde_json::Value) -> serde_json::Value {
    if value.get("field").and_then(serde_json::Value::as_str) == Some("phone")
        && let Some(serde_json::Value::String(number)) = value.get_mut("value")
    {
        *number = mask_phone(number);
    }
    value
}
