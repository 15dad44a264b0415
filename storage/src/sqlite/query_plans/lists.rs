//! Lists, by every filter that they have.

use protocol::{
    campaign::CampaignStatus,
    ids::{CampaignId, InviteId},
    invite::InviteStatus,
    session::SessionStatus,
    webhook::{DeliveryStatus, EventType},
};
use sqlx::{AssertSqlSafe, Row, SqlSafeStr};

use super::{assert_quick, open, pages, plan};
use crate::{
    AuditFilter, CampaignFilter, EventFilter, InviteFilter, SessionFilter,
    repositories::{
        api_keys, audit, campaigns, deliveries, events, invites, organizations, sessions, users, webhooks,
    },
    sqlite::{SqliteStore, minter},
};

const SESSION_STATUSES: [SessionStatus; 5] = [
    SessionStatus::Active,
    SessionStatus::Paused,
    SessionStatus::Completed,
    SessionStatus::Declined,
    SessionStatus::Abandoned,
];

#[tokio::test]
async fn no_list_of_invites_reads_more_than_it_shows() {
    let (store, _folder) = open().await;
    let campaigns = [None, Some(CampaignId::parse("camp_1").unwrap())];
    for page in pages() {
        for status in InviteStatus::ALL.into_iter().map(Some).chain([None]) {
            for (campaign_id, external_id) in
                campaigns.iter().flat_map(|one| [(one.clone(), None), (one.clone(), Some("e".to_owned()))])
            {
                let filter = InviteFilter { campaign_id, status, external_id };
                assert_quick(&plan(&store, invites::list_sql(&filter, &page)).await, &(&filter, &page));
            }
        }
    }
}

#[tokio::test]
async fn no_list_of_sessions_reads_more_than_it_shows() {
    let (store, _folder) = open().await;
    let campaigns = [None, Some(CampaignId::parse("camp_1").unwrap())];
    for page in pages() {
        for status in SESSION_STATUSES.into_iter().map(Some).chain([None]) {
            for campaign_id in campaigns.clone() {
                let filter = SessionFilter { campaign_id, invite_id: None, status };
                for part in sessions::parts(status) {
                    assert_quick(
                        &plan(&store, sessions::list_sql(&filter, *part, &page)).await,
                        &(&filter, &page),
                    );
                }
            }
        }
    }
}

/// Whether what a statement looks at first, of each entry of its index, is in that entry. The plan does not tell.
async fn looks_into_the_index_first(store: &SqliteStore, statement: impl SqlSafeStr) -> bool {
    let statement = format!("EXPLAIN {}", statement.into_sql_str().as_str());
    let program = sqlx::query(AssertSqlSafe(statement)).fetch_all(&store.readers).await.unwrap();
    let step = |row: &sqlx::sqlite::SqliteRow| (row.get::<String, _>("opcode"), row.get::<i64, _>("p1"));
    let mut steps = program.iter().map(step).skip_while(|(opcode, _)| opcode != "DeferredSeek");
    let (_, index) = steps.next().expect("an index that leads to rows");
    steps.find(|(opcode, _)| opcode == "Column").is_some_and(|(_, from)| from == index)
}

/// What was left alone for too long stays in the list of its stored status for good, so it is passed by in the index alone.
#[tokio::test]
async fn sessions_that_are_over_are_passed_by_without_reading_them() {
    let (store, _folder) = open().await;
    for campaign_id in [None, Some(CampaignId::parse("camp_1").unwrap())] {
        for status in [SessionStatus::Active, SessionStatus::Paused, SessionStatus::Abandoned] {
            let filter =
                SessionFilter { campaign_id: campaign_id.clone(), invite_id: None, status: Some(status) };
            for (part, page) in
                sessions::parts(Some(status)).iter().flat_map(|part| pages().map(|page| (part, page)))
            {
                let statement = sessions::list_sql(&filter, *part, &page);
                assert!(looks_into_the_index_first(&store, statement).await, "{filter:?} {page:?}");
            }
        }
    }
}

/// The steps of the database's own machine that a list takes.
fn steps(
    connection: &rusqlite::Connection,
    statement: impl SqlSafeStr,
    values: &[(&str, &dyn rusqlite::ToSql)],
) -> i32 {
    let mut statement = connection.prepare(statement.into_sql_str().as_str()).unwrap();
    for (name, value) in values {
        if let Some(index) = statement.parameter_index(name).unwrap() {
            statement.raw_bind_parameter(index, value).unwrap();
        }
    }
    let mut rows = statement.raw_query();
    while rows.next().unwrap().is_some() {}
    drop(rows);
    statement.get_status(rusqlite::StatementStatus::VmStep)
}

