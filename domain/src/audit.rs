//! What is remembered of a change: who, what, when.

use protocol::{
    Environment, Timestamp,
    audit::{ActorType, AuditAction, AuditActor, AuditEvent, AuditTarget, TargetType},
    ids::{
        ApiKeyId, AuditEventId, CampaignId, InviteId, OrganizationId, ParticipantId, SessionId, UserId,
        WebhookId,
    },
};

/// On whose behalf something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Who does it.
    pub actor: AuditActor,
    /// The request, if there is one.
    pub request_id: Option<String>,
    /// Where the request came from.
    pub ip: Option<String>,
    /// Who was signed in beside the API key.
    pub user_id: Option<UserId>,
}

impl Cause {
    /// Somebody on the command line.
    pub const fn cli() -> Self {
        Self::of(AuditActor { kind: ActorType::Cli, id: None })
    }

    /// Somebody with an API key.
    pub fn api_key(id: &ApiKeyId, request_id: Option<String>, ip: Option<String>) -> Self {
        let actor = AuditActor { kind: ActorType::ApiKey, id: Some(id.to_string()) };
        Self { request_id, ip, ..Self::of(actor) }
    }

    /// Somebody who was invited. Where they are is nobody's business.
    pub fn participant(id: &ParticipantId) -> Self {
        let actor = AuditActor { kind: ActorType::Participant, id: Some(id.to_string()) };
        Self::of(actor)
    }

    /// Somebody who signs in.
    pub fn user(id: &UserId, ip: Option<String>) -> Self {
        Self { ip, ..Self::of(AuditActor { kind: ActorType::User, id: Some(id.to_string()) }) }
    }

    /// The server itself.
    pub const fn system() -> Self {
        Self::of(AuditActor { kind: ActorType::System, id: None })
    }

    const fn of(actor: AuditActor) -> Self {
        Self { actor, request_id: None, ip: None, user_id: None }
    }

    /// What they have done.
    pub fn event(
        self,
        id: AuditEventId,
        at: Timestamp,
        environment: Environment,
        organization_id: OrganizationId,
        action: AuditAction,
        target: AuditTarget,
    ) -> StoredAuditEvent {
        let Self { actor, request_id, ip, user_id } = self;
        StoredAuditEvent {
            organization_id,
            event: AuditEvent { id, at, environment, actor, action, target, request_id, ip, user_id },
        }
    }
}

/// A change, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAuditEvent {
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// As the management API shows it.
    pub event: AuditEvent,
}

/// What can be the target of a change.
pub trait Audited {
    /// As the audit log names it.
    fn target(&self) -> AuditTarget;
}

macro_rules! audited {
    ($($id:ident => $kind:ident),*) => {
        $(impl Audited for $id {
            fn target(&self) -> AuditTarget {
                AuditTarget { kind: TargetType::$kind, id: self.to_string() }
            }
        })*
    };
}

audited!(
    ApiKeyId => ApiKey,
    CampaignId => Campaign,
    InviteId => Invite,
    ParticipantId => Participant,
    SessionId => Session,
    WebhookId => Webhook,
    UserId => User
);
