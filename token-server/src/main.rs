//! `interviewrelay`: see `interviewrelay --help`.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use token_server::{cli::Cli, error::with_sources, telemetry};
use tokio::runtime::Runtime;

/// A request allocates a hundred times; the system's allocator takes twice as long over it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outcome = Runtime::new().map_err(Into::into).and_then(|runtime| {
        let outcome = runtime.block_on(run());
        // A thread that looks a name up ends when the name's owner pleases. What was acknowledged is written.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not by the log, whose filter would keep it back. When standard error is closed, nobody can be told.
            let _ = writeln!(io::stderr(), "error: {}", with_sources(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// When this returns, all lines of the log are out: what comes after it comes last.
async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let cli = Cli::parse();
    let _last_lines = telemetry::init()?;
    cli.run().await
}
