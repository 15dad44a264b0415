//! What finds, counts, moves on and removes.

use protocol::{
    Environment,
    ids::{CampaignId, PrefixedId},
};
use rusqlite::{StatementStatus, config::DbConfig};

use super::{assert_quick, open, pages, plan};
use crate::{
    CampaignFilter, SessionSpan,
    repositories::{
        analytics, answers, api_keys, campaigns, deliveries, erasure, events, idempotency, invites,
        participants, sessions, signing_keys, uploads, users, webhooks,
    },
};

/// Each answer, draft, start and mint looks its campaign up, inside the only writer.
#[tokio::test]
async fn a_campaign_is_found_without_a_look_at_its_sessions() {
    let (store, _folder) = open().await;
    let page = CampaignFilter::default();
    let found = [plan(&store, campaigns::FIND).await, plan(&store, campaigns::FIND_MANY).await];
    for plan in found.into_iter().chain([plan(&store, campaigns::list_sql(&page, &pages()[0])).await]) {
        assert!(plan.contains("SEARCH campaigns USING INDEX"), "{plan}");
        assert!(!plan.contains("sessions"), "counts what nobody shows:\n{plan}");
    }
    let counted = plan(&store, campaigns::COUNT_ABANDONED).await;
    let index = "INDEX sessions_open (environment=? AND campaign_id=? AND resumable_until<?)";
    assert!(counted.contains(index), "{counted}");
}

#[tokio::test]
async fn the_lookups_of_each_request_use_an_index() {
    let (store, _folder) = open().await;
    let statements = [
        api_keys::LOOKUP,
        api_keys::USAGE,
        participants::BY_EMAIL,
        participants::BY_EXTERNAL_ID,
        invites::CANCEL_OF_KEY,
        erasure::OPEN_INVITES,
        sessions::OF_INVITE,
        answers::FIND_REPLY,
        idempotency::REMOVE_EXPIRED,
        deliveries::DUE,
        erasure::PARTICIPANT,
        idempotency::FIND,
        answers::OF_SESSION,
        uploads::OF_SESSION,
        uploads::PARTS,
        uploads::ABOUT,
        users::BY_EMAIL,
        users::OF_GRANT,
        users::REMOVE_EXPIRED,
        users::REPLACE_FOLLOWER,
        users::REVOKE_GRANT,
        users::REVOKE_OF_USER,
        signing_keys::OF_ENVIRONMENT,
    ];
    for statement in statements {
        assert_quick(&plan(&store, statement).await, &statement);
    }
}

#[tokio::test]
async fn counts_read_the_sessions_and_answers_of_one_campaign_only() {
    let (store, _folder) = open().await;
    let time = Some(protocol::Timestamp::from_millis(0));
    let campaign_id = CampaignId::from_suffix("1");
    let all = SessionSpan { environment: Environment::Live, campaign_id, from: None, to: None };
    for span in [SessionSpan { from: time, to: time, ..all.clone() }, all] {
        for statement in [
            analytics::count_sql(&span),
            analytics::duration_sql(&span),
            analytics::tally_sql(&span),
            analytics::abandoned_sql(&span),
        ] {
            let plan = plan(&store, statement).await;
            assert!(!plan.contains("SCAN") && plan.contains("(environment=? AND campaign_id=?"), "{plan}");
        }
    }
}

#[tokio::test]
async fn what_is_no_longer_needed_is_found_without_looking_at_the_rest() {
    let (store, _folder) = open().await;
    // Organizations and endpoints are few and looked at one by one; what belongs to them is not.
    for (statement, index) in [
        (events::REMOVE_OLD, "SEARCH v USING PRIMARY KEY (environment=? AND organization_id=? AND id<?)"),
        (
            events::REMOVE_OLD,
            "SEARCH events USING PRIMARY KEY (environment=? AND organization_id=? AND id=?)",
        ),
        (deliveries::REMOVE_OLD, "SEARCH d USING PRIMARY KEY (endpoint_id=? AND event_id<?)"),
        (
            deliveries::REMOVE_OLD,
            "SEARCH webhook_deliveries USING PRIMARY KEY (endpoint_id=? AND event_id=?)",
        ),
        (deliveries::REMOVE_DELETED, "SCAN e USING INDEX webhook_endpoints_deleted"),
        (deliveries::REMOVE_DELETED, "SEARCH d USING PRIMARY KEY (endpoint_id=?)"),
        (
            deliveries::REMOVE_DELETED,
            "SEARCH webhook_deliveries USING PRIMARY KEY (endpoint_id=? AND event_id=?)",
        ),
        (webhooks::FIND_DELETED, "INDEX webhook_endpoints_deleted"),
        (webhooks::REMOVE_DELETED, "INDEX webhook_endpoints_deleted"),
    ] {
        let plan = plan(&store, statement).await;
        assert!(plan.contains(index), "{index}:\n{plan}");
    }
}

