//! Statements that depend on a filter: put together from fixed parts, so that no value can become part of one.
//!
//! `$2 IS NULL OR campaign_id = $2` would be one statement for all filters, but the planner then uses no index.

use sqlx::AssertSqlSafe;

/// A statement of these parts; what is not wanted is an empty part.
pub(super) fn sql(parts: &[&'static str]) -> AssertSqlSafe<String> {
    AssertSqlSafe(parts.join(" "))
}

/// The part, if it is wanted.
pub(super) const fn when(wanted: bool, part: &'static str) -> &'static str {
    if wanted { part } else { "" }
}
