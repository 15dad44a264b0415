//! How long something took, many times.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use prometheus_client::encoding::{MetricEncoder, NoLabelSet};

/// Upper ends of the buckets in microseconds. From what a token's check takes to what nobody waits for: a mint is a
/// millisecond or a few, an answer with its sync ten, a part of a file on a bad line seconds.
const BUCKETS_US: [u64; 13] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// Counts by bucket, without a lock: `Histogram` of the crate has one, and all requests of a route would share it.
#[derive(Debug, Default)]
pub(super) struct Durations {
    /// One for each of [`BUCKETS_US`], and one for what took longer.
    counts: [AtomicU64; BUCKETS_US.len() + 1],
    sum_us: AtomicU64,
}

impl Durations {
    pub(super) fn observe(&self, took: Duration) {
        // Rounded up: what took longer than a bucket's end is not in it.
        let us = u64::try_from(took.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX);
        let place = BUCKETS_US.iter().position(|end| us <= *end).unwrap_or(BUCKETS_US.len());
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    pub(super) fn encode(&self, encoder: &mut MetricEncoder<'_>) -> std::fmt::Result {
        let ends =
            BUCKETS_US.iter().map(|end| Duration::from_micros(*end).as_secs_f64()).chain([f64::INFINITY]);
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let buckets: Vec<(f64, u64)> = ends.zip(counts).collect();
        // The count is what the buckets say: one that is added meanwhile must not be in one of them only.
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = Duration::from_micros(self.sum_us.load(Ordering::Relaxed)).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_has_what_took_no_longer_than_its_end() {
        let durations = Durations::default();
        let places = |took: Duration| {
            durations.observe(took);
            let counts = durations.counts.iter().map(|count| count.swap(0, Ordering::Relaxed));
            counts.enumerate().filter(|(_, count)| *count > 0).collect::<Vec<_>>()
        };
        let first = Duration::from_micros(500);
        assert_eq!(places(Duration::ZERO), [(0, 1)]);
        assert_eq!(places(first), [(0, 1)]);
        assert_eq!(places(first + Duration::from_nanos(1)), [(1, 1)]);
        assert_eq!(places(Duration::from_secs(10)), [(12, 1)]);
        assert_eq!(places(Duration::from_hours(24)), [(13, 1)]);
        assert!(BUCKETS_US.is_sorted());
    }
}
