//! Whether an answer may be committed, and a draft kept.

use std::collections::HashSet;

use protocol::{
    ids::UploadId,
    question::{Bound, QuestionKind, QuestionView},
};
use regex::Regex;
use serde_json::Value;

use super::{
    Interview, Stage,
    known::is_blank,
    walk::{Asked, Next, Probe},
};
use crate::guide::LONGEST_ANSWER;

/// Why an answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerRefused {
    /// This is not the current question; whether there is such a question at all is not told.
    #[error("this question is not open")]
    NotOpen,
    /// It has been answered, and the guide does not allow to change answers.
    #[error("this question has been answered")]
    AlreadyAnswered,
    /// Consent comes first.
    #[error("consent has to be given first")]
    ConsentMissing,
    /// The interview has come to its end.
    #[error("the interview is over")]
    Over,
    /// The value does not suit the question.
    #[error("{message}")]
    Invalid {
        /// For programs, such as `too_long`.
        code: &'static str,
        /// For people.
        message: String,
    },
}

/// What an answer is put to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What kind of question.
    pub kind: QuestionKind,
    /// For a probe: which one, to be kept with the answer ([`super::GivenAnswer::probe`]).
    pub probe: Option<String>,
}

impl Interview<'_> {
    /// What an answer to this question is put to.
    ///
    /// # Errors
    /// When it is neither the current one nor one whose answer may be changed.
    pub fn target(&self, question_id: &str) -> Result<Target, AnswerRefused> {
        let (asked, question) = self.open(question_id)?;
        Ok(Target { kind: question.kind, probe: asked.probe.map(Probe::name) })
    }

    /// Checks an answer that is to be committed.
    ///
    /// # Errors
    /// When the question is neither the current one nor one whose answer may be changed, or the value breaks one of its limits.
    pub fn check_answer(&self, question_id: &str, value: &Value) -> Result<(), AnswerRefused> {
        let (asked, question) = self.open(question_id)?;
        let pattern = asked.probe.is_none().then(|| self.guide.pattern(asked.number)).flatten();
        check(&question, pattern, value)
    }

    /// Checks a draft: the question is open, the JSON is what the kind takes (for numbers and dates
    /// also text, as half a number is none), and it is not beyond all measure. Limits may be broken still.
    ///
    /// # Errors
    /// When that is not so.
    pub fn check_draft(&self, question_id: &str, value: &Value) -> Result<(), AnswerRefused> {
        let (_, question) = self.open(question_id)?;
        check_shape(&question, value)
    }

    /// The current question, if it is this one and takes uploads.
    ///
    /// # Errors
    /// When that is not so.
    pub fn check_upload(&self, question_id: &str) -> Result<QuestionView, AnswerRefused> {
        let (_, question) = self.open(question_id)?;
        match question.kind {
            QuestionKind::File | QuestionKind::Audio | QuestionKind::Video => Ok(question),
            _ => Err(AnswerRefused::NotOpen),
        }
    }

    /// The question, if it is the current one, or, where the guide allows to go back, one that has been answered on the way.
    fn open(&self, question_id: &str) -> Result<(Asked, QuestionView), AnswerRefused> {
        if self.stage() == Stage::Consent {
            return Err(AnswerRefused::ConsentMissing);
        }
        if !self.guide.guide().allow_back && self.walk.given.contains_key(question_id) {
            return Err(AnswerRefused::AlreadyAnswered);
        }
        let Next::Ask(current) = self.walk.next else { return Err(AnswerRefused::Over) };
        if self.stage() == Stage::Declined {
            return Err(AnswerRefused::Over);
        }
        std::iter::once(current)
            .chain(self.walk.trail.iter().copied())
            .find(|asked| self.id_of(*asked).is_some_and(|id| id == question_id))
            .and_then(|asked| Some((asked, self.view(asked)?)))
            .ok_or(AnswerRefused::NotOpen)
    }
}

fn invalid(code: &'static str, message: impl Into<String>) -> AnswerRefused {
    AnswerRefused::Invalid { code, message: message.into() }
}

fn check_shape(question: &QuestionView, value: &Value) -> Result<(), AnswerRefused> {
    let most = question.choices.as_ref().map_or(0, Vec::len);
    let fits = match (question.kind, value) {
        (_, Value::Null)
        | (QuestionKind::YesNo | QuestionKind::Consent, Value::Bool(_))
        | (QuestionKind::Rating | QuestionKind::Number, Value::Number(_)) => true,
        (QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Email, Value::String(text)) => {
            return no_longer_than(text, LONGEST_ANSWER);
        }
        (QuestionKind::Number | QuestionKind::Date | QuestionKind::SingleChoice, Value::String(text)) => {
            return no_longer_than(text, 100);
        }
        (QuestionKind::MultiChoice | QuestionKind::Ranking, Value::Array(items)) => {
            items.len() <= most && items.iter().all(|item| item.as_str().is_some_and(|id| id.len() <= 64))
        }
        (QuestionKind::File, Value::Array(items)) => {
            let most = question.validate.max_choices.map_or(1, |most| usize::try_from(most).unwrap_or(1));
            items.len() <= most && items.iter().all(|item| upload_id(item).is_some())
        }
        (QuestionKind::Audio | QuestionKind::Video, value) => upload_id(value).is_some(),
        _ => false,
    };
    if fits { Ok(()) } else { Err(wrong_type(question.kind)) }
}

