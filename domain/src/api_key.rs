//! API keys: their form, and what each kind may do.
//!
//! `ir_live_sk_` + lookup id (8 base62) + secret (32 base62, 190 bits) + checksum (6 base62): 57 bytes, under
//! bcrypt's 72. The checksum refuses typing errors without touching storage and lets secret scanners match.

use protocol::{
    Environment, Timestamp,
    api_key::{ApiKey, KeyKind, KeyStatus, Scope},
    ids::{ApiKeyId, OrganizationId},
};

use crate::{
    fault::{Fault, check_text},
    random::{BASE62, Entropy, base62},
};

const LOOKUP_LEN: usize = 8;
const SECRET_LEN: usize = 32;
const CHECKSUM_LEN: usize = 6;

/// How long before its end a key is said to expire soon: 7 days.
pub const EXPIRES_SOON_S: i64 = 7 * 86_400;
/// The age at which a key ought to be rotated: 90 days.
pub const ROTATE_AFTER_S: i64 = 90 * 86_400;
/// The longest time that a rotated key goes on working: 7 days.
pub const MAX_OVERLAP_HOURS: u32 = 168;
/// How long it does unless told otherwise.
pub const DEFAULT_OVERLAP_HOURS: u32 = 24;

/// An API key in clear. It is never stored and never written to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret {
    environment: Environment,
    text: String,
}

/// The text is not an API key; which part is wrong is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an API key")]
pub struct InvalidKey;

const fn prefix(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "ir_live_sk_",
        Environment::Test => "ir_test_sk_",
    }
}

impl KeySecret {
    /// A new key.
    pub fn generate(environment: Environment, entropy: &dyn Entropy) -> Self {
        let body = format!("{}{}", prefix(environment), base62(LOOKUP_LEN + SECRET_LEN, entropy));
        let text = format!("{body}{}", checksum(&body));
        Self { environment, text }
    }

    /// Reads a key that somebody sent.
    ///
    /// # Errors
    /// [`InvalidKey`] for a wrong prefix, length, alphabet or checksum.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let environment =
            Environment::ALL.into_iter().find(|one| text.starts_with(prefix(*one))).ok_or(InvalidKey)?;
        let rest = &text[prefix(environment).len()..];
        if rest.len() != LOOKUP_LEN + SECRET_LEN + CHECKSUM_LEN
            || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(InvalidKey);
        }
        let (body, sum) = text.split_at(text.len() - CHECKSUM_LEN);
        if checksum(body) == sum { Ok(Self { environment, text: text.to_owned() }) } else { Err(InvalidKey) }
    }

    /// Where the key works.
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// The public part that finds the key's row.
    pub fn lookup_id(&self) -> &str {
        &self.text[prefix(self.environment).len()..][..LOOKUP_LEN]
    }

    /// The last four characters, which may be shown.
    pub fn last4(&self) -> &str {
        &self.text[self.text.len() - 4..]
    }

    /// The key itself: to hash it, or to show it the one time.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySecret").field("environment", &self.environment).finish_non_exhaustive()
    }
}

/// CRC-32 in six digits of base 62 (62^6 is more than 2^32).
fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

/// What a key of this kind may do at most. A standard key may list and revoke keys, but only an admin key creates
/// them (see [`StoredApiKey::may_create_keys`]) or changes the organization.
pub fn scopes_of(kind: KeyKind) -> Vec<Scope> {
    Scope::ALL
        .iter()
        .copied()
        .filter(|scope| kind == KeyKind::Admin || *scope != Scope::OrganizationWrite)
        .collect()
}

/// An API key, as stored: never the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Where it works.
    pub environment: Environment,
    /// The public part of the key.
    pub lookup_id: String,
    /// bcrypt, with its cost and salt in the text.
    pub hash: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Addresses that may use it, as CIDR blocks; none means any.
    pub allowed_cidrs: Vec<String>,
    /// The last four characters of the key.
    pub last4: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// The key that takes its place, once it was rotated.
    pub replaced_by: Option<ApiKeyId>,
}

impl std::fmt::Debug for StoredApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredApiKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl StoredApiKey {
    /// Whether it works at `now`.
    pub fn status_at(&self, now: Timestamp) -> KeyStatus {
        if self.revoked_at.is_some() {
            KeyStatus::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        }
    }

    /// Whether it may do this.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether it may do all of these.
    pub fn allows_all(&self, scopes: &[Scope]) -> bool {
        scopes.iter().all(|scope| self.allows(*scope))
    }

    /// Creating keys is for admin keys only: a standard key that could would outlive its own revocation.
    pub fn may_create_keys(&self) -> bool {
        self.kind == KeyKind::Admin && self.allows(Scope::KeysWrite)
    }

