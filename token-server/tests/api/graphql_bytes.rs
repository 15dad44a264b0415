//! What a request costs is counted in fields, and what it is answered with in bytes: both have an end.

use serde_json::{Value, json};

use crate::support::{
    Interview, Organization, TestServer,
    graphql::{Answered, Asker},
    guides,
};

const LONGEST: usize = 100_000;

async fn scene() -> (TestServer, Organization, Asker) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    (server, organization, asker)
}

/// This many fields of one name.
fn each(count: usize, field: &str) -> String {
    (0..count).map(|number| format!("a{number}: {field}")).collect::<Vec<_>>().join(" ")
}

/// A campaign with this many questions, each of which takes the longest of answers.
async fn campaign(organization: &Organization, questions: usize) -> String {
    let question = |number| json!({"id": format!("q{number}"), "kind": "long_text", "text": "?", "validate": {"max_length": LONGEST}});
    let mut guide = guides::short();
    guide["blocks"][0]["questions"] = (0..questions).map(question).collect();
    organization.campaign_with(guide, json!({})).await
}

/// A session with the longest answer to each question. Gives its id.
async fn session(organization: &Organization, campaign: &str, answer: &str) -> String {
    let mut interview: Interview = organization.interview(campaign).await;
    while interview.turn["type"] == "question" {
        interview.answer(json!(answer)).await;
    }
    interview.session_id().to_owned()
}

/// It was too much: that is said once, at the root that it is below, and nothing of it is told.
#[track_caller]
fn is_too_much(answered: &Answered, root: &str) {
    let error = answered.failed("payload_too_large");
    assert_eq!(error["path"][0], root);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("8388608 bytes") && message.contains("/v1/sessions/:id/answers"), "{message}");
    assert!(answered.text.len() < 1_000, "{}", answered.text.len());
}

#[tokio::test]
async fn a_long_answer_counts_each_time_that_it_is_told() {
    let (_server, organization, asker) = scene().await;
    let campaign = campaign(&organization, 30).await;
    let session = session(&organization, &campaign, &"x".repeat(LONGEST)).await;
    let ask = async |fields: String| {
        asker
            .ask(&format!("{{ me {{ role }} session(id: \"{session}\") {{ answers {{ {fields} }} }} }}"))
            .await
    };
    let twice = ask(each(2, "value")).await.data();
    let answers = twice["session"]["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 30);
    assert!(answers.iter().all(|one| one["a1"].as_str().map(str::len) == Some(LONGEST)));
    for count in [3, 97] {
        let too_much = ask(each(count, "value")).await;
        is_too_much(&too_much, "session");
        assert_eq!(too_much.json()["data"], json!({"me": {"role": "OWNER"}, "session": null}));
    }
}

#[tokio::test]
async fn sessions_whose_answers_are_too_long_together_are_not_read() {
    let (_server, organization, asker) = scene().await;
    let campaign = campaign(&organization, 15).await;
    // In bytes each is 3 MB, in characters 1.5.
    let answer = "é".repeat(LONGEST);
    for _ in 0..3 {
        session(&organization, &campaign, &answer).await;
    }
    let ask = async |first: usize, fields: &str| {
        let sessions = format!("sessions(first: {first}) {{ answers {{ {fields} }} }}");
        asker.ask(&format!("{{ interview(id: \"{campaign}\") {{ {sessions} }} }}")).await
    };
    for fields in ["id", "value"] {
        let two = ask(2, fields).await.data();
        assert_eq!(two["interview"]["sessions"][1]["answers"].as_array().unwrap().len(), 15);
        is_too_much(&ask(3, fields).await, "interview");
    }
    let list = asker.ask("{ interviews(first: 1) { sessions(first: 3) { answers { id } } } }").await;
    is_too_much(&list, "interviews");
    assert_eq!(list.json()["data"], Value::Null);
}

#[tokio::test]
async fn the_customers_own_data_counts_each_time_too() {
    let (_server, organization, asker) = scene().await;
    let largest = json!({"text": "x".repeat(16_000)});
    let origins: Vec<_> =
        (0..100).map(|number| format!("https://{}.example.com", format!("o{number}").repeat(40))).collect();
    let settings = json!({"theme": largest, "allowed_origins": origins});
    let campaign = organization.campaign_with(guides::short(), settings).await;
    organization
        .admin
        .patch(&format!("/v1/campaigns/{campaign}"), json!({"metadata": largest}))
        .await
        .expect(200);
    organization.invite_with(&campaign, json!({"metadata": largest})).await;
    for field in ["metadata", "theme", "allowedOrigins", "invites.metadata"] {
        let ask = async |count: usize| {
            let fields = each(count, field.rsplit('.').next().unwrap());
            let within = match field {
                "metadata" => fields,
                "theme" | "allowedOrigins" => format!("settings {{ {fields} }}"),
                _ => format!("invites(first: 1) {{ {fields} }}"),
            };
            asker.ask(&format!("{{ interview(id: \"{campaign}\") {{ {within} }} }}")).await
        };
        ask(300).await.data();
        is_too_much(&ask(900).await, "interview");
    }
}

#[tokio::test]
async fn a_list_of_many_small_values_is_not_light() {
    let (_server, organization, asker) = scene().await;
    let zeros = vec![0; 8_000];
    let campaign = organization.draft().await;
    let metadata = json!({"metadata": {"zeros": zeros}});
    organization.admin.patch(&format!("/v1/campaigns/{campaign}"), metadata).await.expect(200);
    let ask = async |count: usize| {
        asker.ask(&format!("{{ interview(id: \"{campaign}\") {{ {} }} }}", each(count, "metadata"))).await
    };
    ask(16).await.data();
    is_too_much(&ask(17).await, "interview");
    let many = format!("{{ {} }}", each(20, "interviews { id }"));
    assert_eq!(asker.ask(&many).await.json()["errors"][0]["extensions"]["code"], "payload_too_large");
}

#[tokio::test]
async fn a_mutation_is_done_even_if_its_answer_is_too_much() {
    let (_server, _organization, asker) = scene().await;
    let create = format!(
        "mutation ($m: JSON!) {{ createInterview(input: {{title: \"x\", metadata: $m}}) {{ {} }} }}",
        each(900, "metadata")
    );
    let answered = asker.ask_with(&create, json!({"m": {"text": "x".repeat(16_000)}})).await;
    is_too_much(&answered, "createInterview");
    assert_eq!(asker.ask("{ interviews { title } }").await.data()["interviews"], json!([{"title": "x"}]));
}

#[tokio::test]
async fn a_name_of_a_field_has_at_most_a_hundred_bytes() {
    let (_server, _organization, asker) = scene().await;
    let ask = async |length: usize| asker.ask(&format!("{{ {}: me {{ role }} }}", "a".repeat(length))).await;
    ask(100).await.data();
    let refused = ask(101).await.not_begun();
    assert_eq!(
        (&refused["extensions"]["limit"], &refused["extensions"]["max"]),
        (&json!("bytes of an alias"), &json!(100))
    );
}
