//! Sessions: one run through an interview, and the answers given in it.

use std::collections::BTreeMap;

use protocol::{
    Environment, Timestamp,
    ids::{AnswerId, CampaignId, InviteId, OrganizationId, ParticipantId, SessionId},
    interview::{Answer, Session},
    question::QuestionKind,
    session::{AcceptedConsent, SessionStatus},
};
use serde_json::Value;

use crate::interview::{ConsentState, GivenAnswer};

/// A session, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSession {
    /// Its id.
    pub id: SessionId,
    /// Which environment.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Which invite opened it.
    pub invite_id: InviteId,
    /// Who is interviewed.
    pub participant_id: ParticipantId,
    /// The version of the guide that it keeps.
    pub guide_version: u32,
    /// What shuffles and chooses probes.
    pub seed: u64,
    /// The language of the interview.
    pub locale: String,
    /// The language for texts that the guide lacks in that one: the campaign's when it began.
    pub fallback_locale: String,
    /// What is stored; never `abandoned`, which follows from the time (see [`Self::status_at`]).
    pub status: SessionStatus,
    /// What was said to the consent items; `None` before anything was.
    pub consent: Option<Vec<AcceptedConsent>>,
    /// Which probe each id of one was given to ([`crate::interview::Facts::probes`]); kept where answers may be changed.
    pub probes: BTreeMap<String, String>,
    /// How long after its last sign of life it can be resumed; the campaign's when it began.
    pub resume_window_s: u32,
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

impl StoredSession {
    /// Until when it can be resumed.
    pub fn resumable_until(&self) -> Timestamp {
        self.last_activity_at.plus_secs(i64::from(self.resume_window_s))
    }

    /// Where it stands at `now`.
    pub fn status_at(&self, now: Timestamp) -> SessionStatus {
        match self.status {
            SessionStatus::Active | SessionStatus::Paused if self.resumable_until() <= now => {
                SessionStatus::Abandoned
            }
            status => status,
        }
    }

    /// What was said to the consent items, for the engine.
    pub const fn consent_state(&self) -> ConsentState {
        match (&self.consent, self.status) {
            (None, _) => ConsentState::Pending,
            (Some(_), SessionStatus::Declined) => ConsentState::Declined,
            (Some(_), _) => ConsentState::Accepted,
        }
    }

    /// As the management API shows it at `now`.
    pub fn view(&self, now: Timestamp) -> Session {
        Session {
            id: self.id.clone(),
            campaign_id: self.campaign_id.clone(),
            invite_id: self.invite_id.clone(),
            participant_id: self.participant_id.clone(),
            environment: self.environment,
            guide_version: self.guide_version,
            locale: self.locale.clone(),
            status: self.status_at(now),
            progress: self.progress,
            answers: self.answers,
            started_at: self.started_at,
            last_activity_at: self.last_activity_at,
            completed_at: self.completed_at,
        }
    }
}

/// A committed answer, as stored.
#[derive(Clone, PartialEq)]
pub struct StoredAnswer {
    /// Its id.
    pub id: AnswerId,
    /// Which session.
    pub session_id: SessionId,
    /// 0 for the first answer of the session, and so on.
    pub position: u32,
    /// The question, or a probe such as `why~1`.
    pub question_id: String,
    /// What kind of question.
    pub kind: QuestionKind,
    /// The answer.
    pub value: Value,
    /// For a probe: which one it was.
    pub probe: Option<String>,
    /// The client's own count.
    pub seq: u64,
    /// What the client called this commit.
    pub client_id: String,
    /// How long the question was on screen.
    pub elapsed_ms: u64,
    /// When it was committed.
    pub answered_at: Timestamp,
    /// The reply, as JSON: a repeated commit gets it again, once and for ever.
    pub reply: String,
}

impl std::fmt::Debug for StoredAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredAnswer")
            .field("id", &self.id)
            .field("question_id", &self.question_id)
            .finish_non_exhaustive()
    }
}

impl StoredAnswer {
    /// As the management API shows it; whether it is on the way to where the interview stands.
    pub fn view(&self, on_the_way: bool) -> Answer {
        Answer {
            id: self.id.clone(),
            question_id: self.question_id.clone(),
            kind: self.kind,
            value: self.value.clone(),
            seq: self.seq,
            elapsed_ms: self.elapsed_ms,
            answered_at: self.answered_at,
            on_the_way,
        }
    }

    /// For the engine.
    pub fn given(&self) -> GivenAnswer {
        GivenAnswer {
            question_id: self.question_id.clone(),
            value: self.value.clone(),
            probe: self.probe.clone(),
        }
    }
}

/// The reply to a commit.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredReply {
    /// What was answered.
    pub question_id: String,
    /// The reply, as JSON.
    pub json: String,
}

impl std::fmt::Debug for StoredReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredReply").field("question_id", &self.question_id).finish_non_exhaustive()
    }
}

/// A draft of an answer, as stored: at most one for each session.
#[derive(Clone, PartialEq)]
pub struct StoredDraft {
    /// Which session.
    pub session_id: SessionId,
    /// Which question.
    pub question_id: String,
    /// The client's own count.
    pub seq: u64,
    /// What was typed so far.
    pub value: Value,
    /// When.
    pub saved_at: Timestamp,
}

impl std::fmt::Debug for StoredDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredDraft").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}
