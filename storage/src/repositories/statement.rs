//! Statements with their values, in words that both databases understand.
//!
//! Those that depend on a filter are put together from fixed parts, so that no value can become part of one.
//! `$2 IS NULL OR campaign_id = $2` would be one statement for all filters, but the planner then uses no index.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// A statement of these parts; what is not wanted is an empty part.
pub(crate) fn sql(parts: &[&'static str]) -> AssertSqlSafe<String> {
    AssertSqlSafe(parts.join(" "))
}

/// The part, if it is wanted.
pub(crate) const fn when(wanted: bool, part: &'static str) -> &'static str {
    if wanted { part } else { "" }
}

/// A statement with its values.
#[derive(Debug)]
pub(crate) struct Statement<'q> {
    pub(super) text: SqlStr,
    pub(super) values: Vec<Value<'q>>,
}

/// A statement, to which its values are bound in the order of their numbers.
pub(crate) fn query<'q>(text: impl SqlSafeStr) -> Statement<'q> {
    Statement { text: text.into_sql_str(), values: Vec::new() }
}

impl<'q> Statement<'q> {
    /// The next value.
    pub(crate) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }
}

/// What there is in a column. Whole numbers of all widths are kept in 64 bits.
#[derive(Debug)]
pub(crate) enum Value<'q> {
    Text(Option<Cow<'q, str>>),
    Integer(Option<i64>),
    Real(f64),
    Boolean(bool),
    Bytes(Option<&'q [u8]>),
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(text: &'q String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(text: Option<&'q str>) -> Self {
        Self::Text(text.map(Cow::from))
    }
}

impl<'q> From<Option<&'q String>> for Value<'q> {
    fn from(text: Option<&'q String>) -> Self {
        text.map(String::as_str).into()
    }
}

impl<'q> From<&'q Option<String>> for Value<'q> {
    fn from(text: &'q Option<String>) -> Self {
        text.as_deref().into()
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(text: Option<String>) -> Self {
        Self::Text(text.map(Cow::from))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        i64::from(number).into()
    }
}

impl From<Option<u32>> for Value<'_> {
    fn from(number: Option<u32>) -> Self {
        number.map(i64::from).into()
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(is: bool) -> Self {
        Self::Boolean(is)
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(bytes: &'q [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl<'q> From<&'q Vec<u8>> for Value<'q> {
    fn from(bytes: &'q Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}

impl<'q> From<&'q Option<Vec<u8>>> for Value<'q> {
    fn from(bytes: &'q Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes.as_deref())
    }
}
