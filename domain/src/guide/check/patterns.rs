//! Patterns: compiled once, for the whole text, in bounded memory.

use regex::{Regex, RegexBuilder};

use super::limits;

/// Compiles a pattern so that it has to match the whole text.
///
/// # Errors
/// What is wrong with it, for people.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().count() > limits::PATTERN {
        return Err(format!("A pattern has at most {} characters.", limits::PATTERN));
    }
    // Alone first: `a)(b` would otherwise be made whole by the group around it.
    build(pattern)?;
    build(&format!("^(?:{pattern})$")).or_else(|_| build(&format!("^(?:{pattern}\n)$")))
}

fn build(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(limits::PATTERN_BYTES)
        .dfa_size_limit(limits::PATTERN_BYTES)
        .nest_limit(50)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "This pattern is too large; repeat less in it.".to_owned(),
            error => error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_to_match_the_whole_text() {
        let pattern = compile("a|bc").unwrap();
        for (text, matches) in [("a", true), ("bc", true), ("ac", false), ("abc", false), ("a\n", false)] {
            assert_eq!(pattern.is_match(text), matches, "{text:?}");
        }
    }

    #[test]
    fn flags_in_a_pattern_do_not_reach_beyond_it() {
        assert!(!compile("(?m)a").unwrap().is_match("a\nb"));
        assert!(compile("(?x) a # a comment").unwrap().is_match("a"));
    }

    #[test]
    fn what_is_no_pattern_or_would_cost_too_much_is_refused() {
        for pattern in
            ["(", "a)(b", r"(?=a)", r"(a)\1", "[a", r"\w{1000}{1000}", &"(".repeat(100), &"a".repeat(1_001)]
        {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn everyday_patterns_fit() {
        for pattern in
            [r"\d{5}", r"[^@\s]+@[^@\s]+\.\w{2,20}", r"[A-Z]{2}\d{2}[ ]?(\d{4}[ ]?){4,7}", r"\p{L}{1,50}"]
        {
            assert!(compile(pattern).is_ok(), "{pattern}");
        }
    }
}
