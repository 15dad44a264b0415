//! `/graphiql`: a page to try queries on, on the sandbox.

use protocol::Environment;

use crate::support::{Caller, TestServer};

const FILES: [(&str, &str); 3] = [
    ("/graphiql", "text/html; charset=utf-8"),
    ("/graphiql/style.css", "text/css; charset=utf-8"),
    ("/graphiql/page.js", "text/javascript; charset=utf-8"),
];

#[tokio::test]
async fn the_sandbox_has_it_with_a_strict_policy_and_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    let sandbox = Caller::new(server.url(Environment::Test));
    for (path, media_type) in FILES {
        let reply = sandbox.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(media_type)), "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert!(!reply.text.contains("://"), "{path} names another host");
        assert!(!reply.text.contains("style=") && !reply.text.contains("onclick"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn the_live_environment_does_not() {
    let server = TestServer::start().await;
    for (path, _) in FILES {
        server.anonymous().get(path).await.refused(404, "not_found");
    }
}
