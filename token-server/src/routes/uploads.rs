//! `/v1/participant/session/uploads`, and what a customer gets of it.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{FromRequest, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    fault::Fault,
    upload::{PART_BYTES, StoredUpload},
};
use protocol::{
    ErrorCode,
    ids::{SessionId, UploadId},
    upload::{BeginUpload, CompleteUpload, UploadReceipt},
};
use tower_http::services::ServeFile;

use crate::{
    auth::{
        api_key::{ApiCaller, ReadSessions},
        participant::{PartSender, Participant},
    },
    error::ApiError,
    extract::{JsonBody, OptionalJsonBody, PathId, PathIds},
    file_headers,
    operations::{interview::upload, uploads},
    state::AppState,
};

/// `POST /v1/participant/session/uploads`
pub(crate) async fn begin(
    participant: Participant,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<BeginUpload>,
) -> Result<(StatusCode, Json<UploadReceipt>), ApiError> {
    let (receipt, is_new) = upload::begin(&state, participant, body).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(receipt)))
}

/// `GET /v1/participant/session/uploads/:upload_id`
pub(crate) async fn get(
    participant: Participant,
    State(state): State<AppState>,
    PathId(id): PathId<UploadId>,
) -> Result<Json<UploadReceipt>, ApiError> {
    upload::get(&state, participant, id).await.map(Json)
}

/// `PUT /v1/participant/session/uploads/:upload_id/parts/:number`
pub(crate) async fn put_part(
    PartSender(participant): PartSender,
    State(state): State<AppState>,
    PathIds(id, number): PathIds<UploadId, u32>,
    PartBody { declared, bytes }: PartBody,
) -> Result<Json<UploadReceipt>, ApiError> {
    upload::put_part(&state, participant, id, number, (declared, bytes)).await.map(Json)
}

/// `POST /v1/participant/session/uploads/:upload_id/complete`
pub(crate) async fn complete(
    participant: Participant,
    State(state): State<AppState>,
    PathId(id): PathId<UploadId>,
    OptionalJsonBody(body): OptionalJsonBody<CompleteUpload>,
) -> Result<Json<UploadReceipt>, ApiError> {
    upload::complete(&state, participant, id, body).await.map(Json)
}

/// The bytes of a part, and the SHA-256 that they are said to have.
#[derive(Debug)]
pub(crate) struct PartBody {
    declared: Vec<u8>,
    bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for PartBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let declared = file_headers::sha256_in(request.headers()).ok_or_else(|| {
            let message =
                "Send the header Content-Digest: sha-256=:BASE64: (RFC 9530) with the SHA-256 of the part.";
            ApiError::invalid(vec![Fault::new("", "digest_missing", message)])
        })?;
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let message = format!("The part is too large. At most {PART_BYTES} bytes are accepted.");
                ApiError::with_message(ErrorCode::PayloadTooLarge, message)
            } else {
                ApiError::new(ErrorCode::InvalidRequest)
            }
        })?;
        Ok(Self { declared, bytes })
    }
}

/// `GET /v1/uploads/:id`: the same of any file of the organization.
pub(crate) async fn download_any(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<UploadId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut unit = state.store().read().await?;
    let upload = uploads::find_any(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    drop(unit);
    give(&state, &upload, &headers).await
}

/// `GET /v1/sessions/:id/uploads/:upload_id`: the bytes, to be kept and never to be shown as part of a page.
pub(crate) async fn download(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathIds(session, id): PathIds<SessionId, UploadId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut unit = state.store().read().await?;
    let upload = uploads::find(unit.as_mut(), &state, caller.organization_id(), &session, &id).await?;
    drop(unit);
    give(&state, &upload, &headers).await
}

async fn give(state: &AppState, upload: &StoredUpload, headers: &HeaderMap) -> Result<Response, ApiError> {
    let path = state.uploads.path(&upload.id);
    // It has no validator that `If-Range` could name, and then all of it is to be sent (RFC 9110 §13.1.5).
    let range = headers.get(header::RANGE).filter(|_| !headers.contains_key(header::IF_RANGE));
    let mut response = serve(&path, range).await?;
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        // A server may pass over a range, which is of more use here than to refuse it.
        response = serve(&path, None).await?;
    }
    if !response.status().is_success() {
        return Err(ApiError::internal(&"the file of an upload cannot be read"));
    }
    describe(&mut response, upload);
    Ok(response)
}

async fn serve(path: &std::path::Path, range: Option<&HeaderValue>) -> Result<Response, ApiError> {
    let mut request = Request::builder()
        .method(Method::GET)
        .body(Body::empty())
        .map_err(|error| ApiError::internal(&error))?;
    if let Some(range) = range {
        request.headers_mut().insert(header::RANGE, range.clone());
    }
    let served = ServeFile::new(path).try_call(request).await;
    Ok(served.map_err(|error| ApiError::internal(&error))?.into_response())
}

/// Says what the bytes are, and that no browser is to run them.
fn describe(response: &mut Response, upload: &StoredUpload) {
    let digest_of =
        if response.status() == StatusCode::PARTIAL_CONTENT { "repr-digest" } else { "content-digest" };
    let digest = upload.sha256.as_deref().and_then(file_headers::header);
    let headers = response.headers_mut();
    // They tell when and how the file was written, and mean nothing where no condition is looked at.
    headers.remove(header::LAST_MODIFIED);
    headers.remove(header::ETAG);
    let kind = HeaderValue::from_str(&upload.content_type);
    headers
        .insert(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CONTENT_DISPOSITION, file_headers::attachment(&upload.filename));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(digest) = digest {
        headers.insert(HeaderName::from_static(digest_of), digest);
    }
}
