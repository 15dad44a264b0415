//! A server of a customer's, that is called.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc};

/// No test waits for longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request that has come.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) headers: HashMap<String, String>,
    pub(crate) text: String,
}

impl Call {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    pub(crate) fn kind(&self) -> String {
        self.body()["type"].as_str().expect("a type").to_owned()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}"))
    }
}

type Answer = Arc<dyn Fn(&Call) -> Response + Send + Sync>;

#[derive(Clone)]
struct Shared {
    answer: Arc<Mutex<Answer>>,
    came: mpsc::UnboundedSender<Call>,
}

/// A server that remembers what came and answers as it is told to.
pub(crate) struct Receiver {
    pub(crate) url: String,
    shared: Shared,
    came: mpsc::UnboundedReceiver<Call>,
}

impl Receiver {
    /// One that takes everything.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (send, came) = mpsc::unbounded_channel();
        let answer: Answer = Arc::new(|_: &Call| StatusCode::NO_CONTENT.into_response());
        let shared = Shared { answer: Arc::new(Mutex::new(answer)), came: send };
        let app = Router::new().fallback(take).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, shared, came }
    }

    /// From now on it answers so.
    pub(crate) fn answer(&self, answer: impl Fn(&Call) -> Response + Send + Sync + 'static) {
        *self.shared.answer.lock().expect("a lock") = Arc::new(answer);
    }

    /// From now on it answers with this status.
    pub(crate) fn answer_status(&self, status: u16) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.answer(move |_| status.into_response());
    }

    /// The next request.
    pub(crate) async fn next(&mut self) -> Call {
        tokio::time::timeout(PATIENCE, self.came.recv()).await.expect("a call in time").expect("a call")
    }

    /// Whether nothing has come that was not asked for.
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.came.try_recv().is_err()
    }
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let call = Call { headers, text: String::from_utf8_lossy(&body).into_owned() };
    let answer = Arc::clone(&shared.answer.lock().expect("a lock"));
    let response = answer(&call);
    let _ = shared.came.send(call);
    response
}
