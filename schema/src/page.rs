//! Lists are answered in pages: `?after=KEY&limit=N` asks for what follows a key, `next` is the key to ask with for the rest.

use crate::limits::{PAGE_ROWS, PAGE_ROWS_MAX};
use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// `after` for the next page; none where this was the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// From rows that were asked for with one more than `limit`, so that the last page knows that it is the last.
    pub fn cut(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(item).collect(), next: self.next }
    }
}

/// How many rows a client gets that asked for so many.
pub fn rows(limit: Option<i64>) -> i64 {
    limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_names_no_next_one() {
        let page = Page::cut(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!(page, Page { items: vec![1, 2], next: Some("2".to_owned()) });
        assert_eq!(Page::cut(vec![1, 2], 2, ToString::to_string).next, None);
    }

    #[test]
    fn nobody_gets_more_rows_than_the_limit() {
        assert_eq!((rows(None), rows(Some(0)), rows(Some(i64::MAX))), (PAGE_ROWS, 1, PAGE_ROWS_MAX));
    }
}
