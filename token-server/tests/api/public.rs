//! What needs no credential: health, the guide's schema, the hosted page.

use std::sync::atomic::Ordering;

use crate::support::{TestServer, guides};

#[tokio::test]
async fn health_and_readiness_are_200() {
    let server = TestServer::start().await;
    for path in ["/healthz", "/readyz"] {
        let reply = server.anonymous().get(path).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, "ok\n"));
    }
}

#[tokio::test]
async fn a_server_that_is_stopping_is_alive_and_not_ready_503() {
    let server = TestServer::start().await;
    server.shared.stopping.store(true, Ordering::SeqCst);
    let reply = server.anonymous().get("/readyz").await;
    reply.refused(503, "unavailable");
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(server.anonymous().get("/healthz").await.status, 200);
}

#[tokio::test]
async fn the_schema_of_guides_is_published() {
    let server = TestServer::start().await;
    let reply = server.anonymous().get("/schemas/guide/1.json").await;
    assert_eq!(reply.header("content-type"), Some("application/schema+json"));
    let schema = reply.expect(200);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for member in guides::every_kind().as_object().unwrap().keys() {
        assert!(schema["properties"][member].is_object(), "{member}");
    }
}

#[tokio::test]
async fn the_hosted_page_runs_its_own_script_and_no_other() {
    let server = TestServer::start().await;
    let page = server.anonymous().get("/i").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(
        page.text.contains("\"i/page.js\"")
            && page.text.contains("\"widget/interview-relay.js\"")
            && !page.text.contains("onload=")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self' 'wasm-unsafe-eval'"));
    assert!(!policy.contains("unsafe-inline"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let script = server.anonymous().get("/i/page.js").await;
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
}
