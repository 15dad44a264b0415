//! Patterns: compiled once, for the whole text, in bounded memory.

use regex::{Error, Regex, RegexBuilder};

use super::limits;

/// Groups within groups; nobody reads more.
const NESTING: u32 = 50;

/// Compiles a pattern so that it has to match the whole text.
///
/// # Errors
/// What is wrong with it, for people.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().count() > limits::PATTERN {
        return Err(format!("A pattern has at most {} characters.", limits::PATTERN));
    }
    // Alone first: `a)(b` would otherwise be made whole by the group around it. With no room to compile anything,
    // all that this costs is reading it.
    match RegexBuilder::new(pattern).size_limit(0).nest_limit(NESTING).build() {
        Ok(_) | Err(Error::CompiledTooBig(_)) => {}
        Err(error) => return Err(error.to_string()),
    }
    // A pattern with flag `x` may end in a comment, which would hide the end of the group.
    let whole = match build(&format!("^(?:{pattern})$")) {
        Err(Error::Syntax(_)) => build(&format!("^(?:{pattern}\n)$")),
        whole => whole,
    };
    whole.map_err(|error| match error {
        Error::CompiledTooBig(_) => "This pattern is too large; repeat less in it.".to_owned(),
        error => error.to_string(),
    })
}

fn build(pattern: &str) -> Result<Regex, Error> {
    RegexBuilder::new(pattern)
        .size_limit(limits::PATTERN_BYTES)
        .dfa_size_limit(limits::PATTERN_BYTES)
        .nest_limit(NESTING)
        .build()
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
            [r"\d{5}", r"[^@\s]+@[^@\s]+\.\w{2,20}", r"[A-Z]{2}\d{2}[ ]?(\d{4}[ ]?){4,7}", r"\p{L}{1,20}"]
        {
            assert!(compile(pattern).is_ok(), "{pattern}");
        }
    }
}
