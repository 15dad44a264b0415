//! Refresh tokens: how a sign-in goes on without the password.
//!
//! Each can be used once and is then replaced (RFC 9700 §4.14.2). All that came of one sign-in are one grant: when an
//! old one turns up again, somebody has a copy, and the grant ends as a whole. But an answer can be lost on its way: for a
//! moment the same request gets a new successor, as long as nobody has used the one before, which is then dead.

use protocol::{
    Environment, Timestamp,
    ids::{GrantId, UserId},
};

use crate::random::{Entropy, base62};

const PREFIX: &str = "ir_rt_";
/// 43 digits of base 62 are 256 bits.
const SECRET_LEN: usize = 43;

/// How long a refresh token can be used: 30 days.
pub const REFRESH_TOKEN_LIFE_S: i64 = 30 * 86_400;

/// How long after its use a token that is sent again is taken for a retry or for two pages at once.
pub const RETRY_WITHIN_MS: i64 = 10_000;

/// A refresh token in clear. Only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshSecret(String);

impl RefreshSecret {
    /// A new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(format!("{PREFIX}{}", base62(SECRET_LEN, entropy)))
    }

    /// Reads one that somebody sent: form only.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = text.strip_prefix(PREFIX)?;
        let is_one = secret.len() == SECRET_LEN && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_one.then(|| Self(text.to_owned()))
    }

    /// The token itself; for hashing, and for the answer that it is given in.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RefreshSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshSecret")
    }
}

/// A refresh token, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRefreshToken {
    /// SHA-256 of the token: it has 256 random bits, so nothing slower is needed.
    pub hash: Vec<u8>,
    /// The sign-in that it carries on.
    pub grant_id: GrantId,
    /// Who signed in.
    pub user_id: UserId,
    /// Where.
    pub environment: Environment,
    /// When it was given.
    pub issued_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was replaced by the next one.
    pub used_at: Option<Timestamp>,
    /// When its grant ended before it was used. Of one that has both times nobody has come to know: a retry of the request
    /// that it was given for got another one in its place.
    pub revoked_at: Option<Timestamp>,
    /// The hash of the token that it was given for; none for the first of a grant.
    pub follows: Option<Vec<u8>>,
}

/// What a refresh token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshState {
    /// It can be used.
    Open,
    /// It was used a moment ago: the same request twice, or two at once. Good for another successor in place of one that was
    /// not used.
    JustUsed,
    /// It was used, or another put in its place, long ago: there is a copy of it.
    Reused,
    /// Its time has passed, its grant has ended, or another was put in its place a moment ago.
    Over,
}

impl StoredRefreshToken {
    /// A new one of a grant.
    pub fn issue(
        hash: Vec<u8>,
        grant_id: GrantId,
        user_id: UserId,
        environment: Environment,
        now: Timestamp,
    ) -> Self {
        let expires_at = now.plus_secs(REFRESH_TOKEN_LIFE_S);
        Self {
            hash,
            grant_id,
            user_id,
            environment,
            issued_at: now,
            expires_at,
            used_at: None,
            revoked_at: None,
            follows: None,
        }
    }

    /// The same, given for the token of this hash.
    #[must_use]
    pub fn following(self, hash: Vec<u8>) -> Self {
        Self { follows: Some(hash), ..self }
    }

    /// What it is good for at `now`.
    pub fn state_at(&self, now: Timestamp) -> RefreshState {
        let is_recent = |time: Timestamp| now.as_millis() - time.as_millis() <= RETRY_WITHIN_MS;
        match (self.used_at, self.revoked_at) {
            (None, Some(_)) => RefreshState::Over,
            (Some(_), Some(replaced_at)) if is_recent(replaced_at) => RefreshState::Over,
            (Some(used_at), None) if is_recent(used_at) => RefreshState::JustUsed,
            (Some(_), _) => RefreshState::Reused,
            (None, None) if self.expires_at <= now => RefreshState::Over,
            (None, None) => RefreshState::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::ids::PrefixedId;

    use super::*;
    use crate::random::SeededEntropy;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_token_has_its_documented_form_and_can_be_read_back() {
        let secret = RefreshSecret::generate(&SeededEntropy::new(5));
        assert_eq!(secret.expose().len(), 6 + 43);
        assert_eq!(RefreshSecret::parse(secret.expose()), Some(secret.clone()));
        assert_eq!(format!("{secret:?}"), "RefreshSecret");
        let text = secret.expose();
        for wrong in [
            "",
            "ir_rt_",
            &text[..48],
            &format!("{text}0"),
            &text.replace("ir_rt_", "ir_sk_"),
            &format!("{}é", &text[..47]),
        ] {
            assert_eq!(RefreshSecret::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_is_used_once_within_its_time() {
        let (grant, owner) = (GrantId::from_suffix("1"), UserId::from_suffix("1"));
        let token = StoredRefreshToken::issue(vec![1], grant, owner, Environment::Live, at(0));
        let end = REFRESH_TOKEN_LIFE_S * 1_000;
        assert_eq!(token.state_at(at(end - 1)), RefreshState::Open);
        assert_eq!(token.state_at(at(end)), RefreshState::Over);
        let used = StoredRefreshToken { used_at: Some(at(1_000)), ..token.clone() };
        assert_eq!(used.state_at(at(11_000)), RefreshState::JustUsed);
        assert_eq!(used.state_at(at(11_001)), RefreshState::Reused);
        let revoked = StoredRefreshToken { revoked_at: Some(at(1_000)), ..token };
        assert_eq!(revoked.state_at(at(1_000)), RefreshState::Over);
        assert_eq!(revoked.state_at(at(11_001)), RefreshState::Over);
        let replaced = StoredRefreshToken { used_at: Some(at(1_000)), ..revoked };
        assert_eq!(replaced.state_at(at(11_000)), RefreshState::Over);
        assert_eq!(replaced.state_at(at(11_001)), RefreshState::Reused);
    }
}
