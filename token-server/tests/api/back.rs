//! Going back: `GET` and `PUT /v1/participant/session/answers/:question_id` for what has been answered.

use serde_json::{Value, json};

use crate::support::{Interview, Organization, TestServer, caller::members, graphql::Asker, guides};

/// A name that later questions insert, a question that only some are asked, a follow-up, and the end.
fn guide() -> Value {
    let question = |id: &str, kind: &str, text: &str| json!({"id": id, "kind": kind, "text": text});
    let mut more = question("more", "short_text", "And of whom?");
    more["show_if"] = json!({"q": "pets"});
    let mut why = question("why", "long_text", "Why, {{q.name}}?");
    why["follow_up"] = json!({"max_depth": 1, "rules": [
        {"when": {"contains_any": ["price"]}, "probes": ["Which price?"]},
        {"when": {"contains_any": ["team"]}, "probes": ["Which team?"]}]});
    let questions = [
        question("name", "short_text", "What is your name?"),
        question("pets", "yes_no", "Do you take care of somebody?"),
        more,
        why,
        question("last", "short_text", "Anything else, {{q.name}}?"),
    ];
    json!({
        "schema": 1, "title": "Back", "allow_back": true, "offline_questions": 5,
        "blocks": [{"id": "all", "questions": questions}], "ends": [{"id": "thanks", "text": "Thank you."}]
    })
}

async fn beginning(server: &TestServer) -> (Organization, Interview) {
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guide(), json!({})).await;
    let interview = organization.interview(&campaign).await;
    (organization, interview)
}

fn path(question: &str) -> String {
    format!("/v1/participant/session/answers/{question}")
}

impl Interview {
    async fn answers_told(&self) -> Value {
        self.participant.get("/v1/participant/session").await.expect(200)["answers"].clone()
    }

    async fn change(&mut self, question: &str, client_id: &str, value: Value) -> Value {
        let receipt = self.put(question, client_id, value).await.expect(200);
        self.turn = receipt["turn"].clone();
        receipt
    }
}

async fn answers(organization: &Organization, interview: &Interview) -> Vec<Value> {
    let list = organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await;
    list.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_campaign_tells_whether_answers_may_be_changed() {
    let server = TestServer::start().await;
    let (organization, interview) = beginning(&server).await;
    assert_eq!(interview.started["campaign"]["allow_back"], true);
    let fixed = organization.campaign_with(guides::short(), json!({})).await;
    let mut interview = organization.interview(&fixed).await;
    assert_eq!(interview.started["campaign"].get("allow_back"), None);
    interview.answer(json!("A")).await;
    interview.put("one", "again", json!("B")).await.refused(409, "conflict");
    let told = interview.participant.get(&path("one")).await.expect(200);
    assert_eq!(told["value"], "A", "to be read it is told all the same");
}

#[tokio::test]
async fn a_changed_answer_takes_the_place_of_the_one_before_everywhere() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer(json!("Ada")).await;
    interview.answer(json!(false)).await;
    let before = answers(&organization, &interview).await;
    let receipt = interview.change("name", "changed", json!("Grace")).await;
    assert_eq!(members(&receipt), ["answer_id", "seq", "turn"]);
    assert_eq!(receipt["turn"]["question"]["text"], "Why, Grace?");

    let after = answers(&organization, &interview).await;
    assert_eq!((after.len(), &after[1]), (2, &before[1]));
    assert_eq!((&after[0]["id"], &after[0]["value"]), (&receipt["answer_id"], &json!("Grace")));
    assert_ne!(after[0]["id"], before[0]["id"]);
    let session = organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await;
    assert_eq!(session.expect(200)["answers"], 2);
    let told = interview.answers_told().await;
    assert_eq!((&told[0]["value"], told.as_array().unwrap().len()), (&json!("Grace"), 2));
    let transcript = format!("/v1/sessions/{}/transcript?format=text", interview.session_id());
    let transcript = organization.admin.get(&transcript).await;
    assert!(transcript.text.contains("Grace") && !transcript.text.contains("Ada"), "{}", transcript.text);
}

