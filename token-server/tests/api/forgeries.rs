//! Tokens that nobody of ours has made, and ours put to the wrong use: RFC 8725 by example.

use domain::{
    random::{Entropy as _, SeededEntropy},
    user::Role,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::JwkSet};
use protocol::Environment;
use serde_json::{Value, json};
use token_server::{
    error::PlainError,
    tokens::{LEEWAY_S, TokenKind},
};

use crate::support::{
    Desk, Interview, Organization, TestServer, base64url,
    caller::send,
    snapshot::Snapshot,
    tokens::{Forger, now_s, unsigned},
};

/// How many single bits are flipped, of the 4,000 or so that a token has.
const FLIPS: usize = 500;

/// A right token of each kind; the invite's has not been used.
struct Tokens {
    server: TestServer,
    organization: Organization,
    forger: Forger,
    invite: String,
    session: String,
    access: String,
}

/// Every kind of token there is.
const KINDS: [TokenKind; 3] = [TokenKind::Invite, TokenKind::Session, TokenKind::Access];

impl Tokens {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let organization = server.organization("Acme").await;
        let campaign = organization.campaign().await;
        let session = organization.interview(&campaign).await.participant.credential().to_owned();
        let invite = organization.invitee(&campaign).await.credential().to_owned();
        server.user(&organization, "ada@example.com", Role::Owner).await;
        let desk = Desk::of(&server, Environment::Live, &organization.admin);
        let access = desk.login("ada@example.com").await.token;
        let forger = Forger::of(&server, Environment::Live).await;
        Self { server, organization, forger, invite, session, access }
    }

    fn right(&self, kind: TokenKind) -> &str {
        match kind {
            TokenKind::Invite => &self.invite,
            TokenKind::Session => &self.session,
            TokenKind::Access => &self.access,
        }
    }

    fn claims(&self, kind: TokenKind) -> Value {
        base64url::parts(self.right(kind)).1
    }

    /// The place that takes a token of this kind answers with its guide's 401.
    async fn refused(&self, kind: TokenKind, token: &str, what: &str) {
        let caller = self.server.caller(token);
        let reply = match kind {
            TokenKind::Invite => caller.post_nothing("/v1/participant/session").await,
            TokenKind::Session => caller.get("/v1/participant/session").await,
            TokenKind::Access => {
                let refused = self.server.bearer(&self.organization, token).await;
                assert_eq!(refused, Err(PlainError::unauthorized()), "{what} as {kind:?}");
                return;
            }
        };
        assert_eq!(reply.status, 401, "{what} as {kind:?}: {}", reply.text);
        reply.is_guide_401();
    }

    /// No session has been made but the one that was there.
    async fn nothing_happened(&self) {
        assert_eq!(Snapshot::of(&self.server, &[&self.organization]).await.sessions(), 1);
    }
}

#[tokio::test]
async fn a_token_that_is_signed_again_with_nothing_changed_is_accepted() {
    let tokens = Tokens::new().await;
    for kind in KINDS {
        let again = tokens.forger.sign(&tokens.forger.header(kind), &tokens.claims(kind));
        let caller = tokens.server.caller(&again);
        match kind {
            TokenKind::Invite => drop(caller.post_nothing("/v1/participant/session").await.expect(200)),
            TokenKind::Session => drop(caller.get("/v1/participant/session").await.expect(200)),
            TokenKind::Access => drop(tokens.server.bearer(&tokens.organization, &again).await.unwrap()),
        }
    }
}

#[tokio::test]
async fn a_header_that_is_not_ours_is_refused_401() {
    let tokens = Tokens::new().await;
    for kind in KINDS {
        let claims = tokens.claims(kind);
        let with = |change: &dyn Fn(&mut Header)| {
            let mut header = tokens.forger.header(kind);
            change(&mut header);
            tokens.forger.sign(&header, &claims)
        };
        let other_typ = match kind {
            TokenKind::Invite => "session+jwt",
            TokenKind::Session => "at+jwt",
            TokenKind::Access => "invite+jwt",
        };
        for (what, token) in [
            ("typ JWT", with(&|header| header.typ = Some("JWT".to_owned()))),
            ("no typ", with(&|header| header.typ = None)),
            ("the other typ", with(&|header| header.typ = Some(other_typ.to_owned()))),
            ("no kid", with(&|header| header.kid = None)),
            ("empty kid", with(&|header| header.kid = Some(String::new()))),
            ("unknown kid", with(&|header| header.kid = Some("x".repeat(43)))),
            ("kid with a path", with(&|header| header.kid = Some("../../../../dev/null".to_owned()))),
            ("kid with SQL", with(&|header| header.kid = Some("' OR '1'='1".to_owned()))),
            ("crit", with(&|header| header.crit = Some(vec!["exp".to_owned()]))),
        ] {
            tokens.refused(kind, &token, what).await;
        }
    }
    tokens.nothing_happened().await;
}

