//! The server's description of itself is whole and true. That what is answered agrees with it is checked in every test.

use std::collections::BTreeSet;

use protocol::{
    Environment, ErrorCode, analytics, api_key, audit, campaign, interview, invite, question, session,
    upload, user,
};
use serde_json::{Value, json};

use crate::support::{
    TestServer,
    documented::{DOCUMENT, faults, resolve},
};

#[tokio::test]
async fn each_environment_describes_itself_at_its_own_url() {
    let server = TestServer::start().await;
    for environment in Environment::ALL {
        let caller = crate::support::Caller::new(server.url(environment));
        let reply = caller.get("/openapi.json").await;
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let document = reply.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"], json!([{"url": server.url(environment)}]));
        assert_eq!(document["paths"], DOCUMENT["paths"]);
        assert_eq!(document["components"], DOCUMENT["components"]);
    }
}

#[test]
fn the_routes_are_those_of_the_router_and_no_others() {
    let routes = token_server::router::protected_routes().into_iter();
    let graphql = token_server::router::graphql_routes().into_iter();
    let routes = routes.chain(token_server::router::public_routes());
    let routes = routes.chain(token_server::router::sign_in_routes());
    // The page to try it on is not for programs.
    let routes = routes.chain(graphql.filter(|(_, path)| *path == "/graphql"));
    let routes: BTreeSet<_> =
        routes.map(|(method, path)| format!("{} {path}", method.as_str().to_ascii_lowercase())).collect();
    let documented: BTreeSet<_> = operations().map(|(path, method, _)| format!("{method} {path}")).collect();
    assert_eq!(documented, routes);
}

#[test]
fn a_credential_is_named_exactly_where_one_is_needed() {
    let protected: Vec<_> = token_server::router::protected_routes()
        .into_iter()
        .chain(token_server::router::sign_in_routes())
        .collect();
    for (path, method, operation) in operations() {
        if path == "/graphql" {
            assert_eq!(operation["security"], json!([{"userToken": [], "xApiKey": []}]), "{method}");
            continue;
        }
        let is_protected = protected
            .iter()
            .any(|(known, template)| template == path && known.as_str().eq_ignore_ascii_case(method));
        let expected = match path.as_str() {
            _ if !is_protected => json!([]),
            "/v1/participant/session" if method == "post" => json!([{"inviteToken": []}]),
            path if path.starts_with("/v1/participant/") => json!([{"sessionToken": []}]),
            path if path.starts_with("/auth/") => json!([{"xApiKey": []}]),
            _ => json!([{"apiKey": []}]),
        };
        assert_eq!(operation["security"], expected, "{method} {path}");
        assert_eq!(operation["responses"]["401"].is_object(), is_protected, "{method} {path}");
        let is_for_keys = expected == json!([{"apiKey": []}]);
        let names_idempotency = operation["parameters"]
            .as_array()
            .unwrap()
            .contains(&json!({"$ref": "#/components/parameters/IdempotencyKey"}));
        assert_eq!(names_idempotency, is_for_keys && method == "post", "{method} {path}");
        if is_for_keys {
            let scope = operation["x-required-scope"].as_str().unwrap();
            assert!(api_key::Scope::ALL.iter().any(|known| known.as_str() == scope), "{scope}");
        }
    }
}

#[test]
fn names_of_operations_are_unique_and_their_tags_are_listed() {
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations() {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        let tags = DOCUMENT["tags"].as_array().unwrap();
        assert!(tags.iter().any(|tag| tag["name"] == operation["tags"][0]), "{method} {path}");
        let good =
            operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
        let several = ["beginUpload", "downloadUpload", "downloadAnyUpload"]
            .contains(&operation["operationId"].as_str().unwrap());
        assert_eq!(good.count(), if several { 2 } else { 1 }, "{method} {path}");
    }
}

#[test]
fn every_reference_points_to_something_and_every_schema_is_used() {
    let mut used = BTreeSet::new();
    walk(&DOCUMENT, &mut |value| {
        if let Some(path) = value["$ref"].as_str() {
            let pointer = path.strip_prefix('#').unwrap();
            assert!(DOCUMENT.pointer(pointer).is_some(), "{path}");
            used.insert(path.to_owned());
        }
    });
    for kind in ["schemas", "responses", "parameters", "headers"] {
        for name in DOCUMENT["components"][kind].as_object().unwrap().keys() {
            // A 405 and a 404 of no route belong to no operation.
            let path = format!("#/components/{kind}/{name}");
            assert!(used.contains(&path) || name == "Error405", "{path} is not used");
        }
    }
}

