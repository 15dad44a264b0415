//! `/graphql`: the same [`crate::operations`] as the REST routes, behind one document.
//!
//! A request goes [`http`] (credentials, body, status) → `scan` and `plan` (limits and permissions, by the document
//! alone) → `schema` → a resolver, which calls one operation. So whatever is refused for its size or for want of a
//! permission is refused before any resolver runs; what only the database knows, how long its texts are, is charged to a
//! `budget` as they are come upon. Resolvers look rows up through `loaders`, many at once.
//!
//! An *interview* in here is what the rest of the product calls a campaign, a *candidate* a participant: the words of
//! the Exterview page.

mod accept;
mod access;
mod body;
mod budget;
mod caller;
mod errors;
pub mod http;
mod inputs;
pub mod limits;
mod loaders;
mod multipart;
mod mutation;
mod objects;
mod plan;
mod prepare;
mod query;
mod scalars;
mod scan;
mod schema;

pub use schema::{Schema, build, sdl};

use protocol::Environment;

use crate::config::Introspection;

/// What one environment's handlers need.
#[derive(Clone)]
pub struct GraphQl {
    /// The schema.
    pub schema: Schema,
    /// Whether it may be asked what it is.
    pub describes_itself: bool,
}

impl GraphQl {
    /// For an environment.
    pub fn new(environment: Environment, introspection: Introspection) -> Self {
        let describes_itself = match introspection {
            Introspection::Always => true,
            Introspection::Never => false,
            Introspection::Sandbox => environment == Environment::Test,
        };
        Self { schema: build(describes_itself), describes_itself }
    }
}

impl std::fmt::Debug for GraphQl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphQl").field("describes_itself", &self.describes_itself).finish_non_exhaustive()
    }
}
