//! Everything that is decided before a resolver runs.

use async_graphql::{
    Request, ServerError, Variables,
    parser::{parse_query, types::ExecutableDocument},
};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};

use super::{
    body::{Asked, bad_request},
    caller::{Caller, unauthorized},
    errors::Refused,
    plan::{Plan, plan},
    scan,
};
use crate::{error::PlainError, idempotency, state::AppState};

/// Why a request is not begun with.
#[derive(Debug)]
pub(super) enum NotBegun {
    /// By the caller, or the form of the request.
    Plain(PlainError),
    /// By its document.
    Document(ServerError),
    /// It would change something, which a GET must not.
    NotByGet,
}

impl From<PlainError> for NotBegun {
    fn from(error: PlainError) -> Self {
        Self::Plain(error)
    }
}

impl NotBegun {
    /// What a method is answered with that changes nothing.
    pub(super) fn allow_post() -> (header::HeaderName, HeaderValue) {
        (header::ALLOW, HeaderValue::from_static("POST"))
    }
}

/// How a request came, and what is answered here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Whether it may change something.
    pub(super) may_mutate: bool,
    /// Whether the schema describes itself.
    pub(super) describes_itself: bool,
    /// Whether it is called by a name, so as to be done once however often it is sent.
    pub(super) is_named: bool,
}

impl Rules {
    /// Those for a request that may only ask.
    pub(super) fn of(parts: &Parts, state: &AppState) -> Self {
        let is_named = parts.headers.contains_key(idempotency::HEADER);
        Self { may_mutate: false, describes_itself: state.graphql.describes_itself, is_named }
    }
}

/// Reads a document and decides whether this caller may have it executed.
///
/// # Errors
/// [`NotBegun`]. Somebody without a token is told nothing but that, unless they are signing in.
pub(super) fn prepare(asked: Asked, caller: &Caller, rules: Rules) -> Result<Request, NotBegun> {
    let read = read(&asked);
    let plan = match &read {
        Ok((_, plan)) if caller.bearer.is_none() && !plan.signs_in => return Err(unauthorized().into()),
        Err(error)
            if caller.bearer.is_none() && !error.extensions.as_ref().is_some_and(is_about_mutations) =>
        {
            return Err(unauthorized().into());
        }
        Ok((_, plan)) => plan,
        Err(error) => return Err(NotBegun::Document(error.clone())),
    };
    if plan.is_mutation && !rules.may_mutate {
        return Err(NotBegun::NotByGet);
    }
    // To pass over the name would do twice what somebody relies on being done once. Signing in is repeated without harm.
    if plan.is_mutation && !plan.signs_in && rules.is_named {
        let message = "A mutation cannot bear the header Idempotency-Key. Send it without the header and, before you \
                       send it again, look whether it was done; or use the REST API, which takes the header on every POST.";
        return Err(bad_request(message).into());
    }
    if plan.introspects && !rules.describes_itself {
        let message = "The schema is not told here. Ask the sandbox, or read docs/api/schema.graphql.";
        return Err(NotBegun::Document(Refused::new(message).into()));
    }
    if let Some(scope) = plan.needs.iter().find(|scope| !caller.allows(**scope)) {
        let whose = if caller.key.allows(*scope) { "Your role" } else { "Your API key" };
        let message =
            format!("{whose} does not have the permission {} that this request takes.", scope.as_str());
        return Err(PlainError::new(StatusCode::FORBIDDEN, message).into());
    }
    let (document, _) = read.map_err(NotBegun::Document)?;
    let mut request = Request::new(asked.document).variables(Variables::from_json(asked.variables));
    request.operation_name = asked.operation;
    request.set_parsed_query(document);
    Ok(request)
}

/// Whether so many mutations were asked for at once: whoever tries passwords that way is told why it fails.
fn is_about_mutations(extensions: &async_graphql::ErrorExtensionValues) -> bool {
    matches!(extensions.get("limit"), Some(async_graphql::Value::String(name)) if name == "mutations")
}

fn read(asked: &Asked) -> Result<(ExecutableDocument, Plan), ServerError> {
    scan::check(&asked.document)?;
    let document = parse_query(&asked.document)?;
    let plan = plan(&document, asked.operation.as_deref())?;
    Ok((document, plan))
}
