//! What holds for every guide, every seed and every participant.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod dice;
mod guides;
mod participant;
mod properties;
