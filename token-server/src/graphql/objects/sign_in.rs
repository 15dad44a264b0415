//! Signing in.

use async_graphql::SimpleObject;

use protocol::user;

/// A pair of tokens.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SignedIn {
    /// For `Authorization: Bearer …`.
    token: String,
    /// `Bearer`.
    token_type: String,
    /// How long the token lives, in seconds.
    expires_in: u32,
    /// For `refreshToken`, once.
    refresh_token: String,
}

impl From<user::SignedIn> for SignedIn {
    fn from(signed_in: user::SignedIn) -> Self {
        let user::SignedIn { token, token_type, expires_in, refresh_token } = signed_in;
        Self { token, token_type, expires_in, refresh_token }
    }
}
