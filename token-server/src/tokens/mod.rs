//! Invite, session and access tokens: JWTs signed with Ed25519 (RFC 8037), verified as RFC 8725 asks.
//!
//! The kinds differ in `typ` and `aud`, so none can be used as another. Verification pins the algorithm,
//! takes the key from our own ring by `kid` and nothing else from the header, and checks issuer, audience,
//! environment and times against the clock that is handed in.

pub mod claims;
pub mod keys;
mod rings;
mod signer;

pub use claims::{AccessClaims, Claims, TokenKind};
pub use keys::KeyRing;
pub use rings::Rings;

use std::sync::Arc;

use domain::clock::Clock;
use jsonwebtoken::{
    Algorithm, Header, Validation,
    errors::{Error, ErrorKind},
    jwk::JwkSet,
};
use protocol::Environment;
use serde::{Serialize, de::DeserializeOwned};

/// How far clocks may be apart, as docs/security.md says of tokens: servers are expected to keep time.
pub const LEEWAY_S: i64 = 10;

/// Longest token that is looked at, in bytes; ours have about 600.
const MAX_TOKEN_LEN: usize = 4_096;

/// Why a token was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// It is not one of ours, or not for this use.
    #[error("the token is not valid")]
    Invalid,
    /// It was good once; this is what it said.
    #[error("the token has expired")]
    Expired(Box<Claims>),
}

/// Signs and verifies the tokens of one environment.
#[derive(Debug)]
pub struct TokenService {
    environment: Environment,
    issuer: String,
    rings: Arc<Rings>,
}

impl TokenService {
    /// `issuer` is the environment's public URL, without a slash at its end.
    pub const fn new(environment: Environment, issuer: String, rings: Arc<Rings>) -> Self {
        Self { environment, issuer, rings }
    }

    /// The public keys, as `/.well-known/jwks.json` shows them.
    pub fn jwks(&self) -> JwkSet {
        self.ring().map_or(JwkSet { keys: Vec::new() }, |ring| ring.jwks().clone())
    }

    fn ring(&self) -> Option<Arc<KeyRing>> {
        self.rings.of(self.environment)
    }

    /// The environment's public URL, without a slash at its end.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Signs a token.
    ///
    /// # Errors
    /// When the signing key is unusable, which start-up has ruled out.
    pub fn sign(&self, kind: TokenKind, claims: &impl Serialize) -> Result<String, Error> {
        let ring = self.ring().ok_or(ErrorKind::InvalidEddsaKey)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(kind.typ().to_owned());
        header.kid = Some(ring.signing_kid().to_owned());
        jsonwebtoken::encode(&header, claims, ring.signing_key())
    }

    /// Verifies a token and gives its claims.
    ///
    /// # Errors
    /// [`TokenRefused::Expired`] only for a token that is right in everything else.
    pub fn verify(&self, kind: TokenKind, token: &str, clock: &dyn Clock) -> Result<Claims, TokenRefused> {
        let claims: Claims = self.decode(kind, token).ok_or(TokenRefused::Invalid)?;
        match self.age(claims.env, claims.nbf.max(claims.iat), claims.exp, clock) {
            Age::Current => Ok(claims),
            Age::Past => Err(TokenRefused::Expired(Box::new(claims))),
            Age::NeverHere => Err(TokenRefused::Invalid),
        }
    }

    /// Verifies the token of a user. `None` for whatever is wrong with it.
    pub fn verify_access(&self, token: &str, clock: &dyn Clock) -> Option<AccessClaims> {
        let claims: AccessClaims = self.decode(TokenKind::Access, token)?;
        let age = self.age(claims.env, claims.nbf.max(claims.iat), claims.exp, clock);
        (age == Age::Current).then_some(claims)
    }

    /// The claims of a token of this kind that we have signed, whenever that was.
    fn decode<C: DeserializeOwned>(&self, kind: TokenKind, token: &str) -> Option<C> {
        if token.len() > MAX_TOKEN_LEN {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        let typ_matches = header.typ.as_deref() == Some(kind.typ());
        // No extension is understood here, so a token that calls one critical must be refused (RFC 7515 §4.1.11).
        if header.alg != Algorithm::EdDSA || !typ_matches || header.crit.is_some() {
            return None;
        }
        let ring = self.ring()?;
        let key = header.kid.as_deref().and_then(|kid| ring.find(kid))?;
        jsonwebtoken::decode(token, key, &self.validation(kind)).ok().map(|decoded| decoded.claims)
    }

    fn validation(&self, kind: TokenKind) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_audience(&[kind.audience()]);
        validation.set_issuer(&[&self.issuer]);
        // The library would ask the system clock; `check_times` asks ours.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }

    fn age(&self, environment: Environment, begins: i64, ends: i64, clock: &dyn Clock) -> Age {
        let now = clock.now().as_secs();
        if environment != self.environment || begins > now + LEEWAY_S {
            Age::NeverHere
        } else if ends + LEEWAY_S <= now {
            Age::Past
        } else {
            Age::Current
        }
    }
}

/// Whether a token is good now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Age {
    /// It is.
    Current,
    /// It was.
    Past,
    /// It is from the future, or of the other environment.
    NeverHere,
}
