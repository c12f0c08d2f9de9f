//! Pages that the server writes itself.

pub mod customer_page;
