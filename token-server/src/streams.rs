//! Who listens to which session. What changes one through this process wakes them at once; whatever else does, another
//! process or the cancelling of an invite, is found by a look at all of them twice a second. What they then see is the
//! database's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::ids::SessionId;
use storage::{SessionMark, Store, StoreError};
use tokio::sync::watch;

/// How many may listen to one session: more tabs than anybody has open, fewer than would be a burden.
const MAX_LISTENERS: usize = 8;

/// All that listen.
#[derive(Debug, Default)]
pub struct Streams(Mutex<Sessions>);

type Sessions = HashMap<SessionId, Listened>;

/// A session that is listened to.
#[derive(Debug)]
struct Listened {
    changes: watch::Sender<()>,
    seen: Seen,
}

/// How a session was at the last look.
#[derive(Debug, PartialEq)]
enum Seen {
    /// There was no look yet.
    NotYet,
    Gone,
    Standing(SessionMark),
}

impl Streams {
    /// Listens to a session; `None` when too many do.
    pub fn listen(self: &Arc<Self>, session: &SessionId) -> Option<Listener> {
        let mut sessions = self.sessions();
        let new = || Listened { changes: watch::channel(()).0, seen: Seen::NotYet };
        let changes = &sessions.entry(session.clone()).or_insert_with(new).changes;
        if changes.receiver_count() >= MAX_LISTENERS {
            return None;
        }
        Some(Listener {
            streams: Arc::clone(self),
            session: session.clone(),
            changes: Some(changes.subscribe()),
        })
    }

    /// Wakes those who listen to a session. What has changed must be committed by now.
    pub fn wake(&self, session: &SessionId) {
        if let Some(listened) = self.sessions().get(session) {
            listened.changes.send_replace(());
        }
    }

    /// Wakes everybody: the server stops.
    pub fn wake_all(&self) {
        for listened in self.sessions().values() {
            listened.changes.send_replace(());
        }
    }

    /// Looks at all sessions that are listened to, and wakes those who listen to one that has changed since the last look.
    ///
    /// # Errors
    /// Those of the database; nobody is woken then.
    pub async fn look(&self, store: &dyn Store) -> Result<(), StoreError> {
        let listened: Vec<_> = self.sessions().keys().cloned().collect();
        if listened.is_empty() {
            return Ok(());
        }
        let marks: HashMap<_, _> =
            store.read().await?.find_session_marks(&listened).await?.into_iter().collect();
        let mut sessions = self.sessions();
        for id in &listened {
            let Some(listened) = sessions.get_mut(id) else { continue };
            let now = marks.get(id).cloned().map_or(Seen::Gone, Seen::Standing);
            // The first look cannot tell whether something has changed since the session was read to be told of.
            if listened.seen != now {
                listened.seen = now;
                listened.changes.send_replace(());
            }
        }
        Ok(())
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
    /// None when it is being dropped.
    changes: Option<watch::Receiver<()>>,
}

impl Listener {
    /// Done when the session may have changed since the last time this was done.
    pub async fn changed(&mut self) {
        if let Some(changes) = &mut self.changes
            && changes.changed().await.is_ok()
        {
            return;
        }
        // The sender lives as long as anybody listens.
        std::future::pending::<()>().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut sessions = self.streams.sessions();
        // Given back while nobody else counts: of two that go at once, one would otherwise be counted by the other.
        drop(self.changes.take());
        if sessions.get(&self.session).is_some_and(|listened| listened.changes.receiver_count() == 0) {
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
