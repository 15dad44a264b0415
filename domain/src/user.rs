//! Users: who signs in, and what each may do.

use protocol::{
    Timestamp,
    api_key::Scope,
    ids::{OrganizationId, UserId},
    user::Password,
};
use serde::{Deserialize, Serialize};

use crate::{email, fault::Fault};

/// Fewest characters of a password. Length is all that is asked for: rules about kinds of characters make passwords
/// worse. Source: NIST SP 800-63B §5.1.1.2.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// Most characters of a password: room for a sentence, and an end to what is hashed.
pub const MAX_PASSWORD_CHARS: usize = 128;

/// What a user may do, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks at campaigns and what comes of them, without names and addresses.
    Viewer,
    /// Also makes campaigns and invites people, and so sees who they are.
    Editor,
    /// Also manages keys and webhooks.
    Admin,
    /// Also changes the organization.
    Owner,
}

const VIEWER: &[Scope] =
    &[Scope::CampaignsRead, Scope::InvitesRead, Scope::SessionsRead, Scope::OrganizationRead];
const EDITOR: &[Scope] = &[Scope::CampaignsWrite, Scope::InvitesWrite, Scope::SessionsWrite, Scope::PiiRead];
const ADMIN: &[Scope] = &[Scope::KeysRead, Scope::KeysWrite, Scope::WebhooksRead, Scope::WebhooksWrite];
const OWNER: &[Scope] = &[Scope::OrganizationWrite];

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Editor, Self::Admin, Self::Owner];

    /// The role as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// What it allows: each role all that the one before it does, and more.
    pub fn scopes(self) -> Vec<Scope> {
        let groups =
            [(Self::Viewer, VIEWER), (Self::Editor, EDITOR), (Self::Admin, ADMIN), (Self::Owner, OWNER)];
        groups
            .into_iter()
            .filter(|(least, _)| self >= *least)
            .flat_map(|(_, scopes)| scopes)
            .copied()
            .collect()
    }

    /// Whether it allows this.
    pub fn allows(self, scope: Scope) -> bool {
        self.scopes().contains(&scope)
    }
}

/// Whether a user may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// They may.
    Active,
    /// They may not, and what they signed in to has ended.
    Disabled,
}

impl UserStatus {
    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A user, as stored: of an organization, and so of both its environments.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredUser {
    /// Their id.
    pub id: UserId,
    /// Whose user.
    pub organization_id: OrganizationId,
    /// What they sign in with; no other user of the organization has the same in whatever letter case.
    pub email: String,
    /// Their password as a PHC string.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// When they were made.
    pub created_at: Timestamp,
    /// When they last signed in with their password.
    pub last_signed_in_at: Option<Timestamp>,
}

impl std::fmt::Debug for StoredUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredUser")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl StoredUser {
    /// Whether they may act for this organization.
    pub fn is_active_in(&self, organization: &OrganizationId) -> bool {
        self.status == UserStatus::Active && &self.organization_id == organization
    }
}

/// What is wrong with the address and the password asked for a new user.
pub fn check_new_user(address: &str, password: &Password) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !email::is_address(address) {
        faults.push(Fault::new("/email", "invalid_email", "Must be an e-mail address."));
    }
    let length = password.expose().chars().count();
    if !(MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&length) {
        let message = format!("Must have {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters.");
        faults.push(Fault::new("/password", "wrong_length", message));
    }
    if email::key(password.expose()) == email::key(address) {
        faults.push(Fault::new("/password", "is_the_email", "Must not be the e-mail address."));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_allows_what_the_one_before_does_and_more() {
        let mut before: Vec<Scope> = Vec::new();
        for role in Role::ALL {
            let scopes = role.scopes();
            assert!(
                before.iter().all(|scope| scopes.contains(scope)) && scopes.len() > before.len(),
                "{role:?}"
            );
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
            before = scopes;
        }
        before.sort_unstable();
        assert_eq!(before, Scope::ALL, "an owner may do everything");
    }

    #[test]
    fn a_viewer_changes_nothing_and_sees_no_names() {
        for scope in Scope::ALL {
            let is_shown = scope.as_str().ends_with(":read")
                && ![Scope::PiiRead, Scope::KeysRead, Scope::WebhooksRead].contains(scope);
            assert_eq!(Role::Viewer.allows(*scope), is_shown, "{}", scope.as_str());
        }
        assert!(Role::Editor.allows(Scope::PiiRead) && !Role::Editor.allows(Scope::KeysRead));
        assert!(Role::Admin.allows(Scope::WebhooksWrite) && !Role::Admin.allows(Scope::OrganizationWrite));
    }

    #[test]
    fn a_password_is_long_enough_short_enough_and_not_the_address() {
        let codes = |email: &str, password: &str| -> Vec<_> {
            check_new_user(email, &Password::new(password)).into_iter().map(|fault| fault.code).collect()
        };
        let email = "ada.lovelace@example.com";
        // Characters, not bytes, and no rule about their kinds.
        for good in ["twelve chars", "aaaaaaaaaaaa", "ääääääääääää", &"x".repeat(128), &"😀".repeat(128)]
        {
            assert_eq!(codes(email, good), [""; 0], "{good}");
        }
        for bad in ["", "eleven char", "äääääääääää", &"x".repeat(129)] {
            assert_eq!(codes(email, bad), ["wrong_length"], "{bad}");
        }
        assert_eq!(codes(email, "Ada.Lovelace@Example.com"), ["is_the_email"]);
        assert_eq!(codes("ada", "twelve chars"), ["invalid_email"]);
    }
}
