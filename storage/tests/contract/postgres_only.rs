//! What only `PostgreSQL` can do wrong: the way to its server.

use storage::ConnectError;
use url::Url;

use crate::{
    databases::{ServerDatabase, postgres_at},
    fixtures,
};

/// By this `sslmode` to this name of the machine, of which the certificate says `localhost`. Whether with the authority that has
/// signed it, which `TEST_POSTGRES_URL` names; the tests say `sslmode=disable` in it.
async fn connect(mode: &str, host: &str, has_authority: bool) -> Result<ServerDatabase, ConnectError> {
    postgres_at(|url| {
        let authority =
            url.query_pairs().find(|(name, _)| name == "sslrootcert").map(|(_, file)| file.into_owned());
        let authority = authority.expect(
            "TEST_POSTGRES_URL has an sslrootcert; otherwise leave these out by `--skip postgres_only`",
        );
        let authority = has_authority.then_some(("sslrootcert", authority.as_str()));
        let mut other: Url = url.clone();
        other.set_host(Some(host)).unwrap();
        other.query_pairs_mut().clear().append_pair("sslmode", mode).extend_pairs(authority);
        *url = other;
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_POSTGRES_URL"]
async fn each_connection_is_encrypted_where_the_url_asks_for_it() {
    for (mode, is_encrypted) in [("verify-full", true), ("require", true), ("disable", false)] {
        let database = connect(mode, "localhost", true).await.unwrap();
        // By a connection that writes and one that reads.
        fixtures::seed(database.store()).await;
        assert!(
            database
                .store()
                .read()
                .await
                .unwrap()
                .find_organization(&fixtures::org(1))
                .await
                .unwrap()
                .is_some()
        );
        let (all, encrypted) = database.connections().await;
        assert!(all >= 2, "{mode}: {all}");
        assert_eq!(encrypted, if is_encrypted { all } else { 0 }, "{mode}");
        database.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_POSTGRES_URL"]
async fn a_server_that_cannot_show_who_it_is_is_refused_as_far_as_the_url_asks() {
    for (mode, host, has_authority, is_refused) in [
        ("verify-full", "localhost", true, None),
        ("verify-full", "127.0.0.1", true, Some("not valid for name")),
        ("verify-full", "localhost", false, Some("UnknownIssuer")),
        ("verify-ca", "127.0.0.1", true, None),
        ("verify-ca", "127.0.0.1", false, Some("UnknownIssuer")),
        ("require", "127.0.0.1", false, None),
    ] {
        let outcome = connect(mode, host, has_authority).await;
        match (outcome, is_refused) {
            (Ok(database), None) => database.remove().await,
            (Err(error), Some(reason)) => {
                let causes =
                    std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
                let told = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
                assert!(told.contains(reason), "{mode} {host}: {told}");
            }
            (outcome, _) => panic!("{mode} {host} {has_authority}: {:?}", outcome.map(drop)),
        }
    }
}
