//! A first look at a document, without recursion: the parser and its stack get nothing that is out of proportion.

use super::{
    errors::Refused,
    limits::{MAX_NESTING, MAX_TOKENS},
};

/// Counts tokens and brackets. What is inside of texts and comments is not looked at; whether the document is well-formed
/// is the parser's matter.
///
/// # Errors
/// [`Refused`] when there are too many tokens, or brackets are nested too deep.
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
            b'"' => text(rest),
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

/// How long the text is that begins here, with its quotes.
fn text(rest: &[u8]) -> usize {
    if rest.starts_with(b"\"\"\"") {
        return block(rest);
    }
    let mut place = 1;
    while let Some(byte) = rest.get(place) {
        match byte {
            b'\\' => place += 2,
            b'"' => return place + 1,
            // A text that is not closed ends with its line.
            b'\n' | b'\r' => return place,
            _ => place += 1,
        }
    }
    rest.len()
}

fn block(rest: &[u8]) -> usize {
    let mut place = 3;
    while place < rest.len() {
        if rest[place..].starts_with(b"\\\"\"\"") {
            place += 4;
        } else if rest[place..].starts_with(b"\"\"\"") {
            return place + 3;
        } else {
            place += 1;
        }
    }
    rest.len()
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
        assert_eq!(limit("\"never closed [[["), None);
        assert_eq!(limit("\"ends in a backslash \\"), None);
    }

    #[test]
    fn words_are_counted_and_commas_are_not() {
        assert_eq!(limit(&"a ".repeat(MAX_TOKENS)), None);
        assert_eq!(limit(&"a ".repeat(MAX_TOKENS + 1)), Some("tokens"));
        assert_eq!(limit(&",".repeat(50_000)), None);
        assert_eq!(limit(&"!".repeat(MAX_TOKENS + 1)), Some("tokens"));
    }
}
