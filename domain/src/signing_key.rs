//! Keys that sign tokens.

use protocol::{Environment, Timestamp};

/// An Ed25519 key pair of one environment, as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// What tokens name it by (RFC 7515 §4.1.4).
    pub kid: String,
    /// Which environment's tokens it signs.
    pub environment: Environment,
    /// The private key (PKCS #8, DER).
    pub pkcs8: Vec<u8>,
    /// When it was made; the newest one signs.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}
