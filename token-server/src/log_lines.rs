//! Where log lines go: to standard error, those of requests a few at a time.
//!
//! A system call for each request's line would be a fifth of what a mint costs. So these lines wait for each other, a
//! twentieth of a second at most; any other line goes out at once, after those that wait. What a kill loses is lines of
//! requests that had just been answered.
//!
//! One thread writes, and nobody waits for it: where standard error is a pipe that is not read, lines get lost and not
//! requests. How many is said as soon as it is read again.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::Thread,
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// The target of the lines that may wait.
pub const REQUESTS: &str = "token_server::requests";

/// How long they wait at most.
const WAIT: Duration = Duration::from_millis(50);
/// How much of them waits for more, in bytes.
const ROOM: usize = 32 * 1_024;
/// How much is kept for a reader that does not read, in bytes.
const MOST: usize = 1_024 * 1_024;
/// How long the last lines are waited for.
const LAST: Duration = Duration::from_secs(1);

/// Gives each line its way out.
#[derive(Debug, Clone)]
pub struct Lines {
    shared: Arc<Shared>,
    writer: Thread,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    is_written: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<u8>,
    is_urgent: bool,
    is_writing: bool,
    lost: u64,
}

impl Lines {
    /// Starts the thread that writes to standard error.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start() -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            let mut lines = Vec::new();
            loop {
                // Woken by the first line that waits, and by each that may not.
                std::thread::park();
                if !theirs.lock().is_urgent {
                    std::thread::park_timeout(WAIT);
                }
                theirs.send(&mut lines);
            }
        })?;
        Ok(Self { shared, writer: thread.thread().clone() })
    }

    /// Waits until what waits is out, or until it is clear that nobody reads it.
    pub fn flush(&self) {
        self.shared.lock().is_urgent = true;
        self.writer.unpark();
        let is_left = |queue: &mut Queue| queue.is_writing || !queue.waiting.is_empty();
        drop(self.shared.is_written.wait_timeout_while(self.shared.lock(), LAST, is_left));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends out what waits, without holding up who adds to it. `lines` is empty, and is again afterwards.
    fn send(&self, lines: &mut Vec<u8>) {
        let mut queue = self.lock();
        mem::swap(&mut queue.waiting, lines);
        queue.is_urgent = false;
        queue.is_writing = true;
        let lost = mem::take(&mut queue.lost);
        drop(queue);
        if lost > 0 {
            // After what was there before them, and there is room for it now.
            tracing::warn!(lost, "log lines were lost: standard error was not read for too long");
        }
        // Nobody can be told when standard error is closed, and nothing else may fail for it.
        let _ = io::stderr().write_all(lines);
        lines.clear();
        self.lock().is_writing = false;
        self.is_written.notify_all();
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
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut queue = self.lines.shared.lock();
        let is_first = queue.waiting.is_empty();
        if queue.waiting.len() + line.len() > MOST {
            queue.lost += 1;
            return Ok(line.len());
        }
        queue.waiting.extend_from_slice(line);
        let is_urgent = !self.may_wait || queue.waiting.len() > ROOM;
        queue.is_urgent |= is_urgent;
        drop(queue);
        if is_first || is_urgent {
            self.lines.writer.unpark();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
