//! The audit log: who changed what.

use serde::{Deserialize, Serialize};

use crate::{
    Environment, Timestamp,
    ids::{AuditEventId, UserId},
};

words! {
    /// What was done. Minting is not among them: each invite says itself which key made it.
    AuditAction {
        /// A key was made.
        ApiKeyCreated = "api_key.created";
        /// A key was revoked, and with it, if that was asked for, the invites that it had made.
        ApiKeyRevoked = "api_key.revoked";
        /// A key was replaced; the target is the old one.
        ApiKeyRotated = "api_key.rotated";
        /// A campaign was made.
        CampaignCreated = "campaign.created";
        /// A campaign's name, description, settings or metadata were changed.
        CampaignUpdated = "campaign.updated";
        /// A new version of a campaign's guide was published.
        CampaignPublished = "campaign.published";
        /// A campaign takes invites.
        CampaignActivated = "campaign.activated";
        /// A campaign takes none for a while.
        CampaignPaused = "campaign.paused";
        /// A campaign is over.
        CampaignCompleted = "campaign.completed";
        /// A campaign was put away.
        CampaignArchived = "campaign.archived";
        /// A campaign that had invited nobody was removed.
        CampaignDeleted = "campaign.deleted";
        /// The draft of a campaign's guide was replaced; the target is the campaign.
        GuideUpdated = "guide.updated";
        /// An invite was cancelled.
        InviteCancelled = "invite.cancelled";
        /// An invite was given a longer life.
        InviteExtended = "invite.extended";
        /// An invite's life began anew.
        InviteReissued = "invite.reissued";
        /// A participant withdrew: what came of the invite was erased.
        InviteWithdrawn = "invite.withdrawn";
        /// A participant was erased.
        ParticipantErased = "participant.erased";
        /// A session was deleted with its answers.
        SessionDeleted = "session.deleted";
        /// A webhook endpoint was made.
        WebhookCreated = "webhook.created";
        /// A webhook endpoint was changed.
        WebhookUpdated = "webhook.updated";
        /// A webhook endpoint was removed.
        WebhookDeleted = "webhook.deleted";
        /// A webhook endpoint was given a new secret.
        WebhookSecretRotated = "webhook.secret_rotated";
        /// Deliveries of a webhook endpoint were sent again.
        WebhookRedelivered = "webhook.redelivered";
        /// A user was made.
        UserCreated = "user.created";
        /// A user may no longer sign in.
        UserDisabled = "user.disabled";
        /// A user may sign in again.
        UserEnabled = "user.enabled";
        /// A user was given another role.
        UserRoleChanged = "user.role_changed";
        /// A user was given another password.
        UserPasswordChanged = "user.password_changed";
        /// A user signed in with their password.
        UserSignedIn = "user.signed_in";
        /// A refresh token was sent again long after it had been used: it may be in foreign hands, so that sign-in ended.
        UserRefreshTokenReused = "user.refresh_token_reused";
    }
}

words! {
    /// What kind of actor.
    ActorType {
        /// Whoever holds an API key.
        ApiKey = "api_key";
        /// Somebody who was invited.
        Participant = "participant";
        /// Somebody who signs in.
        User = "user";
        /// The server's operator, on the command line.
        Cli = "cli";
        /// The server itself.
        System = "system";
    }
}

words! {
    /// What kind of thing.
    TargetType {
        /// An API key.
        ApiKey = "api_key";
        /// A campaign.
        Campaign = "campaign";
        /// An invite.
        Invite = "invite";
        /// A participant.
        Participant = "participant";
        /// A session.
        Session = "session";
        /// A webhook endpoint.
        Webhook = "webhook";
        /// A user.
        User = "user";
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditActor {
    /// What kind of actor.
    #[serde(rename = "type")]
    pub kind: ActorType,
    /// The id of the key, the participant or the user; `null` for those that have none.
    pub id: Option<String>,
}

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditTarget {
    /// What kind of thing.
    #[serde(rename = "type")]
    pub kind: TargetType,
    /// Its id. The thing may be gone.
    pub id: String,
}

/// One change. There are no secrets, names, addresses of people or answers in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Its id.
    pub id: AuditEventId,
    /// When it happened.
    pub at: Timestamp,
    /// Where.
    pub environment: Environment,
    /// Who did it.
    pub actor: AuditActor,
    /// What was done.
    pub action: AuditAction,
    /// What it was done to.
    pub target: AuditTarget,
    /// The `X-Request-Id` of the answer; `null` on the command line.
    pub request_id: Option<String>,
    /// The address that the request came from, if it is known.
    pub ip: Option<String>,
    /// Who was signed in beside the API key; absent where nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_as_they_say() {
        for action in AuditAction::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
        for kind in ActorType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for kind in TargetType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
