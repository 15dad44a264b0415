//! Everything that crosses the wire, written once.
//!
//! The server serializes these types and the widget deserializes them, so the two cannot drift apart. There is
//! no I/O, no clock and no randomness in here; the crate builds natively and for wasm32.
//!
//! - [`ids`]: prefixed identifiers · [`time`]: RFC 3339 milliseconds · [`environment`]: live or test
//! - [`error`]: the error envelope and its codes
//! - [`question`], [`session`], [`upload`]: the participant API, used by the widget
//! - [`analytics`], [`api_key`], [`audit`], [`campaign`], [`invite`], [`interview`], [`list`], [`participant`], [`webhook`]: the
//!   management API · [`user`]: sign-in

#[macro_use]
mod words;

pub mod analytics;
pub mod api_key;
pub mod audit;
pub mod campaign;
pub mod environment;
pub mod error;
pub mod ids;
pub mod interview;
pub mod invite;
pub mod list;
pub mod participant;
pub mod question;
pub mod session;
pub mod time;
pub mod upload;
pub mod user;
pub mod webhook;

pub use environment::Environment;
pub use error::{ErrorBody, ErrorCode};
pub use time::Timestamp;
