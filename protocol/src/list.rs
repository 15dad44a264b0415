//! Lists, a page at a time.

use serde::{Deserialize, Serialize};

/// One page, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The objects of this page.
    pub data: Vec<T>,
    /// Whether there are older ones.
    pub has_more: bool,
    /// What to send as `?cursor=` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}
