//! Objects to store: small, complete, and told apart by a number.

use std::collections::BTreeMap;

use domain::{
    api_key::{StoredApiKey, scopes_of},
    campaign::{StoredCampaign, StoredCounters},
    invite::{Participant, StoredInvite},
    organization::{Organization, Plan},
    refresh_token::StoredRefreshToken,
    session::{StoredAnswer, StoredDraft, StoredSession},
    user::{Role, StoredUser, UserStatus},
};
use protocol::{
    Environment, Timestamp,
    api_key::KeyKind,
    campaign::{CampaignSettings, CampaignStatus},
    ids::{
        ApiKeyId, CampaignId, GrantId, InviteId, OrganizationId, ParticipantId, PrefixedId, SessionId, UserId,
    },
    invite::InviteStatus,
    question::QuestionKind,
    session::SessionStatus,
};
use serde_json::{Map, Value, json};
use storage::{PageRequest, Store, StoreError, StoredGuide};

pub(crate) use Environment::{Live, Test};

/// A time, in milliseconds.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// An id that is its own in each environment and sorts by number.
pub(crate) fn id<I: PrefixedId>(environment: Environment, number: u32) -> I {
    I::from_suffix(&format!("{environment}{number:05}"))
}

/// One of the two seeded organizations, or another.
pub(crate) fn org(number: u32) -> OrganizationId {
    OrganizationId::from_suffix(&number.to_string())
}

/// Campaign ids are the same in both environments, so that a mix-up shows.
pub(crate) fn camp(number: u32) -> CampaignId {
    CampaignId::from_suffix(&format!("{number:05}"))
}

/// The first page.
pub(crate) const fn page(limit: u32) -> PageRequest {
    PageRequest { before: None, limit }
}

/// Stores organizations 1 and 2 and, in each environment, campaigns 1 and 2 of organization 1 and 3 of organization 2,
/// each with one published guide, and participant 1 of organization 1.
pub(crate) async fn seed(store: &dyn Store) {
    let seeded: Result<(), StoreError> = commit!(store, unit => {
        for number in [1, 2] {
            unit.add_organization(&organization(number)).await?;
        }
        for environment in Environment::ALL {
            for (number, owner) in [(1, 1), (2, 1), (3, 2)] {
                let campaign = StoredCampaign { organization_id: org(owner), ..campaign(environment, number) };
                unit.add_campaign(&campaign).await?;
                unit.add_guide(&guide(environment, number, 1)).await?;
            }
            unit.merge_participant(&participant(environment, 1)).await?;
        }
        Ok(())
    });
    seeded.unwrap();
}

pub(crate) fn organization(number: u32) -> Organization {
    let created_at = at(1_000);
    Organization {
        id: org(number),
        name: format!("Organization {number}"),
        plan: Plan::SelfHosted,
        created_at,
    }
}

pub(crate) fn api_key(environment: Environment, number: u32) -> StoredApiKey {
    StoredApiKey {
        id: id::<ApiKeyId>(environment, number),
        organization_id: org(1),
        environment,
        lookup_id: format!("lookup{number}"),
        hash: "$2b$10$hash".to_owned(),
        name: format!("Key {number}"),
        kind: KeyKind::Standard,
        scopes: scopes_of(KeyKind::Standard),
        allowed_cidrs: Vec::new(),
        last4: "wxyz".to_owned(),
        created_at: at(2_000),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        replaced_by: None,
    }
}

pub(crate) fn campaign(environment: Environment, number: u32) -> StoredCampaign {
    StoredCampaign {
        id: camp(number),
        environment,
        organization_id: org(1),
        name: format!("Campaign {number}"),
        description: String::new(),
        status: CampaignStatus::Active,
        settings: CampaignSettings::default(),
        metadata: Map::new(),
        counters: StoredCounters::default(),
        published_version: None,
        revision: 1,
        created_at: at(3_000),
        updated_at: at(3_000),
    }
}

pub(crate) fn guide(environment: Environment, campaign: u32, version: u32) -> StoredGuide {
    let json = json!({"schema": 1, "version": version}).to_string();
    StoredGuide {
        environment,
        campaign_id: camp(campaign),
        version,
        sha256: "ab".repeat(32),
        json,
        published_at: at(3_000),
    }
}

pub(crate) fn participant(environment: Environment, number: u32) -> Participant {
    Participant {
        id: id::<ParticipantId>(environment, number),
        environment,
        organization_id: org(1),
        email: None,
        name: None,
        external_id: None,
        created_at: at(4_000),
    }
}

/// Of campaign 1, for participant 1.
pub(crate) fn invite(environment: Environment, number: u32) -> StoredInvite {
    StoredInvite {
        id: id::<InviteId>(environment, number),
        environment,
        organization_id: org(1),
        campaign_id: camp(1),
        participant: participant(environment, 1),
        api_key_id: None,
        status: InviteStatus::Pending,
        variables: Map::new(),
        origin: None,
        locale: None,
        metadata: Map::new(),
        expires_at: at(10_000),
        created_at: at(5_000),
        resumable_until: None,
    }
}

/// Of campaign 1, for participant 1, opened by the invite of that number.
pub(crate) fn session(environment: Environment, number: u32, invite: u32) -> StoredSession {
    StoredSession {
        id: id::<SessionId>(environment, number),
        environment,
        organization_id: org(1),
        campaign_id: camp(1),
        invite_id: id::<InviteId>(environment, invite),
        participant_id: id::<ParticipantId>(environment, 1),
        guide_version: 1,
        seed: u64::MAX >> 1,
        locale: "de".to_owned(),
        fallback_locale: "en".to_owned(),
        status: SessionStatus::Active,
        consent: None,
        probes: BTreeMap::new(),
        resume_window_s: 1,
        progress: 0.0,
        answers: 0,
        started_at: at(6_000),
        last_activity_at: at(6_000),
        completed_at: None,
    }
}

/// The answer at this position of a session.
pub(crate) fn answer(session: &StoredSession, position: u32, value: Value) -> StoredAnswer {
    StoredAnswer {
        id: PrefixedId::from_suffix(&format!("{}{position}", session.environment)),
        session_id: session.id.clone(),
        position,
        question_id: format!("q{position}"),
        kind: QuestionKind::LongText,
        value,
        probe: None,
        seq: u64::from(position) + 1,
        client_id: format!("client {position}"),
        elapsed_ms: 1_234,
        answered_at: at(7_000),
        reply: r#"{"answer_id":"ans_1"}"#.to_owned(),
    }
}

pub(crate) fn draft(session: &StoredSession, question: &str, seq: u64) -> StoredDraft {
    StoredDraft {
        session_id: session.id.clone(),
        question_id: question.to_owned(),
        seq,
        value: json!(format!("draft {seq}")),
        saved_at: at(7_000),
    }
}

/// Of organization 1.
pub(crate) fn user(number: u32) -> StoredUser {
    StoredUser {
        id: UserId::from_suffix(&format!("{number:05}")),
        organization_id: org(1),
        email: format!("User{number}@Example.com"),
        password_hash: "$argon2id$hash".to_owned(),
        role: Role::Editor,
        status: UserStatus::Active,
        created_at: at(2_000),
        last_signed_in_at: None,
    }
}

/// The token of that number, of the user's grant.
pub(crate) fn refresh_token(
    environment: Environment,
    number: u8,
    user: &StoredUser,
    grant: u32,
) -> StoredRefreshToken {
    let grant = id::<GrantId>(environment, grant);
    StoredRefreshToken::issue(vec![number; 32], grant, user.id.clone(), environment, at(8_000))
}
