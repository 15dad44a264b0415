//! Sessions, answers and transcripts, as the management API shows them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Environment, Timestamp,
    ids::{AnswerId, CampaignId, InviteId, ParticipantId, SessionId},
    question::QuestionKind,
    session::SessionStatus,
};

/// A session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Which invite opened it.
    pub invite_id: InviteId,
    /// Who is interviewed.
    pub participant_id: ParticipantId,
    /// Which environment.
    pub environment: Environment,
    /// The version of the guide that it began with and keeps.
    pub guide_version: u32,
    /// The language of the interview.
    pub locale: String,
    /// Where it stands.
    pub status: SessionStatus,
    /// 0 to 1.
    pub progress: f64,
    /// How many answers are committed.
    pub answers: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// The last sign of life.
    pub last_activity_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
}

/// A committed answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The question, or a probe such as `why~1`.
    pub question_id: String,
    /// What kind of question.
    pub kind: QuestionKind,
    /// The answer; `null` where it was skipped.
    pub value: Value,
    /// The client's own count.
    pub seq: u64,
    /// How long the question was on screen.
    pub elapsed_ms: u64,
    /// When it was committed.
    pub answered_at: Timestamp,
    /// Whether it is on the way that leads to where the interview stands; left out where it is. `false` after an earlier
    /// answer was changed: the question is not asked any more, or not yet again, and the transcript leaves it out.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub on_the_way: bool,
}

const fn yes() -> bool {
    true
}

/// `GET /v1/sessions/:id/transcript` as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The session.
    pub session_id: SessionId,
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Who was interviewed.
    pub participant_id: ParticipantId,
    /// The interview's title, in the language of the interview.
    pub title: String,
    /// The language of the interview.
    pub locale: String,
    /// Where it stands.
    pub status: SessionStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// What was agreed to.
    pub consent: Vec<TranscriptConsent>,
    /// Questions on the way to where the interview stands and their answers, in the order they were answered.
    pub entries: Vec<TranscriptEntry>,
}

/// A consent item and whether it was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptConsent {
    /// The item.
    pub id: String,
    /// Which wording.
    pub version: u32,
    /// The wording.
    pub text: String,
    /// Whether it was agreed to.
    pub accepted: bool,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranscriptEntry {
    /// The answer's id.
    pub answer_id: AnswerId,
    /// The question, or a probe such as `why~1`.
    pub question_id: String,
    /// For a probe: the question it asked more about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe_of: Option<String>,
    /// What kind of question.
    pub kind: QuestionKind,
    /// The question as it was asked.
    pub question: String,
    /// The answer.
    pub value: Value,
    /// The answer as a person would read it: labels instead of choice ids.
    pub answer: String,
    /// When it was committed.
    pub answered_at: Timestamp,
}
