//! How many requests a minute an organization may make, in each environment.
//!
//! A minute begins with the first request after the one before has ended, so that no more than the quota fits into it,
//! however the requests are spread. `governor` counts within it: the cells of its bucket come back only when the minute
//! is over, and by then there is a new one. A bucket that is refilled little by little would let nearly twice the
//! quota through in the first minute.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::clock::Clock;
use governor::{
    Quota, RateLimiter,
    clock::Clock as GovernorClock,
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use protocol::{Environment, Timestamp, ids::OrganizationId};

use crate::auth::throttle::Throttle;

/// How long a quota lasts.
const WINDOW_S: i64 = 60;

/// What is left of a quota after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Requests in a whole minute.
    pub quota: NonZeroU32,
    /// Requests that are left of it.
    pub remaining: u32,
    /// Seconds until the next minute may begin, 1 to 60: a request then succeeds.
    pub resets_in_s: u32,
    /// Whether this request was one too many.
    pub exceeded: bool,
}

impl Budget {
    /// The policy as a structured field. Source: draft-ietf-httpapi-ratelimit-headers-10 §3.
    pub fn policy_header(&self) -> String {
        format!("\"default\";q={};w={WINDOW_S}", self.quota)
    }

    /// What is left, as a structured field. Source: the same, §4.
    pub fn header(&self) -> String {
        format!("\"default\";r={};t={}", self.remaining, self.resets_in_s)
    }
}

/// The minutes of all organizations, and what participants have left.
#[derive(Debug)]
pub struct Limits {
    clock: SharedClock,
    live: Minutes,
    test: Minutes,
    /// How often participants have called.
    pub participants: Throttle,
}

type Minutes = Mutex<HashMap<OrganizationId, Minute>>;

impl Limits {
    /// Nobody has made a request yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let participants = Throttle::new(Arc::clone(&clock));
        Self { clock: SharedClock(clock), live: Mutex::default(), test: Mutex::default(), participants }
    }

    /// Counts a request, and says what is left.
    pub fn take(&self, environment: Environment, organization: &OrganizationId, quota: NonZeroU32) -> Budget {
        let now = self.clock.0.now();
        let mut minutes = self.minutes(environment).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(minute) = minutes.get(organization).filter(|minute| minute.is_running(quota, now)) {
            return minute.take(now);
        }
        let minute = Minute::begin(quota, now, self.clock.clone());
        let budget = minute.take(now);
        minutes.insert(organization.clone(), minute);
        budget
    }

    /// Forgets the minutes that are over, and who has not called for a while.
    pub fn forget_idle(&self) {
        let now = self.clock.0.now();
        for minutes in [&self.live, &self.test] {
            let mut minutes = minutes.lock().unwrap_or_else(PoisonError::into_inner);
            minutes.retain(|_, minute| minute.is_running(minute.quota, now));
            minutes.shrink_to_fit();
        }
        self.participants.forget_idle();
    }

    const fn minutes(&self, environment: Environment) -> &Minutes {
        match environment {
            Environment::Live => &self.live,
            Environment::Test => &self.test,
        }
    }
}

/// The minute of one organization.
#[derive(Debug)]
struct Minute {
    quota: NonZeroU32,
    began: Timestamp,
    bucket: RateLimiter<NotKeyed, InMemoryState, SharedClock, StateInformationMiddleware>,
}

impl Minute {
    fn begin(quota: NonZeroU32, now: Timestamp, clock: SharedClock) -> Self {
        // The first cell comes back when the minute is over.
        let refill = Quota::with_period(Duration::from_secs(WINDOW_S.unsigned_abs()));
        let refill = refill.expect("a minute is longer than nothing").allow_burst(quota);
        let bucket = RateLimiter::new(refill, InMemoryState::default(), clock);
        Self { quota, began: now, bucket }
    }

    /// Not when it is over, the plan has changed, or the clock was put back.
    fn is_running(&self, quota: NonZeroU32, now: Timestamp) -> bool {
        self.quota == quota && self.began <= now && now < self.end()
    }

    fn end(&self) -> Timestamp {
        self.began.plus_secs(WINDOW_S)
    }

