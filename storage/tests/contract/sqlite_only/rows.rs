//! Rows that somebody changed by hand.

use sqlx::{Connection, SqliteConnection};
use storage::StoreError;

use crate::{
    databases::{Database, sqlite},
    fixtures::{Live, camp, id, invite, seed},
};

async fn change(database: &Database<storage::sqlite::SqliteStore>, statement: &'static str) {
    let path = database.url();
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_named() {
    let database = sqlite().await;
    seed(database.store()).await;
    commit!(database.store(), unit => unit.add_invite(&invite(Live, 1)).await).unwrap();
    change(&database, "UPDATE campaigns SET settings = '{' WHERE environment = 'live' AND id = 'camp_00001'")
        .await;
    change(&database, "UPDATE campaigns SET revision = -1 WHERE environment = 'live' AND id = 'camp_00002'")
        .await;
    change(&database, "UPDATE invites SET variables = '[]'").await;
    let mut unit = database.store().read().await.unwrap();
    for (number, expected) in [
        (1, "table campaigns, column settings, row camp_00001: the stored value does not fit"),
        (2, "table campaigns, column revision, row camp_00002: the stored value does not fit"),
    ] {
        let error = unit.find_campaign(Live, &camp(number)).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }));
        assert_eq!(error.to_string(), expected);
    }
    let error = unit.find_invite(Live, &id(Live, 1)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "table invites, column variables, row inv_live00001: the stored value does not fit"
    );
}
