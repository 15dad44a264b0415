//! The server over HTTP, a file for each resource and a few walks over all routes.
//!
//! Each test has a server, a database and a clock of its own ([`support::TestServer`]); those in `program` run the real
//! binary. A test reads: given, when, then.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

mod api_keys;
mod walk_credentials;
