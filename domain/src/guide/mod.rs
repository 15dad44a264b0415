//! Guides: what an author writes, and the proof that it is sound.
