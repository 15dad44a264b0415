//! `/graphql` over HTTP: who asks, what for, and with which status it is answered.
//!
//! Failures of the credentials and of the form of a request are `{"error":"…"}`, as the Exterview page has it; what a
//! document does wrong is answered in GraphQL's own words.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{Name, PathSegment, Response as Executed, ServerError, Value as GraphQlValue};
use axum::{
    extract::Request,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;
use serde_json::{Value, json};

use super::{
    accept::Answer,
    body::{self, Asked, Form},
    budget::Budget,
    caller::{Caller, unauthorized},
    errors::with_code,
    loaders::lookups,
    multipart::{Files, Multipart},
    prepare::{NotBegun, Rules, prepare},
};
use crate::{
    error::{ApiError, PlainError},
    state::AppState,
};

/// Answers a POST. A form of a page in another origin cannot send it: the browser would have to ask for the header
/// `x-api-key` first, and is not given it. So a multipart request needs no further guard.
pub async fn post(state: &AppState, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = Answer::of(&parts.headers);
    let rules = Rules { may_mutate: true, ..Rules::of(&parts, state) };
    let executed = async {
        let caller = Caller::of(&parts, state).await?;
        let form = Form::of(&parts.headers);
        // Whoever signs in sends JSON; of all others the token is asked for first.
        if caller.bearer.is_none() && form != Ok(Form::Json) {
            return Err(unauthorized().into());
        }
        match form? {
            Form::Json => {
                let asked = body::read_json(&parts.headers, body).await;
                let asked =
                    asked.map_err(|error| if caller.bearer.is_some() { error } else { unauthorized() })?;
                execute(state, caller, asked, rules, None).await
            }
            Form::Multipart(boundary) => {
                let (asked, files) = Multipart::begin(&parts.headers, body, &boundary).await?;
                execute(state, caller, asked, rules, Some(files)).await
            }
        }
    };
    respond(executed.await, answer)
}

/// Answers a GET, which may only ask.
pub async fn get(state: &AppState, parts: Parts) -> Response {
    let answer = Answer::of(&parts.headers);
    let executed = async {
        let caller = Caller::of(&parts, state).await?;
        if caller.bearer.is_none() {
            return Err(unauthorized().into());
        }
        let asked = body::of_query(&parts.uri)?;
        execute(state, caller, asked, Rules::of(&parts, state), None).await
    };
    respond(executed.await, answer)
}

/// Answers any other method.
pub async fn method_not_allowed() -> Response {
    PlainError::new(StatusCode::METHOD_NOT_ALLOWED, "Send a POST.").into_response()
}

async fn execute(
    state: &AppState,
    caller: Caller,
    asked: Asked,
    rules: Rules,
    files: Option<Multipart>,
) -> Result<Executed, NotBegun> {
    let request = prepare(asked, &caller, rules)?;
    let files = match files {
        Some(files) => files.receive(&state.uploads, || state.new_id()).await?,
        None => Files::default(),
    };
    // The body may have been long in coming.
    caller.by.check_after_a_while(state.store()).await.map_err(PlainError::from)?;
    let budget = Arc::new(Budget::default());
    let lookups = lookups(state, caller.organization_id(), Arc::clone(&budget));
    let request = request.data(state.clone()).data(caller).data(lookups).data(files).data(budget);
    Ok(tell_once(state.graphql.schema.execute(request).await))
}

/// Of a field at the root that asks for too much nothing is told but that, once, whichever of the many below it was the one
/// too many.
fn tell_once(mut executed: Executed) -> Executed {
    let is_too_much = |error: &ServerError| {
        error.source::<ApiError>().is_some_and(|failed| failed.code == ErrorCode::PayloadTooLarge)
    };
    let mut told = HashSet::new();
    let mut data = executed.data;
    executed.errors.retain_mut(|error| {
        if !is_too_much(error) {
            return true;
        }
        error.path.truncate(1);
        let Some(PathSegment::Field(root)) = error.path.first().cloned() else { return true };
        // Nothing stands in the place of a list.
        data = match std::mem::take(&mut data) {
            GraphQlValue::Object(members)
                if matches!(members.get(root.as_str()), Some(GraphQlValue::List(_))) =>
            {
                GraphQlValue::Null
            }
            GraphQlValue::Object(mut members) => {
                members.insert(Name::new(&root), GraphQlValue::Null);
                GraphQlValue::Object(members)
            }
            other => other,
        };
        told.insert(root)
    });
    executed.data = data;
    executed
}

fn respond(executed: Result<Executed, NotBegun>, answer: Answer) -> Response {
    match executed {
        Ok(executed) => {
            // What was not begun with has neither data nor a place in them.
            let was_begun = executed.data != GraphQlValue::Null
                || executed.errors.iter().any(|error| !error.path.is_empty());
            let errors: Vec<_> = executed.errors.into_iter().map(with_code).collect();
            let data = was_begun.then(|| executed.data.into_json().unwrap_or(Value::Null));
            json_of(data, &errors, answer)
        }
        Err(NotBegun::Document(error)) => json_of(None, &[with_code(error)], answer),
        Err(NotBegun::Plain(error)) => error.into_response(),
        Err(NotBegun::NotByGet) => {
            let message = "A GET may only ask. Send the mutation as a POST.";
            let error = PlainError::new(StatusCode::METHOD_NOT_ALLOWED, message);
            ([NotBegun::allow_post()], error).into_response()
        }
    }
}

fn json_of(data: Option<Value>, errors: &[ServerError], answer: Answer) -> Response {
    let status = answer.status(data.is_some());
    let mut body = json!({});
    if !errors.is_empty() {
        body["errors"] = json!(errors);
    }
    if let Some(data) = data {
        body["data"] = data;
    }
    (status, [(header::CONTENT_TYPE, answer.content_type())], body.to_string()).into_response()
}
