//! Tokens made with the server's own keys, right or wrong.

use domain::clock::Clock as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::Environment;
use serde_json::Value;
use token_server::tokens::TokenKind;

use super::{TestServer, base64url};

/// The live environment's signing key, as an attacker wishes to have it.
#[derive(Debug)]
pub(crate) struct Forger {
    pkcs8: Vec<u8>,
    kid: String,
}

impl Forger {
    pub(crate) async fn of(server: &TestServer, environment: Environment) -> Self {
        let mut unit = server.shared.store.read().await.unwrap();
        let keys = unit.list_signing_keys(environment).await.unwrap();
        let newest = keys.first().expect("a signing key");
        Self { pkcs8: newest.pkcs8.clone(), kid: newest.kid.clone() }
    }

    /// The header of a right token.
    pub(crate) fn header(&self, kind: TokenKind) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(kind.typ().to_owned());
        header.kid = Some(self.kid.clone());
        header
    }

    /// Any header and any claims, signed with the right key.
    pub(crate) fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&self.pkcs8)).expect("a token")
    }
}

/// A token with this header, signed by nobody.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}.", base64url::encode(header.to_string()), base64url::encode(claims.to_string()))
}

/// The time on the server's clock, in Unix seconds.
pub(crate) fn now_s(server: &TestServer) -> i64 {
    server.clock.now().as_secs()
}
