//! How many bytes a request may read and answer with. Its cost counts fields, and one field may hold a book.
//!
//! What has no small bound of its own is charged before it is copied: an answer's value, the customer's own data. What is
//! read is charged apart from what is answered, so that a text counts once for each time that it is told.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::{Context, SelectionField};
use domain::{campaign::StoredCampaign, invite::StoredInvite};
use protocol::{ErrorCode, campaign::CampaignSettings};
use serde_json::{Map, Value};

use super::limits::MAX_ANSWER_BYTES;
use crate::error::ApiError;

/// What each value takes up beside its text, in memory and in what is sent: so a list of many zeros is not light.
const EACH: usize = 64;

/// What is left to a request.
#[derive(Debug)]
pub(super) struct Budget {
    to_read: AtomicUsize,
    to_answer: AtomicUsize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { to_read: AtomicUsize::new(MAX_ANSWER_BYTES), to_answer: AtomicUsize::new(MAX_ANSWER_BYTES) }
    }
}

impl Budget {
    /// Charges for what is read, whether or not it is told.
    ///
    /// # Errors
    /// `payload_too_large` when that is more than is left.
    pub(super) fn read(&self, bytes: usize) -> Result<(), ApiError> {
        take(&self.to_read, bytes)
    }

    /// Charges for what is told, each time that it is.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn tell(&self, bytes: usize) -> Result<(), ApiError> {
        take(&self.to_answer, bytes)
    }
}

fn take(left: &AtomicUsize, bytes: usize) -> Result<(), ApiError> {
    let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
    taken.map(drop).map_err(|_| {
        let message = format!(
            "The request asks for more than {MAX_ANSWER_BYTES} bytes of texts and data. Ask for each once, for fewer at once or one \
             session at a time; the REST API gives the answers of any session (GET /v1/sessions/:id/answers)."
        );
        ApiError::with_message(ErrorCode::PayloadTooLarge, message)
    })
}

/// That of the request that is being answered.
///
/// # Errors
/// 500 when it was not given any.
pub(super) fn of<'a>(context: &Context<'a>) -> Result<&'a Budget, ApiError> {
    let found = context.data_opt::<Arc<Budget>>();
    found.map(AsRef::as_ref).ok_or_else(|| ApiError::internal(&"a request without its budget"))
}

/// Charges for the fields of this many rows, of a list whose length was not known when the request was weighed.
///
/// # Errors
/// As [`Budget::tell`].
pub(super) fn tell_rows(context: &Context<'_>, rows: usize) -> Result<(), ApiError> {
    let list = context.field();
    let key = |field: SelectionField<'_>| EACH + field.alias().unwrap_or(field.name()).len();
    let each: usize = list.selection_set().map(key).sum();
    of(context)?.tell(rows.saturating_mul(each))
}

/// What a value takes up.
pub(super) fn weight(value: &Value) -> usize {
    EACH + match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => weight_of_text(text),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => weight_of_members(members),
    }
}

/// The same of the members of an object.
pub(super) fn weight_of_members(members: &Map<String, Value>) -> usize {
    members.iter().map(|(name, value)| weight_of_text(name) + weight(value)).sum()
}

/// The same of a list of texts.
pub(super) fn weight_of_texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> usize {
    texts.into_iter().map(|text| EACH + weight_of_text(text)).sum()
}

/// How long a text is as JSON.
fn weight_of_text(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..=0x1f => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}

/// What an interview holds of the customer's own.
pub(super) fn weight_of_interview(campaign: &StoredCampaign) -> usize {
    let CampaignSettings { theme, allowed_origins, .. } = &campaign.settings;
    weight_of_members(&campaign.metadata) + weight_of_members(theme) + weight_of_texts(allowed_origins)
}

/// What an invite holds of the customer's own.
pub(super) fn weight_of_invite(invite: &StoredInvite) -> usize {
    weight_of_members(&invite.variables)
        + weight_of_members(&invite.metadata)
        + weight_of_texts(&invite.origin)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_weighs_its_texts_as_json_and_something_for_each_value() {
        for (value, text) in [
            (json!(null), 0),
            (json!(1.5), 0),
            (json!("abc"), 3),
            (json!("é"), 2),
            (json!("a\"\\\n\u{1}"), 1 + 2 + 2 + 2 + 6),
        ] {
            assert_eq!(weight(&value), EACH + text, "{value}");
        }
        assert_eq!(weight(&json!([0, 0, [0]])), 5 * EACH);
        assert_eq!(weight(&json!({"ab": {"c": "def"}})), 3 * EACH + 2 + 1 + 3);
        assert_eq!(weight_of_texts(&["ab".to_owned(), "c".to_owned()]), 2 * EACH + 3);
    }

    #[test]
    fn what_is_left_is_taken_to_the_last_byte_and_not_beyond() {
        let budget = Budget::default();
        budget.tell(MAX_ANSWER_BYTES - 1).unwrap();
        assert_eq!(budget.tell(2).unwrap_err().code, ErrorCode::PayloadTooLarge);
        budget.tell(1).unwrap();
        assert!(budget.tell(1).is_err() && budget.tell(usize::MAX).is_err());
        budget.read(MAX_ANSWER_BYTES).unwrap();
        assert!(budget.read(1).is_err());
    }
}
