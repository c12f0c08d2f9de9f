//! The words that phone and server share. No I/O, no async, no clock, no randomness: `now` and random bytes are arguments,
//! so that a simulation can replay everything from a seed.
//!
//! One word per idea:
//!
//! | word | means |
//! | --- | --- |
//! | report | what a customer told us, whatever the channel; has a number (报修) |
//! | job | the work that a report leads to; the unit of dispatch (工单) |
//! | record | the job's Automerge document: the truth about the job |
//! | edit | one typed write to a record ([`edit::Edit`]) |
//! | change | one or more edits as Automerge encodes them; named by its SHA-256 |
//! | step, mark | a place on the checklist; what was ticked there: done, skipped, not applicable |
//! | entry | something added once and never changed: a quote, a consent, a signature, a reading |
//! | crew, office | who writes from a phone; who writes through the server |
//! | gate | a rule that must hold before an edit; the same on phone and server ([`gate`]) |
//! | template | the checklist as data, with a version that a job keeps |
//! | clock | a time limit with a start, a stop and pauses (SLA) |
//! | escalation, level | a clock that somebody has to hear of, and take over (督办); how far up it has come ([`escalation`]) |
//! | sheet | the service task sheet: what the customer is shown and signs (维修服务任务单) |
//! | conflict, matter | places with two values, which anybody may settle; entries that contradict each other, on which the supervisor rules |
//! | inbox, item | what phones sent and was not taken over; one place of it ([`inbox`]) |
//! | site, way | where the customer's address is; from one place to the next, estimated ([`travel`]) |
//! | delay, reply | the technician will be late; what the customer was told of it or says to it ([`mod@delay`]) |
//! | backup consent | what the customer signs before work that can destroy data ([`backup`]) |
//! | take-back, loaner, hand-back | what leaves the home to be repaired, what the customer uses meanwhile, and how both come home ([`take_back`]) |
//! | push, receipt | what a phone sent and signed; what the server signed that it holds |
//! | photo, owed | a picture named in a record by its SHA-256; named there, and its bytes not here yet |
//! | cursor, feed | a place in, and the list of, what is new for one person |
//! | background job | work that the server does after the answer: a thumbnail, a web hook |
//! | problem | an error as the user meets it ([`problem`]) |

pub mod backup;
pub mod barcode;
pub mod bill;
pub mod binary;
mod body;
pub mod call;
pub mod clock;
pub mod conflict;
pub mod contact;
pub mod course;
pub mod customer;
pub mod delay;
pub mod dispatch;
pub mod earlier_visit;
pub mod edit;
pub mod escalation;
pub mod evidence;
#[cfg(any(test, feature = "example"))]
#[expect(clippy::unwrap_used, reason = "what tests share fails like a test")]
pub mod example;
pub mod fault;
pub mod field;
pub mod followup;
pub mod gate;
pub mod id;
pub mod in_hand;
pub mod inbox;
pub mod job;
pub mod limits;
pub mod link;
pub mod money;
pub mod outlet;
pub mod page;
pub mod people;
pub mod photo;
pub mod place;
pub mod price;
pub mod price_list;
pub mod price_request;
pub mod problem;
pub mod promise;
pub mod public;
pub mod published_key;
pub mod question;
pub mod record;
pub mod reference;
pub mod report;
pub mod retime;
pub mod session;
pub mod setup;
pub mod shape;
pub mod sheet;
pub mod staff;
pub mod status;
pub mod take_back;
pub mod template;
pub mod time;
pub mod travel;
pub mod waiting;
pub mod wire;
mod word;

#[cfg(feature = "db")]
pub mod rows;
#[cfg(feature = "db")]
pub mod tables;
