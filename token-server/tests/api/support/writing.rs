//! Somebody who writes, for whom all others who write have to wait.

use std::sync::Arc;

use storage::StoreError;
use tokio::{sync::oneshot, task::JoinHandle};

use super::TestServer;

/// A transaction that is open.
pub(crate) struct Writing {
    release: oneshot::Sender<()>,
    task: JoinHandle<Result<(), StoreError>>,
}

impl Writing {
    /// Begins one, and returns when it is this one's turn.
    pub(crate) async fn begin(server: &TestServer) -> Self {
        let store = Arc::clone(&server.shared.store);
        let (release, released) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let task = tokio::spawn(async move {
            storage::write::<(), StoreError, _>(store.as_ref(), move |_| {
                Box::pin(async move {
                    tell.send(()).expect("somebody waits for its turn");
                    released.await.expect("it is ended");
                    Ok(())
                })
            })
            .await
        });
        told.await.expect("its turn");
        Self { release, task }
    }

    /// Commits nothing, and lets the others write.
    pub(crate) async fn end(self) {
        self.release.send(()).expect("it waits");
        self.task.await.expect("a task").expect("a commit");
    }
}
