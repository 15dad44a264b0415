//! `Idempotency-Key`: a request that is sent again gets the answer of the first time and changes nothing more.
//!
//! - [`layer`] gives a POST below `/v1` that bears the header a [`Ticket`], and has the last word on its answer.
//! - The extractor of the caller [presents](Ticket::present) it: from then on it is known whose it is. The extractor of
//!   the body [enters](Ticket::enter) it: an answer that is kept already ends the request here.
//! - The operation [keeps](Ticket::keep) its answer as one more row of its own transaction. So there is nothing between
//!   the effect and the record of it: both are committed, or neither. Of requests that run at the same time the first to
//!   commit wins; the others are undone as a whole and get its answer. There is no lease that a crash could leave behind.
//! - An error changes nothing, so the [layer] keeps it afterwards, unless it is a very large one.
//!
//! What is kept is sealed (`seal`): only the API key that sent the request can open it.

mod reply;
mod seal;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderName, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::api_key::{KeySecret, StoredApiKey};
use protocol::{
    ErrorCode,
    ids::{ApiKeyId, OrganizationId},
};
use storage::{IdempotencyRecord, StoreError, UnitOfWork};

pub use reply::Reply;
use seal::{Fingerprint, Seal};

use crate::{auth::api_key::find_active_in, error::ApiError, state::AppState};

/// The header that names a request.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest name of a request, in bytes.
const MAX_LEN: usize = 255;
/// Largest refusal that is kept, in bytes: it says little that its sender does not know, and is found out again.
const MAX_KEPT_REFUSAL_BYTES: usize = 64 * 1_024;
/// How long an answer is kept: 24 hours.
const KEPT_FOR_S: i64 = 86_400;

/// Gives a POST that bears the header its ticket, and sees to its answer.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Not so below /auth, whose answers hold secrets that a key alone does not open; nor at /graphql, where a document may
    // be several transactions, and a mutation with the header is refused instead.
    let is_concerned = request.method() == Method::POST && request.uri().path().starts_with("/v1/");
    if !is_concerned || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let ticket = Ticket::new(state, &request);
    request.extensions_mut().insert(ticket.clone());
    let response = next.run(request).await;
    ticket.finish(response).await
}

/// The right to do something once.
#[derive(Clone)]
pub struct Ticket(Arc<Inner>);

struct Inner {
    state: AppState,
    /// What the caller calls the request; `None` when that is no name.
    given: Option<String>,
    route: String,
    query: String,
    owner: OnceLock<Owner>,
    fingerprint: OnceLock<Fingerprint>,
    stage: Mutex<Stage>,
}

struct Owner {
    organization_id: OrganizationId,
    api_key_id: ApiKeyId,
    name: Vec<u8>,
    seal: Seal,
}

/// How far a request has come.
enum Stage {
    /// Its answer is not to be kept.
    Closed,
    /// It runs.
    Open,
    /// Its answer was part of its transaction.
    Kept,
    /// Another one was committed first.
    Lost,
    /// It was answered before.
    Replay(Reply),
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ticket")
    }
}

impl Ticket {
    fn new(state: AppState, request: &Request) -> Self {
        Self(Arc::new(Inner {
            state,
            given: name_in(request.headers()),
            route: format!("{} {}", request.method(), request.uri().path()),
            query: request.uri().query().unwrap_or_default().to_owned(),
            owner: OnceLock::new(),
            fingerprint: OnceLock::new(),
            stage: Mutex::new(Stage::Closed),
        }))
    }

