//! What the person has typed or chosen so far, and how it becomes the value of an answer.

use protocol::question::{QuestionKind, QuestionView};
use serde_json::{Number, Value};

use crate::json;

/// The state of the field on screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A statement has no field.
    None,
    /// Text, a number or a date, as typed.
    Text(String),
    /// Yes or no, agreed or not.
    Bool(Option<bool>),
    /// One of the choices.
    Choice(Option<String>),
    /// Several of the choices, in the order of the question.
    Choices(Vec<String>),
    /// All of the choices, best first.
    Order(Vec<String>),
    /// A point on a scale.
    Rating(Option<i64>),
    /// Files or a recording, as `npm/media.js` tells.
    Uploads {
        /// The uploads that are complete.
        ids: Vec<String>,
        /// Whether nothing more is on its way: neither being recorded, nor looked at, nor sent.
        is_ready: bool,
    },
}

impl Input {
    /// The field as it is before anything was typed, or with the draft that the server kept. `has_comma` here and below: the
    /// language has a comma where others have the decimal point.
    pub fn new(question: &QuestionView, draft: Option<&Value>, has_comma: bool) -> Self {
        let text = || draft.and_then(Value::as_str).map(str::to_owned);
        match question.kind {
            QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Email | QuestionKind::Date => {
                Self::Text(text().unwrap_or_default())
            }
            QuestionKind::Number => {
                let sign = if has_comma { "," } else { "." };
                let number = || {
                    draft.and_then(Value::as_f64).map(|number| json::number_text(number).replace('.', sign))
                };
                Self::Text(text().or_else(number).unwrap_or_default())
            }
            QuestionKind::YesNo | QuestionKind::Consent => Self::Bool(draft.and_then(Value::as_bool)),
            QuestionKind::SingleChoice => Self::Choice(text().filter(|id| has_choice(question, id))),
            QuestionKind::MultiChoice => Self::Choices(ids(question, draft)),
            QuestionKind::Ranking => {
                let mut order = ids(question, draft);
                for choice in question.choices.iter().flatten() {
                    if !order.contains(&choice.id) {
                        order.push(choice.id.clone());
                    }
                }
                Self::Order(order)
            }
            QuestionKind::Rating => Self::Rating(draft.and_then(Value::as_i64)),
            QuestionKind::Statement => Self::None,
            QuestionKind::File | QuestionKind::Audio | QuestionKind::Video => {
                let one = draft.map_or(&[] as &[Value], std::slice::from_ref);
                let listed = draft.and_then(Value::as_array).map_or(one, Vec::as_slice);
                let ids = listed.iter().filter_map(Value::as_str).map(str::to_owned);
                Self::Uploads { ids: ids.collect(), is_ready: true }
            }
        }
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::None | Self::Bool(None) | Self::Choice(None) | Self::Rating(None) => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Choices(ids) | Self::Order(ids) => ids.is_empty(),
            Self::Uploads { ids, is_ready } => *is_ready && ids.is_empty(),
            Self::Bool(Some(_)) | Self::Choice(Some(_)) | Self::Rating(Some(_)) => false,
        }
    }

    /// What to keep on the device: like the value, but half a number is kept as it was typed.
    pub fn draft(&self, kind: QuestionKind) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            // What is through already is there, also while another file is on its way.
            Self::Uploads { ids, .. } if !ids.is_empty() => ids.iter().map(String::as_str).collect(),
            other => other.value(kind, false).unwrap_or_default(),
        }
    }

    /// The value to send, `null` when empty; `None` when what was typed is not (yet) a value of this kind.
    pub fn value(&self, kind: QuestionKind, has_comma: bool) -> Option<Value> {
        if self.is_empty() {
            return Some(Value::Null);
        }
        Some(match self {
            Self::Text(text) if kind == QuestionKind::Number => Value::Number(parse_number(text, has_comma)?),
            Self::Text(text) if kind == QuestionKind::Date => {
                is_date(text).then(|| Value::String(text.clone()))?
            }
            Self::Text(text) if kind == QuestionKind::Email => {
                is_email(text).then(|| Value::String(text.trim().to_owned()))?
            }
            Self::Text(text) => Value::String(text.clone()),
            Self::Bool(value) => Value::Bool((*value)?),
            Self::Choice(id) => Value::String(id.clone()?),
            Self::Choices(ids) | Self::Order(ids) => ids.iter().cloned().map(Value::String).collect(),
            Self::Rating(point) => Value::Number((*point)?.into()),
            Self::Uploads { is_ready: false, .. } => return None,
            Self::Uploads { ids, .. } if kind == QuestionKind::File => {
                ids.iter().cloned().map(Value::String).collect()
            }
            Self::Uploads { ids, .. } => Value::String(ids.first()?.clone()),
            Self::None => Value::Null,
        })
    }
}

