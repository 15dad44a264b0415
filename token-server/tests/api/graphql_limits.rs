//! Whatever is out of proportion is refused before a resolver runs: the database is asked for the key, and for nothing more.

use std::{
    cell::Cell,
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    TestServer,
    graphql::{Answered, Asker, send},
    server::may_be_equal,
};

async fn scene() -> (TestServer, Asker) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    // The secret is known from here on.
    asker.ask("{ __typename }").await.data();
    (server, asker)
}

/// How many statements it takes to know who asks.
async fn of_credentials(server: &TestServer, asker: &Asker) -> RangeInclusive<u64> {
    let (cost, answered) = server.statements(|| asker.ask("{ __typename }")).await;
    answered.data();
    cost
}

/// Asks, and demands that nothing was done and that it was quick.
async fn refused(server: &TestServer, asker: &Asker, document: &str) -> Answered {
    let usual = of_credentials(server, asker).await;
    let quickest = Cell::new(Duration::MAX);
    let ask = || async {
        let began = Instant::now();
        let answered = asker.ask(document).await;
        quickest.set(quickest.get().min(began.elapsed()));
        answered
    };
    let (cost, answered) = server.statements(ask).await;
    assert!(may_be_equal(&cost, &usual), "a resolver ran: {}", answered.text);
    // Ten milliseconds in a build for use; tests are built without optimization and share their processors.
    assert!(quickest.get() < Duration::from_millis(500), "{:?}", quickest.get());
    answered
}

fn each(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

fn limit(answered: &Answered) -> Value {
    answered.not_begun()["extensions"]["limit"].clone()
}

fn nested(levels: usize) -> String {
    // interviews → sessions → interview → sessions → …
    let mut document = "id".to_owned();
    for level in (0..levels - 1).rev() {
        let field = if level % 2 == 0 { "interview" } else { "sessions(first: 1)" };
        document = format!("{field} {{ {document} }}");
    }
    let document = document.replacen("interview {", "interview(id: \"camp_1\") {", 1);
    format!("{{ {document} }}")
}

#[tokio::test]
async fn fields_may_be_ten_deep() {
    let (server, asker) = scene().await;
    let allowed = asker.ask(&nested(10)).await;
    allowed.failed("not_found");
    assert_eq!(limit(&refused(&server, &asker, &nested(11)).await), "depth");
}

#[tokio::test]
async fn a_request_may_cost_a_thousand() {
    let (server, asker) = scene().await;
    let fields = |count: usize| each(count, |number| format!("f{number}: id"));
    // A list costs ten, and its fields times its length: 10 + 99 × 10 = 1,000.
    let allowed = asker.ask(&format!("{{ interviews(first: 99) {{ {} }} }}", fields(10))).await;
    assert_eq!(allowed.data()["interviews"], json!([]));
    let over = format!("{{ interview(id: \"camp_1\") {{ id }} interviews(first: 98) {{ {} }} }}", fields(10));
    assert!(
        refused(&server, &asker, &over).await.not_begun()["message"].as_str().unwrap().contains("complex")
    );
    let lists = "{ interviews(first: 100) { sessions(first: 100) { id } } }";
    refused(&server, &asker, lists).await.not_begun();
    let usual = of_credentials(&server, &asker).await;
    let document = "query ($n: Int!) { interviews(first: $n) { sessions(first: $n) { id } } }";
    for n in [100, 2_147_483_647] {
        let (cost, answered) = server.statements(|| asker.ask_with(document, json!({"n": n}))).await;
        answered.not_begun();
        assert!(may_be_equal(&cost, &usual), "variables count: {cost:?}");
    }
}

#[tokio::test]
async fn a_list_of_the_usual_length_costs_as_much_however_that_is_said() {
    let (_server, asker) = scene().await;
    // 10 + 20 × 49 = 990, and 1,010 with one field more.
    let list = |first: &str, count| {
        let fields = each(count, |number| format!("f{number}: id"));
        let declared = if first.contains('$') { "($n: Int)" } else { "" };
        format!("query {declared} {{ interviews({first}) {{ {fields} }} }}")
    };
    for first in ["first: $n", "after: null, first: $n", "first: null"] {
        for variables in [json!({}), json!({"n": null})] {
            asker.ask_with(&list(first, 49), variables.clone()).await.data();
            let message = asker.ask_with(&list(first, 50), variables).await.not_begun()["message"].clone();
            assert!(message.as_str().unwrap().contains("complex"), "{first}: {message}");
        }
    }
    let within = "query ($n: Int) { interviews(first: 49) { sessions(first: $n) { id } } }";
    asker.ask_with(within, json!({})).await.data();
    let over = "query ($n: Int) { interviews(first: 50) { sessions(first: $n) { id } } }";
    asker.ask_with(over, json!({"n": null})).await.not_begun();
}

#[tokio::test]
async fn one_may_sign_in_ten_times_at_once_and_not_eleven() {
    let (server, asker) = scene().await;
    let login =
        |number| format!("a{number}: login(email: \"a@example.com\", password: \"{number}\") {{ token }}");
    let logins = |count: usize| format!("mutation {{ {} }}", each(count, login));
    let ten = asker.ask(&logins(10)).await;
    assert_eq!(ten.json()["errors"].as_array().unwrap().len(), 10, "each was tried: {}", ten.text);
    assert_eq!(limit(&refused(&server, &asker, &logins(11)).await), "mutations");
    assert_eq!(limit(&asker.without_token().ask(&logins(11)).await), "mutations");
}

#[tokio::test]
async fn fragments_cannot_be_used_to_grow_without_end() {
    let (server, asker) = scene().await;
    let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { me { id } ...a }";
    assert!(
        refused(&server, &asker, cycle).await.not_begun()["message"]
            .as_str()
            .unwrap()
            .contains("uses itself")
    );
    let alone = "{ me { id } } fragment a on Query { ...a }";
    refused(&server, &asker, alone).await.not_begun();
    let doubling =
        each(19, |number| format!("fragment f{number} on Query {{ ...f{0} ...f{0} }}", number + 1));
    let doubling = format!("{{ ...f0 }} fragment f19 on Query {{ me {{ id }} }} {doubling}");
    assert_eq!(limit(&refused(&server, &asker, &doubling).await), "complexity");
}

#[tokio::test]
async fn brackets_words_and_directives_are_counted() {
    let (server, asker) = scene().await;
    for (what, document) in [
        ("nesting", "{a".repeat(30_000)),
        ("nesting", format!("{{ interviews(first: {}) {{ id }} }}", "[".repeat(60_000))),
        ("tokens", format!("{{ {} }}", "me{id}".repeat(10_000))),
        ("directives", format!("{{ me {{ id {} }} }}", "@include(if: true) ".repeat(51))),
    ] {
        assert_eq!(limit(&refused(&server, &asker, &document).await), what);
    }
    refused(&server, &asker, &format!("{{ {} }}", "me { id } ".repeat(900))).await.not_begun();
    // Behind a block that is not closed none are counted, and the parser would go down all of them.
    let hidden = format!("{{a(b:[\"\"\"x\"{}{}])}}", "[".repeat(3_000), "]".repeat(3_000));
    refused(&server, &asker, &hidden).await.not_begun();
}

#[tokio::test]
async fn a_document_or_a_body_that_is_too_large_is_413() {
    let (server, asker) = scene().await;
    let largest = 64 * 1_024;
    let document = format!("{{ __typename }}{}", " ".repeat(largest - 14));
    assert_eq!(document.len(), largest);
    asker.ask(&document).await.data();
    let usual = of_credentials(&server, &asker).await;
    let larger = format!("{document} ");
    let (cost, answered) = server.statements(|| asker.ask(&larger)).await;
    answered.plain(413);
    assert!(may_be_equal(&cost, &usual), "{cost:?}");
    let of_variables = || json!({"text": "x".repeat(1_024 * 1_024)});
    let (cost, answered) = server.statements(|| asker.ask_with("{ __typename }", of_variables())).await;
    answered.plain(413);
    assert!(may_be_equal(&cost, &usual), "{cost:?}");
}

#[tokio::test]
async fn ten_megabytes_are_refused_by_their_length_before_they_are_sent() {
    let (_server, asker) = scene().await;
    // It says how long it is going to be and sends only the beginning: the answer comes all the same.
    let endless = stream::once(async { Ok::<_, std::io::Error>("{\"query\":\"") }).chain(stream::pending());
    let request = asker
        .request(Method::POST)
        .header("Content-Type", "application/json")
        .header("Content-Length", 10 * 1_024 * 1_024)
        .body(reqwest::Body::wrap_stream(endless));
    let answered = tokio::time::timeout(Duration::from_secs(10), send(request)).await;
    answered.expect("an answer to what was never sent whole").plain(413);
}

#[tokio::test]
async fn ten_megabytes_without_a_length_are_not_read_to_their_end() {
    let (_server, asker) = scene().await;
    let chunk = "x".repeat(64 * 1_024);
    let (sent, whole) = (Arc::new(AtomicUsize::new(0)), 160);
    let counted = Arc::clone(&sent);
    let chunks = stream::iter(0..whole).map(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(chunk.clone())
    });
    let request = asker
        .request(Method::POST)
        .header("Content-Type", "application/json")
        .body(reqwest::Body::wrap_stream(chunks));
    // The answer may come too late for a client that is still sending.
    if let Ok(response) = request.send().await {
        assert_eq!(response.status(), 413);
    }
    assert!(sent.load(Ordering::Relaxed) < whole, "all of it was read");
}

