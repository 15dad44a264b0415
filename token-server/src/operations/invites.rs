//! Invites: minted, cancelled, extended, reissued.

use axum::http::StatusCode;
use domain::{
    api_key::StoredApiKey,
    campaign::StoredCampaign,
    fault::Fault,
    guide::Declared,
    invite::{InviteRefused, Participant, StoredInvite, check_mint, check_ttl},
    webhook::{invite_created, of_invite},
};
use protocol::{
    ErrorCode, Timestamp,
    api_key::{KeyStatus, Scope},
    audit::AuditAction,
    campaign::{CampaignStatus, Reuse},
    ids::{ApiKeyId, CampaignId, InviteId, OrganizationId},
    invite::{Invite, InviteStatus, MintInvite, MintedInvite},
    webhook::EventType,
};
use storage::{Mint, Minted, UnitOfWork};

use crate::{
    auth::directory::{KeyAndPlan, Remembered},
    error::ApiError,
    idempotency::Reply,
    operations::{by::By, campaigns},
    state::AppState,
    tokens::{Claims, TokenKind},
};

/// Who mints.
#[derive(Debug, Clone)]
pub struct Minter {
    /// Whose campaign it must be.
    pub organization_id: OrganizationId,
    /// The key.
    pub api_key_id: ApiKeyId,
    /// Whether names and addresses may be told back.
    pub sees_pii: bool,
}

impl Minter {
    /// Whoever holds this key.
    pub fn of(key: &StoredApiKey) -> Self {
        Self {
            organization_id: key.organization_id.clone(),
            api_key_id: key.id.clone(),
            sees_pii: key.allows(Scope::PiiRead),
        }
    }
}

/// Mints an invite: the row is on disk before the token exists.
///
/// # Errors
/// 422 with each fault, 404 or 403 for the campaign, 409 when it takes no invites.
pub async fn mint(
    state: &AppState,
    by: By,
    minter: Minter,
    body: MintInvite,
) -> Result<MintedInvite, ApiError> {
    ApiError::check(check_mint(&body))?;
    prepare(state, &body.campaign_id).await?;
    let (app, now) = (state.clone(), state.now());
    let answer = |minted: &MintedInvite| Reply::json(StatusCode::CREATED, minted);
    let written = by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let open = open_campaign(unit, &app, &minter.organization_id, &body.campaign_id).await?;
            let invite = add(unit, &app, &minter, &open, body, now).await?;
            with_token(&app, &invite, minter.sees_pii, now)
        })
    });
    let written = written.await?;
    state.numbers().invites_minted.inc();
    Ok(written)
}

/// Mints an invite by what is remembered of key and campaign, if both are still true when it is committed. `None`
/// says that nothing was done, and that [`mint`] has to decide, with the key as the database has it now.
///
/// # Errors
/// As [`mint`].
pub async fn mint_remembered(
    state: &AppState,
    key: &Remembered<KeyAndPlan>,
    body: &MintInvite,
) -> Result<Option<MintedInvite>, ApiError> {
    ApiError::check(check_mint(body))?;
    // The customer's own id may belong to somebody known by another address, which takes a look-up of its own.
    if body.external_id.is_some() {
        return Ok(None);
    }
    let directory = &state.shared.directory;
    let open = directory.campaign(state, &body.campaign_id).await?;
    let minter = Minter::of(&key.what.0);
    let open = open.filter(|open| {
        open.generation == key.generation && open.what.campaign.organization_id == minter.organization_id
    });
    let Some(open) = open else { return Ok(None) };
    let now = state.now();
    // A guide that is remembered may refuse what the one that took its place allows.
    let Ok(invite) = invite_for(state, &minter, &open.what, body.clone(), now) else { return Ok(None) };
    // That its end has come is no change, and raises no generation.
    if key.what.0.status_at(state.now()) != KeyStatus::Active {
        return Ok(None);
    }
    match state.store().mint(Mint { generation: key.generation, invite, event: state.new_id() }).await? {
        Minted::Stored(invite) => {
            let shown = with_token(state, &invite, minter.sees_pii, now)?;
            state.numbers().invites_minted.inc();
            Ok(Some(shown))
        }
        Minted::Stale => {
            directory.forget(key.generation);
            Ok(None)
        }
    }
}

/// A campaign that takes invites, with what they may tell. Many of these are remembered, so the guide is not in it.
#[derive(Debug)]
pub struct OpenCampaign {
    campaign: StoredCampaign,
    declared: Declared,
}

/// Reads a campaign's guide unless it is in memory. Checking one takes a while, in which a job would keep everybody
/// waiting, so this goes before each job that needs it.
///
/// # Errors
/// When the database fails.
pub async fn prepare(state: &AppState, id: &CampaignId) -> Result<(), ApiError> {
    let Some(open) = state.shared.directory.campaign(state, id).await? else { return Ok(()) };
    let (campaign, guides) = (&open.what.campaign, &state.shared.guides);
    if let Some(version) = campaign.published_version
        && !guides.has(campaign, version)
    {
        let mut unit = state.store().read().await?;
        guides.get(unit.as_mut(), campaign, version).await?;
    }
    Ok(())
}