    /// The request's ticket, if it has one.
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().cloned()
    }

    /// Says whose it is: the holder of this key, who has proven it.
    ///
    /// # Errors
    /// 400 for a name that is none.
    pub fn present(&self, key: &StoredApiKey, secret: &KeySecret) -> Result<(), ApiError> {
        let Some(given) = &self.0.given else {
            let message = "The header Idempotency-Key must be 1 to 255 printable ASCII characters.";
            return Err(ApiError::with_message(ErrorCode::InvalidRequest, message));
        };
        self.0.owner.get_or_init(|| Owner {
            organization_id: key.organization_id.clone(),
            api_key_id: key.id.clone(),
            name: seal::digest(&[self.0.route.as_bytes(), given.as_bytes()]),
            seal: Seal::new(secret, self.0.state.environment, &self.0.route, given),
        });
        Ok(())
    }

    /// Lets the request through with this body, unless it was answered before. Where nobody presents it, as on the
    /// participant API, the header means nothing.
    ///
    /// # Errors
    /// 409 when another key used the name, 422 `idempotency_mismatch`, 401 for a key that no longer works and would be
    /// answered from what is kept. Any error for a request that was answered before:
    /// the layer puts that answer in its place.
    pub async fn enter(&self, body: &[u8]) -> Result<(), ApiError> {
        let Some(owner) = self.0.owner.get() else { return Ok(()) };
        self.0.fingerprint.get_or_init(|| owner.seal.fingerprint(&[self.0.query.as_bytes(), body]));
        match self.look_up().await? {
            None => {
                self.set(Stage::Open);
                Ok(())
            }
            Some(reply) => {
                self.set(Stage::Replay(reply));
                Err(ApiError::new(ErrorCode::Conflict))
            }
        }
    }

    /// Refuses to begin what another request has done meanwhile.
    ///
    /// # Errors
    /// For such a request; the layer puts the other's answer in place of the error.
    pub async fn check(&self, unit: &mut dyn UnitOfWork) -> Result<(), ApiError> {
        if self.find(unit).await?.is_some() { Err(self.lose()) } else { Ok(()) }
    }

    /// Keeps the answer to what `unit` has done, in its transaction.
    ///
    /// # Errors
    /// When another request was first: the job must be undone, and the layer puts the other's answer in place of the error.
    pub async fn keep(&self, unit: &mut dyn UnitOfWork, reply: &Reply) -> Result<(), ApiError> {
        let record = self.record(reply)?;
        match unit.add_idempotency_record(&record, &reply.participants(), self.0.state.now()).await {
            Ok(()) => {
                self.set(Stage::Kept);
                Ok(())
            }
            Err(StoreError::Conflict { .. }) => Err(self.lose()),
            Err(error) => Err(error.into()),
        }
    }

    /// What is answered in the end.
    async fn finish(self, response: Response) -> Response {
        let stage = std::mem::replace(&mut *self.stage(), Stage::Closed);
        match stage {
            // A key that was revoked meanwhile gets no answer again.
            Stage::Replay(_) if response.status() == StatusCode::UNAUTHORIZED => response,
            Stage::Replay(reply) => reply.replayed(),
            Stage::Lost => self.answer_of_the_other().await,
            Stage::Open if is_kept(response.status()) => self.keep_afterwards(response).await,
            Stage::Closed | Stage::Kept | Stage::Open => response,
        }
    }

    /// Keeps an answer that has changed nothing.
    async fn keep_afterwards(self, response: Response) -> Response {
        debug_assert!(!response.status().is_success(), "what has an effect keeps its answer with it");
        let (parts, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, usize::MAX).await else {
            return ApiError::internal(&"an answer could not be read").into_response();
        };
        if bytes.len() > MAX_KEPT_REFUSAL_BYTES {
            return Response::from_parts(parts, Body::from(bytes));
        }
        let reply = Reply {
            status: parts.status.as_u16(),
            etag: parts.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        };
        let ticket = self.clone();
        let kept = storage::write(self.0.state.store(), move |unit| {
            Box::pin(async move { ticket.keep(unit, &reply).await })
        })
        .await;
        match kept {
            Err(_) if matches!(*self.stage(), Stage::Lost) => self.answer_of_the_other().await,
            // The answer is right even if it could not be kept: asked again, it is found out again.
            _ => Response::from_parts(parts, Body::from(bytes)),
        }
    }

    async fn answer_of_the_other(&self) -> Response {
        match self.look_up().await {
            Ok(Some(reply)) => reply.replayed(),
            Ok(None) => {
                let message =
                    "A request with this Idempotency-Key is still being processed. Try again shortly.";
                ApiError::with_message(ErrorCode::Conflict, message).into_response()
            }
            Err(error) => error.into_response(),
        }
    }

    /// The answer that is kept for this request, and is given to a key that still works only.
    async fn look_up(&self) -> Result<Option<Reply>, ApiError> {
        let mut unit = self.0.state.store().read().await?;
        let Some(record) = self.find(unit.as_mut()).await? else { return Ok(None) };
        let owner = self.owner()?;
        // The body may have been long in coming.
        find_active_in(unit.as_mut(), self.0.state.environment, &owner.api_key_id, self.0.state.now())
            .await?;
        if record.api_key_id != owner.api_key_id {
            let message = "This Idempotency-Key was used with another API key of your organization. Its answer can \
                           only be shown to that key. Use another Idempotency-Key.";
            return Err(ApiError::with_message(ErrorCode::Conflict, message));
        }
        if !self.fingerprint()?.is(&record.fingerprint) {
            return Err(ApiError::new(ErrorCode::IdempotencyMismatch));
        }
        if record.sealed.is_empty() {
            let message = "The answer to the request with this Idempotency-Key was erased together with somebody whom it \
                           told of. What it did is done; to do it again, use another Idempotency-Key.";
            return Err(ApiError::with_message(ErrorCode::Conflict, message));
        }
        let opened = owner.seal.open(&record.name, record.sealed);
        let reply = opened.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        reply.map(Some).ok_or_else(|| ApiError::internal(&"a kept answer cannot be read"))
    }

    async fn find(&self, unit: &mut dyn UnitOfWork) -> Result<Option<IdempotencyRecord>, ApiError> {
        let (state, owner) = (&self.0.state, self.owner()?);
        let found =
            unit.find_idempotency_record(state.environment, &owner.organization_id, &owner.name, state.now());
        Ok(found.await?)
    }

    fn record(&self, reply: &Reply) -> Result<IdempotencyRecord, ApiError> {
        let owner = self.owner()?;
        let json = serde_json::to_vec(reply).map_err(|error| ApiError::internal(&error))?;
        let sealed = owner.seal.seal(&owner.name, json);
        Ok(IdempotencyRecord {
            environment: self.0.state.environment,
            organization_id: owner.organization_id.clone(),
            name: owner.name.clone(),
            api_key_id: owner.api_key_id.clone(),
            fingerprint: self.fingerprint()?.as_bytes().to_vec(),
            sealed: sealed.ok_or_else(|| ApiError::internal(&"an answer could not be sealed"))?,
            expires_at: self.0.state.now().plus_secs(KEPT_FOR_S),
        })
    }

    fn owner(&self) -> Result<&Owner, ApiError> {
        self.0.owner.get().ok_or_else(|| ApiError::internal(&"a body was read before its sender was known"))
    }

    fn fingerprint(&self) -> Result<&Fingerprint, ApiError> {
        self.0.fingerprint.get().ok_or_else(|| ApiError::internal(&"a request runs before its body was read"))
    }

    /// Keeps nothing: the same request may be answered otherwise later.
    pub fn let_go(&self) {
        self.set(Stage::Closed);
    }

    fn lose(&self) -> ApiError {
        self.set(Stage::Lost);
        ApiError::new(ErrorCode::Conflict)
    }

    fn set(&self, stage: Stage) {
        *self.stage() = stage;
    }

    fn stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.0.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one header's value, if it is 1 to 255 printable ASCII characters.
fn name_in(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(HEADER).iter();
    let value = values.next()?.to_str().ok()?;
    let is_name =
        (1..=MAX_LEN).contains(&value.len()) && value.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    (is_name && values.next().is_none()).then(|| value.to_owned())
}

/// Whether an answer stands for 24 hours. A failure of ours does not, nor what only the caller or the time is in the way of.
fn is_kept(status: StatusCode) -> bool {
    status.as_u16() < 500 && !matches!(status.as_u16(), 401 | 403 | 429)
}
