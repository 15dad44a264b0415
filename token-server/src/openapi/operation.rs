//! One method of one path.

use serde_json::{Map, Value, json};

use super::schemas::{named, page_of};

/// Statuses with which an operation may fail that tells failures plainly.
pub(super) const PLAIN_STATUSES: [u16; 7] = [400, 401, 403, 413, 429, 500, 503];

/// What a list, a body or a header has to do with other statuses is said once, in the methods of this type.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    json: Value,
    kept_by_idempotency_key: bool,
    has_budget: bool,
}

impl Operation {
    /// An operation with its name and the tag below which it is listed.
    pub(super) fn new(
        method: &'static str,
        path: &'static str,
        (tag, id): (&str, &str),
        summary: &str,
        description: &str,
    ) -> Self {
        let parameters: Vec<Value> = path
            .split(['{', '}'])
            .skip(1)
            .step_by(2)
            .map(|name| match name {
                "id" => id_parameter(path),
                "upload_id" => json!({
                    "name": "upload_id", "in": "path", "required": true, "schema": named("UploadId"),
                    "description": "The upload's id."
                }),
                "number" => json!({
                    "name": "number", "in": "path", "required": true,
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1_024},
                    "description": "Which part, from 1."
                }),
                name => json!({
                    "name": name, "in": "path", "required": true, "schema": {"type": "string"},
                    "description": "The question's id, as `turn.question.id` has it."
                }),
            })
            .collect();
        let json = json!({
            "tags": [tag], "operationId": id, "summary": summary, "description": description,
            "parameters": parameters, "responses": {}
        });
        let new = Self { method, path, json, kept_by_idempotency_key: false, has_budget: false };
        if path.contains("{id}") { new.refuses(&[404]) } else { new }
    }

    /// It takes an API key with this scope.
    pub(super) fn key(mut self, scope: &str) -> Self {
        self.json["security"] = json!([{"apiKey": []}]);
        self.json["x-required-scope"] = json!(scope);
        let said = self.json["description"].as_str().unwrap_or_default();
        self.json["description"] = json!(format!("{said} Needs the scope `{scope}`.").trim_start());
        self.has_budget = true;
        let new = self.refuses(&[401, 403, 429, 500, 503]);
        if new.method == "post" { new.idempotent() } else { new }
    }

    /// It takes an API key in the header `x-api-key` and the token of somebody who has signed in.
    pub(super) fn signed_in(mut self) -> Self {
        self.json["security"] = json!([{"xApiKey": [], "userToken": []}]);
        self.has_budget = true;
        self
    }

    /// It takes a body of one of these media types.
    pub(super) fn takes(mut self, content: &Value) -> Self {
        self.json["requestBody"] = json!({"required": true, "content": content});
        self
    }

    fn idempotent(mut self) -> Self {
        self.kept_by_idempotency_key = true;
        self.parameter(json!({"$ref": "#/components/parameters/IdempotencyKey"}))
            .refuses(&[400, 409, 413, 422])
    }

    /// It takes an API key as `x-api-key` and this body, and tells failures plainly.
    pub(super) fn plain(mut self, schema: &str) -> Self {
        self.json["security"] = json!([{"xApiKey": []}]);
        self.json["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": named(schema)}}});
        self.has_budget = true;
        for status in PLAIN_STATUSES {
            self.json["responses"][status.to_string()] =
                json!({"$ref": format!("#/components/responses/PlainError{status}")});
        }
        self
    }

    /// It takes a token of a participant.
    pub(super) fn token(mut self, scheme: &str) -> Self {
        self.json["security"] = json!([{scheme: []}]);
        self.refuses(&[401, 403, 410, 429, 500, 503])
    }

    /// Anybody may call it.
    pub(super) fn public(mut self) -> Self {
        self.json["security"] = json!([]);
        self.refuses(&[500])
    }

    /// It takes a body.
    pub(super) fn body(self, schema: &str) -> Self {
        self.body_that(schema, true)
    }

    /// It takes a body, which may be left out.
    pub(super) fn optional_body(self, schema: &str) -> Self {
        self.body_that(schema, false)
    }

    /// It also takes a form.
    pub(super) fn or_form(mut self, schema: &str) -> Self {
        self.json["requestBody"]["content"]["application/x-www-form-urlencoded"] =
            json!({"schema": named(schema)});
        self
    }

    fn body_that(mut self, schema: &str, is_required: bool) -> Self {
        self.json["requestBody"] = json!({
            "required": is_required, "content": {"application/json": {"schema": named(schema)}}
        });
        self.refuses(&[400, 413, 415, 422])
    }

    /// What it answers.
    pub(super) fn answers(self, status: u16, description: &str, schema: &str) -> Self {
        let content = json!({"application/json": {"schema": named(schema)}});
        self.answers_content(status, description, content)
    }

    /// It answers a page of a list.
    pub(super) fn answers_page(self, description: &str, schema: &str) -> Self {
        let content = json!({"application/json": {"schema": page_of(schema)}});
        self.answers_content(200, description, content)
    }

    /// What it answers, by media type; `null` for no body.
    pub(super) fn answers_content(mut self, status: u16, description: &str, content: Value) -> Self {
        let mut headers = Map::new();
        let mut add = |name: &str, component: &str| {
            headers.insert(name.to_owned(), json!({"$ref": format!("#/components/headers/{component}")}));
        };
        add("X-Request-Id", "RequestId");
        if self.has_budget {
            add("RateLimit", "RateLimit");
            add("RateLimit-Policy", "RateLimitPolicy");
        }
        if self.kept_by_idempotency_key {
            add("Idempotent-Replayed", "IdempotentReplayed");
        }
        let mut response = json!({"description": description, "headers": headers});
        if !content.is_null() {
            response["content"] = content;
        }
        self.json["responses"][status.to_string()] = response;
        self
    }

    /// Its answer of this status says when to try again.
    pub(super) fn says_when(mut self, status: u16) -> Self {
        self.json["responses"][status.to_string()]["headers"]["Retry-After"] =
            json!({"$ref": "#/components/headers/RetryAfter"});
        self
    }

    /// Its answer has an entity tag.
    pub(super) fn tagged(mut self) -> Self {
        for (_, response) in self.json["responses"].as_object_mut().into_iter().flatten() {
            if response.get("$ref").is_none() {
                response["headers"]["ETag"] = json!({"$ref": "#/components/headers/ETag"});
            }
        }
        self
    }

    /// It changes an object only in the state that the caller has seen.
    pub(super) fn if_match(self) -> Self {
        self.parameter(json!({"$ref": "#/components/parameters/IfMatch"})).refuses(&[412])
    }

    /// It lists a page at a time.
    pub(super) fn paged(self) -> Self {
        self.parameter(json!({"$ref": "#/components/parameters/Limit"}))
            .parameter(json!({"$ref": "#/components/parameters/Cursor"}))
            .refuses(&[400])
    }

    /// It has a parameter in the query string.
    pub(super) fn query(self, name: &str, schema: &Value, description: &str) -> Self {
        let parameter = json!({"name": name, "in": "query", "schema": schema, "description": description});
        self.parameter(parameter).refuses(&[400])
    }

    /// It takes a header.
    pub(super) fn header(self, name: &str, schema: &Value, is_required: bool, description: &str) -> Self {
        self.parameter(json!({
            "name": name, "in": "header", "required": is_required, "schema": schema, "description": description
        }))
    }

    fn parameter(mut self, parameter: Value) -> Self {
        if let Some(parameters) = self.json["parameters"].as_array_mut() {
            parameters.push(parameter);
        }
        self
    }

    /// Statuses with which it may fail.
    pub(super) fn refuses(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            self.json["responses"][status.to_string()] =
                json!({"$ref": format!("#/components/responses/Error{status}")});
        }
        self
    }

    /// As it stands in the document.
    pub(super) fn into_json(self) -> Value {
        self.json
    }
}

fn id_parameter(path: &str) -> Value {
    let (schema, what) = match path.split('/').nth(2) {
        Some("api-keys") => ("ApiKeyId", "key"),
        Some("campaigns") => ("CampaignId", "campaign"),
        Some("invites") => ("InviteId", "invite"),
        Some("participants") => ("ParticipantId", "participant"),
        Some("uploads") => ("UploadId", "upload"),
        Some("webhooks") => ("WebhookId", "endpoint"),
        _ => ("SessionId", "session"),
    };
    json!({
        "name": "id", "in": "path", "required": true, "schema": named(schema),
        "description": format!("The {what}'s id.")
    })
}
