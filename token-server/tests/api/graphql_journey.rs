//! What the product is for, by GraphQL alone; and what that costs the database.

use serde_json::{Value, json};

use crate::support::{Interview, Organization, TestServer, graphql::Asker, guides, server::may_be_equal};

#[tokio::test]
async fn an_interview_is_made_published_held_and_read() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let create = "mutation ($input: CreateInterviewInput!) { createInterview(input: $input) {
        id title description status publishedVersion metadata settings { locale inviteTtlSeconds reuse } createdAt } }";
    let input = json!({
        "title": "Notes", "description": "How you take them", "metadata": {"team": 1}, "guide": guides::short(),
        "settings": {"inviteTtlSeconds": 600, "reuse": "ONE_TIME"}
    });
    let created = asker.ask_with(create, json!({"input": input})).await.data()["createInterview"].clone();
    let id = created["id"].as_str().unwrap().to_owned();
    assert_eq!(
        created,
        json!({
            "id": id, "title": "Notes", "description": "How you take them", "status": "DRAFT", "publishedVersion": null,
            "metadata": {"team": 1}, "settings": {"locale": "en", "inviteTtlSeconds": 600, "reuse": "ONE_TIME"},
            "createdAt": "2026-01-31T12:00:00.000Z"
        })
    );
    let publish = "mutation ($id: ID!, $activate: Boolean!) { publishInterview(id: $id, activate: $activate) { status publishedVersion } }";
    let published = asker.ask_with(publish, json!({"id": id, "activate": false})).await.data();
    assert_eq!(published["publishInterview"], json!({"status": "DRAFT", "publishedVersion": 1}));
    let published = asker.ask_with(publish, json!({"id": id, "activate": true})).await.data();
    assert_eq!(published["publishInterview"], json!({"status": "ACTIVE", "publishedVersion": 1}));

    let invite = "mutation ($input: CreateInviteInput!) { createInvite(input: $input) {
        inviteToken inviteUrl invite { id status candidate { id email } interview { title } } } }";
    let input = json!({"interviewId": id, "candidateEmail": "ada@example.com"});
    let invited = asker.ask_with(invite, json!({"input": input})).await.data()["createInvite"].clone();
    let token = invited["inviteToken"].as_str().unwrap();
    assert!(invited["inviteUrl"].as_str().unwrap().ends_with(&format!("/i#{token}")));
    assert_eq!(invited["invite"]["interview"]["title"], "Notes");

    let mut interview = Interview::start(&organization.admin.with(token)).await;
    interview.finish().await;
    let read = "query ($id: ID!) { session(id: $id) {
        status progress completedAt candidate { email } interview { id counters { invited started completed } }
        answers { questionId kind value elapsedMs } } }";
    let seen = asker.ask_with(read, json!({"id": interview.session_id()})).await.data()["session"].clone();
    assert_eq!(
        (&seen["status"], &seen["progress"], &seen["candidate"]["email"]),
        (&json!("COMPLETED"), &json!(1.0), &json!("ada@example.com"))
    );
    assert_eq!(
        seen["interview"],
        json!({"id": id, "counters": {"invited": 1, "started": 1, "completed": 1}})
    );
    let rest =
        organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await.expect(200);
    let rest: Vec<Value> = rest["data"].as_array().unwrap().iter().map(|one| {
        json!({"questionId": one["question_id"], "kind": one["kind"], "value": one["value"], "elapsedMs": one["elapsed_ms"]})
    }).collect();
    assert_eq!(seen["answers"], json!(rest));

    let erase = "mutation ($id: ID!) { eraseCandidate(id: $id) { email erasedAt } }";
    let whom = &invited["invite"]["candidate"]["id"];
    let erased = asker.ask_with(erase, json!({"id": whom})).await.data();
    assert_eq!(erased["eraseCandidate"], json!({"email": null, "erasedAt": "2026-01-31T12:00:00.000Z"}));
    asker.ask_with(read, json!({"id": interview.session_id()})).await.failed("not_found");
}

#[tokio::test]
async fn publishing_opens_a_paused_interview_too_unless_that_is_not_wanted() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let id = organization.campaign_with(guides::short(), json!({})).await;
    organization.step(&id, "pause").await;
    for (arguments, status, steps) in
        [(", activate: false", "PAUSED", 1), ("", "ACTIVE", 2), ("", "ACTIVE", 2)]
    {
        let document = format!("mutation {{ publishInterview(id: \"{id}\"{arguments}) {{ status }} }}");
        assert_eq!(asker.ask(&document).await.data()["publishInterview"]["status"], status);
        let log =
            organization.admin.get(&format!("/v1/audit-log?target_id={id}&action=campaign.activated")).await;
        assert_eq!(
            log.expect(200)["data"].as_array().unwrap().len(),
            steps,
            "what was open is not opened again"
        );
    }
}

#[tokio::test]
async fn how_long_a_question_was_on_screen_may_be_more_than_an_int_holds() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let interview = organization.interview(&campaign).await;
    let ninety_days_ms = 7_776_000_000_u64;
    let body =
        json!({"client_id": "a", "seq": 1, "value": "Ada", "elapsed_ms": ninety_days_ms, "final": true});
    interview.participant.put("/v1/participant/session/answers/one", body).await.expect(200);
    let document = format!("{{ session(id: \"{}\") {{ answers {{ elapsedMs }} }} }}", interview.session_id());
    let answered = asker.ask(&document).await;
    assert_eq!(
        answered.data()["session"]["answers"],
        json!([{"elapsedMs": ninety_days_ms}]),
        "{}",
        answered.text
    );
    let sdl = token_server::graphql::sdl();
    assert!(sdl.contains("elapsedMs: Float!"), "an Int has 32 bits and no more");
}

