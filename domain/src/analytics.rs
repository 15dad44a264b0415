//! What the answers to each question of a campaign come to.

use std::{collections::HashMap, hash::BuildHasher};

use protocol::{
    analytics::{NumberAnalytics, QuestionAnalytics, ValueCount},
    question::QuestionKind,
};
use serde_json::Value;

use crate::guide::{Guide, Question};

/// Answers to a question that have one value in common.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerTally {
    /// The question, or a probe such as `why~1`.
    pub question_id: String,
    /// What kind of question.
    pub kind: QuestionKind,
    /// The value, where its kind is one of [`has_values`] or it was skipped (`null`).
    pub value: Option<Value>,
    /// How many.
    pub answers: u64,
    /// How long the question was on screen for all of them together.
    pub elapsed_ms: u64,
}

/// Whether the values of a kind are counted one by one: those that are chosen, not written.
pub const fn has_values(kind: QuestionKind) -> bool {
    use QuestionKind::{Consent, MultiChoice, Number, Ranking, Rating, SingleChoice, YesNo};
    matches!(kind, Consent | YesNo | SingleChoice | MultiChoice | Ranking | Rating | Number)
}

/// Which of `count` values in order is the one that `percent` of them are not above (nearest rank); none of none.
pub const fn nearest_rank(count: u64, percent: u64) -> Option<u64> {
    if count == 0 { None } else { Some((count * percent).div_ceil(100).saturating_sub(1)) }
}

/// Puts tallies together: each question of the guide in its order, with its probes, then what the guide lacks.
/// `abandoned_after` says for how many sessions the answer to a question of this id and kind was the last before they were
/// abandoned.
pub fn of_questions(
    guide: &Guide,
    locale: &str,
    tallies: Vec<AnswerTally>,
    abandoned_after: &HashMap<(String, QuestionKind), u64, impl BuildHasher>,
) -> Vec<QuestionAnalytics> {
    let asked: Vec<&Question> = guide.blocks.iter().flat_map(|block| &block.questions).collect();
    let mut all: Vec<Tallied> =
        asked.iter().map(|question| Tallied::new(&question.id, question.kind)).collect();
    let mut places: HashMap<_, _> = asked
        .iter()
        .enumerate()
        .map(|(place, question)| ((question.id.clone(), question.kind), place))
        .collect();
    for tally in tallies {
        let place = *places.entry((tally.question_id.clone(), tally.kind)).or_insert_with(|| {
            all.push(Tallied::new(&tally.question_id, tally.kind));
            all.len() - 1
        });
        if let Some(tallied) = all.get_mut(place) {
            tallied.add(tally);
        }
    }
    let order: HashMap<&str, usize> =
        asked.iter().enumerate().map(|(place, question)| (question.id.as_str(), place)).collect();
    // A probe has the place of its question; what is no longer in the guide comes last. Where that leaves a choice, ids decide.
    all.sort_by_cached_key(|tallied| {
        let place = order.get(base(&tallied.id)).copied().unwrap_or(usize::MAX);
        (place, tallied.id.clone())
    });
    let find =
        |id: &str, kind| asked.iter().find(|question| question.id == id && question.kind == kind).copied();
    all.into_iter()
        .map(|tallied| {
            let question = find(&tallied.id, tallied.kind);
            let left = abandoned_after.get(&(tallied.id.clone(), tallied.kind)).copied().unwrap_or(0);
            tallied.into_view(question, locale, left)
        })
        .collect()
}

/// The question that a probe asks more about; other ids are what they are.
fn base(id: &str) -> &str {
    id.split_once('~').map_or(id, |(base, _)| base)
}

/// What is known of one question so far.
struct Tallied {
    id: String,
    kind: QuestionKind,
    answered: u64,
    skipped: u64,
    elapsed_ms: u64,
    numbers: Option<Numbers>,
    values: Vec<Counted>,
}

