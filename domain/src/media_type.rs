//! Media types, such as `image/png`, and ranges of them, such as `image/*`.

/// A media type in lower case, without its parameters.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether it is a media type such as `image/png`. Source: RFC 6838 §4.2.
pub(crate) fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        (1..=127).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// Whether it is a media type, or all those of one kind, such as `image/*`.
pub(crate) fn is_media_range(text: &str) -> bool {
    let named = text.strip_suffix("/*").map(|kind| format!("{kind}/x"));
    is_media_type(named.as_deref().unwrap_or(text))
}

/// Whether a media type is in a range.
pub(crate) fn covers(range: &str, media_type: &str) -> bool {
    match range.strip_suffix('*') {
        Some(kind) => media_type.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind)),
        None => range.eq_ignore_ascii_case(media_type),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_has_two_names_and_a_range_one() {
        for text in ["image/png", "audio/webm", "application/vnd.api+json", "x/y"] {
            assert!(is_media_type(text) && is_media_range(text), "{text}");
        }
        for text in ["image/*", "x/*"] {
            assert!(!is_media_type(text) && is_media_range(text), "{text}");
        }
        for text in [
            "",
            "/",
            "image",
            "image/",
            "/png",
            "*/*",
            ".pdf",
            "image/p ng",
            "image/png/x",
            "image/png;q=1",
            "*",
        ] {
            assert!(!is_media_type(text) && !is_media_range(text), "{text}");
        }
    }
}
