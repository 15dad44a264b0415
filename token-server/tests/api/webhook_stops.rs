//! The dispatcher is told to stop while the database takes nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{http::StatusCode, response::IntoResponse as _};
use domain::{
    clock::FrozenClock,
    organization::{Organization, Plan},
    random::{SeededEntropy, new_id},
    webhook::{StoredEndpoint, StoredEvent},
};
use protocol::{
    Environment::Test,
    Timestamp,
    webhook::{EndpointStatus, EventType},
};
use serde_json::Map;
use storage::{Job, Mint, Minted, Place, Store, StoreError, UnitOfWork};
use token_server::{
    state::Shared,
    webhooks::{Webhooks, dispatcher::Dispatcher, signature::new_secret},
};
use tokio::sync::watch;

use crate::support::{receiver::Receiver, server::START_MS};

/// A database whose disk may be full.
#[derive(Debug)]
struct Disk {
    store: Arc<dyn Store>,
    is_full: Arc<AtomicBool>,
}

#[async_trait]
impl Store for Disk {
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.store.read().await
    }

    async fn submit(&self, job: Job) -> Result<(), StoreError> {
        if self.is_full.load(Ordering::SeqCst) {
            Err(StoreError::JobFailed)
        } else {
            self.store.submit(job).await
        }
    }

    async fn mint(&self, mint: Mint) -> Result<Minted, StoreError> {
        self.store.mint(mint).await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        self.store.scrub().await
    }

    fn statements(&self) -> u64 {
        self.store.statements()
    }

    async fn place(&self) -> Result<Place, StoreError> {
        self.store.place().await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.store.check().await
    }

    async fn close(&self) {
        self.store.close().await;
    }
}

#[tokio::test]
async fn a_dispatcher_that_cannot_write_anything_down_stops_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = storage::connect(&url).await.unwrap();
    let mut receiver = Receiver::start().await;
    let (now, entropy) = (Timestamp::from_millis(START_MS), SeededEntropy::new(5));
    let owner = Organization {
        id: new_id(now, &entropy),
        name: "Acme".to_owned(),
        plan: Plan::Free,
        created_at: now,
    };
    let endpoint = StoredEndpoint {
        id: new_id(now, &entropy),
        environment: Test,
        organization_id: owner.id.clone(),
        url: receiver.url.clone(),
        description: String::new(),
        events: Vec::new(),
        secret: new_secret(&entropy),
        previous_secrets: Vec::new(),
        status: EndpointStatus::Enabled,
        disabled_reason: None,
        failing_since: None,
        created_at: now,
        updated_at: now,
    };
    let event = StoredEvent::new(&entropy, now, Test, owner.id.clone(), EventType::Ping, Map::new());
    storage::write::<_, StoreError, _>(store.as_ref(), move |unit| {
        Box::pin(async move {
            unit.add_organization(&owner).await?;
            unit.add_endpoint(&endpoint).await?;
            unit.add_event_for(&endpoint.id, &event).await
        })
    })
    .await
    .unwrap();

    // Full from the moment that the call comes: what has come of it can be written down nowhere.
    let is_full = Arc::new(AtomicBool::new(false));
    let fills = Arc::clone(&is_full);
    receiver.answer(move |_| {
        fills.store(true, Ordering::SeqCst);
        StatusCode::NO_CONTENT.into_response()
    });
    let webhooks = Webhooks { sandbox_loopback: true };
    let disk = Arc::new(Disk { store, is_full });
    let shared = Shared { webhooks, ..Shared::new(disk, Arc::new(FrozenClock::at(now)), Arc::new(entropy)) };
    let (tell, told) = watch::channel(false);
    let running = tokio::spawn(Dispatcher::new(shared).run(told));
    receiver.next().await;
    tell.send(true).unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(9), running).await;
    stopped.expect("it stops in time").unwrap();
}
