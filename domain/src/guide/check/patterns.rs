//! Patterns: compiled once, for the whole text, in bounded memory.

use std::collections::HashMap;

use regex::{Error, Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Hir, HirKind, Repetition},
};

use super::limits;
use crate::guide::QuestionNumber;

/// Groups within groups; nobody reads more.
const NESTING: u32 = 50;
/// What most patterns fit in, and the least that one counts as.
const SMALL_BYTES: usize = 16 * 1_024;
/// What a pattern may remember of the texts that it was tried on, at least; with less it would forget all the time.
const MEMORY_BYTES: usize = 64 * 1_024;

/// The patterns of a sound guide, compiled.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    by_question: HashMap<QuestionNumber, Regex>,
    size_bytes: usize,
}

impl Patterns {
    /// Compiles a question's pattern, if there is room for it among all that may have `most_bytes` together.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub(super) fn add(
        &mut self,
        number: QuestionNumber,
        (pattern, longest): (&str, u32),
        most_bytes: usize,
    ) -> Result<(), String> {
        let left = most_bytes.saturating_sub(self.size_bytes);
        let (regex, size_bytes) = compile(pattern, longest, left)?;
        self.size_bytes += size_bytes;
        self.by_question.insert(number, regex);
        Ok(())
    }

    /// That of a question.
    pub(crate) fn find(&self, number: QuestionNumber) -> Option<&Regex> {
        self.by_question.get(&number)
    }

    /// How many bytes they compile to, by the limits that they fit in.
    pub(crate) const fn size_bytes(&self) -> usize {
        self.size_bytes
    }
}

