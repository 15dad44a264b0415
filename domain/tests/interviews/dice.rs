//! Choices that the test framework makes, remembers and makes simpler when something fails.

use proptest::prelude::*;

/// A tape of numbers; past its end all are 0, which is the simplest choice everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    tape: Vec<u16>,
    position: usize,
}

impl Dice {
    /// Any tape of up to this length.
    pub(crate) fn any(length: usize) -> impl Strategy<Value = Self> {
        prop::collection::vec(any::<u16>(), 0..length).prop_map(|tape| Self { tape, position: 0 })
    }

    /// A number from 0 to `sides - 1`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let number = self.tape.get(self.position).copied().unwrap_or(0);
        self.position += 1;
        usize::from(number) % sides.max(1)
    }

    /// True once in `sides` times.
    pub(crate) fn once_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.roll(items.len())]
    }
}
