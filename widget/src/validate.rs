//! What can be told before asking the server. It mirrors the server's checks, and the server's word stands.

use protocol::question::{Bound, QuestionKind, QuestionView};
use serde_json::Value;

use crate::{input::Input, json};

/// Why an answer cannot be sent as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Nothing was written.
    Required,
    /// Nothing was chosen.
    ChooseOne,
    /// The required consent was not given.
    MustAgree,
    /// Fewer characters than this.
    TooShort(u32),
    /// More characters than this.
    TooLong(u32),
    /// Not a number.
    NotANumber,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a day of the calendar.
    NotADate,
    /// Below this number or before this date.
    TooSmall(String),
    /// Above this number or after this date.
    TooLarge(String),
    /// Fewer choices than this.
    TooFew(u32),
    /// More choices than this.
    TooMany(u32),
    /// A file or recording is still on its way; `npm/media.js` says so, and goes on when it is through.
    Uploading,
    /// What the server said.
    Server(String),
}

/// The value to commit; `has_comma` as in [`Input::new`].
///
/// # Errors
/// The first [`Fault`] found.
pub fn check(question: &QuestionView, input: &Input, has_comma: bool) -> Result<Value, Fault> {
    let Some(value) = input.value(question.kind, has_comma) else {
        return Err(match question.kind {
            QuestionKind::Date => Fault::NotADate,
            QuestionKind::Email => Fault::NotAnEmail,
            QuestionKind::File | QuestionKind::Audio | QuestionKind::Video => Fault::Uploading,
            _ => Fault::NotANumber,
        });
    };
    if value.is_null() {
        return if question.required && question.kind != QuestionKind::Statement {
            Err(match question.kind {
                QuestionKind::ShortText
                | QuestionKind::LongText
                | QuestionKind::Email
                | QuestionKind::Number
                | QuestionKind::Date
                | QuestionKind::File
                | QuestionKind::Audio
                | QuestionKind::Video => Fault::Required,
                QuestionKind::Consent => Fault::MustAgree,
                _ => Fault::ChooseOne,
            })
        } else {
            Ok(value)
        };
    }
    let limits = &question.validate;
    match question.kind {
        QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Email => {
            let length = value.as_str().map_or(0, |text| text.chars().count());
            below(length, limits.min_length, Fault::TooShort)?;
            above(length, limits.max_length, Fault::TooLong)?;
        }
        QuestionKind::MultiChoice | QuestionKind::File => {
            let count = value.as_array().map_or(0, Vec::len);
            below(count, limits.min_choices, Fault::TooFew)?;
            above(count, limits.max_choices, Fault::TooMany)?;
        }
        QuestionKind::Number | QuestionKind::Rating => {
            let number = value.as_f64().unwrap_or_default();
            let is_beyond = |bound: &Option<Bound>, test: fn(&f64, &f64) -> bool| {
                bound
                    .as_ref()
                    .and_then(Bound::as_number)
                    .filter(|bound| test(&number, bound))
                    .map(json::number_text)
            };
            if let Some(bound) = is_beyond(&limits.min_value, f64::lt) {
                return Err(Fault::TooSmall(bound));
            }
            if let Some(bound) = is_beyond(&limits.max_value, f64::gt) {
                return Err(Fault::TooLarge(bound));
            }
        }
        QuestionKind::Date => {
            // Days written as YYYY-MM-DD sort as text.
            let day = value.as_str().unwrap_or_default();
            if let Some(first) =
                limits.min_value.as_ref().and_then(Bound::as_date).filter(|first| day < *first)
            {
                return Err(Fault::TooSmall(first.to_owned()));
            }
            if let Some(last) = limits.max_value.as_ref().and_then(Bound::as_date).filter(|last| day > *last)
            {
                return Err(Fault::TooLarge(last.to_owned()));
            }
        }
        QuestionKind::Consent if question.required && value == Value::Bool(false) => {
            return Err(Fault::MustAgree);
        }
        _ => {}
    }
    Ok(value)
}

/// Whether this build can show the question; [`crate::reply`] marks one of an unknown kind as a file without content.
pub fn is_known(question: &QuestionView) -> bool {
    question.validate.max_bytes != Some(0)
}

/// The points of a rating: 1 to 5 unless the question says otherwise.
pub fn scale(question: &QuestionView) -> std::ops::RangeInclusive<i64> {
    let whole = |bound: &Option<Bound>, otherwise: i64| {
        // A scale is a handful of whole numbers; what lies beyond was refused when the guide was published.
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and scales are short")]
        bound.as_ref().and_then(Bound::as_number).map_or(otherwise, |number| number as i64)
    };
    whole(&question.validate.min_value, 1)..=whole(&question.validate.max_value, 5)
}