fn check(question: &QuestionView, pattern: Option<&Regex>, value: &Value) -> Result<(), AnswerRefused> {
    if question.kind == QuestionKind::Statement {
        return if value.is_null() { Ok(()) } else { Err(wrong_type(question.kind)) };
    }
    // A blank text or an empty list skips as `null` does; a widget need not tell them apart.
    if is_blank(value) && (value.is_null() || is_blank_of(question.kind, value)) {
        let message = "This question has to be answered.";
        return if question.required { Err(invalid("required", message)) } else { Ok(()) };
    }
    match (question.kind, value) {
        (QuestionKind::ShortText | QuestionKind::LongText, Value::String(text)) => {
            check_text(question, pattern, text)
        }
        (QuestionKind::Email, Value::String(text)) => {
            check_text(question, pattern, text)?;
            if is_email(text) {
                Ok(())
            } else {
                Err(invalid("invalid_email", "This is not an e-mail address."))
            }
        }
        (QuestionKind::YesNo, Value::Bool(_)) => Ok(()),
        (QuestionKind::Consent, Value::Bool(agreed)) => {
            let message = "The interview cannot go on without your agreement.";
            if question.required && !agreed { Err(invalid("not_accepted", message)) } else { Ok(()) }
        }
        (QuestionKind::SingleChoice, Value::String(id)) => check_choices(question, &[id.as_str()]),
        (QuestionKind::MultiChoice | QuestionKind::Ranking, Value::Array(items)) => {
            let ids: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            let ids = ids.ok_or_else(|| wrong_type(question.kind))?;
            check_choices(question, &ids)?;
            check_number_of_choices(question, ids.len())
        }
        (QuestionKind::Rating | QuestionKind::Number, Value::Number(number)) => {
            let number = number.as_f64().filter(|number| number.is_finite());
            check_number(question, number.ok_or_else(|| wrong_type(question.kind))?)
        }
        (QuestionKind::Date, Value::String(date)) => check_date(question, date),
        (QuestionKind::File, Value::Array(items)) => check_files(question, items),
        (QuestionKind::Audio | QuestionKind::Video, value) if upload_id(value).is_some() => Ok(()),
        _ => Err(wrong_type(question.kind)),
    }
}

/// Whether this blank value is of the kind's own type.
fn is_blank_of(kind: QuestionKind, value: &Value) -> bool {
    match kind {
        QuestionKind::MultiChoice | QuestionKind::Ranking | QuestionKind::File => value.is_array(),
        QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Email => value.is_string(),
        _ => false,
    }
}

fn wrong_type(kind: QuestionKind) -> AnswerRefused {
    let expected = match kind {
        QuestionKind::Statement => "null: it is only to be read",
        QuestionKind::Consent | QuestionKind::YesNo => "true or false",
        QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Email => "text",
        QuestionKind::SingleChoice => "the id of a choice",
        QuestionKind::MultiChoice | QuestionKind::Ranking => "a list of ids of choices",
        QuestionKind::Rating | QuestionKind::Number => "a number",
        QuestionKind::Date => "a date such as 2026-01-31",
        QuestionKind::File => "a list of ids of uploads",
        QuestionKind::Audio | QuestionKind::Video => "the id of an upload",
    };
    invalid("wrong_type", format!("The answer to this question is {expected}."))
}

fn no_longer_than(text: &str, most: u32) -> Result<(), AnswerRefused> {
    // Counting stops where it is decided, whatever was sent.
    let too_long = text.chars().nth(usize::try_from(most).unwrap_or(usize::MAX)).is_some();
    if too_long { Err(invalid("too_long", format!("Please use at most {most} characters."))) } else { Ok(()) }
}

fn check_text(question: &QuestionView, pattern: Option<&Regex>, text: &str) -> Result<(), AnswerRefused> {
    no_longer_than(text, question.validate.max_length.unwrap_or(LONGEST_ANSWER))?;
    if let Some(least) = question.validate.min_length
        && text.chars().count() < usize::try_from(least).unwrap_or(usize::MAX)
    {
        return Err(invalid("too_short", format!("Please write at least {least} characters.")));
    }
    match pattern {
        Some(pattern) if !pattern.is_match(text) => {
            Err(invalid("pattern_mismatch", "This does not have the form that is asked for."))
        }
        _ => Ok(()),
    }
}

