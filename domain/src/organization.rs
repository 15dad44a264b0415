//! Organizations: who owns keys, campaigns and answers.

use std::num::NonZeroU32;

use protocol::{Timestamp, ids::OrganizationId};

use crate::fault::{Fault, check_text};

/// What an organization may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plan {
    /// 10 keys, 100 requests a minute.
    Free,
    /// 25 keys, 1,000 requests a minute.
    Pro,
    /// As agreed.
    Enterprise,
    /// Your own server: no limits.
    SelfHosted,
}

impl Plan {
    /// Every plan.
    pub const ALL: [Self; 4] = [Self::Free, Self::Pro, Self::Enterprise, Self::SelfHosted];

    /// The plan as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
            Self::SelfHosted => "self_hosted",
        }
    }

    /// How many requests a minute are answered in each environment. What an enterprise has agreed on is in the
    /// configuration; `None` is without limit.
    pub const fn requests_per_minute(self, enterprise: Option<NonZeroU32>) -> Option<NonZeroU32> {
        match self {
            Self::Free => NonZeroU32::new(100),
            Self::Pro => NonZeroU32::new(1_000),
            Self::Enterprise => enterprise,
            Self::SelfHosted => None,
        }
    }

    /// How many keys may be active at once in each environment; `None` is without limit.
    pub const fn max_active_keys(self) -> Option<u32> {
        match self {
            Self::Free => Some(10),
            Self::Pro => Some(25),
            Self::Enterprise | Self::SelfHosted => None,
        }
    }
}

/// An organization, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name; no other has the same.
    pub name: String,
    /// What it may use.
    pub plan: Plan,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What is wrong with the name of a new organization, which lies at `pointer`.
pub fn check_name(pointer: &str, name: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_text(&mut faults, pointer, name, 1, 100);
    faults
}
