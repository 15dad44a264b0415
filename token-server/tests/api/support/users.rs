//! Users, and those who sign them in.

use domain::{
    clock::Clock as _,
    user::{Role, StoredUser},
};
use protocol::{Environment, user::Password};
use reqwest::Method;
use serde_json::{Value, json};
use token_server::{
    auth::bearer_user::{self, Bearer},
    error::PlainError,
    operations::{
        organizations::Owner,
        users::{self, NewUser},
    },
};

use super::{Caller, Organization, Reply, TestServer, caller::send};

/// The password of every user of a test.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

impl TestServer {
    /// A user of the organization, as the command line makes them.
    pub(crate) async fn user(&self, organization: &Organization, email: &str, role: Role) -> StoredUser {
        let known = self.shared.store.read().await.unwrap().find_organization(&organization.id).await;
        let new = NewUser {
            owner: Owner::named(known.unwrap().expect("an organization").name, None),
            email: email.to_owned(),
            password: Password::new(PASSWORD),
            role,
        };
        let (store, entropy) = (self.shared.store.as_ref(), &self.shared.entropy);
        let created = users::create(store, entropy, &self.shared.passwords, new, self.clock.now()).await;
        created.expect("a user")
    }

    /// Disables a user, as the command line does.
    pub(crate) async fn disable(&self, user: &StoredUser) {
        let (store, entropy) = (self.shared.store.as_ref(), &self.shared.entropy);
        users::disable(store, entropy, user.id.clone(), self.clock.now()).await.expect("a user");
    }

    /// Takes that back, and gives them this role.
    pub(crate) async fn restore(&self, user: &StoredUser, role: Role) {
        let (store, entropy, now) = (self.shared.store.as_ref(), &self.shared.entropy, self.clock.now());
        users::enable(store, entropy, user.id.clone(), now).await.expect("a user");
        users::set_role(store, entropy, user.id.clone(), role, now).await.expect("a user");
    }

    /// Gives a user this password, as the command line does.
    pub(crate) async fn give_password(&self, user: &StoredUser, password: &str) {
        let (store, entropy, passwords) =
            (self.shared.store.as_ref(), &self.shared.entropy, &self.shared.passwords);
        let (id, password) = (user.id.clone(), Password::new(password));
        users::set_password(store, entropy, passwords, id, password, self.clock.now()).await.expect("a user");
    }

    /// Changes a user in the database.
    pub(crate) async fn change_user(&self, changed: StoredUser) {
        storage::write::<_, storage::StoreError, _>(self.shared.store.as_ref(), move |unit| {
            Box::pin(async move { unit.update_user(&changed).await })
        })
        .await
        .expect("a user");
    }

    /// Who an access token says they are, to somebody with a key of this organization in this environment.
    pub(crate) async fn bearer_in(
        &self,
        environment: Environment,
        organization: &Organization,
        token: &str,
    ) -> Result<Bearer, PlainError> {
        bearer_user::verify(&self.state(environment), &organization.id, token).await
    }

    /// The same in the live environment.
    pub(crate) async fn bearer(
        &self,
        organization: &Organization,
        token: &str,
    ) -> Result<Bearer, PlainError> {
        self.bearer_in(Environment::Live, organization, token).await
    }
}

/// Somebody who calls `/auth` with an API key.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    anonymous: Caller,
    key: String,
}

impl Desk {
    /// With the key that this caller has.
    pub(crate) fn of(server: &TestServer, environment: Environment, holder: &Caller) -> Self {
        Self::at(server.url(environment), holder.credential())
    }

    /// Anywhere.
    pub(crate) fn at(url: &str, key: &str) -> Self {
        Self { anonymous: Caller::new(url), key: key.to_owned() }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        send(self.anonymous.request(Method::POST, path).header("x-api-key", &self.key).json(&body)).await
    }

    pub(crate) async fn try_login(&self, email: &str, password: &str) -> Reply {
        self.post("/auth/login", json!({"email": email, "password": password})).await
    }

    /// A pair of tokens.
    pub(crate) async fn login(&self, email: &str) -> Pair {
        Pair::of(&self.try_login(email, PASSWORD).await)
    }

    pub(crate) async fn try_refresh(&self, refresh_token: &str) -> Reply {
        self.post("/auth/refresh", json!({"refresh_token": refresh_token})).await
    }

    /// The next pair of tokens.
    pub(crate) async fn refresh(&self, pair: &Pair) -> Pair {
        Pair::of(&self.try_refresh(&pair.refresh_token).await)
    }

    pub(crate) async fn logout(&self, pair: &Pair) -> Reply {
        self.post("/auth/logout", json!({"refresh_token": pair.refresh_token})).await
    }
}

/// What a sign-in gives.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

impl Pair {
    #[track_caller]
    pub(crate) fn of(reply: &Reply) -> Self {
        let body = reply.expect(200);
        let text = |name: &str| body[name].as_str().expect("a token").to_owned();
        Self { token: text("token"), refresh_token: text("refresh_token") }
    }
}
