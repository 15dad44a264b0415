//! Invite and session tokens: JWTs signed with Ed25519 (RFC 8037), verified as RFC 8725 asks.
//!
//! The two kinds differ in `typ` and `aud`, so neither can be used as the other. Verification pins the algorithm,
//! takes the key from our own ring by `kid` and nothing else from the header, and checks issuer, audience,
//! environment and times against the clock that is handed in.

pub mod claims;
pub mod keys;
mod rings;
mod signer;

pub use claims::{Claims, TokenKind};
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

/// How far clocks may be apart: replicas are expected to keep time, so much less than the 30 s that SPEC allows.
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
    pub fn sign(&self, kind: TokenKind, claims: &Claims) -> Result<String, Error> {
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
        if token.len() > MAX_TOKEN_LEN {
            return Err(TokenRefused::Invalid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefused::Invalid)?;
        let typ_matches = header.typ.as_deref() == Some(kind.typ());
        // No extension is understood here, so a token that calls one critical must be refused (RFC 7515 §4.1.11).
        if header.alg != Algorithm::EdDSA || !typ_matches || header.crit.is_some() {
            return Err(TokenRefused::Invalid);
        }
        let ring = self.ring().ok_or(TokenRefused::Invalid)?;
        let key = header.kid.as_deref().and_then(|kid| ring.find(kid)).ok_or(TokenRefused::Invalid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation(kind))
            .map_err(|_| TokenRefused::Invalid)?
            .claims;
        self.check_times(claims, clock)
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

    fn check_times(&self, claims: Claims, clock: &dyn Clock) -> Result<Claims, TokenRefused> {
        let now = clock.now().as_secs();
        if claims.env != self.environment || claims.nbf > now + LEEWAY_S || claims.iat > now + LEEWAY_S {
            return Err(TokenRefused::Invalid);
        }
        if claims.exp + LEEWAY_S <= now { Err(TokenRefused::Expired(Box::new(claims))) } else { Ok(claims) }
    }
}