#[tokio::test]
async fn an_answer_is_told_with_its_question_as_it_was_asked() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    let asked = interview.turn["question"].clone();
    interview.answer(json!("Ada")).await;
    let told = interview.participant.get(&path("name")).await.expect(200);
    assert_eq!(told, json!({"question": asked, "value": "Ada", "seq": 1}));
    for id in ["pets", "last", "nobody", "why~1", "%ff"] {
        interview.participant.get(&path(id)).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_changed_answer_leads_to_the_first_open_question_and_progress_stays() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    interview.answer(json!("Ada")).await;
    interview.answer(json!(false)).await;
    interview.answer(json!("Because")).await;
    assert_eq!(interview.question(), "last");
    let progress = interview.turn["progress"].as_f64().unwrap();
    let receipt = interview.change("pets", "changed", json!(true)).await;
    assert_eq!(interview.question(), "more");
    assert!(interview.turn["progress"].as_f64().unwrap() >= progress, "{receipt}");
    assert_eq!(
        receipt["ahead"][0]["question"]["text"], "Anything else, Ada?",
        "what was answered is passed over in advance as well"
    );
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!(snapshot["turn"], interview.turn);
    assert_eq!(snapshot["session"]["progress"], interview.turn["progress"]);
    interview.answer(json!("A cat")).await;
    assert_eq!(interview.question(), "last");

    interview.change("pets", "changed-again", json!(false)).await;
    interview.participant.get(&path("more")).await.refused(404, "not_found");
    interview.put("more", "off-the-way", json!("A dog")).await.refused(404, "not_found");
}

#[tokio::test]
async fn another_probe_has_an_id_of_its_own() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    for value in [json!("Ada"), json!(false), json!("the price"), json!("9 euros")] {
        interview.answer(value).await;
    }
    interview.change("why", "changed", json!("my team")).await;
    assert_eq!(interview.turn["question"]["text"], "Which team?");
    assert_eq!(interview.question(), "why~2");
    interview.answer(json!("Sales")).await;
    assert_eq!(interview.question(), "last");
    let all = answers(&organization, &interview).await;
    let values: Vec<&Value> = all.iter().map(|answer| &answer["value"]).collect();
    assert_eq!(json!(values), json!(["Ada", false, "my team", "9 euros", "Sales"]));
    let marked: Vec<&Value> = all.iter().map(|answer| &answer["on_the_way"]).collect();
    assert_eq!(json!(marked), json!([null, null, null, false, null]));
    let session = organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await;
    assert_eq!(session.expect(200)["answers"], 5);
}

#[tokio::test]
async fn what_is_put_to_a_probe_that_was_shown_in_another_tab_is_no_answer_to_the_one_in_its_place_404() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    for value in [json!("Ada"), json!(false), json!("the price")] {
        interview.answer(value).await;
    }
    assert_eq!(
        (interview.question(), &interview.turn["question"]["text"]),
        ("why~1", &json!("Which price?"))
    );
    interview.draft(1, json!("9 eu")).await.expect(200);
    interview.change("why", "other-tab", json!("my team")).await;
    assert_eq!((interview.question(), &interview.turn["question"]["text"]), ("why~2", &json!("Which team?")));
    interview.put("why~1", "this-tab", json!("9 euros")).await.refused(404, "not_found");
    let draft = json!({"client_id": "d", "seq": 2, "value": "9 eur", "final": false});
    interview.participant.put(&path("why~1"), draft).await.refused(404, "not_found");
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!(snapshot["turn"], interview.turn);
    assert_ne!(
        snapshot["draft"]["question_id"], "why~2",
        "what was typed to the one is not shown in the other"
    );
    assert_eq!(answers(&organization, &interview).await.len(), 3);
    interview.change("why", "back", json!("its price")).await;
    assert_eq!(
        (interview.question(), &interview.turn["question"]["text"]),
        ("why~1", &json!("Which price?"))
    );
}

