//! How the job goes: in whose hands it is, what it waits for, what the office decided about it, and whose fault a delay was.

use crate::body::data;
use crate::id::{EntryId, JobId, LinkId, PersonId};
use crate::record::How;
use crate::time::{Timestamp, Window};
use crate::word::words;

data! {
    pub struct Assignment {
        pub technician: PersonId,
        /// As it was then, so that the sheet can be read with no directory of people.
        pub technician_name: String,
        #[serde(default)]
        pub window: Option<Window>,
        pub by: PersonId,
        pub at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
    }

    /// The fault is the one that an earlier job had cured: whether we caused it ourselves, and what that costs, a named person says
    /// with the quote ([`crate::record::Warranty`]).
    pub struct Rework {
        pub of: JobId,
        /// The earlier job's, so that it can be named where that job is not at hand.
        pub number: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct Decision {
        pub kind: DecisionKind,
        pub by: PersonId,
        pub at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
    }

    pub struct Hold {
        pub kind: HoldKind,
        pub by: PersonId,
        pub at: Timestamp,
        pub reason: String,
        /// When it is expected to end.
        #[serde(default)]
        pub until: Option<Timestamp>,
    }

    pub struct Release {
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// The technician will be late, and says when they come instead: on their phone, or to the office, which writes it down.
    pub struct Delay {
        pub arrives_at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
        /// The technician, or who took their call.
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// What the customer was told of a delay, or says to it.
    pub struct Reply {
        pub delay: EntryId,
        pub kind: ReplyKind,
        /// Over which way it is known: said to the technician, to the desk, or on the customer's own link.
        pub how: How,
        #[serde(default)]
        pub note: Option<String>,
        /// Who says so; none for what came by the customer's link.
        #[serde(default)]
        pub by: Option<PersonId>,
        #[serde(default)]
        pub link: Option<LinkId>,
        pub at: Timestamp,
    }

    /// Why a clock was missed. The breach itself follows from the record and can't be edited away.
    pub struct Breach {
        pub clock: String,
        pub cause: String,
        /// Whose fault: a person, or none where it was nobody's of ours.
        #[serde(default)]
        pub whose: Option<PersonId>,
        pub by: PersonId,
        pub at: Timestamp,
    }
}

words! {
    ReplyKind {
        /// Somebody says that they told the customer, and no more.
        Told = "told",
        /// The customer's page was opened with it.
        Seen = "seen",
        /// 同意新时间
        Agreed = "agreed",
        /// 要求换人: somebody else is to come.
        SomeoneElse = "someone_else",
    }
}

words! {
    DecisionKind {
        /// 电话解决: no visit needed; called two hours later.
        SolvedRemotely = "solved_remotely",
        Cancelled = "cancelled",
        Reopened = "reopened",
        Closed = "closed",
        /// The proof that the trade needs has come (rain passed without a leak).
        Proved = "proved",
    }
}

words! {
    HoldKind {
        Part = "part", Customer = "customer", Price = "price", Workshop = "workshop", Absent = "absent", Proof = "proof",
    }
}
