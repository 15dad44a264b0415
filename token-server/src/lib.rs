//! The server: exchanges a secret API key for short-lived signed invite tokens and runs the interview API.
//!
//! A request goes [`router`] → an extractor of [`auth`] that proves who calls → a thin handler in [`routes`] → one of
//! [`operations`], which asks `domain` for the rules and writes through `storage` → back as a `protocol` type, or as
//! an [`error::ApiError`].
//!
//! [`serve`] runs both environments, live and sandbox, in one process, and [`connections`] has patience with those who call; [`cli`] is the command line around it, and [`backup`] copies what it keeps;
//! [`tokens`] signs and verifies; [`limits`] says how much a plan allows and [`usage`] counts; [`metrics`] tells an operator how much is going on; [`key_age`] warns of
//! old keys; [`openapi`] describes all of it; [`graphql`] is the other way to the same operations, and [`uploads`] keeps its files; [`webhooks`] tells others;
//! [`idempotency`] lets a request be sent again; [`streams`] wakes those who listen to a session; [`state`] is what
//! handlers may ask for.

pub mod auth;
pub mod backup;
pub mod calls;
pub mod cli;
pub mod config;
pub mod connections;
pub mod error;
pub mod extract;
pub mod file_headers;
pub mod graphql;
pub mod hex;
pub mod idempotency;
pub mod key_age;
pub mod limits;
pub mod log_lines;
pub mod metrics;
pub mod openapi;
pub mod operations;
mod plain_error;
pub mod router;
pub mod routes;
pub mod serve;
pub mod state;
pub mod streams;
pub mod strict;
pub mod telemetry;
pub mod tokens;
pub mod uploads;
pub mod usage;
pub mod webhooks;
