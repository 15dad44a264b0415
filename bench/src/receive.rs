//! A receiver of webhooks that does nothing but count.
//!
//! It answers 204 to every `POST`. `GET /<count>` is answered when so many have come since the last such answer, with the
//! seconds from the first of them to the last.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};

/// How often whoever waits looks at the count.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// When the first and the last came, and how many.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first: Instant,
    last: Instant,
    count: u32,
}

type Counter = Arc<Mutex<Option<Seen>>>;

pub(crate) fn app() -> Router {
    Router::new().route("/", post(take)).route("/{count}", get(wait)).with_state(Counter::default())
}

/// The body is read: a receiver would.
async fn take(State(counter): State<Counter>, _: Bytes) -> StatusCode {
    let now = Instant::now();
    let mut seen = counter.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.get_or_insert(Seen { first: now, last: now, count: 0 });
    seen.last = now;
    seen.count += 1;
    StatusCode::NO_CONTENT
}

async fn wait(State(counter): State<Counter>, Path(count): Path<u32>) -> Json<Value> {
    loop {
        let seen = counter.lock().unwrap_or_else(PoisonError::into_inner).take_if(|seen| seen.count >= count);
        if let Some(seen) = seen {
            let seconds = (seen.last - seen.first).as_secs_f64();
            return Json(json!({ "count": seen.count, "seconds": seconds }));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
