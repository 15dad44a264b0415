//! Every path, in one list.

use std::path::Path;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, any, on},
};
use protocol::ErrorCode;
use tower::Layer as _;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    services::ServeDir,
};

use crate::{
    calls::Call,
    error::{ApiError, HiddenFromPage, PlainError},
    idempotency,
    metrics::ServedAs,
    routes::{
        api_keys, audit, campaigns, embed, graphql, guides, health, hosted, invites, metrics, openapi,
        participant, participants, sessions, sign_in as auth, uploads, webhooks, well_known,
    },
    state::AppState,
    telemetry,
};

/// Where the built widget is, and what its files are counted under.
const WIDGET: &str = "/widget";
const WIDGET_FILE: &str = "/widget/{file}";

/// Largest body, but for files of GraphQL: JSON, or a part of a file.
const MAX_BODY_BYTES: usize = 1_024 * 1_024;

const _: () = assert!(domain::upload::PART_BYTES as usize <= MAX_BODY_BYTES, "a part comes through");

/// A router that remembers what it was given, so that tests walk the real list.
struct Routes {
    router: Router<AppState>,
    list: Vec<(Method, &'static str)>,
}

impl Routes {
    fn new() -> Self {
        Self { router: Router::new(), list: Vec::new() }
    }

    fn add<H, T>(mut self, method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let filter =
            MethodFilter::try_from(method.clone()).expect("the methods in this file are standard ones");
        self.router = self.router.route(path, on(filter, handler));
        self.list.push((method, path));
        self
    }

    /// A `GET` whose handler has the say about the other methods too: a 405 would tell those that there is such a path.
    fn add_hidden<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.router = self.router.route(path, any(handler));
        self.list.push((Method::GET, path));
        self
    }
}

fn management() -> Routes {
    Routes::new()
        .add(Method::POST, "/v1/api-keys", api_keys::create)
        .add(Method::GET, "/v1/api-keys", api_keys::list)
        .add(Method::DELETE, "/v1/api-keys/{id}", api_keys::revoke)
        .add(Method::POST, "/v1/api-keys/{id}/rotate", api_keys::rotate)
        .add(Method::GET, "/v1/api-keys/{id}/usage", api_keys::usage)
        .add(Method::POST, "/v1/campaigns", campaigns::create)
        .add(Method::GET, "/v1/campaigns", campaigns::list)
        .add(Method::GET, "/v1/campaigns/{id}", campaigns::get)
        .add(Method::PATCH, "/v1/campaigns/{id}", campaigns::update)
        .add(Method::DELETE, "/v1/campaigns/{id}", campaigns::delete)
        .add(Method::GET, "/v1/campaigns/{id}/analytics", campaigns::analytics)
        .add(Method::GET, "/v1/campaigns/{id}/guide", guides::get)
        .add(Method::PUT, "/v1/campaigns/{id}/guide", guides::put)
        .add(Method::POST, "/v1/campaigns/{id}/publish", guides::publish)
        .add(Method::POST, "/v1/campaigns/{id}/activate", campaigns::activate)
        .add(Method::POST, "/v1/campaigns/{id}/pause", campaigns::pause)
        .add(Method::POST, "/v1/campaigns/{id}/complete", campaigns::complete)
        .add(Method::POST, "/v1/campaigns/{id}/archive", campaigns::archive)
        .add(Method::POST, "/v1/invites", invites::mint)
        .add(Method::GET, "/v1/invites", invites::list)
        .add(Method::POST, "/v1/invites/batch", invites::batch)
        .add(Method::GET, "/v1/invites/{id}", invites::get)
        .add(Method::POST, "/v1/invites/{id}/cancel", invites::cancel)
        .add(Method::POST, "/v1/invites/{id}/extend", invites::extend)
        .add(Method::POST, "/v1/invites/{id}/reissue", invites::reissue)
        .add(Method::GET, "/v1/participants/{id}", participants::get)
        .add(Method::DELETE, "/v1/participants/{id}", participants::erase)
        .add(Method::GET, "/v1/audit-log", audit::list)
        .add(Method::POST, "/v1/webhooks", webhooks::create)
        .add(Method::GET, "/v1/webhooks", webhooks::list)
        .add(Method::GET, "/v1/webhooks/{id}", webhooks::get)
        .add(Method::PATCH, "/v1/webhooks/{id}", webhooks::update)
        .add(Method::DELETE, "/v1/webhooks/{id}", webhooks::delete)
        .add(Method::POST, "/v1/webhooks/{id}/rotate-secret", webhooks::rotate_secret)
        .add(Method::POST, "/v1/webhooks/{id}/test", webhooks::test)
        .add(Method::POST, "/v1/webhooks/{id}/redeliver", webhooks::redeliver)
        .add(Method::GET, "/v1/webhooks/{id}/deliveries", webhooks::deliveries)
        .add(Method::GET, "/v1/events", webhooks::events)
        .add(Method::GET, "/v1/sessions", sessions::list)
        .add(Method::GET, "/v1/sessions/{id}", sessions::get)
        .add(Method::DELETE, "/v1/sessions/{id}", sessions::delete)
        .add(Method::GET, "/v1/sessions/{id}/answers", sessions::answers)
        .add(Method::GET, "/v1/sessions/{id}/events", sessions::events)
        .add(Method::GET, "/v1/sessions/{id}/transcript", sessions::transcript)
        .add(Method::GET, "/v1/sessions/{id}/uploads/{upload_id}", uploads::download)
        .add(Method::GET, "/v1/uploads/{id}", uploads::download_any)
}

