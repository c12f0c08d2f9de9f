//! What runs in the background. Each job may run on several servers at once, and may be cut off anywhere: the next one goes on.

pub mod housekeeping;
