//! `/graphql` over HTTP: headers, bodies, statuses. The contract is the Exterview page.

use protocol::{Environment, user::Role};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{
    TestServer,
    graphql::{Asker, PLAIN_401, bearer, send},
};

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

fn typename(request: RequestBuilder) -> RequestBuilder {
    request.header("Content-Type", "application/json").body(TYPENAME)
}

#[tokio::test]
async fn the_pages_own_first_query_is_answered_byte_for_byte() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let answered = send(typename(asker.request(Method::POST))).await;
    assert_eq!((answered.status, answered.text.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#));
    assert_eq!(answered.header("content-type"), Some("application/json; charset=utf-8"));
    let page = asker.ask("query {\n  __typename\n}").await;
    assert_eq!(page.text, r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn the_pages_quick_start_gives_a_list_of_interviews() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let empty = asker.ask("query { interviews { id title } }").await;
    assert_eq!(empty.text, r#"{"data":{"interviews":[]}}"#);
    let id = organization.draft().await;
    let one = asker.ask("query { interviews { id title } }").await;
    assert_eq!(one.data(), json!({"interviews": [{"id": id, "title": "Research"}]}));
}

#[tokio::test]
async fn each_header_is_missed_by_itself() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    send(typename(asker.without_key().request(Method::POST))).await.is_plain_401();
    send(typename(asker.without_token().request(Method::POST))).await.is_plain_401();
    let without_type = send(asker.request(Method::POST).body(TYPENAME)).await;
    assert!(without_type.plain(400).contains("Content-Type: application/json"));
    send(asker.without_key().without_token().request(Method::POST).body("")).await.is_plain_401();
}

#[tokio::test]
async fn a_key_that_is_none_is_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let other = server.organization("Beta").await;
    let asker = Asker::owner(&server, &organization).await;
    let sandbox = server.another_admin(&organization, Environment::Test).await;
    let valid = organization.admin.credential();
    let unknown = valid.replace("ir_live_sk_", "ir_live_sk_x");
    for key in ["", "   ", "secret", &unknown, &valid[1..], sandbox.credential(), other.admin.credential()] {
        send(typename(asker.with_key(key).request(Method::POST))).await.is_plain_401();
    }
    let twice = typename(asker.request(Method::POST)).header("x-api-key", valid);
    send(twice).await.is_plain_401();
    let revoked = organization.create_key(json!({"name": "Old"})).await;
    let spare = asker.with_key(revoked["key"].as_str().unwrap());
    assert_eq!(spare.ask("{ __typename }").await.status, 200);
    organization.admin.delete(&format!("/v1/api-keys/{}", revoked["id"].as_str().unwrap())).await.expect(200);
    spare.ask("{ __typename }").await.is_plain_401();
}

#[tokio::test]
async fn a_token_that_is_none_is_401_and_another_form_of_authorization_400() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let other = server.organization("Beta").await;
    let asker = Asker::owner(&server, &organization).await;
    let of_other = bearer(&server, &other, Environment::Live, Role::Owner).await;
    let of_sandbox = bearer(&server, &organization, Environment::Test, Role::Owner).await;
    let key = organization.admin.credential();
    for token in ["unknown", "a.b.c", key, &of_other, &of_sandbox] {
        send(typename(asker.with_token(token).request(Method::POST))).await.is_plain_401();
    }
    let anonymous = asker.without_token();
    for blank in ["", " ", "Bearer", "Bearer "] {
        let request = anonymous.request(Method::POST).header("Authorization", blank);
        send(typename(request)).await.is_plain_401();
    }
    let valid = bearer(&server, &organization, Environment::Live, Role::Owner).await;
    for malformed in
        [valid.clone(), format!("Basic {valid}"), format!("Token {valid}"), format!("Bearer {valid} x")]
    {
        let request = anonymous.request(Method::POST).header("Authorization", malformed);
        assert!(send(typename(request)).await.plain(400).contains("Bearer YOUR_TOKEN"));
    }
    let lower = anonymous.request(Method::POST).header("Authorization", format!("bearer {valid}"));
    assert_eq!(send(typename(lower)).await.status, 200, "the scheme's letter case makes no difference");
}

#[tokio::test]
async fn the_management_api_takes_neither_of_the_two() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let token = bearer(&server, &organization, Environment::Live, Role::Owner).await;
    organization.admin.with(&token).get("/v1/campaigns").await.is_guide_401();
    let key = organization.admin.credential();
    let request = server.anonymous().request(Method::GET, "/v1/campaigns").header("x-api-key", key);
    crate::support::caller::send(request).await.is_guide_401();
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_400_and_says_what_to_do() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    for body in [
        "",
        "{",
        "null",
        "1",
        "\"{ __typename }\"",
        "[]",
        r#"[{"query":"{ __typename }"}]"#,
        "{}",
        r#"{"query":null}"#,
        r#"{"query":1}"#,
        r#"{"query":""}"#,
        r#"{"query":"  "}"#,
        r#"{"query":"{ __typename }","variables":[]}"#,
        r#"{"query":"{ __typename }","variables":"x"}"#,
        r#"{"query":"{ __typename }","operationName":7}"#,
        r#"{"query":"{ __typename }","extensions":[]}"#,
        r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
        "{\"query\":\"\u{fffd}",
    ] {
        let request = asker.request(Method::POST).header("Content-Type", "application/json");
        let message = send(request.body(body)).await.plain(400);
        assert!(message.ends_with('.'), "{body}: {message}");
    }
    let request = asker.request(Method::POST).header("Content-Type", "application/json");
    send(request.body(vec![0xff, 0xfe, b'{'])).await.plain(400);
    let hundred = vec![json!({"query": "{ __typename }"}); 100];
    let batch = send(asker.request(Method::POST).json(&hundred)).await;
    assert!(batch.plain(400).contains("Batches"), "{}", batch.text);
    for media_type in [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "multipart/form-data",
    ] {
        let request = asker.request(Method::POST).header("Content-Type", media_type).body(TYPENAME);
        send(request).await.plain(400);
    }
    let charset = asker.request(Method::POST).header("Content-Type", "application/json; charset=UTF-8");
    assert_eq!(send(charset.body(TYPENAME)).await.status, 200);
}

