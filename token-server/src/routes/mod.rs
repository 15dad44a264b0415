//! Handlers: parse, call one operation, convert.

pub mod api_keys;
pub mod audit;
pub mod campaigns;
pub mod embed;
pub mod graphql;
pub mod guides;
pub mod health;
pub mod hosted;
pub mod invites;
pub mod metrics;
pub mod openapi;
pub mod participant;
pub mod participants;
pub mod sessions;
pub mod sign_in;
pub mod uploads;
pub mod webhooks;
pub mod well_known;
