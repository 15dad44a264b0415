//! JSON read to the letter, and refused with the place of what does not fit.

mod value;

use std::borrow::Cow;

use protocol::{ErrorCode, error::ErrorDetail};
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::value::Strict;
use crate::error::{ApiError, MAX_DETAILS};

/// Reads a type out of JSON text.
///
/// # Errors
/// 400 `invalid_request` where it is none; as [`from_value`].
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        ApiError::with_message(ErrorCode::InvalidRequest, format!("The body is not valid JSON (at {place})."))
    })?;
    from_value(value, "")
}

/// Reads a type out of JSON that lies at `base` in a body.
///
/// # Errors
/// 422 `validation_failed` with the first misfit, or 422 `unknown_field` with the members that the type lacks, the first
/// [`MAX_DETAILS`] of them.
pub fn from_value<T: DeserializeOwned>(value: Value, base: &str) -> Result<T, ApiError> {
    let (mut unknown, mut count) = (Vec::new(), 0_usize);
    let mut note = |path: serde_ignored::Path<'_>| {
        count += 1;
        if count <= MAX_DETAILS {
            unknown.push(pointer_of(&path));
        }
    };
    let deserializer = serde_ignored::Deserializer::new(Strict(value), &mut note);
    let result: Result<T, _> = serde_path_to_error::deserialize(deserializer);
    let read = result.map_err(|error| {
        let place = format!("{base}{}", pointer_of_segments(error.path()));
        misfit(place, &error.into_inner().to_string())
    })?;
    if unknown.is_empty() {
        return Ok(read);
    }
    let details = unknown.into_iter().map(|place| ErrorDetail {
        message: format!("There is no member {} here.", shown(place.rsplit('/').next().unwrap_or_default())),
        pointer: format!("{base}{place}"),
        code: ErrorCode::UnknownField.as_str().to_owned(),
    });
    let details: Vec<_> = details.collect();
    let pointers = details.iter().take(MAX_NAMES).map(|detail| detail.pointer.trim_start_matches('/'));
    let names = pointers.map(shown).collect::<Vec<_>>().join(", ");
    let message = match count.saturating_sub(MAX_NAMES) {
        0 => format!("Unknown field(s): {names}."),
        more => format!("Unknown field(s): {names} and {more} more."),
    };
    Err(ApiError { details, ..ApiError::with_message(ErrorCode::UnknownField, message) })
}

/// Members that a message names at most.
const MAX_NAMES: usize = 10;

/// A name as a message has it: cut off where it is longer than any of ours. The pointer has all of it.
fn shown(name: &str) -> Cow<'_, str> {
    const MAX_CHARS: usize = 100;
    match name.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &name[..end]).into(),
        None => name.into(),
    }
}

/// Serde's text says what is wrong in Rust's words; these are ours.
fn misfit(place: String, text: &str) -> ApiError {
    let quoted =
        |after: &str| text.strip_prefix(after).and_then(|rest| rest.split('`').next()).map(str::to_owned);
    let (code, detail) = if let Some(field) = quoted("missing field `") {
        let detail = ErrorDetail {
            pointer: format!("{place}/{}", escape(&field)),
            code: "missing".to_owned(),
            message: "Is required.".to_owned(),
        };
        (ErrorCode::ValidationFailed, detail)
    } else if let Some(field) = quoted("unknown field `") {
        let detail = ErrorDetail {
            // serde_path_to_error already counts the unknown member in when it has come that far.
            pointer: if place.ends_with(&format!("/{}", escape(&field))) {
                place
            } else {
                format!("{place}/{}", escape(&field))
            },
            code: ErrorCode::UnknownField.as_str().to_owned(),
            message: format!("There is no member {} here.", shown(&field)),
        };
        (ErrorCode::UnknownField, detail)
    } else {
        let message = match text.split_once("expected one of ") {
            Some((before, choices)) if before.starts_with("unknown variant") => {
                format!("Must be one of {}.", choices.replace('`', ""))
            }
            _ if text.starts_with("expected ") && text.len() < 200 => format!("Invalid: {text}."),
            _ => "Has the wrong type, or a value that is not allowed here.".to_owned(),
        };
        let detail = ErrorDetail { pointer: place, code: "invalid_value".to_owned(), message };
        (ErrorCode::ValidationFailed, detail)
    };
    ApiError { details: vec![detail], ..ApiError::new(code) }
}

fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

fn pointer_of(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", pointer_of(parent)),
        Path::Map { parent, key } => format!("{}/{}", pointer_of(parent), escape(key)),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            pointer_of(parent)
        }
    }
}

fn pointer_of_segments(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", escape(key)),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    path.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{campaign::CreateCampaign, invite::MintInvite};
    use serde_json::{Map, json};

    fn first_detail<T: DeserializeOwned + std::fmt::Debug>(value: Value) -> (ErrorCode, String, String) {
        let error = from_value::<T>(value, "").unwrap_err();
        (error.code, error.details[0].pointer.clone(), error.details[0].code.clone())
    }

    #[test]
    fn every_unknown_member_is_named_however_deep() {
        let value = json!({"name": "n", "plan": "pro", "settings": {"locale": "en", "hash": 1}});
        let error = from_value::<CreateCampaign>(value, "").unwrap_err();
        let pointers: Vec<_> = error.details.iter().map(|detail| detail.pointer.as_str()).collect();
        assert_eq!((error.code, pointers), (ErrorCode::UnknownField, vec!["/plan", "/settings/hash"]));
    }

    #[test]
    fn of_many_unknown_members_a_hundred_are_told_and_ten_named() {
        let names = |count: usize| (0..count).map(|number| (format!("m{number:05}"), json!(1)));
        let refusal = |count: usize| {
            let mut body: Map<String, Value> = names(count).collect();
            body.insert("name".to_owned(), json!("n"));
            from_value::<CreateCampaign>(Value::Object(body), "").unwrap_err()
        };
        let ten = refusal(10);
        assert!(ten.message.ends_with("m00008, m00009."), "{}", ten.message);
        let many = refusal(95_000);
        assert_eq!(many.details.len(), 100);
        assert!(many.message.ends_with("m00008, m00009 and 94990 more."), "{}", many.message);
    }

    #[test]
    fn a_name_that_is_very_long_is_cut_off_in_messages() {
        let mut body = json!({"name": "n"});
        body["ä".repeat(10_000)] = json!(1);
        let error = from_value::<CreateCampaign>(body, "").unwrap_err();
        assert!(error.message.len() < 300 && error.details[0].message.len() < 300, "{}", error.message);
        assert_eq!(error.details[0].pointer.chars().count(), 10_001);
    }

    #[test]
    fn a_missing_member_and_a_wrong_type_are_told_with_their_place() {
        assert_eq!(
            first_detail::<MintInvite>(json!({})),
            (ErrorCode::ValidationFailed, "/campaign_id".to_owned(), "missing".to_owned())
        );
        assert_eq!(
            first_detail::<MintInvite>(json!({"campaign_id": "camp_1", "expires_in_s": -1})),
            (ErrorCode::ValidationFailed, "/expires_in_s".to_owned(), "invalid_value".to_owned())
        );
        assert_eq!(
            first_detail::<CreateCampaign>(json!({"name": "n", "settings": {"reuse": "never"}})),
            (ErrorCode::ValidationFailed, "/settings/reuse".to_owned(), "invalid_value".to_owned())
        );
    }

    #[test]
    fn a_pointer_escapes_what_json_pointer_asks_for() {
        assert_eq!(first_detail::<CreateCampaign>(json!({"name": "n", "a/b~c": 1})).1, "/a~1b~0c");
    }
}
