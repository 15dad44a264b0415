//! Chance that can be repeated: a rank by the seed of the interview, with no state to keep.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher24;

/// The rank of `id` among others under the same `label`.
///
/// SipHash-2-4 is fixed by its definition, so an interview continues in the same order after an upgrade.
pub(super) fn rank(seed: u64, label: &str, id: &str) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(seed, 0);
    hasher.write(label.as_bytes());
    // Ids have no zero byte, so `ab` and `c` never meet `a` and `bc`.
    hasher.write(&[0]);
    hasher.write(id.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_same_in_every_version_and_on_every_machine() {
        assert_eq!(rank(7, "block", "q1"), 10_136_948_984_144_773_199);
        assert_eq!(rank(8, "block", "q1"), 2_793_998_047_146_956_035);
    }

    #[test]
    fn every_order_of_three_comes_up_about_as_often() {
        let mut counts = std::collections::HashMap::new();
        for seed in 0..6_000 {
            let mut ids = ["a", "b", "c"];
            ids.sort_by_key(|id| rank(seed, "block", id));
            *counts.entry(ids).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (850..1_150).contains(count)), "{counts:?}");
    }
}
