//! The participant API, `/v1/participant`: what the widget sends and gets.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Timestamp,
    ids::{AnswerId, SessionId},
    question::{QuestionKind, QuestionView},
};

/// Body of `POST /session`; it may also be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StartSession {
    /// The language the participant prefers (BCP 47); used when the invite names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// Answer to `POST /session`: the interview was started or resumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartedSession {
    /// Authority for the other calls, as `Authorization: Bearer …`.
    pub session_token: String,
    /// How long that token lives; renew it before.
    pub expires_in_s: u32,
    /// The session that the same invite opened before this one. What a device still has of it belongs there: a reply that was
    /// lost may have confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_session: Option<PreviousSession>,
    /// The rest is what `GET /session` gives as well.
    #[serde(flatten)]
    pub snapshot: SessionSnapshot,
}

/// A session that the same invite opened before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSession {
    /// Its id.
    pub id: SessionId,
    /// How it ended: `completed` or `abandoned`.
    pub status: SessionStatus,
}

/// Answer to `GET /session`: all that is needed to resume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionSnapshot {
    /// The session itself.
    pub session: SessionView,
    /// What surrounds the questions.
    pub campaign: CampaignView,
    /// What to show now.
    pub turn: Turn,
    /// What comes then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<Ahead>,
    /// What was typed into the current question and not yet committed.
    pub draft: Option<Draft>,
    /// The participant's own committed answers, oldest first.
    pub answers: Vec<OwnAnswer>,
}

/// The state of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// Where it stands.
    pub status: SessionStatus,
    /// How far it has come, 0 to 1; never goes back.
    pub progress: f64,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Under way.
    Active,
    /// The participant has paused; any call resumes it.
    Paused,
    /// An end was reached.
    Completed,
    /// A required consent was refused.
    Declined,
    /// Left unfinished for longer than the campaign's `resume_window_s`.
    Abandoned,
}

impl SessionStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Active, Self::Paused, Self::Completed, Self::Declined, Self::Abandoned];

    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Abandoned => "abandoned",
        }
    }
}

/// What the participant sees around the questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignView {
    /// The interview's title.
    pub title: String,
    /// What is said before it begins; may be empty.
    pub intro: String,
    /// Custom properties for the widget's look, by name.
    pub theme: Map<String, Value>,
    /// The language of this interview (BCP 47).
    pub locale: String,
    /// What the participant is asked to agree to.
    pub consent: Vec<ConsentItem>,
    /// Whether answers may be changed until the interview is over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_back: bool,
}

/// One thing to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentItem {
    /// Its id.
    pub id: String,
    /// Which wording this is.
    pub version: u32,
    /// The wording.
    pub text: String,
    /// Whether the interview ends when it is refused.
    pub required: bool,
}

/// What to show now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Turn {
    /// The consent items of [`CampaignView::consent`].
    Consent {
        /// 0 to 1.
        progress: f64,
    },
    /// A question.
    Question {
        /// 0 to 1.
        progress: f64,
        /// The question.
        question: Box<QuestionView>,
    },
    /// The interview is over.
    End {
        /// 1.
        progress: f64,
        /// What to say.
        end: EndView,
    },
}

impl Turn {
    /// The same turn, no less far on.
    #[must_use]
    pub fn at_least(mut self, least: f64) -> Self {
        let (Self::Consent { progress } | Self::Question { progress, .. } | Self::End { progress, .. }) =
            &mut self;
        *progress = progress.max(least);
        self
    }

    /// How far the interview has come, 0 to 1.
    pub fn progress(&self) -> f64 {
        match self {
            Self::Consent { progress } | Self::Question { progress, .. } | Self::End { progress, .. } => {
                *progress
            }
        }
    }
}

/// A question that comes after the current one whatever valid answers that one and those between get. There are some only
/// where the guide has `offline_questions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    /// 0 to 1, as the turn will have it.
    pub progress: f64,
    /// The question.
    pub question: QuestionView,
}

/// An end of the interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndView {
    /// Its id in the guide, or [`CONSENT_DECLINED`].
    pub id: String,
    /// What to say.
    pub text: String,
    /// Where to send the participant, if anywhere (http or https).
    pub redirect_url: Option<String>,
}

/// Id of the end that a refused consent leads to.
pub const CONSENT_DECLINED: &str = "consent_declined";

/// Body of `POST /session/consent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveConsent {
    /// What was agreed to; what is left out was refused.
    pub accepted: Vec<AcceptedConsent>,
}

/// One wording that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedConsent {
    /// The item.
    pub id: String,
    /// The wording that was shown.
    pub version: u32,
}

/// Answer to `POST /session/consent` and `POST /session/pause`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionTurn {
    /// The session.
    pub session: SessionView,
    /// What to show now.
    pub turn: Turn,
    /// What comes then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<Ahead>,
}

/// Body of `PUT /session/answers/:question_id`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PutAnswer {
    /// Chosen by the client for each commit (1 to 64 printable ASCII characters); the same id gets the same reply, once and for ever.
    pub client_id: String,
    /// The client's own count; a draft with a lower one never overwrites a later one.
    pub seq: u64,
    /// The answer, by [`QuestionKind`]; `null` skips a question that is not required.
    pub value: Value,
    /// How long the question was on screen.
    #[serde(default)]
    pub elapsed_ms: u64,
    /// `false` saves a draft, `true` commits.
    #[serde(rename = "final")]
    pub is_final: bool,
}

/// Answer to `PUT /session/answers/:question_id`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerReceipt {
    /// The committed answer; `null` for a draft.
    pub answer_id: Option<AnswerId>,
    /// The `seq` that is stored.
    pub seq: u64,
    /// What to show now.
    pub turn: Turn,
    /// What comes then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<Ahead>,
}

/// A draft of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The question.
    pub question_id: String,
    /// The client's count.
    pub seq: u64,
    /// What was typed so far.
    pub value: Value,
}

/// An answer, told back to the participant who gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnAnswer {
    /// The question.
    pub question_id: String,
    /// What kind of question.
    pub kind: QuestionKind,
    /// The question as it was asked.
    pub text: String,
    /// The answer.
    pub value: Value,
    /// The client's count.
    pub seq: u64,
    /// When it was committed.
    pub answered_at: Timestamp,
}

/// Answer to `GET /session/answers/:question_id`: an answer, with its question as it was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnsweredQuestion {
    /// The question.
    pub question: QuestionView,
    /// The answer.
    pub value: Value,
    /// The client's count.
    pub seq: u64,
}

/// Answer to `POST /session/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewedToken {
    /// The new token; the old one lives on until its own end.
    pub session_token: String,
    /// How long it lives.
    pub expires_in_s: u32,
}

/// Answer to `POST /session/complete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedSession {
    /// Always `completed`.
    pub status: SessionStatus,
    /// When the last answer was committed.
    pub completed_at: Timestamp,
    /// How many answers there are.
    pub answers: u32,
}

/// Answer to `POST /session/withdraw`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnSession {
    /// Always `withdrawn`: nothing of the interview is left.
    pub status: Withdrawn,
    /// When it was erased.
    pub withdrawn_at: Timestamp,
}

/// The one status of a [`WithdrawnSession`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawn {
    /// Nothing of the interview is left.
    Withdrawn,
}
