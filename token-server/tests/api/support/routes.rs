//! The router's own list of routes, with ids to fill in and bodies that would be accepted.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Caller, Interview, Organization, guides, organization::id_of};

/// A route that needs a credential.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// As the router has it.
    pub(crate) template: &'static str,
}

/// One object of each kind.
#[derive(Debug, Clone)]
pub(crate) struct Objects {
    pub(crate) key: String,
    pub(crate) campaign: String,
    pub(crate) invite: String,
    pub(crate) session: String,
    pub(crate) participant: String,
    pub(crate) webhook: String,
    /// A file of an interview of its own.
    pub(crate) upload: String,
    pub(crate) upload_session: String,
    /// Who has sent it.
    pub(crate) uploader: Option<Caller>,
}

impl Objects {
    /// Makes them; the interview is under way.
    pub(crate) async fn make(organization: &Organization) -> (Self, Interview) {
        let campaign = organization.campaign().await;
        let invite = organization.invite(&campaign).await;
        let invitee = organization.admin.with(invite["invite_token"].as_str().expect("a token"));
        let interview = Interview::start(&invitee).await;
        let key = id_of(&organization.create_key(json!({"name": "Spare"})).await);
        let endpoint = json!({"url": "https://hook.invalid/", "status": "disabled"});
        let webhook = id_of(&organization.admin.post("/v1/webhooks", endpoint).await.expect(201));
        let (uploader, upload) = super::uploads::one_file(organization).await;
        (
            Self {
                key,
                campaign,
                invite: id_of(&invite),
                session: interview.session_id().to_owned(),
                participant: invite["participant_id"].as_str().expect("an id").to_owned(),
                webhook,
                upload,
                upload_session: uploader.session_id().to_owned(),
                uploader: Some(uploader.participant),
            },
            interview,
        )
    }

    /// Ids of the right form that name nothing.
    pub(crate) fn absent() -> Self {
        let id = |prefix: &str| format!("{prefix}_00000000000000000000000000");
        Self {
            key: id("key"),
            campaign: id("camp"),
            invite: id("inv"),
            session: id("ses"),
            participant: id("part"),
            webhook: id("we"),
            upload: id("upl"),
            upload_session: id("ses"),
            uploader: None,
        }
    }
}

impl Route {
    pub(crate) fn all() -> Vec<Self> {
        let routes = token_server::router::protected_routes().into_iter();
        routes.map(|(method, template)| Self { method, template }).collect()
    }

    pub(crate) fn management() -> Vec<Self> {
        Self::all().into_iter().filter(|route| !route.is_for_participants()).collect()
    }

    pub(crate) fn participant() -> Vec<Self> {
        Self::all().into_iter().filter(Self::is_for_participants).collect()
    }

    pub(crate) fn is_for_participants(&self) -> bool {
        self.template.starts_with("/v1/participant/")
    }

    /// Whether there is the id of an object in its path.
    pub(crate) fn bears_an_id(&self) -> bool {
        self.template.contains("{id}")
    }

    /// The path to an object.
    pub(crate) fn path(&self, objects: &Objects) -> String {
        let id = match self.template.split('/').nth(2) {
            Some("api-keys") => &objects.key,
            Some("campaigns") => &objects.campaign,
            Some("invites") => &objects.invite,
            Some("participants") => &objects.participant,
            Some("uploads") => &objects.upload,
            Some("webhooks") => &objects.webhook,
            _ if self.bears_an_upload() => &objects.upload_session,
            _ => &objects.session,
        };
        self.filled(id, &objects.upload)
    }

    /// Whether there is the id of an upload in its path.
    pub(crate) fn bears_an_upload(&self) -> bool {
        self.template.contains("{upload_id}")
    }

    /// The path with this text in place of its id.
    pub(crate) fn path_with(&self, id: &str) -> String {
        self.filled(id, "upl_00000000000000000000000000")
    }

    fn filled(&self, id: &str, upload: &str) -> String {
        let path = self.template.replace("{id}", id).replace("{question_id}", id);
        path.replace("{upload_id}", upload).replace("{number}", "1")
    }

