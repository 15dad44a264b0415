//! Programs that do less than ours, to measure what the rest costs.
//!
//! `baselines hello` answers `GET /v1/invites` with a small JSON object; `baselines sign` answers `POST /v1/invites` as
//! ours does, with a token that the library signs in its ordinary way, but checks no key and stores nothing.
//! `baselines receive` takes webhooks and counts them. These three print `listening address=…` once they do.
//! `baselines post` sends one body again and again, signed by nobody and written down nowhere.

#![expect(clippy::print_stdout, reason = "the script that starts it reads the address")]

mod post;
mod receive;

use std::{error::Error, io::Write as _, sync::Arc};

use aws_lc_rs::{rand, signature::Ed25519KeyPair};
use axum::{Json, Router, extract::State, http::StatusCode, routing};
use clap::Parser;
use domain::{
    clock::{Clock as _, SystemClock},
    random::{Entropy, new_id},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::{
    Environment, Timestamp,
    ids::{CampaignId, InviteId, OrganizationId, ParticipantId, PrefixedId as _},
    invite::{Invite, InviteStatus, MintInvite, MintedInvite},
};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::post::Post;

#[derive(Debug, Parser)]
enum Cli {
    /// Answer with a constant.
    Hello,
    /// Answer with a token.
    Sign,
    /// Take webhooks and count them.
    Receive,
    /// Send one body again and again.
    Post(Post),
}

/// How long a token lives: what a campaign that says nothing gives.
const TTL_S: i64 = 3_600;

#[derive(Debug)]
struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes).expect("the operating system gives randomness");
    }
}

/// The claims of an invite token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'static str,
    sub: &'a ParticipantId,
    jti: &'a InviteId,
    iat: i64,
    nbf: i64,
    exp: i64,
    org: &'a OrganizationId,
    camp: &'a CampaignId,
    env: Environment,
}

struct Signer {
    issuer: String,
    header: Header,
    key: EncodingKey,
    organization_id: OrganizationId,
}

impl Signer {
    fn new(issuer: String) -> Result<Self, Box<dyn Error>> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&rand::SystemRandom::new())?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("invite+jwt".to_owned());
        // As long as the thumbprint that names a key of ours.
        header.kid = Some("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE".to_owned());
        Ok(Self {
            issuer,
            header,
            key: EncodingKey::from_ed_der(pkcs8.as_ref()),
            organization_id: OrganizationId::from_suffix("01JD0000000000000000000000"),
        })
    }
}

async fn sign(
    State(signer): State<Arc<Signer>>,
    Json(body): Json<MintInvite>,
) -> Result<(StatusCode, Json<MintedInvite>), StatusCode> {
    let now: Timestamp = SystemClock.now();
    let expires_at = now.plus_secs(body.expires_in_s.map_or(TTL_S, i64::from));
    let id: InviteId = new_id(now, &SystemEntropy);
    let participant_id: ParticipantId = new_id(now, &SystemEntropy);
    let claims = Claims {
        iss: &signer.issuer,
        aud: "interviewrelay:participant",
        sub: &participant_id,
        jti: &id,
        iat: now.as_secs(),
        nbf: now.as_secs(),
        exp: expires_at.as_secs(),
        org: &signer.organization_id,
        camp: &body.campaign_id,
        env: Environment::Live,
    };
    let invite_token = jsonwebtoken::encode(&signer.header, &claims, &signer.key)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let invite_url = format!("{}/i#{invite_token}", signer.issuer);
    let invite = Invite {
        id,
        campaign_id: body.campaign_id,
        participant_id,
        participant_email: body.participant_email,
        participant_name: body.participant_name,
        external_id: body.external_id,
        api_key_id: None,
        status: InviteStatus::Pending,
        variables: body.variables.unwrap_or_default(),
        origin: body.origin,
        locale: body.locale,
        metadata: body.metadata.unwrap_or_default(),
        expires_at,
        created_at: now,
    };
    Ok((StatusCode::CREATED, Json(MintedInvite { invite_token, invite_url, invite })))
}

async fn hello() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "message": "hello" }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = match Cli::parse() {
        Cli::Hello => Router::new().route("/v1/invites", routing::get(hello)),
        Cli::Sign => Router::new()
            .route("/v1/invites", routing::post(sign))
            .with_state(Arc::new(Signer::new(format!("http://{address}"))?)),
        Cli::Receive => receive::app(),
        Cli::Post(post) => return Ok(post.run().await?),
    };
    println!("listening address={address}");
    std::io::stdout().flush()?;
    axum::serve(listener, app).await?;
    Ok(())
}
