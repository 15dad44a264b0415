//! Those who are told of what happens: endpoints get deliveries until they take them.
//!
//! - [`dispatcher`]: takes what is due, sends it, writes down what came of it · `calls`: who may have how many on their way
//! - [`signature`]: what receivers check
//! - [`calendar`]: what only the time makes happen

pub mod calendar;
mod calls;
pub mod dispatcher;
pub mod signature;

use egress::Policy;
use protocol::Environment;

/// What endpoints may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Webhooks {
    /// Whether those of the sandbox may be on this machine and without TLS.
    pub sandbox_loopback: bool,
}

impl Webhooks {
    /// Where endpoints of an environment may be.
    pub fn policy(self, environment: Environment) -> Policy {
        Policy { allow_loopback: self.sandbox_loopback && environment == Environment::Test }
    }
}
