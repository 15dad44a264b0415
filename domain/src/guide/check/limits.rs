//! How large a guide may be. Far above what people write, and low enough that a hostile guide costs nothing.

pub(super) const BLOCKS: usize = 200;
pub(super) const QUESTIONS: usize = 500;
pub(super) const CHOICES: usize = 100;
pub(super) const CONSENT_ITEMS: usize = 20;
pub(super) const VARIABLES: usize = 100;
pub(super) const ENDS: usize = 50;
/// Rules of one block or of one follow-up.
pub(super) const RULES: usize = 50;
/// Probes of one rule, and words or topics of one condition.
pub(super) const PROBES: usize = 50;
pub(super) const LANGUAGES: usize = 50;
/// Compiled patterns are held in memory for as long as the guide is.
pub(super) const PATTERNS: usize = 20;

/// Characters of a text.
pub(super) const TEXT: usize = 10_000;
/// Characters of a choice's label: a question shows up to a hundred of them.
pub(super) const LABEL: usize = 1_000;
/// Insertions in one text: each can be a thousand characters.
pub(super) const INSERTIONS: usize = 20;
/// Characters of a pattern, bytes of what it compiles to, and of what all patterns of a guide compile to.
pub(super) const PATTERN: usize = 1_000;
pub(super) const PATTERN_BYTES: usize = 2 * 1_024 * 1_024;
pub(super) const PATTERNS_BYTES: usize = 4 * 1_024 * 1_024;
/// Places of a pattern times characters of an answer: at worst each is tried at each. Measured, that many tries take
/// 30 to 60 ms.
pub(super) const PATTERN_TRIES: u64 = 2_500_000;
/// Characters of a variable's value, of a word to look for, of an address.
pub(super) const SHORT: usize = 1_000;

pub(super) const EXPRESSION_DEPTH: usize = 32;
pub(super) const EXPRESSION_NODES: usize = 500;
/// Parts of all conditions together, and what is looked for in answers. All of them may be weighed several times for each
/// answer, so it is their sum that costs; a word is looked for in up to 100,000 characters.
pub(super) const ALL_NODES: usize = 5_000;
pub(super) const SEARCHES: usize = 1_000;

/// Characters that any answer can have, whatever its `max_length` says.
pub(crate) const LONGEST_ANSWER: u32 = 100_000;
/// Points of a rating's scale: a finger cannot tell more apart.
pub(super) const RATING_POINTS: f64 = 101.0;
/// Questions in advance: what a device that is offline can hold, and a reply that is still small.
pub(super) const OFFLINE_QUESTIONS: u32 = 20;
/// Media types of one question.
pub(super) const MEDIA_TYPES: usize = 20;
/// Milliseconds to think before a recording.
pub(super) const THINK_TIME_MS: u64 = 600_000;
pub(super) const RETAKES: u32 = 100;
/// A second to an hour of recording.
pub(super) const DURATION_MS: std::ops::RangeInclusive<u64> = 1_000..=3_600_000;
pub(super) const PROBE_DEPTH: u32 = 5;
/// A second to a day.
pub(super) const TIME_LIMIT_MS: std::ops::RangeInclusive<u64> = 1_000..=86_400_000;