#[tokio::test]
async fn an_answer_that_is_off_the_way_is_neither_listed_to_the_participant_nor_in_the_transcript() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    for value in [json!("Ada"), json!(true), json!("A cat"), json!("Because")] {
        interview.answer(value).await;
    }
    interview.change("pets", "changed", json!(false)).await;
    let told = interview.answers_told().await;
    let listed: Vec<&str> =
        told.as_array().unwrap().iter().map(|answer| answer["question_id"].as_str().unwrap()).collect();
    assert_eq!(listed, ["name", "pets", "why"]);
    for id in &listed {
        interview.participant.get(&path(id)).await.expect(200);
    }
    let all = answers(&organization, &interview).await;
    let marked: Vec<Value> =
        all.iter().map(|answer| json!([answer["question_id"], answer["on_the_way"]])).collect();
    assert_eq!(json!(marked), json!([["name", null], ["pets", null], ["more", false], ["why", null]]));
    let document = format!("{{ session(id: \"{}\") {{ answers {{ onTheWay }} }} }}", interview.session_id());
    let told = Asker::owner(&server, &organization).await.ask(&document).await.data();
    let told: Vec<&Value> =
        told["session"]["answers"].as_array().unwrap().iter().map(|answer| &answer["onTheWay"]).collect();
    assert_eq!(json!(told), json!([true, true, false, true]));
    interview.finish().await;
    let transcript = format!("/v1/sessions/{}/transcript", interview.session_id());
    let transcript = organization.admin.get(&transcript).await.expect(200);
    let entries: Vec<&str> = transcript["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["question_id"].as_str().unwrap())
        .collect();
    assert_eq!(entries, ["name", "pets", "why", "last"]);
}

#[tokio::test]
async fn each_commit_gets_its_own_reply_for_ever_and_changes_something_once() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    let mut replies = Vec::new();
    for (client_id, name) in [("c1", "Ada"), ("c2", "Grace"), ("c3", "Mary")] {
        replies.push((client_id, interview.put("name", client_id, json!(name)).await));
    }
    interview.turn = replies[2].1.expect(200)["turn"].clone();
    interview.answer(json!(false)).await;
    for (client_id, reply) in &replies {
        assert_eq!(interview.put("name", client_id, json!("late")).await.text, reply.text, "{client_id}");
        interview.put("pets", client_id, json!(true)).await.refused(422, "idempotency_mismatch");
    }
    assert_eq!(answers(&organization, &interview).await[0]["value"], "Mary");
}

#[tokio::test]
async fn of_many_who_change_an_answer_at_once_the_last_one_stands_and_each_has_a_reply() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer(json!("Ada")).await;
    let changes = (0..16).map(|number| {
        let interview = &interview;
        async move {
            let client_id = format!("tab-{number}");
            let first = interview.put("name", &client_id, json!(client_id)).await;
            first.expect(200);
            assert_eq!(interview.put("name", &client_id, json!(client_id)).await.text, first.text);
            first.json()["answer_id"].clone()
        }
    });
    let ids = futures_util::future::join_all(changes).await;
    let all = answers(&organization, &interview).await;
    assert_eq!(all.len(), 1);
    let winner = ids.iter().position(|id| *id == all[0]["id"]).expect("one of them");
    assert_eq!(all[0]["value"], format!("tab-{winner}"));
}

#[tokio::test]
async fn a_draft_of_an_answered_question_is_kept_unless_it_is_older_than_the_answer() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    interview.answer(json!("Ada")).await;
    let draft = |seq: u64, value: &str| {
        let body = json!({"client_id": "d", "seq": seq, "value": value, "final": false});
        let participant = &interview.participant;
        async move { participant.put(&path("name"), body).await }
    };
    let kept = |snapshot: &Value| snapshot["draft"]["value"].clone();
    draft(1, "late").await.refused(409, "conflict");
    let receipt = draft(2, "Grac").await.expect(200);
    assert_eq!((&receipt["answer_id"], &receipt["turn"]["question"]["id"]), (&Value::Null, &json!("pets")));
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!((kept(&snapshot), &snapshot["answers"][0]["value"]), (json!("Grac"), &json!("Ada")));
    interview.put("name", "changed", json!("Grace")).await.expect(200);
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!(snapshot["draft"], Value::Null);
}

