//! Where log lines go: to standard error, those of requests a few at a time.
//!
//! A system call for each request's line would be a fifth of what a mint costs. So these lines wait for each other, a
//! twentieth of a second at most; any other line goes out at once, after those that wait. What a kill loses is lines of
//! requests that had just been answered.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::Thread,
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// The target of the lines that may wait.
pub const REQUESTS: &str = "token_server::requests";

/// How long they wait at most.
const WAIT: Duration = Duration::from_millis(50);
/// How much of them may wait, in bytes.
const ROOM: usize = 32 * 1_024;

/// Gives each line its way out.
#[derive(Debug, Clone)]
pub struct Lines {
    waiting: Arc<Mutex<Vec<u8>>>,
    sender: Thread,
}

impl Lines {
    /// Starts the thread that sends lines out that have waited.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start() -> io::Result<Self> {
        let waiting = Arc::<Mutex<Vec<u8>>>::default();
        let lines = Arc::clone(&waiting);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            loop {
                // Woken by the first line that waits.
                std::thread::park();
                std::thread::sleep(WAIT);
                send(&mut lock(&lines));
            }
        })?;
        Ok(Self { waiting, sender: thread.thread().clone() })
    }

    /// Sends out what waits.
    pub fn flush(&self) {
        send(&mut lock(&self.waiting));
    }
}

fn lock(lines: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Nobody can be told when standard error is closed, and nothing else may fail for it.
fn send(lines: &mut Vec<u8>) {
    if !lines.is_empty() {
        let _ = io::stderr().write_all(lines);
        lines.clear();
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { lines: self, may_wait: false }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line<'a> {
        Line { lines: self, may_wait: meta.target() == REQUESTS && *meta.level() >= Level::INFO }
    }
}

/// The way out of one line.
#[derive(Debug)]
pub struct Line<'a> {
    lines: &'a Lines,
    may_wait: bool,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = lock(&self.lines.waiting);
        let is_first = lines.is_empty();
        lines.extend_from_slice(bytes);
        if !self.may_wait || lines.len() > ROOM {
            send(&mut lines);
        } else if is_first {
            self.lines.sender.unpark();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
