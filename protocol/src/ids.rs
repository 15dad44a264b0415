//! Prefixed identifiers: `camp_01JD…`.
//!
//! We mint `<prefix>_<26 Crockford base32>` (48 bits of Unix milliseconds, 80 random bits), so ids sort by age.
//! Parsers accept any `^<prefix>_[0-9A-Za-z]+$`, because the published guides show ids such as `key_123`.

use serde::{Deserialize, Serialize};

/// Longest id we accept, in bytes; ours are at most 31.
const MAX_LEN: usize = 64;

/// The text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id of the form {expected}_…")]
pub struct InvalidId {
    /// The prefix that the text should have begun with, without the underscore.
    pub expected: &'static str,
}

/// What all ids have in common, so that one function can mint any of them.
pub trait PrefixedId: Sized {
    /// What such an id begins with, without the underscore.
    const PREFIX: &'static str;

    /// Puts the prefix before `suffix`, which must be ASCII letters and digits.
    fn from_suffix(suffix: &str) -> Self;
}

fn is_valid(text: &str, prefix: &str) -> bool {
    text.len() <= MAX_LEN
        && text
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl PrefixedId for $name {
            const PREFIX: &'static str = $prefix;

            fn from_suffix(suffix: &str) -> Self {
                Self(format!("{}_{suffix}", Self::PREFIX))
            }
        }

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            /// [`InvalidId`] when the prefix is another one, or what follows is not ASCII letters and digits.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if is_valid(text, Self::PREFIX) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { expected: Self::PREFIX })
                }
            }

            /// The id as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(/// An organization: whoever owns keys, campaigns and answers.
    OrganizationId, "org");
id!(/// A user: somebody of an organization who signs in.
    UserId, "usr");
id!(/// A grant: one sign-in, and all the tokens that come of it.
    GrantId, "gr");
id!(/// An API key (the key itself is a secret; this names it).
    ApiKeyId, "key");
id!(/// A campaign: an interview with its settings.
    CampaignId, "camp");
id!(/// A participant: the person who is interviewed.
    ParticipantId, "part");
id!(/// An invite; also the `jti` of its tokens.
    InviteId, "inv");
id!(/// A session: one run through an interview.
    SessionId, "ses");
id!(/// A committed answer.
    AnswerId, "ans");
id!(/// An entry of the audit log.
    AuditEventId, "aud");
id!(/// A webhook endpoint.
    WebhookId, "we");
id!(/// An event: something that has happened.
    EventId, "evt");
id!(/// An event on its way to one endpoint; the same with each attempt.
    MessageId, "msg");
id!(/// A file that was sent.
    UploadId, "upl");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_the_guides_are_accepted() {
        assert!(ApiKeyId::parse("key_123").is_ok());
        assert!(CampaignId::parse("camp_456abc").is_ok());
    }

    #[test]
    fn another_prefix_an_empty_tail_and_odd_characters_are_refused() {
        for text in [
            "inv_1",
            "camp_",
            "camp",
            "camp_a-b",
            "camp_é",
            "camp_a b",
            "",
            &format!("camp_{}", "a".repeat(80)),
        ] {
            assert_eq!(CampaignId::parse(text), Err(InvalidId { expected: "camp" }), "{text}");
        }
    }
}
