//! The real program, as a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// Longest that the program may take to come up or go down; the tests themselves never wait for a fixed time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with a database, and the program to run on it.
#[derive(Debug)]
pub(crate) struct Installation {
    folder: TempDir,
    /// Where its database is, when it is not a file in the folder.
    database_url: Option<String>,
}

impl Installation {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database_url: None }
    }

    /// One with a database of a server.
    pub(crate) fn on(database_url: String) -> Self {
        Self { database_url: Some(database_url), ..Self::new() }
    }

    fn database_url(&self) -> String {
        let in_folder = || format!("sqlite://{}", self.path("test.db").display());
        self.database_url.clone().unwrap_or_else(in_folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program's command line, with nothing of this machine's environment but the path.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interviewrelay"));
        self.prepare(&mut command);
        command.args(arguments);
        command
    }

    /// The same settings for another program that runs ours.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("INTERVIEWRELAY_DATABASE_URL", self.database_url())
            .env("INTERVIEWRELAY_UPLOADS_DIR", self.path("uploads"))
            .env("INTERVIEWRELAY_LIVE_LISTEN", "127.0.0.1:0")
            .env("INTERVIEWRELAY_SANDBOX_LISTEN", "127.0.0.1:0")
            // Tokens name it as their issuer: it must outlive a restart, the port does not.
            .env("INTERVIEWRELAY_LIVE_PUBLIC_URL", "http://interviews.example")
            .current_dir(self.folder.path());
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Runs a command that prints one line of JSON.
    #[track_caller]
    pub(crate) fn run_json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// A new key of an organization.
    pub(crate) fn create_key(&self, kind: &str) -> String {
        let arguments =
            ["keys", "create", "--org", "Acme", "--env", "live", "--name", "Key", "--kind", kind, "--json"];
        self.run_json(&arguments)["key"].as_str().expect("a key").to_owned()
    }

    /// Runs the server.
    pub(crate) fn serve(&self) -> Process {
        Process::start(self.command(&["serve"]))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A server that runs. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// The live environment.
    pub(crate) url: String,
    log: Arc<Mutex<String>>,
    is_reading: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts it, and returns when it listens.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, told) = mpsc::channel();
        let kept = Arc::clone(&log);
        let is_reading = Arc::new(AtomicBool::new(true));
        let may_read = Arc::clone(&is_reading);
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                while !may_read.load(Ordering::Acquire) {
                    std::thread::park();
                }
                kept.lock().expect("a log").extend([line.as_str(), "\n"]);
                let _ = tell.send(line);
            }
        });
        let mut process = Self { child, url: String::new(), log, is_reading, reader: Some(reader) };
        let deadline = Instant::now() + PATIENCE;
        let mut ready = 0;
        while ready < 2 {
            let line = told.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let line = line.unwrap_or_else(|_| panic!("the server did not come up: {}", process.log()));
            if line.contains("listening environment=") {
                ready += 1;
                if line.contains("environment=live") {
                    let address = line
                        .split("address=")
                        .nth(1)
                        .and_then(|rest| rest.split(' ').next())
                        .expect("an address");
                    process.url = format!("http://{address}");
                }
            }
        }
        process
    }

    /// What it has said until now.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("a log").clone()
    }

    /// Leaves what it says unread from now on.
    pub(crate) fn stop_reading(&self) {
        self.is_reading.store(false, Ordering::Release);
    }

    /// Reads again.
    pub(crate) fn read_on(&self) {
        self.is_reading.store(true, Ordering::Release);
        self.reader.as_ref().expect("a reader").thread().unpark();
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the server a signal by its name, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let server = self.children().pop().unwrap_or_else(|| self.child.id().to_string());
        let status = Command::new("kill").args([format!("-{name}"), server]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Processes that it has started: the server itself, when it runs below another program.
    fn children(&self) -> Vec<String> {
        let id = self.child.id();
        let list = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        list.split_whitespace().map(str::to_owned).collect()
    }

    /// Waits until it is gone; gives its exit code, what it has said, and how long that took.
    pub(crate) fn wait(mut self) -> (Option<i32>, String, Duration) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "the server did not stop: {}", self.log());
            // Short, so that what is measured is the server and not this loop.
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = began.elapsed();
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the log was read");
        }
        (status.code(), self.log(), took)
    }

    /// Kills it at once, as a loss of power would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // They may be gone already.
        let _ = Command::new("kill").arg("-KILL").args(self.children()).stderr(Stdio::null()).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bytes of a file.
pub(crate) fn bytes_of(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).expect("a file");
    bytes
}

/// What lies in a folder, with what lies below it.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