#[test]
fn every_error_code_is_in_the_schema_and_in_the_response_of_its_status() {
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(schema("ErrorCode")["enum"], json!(codes));
    for code in ErrorCode::ALL {
        let response = &DOCUMENT["components"]["responses"][format!("Error{}", code.status())];
        let example = &response["content"]["application/json"]["examples"][code.as_str()]["value"];
        assert_eq!(example["error"]["message"], code.default_message(), "{code}");
    }
}

#[test]
fn words_are_those_of_the_types() {
    let check = |name: &str, words: Value| assert_eq!(schema(name)["enum"], words, "{name}");
    check("Scope", json!(api_key::Scope::ALL));
    check("AuditAction", json!(audit::AuditAction::ALL));
    check("Environment", json!(Environment::ALL));
    check("InviteStatus", json!(invite::InviteStatus::ALL));
    check("SessionStatus", json!(session::SessionStatus::ALL));
    assert_eq!(schema("AuditActor")["properties"]["type"]["enum"], json!(audit::ActorType::ALL));
    assert_eq!(schema("AuditTarget")["properties"]["type"]["enum"], json!(audit::TargetType::ALL));
    // Types that have no list: each word is understood, and they say in their own errors how many there are.
    all_words::<api_key::KeyKind>("KeyKind");
    all_words::<api_key::KeyStatus>("KeyStatus");
    all_words::<campaign::CampaignStatus>("CampaignStatus");
    all_words::<campaign::Reuse>("Reuse");
    all_words::<question::QuestionKind>("QuestionKind");
    all_words::<upload::UploadStatus>("UploadStatus");
}

#[track_caller]
fn all_words<T: serde::de::DeserializeOwned + std::fmt::Debug>(name: &str) {
    let error = serde_json::from_value::<T>(json!("no such word")).unwrap_err().to_string();
    let known: BTreeSet<_> = error.split('`').skip(3).step_by(2).collect();
    let words: BTreeSet<_> =
        schema(name)["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(words, known, "{name}: {error}");
}

#[test]
fn bodies_have_the_members_of_their_types() {
    is::<api_key::CreateApiKey>("CreateApiKey");
    is::<api_key::RotateApiKey>("RotateApiKey");
    is::<api_key::ApiKey>("ApiKey");
    is::<api_key::CreatedApiKey>("CreatedApiKey");
    is::<api_key::KeyUsage>("KeyUsage");
    is::<audit::AuditEvent>("AuditEvent");
    is::<campaign::CampaignSettings>("CampaignSettings");
    is::<campaign::CreateCampaign>("CreateCampaign");
    is::<campaign::UpdateCampaign>("UpdateCampaign");
    is::<campaign::Campaign>("Campaign");
    is::<campaign::PublishedGuide>("PublishedGuide");
    is::<invite::MintInvite>("MintInvite");
    is::<invite::MintBatch>("MintBatch");
    is::<invite::ReissueInvite>("ReissueInvite");
    is::<invite::ExtendInvite>("ExtendInvite");
    is::<invite::Invite>("Invite");
    is::<invite::MintedInvite>("MintedInvite");
    is::<invite::MintedBatch>("MintedBatch");
    is::<interview::Session>("Session");
    is::<analytics::CampaignAnalytics>("CampaignAnalytics");
    is::<interview::Answer>("Answer");
    is::<interview::Transcript>("Transcript");
    is::<session::StartSession>("StartSession");
    is::<session::StartedSession>("StartedSession");
    is::<session::SessionSnapshot>("SessionSnapshot");
    is::<session::GiveConsent>("GiveConsent");
    is::<session::SessionTurn>("SessionTurn");
    is::<session::PutAnswer>("PutAnswer");
    is::<session::AnswerReceipt>("AnswerReceipt");
    is::<session::RenewedToken>("RenewedToken");
    is::<session::CompletedSession>("CompletedSession");
    is::<upload::BeginUpload>("BeginUpload");
    is::<upload::CompleteUpload>("CompleteUpload");
    is::<upload::UploadReceipt>("UploadReceipt");
    is::<user::SignIn>("SignIn");
    is::<user::PresentRefreshToken>("PresentRefreshToken");
    is::<user::SignedIn>("SignedIn");
    is::<protocol::error::PlainErrorBody>("PlainErrorBody");
    is::<protocol::ErrorBody>("ErrorBody");
}

/// The example of the schema has every member of the schema, and is the same after the type has read and written it.
#[track_caller]
fn is<T: serde::de::DeserializeOwned + serde::Serialize>(name: &str) {
    let schema = schema(name);
    let example = &schema["examples"][0];
    let read: T = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(&serde_json::to_value(&read).unwrap(), example, "{name}");
    let members: Vec<_> = example.as_object().unwrap().keys().collect();
    let named: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(named, members, "{name}");
}

#[test]
fn examples_are_as_their_schemas_say() {
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        for example in schema["examples"].as_array().into_iter().flatten() {
            assert_eq!(faults(schema, example, ""), [""; 0], "{name}");
        }
    }
    walk(&DOCUMENT, &mut |value| {
        for (name, example) in value["examples"].as_object().into_iter().flatten() {
            assert_eq!(faults(&value["schema"], &example["value"], ""), [""; 0], "{name}");
        }
    });
}

