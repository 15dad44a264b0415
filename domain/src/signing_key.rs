//! Keys that sign tokens, and how one takes the place of another.

use protocol::{Environment, Timestamp};

use crate::invite::MAX_TTL_S;

/// How long a new key is only published before it signs: every replica has read it by then, and nobody meets a token
/// whose key they cannot know.
pub const SIGNS_AFTER_S: i64 = 60;

/// How long a key verifies after its successor has begun to sign: the longest life of a token, and an hour for clocks
/// and leeway.
const VERIFIES_FOR_S: i64 = MAX_TTL_S as i64 + 3_600;

/// An Ed25519 key pair of one environment, as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// What tokens name it by (RFC 7515 §4.1.4).
    pub kid: String,
    /// Which environment's tokens it signs.
    pub environment: Environment,
    /// The private key (PKCS #8, DER).
    pub pkcs8: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl SigningKey {
    /// From when on it signs, where there is another key that can until then.
    pub fn signs_from(&self) -> Timestamp {
        self.created_at.plus_secs(SIGNS_AFTER_S)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

/// What the keys of an environment are good for at a moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Roles<'k> {
    /// The one that signs.
    pub signing: &'k SigningKey,
    /// Those that verify, newest first: also the ones that do not sign yet, and those that no longer do.
    pub verifying: &'k [SigningKey],
    /// Those whose last token has expired.
    pub retired: &'k [SigningKey],
}

/// The roles of an environment's keys, newest first. `None` when there are no keys.
pub fn roles(keys: &[SigningKey], now: Timestamp) -> Option<Roles<'_>> {
    // A key without an older one has to sign at once.
    let place = keys.iter().position(|key| key.signs_from() <= now).or(keys.len().checked_sub(1))?;
    // Of those that no longer sign, each was followed by the one before it in the list.
    let expired = (place + 1..keys.len())
        .find(|older| keys[older - 1].signs_from().plus_secs(VERIFIES_FOR_S) <= now)
        .unwrap_or(keys.len());
    let (verifying, retired) = keys.split_at(expired);
    Some(Roles { signing: &keys[place], verifying, retired })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kid: &str, created_at_s: i64) -> SigningKey {
        let created_at = Timestamp::from_millis(created_at_s * 1_000);
        SigningKey { kid: kid.to_owned(), environment: Environment::Live, pkcs8: Vec::new(), created_at }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[track_caller]
    fn check(keys: &[SigningKey], now: i64, signing: &str, verifying: &[&str]) {
        let roles = roles(keys, at(now)).unwrap();
        assert_eq!(roles.signing.kid, signing);
        assert_eq!(roles.verifying.iter().map(|key| key.kid.as_str()).collect::<Vec<_>>(), verifying);
        assert_eq!(roles.verifying.len() + roles.retired.len(), keys.len());
    }

    #[test]
    fn a_first_key_signs_at_once_and_no_keys_have_no_roles() {
        check(&[key("a", 100)], 100, "a", &["a"]);
        assert_eq!(roles(&[], at(0)), None);
    }

    #[test]
    fn a_new_key_is_published_for_a_minute_before_it_signs() {
        let keys = [key("b", 1_000), key("a", 0)];
        check(&keys, 1_059, "a", &["b", "a"]);
        check(&keys, 1_060, "b", &["b", "a"]);
    }

    #[test]
    fn an_old_key_verifies_until_its_last_token_has_expired() {
        let keys = [key("c", 2_000), key("b", 1_000), key("a", 0)];
        let gone = |successor: i64| successor + SIGNS_AFTER_S + VERIFIES_FOR_S;
        check(&keys, gone(1_000) - 1, "c", &["c", "b", "a"]);
        check(&keys, gone(1_000), "c", &["c", "b"]);
        check(&keys, gone(2_000), "c", &["c"]);
        assert!(VERIFIES_FOR_S > i64::from(MAX_TTL_S));
    }
}