#[tokio::test]
async fn an_algorithm_that_is_not_ours_is_refused_401() {
    let tokens = Tokens::new().await;
    let jwks: JwkSet =
        serde_json::from_str(&tokens.server.anonymous().get("/.well-known/jwks.json").await.text).unwrap();
    let jwk = serde_json::to_value(&jwks.keys[0]).unwrap();
    let public = base64url::decode(jwk["x"].as_str().unwrap());
    for kind in KINDS {
        let (mut header, claims) = base64url::parts(tokens.right(kind));
        let (_, signature) = tokens.right(kind).rsplit_once('.').unwrap();
        for alg in ["none", "None", "NONE", ""] {
            header["alg"] = json!(alg);
            let token = unsigned(&header, &claims);
            tokens.refused(kind, &token, alg).await;
            tokens.refused(kind, &format!("{token}{signature}"), alg).await;
        }
        for secret in [
            public.clone(),
            jwk["x"].as_str().unwrap().as_bytes().to_vec(),
            jwk.to_string().into_bytes(),
            Vec::new(),
        ] {
            for algorithm in [Algorithm::HS256, Algorithm::HS512] {
                let mut header = tokens.forger.header(kind);
                header.alg = algorithm;
                let token =
                    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
                tokens.refused(kind, &token, "keyed with the public key").await;
            }
        }
    }
    tokens.nothing_happened().await;
}

#[tokio::test]
async fn a_key_that_the_header_brings_along_is_not_used_401() {
    let tokens = Tokens::new().await;
    let attacker = token_server::tokens::keys::generate(
        Environment::Live,
        domain::clock::Clock::now(&*tokens.server.clock),
    )
    .unwrap();
    let key = EncodingKey::from_ed_der(&attacker.pkcs8);
    let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
    for kind in KINDS {
        let own_kid = tokens.forger.header(kind).kid;
        for kid in [own_kid, Some(attacker.kid.clone()), None] {
            let with = |change: &dyn Fn(&mut Header)| {
                let mut header = tokens.forger.header(kind);
                header.kid.clone_from(&kid);
                change(&mut header);
                jsonwebtoken::encode(&header, &tokens.claims(kind), &key).unwrap()
            };
            for (what, token) in [
                ("nothing", with(&|_| {})),
                ("jwk", with(&|header| header.jwk = Some(jwk.clone()))),
                ("jku", with(&|header| header.jku = Some("https://attacker.example/jwks.json".to_owned()))),
                ("x5u", with(&|header| header.x5u = Some("https://attacker.example/cert.pem".to_owned()))),
            ] {
                tokens.refused(kind, &token, what).await;
            }
        }
    }
    tokens.nothing_happened().await;
}

#[tokio::test]
async fn claims_that_are_not_for_us_are_refused_401() {
    let tokens = Tokens::new().await;
    let later = now_s(&tokens.server) + LEEWAY_S + 1;
    for kind in KINDS {
        for (claim, value) in [
            ("aud", json!("somebody-else")),
            ("aud", json!(["x", "y"])),
            ("iss", json!("https://attacker.example")),
            ("iss", json!(tokens.server.url(Environment::Test))),
            ("iss", json!(format!("{}/", tokens.server.url(Environment::Live)))),
            ("env", json!("test")),
            ("env", json!("prod")),
            ("nbf", json!(later)),
            ("iat", json!(later)),
            ("exp", json!("never")),
            ("exp", Value::Null),
            ("jti", json!("inv_00000000000000000000000000")),
            ("jti", json!("../x")),
            ("sub", json!(7)),
        ] {
            // A session is found by its own id, so an unknown invite says nothing there; a user has no invite.
            let is_unknown = value.as_str().is_some_and(|id| id.starts_with("inv_"));
            if claim == "jti" && (kind == TokenKind::Access || kind == TokenKind::Session && is_unknown) {
                continue;
            }
            let mut claims = tokens.claims(kind);
            claims[claim] = value.clone();
            let token = tokens.forger.sign(&tokens.forger.header(kind), &claims);
            tokens.refused(kind, &token, &format!("{claim} {value}")).await;
        }
        let needed: &[&str] = match kind {
            TokenKind::Access => &["aud", "iss", "env", "nbf", "iat", "exp", "sub", "org", "sid", "role"],
            _ => &["aud", "iss", "env", "nbf", "iat", "exp", "jti", "sub", "org", "camp"],
        };
        for claim in needed {
            let mut claims = tokens.claims(kind);
            claims.as_object_mut().unwrap().remove(*claim);
            let token = tokens.forger.sign(&tokens.forger.header(kind), &claims);
            tokens.refused(kind, &token, &format!("no {claim}")).await;
        }
    }
    let mut claims = tokens.claims(TokenKind::Access);
    for (claim, value) in [
        ("sub", json!("usr_00000000000000000000000000")),
        ("sub", json!("part_1")),
        ("org", json!("org_1")),
        ("sid", json!("gr_00000000000000000000000000")),
        ("sid", Value::Null),
        ("role", json!("admin")),
        ("role", json!("root")),
    ] {
        let right = std::mem::replace(&mut claims[claim], value);
        let token = tokens.forger.sign(&tokens.forger.header(TokenKind::Access), &claims);
        tokens.refused(TokenKind::Access, &token, claim).await;
        claims[claim] = right;
    }
    let mut claims = tokens.claims(TokenKind::Session);
    for sid in [Value::Null, json!("ses_00000000000000000000000000"), json!("inv_1")] {
        claims["sid"] = sid;
        let token = tokens.forger.sign(&tokens.forger.header(TokenKind::Session), &claims);
        tokens.refused(TokenKind::Session, &token, "sid").await;
    }
    tokens.nothing_happened().await;
}

