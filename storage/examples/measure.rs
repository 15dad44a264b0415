//! Measures answers a second, one at a time and from 64 hands at once, and pages of a list of many invites.
//!
//! `cargo run --release -p storage --example measure -- <new file> [invites]`

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for the people who work on this crate")]

use std::time::{Duration, Instant};

use domain::{
    campaign::{StoredCampaign, StoredCounters},
    invite::{Participant, StoredInvite},
    organization::{Organization, Plan},
    session::{StoredAnswer, StoredSession},
};
use futures_util::future::join_all;
use protocol::{
    Environment::Live,
    Timestamp,
    campaign::{CampaignSettings, CampaignStatus},
    ids::{InviteId, OrganizationId, PrefixedId, SessionId},
    invite::InviteStatus,
    question::QuestionKind,
    session::SessionStatus,
};
use serde_json::{Map, json};
use storage::{InviteFilter, PageRequest, Store, StoreError, StoredGuide, connect, write};

const SPAN: Duration = Duration::from_secs(3);

fn id<I: PrefixedId>(number: u32) -> I {
    I::from_suffix(&format!("{number:010}"))
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn participant() -> Participant {
    let (organization_id, created_at) = (id(1), at(0));
    Participant {
        id: id(1),
        environment: Live,
        organization_id,
        email: None,
        name: None,
        external_id: None,
        created_at,
    }
}

fn invite(number: u32) -> StoredInvite {
    StoredInvite {
        id: id(number),
        environment: Live,
        organization_id: id(1),
        campaign_id: id(1),
        participant: participant(),
        api_key_id: None,
        status: if number.is_multiple_of(2) { InviteStatus::Pending } else { InviteStatus::Completed },
        variables: Map::new(),
        origin: None,
        locale: None,
        metadata: Map::new(),
        expires_at: at(1_000 + i64::from(number)),
        created_at: at(0),
        resumable_until: None,
    }
}

fn session(number: u32) -> StoredSession {
    StoredSession {
        id: id(number),
        environment: Live,
        organization_id: id(1),
        campaign_id: id(1),
        invite_id: id::<InviteId>(0),
        participant_id: id(1),
        guide_version: 1,
        seed: 1,
        locale: "en".to_owned(),
        fallback_locale: "en".to_owned(),
        status: SessionStatus::Active,
        consent: None,
        probes: std::collections::BTreeMap::new(),
        resume_window_s: 86_400,
        progress: 0.0,
        answers: 0,
        started_at: at(0),
        last_activity_at: at(0),
        completed_at: None,
    }
}

async fn prepare(store: &dyn Store) -> Result<(), StoreError> {
    write(store, |unit| {
        Box::pin(async move {
            let name = "Organization".to_owned();
            unit.add_organization(&Organization {
                id: id(1),
                name,
                plan: Plan::SelfHosted,
                created_at: at(0),
            })
            .await?;
            unit.add_campaign(&StoredCampaign {
                id: id(1),
                environment: Live,
                organization_id: id(1),
                name: "Campaign".to_owned(),
                description: String::new(),
                status: CampaignStatus::Active,
                settings: CampaignSettings::default(),
                metadata: Map::new(),
                counters: StoredCounters::default(),
                published_version: Some(1),
                revision: 1,
                created_at: at(0),
                updated_at: at(0),
            })
            .await?;
            let (json, sha256) = ("{}".to_owned(), String::new());
            unit.add_guide(&StoredGuide {
                environment: Live,
                campaign_id: id(1),
                version: 1,
                sha256,
                json,
                published_at: at(0),
            })
            .await?;
            unit.merge_participant(&participant()).await?;
            unit.add_invite(&invite(0)).await?;
            for number in 0..64 {
                unit.add_session(&session(number)).await?;
            }
            Ok(())
        })
    })
    .await
}

/// What the server does for each answer: look, add the answer, update the session.
async fn answer(store: &dyn Store, hand: u32, position: u32) {
    let result: Result<(), StoreError> = write(store, move |unit| {
        Box::pin(async move {
            let session_id: SessionId = id(hand);
            let client_id = format!("client-{position}");
            unit.find_reply(&session_id, &client_id).await?;
            let session = unit.find_session(Live, &session_id).await?.ok_or(StoreError::JobFailed)?;
            unit.add_answer(&StoredAnswer {
                id: id(hand * 1_000_000 + position),
                session_id,
                position,
                question_id: format!("q{position}"),
                kind: QuestionKind::LongText,
                value: json!("An answer of about the length that people write into such a field."),
                probe: None,
                seq: 1,
                client_id,
                elapsed_ms: 1_000,
                answered_at: at(i64::from(position)),
                reply: json!({"answer_id": "ans_1", "turn": {"type": "question"}}).to_string(),
            })
            .await?;
            unit.update_session(&StoredSession { answers: position + 1, ..session }).await
        })
    })
    .await;
    result.unwrap();
}

/// Answers from so many hands for a while. Each hand has a session of its own, which goes on at `from`.
async fn answers(store: &dyn Store, hands: u32, from: u32) {
    let begun = Instant::now();
    let counts = join_all((0..hands).map(|hand| async move {
        let mut position = from;
        let mut slowest = Duration::ZERO;
        while begun.elapsed() < SPAN {
            let asked = Instant::now();
            answer(store, hand, position).await;
            slowest = slowest.max(asked.elapsed());
            position += 1;
        }
        (position - from, slowest)
    }))
    .await;
    let total: u32 = counts.iter().map(|(count, _)| count).sum();
    let slowest = counts.iter().map(|(_, slowest)| *slowest).max().unwrap_or_default();
    println!(
        "{hands} at once: {:.0} answers/s, slowest {slowest:.1?}",
        f64::from(total) / begun.elapsed().as_secs_f64()
    );
}

async fn pages(store: &dyn Store, invites: u32) {
    let begun = Instant::now();
    for first in (1..=invites).step_by(1_000) {
        let added: Result<(), StoreError> = write(store, move |unit| {
            Box::pin(async move {
                for number in first..(first + 1_000).min(invites + 1) {
                    unit.add_invite(&invite(number)).await?;
                }
                Ok(())
            })
        })
        .await;
        added.unwrap();
    }
    println!("{invites} invites, 1,000 to a write: {:.1?}", begun.elapsed());
    let organization: OrganizationId = id(1);
    let statuses = InviteStatus::ALL.into_iter().map(Some).chain([None]);
    for (status, campaign_id) in statuses.flat_map(|status| [(status, None), (status, Some(id(1)))]) {
        let filter = InviteFilter { campaign_id, status, external_id: None };
        for before in [None, Some(id::<InviteId>(invites / 2).to_string())] {
            let mut unit = store.read().await.unwrap();
            let page = PageRequest { before, limit: 101 };
            let asked = Instant::now();
            let now = at(2_000);
            let found = unit.list_invites(Live, &organization, &filter, &page, now).await.unwrap().len();
            println!(
                "{status:?}, campaign {}, in the middle {}: {found} in {:.1?}",
                filter.campaign_id.is_some(),
                page.before.is_some(),
                asked.elapsed()
            );
        }
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the path of a new database");
    let store = connect(&format!("sqlite://{path}")).await.unwrap();
    prepare(store.as_ref()).await.unwrap();
    answers(store.as_ref(), 1, 0).await;
    answers(store.as_ref(), 64, 1_000_000).await;
    if let Some(invites) = arguments.next() {
        pages(store.as_ref(), invites.parse().unwrap()).await;
    }
    store.close().await;
}
