//! How often passwords may be tried: a few times a minute for each account, more for each address.
//!
//! Right ones count as well, since they are known to be right only after the work. Whoever has tried too often is
//! refused before anything is hashed, so guessing costs the server nothing and keeps nobody waiting.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use aws_lc_rs::digest::{SHA256, digest};
use domain::{clock::Clock, email};
use governor::{
    Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::HashMapStateStore,
};
use protocol::ids::OrganizationId;

use super::key_cache::network;
use crate::limits::SharedClock;

/// Tries a minute for one account, from wherever.
const FOR_AN_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Tries a minute from one address (for v6 from one /64), for whichever accounts: a backend may sign many people in.
const FROM_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(60).unwrap();

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, SharedClock, NoOpMiddleware<Nanos>>;

/// Who has tried how often.
pub struct Guesses {
    clock: SharedClock,
    accounts: Limiter<[u8; 32]>,
    addresses: Limiter<Option<IpAddr>>,
}

impl std::fmt::Debug for Guesses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guesses")
    }
}

impl Guesses {
    /// Nobody has tried yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = SharedClock(clock);
        Self {
            accounts: RateLimiter::hashmap_with_clock(Quota::per_minute(FOR_AN_ACCOUNT), clock.clone()),
            addresses: RateLimiter::hashmap_with_clock(Quota::per_minute(FROM_AN_ADDRESS), clock.clone()),
            clock,
        }
    }

    /// Counts a try. One that comes from an address that has none left does not count for the account.
    ///
    /// # Errors
    /// In how many seconds another may be made.
    pub fn attempt(
        &self,
        organization: &OrganizationId,
        email: &str,
        address: Option<IpAddr>,
    ) -> Result<(), u32> {
        let now = self.clock.now();
        let seconds =
            |wait: Duration| u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX).max(1);
        let from = address.map(network);
        self.addresses.check_key(&from).map_err(|refused| seconds(refused.wait_time_from(now)))?;
        let account = account(organization, email);
        self.accounts.check_key(&account).map_err(|refused| seconds(refused.wait_time_from(now)))
    }

    /// Forgets who has not tried for a while.
    pub fn forget_idle(&self) {
        self.accounts.retain_recent();
        self.addresses.retain_recent();
    }
}

/// A digest, since whatever is sent as an address would be kept for a minute.
fn account(organization: &OrganizationId, email: &str) -> [u8; 32] {
    // An id has no separator in it.
    let name = format!("{organization}\0{}", email::key(email));
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, name.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use domain::clock::FrozenClock;
    use protocol::{Timestamp, ids::PrefixedId as _};

    use super::*;

    fn guesses() -> (Arc<FrozenClock>, Guesses) {
        let clock = Arc::new(FrozenClock::at(Timestamp::from_millis(1_769_860_800_000)));
        (Arc::clone(&clock), Guesses::new(clock))
    }

    fn org(name: &str) -> OrganizationId {
        OrganizationId::from_suffix(name)
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn the_eleventh_try_at_an_account_in_a_minute_has_to_wait_wherever_it_comes_from() {
        let (clock, guesses) = guesses();
        for number in 0..10 {
            assert_eq!(guesses.attempt(&org("a"), "Ada@example.com", Some(address(number))), Ok(()));
        }
        assert_eq!(guesses.attempt(&org("a"), "ada@EXAMPLE.com", Some(address(99))), Err(6));
        assert_eq!(guesses.attempt(&org("a"), "bob@example.com", Some(address(99))), Ok(()));
        assert_eq!(guesses.attempt(&org("b"), "ada@example.com", Some(address(99))), Ok(()));
        clock.advance_secs(6);
        assert_eq!(guesses.attempt(&org("a"), "ada@example.com", Some(address(99))), Ok(()));
        assert_eq!(guesses.attempt(&org("a"), "ada@example.com", Some(address(99))), Err(6));
    }

    #[test]
    fn the_sixty_first_try_from_an_address_in_a_minute_has_to_wait_whoever_it_is_for() {
        let (clock, guesses) = guesses();
        for number in 0..60 {
            assert_eq!(
                guesses.attempt(&org("a"), &format!("{number}@example.com"), Some(address(1))),
                Ok(())
            );
        }
        for _ in 0..20 {
            assert_eq!(guesses.attempt(&org("a"), "ada@example.com", Some(address(1))), Err(1));
        }
        assert_eq!(
            guesses.attempt(&org("a"), "ada@example.com", Some(address(2))),
            Ok(()),
            "and costs the account nothing"
        );
        clock.advance_secs(1);
        assert_eq!(guesses.attempt(&org("a"), "ada@example.com", Some(address(1))), Ok(()));
    }

    #[test]
    fn who_has_not_tried_for_a_while_is_forgotten() {
        let (clock, guesses) = guesses();
        guesses.attempt(&org("a"), "ada@example.com", None).unwrap();
        clock.advance_secs(60);
        guesses.forget_idle();
        assert_eq!((guesses.accounts.len(), guesses.addresses.len()), (0, 0));
    }
}
