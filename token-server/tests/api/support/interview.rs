//! A participant who answers.

use serde_json::{Value, json};

use super::{Caller, Reply};

/// An interview under way, seen from the widget's side.
#[derive(Debug)]
pub(crate) struct Interview {
    /// With the invite token.
    pub(crate) invitee: Caller,
    /// With the session token.
    pub(crate) participant: Caller,
    /// The answer to the start.
    pub(crate) started: Value,
    /// What is to be shown now.
    pub(crate) turn: Value,
    commits: u32,
}

impl Interview {
    /// Starts, or resumes.
    pub(crate) async fn start(invitee: &Caller) -> Self {
        let started = invitee.post_nothing("/v1/participant/session").await.expect(200);
        let participant = invitee.with(started["session_token"].as_str().expect("a token"));
        Self { invitee: invitee.clone(), participant, turn: started["turn"].clone(), started, commits: 0 }
    }

    pub(crate) fn session_id(&self) -> &str {
        self.started["session"]["id"].as_str().expect("an id")
    }

    /// The id of the question that is open.
    #[track_caller]
    pub(crate) fn question(&self) -> &str {
        self.turn["question"]["id"].as_str().unwrap_or_else(|| panic!("no question is open: {}", self.turn))
    }

    /// Agrees to everything.
    pub(crate) async fn consent(&mut self) {
        let items = self.started["campaign"]["consent"].as_array().expect("a list").iter();
        let accepted: Vec<_> =
            items.map(|item| json!({"id": item["id"], "version": item["version"]})).collect();
        let reply =
            self.participant.post("/v1/participant/session/consent", json!({"accepted": accepted})).await;
        self.turn = reply.expect(200)["turn"].clone();
    }

    /// Puts something to a question, whatever the server says.
    pub(crate) async fn put(&self, question: &str, client_id: &str, value: Value) -> Reply {
        let body =
            json!({"client_id": client_id, "seq": 1, "value": value, "elapsed_ms": 1_500, "final": true});
        self.participant.put(&format!("/v1/participant/session/answers/{question}"), body).await
    }

    /// Saves a draft for the question that is open.
    pub(crate) async fn draft(&self, seq: u64, value: Value) -> Reply {
        let body = json!({"client_id": format!("draft-{seq}"), "seq": seq, "value": value, "final": false});
        self.participant.put(&format!("/v1/participant/session/answers/{}", self.question()), body).await
    }

    /// Commits an answer to the question that is open.
    pub(crate) async fn answer(&mut self, value: Value) -> Value {
        self.commits += 1;
        let client_id = format!("commit-{}-{}", self.question(), self.commits);
        let receipt = self.put(self.question(), &client_id, value).await.expect(200);
        self.turn = receipt["turn"].clone();
        receipt
    }

    /// Answers until this question is open.
    pub(crate) async fn answer_until(&mut self, question: &str) {
        if self.turn["type"] == "consent" {
            self.consent().await;
        }
        while self.question() != question {
            self.answer(self.usual_answer()).await;
        }
    }

    /// Answers until the end.
    pub(crate) async fn finish(&mut self) {
        if self.turn["type"] == "consent" {
            self.consent().await;
        }
        while self.turn["type"] == "question" {
            self.answer(self.usual_answer()).await;
        }
        assert_eq!(self.turn["type"], "end");
    }

    /// An answer that suits the question that is open.
    pub(crate) fn usual_answer(&self) -> Value {
        let question = &self.turn["question"];
        let choice = |place: usize| question["choices"][place]["id"].clone();
        match question["kind"].as_str().expect("a kind") {
            "statement" => Value::Null,
            "consent" | "yes_no" => json!(true),
            "short_text" => json!("Ada"),
            "long_text" => json!("It takes minutes to find a note about prices"),
            "email" => json!("ada@example.com"),
            "single_choice" => choice(0),
            "multi_choice" => json!([choice(0), choice(1)]),
            "ranking" => {
                let choices = question["choices"].as_array().expect("choices");
                choices.iter().rev().map(|choice| choice["id"].clone()).collect()
            }
            "rating" | "number" => json!(7),
            "date" => json!("2026-01-31"),
            kind => panic!("no answer for {kind}"),
        }
    }
}