/// Puts a choice in or takes it out; what is chosen stays in the order of the question.
pub fn toggled(question: &QuestionView, chosen: &[String], id: &str) -> Vec<String> {
    let is_in = chosen.iter().any(|chosen| chosen == id);
    question
        .choices
        .iter()
        .flatten()
        .filter(|choice| if choice.id == id { !is_in } else { chosen.contains(&choice.id) })
        .map(|choice| choice.id.clone())
        .collect()
}

/// Moves the choice at `index` one place up (`-1`) or down (`1`); at the ends nothing happens.
pub fn moved(order: &[String], index: usize, up: bool) -> Vec<String> {
    let mut order = order.to_vec();
    let target = if up { index.checked_sub(1) } else { Some(index + 1) };
    if let Some(target) = target.filter(|target| *target < order.len() && index < order.len()) {
        order.swap(index, target);
    }
    order
}

/// Reads a number as people write it: with the decimal sign of their language, a comma or a point, or with the other one where it
/// cannot be between thousands; with digits of other scripts, a plus sign, zeros in front.
pub fn parse_number(text: &str, has_comma: bool) -> Option<Number> {
    let (decimal, grouping) = if has_comma { (',', '.') } else { ('.', ',') };
    let text: String = text.trim().chars().map(|sign| plain(sign, decimal, grouping)).collect();
    let (sign, digits) = match text.strip_prefix(['-', '−', '－']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix(['+', '＋']).unwrap_or(&text)),
    };
    let whole = digits.split(decimal).next().unwrap_or_default();
    let ungrouped = if is_grouped(whole, grouping) { whole.replace(grouping, "") } else { whole.to_owned() };
    let digits = [&ungrouped, &digits[whole.len()..]].concat().replace(',', ".");
    let digits = digits.trim_end_matches('.');
    let significant = digits.trim_start_matches('0');
    // JSON wants exactly one digit before the point.
    let lead = if significant.starts_with(|first: char| first.is_ascii_digit()) { "" } else { "0" };
    if digits.is_empty() {
        return None;
    }
    match json::read(&[sign, lead, significant].concat())? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// Whether these are thousands: `1,500`, `2,000,000`; not `0,500`, `3,5`, `1500,000`.
