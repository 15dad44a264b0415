//! The rules: when an invite may be used, what comes after an answer, what a sound guide is.
//!
//! Pure functions and small types. No I/O, no async; time and randomness are handed in ([`clock`], [`random`]),
//! so everything in here gives the same result for the same arguments.

pub mod guide;
pub mod interview;
