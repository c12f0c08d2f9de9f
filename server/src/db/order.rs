//! Lists in the order of a moment, page by page. Of one moment the id decides; a page begins behind the place of a row, which is told by the
//! same two columns.

/// The first moment first.
macro_rules! rising {
    ($query:expr, ($at:expr, $id:expr), $after:expr) => {{
        let mut query = $query;
        if let Some((at, id)) = $after {
            query = query.filter($at.ge(at).and($at.gt(at).or($id.gt(id))));
        }
        query.order(($at, $id))
    }};
}

/// The last moment first.
macro_rules! falling {
    ($query:expr, ($at:expr, $id:expr), $after:expr) => {{
        let mut query = $query;
        if let Some((at, id)) = $after {
            query = query.filter($at.le(at).and($at.lt(at).or($id.lt(id))));
        }
        query.order(($at.desc(), $id.desc()))
    }};
}

pub(super) use {falling, rising};
