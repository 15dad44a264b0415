//! Who listens to which session. Whatever changes one in this process wakes them; what they then see is the database's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::ids::SessionId;
use tokio::sync::watch;

/// How many may listen to one session: more tabs than anybody has open, fewer than would be a burden.
const MAX_LISTENERS: usize = 8;

/// All that listen.
#[derive(Debug, Default)]
pub struct Streams(Mutex<Sessions>);

type Sessions = HashMap<SessionId, watch::Sender<()>>;

impl Streams {
    /// Listens to a session; `None` when too many do.
    pub fn listen(self: &Arc<Self>, session: &SessionId) -> Option<Listener> {
        let mut sessions = self.sessions();
        let changes = sessions.entry(session.clone()).or_insert_with(|| watch::channel(()).0);
        if changes.receiver_count() >= MAX_LISTENERS {
            return None;
        }
        Some(Listener { streams: Arc::clone(self), session: session.clone(), changes: changes.subscribe() })
    }

    /// Wakes those who listen to a session. What has changed must be committed by now.
    pub fn wake(&self, session: &SessionId) {
        if let Some(changes) = self.sessions().get(session) {
            changes.send_replace(());
        }
    }

    /// Wakes everybody: for what ends sessions and is rare.
    pub fn wake_all(&self) {
        for changes in self.sessions().values() {
            changes.send_replace(());
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Listener {
    streams: Arc<Streams>,
    session: SessionId,
    changes: watch::Receiver<()>,
}

impl Listener {
    /// Done when the session may have changed since the last time this was done.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            // The sender lives as long as anybody listens.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut sessions = self.streams.sessions();
        // Our own receiver is still counted.
        if sessions.get(&self.session).is_some_and(|changes| changes.receiver_count() <= 1) {
            sessions.remove(&self.session);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn session(id: &str) -> SessionId {
        id.parse().unwrap()
    }

    #[test]
    fn only_those_who_listen_to_the_session_are_woken_and_none_misses_it() {
        let streams = Arc::new(Streams::default());
        let mut one = streams.listen(&session("ses_1")).unwrap();
        let mut other = streams.listen(&session("ses_2")).unwrap();
        streams.wake(&session("ses_1"));
        assert!(one.changed().now_or_never().is_some(), "it was changed before anybody waited");
        assert!(one.changed().now_or_never().is_none(), "and not again");
        assert!(other.changed().now_or_never().is_none());
        streams.wake_all();
        assert!(other.changed().now_or_never().is_some());
    }

    #[test]
    fn nothing_is_left_of_those_who_have_gone() {
        let streams = Arc::new(Streams::default());
        let all: Vec<_> = (0..MAX_LISTENERS).map(|_| streams.listen(&session("ses_1")).unwrap()).collect();
        assert!(streams.listen(&session("ses_1")).is_none());
        assert!(streams.listen(&session("ses_2")).is_some());
        drop(all);
        assert!(streams.sessions().is_empty());
        assert!(streams.listen(&session("ses_1")).is_some());
    }
}
