//! Documents for paper: A4 pages with text in the fonts of [`Typeface`], written by hand, for the libraries that lay out more weigh forty
//! megabytes. Text is kept as text: it can be selected, searched and read out, and says what is a heading and what a table. The same input
//! gives the same bytes.
//!
//! Only what our papers need is here: lines from left to right, wrapped between Chinese characters or at blanks. There is no shaping, so
//! Arabic or Indic scripts would come out wrong.

mod file;
mod paper;
mod tags;
mod typeface;

pub use file::About;
pub use paper::{Cell, Ink, Paper};
pub use typeface::{FontError, Typeface};
