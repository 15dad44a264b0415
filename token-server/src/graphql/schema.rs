//! The schema, made once for each environment.

use async_graphql::{EmptySubscription, SDLExportOptions};

use super::{
    limits::{MAX_COMPLEXITY, MAX_NESTING},
    mutation::Mutation,
    query::Query,
};

/// What can be asked and done.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The schema. One that does not describe itself does not suggest the names of fields either.
pub fn build(describes_itself: bool) -> Schema {
    let schema = Schema::build(Query, Mutation, EmptySubscription)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_recursive_depth(MAX_NESTING);
    if describes_itself {
        schema.finish()
    } else {
        schema.disable_introspection().disable_suggestions().finish()
    }
}

/// The schema in the language of schemas.
pub fn sdl() -> String {
    build(true).sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident())
}
