//! Users: what each may do; and sign-in: what `/auth` is sent and what it answers.

use serde::{Deserialize, Serialize};

use crate::api_key::Scope;

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

/// A password in clear, on its way to be hashed. It is never stored and never written to a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// What somebody has typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The password itself; for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// Body of `POST /auth/login`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The user's e-mail address, in any letter case.
    pub email: String,
    /// Their password.
    pub password: Password,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn")
    }
}

/// Body of `POST /auth/refresh` and `POST /auth/logout`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentRefreshToken {
    /// The newest refresh token of the sign-in.
    pub refresh_token: String,
}

impl std::fmt::Debug for PresentRefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PresentRefreshToken")
    }
}

/// Answer to `POST /auth/login` and `POST /auth/refresh`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// What `Authorization: Bearer …` takes.
    pub token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until `token` runs out.
    pub expires_in: u32,
    /// What `POST /auth/refresh` takes, once.
    pub refresh_token: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
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
    fn debug_output_never_holds_a_secret_or_an_address() {
        let sign_in = SignIn { email: "ada@example.com".to_owned(), password: Password::new("marker") };
        let present = PresentRefreshToken { refresh_token: "marker".to_owned() };
        let signed_in = SignedIn {
            token: "marker".to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: 900,
            refresh_token: "marker".to_owned(),
        };
        let shown = format!("{sign_in:?} {:?} {present:?} {signed_in:?}", sign_in.password);
        assert!(!shown.contains("marker") && !shown.contains("ada"), "{shown}");
    }
}
