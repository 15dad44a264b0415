//! How often a participant may call: enough for whoever answers, and for a widget that has much to send again.
//!
//! Each has a bucket that fills up little by little, so who was refused goes on within seconds. Counted are calls with a
//! token that is good, by what the token says: there are no more buckets than sessions and invites that were used in the
//! last minute.

use std::{hash::Hash, num::NonZeroU32, sync::Arc, time::Duration};

use domain::clock::Clock;
use governor::{
    Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::HashMapStateStore,
};
use protocol::{
    ErrorCode,
    ids::{InviteId, SessionId},
};

use crate::{error::ApiError, limits::SharedClock};

/// Calls a minute of one session: ten a second for as long as it lasts.
const CALLS: NonZeroU32 = NonZeroU32::new(600).unwrap();
/// Parts of uploads a minute of one session, beside its other calls: all that an interview may have come to 1,024, and
/// each may be sent again.
const PARTS: NonZeroU32 = NonZeroU32::new(2_400).unwrap();
/// Starts a minute of one invite: a reload is one.
const STARTS: NonZeroU32 = NonZeroU32::new(60).unwrap();

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, SharedClock, NoOpMiddleware<Nanos>>;

/// Who has called how often.
pub struct Throttle {
    clock: SharedClock,
    calls: Limiter<SessionId>,
    parts: Limiter<SessionId>,
    starts: Limiter<InviteId>,
}

impl std::fmt::Debug for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Throttle")
    }
}

impl Throttle {
    /// Nobody has called yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = SharedClock(clock);
        Self {
            calls: RateLimiter::hashmap_with_clock(Quota::per_minute(CALLS), clock.clone()),
            parts: RateLimiter::hashmap_with_clock(Quota::per_minute(PARTS), clock.clone()),
            starts: RateLimiter::hashmap_with_clock(Quota::per_minute(STARTS), clock.clone()),
            clock,
        }
    }

    /// Counts a call of a session that is no part of an upload.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn call(&self, session: &SessionId) -> Result<(), ApiError> {
        self.take(&self.calls, session)
    }

    /// Counts a part of an upload.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn part(&self, session: &SessionId) -> Result<(), ApiError> {
        self.take(&self.parts, session)
    }

    /// Counts a start.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn start(&self, invite: &InviteId) -> Result<(), ApiError> {
        self.take(&self.starts, invite)
    }

    /// Forgets who has not called for a while.
    pub fn forget_idle(&self) {
        for limiter in [&self.calls, &self.parts] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.starts.retain_recent();
        self.starts.shrink_to_fit();
    }

    fn take<K: Hash + Eq + Clone>(&self, limiter: &Limiter<K>, key: &K) -> Result<(), ApiError> {
        limiter.check_key(key).map_err(|refused| {
            let wait: Duration = refused.wait_time_from(self.clock.now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX).max(1);
            ApiError { retry_after_s: Some(seconds), ..ApiError::new(ErrorCode::TooManyRequests) }
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::clock::FrozenClock;
    use protocol::{Timestamp, ids::PrefixedId as _};

    use super::*;

    fn throttle() -> (Arc<FrozenClock>, Throttle) {
        let clock = Arc::new(FrozenClock::at(Timestamp::from_millis(1_769_860_800_000)));
        (Arc::clone(&clock), Throttle::new(clock))
    }

    fn session(name: &str) -> SessionId {
        SessionId::from_suffix(name)
    }

    fn waits(result: Result<(), ApiError>) -> Option<(u16, Option<u32>)> {
        result.err().map(|error| (error.status, error.retry_after_s))
    }

    #[test]
    fn the_601st_call_of_a_session_in_a_minute_has_to_wait_a_second() {
        let (clock, throttle) = throttle();
        for _ in 0..600 {
            assert_eq!(waits(throttle.call(&session("a"))), None);
        }
        assert_eq!(waits(throttle.call(&session("a"))), Some((429, Some(1))));
        assert_eq!(waits(throttle.call(&session("b"))), None);
        clock.advance_secs(1);
        for _ in 0..10 {
            assert_eq!(waits(throttle.call(&session("a"))), None);
        }
        assert_eq!(waits(throttle.call(&session("a"))), Some((429, Some(1))));
    }

    #[test]
    fn parts_of_uploads_have_a_bucket_of_their_own() {
        let (_clock, throttle) = throttle();
        for _ in 0..2_400 {
            assert_eq!(waits(throttle.part(&session("a"))), None);
        }
        assert_eq!(waits(throttle.part(&session("a"))), Some((429, Some(1))));
        assert_eq!(waits(throttle.call(&session("a"))), None);
    }

    #[test]
    fn the_61st_start_of_an_invite_in_a_minute_has_to_wait() {
        let (_clock, throttle) = throttle();
        let invite = |name: &str| InviteId::from_suffix(name);
        for _ in 0..60 {
            assert_eq!(waits(throttle.start(&invite("a"))), None);
        }
        assert_eq!(waits(throttle.start(&invite("a"))), Some((429, Some(1))));
        assert_eq!(waits(throttle.start(&invite("b"))), None);
    }

    #[test]
    fn who_has_not_called_for_a_while_is_forgotten() {
        let (clock, throttle) = throttle();
        throttle.call(&session("a")).unwrap();
        throttle.part(&session("a")).unwrap();
        throttle.start(&InviteId::from_suffix("a")).unwrap();
        clock.advance_secs(60);
        throttle.forget_idle();
        assert_eq!((throttle.calls.len(), throttle.parts.len(), throttle.starts.len()), (0, 0, 0));
    }
}
