//! The interview engine: guide and facts in, the next turn out.