#[tokio::test]
async fn a_list_of_what_there_is_none_of_takes_few_steps_in_a_full_table() {
    const FEW: i32 = 200;
    let (_store, folder) = open().await;
    let connection = minter::open(&folder.path().join("plans.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             CREATE TEMP TABLE numbers AS WITH RECURSIVE counted (n) AS (
                 VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 5000) SELECT n FROM counted;
             INSERT INTO events SELECT 'live', 'org_1', 'evt_' || n, 'session.answer_recorded', n, '{}' FROM numbers;
             INSERT INTO webhook_deliveries
                 SELECT 'we_1', 'evt_' || n, 'session.answer_recorded', 'delivered', 1, 1, NULL, n FROM numbers;",
        )
        .unwrap();
    for kind in [EventType::CampaignActivated, EventType::InterviewCompleted, EventType::Ping] {
        let filter = EventFilter { kind: Some(kind), from: None, to: None };
        let values: [(&str, &dyn rusqlite::ToSql); 4] =
            [("$1", &"live"), ("$2", &"org_1"), ("$6", &kind.as_str()), ("$7", &51)];
        let steps = steps(&connection, events::list_sql(&filter, &pages()[0]), &values);
        assert!(steps < FEW, "{steps} steps for {kind:?}");
    }
    for status in [DeliveryStatus::Pending, DeliveryStatus::Failed] {
        let values: [(&str, &dyn rusqlite::ToSql); 3] =
            [("$1", &"we_1"), ("$2", &status.as_str()), ("$4", &51)];
        let steps = steps(&connection, deliveries::list_sql(Some(status), &pages()[0]), &values);
        assert!(steps < FEW, "{steps} steps for {status:?}");
    }
}

#[tokio::test]
async fn the_few_sessions_of_an_invite_are_found_by_it() {
    let (store, _folder) = open().await;
    let invite_id = Some(InviteId::parse("inv_1").unwrap());
    let filter = SessionFilter { invite_id, campaign_id: None, status: None };
    let plan = plan(&store, sessions::list_sql(&filter, (None, ""), &pages()[0])).await;
    assert!(plan.contains("SEARCH sessions USING INDEX sessions_by_invite"), "{plan}");
}

#[tokio::test]
async fn no_list_of_campaigns_keys_users_or_organizations_reads_more_than_it_shows() {
    let (store, _folder) = open().await;
    for page in pages() {
        for status in [None, Some(CampaignStatus::Active)] {
            let filter = CampaignFilter { status };
            assert_quick(&plan(&store, campaigns::list_sql(&filter, &page)).await, &(&filter, &page));
        }
        assert_quick(&plan(&store, api_keys::list_sql(&page)).await, &page);
        assert_quick(&plan(&store, users::list_sql(&page)).await, &page);
        let plan = plan(&store, organizations::list_sql(&page)).await;
        // Without a beginning it is read from the end of its index, which is called a scan of it.
        assert!(plan.contains("USING INDEX sqlite_autoindex_organizations_1"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn no_list_of_the_audit_log_is_sorted_or_reads_what_is_not_its_own() {
    let (store, _folder) = open().await;
    for page in pages() {
        for bits in 0..32_u8 {
            let wanted = |bit: u8| bits & (1 << bit) != 0;
            let time = protocol::Timestamp::from_millis(0);
            let filter = AuditFilter {
                actor_id: wanted(0).then(|| "key_1".to_owned()),
                action: wanted(1).then_some(protocol::audit::AuditAction::ApiKeyCreated),
                target_id: wanted(2).then(|| "key_2".to_owned()),
                from: wanted(3).then_some(time),
                to: wanted(4).then_some(time),
            };
            let plan = plan(&store, audit::list_sql(&filter, &page)).await;
            assert_quick(&plan, &(&filter, &page));
            if page.before.is_some() || filter.from.is_some() || filter.to.is_some() {
                assert!(
                    plan.contains("at<") || plan.contains("at>") || plan.contains("(at,ordinal)<"),
                    "{plan}"
                );
            }
        }
    }
}

#[tokio::test]
async fn no_list_of_events_endpoints_or_deliveries_reads_what_is_not_its_own() {
    let (store, _folder) = open().await;
    for page in pages() {
        let time = Some(protocol::Timestamp::from_millis(0));
        for kind in EventType::ALL.iter().copied().map(Some).chain([None]) {
            for filter in
                [EventFilter { kind, from: None, to: None }, EventFilter { kind, from: time, to: time }]
            {
                let plan = plan(&store, events::list_sql(&filter, &page)).await;
                assert_quick(&plan, &(&filter, &page));
                let is_rare = kind.is_some_and(|kind| kind != EventType::InviteCreated);
                let by = if is_rare {
                    "INDEX events_by_type (environment=? AND organization_id=? AND type=?"
                } else {
                    "PRIMARY KEY (environment=? AND organization_id=?"
                };
                assert!(plan.contains(by), "reads what it does not show for {filter:?}:\n{plan}");
                let is_part = page.before.is_some() || filter.from.is_some();
                assert_eq!(plan.contains("id>") || plan.contains("id<"), is_part, "{plan}");
            }
        }
        assert_quick(&plan(&store, events::list_of_sql(&page)).await, &page);
        assert_quick(&plan(&store, webhooks::list_sql(&page)).await, &page);
        for status in [
            None,
            Some(DeliveryStatus::Pending),
            Some(DeliveryStatus::Delivered),
            Some(DeliveryStatus::Failed),
        ] {
            let plan = plan(&store, deliveries::list_sql(status, &page)).await;
            assert_quick(&plan, &(status, &page));
            let is_rare = status.is_some_and(|status| status != DeliveryStatus::Delivered);
            let by = if is_rare {
                "INDEX webhook_deliveries_by_status (endpoint_id=? AND status=?"
            } else {
                "PRIMARY KEY (endpoint_id=?"
            };
            assert!(plan.contains(by), "reads what it does not show for {status:?}:\n{plan}");
            assert_eq!(plan.contains("event_id<?"), page.before.is_some(), "{plan}");
        }
    }
}