fn below(count: usize, limit: Option<u32>, fault: fn(u32) -> Fault) -> Result<(), Fault> {
    match limit {
        Some(limit) if count < limit as usize => Err(fault(limit)),
        _ => Ok(()),
    }
}

fn above(count: usize, limit: Option<u32>, fault: fn(u32) -> Fault) -> Result<(), Fault> {
    match limit {
        Some(limit) if count > limit as usize => Err(fault(limit)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixtures::question;

    fn checked(kind: QuestionKind, validate: Value, input: &Input) -> Result<Value, Fault> {
        let mut question = question(kind);
        question.validate = serde_json::from_value(validate).unwrap();
        check(&question, input, false)
    }

    #[test]
    fn an_answer_within_the_limits_is_sent_as_it_is() {
        let text = Input::Text("añb".to_owned());
        assert_eq!(checked(QuestionKind::ShortText, json!({"max_length": 3}), &text), Ok(json!("añb")));
        assert_eq!(
            checked(QuestionKind::Rating, json!({"min": 0, "max": 10}), &Input::Rating(Some(0))),
            Ok(json!(0))
        );
        assert_eq!(checked(QuestionKind::Statement, json!({}), &Input::None), Ok(Value::Null));
    }

    #[test]
    fn each_limit_has_its_own_fault() {
        use QuestionKind::{
            Consent, Date, Email, File, LongText, MultiChoice, Number, ShortText, SingleChoice, Video,
        };
        let text = |text: &str| Input::Text(text.to_owned());
        let table = [
            (ShortText, json!({}), text("  "), Fault::Required),
            (SingleChoice, json!({}), Input::Choice(None), Fault::ChooseOne),
            (Consent, json!({}), Input::Bool(None), Fault::MustAgree),
            (Consent, json!({}), Input::Bool(Some(false)), Fault::MustAgree),
            (Video, json!({}), Input::Uploads { ids: Vec::new(), is_ready: true }, Fault::Required),
            (File, json!({}), Input::Uploads { ids: Vec::new(), is_ready: false }, Fault::Uploading),
            (
                File,
                json!({"min_choices": 2}),
                Input::Uploads { ids: vec!["upl_1".into()], is_ready: true },
                Fault::TooFew(2),
            ),
            (LongText, json!({"min_length": 5}), text("four"), Fault::TooShort(5)),
            (LongText, json!({"max_length": 3}), text("four"), Fault::TooLong(3)),
            (Number, json!({}), text("many"), Fault::NotANumber),
            (Number, json!({"min_value": 1}), text("0.5"), Fault::TooSmall("1".to_owned())),
            (Number, json!({"max_value": 2.5}), text("3"), Fault::TooLarge("2.5".to_owned())),
            (Email, json!({}), text("ada@home"), Fault::NotAnEmail),
            (Date, json!({}), text("2026-02-30"), Fault::NotADate),
            (
                Date,
                json!({"min_value": "2026-02-01"}),
                text("2026-01-31"),
                Fault::TooSmall("2026-02-01".to_owned()),
            ),
            (
                Date,
                json!({"max_value": "2026-02-01"}),
                text("2026-02-02"),
                Fault::TooLarge("2026-02-01".to_owned()),
            ),
            (MultiChoice, json!({"min_choices": 2}), Input::Choices(vec!["a".into()]), Fault::TooFew(2)),
            (
                MultiChoice,
                json!({"max_choices": 1}),
                Input::Choices(vec!["a".into(), "b".into()]),
                Fault::TooMany(1),
            ),
        ];
        for (kind, validate, input, fault) in table {
            assert_eq!(checked(kind, validate, &input), Err(fault.clone()), "{fault:?}");
        }
    }

    #[test]
    fn what_is_not_required_may_stay_empty() {
        let mut question = question(QuestionKind::LongText);
        question.required = false;
        question.validate.min_length = Some(10);
        assert_eq!(check(&question, &Input::Text(String::new()), false), Ok(Value::Null));
    }

    #[test]
    fn a_rating_is_one_to_five_unless_it_says_otherwise() {
        let mut question = question(QuestionKind::Rating);
        assert_eq!(scale(&question), 1..=5);
        question.validate.min_value = Some(Bound::Number(0.0));
        question.validate.max_value = Some(Bound::Number(10.0));
        assert_eq!(scale(&question), 0..=10);
    }
}
