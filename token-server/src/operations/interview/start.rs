//! An interview begins, or goes on where it was left.

use std::collections::BTreeMap;

use domain::{invite::InviteRefused, random::new_seed, session::StoredSession};
use protocol::{
    Timestamp,
    campaign::{CampaignStatus, Reuse},
    invite::InviteStatus,
    session::{PreviousSession, RenewedToken, SessionStatus, StartSession, StartedSession},
    webhook::EventType,
};
use storage::UnitOfWork;

use super::{Loaded, SESSION_TOKEN_TTL_S, load, settle, snapshot, tell, write};
use crate::{
    auth::participant::{Invited, Participant},
    error::ApiError,
    operations::invites::{not_active, refused},
    state::AppState,
    tokens::{Claims, TokenKind},
};

/// Starts the interview of an invite, or resumes the one it has started. However many calls race, there is one session.
///
/// # Errors
/// 401 for an invite that is gone, 403 for a page of another origin, 409 when the campaign is not active, 410 when the
/// invite is of no use any more, 422 for a bad locale.
pub async fn start(
    state: &AppState,
    invited: Invited,
    body: StartSession,
) -> Result<StartedSession, ApiError> {
    let mut faults = Vec::new();
    if let Some(locale) = &body.locale {
        domain::fault::check_locale(&mut faults, "/locale", locale);
    }
    ApiError::check(faults)?;
    let now = state.now();
    prepare(state, &invited, now).await?;
    let app = state.clone();
    let (session, previous_session, snapshot) = write(state, move |unit| {
        Box::pin(async move {
            let mut loaded = begin_or_resume(unit, &app, &invited, body, now).await?;
            settle(unit, &app, &mut loaded, now).await?;
            let snapshot = snapshot(unit, &loaded).await?;
            let previous = previous(unit, &loaded.session, now).await?;
            Ok(((loaded.session, previous, snapshot), loaded.news))
        })
    })
    .await?;
    state.shared.streams.wake(&session.id);
    let session_token = session_token(state, &session, now)?;
    Ok(StartedSession { session_token, expires_in_s: SESSION_TOKEN_TTL_S, previous_session, snapshot })
}

/// Reads the guide by which the interview goes on or begins, for the reason that [`load::prepare`] gives. Whatever is wrong
/// with the invite, the job tells.
async fn prepare(state: &AppState, invited: &Invited, now: Timestamp) -> Result<(), ApiError> {
    let (environment, guides) = (state.environment, &state.shared.guides);
    let mut unit = state.store().read().await?;
    let Some(campaign) = unit.find_campaign(environment, &invited.claims.camp).await? else { return Ok(()) };
    if let Some(session) = unit.list_sessions_of_invite(environment, &invited.claims.jti, 1).await?.pop()
        && !makes_way(&session, campaign.settings.reuse, now)
    {
        return guides.of_session(unit.as_mut(), &campaign, &session).await.map(drop);
    }
    match (campaign.status, campaign.published_version) {
        (CampaignStatus::Active, Some(version)) => {
            guides.get(unit.as_mut(), &campaign, version).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Whether the next start begins another session instead of showing this one: what was left too long ago stays as it is, and a
/// reusable invite begins anew after a refusal too.
fn makes_way(session: &StoredSession, reuse: Reuse, now: Timestamp) -> bool {
    match session.status_at(now) {
        SessionStatus::Active | SessionStatus::Paused => false,
        SessionStatus::Declined => reuse == Reuse::Reusable,
        // With an invite for one time it does not come to this.
        SessionStatus::Completed | SessionStatus::Abandoned => true,
    }
}

async fn begin_or_resume(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    invited: &Invited,
    body: StartSession,
    now: Timestamp,
) -> Result<Loaded, ApiError> {
    let environment = state.environment;
    let invite =
        unit.find_invite(environment, &invited.claims.jti).await?.ok_or_else(ApiError::unauthorized)?;
    let campaign =
        unit.find_campaign(environment, &invite.campaign_id).await?.ok_or_else(ApiError::unauthorized)?;
    load::check_origin(&invited.origin, &invite, &campaign)?;
    invite.check_usable(campaign.settings.reuse, now).map_err(refused)?;
    if invited.expired {
        return Err(refused(InviteRefused::Expired));
    }
    let version = match (campaign.status, campaign.published_version) {
        (CampaignStatus::Active, Some(version)) => version,
        (status, _) => return Err(not_active(status)),
    };
    if let Some(mut session) = unit.list_sessions_of_invite(environment, &invite.id, 1).await?.pop()
        && !makes_way(&session, campaign.settings.reuse, now)
    {
        if session.status == SessionStatus::Paused {
            session.status = SessionStatus::Active;
        }
        return Loaded::new(unit, state, session, invite, campaign).await;
    }
    let locale = invite.locale.clone().or(body.locale).unwrap_or_else(|| campaign.settings.locale.clone());
    let session = StoredSession {
        id: state.new_id(),
        environment,
        organization_id: invite.organization_id.clone(),
        campaign_id: campaign.id.clone(),
        invite_id: invite.id.clone(),
        participant_id: invite.participant.id.clone(),
        guide_version: version,
        seed: new_seed(state.shared.entropy.as_ref()),
        locale,
        fallback_locale: campaign.settings.locale.clone(),
        status: SessionStatus::Active,
        consent: None,
        probes: BTreeMap::new(),
        resume_window_s: campaign.settings.resume_window_s,
        progress: 0.0,
        answers: 0,
        started_at: now,
        last_activity_at: now,
        completed_at: None,
    };
    unit.add_session(&session).await?;
    let from = [InviteStatus::Pending, InviteStatus::Completed];
    unit.move_invite(environment, &invite.id, &from, InviteStatus::Started, now).await?;
    if invite.status == InviteStatus::Pending {
        tell(unit, state, &session, EventType::InviteStarted, now).await?;
    }
    tell(unit, state, &session, EventType::InterviewStarted, now).await?;
    let mut loaded = Loaded::new(unit, state, session, invite, campaign).await?;
    loaded.news.is_started = true;
    Ok(loaded)
}

/// The session before the latest one of an invite.
async fn previous(
    unit: &mut dyn UnitOfWork,
    latest: &StoredSession,
    now: Timestamp,
) -> Result<Option<PreviousSession>, ApiError> {
    let sessions = unit.list_sessions_of_invite(latest.environment, &latest.invite_id, 2).await?;
    let before = sessions.into_iter().nth(1);
    Ok(before.map(|session| PreviousSession { status: session.status_at(now), id: session.id }))
}

/// A new session token, from a session token that is still good. It counts as a sign of life.
///
/// # Errors
/// As [`load::by_token`].
pub async fn renew(state: &AppState, participant: Participant) -> Result<RenewedToken, ApiError> {
    load::prepare(state, &participant).await?;
    let now = state.now();
    let app = state.clone();
    let session = write(state, move |unit| {
        Box::pin(async move {
            let mut loaded = load::by_token(unit, &app, &participant, now).await?;
            settle(unit, &app, &mut loaded, now).await?;
            Ok((loaded.session, loaded.news))
        })
    })
    .await?;
    Ok(RenewedToken {
        session_token: session_token(state, &session, now)?,
        expires_in_s: SESSION_TOKEN_TTL_S,
    })
}

fn session_token(state: &AppState, session: &StoredSession, now: Timestamp) -> Result<String, ApiError> {
    let claims = Claims::for_session(state.tokens.issuer(), session, now, SESSION_TOKEN_TTL_S);
    state.tokens.sign(TokenKind::Session, &claims).map_err(|error| ApiError::internal(&error))
}
