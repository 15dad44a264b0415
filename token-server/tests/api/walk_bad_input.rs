//! Every route × bad input of every kind, from the right caller: always the one envelope ([`protocol::ErrorBody`])
//! with a documented status, never a 500, never a framework's text. [`send`] checks the envelope of every reply.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Caller, Interview, Organization, Reply, TestServer,
    caller::send,
    routes::{Objects, Route},
};

/// A server with something of everything, and the right caller for each route.
struct Scene {
    _server: TestServer,
    organization: Organization,
    objects: Objects,
    interview: Interview,
    anonymous: Caller,
}

impl Scene {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let organization = server.organization("Acme").await;
        let (objects, mut interview) = Objects::make(&organization).await;
        interview.consent().await;
        Self { anonymous: server.anonymous(), _server: server, organization, objects, interview }
    }

    fn caller(&self, route: &Route) -> &Caller {
        match (route.is_for_participants(), route.method.as_str(), route.template) {
            (false, ..) => &self.organization.admin,
            (true, "POST", "/v1/participant/session") => &self.interview.invitee,
            (true, ..) if route.bears_an_upload() => self.objects.uploader.as_ref().unwrap(),
            (true, ..) => &self.interview.participant,
        }
    }

    fn path(&self, route: &Route) -> String {
        if route.is_for_participants() && !route.bears_an_upload() {
            route.path_with("welcome")
        } else {
            route.path(&self.objects)
        }
    }

    /// Sends a route a body of its own.
    async fn with_body(&self, route: &Route, content_type: Option<&str>, body: Vec<u8>) -> Reply {
        let request = self.caller(route).request(route.method.clone(), &self.path(route)).body(body);
        let request = match content_type {
            Some(content_type) => request.header("Content-Type", content_type),
            None => request,
        };
        send(request).await
    }

    async fn with_json(&self, route: &Route, body: &Value) -> Reply {
        self.with_body(route, Some("application/json"), body.to_string().into_bytes()).await
    }

    /// The routes that take a body, with one that they would accept.
    fn with_bodies(&self) -> Vec<(Route, Value)> {
        Route::all()
            .into_iter()
            .filter_map(|route| Some((route.clone(), route.body(&self.objects)?)))
            .collect()
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_400() {
    let scene = Scene::new().await;
    let routes = scene.with_bodies();
    assert!(routes.len() >= 9, "every route that takes a body is walked");
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (route, _) in routes {
        let malformed: [&[u8]; 12] = [
            b"{",
            b"{\"name\":}",
            b"nonsense",
            b"{'name':'x'}",
            b"{\"name\":\"x\",}",
            b"{}{}",
            b"\xff\xfe",
            b"{\"name\":\"\xff\"}",
            b"{\"name\":\"a\nb\"}",
            br#"{"name":"\ud800"}"#,
            br#"{"name":"\udc00\ud800"}"#,
            deep.as_bytes(),
        ];
        for body in malformed {
            let reply = scene.with_body(&route, Some("application/json"), body.to_vec()).await;
            let error = reply.refused(400, "invalid_request");
            assert!(error["message"].as_str().unwrap().starts_with("The body is not valid JSON"), "{error}");
        }
        for nothing in [" ", "\n"] {
            scene
                .with_body(&route, Some("application/json"), nothing.into())
                .await
                .refused(400, "invalid_request");
        }
        let empty = scene.with_body(&route, Some("application/json"), Vec::new()).await;
        if route.body_is_optional() {
            assert!(matches!(empty.status, 200 | 201), "{route:?}: {}", empty.text);
        } else {
            empty.refused(400, "invalid_request");
        }
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_415() {
    let scene = Scene::new().await;
    for (route, body) in scene.with_bodies() {
        let body = body.to_string().into_bytes();
        for content_type in [
            None,
            Some(""),
            Some("text/plain"),
            Some("text/json"),
            Some("application/x-www-form-urlencoded"),
            Some("application/jsonp"),
            Some("multipart/form-data; boundary=x"),
            Some("json"),
            Some("application/octet-stream; x=application/json"),
        ] {
            scene.with_body(&route, content_type, body.clone()).await.refused(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn json_by_any_of_its_names_is_read() {
    let scene = Scene::new().await;
    for content_type in
        ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
    {
        let body = br#"{"name":"n"}"#.to_vec();
        let route = Route { method: Method::POST, template: "/v1/campaigns" };
        scene.with_body(&route, Some(content_type), body).await.expect(201);
    }
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_413() {
    let scene = Scene::new().await;
    let limit = 1_024 * 1_024;
    for (route, _) in scene.with_bodies() {
        let of_size = |bytes: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(bytes - 8)).into_bytes();
        let over = scene.with_body(&route, Some("application/json"), of_size(limit + 1)).await;
        over.refused(413, "payload_too_large");
        let at_the_limit = scene.with_body(&route, Some("application/json"), of_size(limit)).await;
        assert_ne!(at_the_limit.status, 413, "{route:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_is_422() {
    let scene = Scene::new().await;
    for (route, _) in scene.with_bodies() {
        for body in [json!([]), json!([1, 2]), json!(5), json!(-0.5), json!("x"), json!(true), Value::Null] {
            let error = scene.with_json(&route, &body).await.refused(422, "validation_failed");
            assert_ne!(error["details"], json!([]), "{route:?} {body}");
        }
    }
}

#[tokio::test]
async fn a_member_of_any_wrong_type_is_422_and_points_at_it() {
    let scene = Scene::new().await;
    let values = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!("\u{0}"),
        json!([]),
        json!([[]]),
        json!([null]),
        json!({}),
        json!({"x": 1}),
    ];
    for (route, body) in scene.with_bodies() {
        for pointer in pointers_below(&body) {
            let right = body.pointer(&pointer).unwrap().clone();
            for wrong in &values {
                let mut body = body.clone();
                *body.pointer_mut(&pointer).unwrap() = wrong.clone();
                let reply = scene.with_json(&route, &body).await;
                // An absent member, another value of the right type, a text for every language and an answer of whatever
                // kind may be let through to the checks that follow.
                let is_text = wrong.is_string() && (pointer == "/title" || pointer == "/intro");
                let may_pass =
                    wrong.is_null() || kind_of(&right) == kind_of(wrong) || pointer == "/value" || is_text;
                if may_pass {
                    assert!(
                        [200, 201, 404, 409, 422].contains(&reply.status),
                        "{route:?} {pointer} {wrong}: {}",
                        reply.text
                    );
                    continue;
                }
                let details = reply.expect(422)["error"]["details"].clone();
                let details = details.as_array().unwrap();
                let points = |detail: &Value| detail["pointer"].as_str().unwrap().starts_with(&pointer);
                assert!(details.iter().any(points), "{route:?} {pointer} {wrong}: {}", reply.text);
            }
        }
    }
}

/// The JSON type.
fn kind_of(value: &Value) -> std::mem::Discriminant<Value> {
    std::mem::discriminant(value)
}

/// Pointers to every member of a body, two levels down; further down guides have the tests of their own crate.
fn pointers_below(body: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    for (name, value) in body.as_object().unwrap() {
        pointers.push(format!("/{name}"));
        let inner = value.as_object().into_iter().flatten().filter(|_| name == "settings");
        pointers.extend(inner.map(|(inner, _)| format!("/{name}/{inner}")));
    }
    pointers
}

#[tokio::test]
async fn unknown_members_are_422_and_each_is_named() {
    let scene = Scene::new().await;
    for (route, mut body) in scene.with_bodies() {
        body["surprise"] = json!({"x": [1]});
        let error = scene.with_json(&route, &body).await.refused(422, "unknown_field");
        assert_eq!(error["details"][0]["pointer"], "/surprise", "{route:?}");
        assert!(
            error["message"].as_str().unwrap().contains("surprise") || !error["details"].is_null(),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_sent_where_no_body_is_taken_is_not_passed_over() {
    let scene = Scene::new().await;
    let is_post = |route: &Route| route.method == Method::POST && route.body(&scene.objects).is_none();
    let routes: Vec<_> = Route::all().into_iter().filter(is_post).collect();
    assert!(routes.len() > 8, "{routes:?}");
    for route in routes {
        let error =
            scene.with_json(&route, &json!({"resume_at": "noon"})).await.refused(422, "unknown_field");
        assert_eq!(error["details"][0]["pointer"], "/resume_at", "{route:?}");
        scene.with_body(&route, None, b"{oops".to_vec()).await.refused(400, "invalid_request");
        scene.with_body(&route, None, vec![b' '; 1_048_577]).await.refused(413, "payload_too_large");
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_404() {
    let scene = Scene::new().await;
    let long = format!("camp_{}", "1".repeat(10_000));
    for route in Route::management().into_iter().filter(Route::bears_an_id) {
        for id in [
            "x",
            "1",
            "camp",
            "_",
            "camp_",
            "key_!",
            "usr_1",
            "evt_01",
            "%00",
            "%ff%fe",
            "%F0%9F%98%80",
            "camp_%20",
            "%2e%2e%2f",
            "..%5c",
            "%3Cscript%3E",
            "'%20OR%201=1--",
            "{id}",
            "camp_1%00",
            "null",
            long.as_str(),
        ] {
            let request = scene.caller(&route).request(route.method.clone(), &route.path_with(id));
            let request = match route.body(&scene.objects) {
                Some(body) => request.json(&body),
                None => request,
            };
            let reply = send(request).await;
            reply.refused(404, "not_found");
            assert!(!reply.text.contains("script"), "what was sent is not sent back");
        }
    }
}

#[tokio::test]
async fn a_query_parameter_with_a_value_that_is_not_allowed_is_400() {
    let scene = Scene::new().await;
    let lists = ["/v1/api-keys", "/v1/campaigns", "/v1/invites", "/v1/sessions"];
    for path in lists {
        for query in [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=x",
            "limit=1.5",
            "limit=99999999999999999999",
            "limit=%00",
            "cursor=garbage",
            "cursor=org_1",
            "cursor=%ff",
            "cursor=a%00b",
            "limit=10&cursor=..",
        ] {
            scene.organization.admin.get(&format!("{path}?{query}")).await.refused(400, "invalid_request");
        }
        for query in
            ["", "?", "?&&", "?=", "?limit=1", "?limit=100", "?limit=", "?cursor=", "?x=%ff", "?unknown=1"]
        {
            scene.organization.admin.get(&format!("{path}{query}")).await.expect(200);
        }
    }
    for path in [
        "/v1/campaigns?status=new",
        "/v1/invites?status=new",
        "/v1/invites?campaign_id=x",
        "/v1/sessions?status=expired",
        "/v1/sessions?campaign_id=inv_1",
        "/v1/sessions?invite_id=camp_1",
    ] {
        let error = scene.organization.admin.get(path).await.refused(400, "invalid_request");
        let name = path.split(['?', '=']).nth(1).unwrap();
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
    }
    let path = format!("/v1/sessions/{}/transcript?format=pdf", scene.objects.session);
    scene.organization.admin.get(&path).await.refused(400, "invalid_request");
}

#[tokio::test]
async fn an_unknown_path_is_404_for_everybody() {
    let scene = Scene::new().await;
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v2/campaigns",
        "/v1/nothing",
        "/v1/campaigns/",
        "/v1/campaigns/camp_1/nothing",
        "/v1/participant",
        "/v1/participant/nothing",
        "/v1/participant/session/answers",
        "/v1/participant/session/answers/",
        "/favicon.ico",
        "/.env",
        "/v1/%00",
        "/%ff",
        "//v1/campaigns",
        "/V1/campaigns",
        "/widget/index.js",
    ] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for caller in [&scene.anonymous, &scene.organization.admin] {
                send(caller.request(method.clone(), path)).await.refused(404, "not_found");
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_and_told_the_right_ones() {
    let scene = Scene::new().await;
    let all = Route::all();
    let public = [
        "/.well-known/jwks.json",
        "/schemas/guide/1.json",
        "/healthz",
        "/readyz",
        "/metrics",
        "/i",
        "/i/page.js",
        "/embed",
        "/embed/page.js",
    ];
    let mut templates: Vec<&str> = all.iter().map(|route| route.template).chain(public).collect();
    templates.sort_unstable();
    templates.dedup();
    for template in templates {
        let mut right: Vec<&Method> =
            all.iter().filter(|route| route.template == template).map(|route| &route.method).collect();
        if right.is_empty() {
            right.push(&Method::GET);
        }
        let path = template.replace("{id}", "camp_1").replace("{question_id}", "q");
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::TRACE,
            Method::from_bytes(b"BREW").unwrap(),
        ] {
            if right.contains(&&method) {
                continue;
            }
            let reply = send(scene.anonymous.request(method.clone(), &path)).await;
            reply.refused(405, "method_not_allowed");
            let allow = reply.header("allow").unwrap_or_else(|| panic!("{method} {template} has no Allow"));
            let mut allowed: Vec<_> =
                allow.split(',').map(str::trim).filter(|name| *name != "HEAD").collect();
            allowed.sort_unstable();
            let mut expected: Vec<_> = right.iter().map(|method| method.as_str()).collect();
            expected.sort_unstable();
            assert_eq!(allowed, expected, "{method} {template}");
        }
    }
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let scene = Scene::new().await;
    for route in Route::all() {
        let path = scene.path(&route);
        let head = send(scene.caller(&route).request(Method::HEAD, &path)).await;
        assert_eq!(head.text, "");
        if route.method == Method::GET {
            let get = scene.caller(&route).get(&path).await;
            assert_eq!(
                (head.status, head.header("content-type")),
                (get.status, get.header("content-type")),
                "{route:?}"
            );
        }
        let anonymous = send(scene.anonymous.request(Method::HEAD, &path)).await;
        assert!([401, 405].contains(&anonymous.status), "{route:?}: {}", anonymous.status);
    }
    let nothing = send(scene.anonymous.request(Method::HEAD, "/v1/nothing")).await;
    assert_eq!((nothing.status, nothing.text.as_str()), (404, ""));
}

#[tokio::test]
async fn options_of_the_management_api_is_405_and_allows_no_page() {
    let scene = Scene::new().await;
    for route in Route::management() {
        let request = scene.organization.admin.request(Method::OPTIONS, &scene.path(&route));
        let request =
            request.header("Origin", "https://example.com").header("Access-Control-Request-Method", "POST");
        let reply = send(request).await;
        reply.refused(405, "method_not_allowed");
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
    let listed = scene
        .organization
        .admin
        .request(Method::GET, "/v1/campaigns")
        .header("Origin", "https://example.com");
    assert_eq!(
        send(listed).await.header("access-control-allow-origin"),
        None,
        "no page reads the management API"
    );
}

#[tokio::test]
async fn every_answer_says_that_it_is_not_to_be_kept_or_guessed_at() {
    let scene = Scene::new().await;
    for route in Route::all() {
        let reply = send(route.request(scene.caller(&route), &Objects::absent())).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{route:?}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{route:?}");
    }
}
