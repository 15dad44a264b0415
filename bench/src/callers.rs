//! Callers that keep a pace, whatever the server does.
//!
//! wrk sends the next request when it has the answer to the last, so a server that stalls is asked less. These callers
//! are due at set times, and a request that could not be sent when it was due counts as waiting from then on.

#![expect(clippy::print_stdout, reason = "the script that starts it reads the result")]

mod guess;
mod http;
mod pace;
mod revocation;
mod sessions;

use clap::{Parser, Subcommand};

use crate::{pace::Pace, revocation::Revocation, sessions::Sessions};

#[derive(Debug, Parser)]
struct Cli {
    /// Where the live API listens, such as `127.0.0.1:8080`.
    #[arg(long, global = true, default_value = "127.0.0.1:8080")]
    host: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Mint at a rate, with a key or with guesses at one, and say how long answers took.
    Pace(Pace),
    /// Revoke keys while they are in use, and say what got through.
    Revocation(Revocation),
    /// Open many participant sessions and keep a connection for each.
    Sessions(Sessions),
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        Command::Pace(pace) => pace.run(&cli.host).await,
        Command::Revocation(revocation) => revocation.run(&cli.host).await,
        Command::Sessions(sessions) => sessions.run(&cli.host).await,
    }
}

/// A body that invites somebody: `number` makes them a new person.
fn mint_body(campaign: &str, number: u64) -> String {
    format!(r#"{{"campaign_id":"{campaign}","participant_email":"caller-{number:08}@example.com"}}"#)
}
