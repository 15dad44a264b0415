//! Rows become types here; what does not fit is named by table, column and row.

use std::fmt::Display;

use super::{
    fault::unfit,
    link::{Cell, Row},
};
use crate::StoreError;
use protocol::Timestamp;
use serde::{
    Serialize,
    de::{
        DeserializeOwned,
        value::{Error as WordError, StringDeserializer},
    },
};

/// One row, on its way to become a type.
pub(crate) struct Cells<'r> {
    row: &'r Row,
    table: &'static str,
    key: &'static str,
}

impl<'r> Cells<'r> {
    /// A row of `table`; `key` is the column that tells rows apart in an error.
    pub(crate) const fn new(row: &'r Row, table: &'static str, key: &'static str) -> Self {
        Self { row, table, key }
    }

    /// A value as the database has it.
    pub(crate) fn get<T: Cell<'r>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.get(column).map_err(|_| self.corrupt(column))
    }

    /// An id, a status or another value that is one word.
    pub(crate) fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.read_word(column, self.get(column)?)
    }

    /// The same, or nothing.
    pub(crate) fn optional_word<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.get::<Option<String>>(column)?.map(|word| self.read_word(column, word)).transpose()
    }

    /// Something that is kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(self.get(column)?).map_err(|_| self.corrupt(column))
    }

    /// The same, or nothing.
    pub(crate) fn optional_json<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.get::<Option<&str>>(column)?;
        text.map(|text| serde_json::from_str(text).map_err(|_| self.corrupt(column))).transpose()
    }

    /// A time.
    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column).map(Timestamp::from_millis)
    }

    /// The same, or nothing.
    pub(crate) fn optional_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.get::<Option<i64>>(column)?.map(Timestamp::from_millis))
    }

    /// A whole number with limits.
    pub(crate) fn count<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.get(column)?).map_err(|_| self.corrupt(column))
    }

    /// The same, or nothing.
    pub(crate) fn optional_count<T: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.get::<Option<i64>>(column)?
            .map(|number| T::try_from(number).map_err(|_| self.corrupt(column)))
            .transpose()
    }

    /// The error for a value that does not fit.
    pub(crate) fn corrupt(&self, column: &'static str) -> StoreError {
        let id = self.row.get::<String>(self.key).unwrap_or_else(|_| "?".to_owned());
        StoreError::Corrupt { table: self.table, column, id }
    }

    fn read_word<T: DeserializeOwned>(&self, column: &'static str, word: String) -> Result<T, StoreError> {
        T::deserialize(StringDeserializer::<WordError>::new(word)).map_err(|_| self.corrupt(column))
    }
}

/// JSON, to be stored as text.
pub(crate) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unfit)
}

/// An unsigned number, to be stored in 63 bits.
pub(crate) fn number(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(unfit)
}

/// An optional id, to be stored as text.
pub(crate) fn text(id: Option<&impl Display>) -> Option<String> {
    id.map(ToString::to_string)
}

/// Some ids, to be given to `json_each`: one statement for any number of them.
pub(crate) fn ids(ids: &[impl Serialize]) -> Result<String, StoreError> {
    json(&ids)
}

/// An optional time, to be stored in milliseconds.
pub(crate) fn millis(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_millis)
}

/// A value that is one word in JSON, to be stored as that word.
pub(crate) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(unfit(std::fmt::Error)),
        Err(error) => Err(unfit(error)),
    }
}
