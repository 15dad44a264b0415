//! Sign-in: what `/auth` is sent and what it answers.

use serde::{Deserialize, Serialize};

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
