//! `/auth`

use axum::{Json, extract::State, http::StatusCode};
use protocol::user::{PresentRefreshToken, SignIn, SignedIn};

use crate::{auth::api_key::KeyHolder, error::PlainError, extract::PlainJson, operations, state::AppState};

/// `POST /auth/login`
pub(crate) async fn login(
    holder: KeyHolder,
    State(state): State<AppState>,
    PlainJson(body): PlainJson<SignIn>,
) -> Result<Json<SignedIn>, PlainError> {
    holder.by.check_after_a_while(state.store()).await?;
    let SignIn { email, password } = body;
    operations::sign_in::login(&state, &holder.by, holder.address, &email, password.expose()).await.map(Json)
}

/// `POST /auth/refresh`
pub(crate) async fn refresh(
    holder: KeyHolder,
    State(state): State<AppState>,
    PlainJson(body): PlainJson<PresentRefreshToken>,
) -> Result<Json<SignedIn>, PlainError> {
    holder.by.check_after_a_while(state.store()).await?;
    let owner = &holder.key.organization_id;
    operations::sign_in::refresh(&state, owner, &body.refresh_token).await.map(Json)
}

/// `POST /auth/logout`
pub(crate) async fn logout(
    holder: KeyHolder,
    State(state): State<AppState>,
    PlainJson(body): PlainJson<PresentRefreshToken>,
) -> Result<StatusCode, PlainError> {
    holder.by.check_after_a_while(state.store()).await?;
    let owner = &holder.key.organization_id;
    operations::sign_in::logout(&state, owner, &body.refresh_token).await.map(|()| StatusCode::NO_CONTENT)
}
