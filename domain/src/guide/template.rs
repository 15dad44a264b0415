//! What `{{q.role|there}}` in a text means.

use std::ops::Range;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// To be shown as it is.
    Plain(&'a str),
    /// To be replaced.
    Piped {
        /// By what.
        source: Source<'a>,
        /// What to show when there is none.
        fallback: &'a str,
    },
}

/// Where inserted text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// `q.id`: an answer.
    Question(&'a str),
    /// `var.id`: a variable.
    Variable(&'a str),
}

/// Cuts a text into its pieces.
///
/// # Errors
/// Where a `{{` is not followed by `q.` or `var.`, an id, perhaps `|` and a fallback, and `}}`.
pub(crate) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Range<usize>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((plain, opened)) = rest.split_once("{{") {
        let start = text.len() - opened.len() - "{{".len();
        let Some((inner, after)) = opened.split_once("}}") else { return Err(start..text.len()) };
        let piped = piped(inner).ok_or(start..text.len() - after.len())?;
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        pieces.push(piped);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    Ok(pieces)
}

fn piped(inner: &str) -> Option<Piece<'_>> {
    let (head, fallback) = inner.split_once('|').unwrap_or((inner, ""));
    let source = match head.trim().split_once('.')? {
        ("q", id) => Source::Question(id),
        ("var", id) => Source::Variable(id),
        _ => return None,
    };
    let (Source::Question(id) | Source::Variable(id)) = source;
    // A brace in the fallback is a `}}` forgotten or a `{{` nested, and neither would read well.
    (super::check::ids::is_id(id) && !fallback.contains(['{', '}']))
        .then_some(Piece::Piped { source, fallback })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_what_stays_and_what_is_inserted() {
        assert_eq!(
            pieces("Hi {{q.name|there}}, {{ var.plan }}!"),
            Ok(vec![
                Piece::Plain("Hi "),
                Piece::Piped { source: Source::Question("name"), fallback: "there" },
                Piece::Plain(", "),
                Piece::Piped { source: Source::Variable("plan"), fallback: "" },
                Piece::Plain("!"),
            ])
        );
    }

    #[test]
    fn single_braces_and_a_stray_end_are_plain_text() {
        assert_eq!(pieces("a {b} }} c"), Ok(vec![Piece::Plain("a {b} }} c")]));
    }

    #[test]
    fn a_malformed_insertion_is_told_by_its_place() {
        for (text, at) in [
            ("Hi {{q.name", 3..11),
            ("Hi {{name}}", 3..11),
            ("Hi {{q.}}", 3..9),
            ("{{x.name}}", 0..10),
            ("{{q.a~1}}", 0..9),
            ("{{q.a|{{q.b}}}}", 0..13),
        ] {
            assert_eq!(pieces(text), Err(at), "{text}");
        }
    }
}
