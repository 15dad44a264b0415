//! A first look at a document, without recursion: the parser and its stack get nothing that is out of proportion.

use super::{
    errors::Refused,
    limits::{MAX_NESTING, MAX_TOKENS},
};

/// Counts tokens and brackets. What is inside of texts and comments is not looked at; whether the document is well-formed
/// is the parser's matter, but for a text that is not closed: the parser would look for another way to read it, and find
/// brackets where none were counted.
///
/// # Errors
/// [`Refused`] when there are too many tokens, brackets are nested too deep, or a text is not closed.
pub(super) fn check(document: &str) -> Result<(), Refused> {
    let mut rest = document.as_bytes();
    let (mut tokens, mut depth) = (0_usize, 0_usize);
    while let [byte, ..] = rest {
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                rest = &rest[1..];
                continue;
            }
            b'#' => {
                rest = &rest[comment(rest)..];
                continue;
            }
            b'"' => text(rest).ok_or_else(Refused::unclosed_text)?,
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MAX_NESTING {
                    return Err(Refused::limit("nesting", MAX_NESTING));
                }
                1
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                1
            }
            byte if is_word(*byte) => rest.iter().take_while(|byte| is_word(**byte)).count(),
            _ => 1,
        };
        tokens += 1;
        if tokens > MAX_TOKENS {
            return Err(Refused::limit("tokens", MAX_TOKENS));
        }
        rest = &rest[length..];
    }
    Ok(())
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
}

fn comment(rest: &[u8]) -> usize {
    rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// How long the text is that begins here, with its quotes; `None` when it is not closed, with its line unless it is a block.
fn text(rest: &[u8]) -> Option<usize> {
    if rest.starts_with(b"\"\"\"") {
        return block(rest);
    }
    let mut place = 1;
    while let Some(byte) = rest.get(place) {
        match byte {
            b'\\' => place += 2,
            b'"' => return Some(place + 1),
            b'\n' | b'\r' => return None,
            _ => place += 1,
        }
    }
    None
}

fn block(rest: &[u8]) -> Option<usize> {
    let mut place = 3;
    while place < rest.len() {
        if rest[place..].starts_with(b"\\\"\"\"") {
            place += 4;
        } else if rest[place..].starts_with(b"\"\"\"") {
            return Some(place + 3);
        } else {
            place += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(document: &str) -> Option<&'static str> {
        check(document).err().and_then(|refused| refused.limit_name())
    }

    #[test]
    fn brackets_are_counted_where_they_are_brackets() {
        let deep = |count: usize| "{a".repeat(count) + &"}".repeat(count);
        assert_eq!(limit(&deep(MAX_NESTING)), None);
        assert_eq!(limit(&deep(MAX_NESTING + 1)), Some("nesting"));
        assert_eq!(limit(&"[".repeat(60_000)), Some("nesting"));
        let text = format!("{{ a(b: \"{}\") }}", "[".repeat(100));
        assert_eq!(limit(&text), None);
        let block = format!("{{ a(b: \"\"\"{} \\\"\"\" {}\"\"\") }}", "[".repeat(100), "{".repeat(100));
        assert_eq!(limit(&block), None);
        assert_eq!(limit(&format!("# {}\n{{ a }}", "[".repeat(100))), None);
    }

    #[test]
    fn a_text_that_is_not_closed_goes_no_further() {
        // Read in another way, this has three texts and as many brackets as there are.
        let hidden = format!("{{a(b:[\"\"\"x\"{}{}])}}", "[".repeat(3_000), "]".repeat(3_000));
        for document in [
            &hidden,
            "{a(b:\"\"\"",
            "\"never closed [[[",
            "\"ends in a backslash \\",
            "\"\\\"",
            "\"a\nb\"",
            "{a(b:\"\"\"\\\"\"\")}",
        ] {
            assert!(check(document).is_err_and(|refused| refused.limit_name().is_none()), "{document}");
        }
        for document in [
            "{a(b:\"\")}",
            "{a(b:\"\"\"\"\"\")}",
            "{a(b:\"\\\"\")}",
            "{a(b:\"\"\"\n\\\"\"\" \"\"\")}",
            "# \"\n{a}",
        ] {
            assert!(check(document).is_ok(), "{document}");
        }
    }

    #[test]
    fn words_are_counted_and_commas_are_not() {
        assert_eq!(limit(&"a ".repeat(MAX_TOKENS)), None);
        assert_eq!(limit(&"a ".repeat(MAX_TOKENS + 1)), Some("tokens"));
        assert_eq!(limit(&",".repeat(50_000)), None);
        assert_eq!(limit(&"!".repeat(MAX_TOKENS + 1)), Some("tokens"));
    }
}
