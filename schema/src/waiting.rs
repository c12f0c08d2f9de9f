//! How much waits for somebody at the desk: a number beside each page's name, counted by the server.

use crate::body::data;

data! {
    /// What of one kind waits.
    #[derive(Copy, Eq)]
    pub struct Waits {
        pub count: i64,
        /// Of those, past their time.
        pub late: i64,
    }

    /// `GET /v1/waiting`: what is open, or due by now, in the caller's outlets. None: nothing of it is the caller's to see.
    #[derive(Copy, Eq)]
    pub struct Waiting {
        /// Entries of the inbox with something left to decide.
        pub refused: Option<Waits>,
        /// Jobs under way with places where two values stand.
        pub differing: Option<Waits>,
        /// Prices off the list to give.
        pub prices: Option<Waits>,
        /// Questions whose customer has not been told.
        pub questions: Option<Waits>,
        /// Promises that are due soon, or broken.
        pub promises: Option<Waits>,
        /// Calls that may be made by now.
        pub follow_ups: Option<Waits>,
        /// Escalations in the caller's hands, or addressed to their role and in nobody's; late: of limits that were missed.
        pub escalations: Option<Waits>,
    }
}