#[test]
fn a_question_that_has_everything_is_described() {
    let question = json!({
        "id": "why~1", "kind": "number", "text": "How many?", "help": "A guess is fine.", "required": false,
        "validate": {
            "min_length": 1, "max_length": 2, "min_value": 0.5, "max_value": "2026-01-31", "min_choices": 1,
            "max_choices": 2, "pattern": "a+", "accept": ["image/*"], "max_bytes": 5, "max_duration_ms": 6
        },
        "choices": [{"id": "a", "label": "A"}], "probe_of": "why", "time_limit_ms": 1,
        "recording": {"think_time_ms": 0, "max_retakes": 2}
    });
    let read: question::QuestionView = serde_json::from_value(question.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), question);
    assert_eq!(faults(schema("QuestionView"), &question, ""), [""; 0]);
    for (name, members) in [
        ("QuestionView", &question),
        ("Validate", &question["validate"]),
        ("RecordingView", &question["recording"]),
    ] {
        let named = schema(name)["properties"].as_object().unwrap().keys();
        assert!(named.eq(members.as_object().unwrap().keys()), "{name}");
    }
}

#[test]
fn the_printed_document_is_not_stale() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api/openapi.json");
    let printed: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(
        printed == *DOCUMENT,
        "docs/api/openapi.json is stale; `interviewrelay print openapi > docs/api/openapi.json` writes it anew"
    );
}

#[test]
fn the_program_prints_the_document() {
    let installation = crate::support::binary::Installation::new();
    let output = installation.run(&["print", "openapi"]);
    assert!(output.status.success());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document, token_server::openapi::document("http://interviews.example"));
    assert!(!installation.path("test.db").exists(), "it needs no database");
}

#[tokio::test]
async fn the_page_lists_every_route_and_runs_nothing() {
    let server = TestServer::start().await;
    let page = server.anonymous().get("/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("script-src") && !policy.contains("unsafe")
    );
    for (path, method, operation) in operations() {
        let heading =
            format!("<span class=\"method\">{}</span> <code>{path}</code>", method.to_ascii_uppercase());
        assert!(page.text.contains(&heading), "{method} {path}");
        assert!(page.text.contains(operation["summary"].as_str().unwrap()), "{method} {path}");
    }
    for forbidden in ["<script", "style=\"", "onload=", "src="] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    for link in page.text.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.text.contains(&format!("id=\"{link}\"")), "{link} is no place on the page");
    }
    let style = server.anonymous().get("/docs/style.css").await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert!(page.text.contains("href=\"docs/style.css\""));
}

/// Path, method, operation.
fn operations() -> impl Iterator<Item = (&'static String, &'static String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
    })
}

#[track_caller]
fn schema(name: &str) -> &'static Value {
    let schema = &DOCUMENT["components"]["schemas"][name];
    assert!(schema.is_object(), "there is no schema {name}");
    resolve(schema)
}

fn walk(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Object(members) => members.values().for_each(|value| walk(value, see)),
        Value::Array(items) => items.iter().for_each(|value| walk(value, see)),
        _ => {}
    }
}
