//! What is learnt about a call while it is answered, for those who look at the answer: which key it came with, and
//! what is left of the organization's minute.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    response::Response,
};
use protocol::{Timestamp, ids::ApiKeyId};

use crate::{limits::Budget, state::AppState, usage::Usage};

/// Left by the extractors. Each thing is said once.
#[derive(Debug, Default)]
pub struct CallNotes {
    key: OnceLock<(ApiKeyId, Timestamp)>,
    budget: OnceLock<Budget>,
}

impl CallNotes {
    /// Those of a request.
    pub fn of(parts: &Parts) -> Option<&Self> {
        parts.extensions.get::<Arc<Self>>().map(AsRef::as_ref)
    }

    /// The caller has shown this key, and its secret was right.
    pub fn key_was_proven(&self, key: &ApiKeyId, at: Timestamp) {
        self.key.get_or_init(|| (key.clone(), at));
    }

    /// What is left of the minute after this request.
    pub fn budget_was_taken(&self, budget: Budget) {
        self.budget.get_or_init(|| budget);
    }
}

/// A call that is being answered. Should nobody wait for the answer any more, it counts as failed.
#[derive(Debug)]
pub struct Call {
    notes: Arc<CallNotes>,
    usage: Arc<Usage>,
    answered: Option<StatusCode>,
}

impl Call {
    /// Lets the extractors take notes.
    pub fn begin(state: &AppState, request: &mut Request) -> Self {
        let notes = Arc::<CallNotes>::default();
        request.extensions_mut().insert(Arc::clone(&notes));
        Self { notes, usage: Arc::clone(&state.shared.usage), answered: None }
    }

    /// Counts the call and says in the answer what is left of the minute.
    pub fn finish(mut self, response: &mut Response) {
        self.answered = Some(response.status());
        let Some(budget) = self.notes.budget.get() else { return };
        let fields = [("ratelimit-policy", budget.policy_header()), ("ratelimit", budget.header())];
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some((key, at)) = self.notes.key.get() {
            let is_error = self.answered.is_none_or(|status| status.as_u16() >= 400);
            self.usage.count(key, *at, is_error);
        }
    }
}
