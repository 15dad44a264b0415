//! Answers as a person reads them.

use protocol::question::{QuestionKind, QuestionView};
use serde_json::{Number, Value};

use super::words::{self, Words};

/// An answer in words: labels instead of ids, `Yes` or `No`, a numbered ranking; empty where it was skipped.
///
/// `Yes` and `No` are English, as this is for those who read transcripts.
pub fn readable_answer(question: &QuestionView, value: &Value) -> String {
    let label = |id: &str| {
        let choice = question.choices.iter().flatten().find(|choice| choice.id == id)?;
        Some(choice.label.clone())
    };
    readable(question.kind, value, label, words::of("en"))
}

/// The same for any source of labels and words.
pub(super) fn readable(
    kind: QuestionKind,
    value: &Value,
    label: impl Fn(&str) -> Option<String>,
    words: &Words,
) -> String {
    let label = |value: &Value| match value {
        Value::String(id) => label(id).unwrap_or_else(|| id.clone()),
        other => scalar(other, words),
    };
    match (kind, value) {
        (QuestionKind::SingleChoice, value) => label(value),
        (QuestionKind::File, Value::Array(ids)) => {
            ids.iter().map(|id| upload("file", id)).collect::<Vec<_>>().join(", ")
        }
        (QuestionKind::Audio, id @ Value::String(_)) => upload("audio", id),
        (QuestionKind::Video, id @ Value::String(_)) => upload("video", id),
        (QuestionKind::Ranking, Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .enumerate()
                .map(|(place, item)| format!("{}. {}", place + 1, label(item)))
                .collect();
            items.join(", ")
        }
        (_, Value::Array(items)) => items.iter().map(label).collect::<Vec<_>>().join(", "),
        (_, value) => scalar(value, words),
    }
}

/// What there is in place of words.
fn upload(what: &str, id: &Value) -> String {
    format!("[{what}: {}]", id.as_str().unwrap_or_default())
}

/// A value that is no list, as text.
pub(super) fn scalar(value: &Value, words: &Words) -> String {
    match value {
        Value::Bool(true) => words.yes.to_owned(),
        Value::Bool(false) => words.no.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => written(number),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// Whole numbers digit by digit, as those above 2^53 have no exact floating-point number. `3.0` and `3` are the same
/// number in JSON, and so are `-0` and `0`: a person writes `3` and `0`.
fn written(number: &Number) -> String {
    let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole, number.as_f64()) {
        (Some(whole), _) => whole.to_string(),
        (None, Some(0.0)) => "0".to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::question::{ChoiceView, Validate};
    use serde_json::json;

    #[test]
    fn answers_read_as_a_person_would_write_them() {
        use QuestionKind::{
            Audio, Consent, Date, File, LongText, MultiChoice, Number, Ranking, Rating, SingleChoice,
            Statement, Video, YesNo,
        };
        let choices = [("a", "Apples"), ("b", "Pears")]
            .map(|(id, label)| ChoiceView { id: id.into(), label: label.into() });
        for (kind, value, expected) in [
            (LongText, json!("As it is"), "As it is"),
            (LongText, json!(null), ""),
            (Statement, json!(null), ""),
            (YesNo, json!(true), "Yes"),
            (Consent, json!(false), "No"),
            (SingleChoice, json!("a"), "Apples"),
            (SingleChoice, json!("gone"), "gone"),
            (MultiChoice, json!(["b", "a"]), "Pears, Apples"),
            (MultiChoice, json!([]), ""),
            (Ranking, json!(["b", "a"]), "1. Pears, 2. Apples"),
            (Rating, json!(9), "9"),
            (Number, json!(3.0), "3"),
            (Number, json!(2.5), "2.5"),
            (Number, json!(9_007_199_254_740_993_u64), "9007199254740993"),
            (Number, json!(i64::MIN), "-9223372036854775808"),
            (Number, json!(u64::MAX), "18446744073709551615"),
            (Number, json!(-0.0), "0"),
            (Date, json!("2026-01-31"), "2026-01-31"),
            (File, json!(["upl_1", "upl_2"]), "[file: upl_1], [file: upl_2]"),
            (File, json!([]), ""),
            (Audio, json!("upl_1"), "[audio: upl_1]"),
            (Video, json!(null), ""),
            (Number, json!({"not": "fitting"}), ""),
        ] {
            let question = QuestionView {
                id: "q".into(),
                kind,
                text: "?".into(),
                help: None,
                required: true,
                validate: Validate::default(),
                choices: Some(choices.to_vec()),
                probe_of: None,
                time_limit_ms: None,
                recording: None,
            };
            assert_eq!(readable_answer(&question, &value), expected, "{kind:?} {value}");
        }
    }
}
