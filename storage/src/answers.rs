//! Answers and drafts of answers.

use async_trait::async_trait;
use domain::session::{StoredAnswer, StoredDraft, StoredReply};
use protocol::ids::SessionId;

use crate::StoreError;

/// What participants answered. Session ids are unique across environments.
#[async_trait]
pub trait AnswerRepository {
    /// Adds an answer and removes the draft of the same question.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the session has an answer to that question, at that position or of that client id.
    async fn add_answer(&mut self, answer: &StoredAnswer) -> Result<(), StoreError>;

    /// Puts an answer in the place of the session's answer to the same question, and removes that question's draft. Of the
    /// answer before nothing is kept but the reply to its client id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is no answer to that question, or another one of that client id.
    async fn replace_answer(&mut self, answer: &StoredAnswer) -> Result<(), StoreError>;

    /// The reply to the commit that a client called so, also when its answer has been replaced.
    async fn find_reply(
        &mut self,
        session: &SessionId,
        client_id: &str,
    ) -> Result<Option<StoredReply>, StoreError>;

    /// All of a session, in the order of their positions.
    async fn list_answers(&mut self, session: &SessionId) -> Result<Vec<StoredAnswer>, StoreError>;

    /// All of several sessions, in the order of their positions within each.
    async fn list_answers_of(&mut self, sessions: &[SessionId]) -> Result<Vec<StoredAnswer>, StoreError>;

    /// How many bytes the values and replies of several sessions are.
    async fn count_answer_bytes_of(&mut self, sessions: &[SessionId]) -> Result<u64, StoreError>;

    /// Stores a draft in place of the session's draft before, unless that is of the same question and has a higher
    /// `seq`. Gives what is stored now.
    async fn put_draft(&mut self, draft: &StoredDraft) -> Result<StoredDraft, StoreError>;

    /// The session's draft.
    async fn find_draft(&mut self, session: &SessionId) -> Result<Option<StoredDraft>, StoreError>;
}