#[tokio::test]
async fn when_the_interview_is_over_nothing_can_be_changed_410() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.finish().await;
    interview.put("name", "changed", json!("Grace")).await.refused(410, "invite_completed");
    let draft = json!({"client_id": "d", "seq": 9, "value": "Grace", "final": false});
    interview.participant.put(&path("name"), draft).await.refused(410, "invite_completed");
    assert_eq!(answers(&organization, &interview).await[0]["value"], "Ada");
}

#[tokio::test]
async fn a_changed_answer_can_end_the_interview() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut guide = guides::short();
    guide["allow_back"] = json!(true);
    guide["blocks"][0]["questions"][0]["kind"] = json!("yes_no");
    for place in [1, 2] {
        guide["blocks"][0]["questions"][place]["show_if"] = json!({"q": "one"});
    }
    let campaign = organization.campaign_with(guide, json!({})).await;
    let mut interview = organization.interview(&campaign).await;
    interview.answer(json!(true)).await;
    interview.change("one", "changed", json!(false)).await;
    assert_eq!(interview.turn["type"], "end");
    let session = organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await;
    assert_eq!(session.expect(200)["status"], "completed");
}

#[tokio::test]
async fn a_value_that_does_not_suit_the_question_changes_nothing_422() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer(json!("Ada")).await;
    interview
        .put("name", "wrong", json!(5))
        .await
        .refused_with("validation_failed", &[("/value", "wrong_type")]);
    assert_eq!(answers(&organization, &interview).await[0]["value"], "Ada");
}

#[tokio::test]
async fn of_a_changed_answer_is_told_as_of_any_other() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer(json!("Ada")).await;
    let changed = interview.change("name", "changed", json!("Grace")).await;
    let told = organization.admin.get("/v1/events?type=session.answer_recorded").await.expect(200);
    let told: Vec<&Value> = told["data"].as_array().unwrap().iter().map(|event| &event["data"]).collect();
    assert_eq!(told.len(), 2);
    let newest = told.iter().find(|data| data["answer_id"] == changed["answer_id"]).expect("the new one");
    assert_eq!((&newest["question_id"], &newest["answers"]), (&json!("name"), &json!(1)));
}

#[tokio::test]
async fn what_was_said_before_a_change_is_erased_with_the_rest() {
    let server = TestServer::start().await;
    let (organization, _) = beginning(&server).await;
    let campaign = organization.campaign_with(guide(), json!({})).await;
    for erase in ["session", "participant", "withdraw"] {
        let mut interview = organization.interview(&campaign).await;
        interview.answer(json!("marker-before")).await;
        // The reply to this one has the name in it, and is all that is kept when it is changed.
        interview.answer(json!(false)).await;
        interview.change("name", "name-again", json!("marker-after")).await;
        interview.change("pets", "pets-again", json!(false)).await;
        assert!(server.database_contains("Why, marker-before?"), "it is there before");
        let session = format!("/v1/sessions/{}", interview.session_id());
        let participant = organization.admin.get(&session).await.expect(200)["participant_id"].clone();
        match erase {
            "session" => organization.admin.delete(&session).await.expect(204),
            "participant" => {
                let path = format!("/v1/participants/{}", participant.as_str().unwrap());
                organization.admin.delete(&path).await.expect(200)
            }
            _ => interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200),
        };
        for marker in ["marker-before", "marker-after"] {
            assert!(!server.database_contains(marker), "{marker} after {erase}");
        }
    }
}
