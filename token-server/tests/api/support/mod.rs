//! What every test begins with.

pub(crate) mod base64url;
pub(crate) mod binary;
pub(crate) mod caller;
pub(crate) mod documented;
pub(crate) mod graphql;
pub(crate) mod guides;
pub(crate) mod held;
pub(crate) mod interview;
pub(crate) mod organization;
pub(crate) mod postgres;
pub(crate) mod receiver;
pub(crate) mod routes;
pub(crate) mod server;
pub(crate) mod snapshot;
pub(crate) mod strace;
pub(crate) mod streams;
pub(crate) mod tokens;
pub(crate) mod uploads;
pub(crate) mod users;
pub(crate) mod writing;

pub(crate) use caller::{Caller, Reply};
pub(crate) use interview::Interview;
pub(crate) use organization::Organization;
pub(crate) use server::TestServer;
pub(crate) use users::Desk;

/// The 401 of the authentication guide, byte for byte.
pub(crate) const GUIDE_401: &str = r#"{"error":{"code":"unauthorized","message":"Invalid or missing API key. Provide a valid key in the Authorization header.","status":401}}"#;

/// The 403 of the authentication guide, byte for byte.
pub(crate) const GUIDE_403: &str = r#"{"error":{"code":"forbidden","message":"Your API key does not have permission to access this resource.","status":403}}"#;
