//! The participant's side of an interview.
//!
//! Every call loads the session with all that the engine needs ([`load`]), asks the engine, and writes what follows
//! from it in the same transaction.

pub mod answer;
pub mod consent;
pub mod finish;
pub mod load;
pub mod start;
pub mod stream;
pub mod upload;

pub use load::Loaded;

use domain::{
    session::StoredSession,
    webhook::{of_invite, of_session},
};
use futures_util::future::BoxFuture;
use protocol::{
    Timestamp,
    invite::InviteStatus,
    session::{CampaignView, Draft, OwnAnswer, SessionSnapshot, SessionStatus, SessionTurn, SessionView},
    webhook::EventType,
};
use storage::UnitOfWork;

use crate::{
    error::ApiError,
    operations::{events, to_the_end},
    state::AppState,
};

/// How long a session token lives: long enough for a slow answer, short enough to be worth little when it leaks.
pub const SESSION_TOKEN_TTL_S: u32 = 900;

/// What a call has made happen in an interview, to be counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct News {
    /// The session began.
    pub is_started: bool,
    /// An answer was stored.
    pub is_answered: bool,
    /// The session came to its end.
    pub is_completed: bool,
}

/// Runs `job` as [`storage::write`] does, and counts what it has made happen when that is on disk. Both are done to the
/// end when the caller has hung up: on a bad line that is when an answer is sent a second time, which is no news then.
///
/// # Errors
/// Those of the job, and when the commit fails.
async fn write<T, F>(state: &AppState, job: F) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a mut dyn UnitOfWork) -> BoxFuture<'a, Result<(T, News), ApiError>> + Send + 'static,
{
    let state = state.clone();
    to_the_end(async move {
        let (done, news) = storage::write(state.store(), job).await?;
        let numbers = state.numbers();
        let counters = [
            (news.is_started, &numbers.sessions_started),
            (news.is_answered, &numbers.answers_committed),
            (news.is_completed, &numbers.sessions_completed),
        ];
        for (_, counter) in counters.into_iter().filter(|(has_happened, _)| *has_happened) {
            counter.inc();
        }
        Ok(done)
    })
    .await
}

/// Writes down a sign of life, and the end if the last answer or the consent has led to one.
///
/// # Errors
/// When the database fails.
async fn settle(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    loaded: &mut Loaded,
    now: Timestamp,
) -> Result<(), ApiError> {
    let (is_over, progress) = {
        let interview = loaded.interview();
        (interview.is_over(), interview.progress())
    };
    let session = &mut loaded.session;
    session.progress = session.progress.max(progress);
    session.last_activity_at = now;
    if is_over && session.status == SessionStatus::Active {
        session.status = SessionStatus::Completed;
        session.completed_at = Some(now);
        loaded.news.is_completed = true;
        let from = [InviteStatus::Pending, InviteStatus::Started];
        let to = InviteStatus::Completed;
        let is_spent = unit.move_invite(session.environment, &session.invite_id, &from, to, now).await?;
        if is_spent {
            tell(unit, state, session, EventType::InviteCompleted, now).await?;
        }
        tell(unit, state, session, EventType::InterviewCompleted, now).await?;
    }
    unit.update_session(session).await?;
    Ok(())
}

/// Tells of a session, or of the invite that opened it.
async fn tell(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    session: &StoredSession,
    kind: EventType,
    now: Timestamp,
) -> Result<(), ApiError> {
    let invite =
        |status| of_invite(&session.invite_id, &session.campaign_id, &session.participant_id, status);
    let data = match kind {
        EventType::InviteStarted => invite(InviteStatus::Started.as_str()),
        EventType::InviteCompleted => invite(InviteStatus::Completed.as_str()),
        EventType::InviteExpired => invite(InviteStatus::Expired.as_str()),
        _ => of_session(session, session.status.as_str()),
    };
    let entropy = state.shared.entropy.as_ref();
    events::tell(unit, entropy, now, (session.environment, &session.organization_id), kind, data).await
}

/// All that the widget needs to show where the interview stands.
///
/// # Errors
/// When the database fails.
pub async fn snapshot(unit: &mut dyn UnitOfWork, loaded: &Loaded) -> Result<SessionSnapshot, ApiError> {
    let draft = unit.find_draft(&loaded.session.id).await?;
    let interview = loaded.interview();
    let answers = loaded.answered().into_iter().map(|(answer, question)| OwnAnswer {
        question_id: answer.question_id.clone(),
        kind: answer.kind,
        text: question.text,
        value: answer.value.clone(),
        seq: answer.seq,
        answered_at: answer.answered_at,
    });
    Ok(SessionSnapshot {
        session: session_view(&loaded.session),
        campaign: CampaignView {
            title: interview.title(),
            intro: interview.intro(),
            theme: loaded.campaign.settings.theme.clone(),
            locale: loaded.session.locale.clone(),
            consent: interview.consent_items(),
            allow_back: loaded.guide.guide().allow_back,
        },
        turn: loaded.turn(),
        ahead: loaded.ahead(),
        draft: draft.map(|draft| Draft {
            question_id: draft.question_id,
            seq: draft.seq,
            value: draft.value,
        }),
        answers: answers.collect(),
    })
}

fn session_view(session: &StoredSession) -> SessionView {
    SessionView { id: session.id.clone(), status: session.status, progress: session.progress }
}

fn session_turn(loaded: &Loaded) -> SessionTurn {
    SessionTurn { session: session_view(&loaded.session), turn: loaded.turn(), ahead: loaded.ahead() }
}