/// Numbers so far. They may all be different, so they are not kept.
#[derive(Clone, Copy)]
struct Numbers {
    count: u64,
    sum: f64,
    /// Where their sum is no number any more, this still is one.
    mean: f64,
    min: f64,
    max: f64,
}

impl Numbers {
    fn add(before: Option<Self>, number: f64, answers: u64) -> Self {
        // Nobody means -0 by it.
        let number = number + 0.0;
        let Self { count, sum, mean, min, max } =
            before.unwrap_or(Self { count: 0, sum: 0.0, mean: number, min: number, max: number });
        let sum = number.mul_add(as_f64(answers), sum);
        let all = count + answers;
        let mean = mean * ratio(count, all) + number * ratio(answers, all);
        Self { count: all, sum, mean, min: min.min(number), max: max.max(number) }
    }
}

struct Counted {
    value: Value,
    count: u64,
    places: u64,
}

impl Tallied {
    fn new(id: &str, kind: QuestionKind) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            answered: 0,
            skipped: 0,
            elapsed_ms: 0,
            numbers: None,
            values: Vec::new(),
        }
    }

    fn add(&mut self, tally: AnswerTally) {
        self.elapsed_ms = self.elapsed_ms.saturating_add(tally.elapsed_ms);
        // A statement has nothing to say but that it was read.
        if tally.value == Some(Value::Null) && self.kind != QuestionKind::Statement {
            self.skipped += tally.answers;
            return;
        }
        self.answered += tally.answers;
        match tally.value {
            Some(Value::Array(values)) => {
                for (value, place) in values.into_iter().zip(1..) {
                    self.count(value, tally.answers, place);
                }
            }
            Some(value) if has_values(self.kind) => self.count(value, tally.answers, 0),
            _ => {}
        }
    }

    fn count(&mut self, value: Value, answers: u64, place: u64) {
        if let Some(number) = value.as_f64() {
            self.numbers = Some(Numbers::add(self.numbers, number, answers));
        }
        if self.kind == QuestionKind::Number {
            return;
        }
        let value = whole(value);
        let known = self.values.iter_mut().find(|counted| counted.value == value);
        if let Some(counted) = known {
            counted.count += answers;
            counted.places += answers * place;
        } else {
            self.values.push(Counted { value, count: answers, places: answers * place });
        }
    }

    fn into_view(
        mut self,
        question: Option<&Question>,
        locale: &str,
        abandoned_after: u64,
    ) -> QuestionAnalytics {
        let numbers = self.numbers.map(|Numbers { count, sum, mean, min, max }| NumberAnalytics {
            mean: if sum.is_finite() { sum / as_f64(count) } else { mean },
            min,
            max,
        });
        for choice in question.into_iter().flat_map(|question| &question.choices) {
            self.count(Value::from(choice.id.as_str()), 0, 0);
        }
        if question.is_some() && matches!(self.kind, QuestionKind::YesNo | QuestionKind::Consent) {
            self.count(Value::from(true), 0, 0);
            self.count(Value::from(false), 0, 0);
        }
        self.sort(question);
        let probe_of = Some(base(&self.id)).filter(|base| *base != self.id).map(str::to_owned);
        let is_ranking = self.kind == QuestionKind::Ranking;
        let values = self.values.into_iter().map(|counted| ValueCount {
            mean_place: (is_ranking && counted.count > 0).then(|| ratio(counted.places, counted.count)),
            value: counted.value,
            count: counted.count,
        });
        QuestionAnalytics {
            probe_of,
            kind: self.kind,
            text: question.map(|question| question.text.resolve(locale, locale).to_owned()),
            answered: self.answered,
            skipped: self.skipped,
            abandoned_after,
            mean_elapsed_ms: self.elapsed_ms.checked_div(self.answered + self.skipped),
            numbers,
            values: values.collect(),
            question_id: self.id,
        }
    }

    /// Choices as the guide has them, numbers by size, `true` before `false`, the rest by name.
    fn sort(&mut self, question: Option<&Question>) {
        let place = |value: &Value| {
            let choices = question.map(|question| question.choices.as_slice()).unwrap_or_default();
            choices.iter().position(|choice| value == choice.id.as_str()).unwrap_or(usize::MAX)
        };
        self.values.sort_by(|one, other| {
            let (one, other) = (&one.value, &other.value);
            let by_size = || one.as_f64().unwrap_or(0.0).total_cmp(&other.as_f64().unwrap_or(0.0));
            let by_truth = || other.as_bool().cmp(&one.as_bool());
            let by_name = || one.as_str().cmp(&other.as_str());
            place(one).cmp(&place(other)).then_with(by_size).then_with(by_truth).then_with(by_name)
        });
    }
}