fn is_grouped(whole: &str, grouping: char) -> bool {
    let mut groups = whole.split(grouping);
    let first = groups.next().unwrap_or_default();
    whole.contains(grouping)
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Full-width and Arabic digits and signs as those of ASCII.
fn plain(sign: char, decimal: char, grouping: char) -> char {
    let zero = match sign {
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '．' => return '.',
        '，' => return ',',
        '٫' => return decimal,
        '٬' => return grouping,
        _ => return sign,
    };
    char::from_digit(u32::from(sign) - u32::from(zero), 10).unwrap_or(sign)
}

/// Whether the text may be an e-mail address; the server looks closer.
fn is_email(text: &str) -> bool {
    text.trim()
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

/// Whether the text is a day of the calendar, as `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range]
            .iter()
            .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn has_choice(question: &QuestionView, id: &str) -> bool {
    question.choices.iter().flatten().any(|choice| choice.id == id)
}

/// The ids of a draft that still are choices.
fn ids(question: &QuestionView, draft: Option<&Value>) -> Vec<String> {
    let listed = draft.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    listed.filter(|id| has_choice(question, id)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixtures::question;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, number) in [
            ("3", json!(3)),
            (" -2 ", json!(-2)),
            ("3,5", json!(3.5)),
            ("007", json!(7)),
            ("+.5", json!(0.5)),
            ("0", json!(0)),
            ("4.", json!(4)),
        ] {
            assert_eq!(parse_number(text, false).map(Value::Number), Some(number), "{text}");
        }
        for text in ["", "-", "three", "1.2.3", "1 000", "0x10", "."] {
            assert_eq!(parse_number(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_sign_between_thousands_is_not_the_decimal_sign() {
        for (text, with_point, with_comma) in [
            ("1,500", json!(1500), json!(1.5)),
            ("2.000", json!(2.0), json!(2000)),
            ("-12,345", json!(-12345), json!(-12.345)),
            ("0,500", json!(0.5), json!(0.5)),
            ("3.5", json!(3.5), json!(3.5)),
            ("1500,000", json!(1500.0), json!(1500.0)),
        ] {
            assert_eq!(parse_number(text, false).map(Value::Number), Some(with_point), "{text}");
            assert_eq!(parse_number(text, true).map(Value::Number), Some(with_comma), "{text}");
        }
        assert_eq!(parse_number("1,234,567.5", false).map(Value::Number), Some(json!(1_234_567.5)));
        assert_eq!(parse_number("1.234.567,5", true).map(Value::Number), Some(json!(1_234_567.5)));
        for text in ["1,23,456.5", "1,234.5,6", "1.234,567"] {
            assert_eq!(parse_number(text, false), None, "{text}");
        }
    }

    #[test]
    fn digits_may_be_those_of_another_script() {
        for (text, number) in [
            ("３０", json!(30)),
            ("１，５００．５", json!(1500.5)),
            ("－７", json!(-7)),
            ("١٢", json!(12)),
            ("١٬٥٠٠٫٥", json!(1500.5)),
            ("۱۲", json!(12)),
        ] {
            assert_eq!(parse_number(text, false).map(Value::Number), Some(number), "{text}");
        }
    }

    #[test]
    fn a_number_that_the_server_kept_is_the_same_number_again() {
        for has_comma in [false, true] {
            for value in [json!(1.234), json!(1234), json!(-0.5)] {
                let question = question(QuestionKind::Number);
                let input = Input::new(&question, Some(&value), has_comma);
                let again = input.value(QuestionKind::Number, has_comma);
                assert_eq!(again.and_then(|again| again.as_f64()), value.as_f64(), "{input:?}");
            }
        }
    }

    #[test]
    fn dates_must_be_in_the_calendar() {
        for text in ["2024-02-29", "2026-12-31"] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-01",
            "26-01-01",
            "2026-04-31",
            "abcd-ef-gh",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_draft_comes_back_as_it_was() {
        for (kind, value) in [
            (QuestionKind::ShortText, json!("hello")),
            (QuestionKind::Number, json!(3.5)),
            (QuestionKind::Email, json!("ada@example.com")),
            (QuestionKind::YesNo, json!(false)),
            (QuestionKind::SingleChoice, json!("b")),
            (QuestionKind::MultiChoice, json!(["a", "c"])),
            (QuestionKind::Ranking, json!(["c", "a", "b"])),
            (QuestionKind::Rating, json!(0)),
            (QuestionKind::Date, json!("2026-01-31")),
            (QuestionKind::File, json!(["upl_1", "upl_2"])),
            (QuestionKind::Audio, json!("upl_1")),
        ] {
            assert_eq!(
                Input::new(&question(kind), Some(&value), false).value(kind, false),
                Some(value),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn half_a_number_comes_back_from_the_device() {
        for (kind, typed) in
            [(QuestionKind::Number, "1."), (QuestionKind::Email, "ada@"), (QuestionKind::Date, "2026-")]
        {
            let input = Input::Text(typed.to_owned());
            assert_eq!(Input::new(&question(kind), Some(&input.draft(kind)), false), input);
        }
    }

    #[test]
    fn a_draft_that_no_longer_fits_is_left_out() {
        let value = json!(["gone", "b"]);
        assert_eq!(
            Input::new(&question(QuestionKind::MultiChoice), Some(&value), false),
            Input::Choices(vec!["b".into()])
        );
        assert_eq!(
            Input::new(&question(QuestionKind::Ranking), Some(&value), false),
            Input::Order(vec!["b".into(), "a".into(), "c".into()])
        );
        assert!(Input::new(&question(QuestionKind::SingleChoice), Some(&json!("gone")), false).is_empty());
    }

    #[test]
    fn chosen_things_stay_in_the_order_of_the_question() {
        let question = question(QuestionKind::MultiChoice);
        assert_eq!(toggled(&question, &["c".into()], "a"), ["a", "c"]);
        assert_eq!(toggled(&question, &["a".into(), "c".into()], "a"), ["c"]);
    }

    #[test]
    fn uploads_are_no_value_until_all_are_through() {
        let ids = vec!["upl_1".to_owned()];
        let under_way = Input::Uploads { ids: ids.clone(), is_ready: false };
        assert_eq!(under_way.value(QuestionKind::File, false), None);
        assert_eq!(
            Input::Uploads { ids, is_ready: true }.value(QuestionKind::File, false),
            Some(json!(["upl_1"]))
        );
        let nothing = Input::new(&question(QuestionKind::Video), None, false);
        assert_eq!(nothing.value(QuestionKind::Video, false), Some(Value::Null));
    }

    #[test]
    fn the_ends_of_a_ranking_do_not_move_further() {
        let order: Vec<String> = vec!["a".into(), "b".into()];
        assert_eq!(moved(&order, 1, true), ["b", "a"]);
        assert_eq!(moved(&order, 0, true), ["a", "b"]);
        assert_eq!(moved(&order, 1, false), ["a", "b"]);
    }
}
