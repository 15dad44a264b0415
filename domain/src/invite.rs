//! Invites: who is invited to what, and until when.

use protocol::{
    Environment, Timestamp,
    campaign::Reuse,
    ids::{ApiKeyId, CampaignId, InviteId, OrganizationId, ParticipantId},
    invite::{Invite, InviteStatus, MintInvite},
};
use serde_json::{Map, Value};

use crate::{
    campaign::{invalid_origin, is_origin},
    email,
    fault::{Fault, check_locale, check_metadata, check_text},
};

/// Shortest life of an invite token.
pub const MIN_TTL_S: u32 = 60;
/// Longest life of an invite token: 7 days.
pub const MAX_TTL_S: u32 = 7 * 86_400;

/// A person who is interviewed, as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Participant {
    /// Their id.
    pub id: ParticipantId,
    /// Which environment.
    pub environment: Environment,
    /// Whose participant.
    pub organization_id: OrganizationId,
    /// Where they can be reached.
    pub email: Option<String>,
    /// What they are called.
    pub name: Option<String>,
    /// The customer's own id for them.
    pub external_id: Option<String>,
    /// When they were first invited.
    pub created_at: Timestamp,
}

/// A participant as they are known by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredParticipant {
    /// Who they are; of somebody who was erased only the ids are left.
    pub participant: Participant,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
}

impl StoredParticipant {
    /// As the management API shows them; names and addresses only `with_pii`.
    pub fn view(&self, with_pii: bool) -> protocol::participant::Participant {
        let Participant { id, email, name, external_id, created_at, .. } = self.participant.clone();
        protocol::participant::Participant {
            id,
            email: email.filter(|_| with_pii),
            name: name.filter(|_| with_pii),
            external_id,
            created_at,
            erased_at: self.erased_at,
        }
    }
}

impl std::fmt::Debug for Participant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Participant").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An invite, as stored. Its token is not.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredInvite {
    /// Its id; the token's `jti`.
    pub id: InviteId,
    /// Which environment.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Who is invited.
    pub participant: Participant,
    /// The key that made it.
    pub api_key_id: Option<ApiKeyId>,
    /// What is stored; never `expired`, which follows from the time (see [`Self::status_at`]).
    pub status: InviteStatus,
    /// Values for the guide's variables.
    pub variables: Map<String, Value>,
    /// The one origin whose pages may use it.
    pub origin: Option<String>,
    /// The participant's language.
    pub locale: Option<String>,
    /// The customer's own data.
    pub metadata: Map<String, Value>,
    /// When the newest token runs out.
    pub expires_at: Timestamp,
    /// When it was minted.
    pub created_at: Timestamp,
    /// Until when a session that it started can be resumed.
    pub resumable_until: Option<Timestamp>,
}

/// Why an invite cannot be used, reissued or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteRefused {
    /// Its time ran out.
    #[error("the invite has expired")]
    Expired,
    /// It was cancelled.
    #[error("the invite was cancelled")]
    Cancelled,
    /// It was used to the end.
    #[error("the invite was completed")]
    Completed,
}

impl StoredInvite {
    /// Where it stands at `now`. A started one expires when neither its token nor its session can go on.
    pub fn status_at(&self, now: Timestamp) -> InviteStatus {
        let over = match self.status {
            InviteStatus::Pending => self.expires_at <= now,
            InviteStatus::Started => {
                self.expires_at <= now && self.resumable_until.is_none_or(|until| until <= now)
            }
            InviteStatus::Completed | InviteStatus::Expired | InviteStatus::Cancelled => false,
        };
        if over { InviteStatus::Expired } else { self.status }
    }

    /// Whether a participant who holds a valid token may start or resume now.
    ///
    /// # Errors
    /// [`InviteRefused`] says why not. A reusable invite is never spent.
    pub fn check_usable(&self, reuse: Reuse, now: Timestamp) -> Result<(), InviteRefused> {
        match self.status_at(now) {
            InviteStatus::Pending | InviteStatus::Started => Ok(()),
            InviteStatus::Completed if reuse == Reuse::Reusable => Ok(()),
            InviteStatus::Completed => Err(InviteRefused::Completed),
            InviteStatus::Expired => Err(InviteRefused::Expired),
            InviteStatus::Cancelled => Err(InviteRefused::Cancelled),
        }
    }

    /// Whether a fresh token may be made for it: an expired invite comes back to life, a spent one does not.
    ///
    /// # Errors
    /// [`InviteRefused::Cancelled`] and [`InviteRefused::Completed`].
    pub fn check_reissuable(&self, reuse: Reuse, now: Timestamp) -> Result<(), InviteRefused> {
        match self.check_usable(reuse, now) {
            Err(InviteRefused::Expired) => Ok(()),
            other => other,
        }
    }

    /// As the management API shows it at `now`; names and addresses only `with_pii`.
    pub fn view(&self, now: Timestamp, with_pii: bool) -> Invite {
        let pii = |text: &Option<String>| text.clone().filter(|_| with_pii);
        Invite {
            id: self.id.clone(),
            campaign_id: self.campaign_id.clone(),
            participant_id: self.participant.id.clone(),
            participant_email: pii(&self.participant.email),
            participant_name: pii(&self.participant.name),
            external_id: self.participant.external_id.clone(),
            api_key_id: self.api_key_id.clone(),
            status: self.status_at(now),
            variables: self.variables.clone(),
            origin: self.origin.clone(),
            locale: self.locale.clone(),
            metadata: self.metadata.clone(),
            expires_at: self.expires_at,
            created_at: self.created_at,
        }
    }
}