    /// A body that the route would accept, if it takes one.
    pub(crate) fn body(&self, objects: &Objects) -> Option<Value> {
        let body = match (self.method.as_str(), self.template) {
            ("POST", "/v1/api-keys") => json!({
                "name": "Key", "kind": "standard", "scopes": ["invites:read"], "allowed_cidrs": ["127.0.0.0/8"],
                "expires_at": "2027-01-31T12:00:00.000Z"
            }),
            ("POST", "/v1/api-keys/{id}/rotate" | "/v1/webhooks/{id}/rotate-secret") => {
                json!({"overlap_hours": 1})
            }
            ("POST" | "PATCH", "/v1/campaigns" | "/v1/campaigns/{id}") => json!({
                "name": "Name", "description": "About", "metadata": {"team": "research"}, "settings": {
                    "locale": "en", "allowed_origins": [], "invite_ttl_s": 600, "resume_window_s": 3_600,
                    "reuse": "one_time", "theme": {}
                }
            }),
            ("PUT", "/v1/campaigns/{id}/guide") => guides::every_kind(),
            ("POST", "/v1/invites") => json!({
                "campaign_id": objects.campaign, "participant_email": "ada@example.com", "participant_name": "Ada",
                "external_id": "42", "expires_in_s": 600, "variables": {"first_name": "Ada"},
                "origin": "https://example.com", "locale": "en", "metadata": {"source": "newsletter"}
            }),
            ("POST", "/v1/invites/batch") => json!({"invites": [{"campaign_id": objects.campaign}]}),
            ("POST", "/v1/invites/{id}/extend" | "/v1/invites/{id}/reissue") => json!({"expires_in_s": 600}),
            ("POST" | "PATCH", "/v1/webhooks" | "/v1/webhooks/{id}") => json!({
                "url": "https://hook.invalid/", "description": "CRM", "events": ["invite.created"],
                "status": "disabled"
            }),
            ("POST", "/v1/webhooks/{id}/redeliver") => json!({"from": "2026-01-31T12:00:00.000Z"}),
            ("POST", "/v1/participant/session") => json!({"locale": "en"}),
            ("POST", "/v1/participant/session/consent") => {
                json!({"accepted": [{"id": "research", "version": 2}]})
            }
            ("PUT" | "POST", "/v1/participant/session/answers/{question_id}") => {
                json!({"client_id": "c1", "seq": 1, "value": null, "elapsed_ms": 5, "final": true})
            }
            ("POST", "/v1/participant/session/uploads") => json!({
                "client_id": "u1", "question_id": "welcome", "filename": "a.txt", "content_type": "text/plain",
                "size_bytes": 3, "duration_ms": 5
            }),
            ("POST", "/v1/participant/session/uploads/{upload_id}/complete") => {
                json!({"sha256": super::uploads::SHA256_OF_ABC})
            }
            // It takes bytes, and has tests of its own.
            ("GET" | "DELETE", _) | ("PUT", "/v1/participant/session/uploads/{upload_id}/parts/{number}") => {
                return None;
            }
            (_, template) => {
                let last = template.rsplit('/').next().unwrap_or_default();
                let steps = [
                    "publish", "activate", "pause", "complete", "archive", "cancel", "token", "withdraw",
                    "test",
                ];
                assert!(
                    steps.contains(&last),
                    "say here what body {template} takes, so that the walks can send it"
                );
                return None;
            }
        };
        Some(body)
    }

    /// Whether the body may be left out.
    pub(crate) fn body_is_optional(&self) -> bool {
        matches!(
            self.template,
            "/v1/api-keys/{id}/rotate"
                | "/v1/invites/{id}/reissue"
                | "/v1/participant/session"
                | "/v1/participant/session/uploads/{upload_id}/complete"
                | "/v1/webhooks/{id}/rotate-secret"
        )
    }

    /// A request that the route would accept from the right caller.
    pub(crate) fn request(&self, caller: &Caller, objects: &Objects) -> RequestBuilder {
        let path = if self.is_for_participants() { self.path_with("welcome") } else { self.path(objects) };
        let request = caller.request(self.method.clone(), &path);
        match self.body(objects) {
            Some(body) => request.json(&body),
            None if self.template.ends_with("/parts/{number}") => {
                request.header("Content-Digest", super::uploads::content_digest(b"abc")).body("abc")
            }
            None => request,
        }
    }
}
