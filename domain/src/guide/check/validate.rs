//! Limits on answers: suited to the kind, possible, and not against each other.

use protocol::question::{Bound, QuestionKind, Validate};

use super::{Checker, Pointer, limits};
use crate::{
    guide::{LONGEST_ANSWER, Question, QuestionNumber},
    interview::{effective_limits, is_date},
    media_type::is_media_range,
    upload,
};

impl Checker<'_> {
    pub(super) fn validate(&mut self, question: &Question, number: QuestionNumber, at: &Pointer) {
        let Validate { min_length, max_length, min_value, max_value, min_choices, max_choices, .. } =
            &question.validate;
        let suited = suited(question.kind);
        for name in given(&question.validate) {
            if !suited.contains(&name) {
                self.fault(
                    &at.key(name),
                    "not_for_kind",
                    format!("{name} says nothing about a question of this kind."),
                );
            }
        }
        for (length, name) in [(min_length, "min_length"), (max_length, "max_length")] {
            if length.is_some_and(|length| !(1..=LONGEST_ANSWER).contains(&length)) {
                self.fault(
                    &at.key(name),
                    "out_of_range",
                    format!("A length is between 1 and {LONGEST_ANSWER}."),
                );
            }
        }
        for (bound, name) in [(min_value, "min_value"), (max_value, "max_value")] {
            if let Some(bound) = bound.as_ref().filter(|_| suited.contains(&name)) {
                self.bound(question.kind, bound, &at.key(name));
            }
        }
        let longest = match effective_limits(question).max_length {
            _ if self.is_published => 0,
            longest => longest.unwrap_or(LONGEST_ANSWER),
        };
        if let Some(pattern) = &question.validate.pattern
            && let Err(reason) = self.patterns.add(number, (pattern, longest), self.pattern_bytes)
        {
            self.fault(&at.key("pattern"), "bad_pattern", reason);
        }

        let count = u32::try_from(question.choices.len()).unwrap_or(u32::MAX);
        if suited.contains(&"min_choices") {
            if question.kind != QuestionKind::File && min_choices.is_some_and(|fewest| fewest > count) {
                self.fault(
                    &at.key("min_choices"),
                    "contradictory_limits",
                    format!("There are only {count} choices."),
                );
            }
            if *max_choices == Some(0) {
                self.fault(&at.key("max_choices"), "out_of_range", "At least one choice can be made.");
            }
        }
        if suited.contains(&"max_bytes") {
            self.upload_limits(question, at);
        }
        self.order_of_limits(question, at);
    }

    fn upload_limits(&mut self, question: &Question, at: &Pointer) {
        let Validate { accept, max_bytes, max_duration_ms, max_choices, .. } = &question.validate;
        let accept_at = at.key("accept");
        self.at_most(&accept_at, accept.len(), limits::MEDIA_TYPES);
        for (range, at) in accept.iter().zip(accept_at.items()) {
            if !is_media_range(range) {
                let message =
                    "This is not a media type such as application/pdf, or a range of them such as image/*.";
                self.fault(&at, "invalid_media_type", message);
            }
        }
        if max_bytes.is_some_and(|most| !(1..=upload::MAX_BYTES).contains(&most)) {
            let message = format!("A file has between 1 and {} bytes.", upload::MAX_BYTES);
            self.fault(&at.key("max_bytes"), "out_of_range", message);
        }
        if max_duration_ms.is_some_and(|most| !limits::DURATION_MS.contains(&most)) {
            let message = "A recording lasts between 1,000 (a second) and 3,600,000 (an hour).";
            self.fault(&at.key("max_duration_ms"), "out_of_range", message);
        }
        if max_choices.is_some_and(|most| most > upload::MAX_FILES) {
            let message = format!("There can be at most {} files in an answer.", upload::MAX_FILES);
            self.fault(&at.key("max_choices"), "out_of_range", message);
        }
    }

    /// The smallest is not above the largest, with the defaults of the kind taken into account.
    fn order_of_limits(&mut self, question: &Question, at: &Pointer) {
        let limits = effective_limits(question);
        let number = |bound: &Option<Bound>| bound.as_ref().and_then(Bound::as_number);
        let date = |bound: &Option<Bound>| bound.as_ref().and_then(Bound::as_date).map(str::to_owned);
        let pairs = [
            ("min_length", limits.min_length > limits.max_length && limits.max_length.is_some()),
            ("min_choices", limits.min_choices > limits.max_choices && limits.max_choices.is_some()),
            (
                "min_value",
                matches!((number(&limits.min_value), number(&limits.max_value)), (Some(min), Some(max)) if min > max),
            ),
            (
                "min_value",
                matches!((date(&limits.min_value), date(&limits.max_value)), (Some(min), Some(max)) if min > max),
            ),
        ];
        for (name, contradictory) in pairs {
            if contradictory {
                let message = "No answer could meet both the lower and the upper limit (some kinds have a default for it).";
                self.fault(&at.key(name), "contradictory_limits", message);
            }
        }
        if question.kind == QuestionKind::Rating
            && let (Some(min), Some(max)) = (number(&limits.min_value), number(&limits.max_value))
            && max - min >= limits::RATING_POINTS
        {
            let message = format!("A scale has at most {} points.", limits::RATING_POINTS);
            self.fault(&at.key("max_value"), "out_of_range", message);
        }
    }

    fn bound(&mut self, kind: QuestionKind, bound: &Bound, at: &Pointer) {
        match (kind, bound) {
            (QuestionKind::Date, Bound::Date(date)) if is_date(date) => {}
            (QuestionKind::Date, Bound::Date(_)) => {
                self.fault(at, "invalid_date", "This is not a date such as 2026-01-31.");
            }
            (QuestionKind::Date, Bound::Number(_)) => {
                self.fault(at, "type_mismatch", "A limit on a date is a date such as \"2026-01-31\".");
            }
            (_, Bound::Date(_)) => self.fault(at, "type_mismatch", "A limit on a number is a number."),
            (QuestionKind::Rating, Bound::Number(number))
                if number.fract() != 0.0 || number.abs() > 1_000.0 =>
            {
                self.fault(
                    at,
                    "out_of_range",
                    "The ends of a scale are whole numbers between -1,000 and 1,000.",
                );
            }
            (_, Bound::Number(_)) => {}
        }
    }
}

/// The limits that mean something to a kind.
fn suited(kind: QuestionKind) -> &'static [&'static str] {
    match kind {
        QuestionKind::ShortText | QuestionKind::LongText => &["min_length", "max_length", "pattern"],
        QuestionKind::Email => &["max_length", "pattern"],
        QuestionKind::Rating | QuestionKind::Number | QuestionKind::Date => &["min_value", "max_value"],
        QuestionKind::MultiChoice => &["min_choices", "max_choices"],
        QuestionKind::File => &["accept", "max_bytes", "min_choices", "max_choices"],
        QuestionKind::Audio | QuestionKind::Video => &["accept", "max_bytes", "max_duration_ms"],
        _ => &[],
    }
}

fn given(validate: &Validate) -> impl Iterator<Item = &'static str> {
    [
        ("min_length", validate.min_length.is_some()),
        ("max_length", validate.max_length.is_some()),
        ("min_value", validate.min_value.is_some()),
        ("max_value", validate.max_value.is_some()),
        ("min_choices", validate.min_choices.is_some()),
        ("max_choices", validate.max_choices.is_some()),
        ("pattern", validate.pattern.is_some()),
        ("accept", !validate.accept.is_empty()),
        ("max_bytes", validate.max_bytes.is_some()),
        ("max_duration_ms", validate.max_duration_ms.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, given)| given.then_some(name))
}