/// Adds a fault unless a token may live that long.
pub fn check_ttl(faults: &mut Vec<Fault>, pointer: &str, seconds: u32) {
    if !(MIN_TTL_S..=MAX_TTL_S).contains(&seconds) {
        faults.push(Fault::new(pointer, "out_of_range", "Must be 60 seconds to 7 days (604800)."));
    }
}

/// What is wrong with an invite that is asked for, its variables aside.
pub fn check_mint(mint: &MintInvite) -> Vec<Fault> {
    let mut faults = Vec::new();
    if mint.participant_email.as_deref().is_some_and(|email| !email::is_address(email)) {
        faults.push(Fault::new("/participant_email", "invalid_email", email::MUST_BE_ADDRESS));
    }
    if let Some(name) = &mint.participant_name {
        check_text(&mut faults, "/participant_name", name, 1, 200);
    }
    if let Some(id) = &mint.external_id {
        check_text(&mut faults, "/external_id", id, 1, 200);
    }
    if let Some(seconds) = mint.expires_in_s {
        check_ttl(&mut faults, "/expires_in_s", seconds);
    }
    if mint.origin.as_deref().is_some_and(|origin| !is_origin(origin)) {
        faults.push(invalid_origin("/origin"));
    }
    if let Some(locale) = &mint.locale {
        check_locale(&mut faults, "/locale", locale);
    }
    if let Some(metadata) = &mint.metadata {
        check_metadata(&mut faults, "/metadata", metadata);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite(status: InviteStatus, resumable_until: Option<i64>) -> StoredInvite {
        let environment = Environment::Live;
        let organization_id = OrganizationId::parse("org_1").unwrap();
        StoredInvite {
            id: InviteId::parse("inv_1").unwrap(),
            environment,
            organization_id: organization_id.clone(),
            campaign_id: CampaignId::parse("camp_1").unwrap(),
            participant: Participant {
                id: ParticipantId::parse("part_1").unwrap(),
                environment,
                organization_id,
                email: Some("a@example.com".to_owned()),
                name: None,
                external_id: None,
                created_at: Timestamp::from_millis(0),
            },
            api_key_id: None,
            status,
            variables: Map::new(),
            origin: None,
            locale: None,
            metadata: Map::new(),
            expires_at: Timestamp::from_millis(1_000),
            created_at: Timestamp::from_millis(0),
            resumable_until: resumable_until.map(Timestamp::from_millis),
        }
    }

    #[test]
    fn time_ends_what_is_pending_or_left_alone_and_nothing_else() {
        use InviteStatus::{Cancelled, Completed, Expired, Pending, Started};
        let table = [
            (Pending, None, 999, Pending),
            (Pending, None, 1_000, Expired),
            (Started, Some(5_000), 4_999, Started),
            (Started, Some(5_000), 5_000, Expired),
            (Completed, None, 9_000, Completed),
            (Cancelled, None, 9_000, Cancelled),
        ];
        for (stored, resumable, now, expected) in table {
            assert_eq!(
                invite(stored, resumable).status_at(Timestamp::from_millis(now)),
                expected,
                "{stored:?} at {now}"
            );
        }
    }

    #[test]
    fn a_completed_invite_is_spent_unless_it_is_reusable() {
        let now = Timestamp::from_millis(10);
        let completed = invite(InviteStatus::Completed, None);
        assert_eq!(completed.check_usable(Reuse::OneTime, now), Err(InviteRefused::Completed));
        assert_eq!(completed.check_usable(Reuse::Reusable, now), Ok(()));
    }

    #[test]
    fn an_expired_invite_can_be_reissued_and_a_cancelled_one_cannot() {
        let later = Timestamp::from_millis(2_000);
        assert_eq!(
            invite(InviteStatus::Pending, None).check_usable(Reuse::OneTime, later),
            Err(InviteRefused::Expired)
        );
        assert_eq!(invite(InviteStatus::Pending, None).check_reissuable(Reuse::OneTime, later), Ok(()));
        let cancelled = invite(InviteStatus::Cancelled, None);
        assert_eq!(cancelled.check_reissuable(Reuse::OneTime, later), Err(InviteRefused::Cancelled));
    }

    #[test]
    fn names_and_addresses_are_left_out_without_the_scope() {
        let now = Timestamp::from_millis(0);
        assert_eq!(
            invite(InviteStatus::Pending, None).view(now, true).participant_email.as_deref(),
            Some("a@example.com")
        );
        assert_eq!(invite(InviteStatus::Pending, None).view(now, false).participant_email, None);
    }

    #[test]
    fn each_bad_member_is_told_with_its_place() {
        let mint: MintInvite = serde_json::from_value(serde_json::json!({
            "campaign_id": "camp_1", "participant_email": "not an address", "participant_name": "",
            "external_id": "x".repeat(201), "expires_in_s": 10, "origin": "example.com", "locale": "??"
        }))
        .unwrap();
        let pointers: Vec<String> = check_mint(&mint).into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/participant_email",
                "/participant_name",
                "/external_id",
                "/expires_in_s",
                "/origin",
                "/locale"
            ]
        );
    }
}