#[tokio::test]
async fn a_get_may_ask_and_not_change() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let query = "?query=query%20named(%24n%3AInt!)%7Binterviews(first%3A%24n)%7Bid%7D%7D&operationName=named&variables=%7B%22n%22%3A3%7D";
    let answered = send(asker.request_to(Method::GET, query)).await;
    assert_eq!(answered.data(), json!({"interviews": []}));
    let mutation = "?query=mutation%7BcreateInterview(input%3A%7Btitle%3A%22x%22%7D)%7Bid%7D%7D";
    let refused = send(asker.request_to(Method::GET, mutation)).await;
    assert!(refused.plain(405).contains("POST"));
    assert_eq!(refused.header("allow"), Some("POST"));
    assert_eq!(asker.ask("{ interviews { id } }").await.data()["interviews"], json!([]));
    let login = "?query=mutation%7Blogin(email%3A%22a%22%2Cpassword%3A%22b%22)%7Btoken%7D%7D";
    send(asker.without_token().request_to(Method::GET, login)).await.is_plain_401();
    send(asker.without_key().request_to(Method::GET, query)).await.is_plain_401();
    for faulty in ["", "?query=", "?query=%7Ba%7D&variables=x", "?query=%7Ba%7D&extensions=1"] {
        send(asker.request_to(Method::GET, faulty)).await.plain(400);
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let refused = send(asker.request(method)).await;
        refused.plain(405);
        assert!(refused.header("allow").unwrap().contains("POST"));
    }
}

#[tokio::test]
async fn the_status_follows_from_what_the_client_accepts() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let (new, old) = ("application/graphql-response+json", "application/json");
    let table = [
        ("{ __typename }", new, 200, true),
        ("{ __typename }", old, 200, true),
        ("{ nothing }", new, 400, false),
        ("{ nothing }", old, 200, false),
        ("{", new, 400, false),
        ("{", old, 200, false),
        ("{ interview(id: \"camp_0\") { id } }", new, 200, true),
        ("query ($a: Int!) { interviews(first: $a) { id } }", new, 400, false),
    ];
    for (document, accept, status, was_begun) in table {
        let request = asker.request(Method::POST).header("Accept", accept);
        let answered = send(request.json(&json!({"query": document}))).await;
        assert_eq!(answered.status, status, "{document}: {}", answered.text);
        assert_eq!(answered.json().get("data").is_some(), was_begun, "{document}: {}", answered.text);
        assert!(answered.header("content-type").unwrap().starts_with(accept), "{document}");
    }
    let unauthorized = asker.without_token().request(Method::POST).header("Accept", new);
    assert_eq!(send(typename(unauthorized)).await.text, PLAIN_401);
}

#[tokio::test]
async fn an_operation_is_chosen_by_its_name() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let document = "query a { me { role } } query b { me { environment } }";
    let named = async |name: serde_json::Value| {
        let body = json!({"query": document, "operationName": name});
        send(asker.request(Method::POST).json(&body)).await
    };
    assert_eq!(named(json!("b")).await.data(), json!({"me": {"environment": "LIVE"}}));
    assert!(named(json!(null)).await.not_begun()["message"].as_str().unwrap().contains("operationName"));
    named(json!("c")).await.not_begun();
}

#[tokio::test]
async fn an_idempotency_key_on_a_mutation_is_400_and_nothing_is_done() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let named = |request: RequestBuilder, document: &str| {
        send(request.header("Idempotency-Key", "k").json(&json!({"query": document})))
    };
    let create = "mutation { createInterview(input: {title: \"one\"}) { id } }";
    let mixed = "mutation { refreshToken(refreshToken: \"x\") { token } createInterview(input: {title: \"x\"}) { id } }";
    for document in [create, create, mixed] {
        let message = named(asker.request(Method::POST), document).await.plain(400);
        assert!(message.contains("Idempotency-Key") && message.contains("REST"), "{message}");
    }
    let form = reqwest::multipart::Form::new()
        .text("operations", json!({"query": create}).to_string())
        .text("map", "{}");
    let in_parts = asker.request(Method::POST).header("Idempotency-Key", "k").multipart(form);
    assert!(send(in_parts).await.plain(400).contains("Idempotency-Key"));
    assert_eq!(asker.ask("{ interviews { id } }").await.data()["interviews"], json!([]));
    // What changes nothing that could be done twice does not mind.
    let query = named(asker.request(Method::POST), "{ interviews { id } }").await;
    assert_eq!((query.data(), query.header("idempotent-replayed")), (json!({"interviews": []}), None));
    let login = "mutation { login(email: \"nobody@example.com\", password: \"x\") { token } }";
    named(asker.without_token().request(Method::POST), login).await.failed("unauthorized");
    named(asker.without_token().request(Method::POST), create).await.is_plain_401();
}

#[tokio::test]
async fn requests_are_counted_for_the_key() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    asker.ask("{ __typename }").await.data();
    asker.with_token("unknown").ask("{ __typename }").await.is_plain_401();
    server.flush().await;
    let path = format!("/v1/api-keys/{}/usage", organization.admin_key_id);
    let usage = organization.admin.get(&path).await.expect(200);
    assert_eq!((&usage["totals"]["requests"], &usage["totals"]["errors"]), (&json!(2), &json!(1)));
}
