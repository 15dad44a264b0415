//! Users: who signs in, and what each may do.

pub use protocol::user::Role;
use protocol::{
    Timestamp,
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
        faults.push(Fault::new("/email", "invalid_email", email::MUST_BE_ADDRESS));
    }
    faults.extend(check_password(address, password));
    faults
}

/// What is wrong with a password of the user with this address.
pub fn check_password(address: &str, password: &Password) -> Vec<Fault> {
    let mut faults = Vec::new();
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
        let long = format!("{}@example.com", "a".repeat(243));
        for bad in ["ada", "Ada <ada@example.com>", "ada@[127.0.0.1]", "\"ada\"@example.com", &long] {
            assert_eq!(codes(bad, "twelve chars"), ["invalid_email"], "{bad}");
        }
    }
}