fn participants() -> Routes {
    Routes::new()
        .add(Method::POST, "/v1/participant/session", participant::start)
        .add(Method::GET, "/v1/participant/session", participant::get)
        .add(Method::POST, "/v1/participant/session/token", participant::renew)
        .add(Method::POST, "/v1/participant/session/consent", participant::consent)
        .add(Method::GET, "/v1/participant/session/answers/{question_id}", participant::answered)
        .add(Method::PUT, "/v1/participant/session/answers/{question_id}", participant::answer)
        .add(Method::POST, "/v1/participant/session/answers/{question_id}", participant::answer)
        .add(Method::POST, "/v1/participant/session/uploads", uploads::begin)
        .add(Method::GET, "/v1/participant/session/uploads/{upload_id}", uploads::get)
        .add(Method::PUT, "/v1/participant/session/uploads/{upload_id}/parts/{number}", uploads::put_part)
        .add(Method::POST, "/v1/participant/session/uploads/{upload_id}/complete", uploads::complete)
        .add(Method::GET, "/v1/participant/session/stream", participant::stream)
        .add(Method::POST, "/v1/participant/session/pause", participant::pause)
        .add(Method::POST, "/v1/participant/session/complete", participant::complete)
        .add(Method::POST, "/v1/participant/session/withdraw", participant::withdraw)
}

/// They take their key as `x-api-key`, and tell failures plainly.
fn sign_in() -> Routes {
    Routes::new()
        .add(Method::POST, "/auth/login", auth::login)
        .add(Method::POST, "/auth/refresh", auth::refresh)
        .add(Method::POST, "/auth/logout", auth::logout)
}

/// What asks for both a key and a token, and fails in the plain way; `/graphiql` is its page on the sandbox.
fn graphql() -> Routes {
    Routes::new()
        .add(Method::POST, "/graphql", graphql::post)
        .add(Method::GET, "/graphql", graphql::get)
        .add(Method::GET, "/graphiql", graphql::page)
        .add(Method::GET, "/graphiql/style.css", graphql::style)
        .add(Method::GET, "/graphiql/page.js", graphql::script)
}

