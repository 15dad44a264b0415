//! Answers.

#![expect(clippy::unused_async, reason = "async-graphql takes no other functions")]

use std::sync::Arc;

use async_graphql::{Context, ID, Json, Object};
use domain::session::StoredAnswer;
use serde_json::Value;

use crate::{
    error::ApiError,
    graphql::{
        budget::{self, weight},
        limits::ON_THE_WAY_COST,
        loaders::{self, OnTheWayIn},
        scalars::{DateTime, Whole},
    },
};

/// A committed answer.
pub(in crate::graphql) struct Answer(pub(in crate::graphql) Arc<StoredAnswer>);

/// A committed answer.
#[Object]
impl Answer {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The question, or a probe such as `why~1`.
    async fn question_id(&self) -> &str {
        &self.0.question_id
    }

    /// What kind of question, such as `long_text`.
    async fn kind(&self) -> String {
        let word = serde_json::to_value(self.0.kind).ok();
        word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The answer; `null` where it was skipped.
    async fn value(&self, context: &Context<'_>) -> Result<Option<Json<&Value>>, ApiError> {
        // Not null where it fails, as null says that it was skipped: what holds it fails as a whole.
        budget::of(context)?.tell(weight(&self.0.value))?;
        Ok(Some(&self.0.value).filter(|value| !value.is_null()).map(Json))
    }

    /// How long the question was on screen, in milliseconds.
    async fn elapsed_ms(&self) -> Whole {
        Whole(self.0.elapsed_ms)
    }

    /// When it was committed.
    async fn answered_at(&self) -> DateTime {
        DateTime(self.0.answered_at)
    }

    /// Whether its question is still on the way. A changed answer to an earlier one can lead past it; the transcript
    /// leaves it out then.
    #[graphql(complexity = "ON_THE_WAY_COST")]
    async fn on_the_way(&self, context: &Context<'_>) -> Result<bool, ApiError> {
        let session = OnTheWayIn(self.0.session_id.clone());
        let on_the_way = loaders::of(context)?.load_one(session).await?.ok_or_else(ApiError::not_found)?;
        Ok(on_the_way.contains(&self.0.question_id))
    }
}