/// Compiles a pattern so that it has to match the whole text, of at most so many characters. Gives it with the smallest of some sizes that it fits in, as
/// a compiled pattern does not tell its own.
///
/// # Errors
/// What is wrong with it, for people.
fn compile(pattern: &str, longest: u32, left_bytes: usize) -> Result<(Regex, usize), String> {
    if pattern.chars().count() > limits::PATTERN {
        return Err(format!("A pattern has at most {} characters.", limits::PATTERN));
    }
    // Alone first: `a)(b` would otherwise be made whole by the group around it. With no room to compile anything,
    // all that this costs is reading it.
    match RegexBuilder::new(pattern).size_limit(0).nest_limit(NESTING).build() {
        Ok(_) | Err(Error::CompiledTooBig(_)) => {}
        Err(error) => return Err(error.to_string()),
    }
    if places(pattern).saturating_mul(longest.into()) > limits::PATTERN_TRIES {
        return Err(format!(
            "This pattern is too much work for an answer of up to {longest} characters: repeat less in it, or lower max_length."
        ));
    }
    // A pattern with flag `x` may end in a comment, which would hide the end of the group.
    let mut whole = format!("^(?:{pattern})$");
    let most_bytes = left_bytes.min(limits::PATTERN_BYTES);
    let mut size_bytes = SMALL_BYTES.min(most_bytes);
    loop {
        match build(&whole, size_bytes) {
            Ok(regex) => return Ok((regex, size_bytes)),
            Err(Error::Syntax(_)) if !whole.ends_with("\n)$") => whole = format!("^(?:{pattern}\n)$"),
            // Half as much again each time: the tries before the last one cost no more than twice what it does.
            Err(Error::CompiledTooBig(_)) if size_bytes < most_bytes => {
                size_bytes = (size_bytes + size_bytes / 2).min(most_bytes);
            }
            Err(Error::CompiledTooBig(_)) if most_bytes < limits::PATTERN_BYTES => {
                return Err("The patterns of this guide are too large together. Repeat less in them, or write \
                    [a-z0-9] for \\w and [0-9] for \\d, which stand for the letters and digits of all scripts."
                    .to_owned());
            }
            Err(Error::CompiledTooBig(_)) => {
                return Err("This pattern is too large; repeat less in it.".to_owned());
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// How many characters it would have if each repetition were written out. Matching a character may mean to try it at
/// each of them, whatever the size of what is compiled: that is mostly tables of letters, for `\w` say.
fn places(pattern: &str) -> u64 {
    fn of(hir: &Hir) -> u64 {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => 1,
            HirKind::Literal(literal) => literal.0.len() as u64,
            HirKind::Repetition(Repetition { min, max, sub, .. }) => {
                of(sub).saturating_mul(max.unwrap_or(*min).max(1).into())
            }
            HirKind::Capture(capture) => of(&capture.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().map(of).fold(0, u64::saturating_add)
            }
        }
    }
    let read = ParserBuilder::new().nest_limit(NESTING).build().parse(pattern);
    read.map_or(u64::MAX, |hir| of(&hir))
}

fn build(pattern: &str, size_bytes: usize) -> Result<Regex, Error> {
    RegexBuilder::new(pattern)
        .size_limit(size_bytes)
        .dfa_size_limit(size_bytes.max(MEMORY_BYTES))
        .nest_limit(NESTING)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(pattern: &str, longest: u32) -> Result<Regex, String> {
        super::compile(pattern, longest, usize::MAX).map(|(regex, _)| regex)
    }

    #[test]
    fn a_pattern_counts_as_what_it_takes() {
        let size = |pattern: &str| super::compile(pattern, 1_000, usize::MAX).unwrap().1;
        assert_eq!(size("[0-9]{5}"), SMALL_BYTES);
        assert!((SMALL_BYTES + 1..limits::PATTERN_BYTES).contains(&size(r"\w{10}")), "{}", size(r"\w{10}"));
        let small = super::compile(r"\w{10}", 1_000, SMALL_BYTES).unwrap_err();
        assert!(small.contains("together"), "{small}");
    }

    #[test]
    fn a_pattern_has_to_match_the_whole_text() {
        let pattern = compile("a|bc", 1_000).unwrap();
        for (text, matches) in [("a", true), ("bc", true), ("ac", false), ("abc", false), ("a\n", false)] {
            assert_eq!(pattern.is_match(text), matches, "{text:?}");
        }
    }

    #[test]
    fn flags_in_a_pattern_do_not_reach_beyond_it() {
        assert!(!compile("(?m)a", 1_000).unwrap().is_match("a\nb"));
        assert!(compile("(?x) a # a comment", 1_000).unwrap().is_match("a"));
    }

    #[test]
    fn what_is_no_pattern_or_would_cost_too_much_is_refused() {
        for pattern in
            ["(", "a)(b", r"(?=a)", r"(a)\1", "[a", r"\w{1000}{1000}", &"(".repeat(100), &"a".repeat(1_001)]
        {
            assert!(compile(pattern, 1_000).is_err(), "{pattern}");
        }
    }

    #[test]
    fn what_would_be_tried_too_often_is_refused() {
        assert_eq!(places(r"(?:ab|\w{3}){2,10}c*"), 51);
        assert_eq!(places("(?:a{1000}){1000}"), 1_000_000);
        for (pattern, longest, fits) in [
            ("[ab]*a[ab]{20000}c", 1_000, false),
            ("[ab]*a[ab]{2400}c", 1_000, true),
            ("[ab]*a[ab]{2400}c", 20_000, false),
            ("[^0-9]+", 100_000, true),
            (r"[A-Z]{2}[0-9]{2}", 100_000, true),
            ("(?:a?b?){20}", 100_000, false),
        ] {
            assert_eq!(compile(pattern, longest).is_ok(), fits, "{pattern} in {longest}");
        }
    }

    #[test]
    fn everyday_patterns_fit() {
        for pattern in
            [r"\d{5}", r"[^@\s]+@[^@\s]+\.\w{2,20}", r"[A-Z]{2}\d{2}[ ]?(\d{4}[ ]?){4,7}", r"\p{L}{1,20}"]
        {
            assert!(compile(pattern, 1_000).is_ok(), "{pattern}");
        }
    }
}
