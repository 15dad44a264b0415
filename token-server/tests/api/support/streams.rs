//! Somebody who listens to server-sent events.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;

use super::Caller;

/// What happens is told within a second, and a stream looks at its session by itself four times a minute only. The rest is for
/// a machine that has other tests to run.
const SOON: Duration = Duration::from_secs(4);

/// An event. Source: HTML, "Server-sent events".
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

/// A stream that is being read.
#[derive(Debug)]
pub(crate) struct Stream {
    response: Response,
    received: String,
}

impl Stream {
    /// Listens to the session of a session token, with the id of the last event that was received.
    pub(crate) async fn open(participant: &Caller, last: Option<&str>) -> Self {
        let mut request = participant.request(Method::GET, "/v1/participant/session/stream");
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, received: String::new() }
    }

    /// The next event; `None` at the end of the stream. It must come soon.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.received.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.received = rest;
                // Comments keep the line open.
                if event.starts_with(':') {
                    continue;
                }
                return Some(read(&event));
            }
            let chunk = tokio::time::timeout(SOON, self.response.chunk());
            let chunk = chunk.await.expect("something comes in time").expect("a line that holds")?;
            self.received.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}

fn read(text: &str) -> Event {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Event {
        kind: field("event").expect("a type").to_owned(),
        id: field("id").map(str::to_owned),
        data: serde_json::from_str(field("data").expect("data")).expect("JSON"),
    }
}
