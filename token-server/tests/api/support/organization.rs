//! An organization and what it makes, by the public API.

use protocol::ids::{ApiKeyId, OrganizationId};
use serde_json::{Value, json};

use super::{Caller, Interview, guides};

/// An organization with an admin key.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) id: OrganizationId,
    pub(crate) admin: Caller,
    pub(crate) admin_key_id: ApiKeyId,
}

impl Organization {
    /// A new key; gives the whole answer.
    pub(crate) async fn create_key(&self, body: Value) -> Value {
        self.admin.post("/v1/api-keys", body).await.expect(201)
    }

    /// Somebody with a new standard key.
    pub(crate) async fn standard(&self) -> Caller {
        self.key(json!({"name": "Backend"})).await
    }

    /// Somebody with a new key that has these scopes.
    pub(crate) async fn scoped(&self, scopes: &[&str]) -> Caller {
        self.key(json!({"name": "Scoped", "scopes": scopes})).await
    }

    pub(crate) async fn key(&self, body: Value) -> Caller {
        let created = self.create_key(body).await;
        self.admin.with(created["key"].as_str().expect("a key"))
    }

    /// A campaign in draft; gives its id.
    pub(crate) async fn draft(&self) -> String {
        self.draft_with(json!({})).await
    }

    /// A campaign in draft with settings.
    pub(crate) async fn draft_with(&self, settings: Value) -> String {
        let body = json!({"name": "Research", "settings": settings});
        id_of(&self.admin.post("/v1/campaigns", body).await.expect(201))
    }

    /// An active campaign whose guide asks every kind of question.
    pub(crate) async fn campaign(&self) -> String {
        self.campaign_with(guides::every_kind(), json!({})).await
    }

    /// An active campaign with a guide and settings of its own.
    pub(crate) async fn campaign_with(&self, guide: Value, settings: Value) -> String {
        let id = self.draft_with(settings).await;
        let uploaded = self.admin.put(&format!("/v1/campaigns/{id}/guide"), guide).await.expect(200);
        assert_eq!(uploaded["faults"], json!([]), "the guide of a test is sound");
        self.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await.expect(200);
        self.step(&id, "activate").await;
        id
    }

    /// Moves a campaign along.
    pub(crate) async fn step(&self, campaign: &str, step: &str) -> Value {
        self.admin.post_nothing(&format!("/v1/campaigns/{campaign}/{step}")).await.expect(200)
    }

    /// A new invite; gives the whole answer.
    pub(crate) async fn invite(&self, campaign: &str) -> Value {
        self.invite_with(campaign, json!({})).await
    }

    /// A new invite with further members.
    pub(crate) async fn invite_with(&self, campaign: &str, more: Value) -> Value {
        let mut body = json!({"campaign_id": campaign});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("/v1/invites", body).await.expect(201)
    }

    /// Somebody who holds a new invite token.
    pub(crate) async fn invitee(&self, campaign: &str) -> Caller {
        let invite = self.invite(campaign).await;
        self.admin.with(invite["invite_token"].as_str().expect("a token"))
    }

    /// An interview that has just started.
    pub(crate) async fn interview(&self, campaign: &str) -> Interview {
        Interview::start(&self.invitee(campaign).await).await
    }
}

/// The id of an object.
#[track_caller]
pub(crate) fn id_of(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}
