//! Deliveries: events on their way to endpoints, and when each is tried again.

use protocol::{
    Timestamp,
    ids::EventId,
    webhook::{DeliveryAttempt, DeliveryStatus, EventType, WebhookDelivery},
};

use super::{StoredEndpoint, StoredEvent, message_id};

/// Seconds to wait after an attempt that failed, the first after the first.
///
/// Source: the contract's schedule; ten attempts in about 76 hours.
const DELAYS_S: [u32; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// How far a delay may be off, in thousandths either way, so that what failed together does not come back together.
const JITTER_PER_MILLE: i64 = 100;
/// The longest that a receiver may put us off.
const MAX_RETRY_AFTER_S: i64 = 86_400;

/// An event on its way to an endpoint, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// Which event.
    pub event_id: EventId,
    /// What has happened.
    pub kind: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// When the next attempt is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// What was tried.
    pub attempts: Vec<DeliveryAttempt>,
}

impl StoredDelivery {
    /// One that is due at once.
    pub fn new(StoredEvent(event): &StoredEvent) -> Self {
        Self {
            event_id: event.id.clone(),
            kind: event.kind,
            status: DeliveryStatus::Pending,
            next_attempt_at: Some(event.timestamp),
            created_at: event.timestamp,
            attempts: Vec::new(),
        }
    }

    /// As the management API shows it.
    pub fn view(&self) -> WebhookDelivery {
        WebhookDelivery {
            id: message_id(&self.event_id),
            event_id: self.event_id.clone(),
            event_type: self.kind,
            status: self.status,
            next_attempt_at: self.next_attempt_at,
            created_at: self.created_at,
            attempts: self.attempts.clone(),
        }
    }
}

/// A delivery that one worker has taken for a while, with all that it takes to send it.
#[derive(Debug, Clone)]
pub struct LeasedDelivery {
    /// Where to.
    pub endpoint: StoredEndpoint,
    /// What.
    pub event: StoredEvent,
    /// How many attempts there were before.
    pub attempts: u32,
    /// How many of them since it was last queued: the place in the schedule.
    pub step: u32,
    /// When it comes up again, unless what came of it is written down before.
    pub until: Timestamp,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint has taken it.
    Delivered,
    /// It is tried again then.
    Again(Timestamp),
    /// It was the last attempt.
    Failed,
    /// The endpoint says that it is gone for good.
    Gone,
}

/// What follows from an attempt.
///
/// `step` counts the attempts before this one, `put_off_s` is what the receiver asked for, `chance` is random.
pub fn outcome(
    status: Option<u16>,
    step: u32,
    put_off_s: Option<i64>,
    chance: u64,
    now: Timestamp,
) -> Outcome {
    match status {
        Some(200..=299) => Outcome::Delivered,
        Some(410) => Outcome::Gone,
        _ => match delay_ms(step, chance) {
            None => Outcome::Failed,
            Some(delay) => {
                let put_off = put_off_s.unwrap_or(0).clamp(0, MAX_RETRY_AFTER_S) * 1_000;
                Outcome::Again(Timestamp::from_millis(now.as_millis() + delay.max(put_off)))
            }
        },
    }
}

/// How long to wait after the attempt with this number, counted from 0; `None` when it was the last.
fn delay_ms(step: u32, chance: u64) -> Option<i64> {
    let delay = i64::from(*DELAYS_S.get(usize::try_from(step).ok()?)?);
    let spread = 2 * JITTER_PER_MILLE + 1;
    let jitter = i64::try_from(chance % u64::try_from(spread).unwrap_or(1)).unwrap_or(0) - JITTER_PER_MILLE;
    Some(delay * (1_000 + jitter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    #[test]
    fn the_schedule_has_ten_attempts_and_then_an_end() {
        let due: Vec<_> = (0..11).map(|step| delay_ms(step, 100).map(|delay| delay / 1_000)).collect();
        let hours = |hours: i64| Some(hours * 3_600);
        assert_eq!(
            due,
            [
                Some(5),
                Some(300),
                Some(1_800),
                hours(2),
                hours(5),
                hours(10),
                hours(14),
                hours(20),
                hours(24),
                None,
                None
            ]
        );
    }

    proptest! {
        #[test]
        fn jitter_is_a_tenth_at_most(step in 0_u32..9, chance: u64) {
            let nominal = i64::from(DELAYS_S[step as usize]) * 1_000;
            let delay = delay_ms(step, chance).unwrap();
            prop_assert!((delay - nominal).abs() * 10 <= nominal);
        }
    }

    #[test]
    fn jitter_reaches_both_ends() {
        assert_eq!((delay_ms(0, 0), delay_ms(0, 200)), (Some(4_500), Some(5_500)));
    }

    #[test]
    fn only_a_status_of_200_to_299_counts_as_taken() {
        for (status, taken) in
            [(200, true), (204, true), (299, true), (199, false), (302, false), (304, false), (500, false)]
        {
            assert_eq!(outcome(Some(status), 0, None, 0, start()) == Outcome::Delivered, taken, "{status}");
        }
        assert_eq!(outcome(Some(410), 0, None, 0, start()), Outcome::Gone);
    }

    #[test]
    fn a_receiver_may_put_us_off_for_a_day_at_most_and_never_bring_us_back_sooner() {
        let again = |put_off| match outcome(Some(429), 0, Some(put_off), 100, start()) {
            Outcome::Again(at) => at.as_millis() - start().as_millis(),
            other => panic!("{other:?}"),
        };
        assert_eq!((again(1), again(60), again(1_000_000), again(-5)), (5_000, 60_000, 86_400_000, 5_000));
    }
}
