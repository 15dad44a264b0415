//! The interview engine: guide and facts in, the next turn out.
// (lead: placeholders so that storage compiles meanwhile; the engineer of this folder replaces this file)

/// An answer that was given.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenAnswer {
    /// The question.
    pub question_id: String,
    /// The answer.
    pub value: serde_json::Value,
}

/// What was said to the consent items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// Nothing yet.
    Pending,
    /// Yes to all that are required.
    Accepted,
    /// No to one that is required.
    Declined,
}
