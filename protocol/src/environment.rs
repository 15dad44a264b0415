//! Live and test are two worlds: no row, token or file of one is visible in the other.

use serde::{Deserialize, Serialize};

/// One of the two environments that a server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real participants; keys begin with `ir_live_`.
    Live,
    /// The sandbox; keys begin with `ir_test_`.
    Test,
}

impl Environment {
    /// Both, live first.
    pub const ALL: [Self; 2] = [Self::Live, Self::Test];

    /// `live` or `test`, as written in keys, claims and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }
}

impl std::fmt::Display for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is neither `live` nor `test`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected `live` or `test`")]
pub struct InvalidEnvironment;

impl std::str::FromStr for Environment {
    type Err = InvalidEnvironment;
    fn from_str(text: &str) -> Result<Self, InvalidEnvironment> {
        Self::ALL.into_iter().find(|environment| environment.as_str() == text).ok_or(InvalidEnvironment)
    }
}