fn public() -> Routes {
    Routes::new()
        .add(Method::GET, "/.well-known/jwks.json", well_known::jwks)
        .add(Method::GET, "/schemas/guide/1.json", guides::schema)
        .add(Method::GET, "/openapi.json", openapi::json)
        .add(Method::GET, "/docs", openapi::page)
        .add(Method::GET, "/docs/style.css", openapi::style)
        .add(Method::GET, "/healthz", health::live)
        .add(Method::GET, "/readyz", health::ready)
        .add_hidden("/metrics", metrics::show)
        .add(Method::GET, "/i", hosted::page)
        .add(Method::GET, "/i/page.js", hosted::script)
        .add(Method::GET, "/embed", embed::page)
        .add(Method::GET, "/embed/page.js", embed::script)
}

/// Every method and path of the API that needs a credential, in axum's notation.
pub fn protected_routes() -> Vec<(Method, &'static str)> {
    management().list.into_iter().chain(participants().list).collect()
}

/// Every method and path of sign-in.
pub fn sign_in_routes() -> Vec<(Method, &'static str)> {
    sign_in().list
}

/// Every method and path that needs none, but for the widget's files.
pub fn public_routes() -> Vec<(Method, &'static str)> {
    public().list
}

/// The methods and paths of GraphQL.
pub fn graphql_routes() -> Vec<(Method, &'static str)> {
    graphql().list
}

/// The pattern of each path that there can be, one or several times.
pub fn all_paths() -> impl Iterator<Item = &'static str> {
    let lists = [protected_routes(), sign_in_routes(), public_routes(), graphql_routes()];
    lists.into_iter().flatten().map(|(_, path)| path).chain([WIDGET_FILE])
}

/// The whole server of one environment. `widget_dir` has the built widget for the hosted page.
pub fn router(state: AppState, widget_dir: Option<&Path>) -> Router {
    let participants = participants().router.method_not_allowed_fallback(method_not_allowed).layer(cors());
    let sign_in = sign_in().router.method_not_allowed_fallback(plain_method_not_allowed);
    let mut router = management().router.merge(public().router);
    if let Some(folder) = widget_dir {
        let files = ServeDir::new(folder).append_index_html_on_directories(false);
        router = router.nest_service(WIDGET, middleware::map_response(is_widget_file).layer(files));
    }
    router
        .method_not_allowed_fallback(method_not_allowed)
        .merge(participants)
        .merge(sign_in)
        .merge(graphql().router.method_not_allowed_fallback(crate::graphql::http::method_not_allowed))
        .fallback(not_found)
        // One layer of five, the outermost first: the router boxes each layer that it is given by itself.
        .layer((
            middleware::from_fn_with_state(state.clone(), telemetry::request),
            middleware::from_fn_with_state(state.clone(), headers),
            CatchPanicLayer::custom(|_| ApiError::internal(&"a handler panicked").into_response()),
            DefaultBodyLimit::max(MAX_BODY_BYTES),
            middleware::from_fn_with_state(state.clone(), idempotency::layer),
        ))
        .with_state(state)
}

/// What a page of a customer may send to the participant API, and read of the answer. Any origin may ask: which may
/// go on is decided with the token in hand, and a refusal takes the header away again.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("content-digest"),
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([HeaderName::from_static("x-request-id"), header::RETRY_AFTER])
        .max_age(std::time::Duration::from_mins(10))
}

/// Headers that every answer has, unless a handler has said otherwise, and those that only the end of the call knows.
async fn headers(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let call = Call::begin(&state, &mut request);
    let mut response = next.run(request).await;
    call.finish(&mut response);
    if response.extensions().get::<HiddenFromPage>().is_some() {
        response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    }
    let defaults = [(header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    for (name, value) in defaults {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A folder that is served has no pattern.
async fn is_widget_file<B>(mut response: Response<B>) -> Response<B> {
    response.extensions_mut().insert(ServedAs(WIDGET_FILE));
    response
}

async fn not_found() -> ApiError {
    ApiError::not_found()
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed)
}

async fn plain_method_not_allowed() -> PlainError {
    PlainError::method_not_allowed()
}