    /// As the management API shows it at `now`.
    pub fn view(&self, now: Timestamp) -> ApiKey {
        ApiKey {
            id: self.id.clone(),
            name: self.name.clone(),
            prefix: format!("ir_{}_...{}", self.environment, self.last4),
            last4: self.last4.clone(),
            environment: self.environment,
            kind: self.kind,
            scopes: self.scopes.clone(),
            status: self.status_at(now),
            created_at: self.created_at,
            last_used_at: self.last_used_at,
            expires_at: self.expires_at,
            expires_soon: self.expires_soon(now),
            rotate_by: self.rotate_by(),
        }
    }

    /// Whether it works now and will not in [`EXPIRES_SOON_S`].
    pub fn expires_soon(&self, now: Timestamp) -> bool {
        self.status_at(now) == KeyStatus::Active
            && self.expires_at.is_some_and(|end| end <= now.plus_secs(EXPIRES_SOON_S))
    }

    /// When it is [`ROTATE_AFTER_S`] old. Nothing happens then but warnings.
    pub fn rotate_by(&self) -> Timestamp {
        self.created_at.plus_secs(ROTATE_AFTER_S)
    }

    /// Until when it works once it was rotated with so many hours of overlap: never longer than before.
    pub fn end_of_overlap(&self, overlap_hours: u32, now: Timestamp) -> Timestamp {
        let end = now.plus_secs(i64::from(overlap_hours) * 3_600);
        self.expires_at.map_or(end, |before| before.min(end))
    }

    /// When the key that takes its place stops working: it lives as long as this one was meant to.
    pub fn successors_expiry(&self, now: Timestamp) -> Option<Timestamp> {
        self.expires_at.map(|end| now.plus_secs(end.as_secs() - self.created_at.as_secs()))
    }
}

/// What is wrong with the name, scopes and expiry asked of a new key.
pub fn check_new_key(
    name: &str,
    kind: KeyKind,
    scopes: Option<&[Scope]>,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_text(&mut faults, "/name", name, 1, 100);
    let most = scopes_of(kind);
    for (index, scope) in scopes.unwrap_or_default().iter().enumerate() {
        if !most.contains(scope) {
            let message = format!("A {} key cannot have {}.", kind.as_str(), scope.as_str());
            faults.push(Fault::new(format!("/scopes/{index}"), "scope_not_allowed", message));
        }
    }
    if expires_at.is_some_and(|end| end <= now) {
        faults.push(Fault::new("/expires_at", "in_the_past", "Must be in the future."));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededEntropy;

    fn key() -> KeySecret {
        KeySecret::generate(Environment::Live, &SeededEntropy::new(3))
    }

    #[test]
    fn a_key_has_its_documented_form_and_fits_bcrypt() {
        let key = key();
        assert!(key.expose().starts_with("ir_live_sk_"));
        assert_eq!(key.expose().len(), 11 + 8 + 32 + 6);
        assert!(key.expose().len() <= 72);
        assert_eq!(key.lookup_id().len(), 8);
        assert!(key.expose().ends_with(key.last4()));
    }

    #[test]
    fn a_key_can_be_read_back() {
        assert_eq!(KeySecret::parse(key().expose()), Ok(key()));
    }

    #[test]
    fn every_single_wrong_character_is_noticed() {
        let text = key().expose().to_owned();
        for at in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = if wrong[at] == b'x' { b'y' } else { b'x' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(KeySecret::parse(&wrong), Err(InvalidKey), "{wrong}");
        }
    }

    #[test]
    fn what_is_too_short_too_long_or_not_ascii_is_refused() {
        let text = key().expose().to_owned();
        for wrong in
            ["", "ir_live_sk_", &text[..text.len() - 1], &format!("{text}0"), "ir_live_sk_é", "ir_stage_sk_a"]
        {
            assert_eq!(KeySecret::parse(wrong), Err(InvalidKey), "{wrong}");
        }
    }

    #[test]
    fn debug_output_never_holds_the_secret() {
        assert!(!format!("{:?}", key()).contains(key().lookup_id()));
    }

    #[test]
    fn a_standard_key_has_all_scopes_but_organization_write() {
        let scopes = scopes_of(KeyKind::Standard);
        assert_eq!(scopes.len(), Scope::ALL.len() - 1);
        assert!(!scopes.contains(&Scope::OrganizationWrite));
        let faults = check_new_key(
            "n",
            KeyKind::Standard,
            Some(&[Scope::OrganizationWrite]),
            None,
            Timestamp::from_millis(0),
        );
        assert_eq!(faults[0].pointer, "/scopes/0");
    }
}