#[tokio::test]
async fn the_schema_is_told_on_the_sandbox_only() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let live = Asker::owner(&server, &organization).await;
    live.ask("{ __typename }").await.data();
    for document in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Query\") { name } }",
        "{ me { id } ...f } fragment f on Query { ... { __schema { types { name } } } }",
        "mutation { __schema { types { name } } }",
    ] {
        let answered = refused(&server, &live, document).await;
        assert!(!answered.text.contains("\"name\""), "{}", answered.text);
        assert!(answered.not_begun()["message"].as_str().unwrap().contains("schema"), "{document}");
    }
    let guess = "{ interview { id } intervews { id } me { rol } }";
    let told = live.ask("{ me { rol } }").await.text;
    assert!(!told.contains("role") && !told.contains("Did you mean"), "{told}");
    live.ask(guess).await.not_begun();

    let key = server.another_admin(&organization, protocol::Environment::Test).await;
    let sandbox = Asker::in_environment(&server, &organization, protocol::Environment::Test).await;
    let sandbox = sandbox.with_key(key.credential());
    let data =
        sandbox.ask("{ __schema { queryType { name } } __type(name: \"Interview\") { name } }").await.data();
    assert_eq!(data, json!({"__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Interview"}}));
    assert!(sandbox.ask("{ me { rol } }").await.text.contains("role"), "the sandbox helps");
    let whole = sandbox.ask(INTROSPECTION).await.data();
    assert!(whole["__schema"]["types"].as_array().unwrap().len() > 20);
}

/// What the tools of GraphQL ask, word for word in its depth.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType } directives { name description locations args { ...InputValue } } } }
  fragment FullType on __Type { kind name description
    fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
    inputFields { ...InputValue } interfaces { ...TypeRef }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
  fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";