/// The campaign, if it takes invites.
///
/// # Errors
/// 404 and 403, and 409 when it is not active.
pub async fn open_campaign(
    unit: &mut dyn UnitOfWork,
    app: &AppState,
    owner: &OrganizationId,
    id: &CampaignId,
) -> Result<OpenCampaign, ApiError> {
    let campaign = campaigns::find(unit, app.environment, owner, id, None).await?;
    read_open(unit, app, campaign).await?.map_err(not_active)
}

/// The campaign with its guide if it takes invites, else its status.
///
/// # Errors
/// When the database fails.
pub async fn read_open(
    unit: &mut dyn UnitOfWork,
    app: &AppState,
    campaign: StoredCampaign,
) -> Result<Result<OpenCampaign, CampaignStatus>, ApiError> {
    let (CampaignStatus::Active, Some(version)) = (campaign.status, campaign.published_version) else {
        return Ok(Err(campaign.status));
    };
    let guide = app.shared.guides.get(unit, &campaign, version).await?;
    Ok(Ok(OpenCampaign { campaign, declared: guide.declared().clone() }))
}

/// Adds the participant and the invite. A body that is refused leaves nothing behind.
///
/// # Errors
/// 422 with each fault of the variables.
pub async fn add(
    unit: &mut dyn UnitOfWork,
    app: &AppState,
    minter: &Minter,
    open: &OpenCampaign,
    body: MintInvite,
    now: Timestamp,
) -> Result<StoredInvite, ApiError> {
    let mut invite = invite_for(app, minter, open, body, now)?;
    invite.participant = unit.merge_participant(&invite.participant).await?;
    unit.add_invite(&invite).await?;
    unit.add_event(&invite_created(app.new_id(), &invite)).await?;
    Ok(invite)
}

/// The invite that is asked for, with its participant as if they were new.
fn invite_for(
    app: &AppState,
    minter: &Minter,
    open: &OpenCampaign,
    body: MintInvite,
    now: Timestamp,
) -> Result<StoredInvite, ApiError> {
    let environment = app.environment;
    let variables = body.variables.unwrap_or_default();
    open.declared.check(&variables).map_err(ApiError::invalid)?;
    let participant = Participant {
        id: app.new_id(),
        environment,
        organization_id: minter.organization_id.clone(),
        email: body.participant_email,
        name: body.participant_name,
        external_id: body.external_id,
        created_at: now,
    };
    let ttl_s = body.expires_in_s.unwrap_or(open.campaign.settings.invite_ttl_s);
    Ok(StoredInvite {
        id: app.new_id(),
        environment,
        organization_id: minter.organization_id.clone(),
        campaign_id: open.campaign.id.clone(),
        participant,
        api_key_id: Some(minter.api_key_id.clone()),
        status: InviteStatus::Pending,
        variables,
        origin: body.origin,
        locale: body.locale,
        metadata: body.metadata.unwrap_or_default(),
        expires_at: now.plus_secs(i64::from(ttl_s)),
        created_at: now,
        resumable_until: None,
    })
}

/// Why a campaign that is not active takes no part in anything new.
pub fn not_active(status: CampaignStatus) -> ApiError {
    let message = match status {
        CampaignStatus::Draft => "This campaign is still a draft. Publish its guide and activate it first.",
        CampaignStatus::Paused => return ApiError::new(ErrorCode::CampaignPaused),
        _ => "This interview is closed and takes no more answers.",
    };
    ApiError::with_message(ErrorCode::Conflict, message)
}

/// The invite as it is shown once, with a token that is good until it expires.
///
/// # Errors
/// 500 when the token cannot be signed.
pub fn with_token(
    state: &AppState,
    invite: &StoredInvite,
    sees_pii: bool,
    now: Timestamp,
) -> Result<MintedInvite, ApiError> {
    let claims = Claims::for_invite(state.tokens.issuer(), invite, now);
    let invite_token =
        state.tokens.sign(TokenKind::Invite, &claims).map_err(|error| ApiError::internal(&error))?;
    let invite_url = format!("{}/i#{invite_token}", state.tokens.issuer());
    Ok(MintedInvite { invite_token, invite_url, invite: invite.view(now, sees_pii) })
}

/// The invite, if it is there and the caller's.
///
/// # Errors
/// 404 and 403.
pub async fn find(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    id: &InviteId,
) -> Result<StoredInvite, ApiError> {
    let invite = unit.find_invite(state.environment, id).await?.ok_or_else(ApiError::not_found)?;
    if &invite.organization_id == owner { Ok(invite) } else { Err(ApiError::forbidden()) }
}

