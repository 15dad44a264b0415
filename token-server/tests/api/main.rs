//! The server over HTTP, a file for each resource and a few walks over all routes.
//!
//! Each test has a server, a database and a clock of its own ([`support::TestServer`]); those in `program_…` run the
//! real binary. A test reads: given, when, then.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on stops its test")]

mod support;

mod ahead;
mod analytics;
mod answers;
mod answers_by_form;
mod api_keys;
mod audit;
mod back;
mod campaigns;
mod consent;
mod drafts;
mod embed;
mod erasure;
mod finish;
mod forgeries;
mod full_disk;
mod graphql_bytes;
mod graphql_errors;
mod graphql_http;
mod graphql_journey;
mod graphql_limits;
mod graphql_page;
mod graphql_permissions;
mod graphql_schema;
mod graphql_uploads;
mod guides;
mod idempotency;
mod invite_batch;
mod invite_extension;
mod invite_tokens;
mod invites;
mod key_delegation;
mod key_life;
mod key_rotation;
mod leaks;
mod limits;
mod long_lists;
mod metrics;
mod openapi;
mod origins;
mod participant_limits;
mod program_backup;
mod program_cli;
mod program_connections;
mod program_database;
mod program_durability;
mod program_idempotency;
mod program_log;
mod program_mints;
mod program_replicas;
mod program_revocation;
mod program_secrets;
mod program_stops;
mod program_uploads;
mod program_users;
mod public;
mod raw_requests;
mod revocation;
mod sessions;
mod sign_in;
mod sign_in_guesses;
mod sign_in_life;
mod start;
mod streams;
mod upload_erasure;
mod upload_refusals;
mod uploads;
mod usage;
mod walk_auth;
mod walk_bad_input;
mod walk_credentials;
mod walk_organizations;
mod walk_permissions;
mod walk_revoked;
mod webhook_deliveries;
mod webhook_endpoints;
mod webhook_events;
mod webhook_stops;
mod webhook_verifiers;
