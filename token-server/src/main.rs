//! `interviewrelay`: see `interviewrelay --help`.

use std::process::ExitCode;

use clap::Parser as _;
use token_server::{cli::Cli, error::with_sources, telemetry};

/// A request allocates a hundred times; the system's allocator takes twice as long over it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let _last_lines = telemetry::init();
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", with_sources(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