/// Cancels an invite: its tokens and its session end with the next request. Cancelling twice is no error. One that may be
/// used again is never spent, so that it can be cancelled after it was completed too.
///
/// # Errors
/// 404, 403, and 410 `invite_completed`.
pub async fn cancel(state: &AppState, by: By, minter: Minter, id: InviteId) -> Result<Invite, ApiError> {
    let (app, noter, now) = (state.clone(), by.clone(), state.now());
    let answer = |invite: &Invite| Reply::json(StatusCode::OK, invite);
    by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let mut invite = find(unit, &app, &minter.organization_id, &id).await?;
            let campaign = unit.find_campaign(app.environment, &invite.campaign_id).await?;
            let is_reusable = campaign.is_some_and(|campaign| campaign.settings.reuse == Reuse::Reusable);
            match invite.status {
                InviteStatus::Completed if !is_reusable => return Err(refused(InviteRefused::Completed)),
                InviteStatus::Cancelled => {}
                from => {
                    unit.move_invite(app.environment, &id, &[from], InviteStatus::Cancelled, now).await?;
                    invite.status = InviteStatus::Cancelled;
                    let entropy = app.shared.entropy.as_ref();
                    noter.note(unit, entropy, now, AuditAction::InviteCancelled, &id).await?;
                    let (campaign, participant) = (&invite.campaign_id, &invite.participant.id);
                    let data = of_invite(&id, campaign, participant, invite.status.as_str());
                    noter.tell(unit, entropy, now, EventType::InviteCancelled, data).await?;
                }
            }
            Ok(invite.view(now, minter.sees_pii))
        })
    })
    .await
}

/// Makes a fresh token for an invite, whose life begins anew. Given how long, it may become shorter than it was; else it
/// lasts for the campaign's `invite_ttl_s`, and never shorter than it would have. Older tokens live on until their own end, and
/// never longer than the invite.
///
/// # Errors
/// 422, 404, 403, 409 when its campaign is closed, and 410 when it was completed or cancelled.
pub async fn reissue(
    state: &AppState,
    by: By,
    minter: Minter,
    id: InviteId,
    expires_in_s: Option<u32>,
) -> Result<MintedInvite, ApiError> {
    let action = AuditAction::InviteReissued;
    let end = if expires_in_s.is_some() { |_, renewed| renewed } else { Timestamp::max };
    prolong(state, by, minter, id, expires_in_s, action, end).await
}

/// Makes a fresh token for an invite, which lives on for so long from now, and never shorter than it would have.
///
/// # Errors
/// 422, 404, 403, 409 when its campaign is closed, and 410 when it was completed or cancelled.
pub async fn extend(
    state: &AppState,
    by: By,
    minter: Minter,
    id: InviteId,
    expires_in_s: u32,
) -> Result<MintedInvite, ApiError> {
    let action = AuditAction::InviteExtended;
    prolong(state, by, minter, id, Some(expires_in_s), action, Timestamp::max).await
}

/// `end` chooses between when the invite would have expired and when it would if its life began now.
async fn prolong(
    state: &AppState,
    by: By,
    minter: Minter,
    id: InviteId,
    expires_in_s: Option<u32>,
    action: AuditAction,
    end: fn(Timestamp, Timestamp) -> Timestamp,
) -> Result<MintedInvite, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    if let Some(seconds) = expires_in_s {
        check_ttl(&mut faults, "/expires_in_s", seconds);
    }
    ApiError::check(faults)?;
    let (app, noter, now) = (state.clone(), by.clone(), state.now());
    let answer = |minted: &MintedInvite| Reply::json(StatusCode::OK, minted);
    by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let mut invite = find(unit, &app, &minter.organization_id, &id).await?;
            let campaign = unit.find_campaign(app.environment, &invite.campaign_id).await?;
            if let Some(status @ (CampaignStatus::Completed | CampaignStatus::Archived)) =
                campaign.as_ref().map(|campaign| campaign.status)
            {
                return Err(not_active(status));
            }
            let settings = campaign.map(|campaign| campaign.settings).unwrap_or_default();
            invite.check_reissuable(settings.reuse, now).map_err(refused)?;
            let renewed = now.plus_secs(i64::from(expires_in_s.unwrap_or(settings.invite_ttl_s)));
            invite.expires_at = end(invite.expires_at, renewed);
            unit.set_invite_expiry(app.environment, &id, invite.expires_at).await?;
            noter.note(unit, app.shared.entropy.as_ref(), now, action, &id).await?;
            with_token(&app, &invite, minter.sees_pii, now)
        })
    })
    .await
}

/// Why an invite is of no use any more, as a response.
pub fn refused(refused: InviteRefused) -> ApiError {
    ApiError::new(match refused {
        InviteRefused::Expired => ErrorCode::InviteExpired,
        InviteRefused::Cancelled => ErrorCode::InviteCancelled,
        InviteRefused::Completed => ErrorCode::InviteCompleted,
    })
}
