//! `POST /v1/participant/session/answers/:question_id`: an answer that a browser sends to another origin without a preflight.

use reqwest::Method;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::support::{Interview, Organization, Reply, TestServer, caller::send, guides};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");

async fn beginning(server: &TestServer) -> (Organization, Interview) {
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    interview.answer_until("name").await;
    (organization, interview)
}

fn path(interview: &Interview) -> String {
    format!("/v1/participant/session/answers/{}", interview.question())
}

fn answer(value: &str, is_final: bool) -> Value {
    json!({"client_id": "c-1", "seq": 9, "value": value, "elapsed_ms": 1_500, "final": is_final})
}

/// Sends these parameters, with no header but the page's origin.
async fn post(server: &TestServer, path: &str, parameters: &[(&str, &str)]) -> Reply {
    let form = Serializer::new(String::new()).extend_pairs(parameters).finish();
    let request = server.anonymous().request(Method::POST, path).header("Origin", "https://example.com");
    send(request.header(FORM.0, FORM.1).body(form)).await
}

#[tokio::test]
async fn an_answer_in_a_form_is_the_answer_that_put_takes() {
    let server = TestServer::start().await;
    let (organization, interview) = beginning(&server).await;
    let (path, token) = (path(&interview), interview.participant.credential());

    let draft = answer("Ad", false).to_string();
    let saved = post(&server, &path, &[("access_token", token), ("answer", &draft)]).await;
    assert_eq!(saved.header("access-control-allow-origin"), Some("https://example.com"));
    saved.expect(200);
    let again = interview.invitee.post_nothing("/v1/participant/session").await.expect(200);
    assert_eq!(again["draft"]["value"], "Ad");

    let body = answer("Ada", true);
    let by_form =
        post(&server, &path, &[("answer", &body.to_string()), ("access_token", token)]).await.expect(200);
    assert_eq!(by_form["turn"]["type"], "question");
    assert_eq!(
        interview.participant.put(&path, body.clone()).await.expect(200),
        by_form,
        "it is known by its id"
    );
    assert_eq!(interview.participant.post(&path, body).await.expect(200), by_form, "the header does as well");
    let stored = organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await;
    let stored = stored.expect(200)["data"].as_array().unwrap().clone();
    assert_eq!(stored.iter().filter(|answer| answer["value"] == "Ada").count(), 1);
}

#[tokio::test]
async fn a_form_is_refused_as_the_header_and_the_body_would_be() {
    let server = TestServer::start().await;
    let (organization, interview) = beginning(&server).await;
    let (path, token) = (path(&interview), interview.participant.credential());
    let body = answer("Ada", true).to_string();
    let body = body.as_str();

    for parameters in [
        vec![],
        vec![("answer", body)],
        vec![("access_token", ""), ("answer", body)],
        vec![("access_token", &token[..token.len() - 1]), ("answer", body)],
        vec![("access_token", interview.invitee.credential()), ("answer", body)],
        vec![("access_token", organization.admin.credential()), ("answer", body)],
        vec![("session_token", token), ("answer", body)],
    ] {
        post(&server, &path, &parameters).await.is_guide_401();
    }
    let with = async |parameters: &[(&str, &str)]| {
        post(&server, &path, &[&[("access_token", token)], parameters].concat()).await
    };
    with(&[]).await.refused_with("validation_failed", &[("/answer", "missing")]);
    with(&[("answer", "Ada")]).await.refused(400, "invalid_request");
    with(&[("answer", "{}")]).await.refused_with("validation_failed", &[("/client_id", "missing")]);
    with(&[("answer", body), ("answer", body)]).await.refused(400, "invalid_request");
    with(&[("answer", body), ("access_token", token)]).await.refused(400, "invalid_request");
    with(&[("answer", body), ("final", "true")])
        .await
        .refused_with("unknown_field", &[("/final", "unknown_field")]);
    with(&[("answer", &answer("Ada 2", true).to_string())])
        .await
        .refused_with("validation_failed", &[("/value", "pattern_mismatch")]);
    with(&[("answer", &"x".repeat(1 << 20))]).await.refused(413, "payload_too_large");
    let both = interview.participant.request(Method::POST, &path).header(FORM.0, FORM.1);
    send(both.body(format!("answer={body}"))).await.refused(415, "unsupported_media_type");

    let answers = organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await;
    let names = answers.expect(200)["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["question_id"] == "name")
        .count();
    assert_eq!(names, 0, "nothing of it was taken");
}

#[tokio::test]
async fn a_page_that_is_not_on_the_list_answers_nothing_by_a_form_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let only = json!({"allowed_origins": ["https://allowed.example"]});
    let campaign = organization.campaign_with(guides::every_kind(), only).await;
    let mut interview = organization.interview(&campaign).await;
    interview.answer_until("name").await;
    let body = answer("Ada", true).to_string();
    let parameters = [("access_token", interview.participant.credential()), ("answer", body.as_str())];
    let refused = post(&server, &path(&interview), &parameters).await;
    assert_eq!(refused.header("access-control-allow-origin"), None);
    refused.refused(403, "forbidden");
}
