//! Invites: minted, cancelled, reissued.

use domain::{
    fault::Fault,
    invite::{InviteRefused, Participant, StoredInvite, check_mint, check_ttl},
};
use protocol::{
    ErrorCode, Timestamp,
    campaign::CampaignStatus,
    ids::{ApiKeyId, InviteId, OrganizationId},
    invite::{InviteStatus, MintInvite, MintedInvite},
};
use storage::UnitOfWork;

use crate::{
    error::ApiError,
    operations::campaigns,
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

/// Mints an invite: the row is on disk before the token exists.
///
/// # Errors
/// 422 with each fault, 404 or 403 for the campaign, 409 when it takes no invites.
pub async fn mint(state: &AppState, minter: Minter, body: MintInvite) -> Result<MintedInvite, ApiError> {
    ApiError::check(check_mint(&body))?;
    let now = state.now();
    let (app, sees_pii) = (state.clone(), minter.sees_pii);
    let invite = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let environment = app.environment;
            let campaign =
                campaigns::find(unit, environment, &minter.organization_id, &body.campaign_id, None, now)
                    .await?;
            let version = match (campaign.status, campaign.published_version) {
                (CampaignStatus::Active, Some(version)) => version,
                (CampaignStatus::Paused, _) => return Err(ApiError::new(ErrorCode::CampaignPaused)),
                (status, _) => return Err(not_active(status)),
            };
            let variables = body.variables.unwrap_or_default();
            let guide = app.shared.guides.get(unit, environment, &campaign.id, version).await?;
            guide.check_variables(&variables).map_err(ApiError::invalid)?;
            let participant = Participant {
                id: app.new_id(),
                environment,
                organization_id: minter.organization_id.clone(),
                email: body.participant_email,
                name: body.participant_name,
                external_id: body.external_id,
                created_at: now,
            };
            let participant = unit.merge_participant(&participant).await?;
            let ttl_s = body.expires_in_s.unwrap_or(campaign.settings.invite_ttl_s);
            let invite = StoredInvite {
                id: app.new_id(),
                environment,
                organization_id: minter.organization_id,
                campaign_id: campaign.id,
                participant,
                api_key_id: Some(minter.api_key_id),
                status: InviteStatus::Pending,
                variables,
                origin: body.origin,
                locale: body.locale,
                metadata: body.metadata.unwrap_or_default(),
                expires_at: now.plus_secs(i64::from(ttl_s)),
                created_at: now,
                resumable_until: None,
            };
            unit.add_invite(&invite).await?;
            Ok(invite)
        })
    })
    .await?;
    with_token(state, &invite, sees_pii, now)
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

fn with_token(
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

/// Cancels an invite: its tokens and its session end with the next request. Cancelling twice is no error.
///
/// # Errors
/// 404, 403, and 410 `invite_completed`.
pub async fn cancel(state: &AppState, owner: OrganizationId, id: InviteId) -> Result<StoredInvite, ApiError> {
    let now = state.now();
    let app = state.clone();
    storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let mut invite = find(unit, &app, &owner, &id).await?;
            match invite.status {
                InviteStatus::Completed => return Err(refused(InviteRefused::Completed)),
                InviteStatus::Cancelled => {}
                from => {
                    unit.move_invite(app.environment, &id, &[from], InviteStatus::Cancelled, now).await?;
                    invite.status = InviteStatus::Cancelled;
                }
            }
            Ok(invite)
        })
    })
    .await
}

/// Makes a fresh token for an invite, whose life begins anew. Older tokens live on until their own end.
///
/// # Errors
/// 422, 404, 403, and 410 when it was completed or cancelled.
pub async fn reissue(
    state: &AppState,
    minter: Minter,
    id: InviteId,
    expires_in_s: Option<u32>,
) -> Result<MintedInvite, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    if let Some(seconds) = expires_in_s {
        check_ttl(&mut faults, "/expires_in_s", seconds);
    }
    ApiError::check(faults)?;
    let now = state.now();
    let (app, sees_pii) = (state.clone(), minter.sees_pii);
    let invite = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let mut invite = find(unit, &app, &minter.organization_id, &id).await?;
            let campaign = unit.find_campaign(app.environment, &invite.campaign_id, now).await?;
            let settings = campaign.map(|campaign| campaign.settings).unwrap_or_default();
            invite.check_reissuable(settings.reuse, now).map_err(refused)?;
            invite.expires_at = now.plus_secs(i64::from(expires_in_s.unwrap_or(settings.invite_ttl_s)));
            unit.set_invite_expiry(app.environment, &id, invite.expires_at).await?;
            Ok::<_, ApiError>(invite)
        })
    })
    .await?;
    with_token(state, &invite, sees_pii, now)
}

/// Why an invite is of no use any more, as a response.
pub fn refused(refused: InviteRefused) -> ApiError {
    ApiError::new(match refused {
        InviteRefused::Expired => ErrorCode::InviteExpired,
        InviteRefused::Cancelled => ErrorCode::InviteCancelled,
        InviteRefused::Completed => ErrorCode::InviteCompleted,
    })
}
