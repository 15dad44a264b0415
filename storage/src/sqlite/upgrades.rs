//! What becomes of the rows of an older database.

use protocol::Timestamp;
use sqlx::{ConnectOptions as _, Executor as _};

use super::{MIGRATIONS, file, options};
use crate::repositories::{link::Row, webhooks::read};

#[tokio::test]
async fn the_previous_secret_of_an_older_database_goes_on_signing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    file::create(&path).unwrap();
    let mut connection = options(&path).foreign_keys(false).connect().await.unwrap();
    let (old, new): (Vec<_>, Vec<_>) = MIGRATIONS.iter().partition(|migration| migration.version < 13);
    for migration in old {
        connection.execute(sqlx::raw_sql(migration.sql.clone())).await.unwrap();
    }
    connection
        .execute(
            "INSERT INTO webhook_endpoints
             SELECT value, 'live', 'org_1', 'https://example.com/', '', '[]', 'whsec_new',
                 iif(value = 'we_2', 'whsec_old', NULL), iif(value = 'we_2', 5000, NULL), 'enabled', NULL, NULL, 1, 1
             FROM json_each('[\"we_1\", \"we_2\"]')",
        )
        .await
        .unwrap();
    for migration in new {
        connection.execute(sqlx::raw_sql(migration.sql.clone())).await.unwrap();
    }
    let rows = connection.fetch_all("SELECT * FROM webhook_endpoints ORDER BY id").await.unwrap();
    let previous: Vec<_> =
        rows.into_iter().map(|row| read(&Row::Sqlite(row)).unwrap().previous_secrets).collect();
    assert_eq!(previous, [vec![], vec![("whsec_old".to_owned(), Timestamp::from_millis(5_000))]]);
}
