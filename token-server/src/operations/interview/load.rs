//! A session with all that the engine needs.

use domain::{
    campaign::StoredCampaign,
    guide::CheckedGuide,
    interview::{Facts, GivenAnswer, Interview},
    invite::{InviteRefused, StoredInvite},
    session::{StoredAnswer, StoredSession},
};
use protocol::{
    ErrorCode, Timestamp,
    invite::InviteStatus,
    question::QuestionView,
    session::{Ahead, SessionStatus, Turn},
};
use storage::UnitOfWork;

use super::News;
use crate::{
    auth::participant::{PageOrigin, Participant},
    error::ApiError,
    operations::invites::refused,
    state::AppState,
};

/// A session, its guide and its answers.
#[derive(Debug)]
pub struct Loaded {
    /// The session.
    pub session: StoredSession,
    /// The invite that opened it.
    pub invite: StoredInvite,
    /// Its campaign.
    pub campaign: StoredCampaign,
    /// The version of the guide that it keeps.
    pub guide: CheckedGuide,
    /// Its answers, oldest first.
    pub answers: Vec<StoredAnswer>,
    /// What the call makes happen.
    pub news: News,
    given: Vec<GivenAnswer>,
}

impl Loaded {
    /// A session with its answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new(
        unit: &mut dyn UnitOfWork,
        state: &AppState,
        session: StoredSession,
        invite: StoredInvite,
        campaign: StoredCampaign,
    ) -> Result<Self, ApiError> {
        let guide = state.shared.guides.of_session(unit, &campaign, &session).await?;
        let answers = unit.list_answers(&session.id).await?;
        let given = answers.iter().map(StoredAnswer::given).collect();
        Ok(Self { session, invite, campaign, guide, answers, news: News::default(), given })
    }

    /// A session, with what belongs to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        unit: &mut dyn UnitOfWork,
        state: &AppState,
        session: StoredSession,
    ) -> Result<Self, ApiError> {
        let missing = || ApiError::internal(&"a session's invite or campaign is missing");
        let invite = unit.find_invite(session.environment, &session.invite_id).await?.ok_or_else(missing)?;
        let campaign =
            unit.find_campaign(session.environment, &session.campaign_id).await?.ok_or_else(missing)?;
        Self::new(unit, state, session, invite, campaign).await
    }

    /// The engine on what is known.
    pub fn interview(&self) -> Interview<'_> {
        let facts = Facts {
            seed: self.session.seed,
            locale: &self.session.locale,
            fallback_locale: &self.session.fallback_locale,
            variables: &self.invite.variables,
            consent: self.session.consent_state(),
            probes: &self.session.probes,
            answers: &self.given,
        };
        Interview::new(&self.guide, facts)
    }

    /// What to show now. A changed answer can lead to a longer way, but progress never goes back.
    pub fn turn(&self) -> Turn {
        self.interview().turn().at_least(self.session.progress)
    }

    /// What comes after the turn, as far as the guide lets the participant have it in advance.
    pub fn ahead(&self) -> Vec<Ahead> {
        let limit = usize::try_from(self.guide.guide().offline_questions).unwrap_or(usize::MAX);
        if limit == 0 {
            return Vec::new();
        }
        let mut ahead = self.interview().ahead(limit);
        for Ahead { progress, .. } in &mut ahead {
            *progress = progress.max(self.session.progress);
        }
        ahead
    }

    /// The answers on the way with their questions as they were asked, oldest first.
    pub fn answered(&self) -> Vec<(&StoredAnswer, QuestionView)> {
        let mut asked = self.interview().asked().into_iter().peekable();
        let paired = self.answers.iter().filter_map(|answer| {
            // The engine leaves out what is not on the way, so the two lists are joined by id.
            let question = asked.next_if(|question| question.id == answer.question_id)?;
            Some((answer, question))
        });
        paired.collect()
    }

    /// Takes an answer in: one more, or one in the place of another to the same question.
    pub fn take(&mut self, answer: StoredAnswer) {
        self.note_probe();
        self.put_in(answer);
        self.note_probe();
    }

    /// Writes down the id that the open question has as a probe, for it to be no other's. Only where an answer may be
    /// changed can another come in its place.
    fn note_probe(&mut self) {
        if self.guide.guide().allow_back {
            let probe = self.interview().probe();
            self.session.probes.extend(probe);
        }
    }

    fn put_in(&mut self, answer: StoredAnswer) {
        let place = self.answers.iter().position(|before| before.question_id == answer.question_id);
        let place = place.and_then(|place| self.given.get_mut(place).zip(self.answers.get_mut(place)));
        if let Some((given, stored)) = place {
            (*given, *stored) = (answer.given(), answer);
        } else {
            self.session.answers += 1;
            self.given.push(answer.given());
            self.answers.push(answer);
        }
    }

    /// The answer to a question, also when it is no longer on the way.
    pub fn answer_to(&self, question_id: &str) -> Option<&StoredAnswer> {
        self.answers.iter().find(|answer| answer.question_id == question_id)
    }
}

/// Reads the guide of a session token's session unless it is in memory. Checking one takes a while, in which a job would
/// keep everybody waiting, so this goes before each job that needs it. Whatever is wrong, [`by_token`] tells.
///
/// # Errors
/// When the database fails.
pub async fn prepare(state: &AppState, participant: &Participant) -> Result<(), ApiError> {
    let guides = &state.shared.guides;
    if guides.has_that_of(&participant.session_id) {
        return Ok(());
    }
    let mut unit = state.store().read().await?;
    if let Some(session) = unit.find_session(state.environment, &participant.session_id).await?
        && let Some(campaign) = unit.find_campaign(state.environment, &session.campaign_id).await?
    {
        guides.of_session(unit.as_mut(), &campaign, &session).await?;
    }
    Ok(())
}

/// The session of a session token. A session may go on while its campaign is paused or closed, so that nobody loses
/// an interview half-way; starting and resuming take an active campaign.
///
/// # Errors
/// 401 when it is gone, 403 for a page of another origin, 410 when the invite was cancelled or the time to resume is over.
pub async fn by_token(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    participant: &Participant,
    now: Timestamp,
) -> Result<Loaded, ApiError> {
    let session = unit
        .find_session(state.environment, &participant.session_id)
        .await?
        .ok_or_else(ApiError::unauthorized)?;
    let invite =
        unit.find_invite(state.environment, &session.invite_id).await?.ok_or_else(ApiError::unauthorized)?;
    let campaign = unit
        .find_campaign(state.environment, &session.campaign_id)
        .await?
        .ok_or_else(ApiError::unauthorized)?;
    check_origin(&participant.origin, &invite, &campaign)?;
    if invite.status == InviteStatus::Cancelled {
        return Err(refused(InviteRefused::Cancelled));
    }
    if session.status_at(now) == SessionStatus::Abandoned {
        return Err(refused(InviteRefused::Expired));
    }
    Loaded::new(unit, state, session, invite, campaign).await
}

/// Refuses pages of another origin. The page may not even read the refusal: the browser blocks it, as CORS has it.
///
/// # Errors
/// 403.
pub fn check_origin(
    origin: &PageOrigin,
    invite: &StoredInvite,
    campaign: &StoredCampaign,
) -> Result<(), ApiError> {
    if origin.is_allowed(invite.origin.as_deref(), &campaign.settings.allowed_origins) {
        return Ok(());
    }
    let message = "This interview may not be shown on pages of this origin. Add the origin to the campaign's allowed_origins.";
    Err(ApiError { hidden_from_page: true, ..ApiError::with_message(ErrorCode::Forbidden, message) })
}
