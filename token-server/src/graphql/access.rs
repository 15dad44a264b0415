//! Which field takes which permission. It is decided by the document, before anything is looked up: a request that may
//! not do all that it asks for does nothing.

use protocol::api_key::Scope;

/// A field that gives an object, or does something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access {
    /// What key and role must both allow.
    pub(super) scope: Option<Scope>,
    /// The type of what it gives.
    pub(super) gives: &'static str,
}

/// Type, field, permission, and the type of what it gives. A field that is not here and is not a plain value is refused.
pub(super) const TABLE: &[(&str, &str, Option<Scope>, &str)] = &[
    ("Query", "me", None, "User"),
    ("Query", "interviews", Some(Scope::CampaignsRead), "Interview"),
    ("Query", "interview", Some(Scope::CampaignsRead), "Interview"),
    ("Query", "session", Some(Scope::SessionsRead), "Session"),
    ("Query", "candidate", Some(Scope::SessionsRead), "Candidate"),
    ("Mutation", "login", None, "SignedIn"),
    ("Mutation", "refreshToken", None, "SignedIn"),
    ("Mutation", "createInterview", Some(Scope::CampaignsWrite), "Interview"),
    ("Mutation", "publishInterview", Some(Scope::CampaignsWrite), "Interview"),
    ("Mutation", "createInvite", Some(Scope::InvitesWrite), "CreatedInvite"),
    ("Mutation", "cancelInvite", Some(Scope::InvitesWrite), "Invite"),
    ("Mutation", "uploadFile", Some(Scope::SessionsWrite), "UploadedFile"),
    ("Mutation", "deleteFile", Some(Scope::SessionsWrite), "UploadedFile"),
    ("Mutation", "eraseCandidate", Some(Scope::SessionsWrite), "Candidate"),
    ("Interview", "settings", None, "InterviewSettings"),
    ("Interview", "counters", None, "InterviewCounters"),
    ("Interview", "sessions", Some(Scope::SessionsRead), "Session"),
    ("Interview", "invites", Some(Scope::InvitesRead), "Invite"),
    ("Candidate", "files", Some(Scope::SessionsRead), "UploadedFile"),
    ("CreatedInvite", "invite", None, "Invite"),
    ("Invite", "interview", Some(Scope::CampaignsRead), "Interview"),
    ("Invite", "candidate", Some(Scope::SessionsRead), "Candidate"),
    ("Session", "interview", Some(Scope::CampaignsRead), "Interview"),
    ("Session", "candidate", Some(Scope::SessionsRead), "Candidate"),
    ("Session", "answers", Some(Scope::SessionsRead), "Answer"),
];

/// The mutations of somebody who has no token yet.
pub(super) const SIGN_IN: [&str; 2] = ["login", "refreshToken"];

/// What a field takes and gives, if it is in the [`TABLE`].
pub(super) fn of(parent: &str, field: &str) -> Option<Access> {
    let found = TABLE.iter().find(|(of, name, ..)| *of == parent && *name == field);
    found.map(|&(_, _, scope, gives)| Access { scope, gives })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::graphql::build;

    const FIELDS: &str = "{ __schema { types { name kind fields { name type { ...t } } } } }
        fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

    /// The type that is inside of lists and of what is never null.
    fn innermost(mut kind: &Value) -> &Value {
        while kind["ofType"].is_object() {
            kind = &kind["ofType"];
        }
        kind
    }

    #[tokio::test]
    async fn the_table_has_every_field_that_gives_an_object_or_does_something() {
        let told = build(true).execute(FIELDS).await.data.into_json().unwrap();
        let mut fields = BTreeSet::new();
        for kind in told["__schema"]["types"].as_array().unwrap() {
            let of = kind["name"].as_str().unwrap();
            for field in kind["fields"].as_array().into_iter().flatten() {
                let gives = innermost(&field["type"]);
                if gives["kind"] == "OBJECT" && !of.starts_with("__") {
                    fields.insert((
                        of.to_owned(),
                        field["name"].as_str().unwrap().to_owned(),
                        gives["name"].as_str().unwrap().to_owned(),
                    ));
                } else {
                    assert_ne!(of, "Mutation", "{field}");
                }
            }
        }
        let known = TABLE
            .iter()
            .map(|(of, name, _, gives)| ((*of).to_owned(), (*name).to_owned(), (*gives).to_owned()));
        assert_eq!(known.collect::<BTreeSet<_>>(), fields);
    }
}