#[tokio::test]
async fn the_dispatcher_and_the_calendar_look_up_by_time() {
    let (store, _folder) = open().await;
    // Endpoints and campaigns are few and looked at one by one; what belongs to them is not.
    for (statement, index) in [
        (deliveries::PUT_OFF, "USING PRIMARY KEY (endpoint_id=? AND event_id=?)"),
        (deliveries::HASTEN, "USING INDEX webhook_deliveries_due (endpoint_id=?)"),
        (sessions::MARKS, "SEARCH s USING INDEX sqlite_autoindex_sessions_1 (id=?)"),
        (
            idempotency::EMPTY,
            "SEARCH s USING COVERING INDEX idempotency_subjects_by_participant (participant_id=? AND environment=?)",
        ),
        (
            idempotency::EMPTY_OF_INVITE,
            "SEARCH s USING COVERING INDEX idempotency_subjects_by_participant (participant_id=? AND environment=?)",
        ),
        (deliveries::MOVE, "USING PRIMARY KEY (endpoint_id=? AND event_id=?)"),
        (deliveries::COUNT, "USING PRIMARY KEY (endpoint_id=? AND event_id=?)"),
        (deliveries::DELIVER, "USING PRIMARY KEY (endpoint_id=? AND event_id=?)"),
        (deliveries::ADD_ATTEMPTS, "USING PRIMARY KEY (endpoint_id=? AND event_id=?)"),
        (
            deliveries::DUE_ENDPOINTS,
            "USING COVERING INDEX webhook_deliveries_due (endpoint_id=? AND next_attempt_at<?)",
        ),
        (events::EXPIRED, "USING INDEX invites_by_expiry (expires_at>? AND expires_at<?)"),
        (
            events::EXPIRED,
            "USING INDEX sessions_open (environment=? AND campaign_id=? AND resumable_until>? AND resumable_until<?)",
        ),
        (events::NTH_END, "invites_by_expiry (expires_at>? AND expires_at<?)"),
        (
            events::NTH_END,
            "INDEX sessions_open (environment=? AND campaign_id=? AND resumable_until>? AND resumable_until<?)",
        ),
        (events::NEXT_END, "USING INDEX invites_by_expiry (expires_at>?)"),
        (
            events::NEXT_END,
            "USING INDEX sessions_open (environment=? AND campaign_id=? AND resumable_until>?)",
        ),
        (
            events::ABANDONED,
            "USING INDEX sessions_open (environment=? AND campaign_id=? AND resumable_until>? AND resumable_until<?)",
        ),
    ] {
        let plan = plan(&store, statement).await;
        assert!(plan.contains(index), "{plan}");
    }
}

/// Otherwise each page of a list, and each look at what is due, is paid for by another compilation.
#[test]
fn a_statement_is_compiled_once_whatever_its_limit_is() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let compiled_again = || {
        let mut statement = connection.prepare("SELECT 1 LIMIT ?1").unwrap();
        for limit in 1..=3 {
            statement.query_row([limit], |_| Ok(())).unwrap();
        }
        statement.get_status(StatementStatus::RePrepare)
    };
    assert_eq!(compiled_again(), 0);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, false).unwrap();
    assert_ne!(compiled_again(), 0, "it does not show here");
}

#[tokio::test]
async fn erasing_reads_no_whole_table() {
    let (store, _folder) = open().await;
    for invites in [erasure::OF_PARTICIPANT, erasure::ONE] {
        for statement in erasure::statements(invites) {
            let plan = plan(&store, statement).await;
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
