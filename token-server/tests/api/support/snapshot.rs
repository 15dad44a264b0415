//! Everything that is stored, to tell whether something has changed.

use domain::{
    api_key::StoredApiKey,
    audit::StoredAuditEvent,
    campaign::StoredCampaign,
    clock::Clock as _,
    invite::StoredInvite,
    session::{StoredAnswer, StoredDraft, StoredSession},
    signing_key::SigningKey,
    webhook::{StoredEndpoint, StoredEvent},
};
use protocol::{Environment, ids::ApiKeyId};
use storage::{
    AuditFilter, CampaignFilter, EventFilter, InviteFilter, PageRequest, SessionFilter, StoredGuide,
};

use super::{Organization, TestServer};

/// Every row of some organizations and every signing key, but for when keys were last used.
#[derive(PartialEq)]
pub(crate) struct Snapshot {
    keys: Vec<StoredApiKey>,
    campaigns: Vec<StoredCampaign>,
    drafts_of_guides: Vec<Option<String>>,
    guides: Vec<StoredGuide>,
    invites: Vec<StoredInvite>,
    sessions: Vec<StoredSession>,
    answers: Vec<Vec<StoredAnswer>>,
    drafts: Vec<Option<StoredDraft>>,
    signing_keys: Vec<SigningKey>,
    audit_events: Vec<StoredAuditEvent>,
    endpoints: Vec<StoredEndpoint>,
    events: Vec<StoredEvent>,
}

impl Snapshot {
    /// Reads all of it.
    pub(crate) async fn of(server: &TestServer, organizations: &[&Organization]) -> Self {
        let all = PageRequest { before: None, limit: 10_000 };
        let now = server.clock.now();
        let mut unit = server.shared.store.read().await.unwrap();
        let mut seen = Self {
            keys: Vec::new(),
            campaigns: Vec::new(),
            drafts_of_guides: Vec::new(),
            guides: Vec::new(),
            invites: Vec::new(),
            sessions: Vec::new(),
            answers: Vec::new(),
            drafts: Vec::new(),
            signing_keys: Vec::new(),
            audit_events: Vec::new(),
            endpoints: Vec::new(),
            events: Vec::new(),
        };
        for environment in Environment::ALL {
            seen.signing_keys.extend(unit.list_signing_keys(environment).await.unwrap());
            for organization in organizations {
                let id = &organization.id;
                seen.keys.extend(unit.list_api_keys(environment, id, &all).await.unwrap());
                let filter = CampaignFilter::default();
                seen.campaigns.extend(unit.list_campaigns(environment, id, &filter, &all).await.unwrap());
                let filter = InviteFilter::default();
                seen.invites.extend(unit.list_invites(environment, id, &filter, &all, now).await.unwrap());
                let filter = AuditFilter::default();
                seen.audit_events
                    .extend(unit.list_audit_events(environment, id, &filter, &all).await.unwrap());
                seen.endpoints.extend(unit.list_endpoints(environment, id, &all).await.unwrap());
                let filter = EventFilter::default();
                seen.events.extend(unit.list_events(environment, id, &filter, &all).await.unwrap());
                let filter = SessionFilter::default();
                seen.sessions.extend(unit.list_sessions(environment, id, &filter, &all, now).await.unwrap());
            }
        }
        for key in &mut seen.keys {
            key.last_used_at = None;
        }
        for campaign in &seen.campaigns {
            let (environment, id) = (campaign.environment, &campaign.id);
            seen.drafts_of_guides.push(unit.find_guide_draft(environment, id).await.unwrap());
            for version in 1..=campaign.published_version.unwrap_or(0) + 1 {
                seen.guides.extend(unit.find_guide(environment, id, version).await.unwrap());
            }
        }
        for session in &seen.sessions {
            seen.answers.push(unit.list_answers(&session.id).await.unwrap());
            seen.drafts.push(unit.find_draft(&session.id).await.unwrap());
        }
        seen
    }

    /// All but what one key is.
    pub(crate) fn without_key(mut self, id: &ApiKeyId) -> Self {
        self.keys.retain(|key| &key.id != id);
        self
    }

    /// How many sessions there are.
    pub(crate) fn sessions(&self) -> usize {
        self.sessions.len()
    }
}
