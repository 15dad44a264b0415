//! The schema is written down, and every field of it has its permission.

use std::collections::BTreeSet;

#[test]
fn the_schema_in_the_repository_is_the_servers() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api/schema.graphql");
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        kept.trim_end() == token_server::graphql::sdl().trim_end(),
        "docs/api/schema.graphql is stale; `interviewrelay print graphql > docs/api/schema.graphql` writes it anew"
    );
}

#[test]
fn the_routes_are_these() {
    let routes: BTreeSet<_> = token_server::router::graphql_routes()
        .into_iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let expected = [
        "GET /graphiql",
        "GET /graphiql/page.js",
        "GET /graphiql/style.css",
        "GET /graphql",
        "POST /graphql",
    ];
    assert_eq!(routes, expected.map(str::to_owned).into());
}
