//! The person who has signed in.

use async_graphql::{Enum, ID, Object};

use crate::auth::bearer_user::Bearer;

/// What somebody is in their organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "protocol::user::Role")]
pub(in crate::graphql) enum Role {
    /// Everything.
    Owner,
    /// Everything but the ownership.
    Admin,
    /// Interviews, invites and what came of them.
    Editor,
    /// Looks only.
    Viewer,
}

/// Which of the two worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "protocol::Environment")]
pub(in crate::graphql) enum Environment {
    /// Real candidates.
    Live,
    /// The sandbox.
    Test,
}

/// Somebody who has signed in.
pub(in crate::graphql) struct User(pub(in crate::graphql) Bearer);

/// Somebody who has signed in.
#[Object]
impl User {
    /// Their id.
    async fn id(&self) -> ID {
        self.0.user_id.to_string().into()
    }

    /// What they are in their organization.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Their organization.
    async fn organization_id(&self) -> ID {
        self.0.organization_id.to_string().into()
    }

    /// Where they have signed in.
    async fn environment(&self) -> Environment {
        self.0.environment.into()
    }
}
