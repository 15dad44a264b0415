//! What a participant is never sent: later questions, logic, probe rules, variables, other people's data.

use serde_json::{Value, json};

use crate::support::{Interview, TestServer, guides};

/// A guide in which everything that must stay hidden has a mark of its own.
fn marked() -> Value {
    let mut guide = guides::every_kind();
    guide["variables"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "marker_variable", "type": "string", "default": "marker-default"}));
    let block = &mut guide["blocks"][2];
    block["id"] = json!("marker_block");
    block["show_if"] = json!({"op": "ne", "args": [{"q": "name"}, {"lit": "marker-logic"}]});
    block["questions"][0]["text"] = json!("marker-later-question");
    block["questions"][3]["follow_up"]["rules"][0]["when"] = json!({"contains_any": ["marker-rule"]});
    block["questions"][3]["follow_up"]["rules"][0]["probes"] = json!([{"en": "marker-probe"}]);
    guide["ends"][1]["text"] = json!("marker-other-end");
    guide
}

#[tokio::test]
async fn nothing_that_is_hidden_is_in_any_answer_to_the_participant() {
    let server = TestServer::start().await;
    let organization = server.organization("marker-organization").await;
    let campaign = organization.campaign_with(marked(), json!({})).await;
    let path = format!("/v1/campaigns/{campaign}");
    let described = json!({"name": "marker-name", "description": "marker-description", "metadata": {"m": "marker-metadata"}});
    organization.admin.patch(&path, described).await.expect(200);
    organization.invite_with(&campaign, json!({"participant_email": "marker-somebody@example.com"})).await;
    let invite = organization.invite_with(&campaign, json!({
        "participant_email": "marker-email@example.com", "participant_name": "marker-person", "external_id": "marker-external",
        "variables": {"marker_variable": "marker-value"}, "metadata": {"m": "marker-invite"}
    }));
    let invitee = server.caller(invite.await["invite_token"].as_str().unwrap());

    let mut heard = String::new();
    let mut interview = Interview::start(&invitee).await;
    heard += &interview.started.to_string();
    interview.consent().await;
    heard += &interview.turn.to_string();
    while interview.question() != "score" {
        heard += &interview.put(interview.question(), "wrong", json!({"x": 1})).await.text;
        for id in ["score", "marker_block", "why~1", "marker_variable"] {
            heard += &interview.put(id, "wrong", json!(1)).await.text.replace(id, "");
        }
        heard += &interview.draft(1, Value::Null).await.text;
        heard += &interview.participant.get("/v1/participant/session").await.text;
        heard += &interview.participant.post_nothing("/v1/participant/session/pause").await.text;
        heard += &interview.participant.post_nothing("/v1/participant/session/complete").await.text;
        let receipt = interview.answer(interview.usual_answer()).await;
        if interview.question() != "score" {
            heard += &receipt.to_string();
        }
    }
    assert!(!heard.contains("marker"), "{heard}");
    assert!(
        interview.turn.to_string().contains("marker-later-question"),
        "a question is told when its turn has come"
    );

    let mut heard = String::new();
    interview.answer_until("why").await;
    while interview.turn["type"] == "question" {
        heard += &interview.answer(interview.usual_answer()).await.to_string();
    }
    heard += &interview.participant.post_nothing("/v1/participant/session/complete").await.text;
    assert!(!heard.contains("marker"), "{heard}");
}

#[tokio::test]
async fn in_advance_only_as_many_questions_are_told_as_the_guide_allows_and_nothing_else() {
    let server = TestServer::start().await;
    let organization = server.organization("marker-organization").await;
    let mut guide = marked();
    guide["offline_questions"] = json!(2);
    // The questions themselves are what is told.
    guide["blocks"][2]["questions"][0]["text"] = json!("How good is it?");
    let campaign = organization.campaign_with(guide, json!({})).await;
    let mut interview = organization.interview(&campaign).await;
    assert_eq!(interview.started.get("ahead"), None, "consent may be refused");
    interview.consent().await;
    let (mut heard, mut most) = (String::new(), 0);
    while interview.turn["type"] == "question" {
        let snapshot = interview.participant.get("/v1/participant/session").await;
        most = most.max(snapshot.json()["ahead"].as_array().map_or(0, Vec::len));
        heard += &snapshot.text;
        heard += &interview.draft(1, Value::Null).await.text;
        heard += &interview.answer(interview.usual_answer()).await.to_string();
    }
    assert_eq!(most, 2);
    assert!(!heard.contains("marker"), "{heard}");
}

#[tokio::test]
async fn a_turn_has_the_members_of_the_contract_and_no_more() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.consent().await;
    while interview.turn["type"] == "question" {
        let question = interview.turn["question"].as_object().unwrap();
        let known =
            ["id", "kind", "text", "help", "required", "validate", "choices", "probe_of", "time_limit_ms"];
        assert!(question.keys().all(|name| known.contains(&name.as_str())), "{question:?}");
        for choice in question.get("choices").and_then(Value::as_array).into_iter().flatten() {
            assert_eq!(crate::support::caller::members(choice), ["id", "label"]);
        }
        interview.answer(interview.usual_answer()).await;
    }
}
