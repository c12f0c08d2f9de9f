//! The state of a job, as a function of its record (`domain.md §7`): never a field that a merge could get wrong.

use crate::word::words;

words! {
    /// Where a job stands.
    Status {
        /// Data is missing; it can't be dispatched.
        Reported = "reported",
        Ready = "ready",
        Assigned = "assigned",
        Accepted = "accepted",
        Appointed = "appointed",
        EnRoute = "en_route",
        OnSite = "on_site",
        Working = "working",
        Tested = "tested",
        Signed = "signed",
        Closed = "closed",
        WaitingPart = "waiting_part",
        WaitingCustomer = "waiting_customer",
        WaitingPrice = "waiting_price",
        InWorkshop = "in_workshop",
        CustomerAbsent = "customer_absent",
        AwaitingProof = "awaiting_proof",
        SolvedRemotely = "solved_remotely",
        Cancelled = "cancelled",
        Reopened = "reopened",
    }
}
