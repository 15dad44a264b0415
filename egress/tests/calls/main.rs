//! What is called, what is refused, and what a receiver can do to us. Real sockets on ports of the system's choice.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod addresses;
mod child;
mod environment;
mod good_receivers;
mod hostile_receivers;
mod names;
mod receiver;
mod redirects;
mod resolution;
mod spellings;
mod urls;
