//! Answers and drafts.

use domain::session::{StoredAnswer, StoredDraft, StoredReply, StoredSession};
use protocol::ids::PrefixedId as _;
use serde_json::{Value, json};
use storage::{Store, StoreError};

use crate::fixtures::{Live, answer, draft, invite, session};

/// Stores two sessions and gives the first.
async fn begin(store: &dyn Store) -> StoredSession {
    commit!(store, unit => {
        unit.add_invite(&invite(Live, 1)).await?;
        unit.add_session(&session(Live, 1, 1)).await?;
        unit.add_session(&session(Live, 2, 1)).await
    })
    .unwrap();
    session(Live, 1, 1)
}

async fn add(store: &dyn Store, answer: StoredAnswer) -> Result<(), StoreError> {
    commit!(store, unit => unit.add_answer(&answer).await)
}

async fn replace(store: &dyn Store, answer: StoredAnswer) -> Result<(), StoreError> {
    commit!(store, unit => unit.replace_answer(&answer).await)
}

async fn put(store: &dyn Store, draft: StoredDraft) -> StoredDraft {
    commit!(store, unit => unit.put_draft(&draft).await).unwrap()
}

async fn found_draft(store: &dyn Store, session: &StoredSession) -> Option<StoredDraft> {
    store.read().await.unwrap().find_draft(&session.id).await.unwrap()
}

pub(crate) async fn answers_come_back_in_the_order_of_their_positions(store: &dyn Store) {
    let session = begin(store).await;
    let answers = [0, 1, 2].map(|position| answer(&session, position, json!({"p": position})));
    for position in [2, 0, 1] {
        add(store, answers[position].clone()).await.unwrap();
    }
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.list_answers(&session.id).await.unwrap(), answers);
    assert_eq!(unit.list_answers(&crate::fixtures::session(Live, 2, 1).id).await.unwrap(), []);
}

pub(crate) async fn an_answer_is_found_by_what_the_client_called_it(store: &dyn Store) {
    let first = begin(store).await;
    add(store, answer(&first, 0, json!("a"))).await.unwrap();
    let mut unit = store.read().await.unwrap();
    let reply = StoredReply { question_id: "q0".to_owned(), json: answer(&first, 0, Value::Null).reply };
    assert_eq!(unit.find_reply(&first.id, "client 0").await.unwrap(), Some(reply));
    assert_eq!(unit.find_reply(&first.id, "client 1").await.unwrap(), None);
    assert_eq!(unit.find_reply(&session(Live, 2, 1).id, "client 0").await.unwrap(), None);
}

pub(crate) async fn an_answer_takes_the_place_of_another_of_which_only_the_reply_is_kept(store: &dyn Store) {
    let first = begin(store).await;
    for position in 0..3 {
        add(store, answer(&first, position, json!("before"))).await.unwrap();
    }
    put(store, draft(&first, "q1", 5)).await;
    let changed = StoredAnswer {
        id: protocol::ids::AnswerId::from_suffix("changed"),
        value: json!("after"),
        client_id: "changed".to_owned(),
        reply: "{}".to_owned(),
        ..answer(&first, 1, Value::Null)
    };
    replace(store, changed.clone()).await.unwrap();
    assert_eq!(found_draft(store, &first).await, None);
    let mut unit = store.read().await.unwrap();
    let expected = [answer(&first, 0, json!("before")), changed.clone(), answer(&first, 2, json!("before"))];
    assert_eq!(unit.list_answers(&first.id).await.unwrap(), expected);
    for (client_id, json) in [("client 1", answer(&first, 1, Value::Null).reply), ("changed", changed.reply)]
    {
        let reply = StoredReply { question_id: "q1".to_owned(), json };
        assert_eq!(unit.find_reply(&first.id, client_id).await.unwrap(), Some(reply), "{client_id}");
    }
}

pub(crate) async fn an_answer_takes_the_place_of_its_own_session_and_question_only(store: &dyn Store) {
    let (first, second) = (begin(store).await, session(Live, 2, 1));
    for session in [&first, &second] {
        add(store, answer(session, 0, json!("before"))).await.unwrap();
    }
    add(store, answer(&first, 1, json!("before"))).await.unwrap();
    let new = |position, client_id: &str| StoredAnswer {
        client_id: client_id.to_owned(),
        ..answer(&first, position, json!("after"))
    };
    for (refused, why) in [
        (new(2, "new"), "no answer to that question"),
        (new(1, "client 0"), "another answer of that client id"),
    ] {
        let refused = replace(store, refused).await;
        assert!(matches!(refused, Err(StoreError::Conflict { what: "answer" })), "{why}: {refused:?}");
    }
    replace(store, new(0, "new")).await.unwrap();
    let mut unit = store.read().await.unwrap();
    assert_eq!(
        unit.list_answers(&first.id).await.unwrap(),
        [new(0, "new"), answer(&first, 1, json!("before"))]
    );
    assert_eq!(unit.list_answers(&second.id).await.unwrap(), [answer(&second, 0, json!("before"))]);
}

