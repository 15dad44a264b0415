//! The rules: when an invite may be used, what comes after an answer, what a sound guide is.
//!
//! Pure functions and small types. No I/O, no async; time and randomness are handed in ([`clock`], [`random`]),
//! so everything in here gives the same result for the same arguments.
//!
//! - [`guide`]: what an author writes, and the proof that it is sound · [`interview`]: what to show now
//! - [`api_key`], [`organization`], [`campaign`], [`invite`], [`session`], [`user`]: the objects and their life cycles
//! - [`refresh_token`]: how a sign-in goes on · [`email`]: addresses · [`signing_key`]: what tokens are signed with
//! - [`upload`]: files that were sent · [`media_type`]: what a file is said to be
//! - [`audit`]: who changed what · [`webhook`]: who is told of it
//! - [`analytics`]: what the answers to a question come to
//! - [`fault`]: what is wrong with something that was sent, and where

pub mod analytics;
pub mod api_key;
pub mod audit;
pub mod campaign;
pub mod clock;
pub mod email;
pub mod fault;
pub mod guide;
pub mod interview;
pub mod invite;
pub mod media_type;
pub mod organization;
pub mod random;
pub mod refresh_token;
pub mod session;
pub mod signing_key;
pub mod upload;
pub mod user;
pub mod webhook;