/// Whether it could be an address: one `@`, something before it, a name with a dot after it, no spaces.
/// Only a message to it can tell more.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let labels_are_sound = || {
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    };
    let plain = |part: &str| {
        !part.contains(|c: char| c.is_whitespace() || c.is_control() || "@<>(),;:\"[]\\".contains(c))
    };
    (1..=64).contains(&local.len())
        && plain(local)
        && plain(domain)
        && domain.contains('.')
        && labels_are_sound()
}

fn check_choices(question: &QuestionView, ids: &[&str]) -> Result<(), AnswerRefused> {
    let known: HashSet<&str> = question.choices.iter().flatten().map(|choice| choice.id.as_str()).collect();
    let mut seen = HashSet::new();
    for id in ids {
        if !known.contains(id) {
            return Err(invalid("unknown_choice", "This is not among the choices."));
        }
        if !seen.insert(*id) {
            return Err(invalid("duplicate_choice", "Each choice can be made once."));
        }
    }
    Ok(())
}

fn check_number_of_choices(question: &QuestionView, count: usize) -> Result<(), AnswerRefused> {
    if question.kind == QuestionKind::Ranking {
        let all = question.choices.as_ref().map_or(0, Vec::len);
        let message = "Please put all of them in order.";
        return if count == all { Ok(()) } else { Err(invalid("incomplete_ranking", message)) };
    }
    let limit = |limit: Option<u32>| limit.and_then(|limit| usize::try_from(limit).ok());
    match (limit(question.validate.min_choices), limit(question.validate.max_choices)) {
        (Some(least), _) if count < least => {
            Err(invalid("too_few_choices", format!("Please choose at least {least}.")))
        }
        (_, Some(most)) if count > most => {
            Err(invalid("too_many_choices", format!("Please choose at most {most}.")))
        }
        _ => Ok(()),
    }
}

/// The form only: whether there are such uploads is for those who store them.
fn check_files(question: &QuestionView, items: &[Value]) -> Result<(), AnswerRefused> {
    let ids: Option<Vec<UploadId>> = items.iter().map(upload_id).collect();
    let ids = ids.ok_or_else(|| wrong_type(question.kind))?;
    if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
        return Err(invalid("duplicate_upload", "Each upload can be given once."));
    }
    let limit = |limit: Option<u32>| limit.and_then(|limit| usize::try_from(limit).ok());
    match (limit(question.validate.min_choices), limit(question.validate.max_choices)) {
        (Some(least), _) if ids.len() < least => {
            Err(invalid("too_few_files", format!("Please add at least {least}.")))
        }
        (_, Some(most)) if ids.len() > most => {
            Err(invalid("too_many_files", format!("Please add at most {most}.")))
        }
        _ => Ok(()),
    }
}

fn upload_id(value: &Value) -> Option<UploadId> {
    value.as_str().and_then(|text| UploadId::parse(text).ok())
}

fn check_number(question: &QuestionView, number: f64) -> Result<(), AnswerRefused> {
    if question.kind == QuestionKind::Rating && number.fract() != 0.0 {
        return Err(invalid("not_whole", "Please choose a whole number."));
    }
    let limit = |bound: &Option<Bound>| bound.as_ref().and_then(Bound::as_number);
    match (limit(&question.validate.min_value), limit(&question.validate.max_value)) {
        (Some(least), _) if number < least => {
            Err(invalid("too_small", format!("Please enter at least {least}.")))
        }
        (_, Some(most)) if number > most => {
            Err(invalid("too_large", format!("Please enter at most {most}.")))
        }
        _ => Ok(()),
    }
}

fn check_date(question: &QuestionView, date: &str) -> Result<(), AnswerRefused> {
    if !is_date(date) {
        return Err(invalid("invalid_date", "Please enter a date as year-month-day, such as 2026-01-31."));
    }
    // Written this way, dates sort as text.
    let limit = |bound: &Option<Bound>| bound.as_ref().and_then(Bound::as_date).map(str::to_owned);
    match (limit(&question.validate.min_value), limit(&question.validate.max_value)) {
        (Some(first), _) if date < first.as_str() => {
            Err(invalid("too_early", format!("Please enter a date from {first} on.")))
        }
        (_, Some(last)) if date > last.as_str() => {
            Err(invalid("too_late", format!("Please enter a date up to {last}.")))
        }
        _ => Ok(()),
    }
}

/// Whether it is a day of the calendar, as `YYYY-MM-DD`.
pub(crate) fn is_date(text: &str) -> bool {
    let digits =
        text.len() == "YYYY-MM-DD".len() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    digits && text.split('-').count() == 3 && text.parse::<jiff::civil::Date>().is_ok()
}
