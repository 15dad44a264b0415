//! `interviewrelay backup`

use std::{io::Write as _, path::PathBuf};

use clap::Args;
use domain::clock::{Clock as _, SystemClock};

use super::{CliResult, say};
use crate::{
    backup::{self, Data},
    config::Config,
    serve::stop_signal,
};

#[derive(Debug, Args)]
pub(super) struct BackupCommand {
    /// The folder to make. The one above it must be there.
    folder: PathBuf,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

impl BackupCommand {
    pub(super) async fn run(self, config: &Config) -> CliResult {
        let tell = |text: String| {
            // Nobody can be told when standard error is closed, and the backup must not fail for it.
            let _ = writeln!(std::io::stderr(), "{text}");
        };
        let (data, now) =
            (Data { url: &config.database_url, uploads: &config.uploads_dir }, SystemClock.now());
        let signal = stop_signal();
        let stop = async {
            signal.await;
        };
        let taken = backup::take(data, &self.folder, now, stop, tell).await?;
        if self.json {
            return say(&serde_json::to_string(&taken)?);
        }
        say(&format!(
            "{}: the database with {} bytes, {} uploaded files with {} bytes",
            taken.folder.display(),
            taken.database_bytes,
            taken.files,
            taken.files_bytes
        ))?;
        if taken.missing > 0 {
            say(&format!("{} uploads were erased meanwhile and are left out", taken.missing))?;
        }
        say("It holds signing keys and answers: keep it as secret as the server's own data.")
    }
}
