//! Many invites in one request: each row succeeds or fails by itself, and all that succeed share one commit.

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use domain::{
    fault::Fault,
    invite::{StoredInvite, check_mint},
};
use protocol::{
    ErrorBody, Timestamp,
    ids::CampaignId,
    invite::{BatchRow, MintBatch, MintInvite, MintedBatch},
};
use serde_json::Value;
use storage::UnitOfWork;

use crate::{
    error::ApiError,
    idempotency::Reply,
    operations::{
        by::By,
        invites::{self, Minter, OpenCampaign, with_token},
    },
    state::AppState,
    strict::from_value,
};

/// Rows at most: as many as the writer holds up other writes for without their callers noticing.
const MAX_ROWS: usize = 1_000;

/// Faults that are told of a row, as there are many rows.
const MAX_DETAILS_OF_ROW: usize = 10;

/// Mints an invite for each row that can have one. Their rows are on disk before any token exists.
///
/// # Errors
/// 422 without rows and with more than 1,000; what is wrong with a row is part of the answer.
pub async fn mint(
    state: &AppState,
    by: By,
    minter: Minter,
    MintBatch { invites }: MintBatch<Value>,
) -> Result<MintedBatch, ApiError> {
    if invites.is_empty() || invites.len() > MAX_ROWS {
        let code = if invites.is_empty() { "too_few" } else { "too_many" };
        return Err(ApiError::invalid(vec![Fault::new("/invites", code, "Must be 1 to 1000 invites.")]));
    }
    // What can be refused without the database is refused before the writer has to wait for it.
    let rows: Vec<_> = invites.into_iter().enumerate().map(|(index, row)| read(index, row)).collect();
    let campaigns: HashSet<_> = rows.iter().flatten().map(|body| &body.campaign_id).collect();
    for id in campaigns {
        invites::prepare(state, id).await?;
    }
    let (app, now) = (state.clone(), state.now());
    let reply = |minted: &MintedBatch| Reply::json(StatusCode::OK, minted);
    let written = by.write(state.store(), reply, move |unit| {
        Box::pin(async move {
            let sees_pii = minter.sees_pii;
            let outcomes = add_all(unit, &app, &minter, rows, now).await?;
            answer(&app, outcomes, sees_pii, now)
        })
    });
    let written = written.await?;
    let number = written.data.iter().filter(|row| matches!(row, BatchRow::Minted { .. })).count();
    state.numbers().invites_minted.inc_by(number as u64);
    Ok(written)
}

type Row<T> = Result<T, ApiError>;

fn read(index: usize, row: Value) -> Row<MintInvite> {
    let place = format!("/invites/{index}");
    let body: MintInvite = from_value(row, &place)?;
    ApiError::check(check_mint(&body)).map_err(|error| error.below(&place))?;
    Ok(body)
}

/// An error that is not a row's own fails the whole batch.
async fn add_all(
    unit: &mut dyn UnitOfWork,
    app: &AppState,
    minter: &Minter,
    rows: Vec<Row<MintInvite>>,
    now: Timestamp,
) -> Result<Vec<Row<StoredInvite>>, ApiError> {
    let mut campaigns: HashMap<CampaignId, Row<OpenCampaign>> = HashMap::new();
    let mut outcomes = Vec::with_capacity(rows.len());
    for (index, row) in rows.into_iter().enumerate() {
        let outcome = match row {
            Ok(body) => {
                if !campaigns.contains_key(&body.campaign_id) {
                    let owner = &minter.organization_id;
                    let found = invites::open_campaign(unit, app, owner, &body.campaign_id).await;
                    campaigns.insert(body.campaign_id.clone(), found);
                }
                match &campaigns[&body.campaign_id] {
                    Ok(open) => invites::add(unit, app, minter, open, body, now)
                        .await
                        .map_err(|error| error.below(&format!("/invites/{index}"))),
                    Err(error) => Err(error.clone()),
                }
            }
            Err(error) => Err(error),
        };
        if let Err(error) = &outcome
            && error.code.status() >= 500
        {
            return Err(error.clone());
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

fn answer(
    app: &AppState,
    outcomes: Vec<Row<StoredInvite>>,
    sees_pii: bool,
    now: Timestamp,
) -> Result<MintedBatch, ApiError> {
    let rows = (0..).zip(outcomes).map(|(index, outcome)| {
        Ok(match outcome {
            Ok(invite) => {
                let invite = Box::new(with_token(app, &invite, sees_pii, now)?);
                BatchRow::Minted { index, status: 201, invite }
            }
            Err(error) => {
                let error = ErrorBody::from(error.with_at_most(MAX_DETAILS_OF_ROW)).error;
                BatchRow::Refused { index, status: error.status, error }
            }
        })
    });
    Ok(MintedBatch { data: rows.collect::<Result<_, ApiError>>()? })
}