#[tokio::test]
async fn a_token_of_one_kind_is_not_one_of_another_401() {
    let tokens = Tokens::new().await;
    for kind in KINDS {
        for other in KINDS.into_iter().filter(|other| *other != kind) {
            tokens.refused(kind, tokens.right(other), &format!("one of {other:?}")).await;
            // Nor when its audience is changed, or its type.
            let typ_only = tokens.forger.sign(&tokens.forger.header(kind), &tokens.claims(other));
            tokens.refused(kind, &typ_only, "only the type is right").await;
            let mut claims = tokens.claims(other);
            claims["aud"] = json!(kind.audience());
            let audience_only = tokens.forger.sign(&tokens.forger.header(other), &claims);
            tokens.refused(kind, &audience_only, "only the audience is right").await;
        }
    }
    tokens.nothing_happened().await;
}

#[tokio::test]
async fn one_bit_flipped_anywhere_is_refused_401() {
    let tokens = Tokens::new().await;
    let entropy = SeededEntropy::new(500);
    for kind in KINDS {
        let right = tokens.right(kind).as_bytes();
        let mut flipped = 0;
        while flipped < FLIPS / 2 {
            let mut random = [0_u8; 5];
            entropy.fill(&mut random);
            let place = usize::try_from(u32::from_le_bytes([random[0], random[1], random[2], random[3]]))
                .unwrap()
                % right.len();
            let mut wrong = right.to_vec();
            wrong[place] ^= 1 << (random[4] % 8);
            if kind == TokenKind::Access {
                tokens.refused(kind, &String::from_utf8_lossy(&wrong), "one bit").await;
                flipped += 1;
                continue;
            }
            // What no header can hold never leaves the client.
            let Ok(value) =
                reqwest::header::HeaderValue::from_bytes(&[b"Bearer ", wrong.as_slice()].concat())
            else {
                continue;
            };
            let (method, path) = match kind {
                TokenKind::Invite => (reqwest::Method::POST, "/v1/participant/session"),
                _ => (reqwest::Method::GET, "/v1/participant/session"),
            };
            send(tokens.server.anonymous().request(method, path).header("Authorization", value))
                .await
                .is_guide_401();
            flipped += 1;
        }
    }
    tokens.nothing_happened().await;
}

#[tokio::test]
async fn another_spelling_of_the_same_signature_is_refused_401() {
    let tokens = Tokens::new().await;
    for kind in KINDS {
        let right = tokens.right(kind);
        let (body, last) = right.split_at(right.len() - 1);
        // Four of the last digit's six bits say nothing; a lax decoder would pass over them.
        for digit in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=".chars() {
            if last != digit.to_string() {
                tokens.refused(kind, &format!("{body}{digit}"), "the last digit").await;
            }
        }
        tokens.refused(kind, &format!("{right}="), "padding").await;
    }
}

#[tokio::test]
async fn an_expired_invite_token_is_410_at_the_start_and_any_other_expired_token_401() {
    let tokens = Tokens::new().await;
    let past = now_s(&tokens.server) - LEEWAY_S;
    let expired = |kind: TokenKind, exp: i64| {
        let mut claims = tokens.claims(kind);
        claims["exp"] = json!(exp);
        tokens.forger.sign(&tokens.forger.header(kind), &claims)
    };
    let invite = tokens.server.caller(&expired(TokenKind::Invite, past));
    invite.post_nothing("/v1/participant/session").await.refused(410, "invite_expired");
    tokens.refused(TokenKind::Session, &expired(TokenKind::Session, past), "expired").await;
    tokens.refused(TokenKind::Access, &expired(TokenKind::Access, past), "expired").await;
    tokens.server.bearer(&tokens.organization, &expired(TokenKind::Access, past + 1)).await.unwrap();
    tokens.nothing_happened().await;
    // Clocks may be a little apart.
    tokens
        .server
        .caller(&expired(TokenKind::Session, past + 1))
        .get("/v1/participant/session")
        .await
        .expect(200);
    Interview::start(&tokens.server.caller(&expired(TokenKind::Invite, past + 1))).await;
}

#[tokio::test]
async fn an_expired_token_that_is_wrong_in_anything_else_is_401() {
    let tokens = Tokens::new().await;
    let mut claims = tokens.claims(TokenKind::Invite);
    claims["exp"] = json!(now_s(&tokens.server) - 3_600);
    claims["iss"] = json!("https://attacker.example");
    let token = tokens.forger.sign(&tokens.forger.header(TokenKind::Invite), &claims);
    tokens.refused(TokenKind::Invite, &token, "expired, of another issuer").await;
}