/// `5.0` is `5`: JSON tells them apart, and whoever answered did not.
fn whole(value: Value) -> Value {
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "all integers of this size are exact")]
        Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => Value::from(number as i64),
        _ => value,
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    as_f64(part) / as_f64(whole)
}

#[expect(clippy::cast_precision_loss, reason = "no campaign has 2^53 answers")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn guide() -> Guide {
        serde_json::from_value(json!({
            "schema": 1, "title": "Notes", "blocks": [{"id": "b1", "questions": [
                {"id": "zeal", "kind": "rating", "text": {"en": "How keen?", "de": "Wie gern?"}},
                {"id": "tool", "kind": "single_choice", "text": "Which?",
                    "choices": [{"id": "pen", "label": "Pen"}, {"id": "app", "label": "App"}]},
                {"id": "order", "kind": "ranking", "text": "Rank",
                    "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
                {"id": "why", "kind": "long_text", "text": "Why?"}
            ]}], "ends": [{"id": "end", "text": "Thanks"}]
        }))
        .unwrap()
    }

    fn tally(question_id: &str, kind: QuestionKind, value: Option<Value>, answers: u64) -> AnswerTally {
        AnswerTally { question_id: question_id.to_owned(), kind, value, answers, elapsed_ms: answers * 100 }
    }

    fn of(tallies: Vec<AnswerTally>) -> Vec<QuestionAnalytics> {
        of_questions(
            &guide(),
            "de",
            tallies,
            &HashMap::from([(("tool".to_owned(), QuestionKind::SingleChoice), 3)]),
        )
    }

    fn counts(question: &QuestionAnalytics) -> Vec<(Value, u64)> {
        question.values.iter().map(|value| (value.value.clone(), value.count)).collect()
    }

    #[test]
    fn every_question_of_the_guide_is_told_of_in_its_order_also_without_an_answer() {
        let all = of(Vec::new());
        let told: Vec<_> =
            all.iter().map(|question| (question.question_id.as_str(), question.abandoned_after)).collect();
        assert_eq!(told, [("zeal", 0), ("tool", 3), ("order", 0), ("why", 0)]);
        assert_eq!(all[0].text.as_deref(), Some("Wie gern?"));
        assert_eq!((all[0].mean_elapsed_ms, all[0].numbers), (None, None));
        assert_eq!(counts(&all[1]), [(json!("pen"), 0), (json!("app"), 0)]);
    }

    #[test]
    fn what_is_chosen_is_counted_and_what_was_skipped_is_not_an_answer() {
        let kind = QuestionKind::SingleChoice;
        let all = of(vec![
            tally("tool", kind, Some(json!("app")), 4),
            tally("tool", kind, Some(Value::Null), 2),
            tally("tool", kind, Some(json!("gone")), 1),
        ]);
        assert_eq!((all[1].answered, all[1].skipped, all[1].mean_elapsed_ms), (5, 2, Some(100)));
        assert_eq!(counts(&all[1]), [(json!("pen"), 0), (json!("app"), 4), (json!("gone"), 1)]);
    }

    #[test]
    fn sessions_that_were_abandoned_after_a_question_are_not_counted_again_where_it_was_of_another_kind() {
        let all = of(vec![tally("tool", QuestionKind::LongText, None, 5)]);
        let of_tool: Vec<_> = all.iter().filter(|question| question.question_id == "tool").collect();
        let left = |kind| of_tool.iter().find(|question| question.kind == kind).unwrap().abandoned_after;
        assert_eq!((left(QuestionKind::SingleChoice), left(QuestionKind::LongText)), (3, 0));
    }

    #[test]
    fn ratings_have_an_average_and_stand_in_their_order() {
        let rate = |value, answers| tally("zeal", QuestionKind::Rating, Some(value), answers);
        let all = of(vec![rate(json!(10), 1), rate(json!(2), 1), rate(json!(2.0), 2)]);
        assert_eq!(all[0].numbers, Some(NumberAnalytics { mean: 4.0, min: 2.0, max: 10.0 }));
        assert_eq!(counts(&all[0]), [(json!(2), 3), (json!(10), 1)]);
    }

    #[test]
    fn numbers_have_an_average_even_where_their_sum_is_none_and_a_zero_without_a_sign() {
        let number = |value| tally("age", QuestionKind::Number, Some(value), 1);
        let numbers = |tallies| of(tallies).into_iter().find_map(|question| question.numbers).unwrap();
        let large = numbers(vec![number(json!(1.7e308)), number(json!(1.7e308)), number(json!(1.1e308))]);
        assert!((large.mean - 1.5e308).abs() < 1e300, "{}", large.mean);
        let zero = numbers(vec![number(json!(-0.0))]);
        assert!(zero.min.is_sign_positive() && zero.max.is_sign_positive(), "{zero:?}");
    }

    #[test]
    fn a_ranking_says_which_place_each_choice_has_on_average() {
        let rank = |value: Value, answers| tally("order", QuestionKind::Ranking, Some(value), answers);
        let all = of(vec![rank(json!(["b", "a"]), 3), rank(json!(["a", "b"]), 1)]);
        let places: Vec<_> =
            all[2].values.iter().map(|value| (value.value.clone(), value.mean_place)).collect();
        assert_eq!(places, [(json!("a"), Some(1.75)), (json!("b"), Some(1.25))]);
    }

    #[test]
    fn probes_follow_their_question_and_what_the_guide_lacks_comes_last() {
        let text = |id: &str| tally(id, QuestionKind::LongText, None, 1);
        let all = of(vec![text("old"), text("why~2"), text("why~1"), text("why"), text("zeal")]);
        let ids: Vec<_> = all.iter().map(|question| question.question_id.as_str()).collect();
        assert_eq!(ids, ["zeal", "zeal", "tool", "order", "why", "why~1", "why~2", "old"]);
        assert_eq!((all[5].probe_of.as_deref(), all[5].text.as_deref()), (Some("why"), None));
        assert!(all[4].values.is_empty(), "texts are not shown");
        assert_eq!(all.iter().filter(|question| question.kind == QuestionKind::Rating).count(), 1);
    }

    #[test]
    fn numbers_are_not_listed_and_statements_were_read() {
        let number = |value: f64| tally("age", QuestionKind::Number, Some(json!(value)), 1);
        let read = tally("hello", QuestionKind::Statement, Some(Value::Null), 2);
        let all = of(vec![number(1.5), number(2.5), read]);
        let find = |id: &str| all.iter().find(|question| question.question_id == id).unwrap();
        assert_eq!(find("age").numbers, Some(NumberAnalytics { mean: 2.0, min: 1.5, max: 2.5 }));
        assert!(find("age").values.is_empty());
        assert_eq!((find("hello").answered, find("hello").skipped), (2, 0));
    }

    #[test]
    fn the_nearest_rank_is_one_of_the_values() {
        let ranks = |count| (nearest_rank(count, 50), nearest_rank(count, 90));
        assert_eq!(ranks(0), (None, None));
        assert_eq!(ranks(1), (Some(0), Some(0)));
        assert_eq!(ranks(2), (Some(0), Some(1)));
        assert_eq!(ranks(10), (Some(4), Some(8)));
    }
}
