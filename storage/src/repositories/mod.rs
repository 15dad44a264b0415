//! The repositories, over either database: they know its words, and nothing of its driver.
//!
//! - `unit`: the unit of work that repositories are methods of · `link`: where a statement is given to a driver
//! - `statement`: statements and their values · `cells`: rows become types · `fault`: errors in our words
//! - `writer`: the group commit of jobs · the rest: the repositories, one in a file
//!
//! Statements are written once, in words that both databases have. What only `SQLite` has by itself, such as `json_each` of a
//! text or `max` of two numbers, `PostgreSQL` is taught by its first migration.

pub(crate) mod analytics;
pub(crate) mod answers;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod authority;
pub(crate) mod campaigns;
pub(crate) mod cells;
pub(crate) mod deliveries;
pub(crate) mod erasure;
pub(crate) mod events;
pub(crate) mod fault;
pub(crate) mod guides;
pub(crate) mod idempotency;
pub(crate) mod invites;
pub(crate) mod link;
pub(crate) mod organizations;
pub(crate) mod participants;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod statement;
pub(crate) mod unit;
pub(crate) mod uploads;
pub(crate) mod users;
pub(crate) mod webhooks;
pub(crate) mod writer;