#[tokio::test]
async fn what_is_done_here_is_in_the_audit_log_as_what_is_done_by_rest() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let create = "mutation ($guide: JSON!) { createInterview(input: {title: \"x\", guide: $guide}) { id } }";
    let created = asker.ask_with(create, json!({"guide": guides::short()})).await.data();
    let id = created["createInterview"]["id"].as_str().unwrap().to_owned();
    asker.ask(&format!("mutation {{ publishInterview(id: \"{id}\") {{ id }} }}")).await.data();
    let log = organization.admin.get(&format!("/v1/audit-log?target_id={id}")).await.expect(200);
    let mut actions: Vec<_> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap().to_owned())
        .collect();
    actions.sort();
    assert_eq!(actions, ["campaign.activated", "campaign.created", "campaign.published", "guide.updated"]);
    assert!(log["data"].as_array().unwrap().iter().all(|one| one["request_id"].is_string()));
}

#[tokio::test]
async fn lists_are_newest_first_and_pages_join_up() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let mut all = Vec::new();
    for _ in 0..5 {
        server.clock.advance_secs(1);
        all.insert(0, organization.draft().await);
    }
    let page = async |arguments: String| -> Vec<String> {
        let data = asker.ask(&format!("{{ interviews({arguments}) {{ id }} }}")).await.data();
        let ids = data["interviews"].as_array().unwrap().iter();
        ids.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(page("first: 2".to_owned()).await, all[..2]);
    assert_eq!(page(format!("first: 2, after: \"{}\"", all[1])).await, all[2..4]);
    assert_eq!(page(format!("first: 2, after: \"{}\"", all[3])).await, all[4..]);
    assert_eq!(page("status: ACTIVE".to_owned()).await, Vec::<String>::new());
    assert_eq!(page("status: DRAFT".to_owned()).await, all);
}

#[tokio::test]
async fn a_variable_without_a_value_leaves_an_argument_its_default() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let published = sessions(&organization, 11).await;
    for _ in 0..20 {
        organization.draft().await;
    }
    let lists = "query ($n: Int) { interviews(first: $n) { id } }";
    let within = "query ($id: ID!, $n: Int) { interview(id: $id) { sessions(first: $n) { id } invites(first: $n) { id } } }";
    for n in [json!({}), json!({"n": null})] {
        let data = asker.ask_with(lists, n.clone()).await.data();
        assert_eq!(data["interviews"].as_array().unwrap().len(), 20, "{n}");
        let mut variables = n.clone();
        variables["id"] = json!(published);
        let data = asker.ask_with(within, variables).await.data();
        for list in ["sessions", "invites"] {
            assert_eq!(data["interview"][list].as_array().unwrap().len(), 10, "{n}: {list}");
        }
    }
    let null = asker.ask("{ interviews(first: null) { id } }").await.data();
    assert_eq!(null["interviews"].as_array().unwrap().len(), 20);
    let valued =
        asker.ask_with("query ($n: Int = 3) { interviews(first: $n) { id } }", json!({})).await.data();
    assert_eq!(valued["interviews"].as_array().unwrap().len(), 3, "the default of the variable comes first");

    let publish = "mutation ($id: ID!, $a: Boolean) { publishInterview(id: $id, activate: $a) { status } }";
    for variables in [json!({}), json!({"a": null})] {
        let create =
            "mutation ($guide: JSON!) { createInterview(input: {title: \"x\", guide: $guide}) { id } }";
        let created = asker.ask_with(create, json!({"guide": guides::short()})).await.data();
        let mut variables = variables;
        variables["id"] = created["createInterview"]["id"].clone();
        let opened = asker.ask_with(publish, variables).await.data();
        assert_eq!(opened["publishInterview"]["status"], "ACTIVE");
    }
}

/// An interview with so many sessions, each of somebody else.
async fn sessions(organization: &Organization, count: usize) -> String {
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    for number in 0..count {
        let more = json!({"participant_email": format!("p{number}@example.com")});
        let invite = organization.invite_with(&campaign, more).await;
        let invitee = organization.admin.with(invite["invite_token"].as_str().unwrap());
        Interview::start(&invitee).await.finish().await;
    }
    campaign
}

#[tokio::test]
async fn fifty_sessions_with_their_candidates_cost_as_many_statements_as_one() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    let campaign = sessions(&organization, 50).await;
    let documents = [
        ("candidate", "candidate { id email }"),
        ("answers", "answers { value }"),
        ("interview", "interview { title }"),
    ];
    for (what, fields) in documents {
        let mut costs = Vec::new();
        for first in [1, 50] {
            let document = format!(
                "{{ interview(id: \"{campaign}\") {{ sessions(first: {first}) {{ id {fields} }} }} }}"
            );
            let (cost, answered) = server.statements(|| asker.ask(&document)).await;
            let data = answered.data();
            costs.push(cost);
            let rows = data["interview"]["sessions"].as_array().unwrap().clone();
            assert_eq!(rows.len(), first);
            assert!(rows.iter().all(|row| !row[what].is_null()));
        }
        assert!(may_be_equal(&costs[0], &costs[1]), "{what}: {costs:?}");
        assert!(*costs[1].start() <= 7, "{what}: {costs:?}");
    }
    let invites =
        format!("{{ interview(id: \"{campaign}\") {{ invites(first: 50) {{ candidate {{ email }} }} }} }}");
    let (cost, answered) = server.statements(|| asker.ask(&invites)).await;
    answered.data();
    assert!(*cost.start() <= 7, "{cost:?}");
}