    fn take(&self, now: Timestamp) -> Budget {
        let left_ms = (self.end().as_millis() - now.as_millis()).clamp(1, WINDOW_S * 1_000);
        let resets_in_s = u32::try_from((left_ms + 999) / 1_000).unwrap_or(u32::MAX);
        let taken = self.bucket.check();
        let remaining =
            taken.as_ref().map_or(0, governor::middleware::StateSnapshot::remaining_burst_capacity);
        Budget { quota: self.quota, remaining, resets_in_s, exceeded: taken.is_err() }
    }
}

/// Our clock, as `governor` wants it.
#[derive(Debug, Clone)]
pub(crate) struct SharedClock(pub(crate) Arc<dyn Clock>);

impl GovernorClock for SharedClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let millis = u64::try_from(self.0.now().as_millis()).unwrap_or(0);
        Nanos::new(millis.saturating_mul(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use domain::clock::FrozenClock;
    use protocol::ids::PrefixedId;

    use super::*;

    const QUOTA: NonZeroU32 = NonZeroU32::new(100).unwrap();

    fn limits() -> (Arc<FrozenClock>, Limits) {
        let clock = Arc::new(FrozenClock::at(Timestamp::from_millis(1_769_860_800_123)));
        (Arc::clone(&clock), Limits::new(clock))
    }

    fn org(name: &str) -> OrganizationId {
        OrganizationId::from_suffix(name)
    }

    #[test]
    fn a_quota_is_for_a_minute_however_the_requests_are_spread() {
        let (clock, limits) = limits();
        let take = || limits.take(Environment::Live, &org("a"), QUOTA);
        let first = take();
        assert_eq!(first, Budget { quota: QUOTA, remaining: 99, resets_in_s: 60, exceeded: false });
        clock.advance_secs(59);
        for remaining in (0..99).rev() {
            let budget = take();
            assert_eq!((budget.remaining, budget.exceeded, budget.resets_in_s), (remaining, false, 1));
        }
        let refused = take();
        assert_eq!((refused.remaining, refused.exceeded, refused.resets_in_s), (0, true, 1));
        clock.advance_secs(i64::from(refused.resets_in_s));
        assert_eq!(take(), first, "a retry on time succeeds, and has a whole minute");
    }

    #[test]
    fn organizations_and_environments_have_minutes_of_their_own() {
        let (_clock, limits) = limits();
        let one = NonZeroU32::MIN;
        for (environment, name) in
            [(Environment::Live, "a"), (Environment::Live, "b"), (Environment::Test, "a")]
        {
            assert!(!limits.take(environment, &org(name), one).exceeded);
            assert!(limits.take(environment, &org(name), one).exceeded);
        }
    }

    #[test]
    fn another_plan_counts_at_once() {
        let (_clock, limits) = limits();
        assert!(!limits.take(Environment::Live, &org("a"), NonZeroU32::MIN).exceeded);
        assert!(limits.take(Environment::Live, &org("a"), NonZeroU32::MIN).exceeded);
        assert_eq!(limits.take(Environment::Live, &org("a"), QUOTA).remaining, 99);
    }

    #[test]
    fn a_clock_that_is_put_back_locks_nobody_out() {
        let (clock, limits) = limits();
        limits.take(Environment::Live, &org("a"), NonZeroU32::MIN);
        clock.advance_secs(-3_600);
        assert!(!limits.take(Environment::Live, &org("a"), NonZeroU32::MIN).exceeded);
    }

    #[test]
    fn minutes_that_are_over_are_forgotten() {
        let (clock, limits) = limits();
        limits.take(Environment::Live, &org("a"), QUOTA);
        clock.advance_secs(30);
        limits.take(Environment::Live, &org("b"), QUOTA);
        clock.advance_secs(30);
        limits.forget_idle();
        let left = limits.live.lock().unwrap();
        assert_eq!(left.keys().collect::<Vec<_>>(), [&org("b")]);
    }

    #[test]
    fn the_headers_are_structured_fields() {
        let budget = Budget { quota: QUOTA, remaining: 42, resets_in_s: 18, exceeded: false };
        assert_eq!(budget.policy_header(), "\"default\";q=100;w=60");
        assert_eq!(budget.header(), "\"default\";r=42;t=18");
    }
}
