//! What a client wants to be answered with.
//! Source: GraphQL over HTTP, draft, §6.1 and §6.4.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

/// A media type for answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// `application/json`: 200 for whatever the server has understood as a request.
    Json,
    /// `application/graphql-response+json`: 400 for a document that was not begun with.
    GraphQl,
}

impl Answer {
    /// What the headers prefer; plain JSON when they say nothing of either.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut best: Option<(u32, Self)> = None;
        let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
        for range in lines.flat_map(|line| line.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let answer = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/graphql-response+json" => Self::GraphQl,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            let weight = weight(parts);
            if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, answer));
            }
        }
        best.map_or(Self::Json, |(_, answer)| answer)
    }

    /// The header `Content-Type`.
    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// The status of an answer to a document that was begun with, or not.
    pub(super) const fn status(self, was_begun: bool) -> StatusCode {
        match self {
            Self::GraphQl if !was_begun => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        }
    }
}

/// A quality in thousandths; 1,000 where there is none.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a str>) -> u32 {
    let quality = parameters.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let Some(quality) = quality else { return 1_000 };
    let (whole, part) = quality.split_once('.').unwrap_or((quality, ""));
    let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    (number(whole) * 1_000 + number(&thousandths)).min(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_liked_is_chosen_and_the_first_of_two() {
        let table = [
            ("", Answer::Json),
            ("*/*", Answer::Json),
            ("text/html", Answer::Json),
            ("application/json", Answer::Json),
            ("application/graphql-response+json", Answer::GraphQl),
            ("Application/GraphQL-Response+JSON; charset=utf-8", Answer::GraphQl),
            ("application/graphql-response+json, application/json", Answer::GraphQl),
            ("application/json, application/graphql-response+json", Answer::Json),
            ("application/json;q=0.9, application/graphql-response+json", Answer::GraphQl),
            ("application/graphql-response+json;q=0.25, */*;q=0.3", Answer::Json),
            ("application/graphql-response+json;q=0", Answer::Json),
        ];
        for (accept, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(Answer::of(&headers), expected, "{accept}");
        }
    }
}