pub(crate) async fn a_session_has_one_answer_to_a_question_at_a_position_and_of_a_client_id(
    store: &dyn Store,
) {
    let first = begin(store).await;
    let stored = answer(&first, 0, json!("first"));
    add(store, stored.clone()).await.unwrap();
    let fresh = answer(&first, 1, json!("second"));
    for again in [
        StoredAnswer { question_id: stored.question_id.clone(), ..fresh.clone() },
        StoredAnswer { position: stored.position, ..fresh.clone() },
        StoredAnswer { client_id: stored.client_id.clone(), ..fresh.clone() },
    ] {
        let refused = add(store, again).await;
        assert!(matches!(refused, Err(StoreError::Conflict { what: "answer" })), "{refused:?}");
    }
    assert_eq!(store.read().await.unwrap().list_answers(&first.id).await.unwrap(), [stored]);
    add(store, answer(&session(Live, 2, 1), 0, json!("another session"))).await.unwrap();
}

pub(crate) async fn numbers_and_texts_come_back_exactly(store: &dyn Store) {
    let session = begin(store).await;
    let values = [
        json!(0.1 + 0.2),
        json!(5e-324),
        json!(1.797_693_134_862_315_7e308),
        json!(9_007_199_254_740_993_i64),
        json!(u64::MAX),
        json!("zero \u{0} byte, \u{1F600}, \u{202E}right to left, 'quotes' \"and\" \\"),
        json!(["b", "a"]),
        json!(true),
        Value::Null,
    ];
    for (position, value) in (0..).zip(&values) {
        add(store, answer(&session, position, value.clone())).await.unwrap();
    }
    let stored = store.read().await.unwrap().list_answers(&session.id).await.unwrap();
    assert!(
        stored.iter().map(|answer| &answer.value).eq(&values),
        "{:?}",
        stored.iter().map(|a| &a.value).collect::<Vec<_>>()
    );
}

pub(crate) async fn a_count_beyond_63_bits_is_refused(store: &dyn Store) {
    let session = begin(store).await;
    let largest = u64::MAX >> 1;
    add(store, StoredAnswer { seq: largest, elapsed_ms: largest, ..answer(&session, 0, Value::Null) })
        .await
        .unwrap();
    for huge in [
        StoredAnswer { seq: largest + 1, ..answer(&session, 1, Value::Null) },
        StoredAnswer { elapsed_ms: u64::MAX, ..answer(&session, 1, Value::Null) },
    ] {
        let refused = add(store, huge).await;
        assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    }
}

pub(crate) async fn an_answer_removes_the_draft_of_its_question_only(store: &dyn Store) {
    let first = begin(store).await;
    let second = session(Live, 2, 1);
    put(store, draft(&first, "q1", 5)).await;
    put(store, draft(&second, "q1", 5)).await;
    add(store, answer(&first, 0, json!("to q0"))).await.unwrap();
    assert_eq!(found_draft(store, &first).await, Some(draft(&first, "q1", 5)));
    add(store, answer(&first, 1, json!("to q1"))).await.unwrap();
    assert_eq!(found_draft(store, &first).await, None);
    assert_eq!(found_draft(store, &second).await, Some(draft(&second, "q1", 5)));
}

pub(crate) async fn a_late_draft_of_the_same_question_changes_nothing(store: &dyn Store) {
    let session = begin(store).await;
    assert_eq!(found_draft(store, &session).await, None);
    let again = StoredDraft { value: json!("again"), ..draft(&session, "q1", 5) };
    let steps = [
        (draft(&session, "q1", 5), draft(&session, "q1", 5)),
        (draft(&session, "q1", 4), draft(&session, "q1", 5)),
        (again.clone(), again),
        (draft(&session, "q1", 6), draft(&session, "q1", 6)),
        (draft(&session, "q2", 1), draft(&session, "q2", 1)),
    ];
    for (given, stored) in steps {
        assert_eq!(put(store, given.clone()).await, stored, "after {given:?}");
        assert_eq!(found_draft(store, &session).await, Some(stored));
    }
}
