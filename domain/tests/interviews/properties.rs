//! The properties.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    guide::{CheckedGuide, Guide},
    interview::{AnswerRefused, GivenAnswer},
};
use proptest::prelude::*;
use protocol::{
    question::QuestionView,
    session::{Ahead, Turn},
};
use serde_json::{Value, json};

use super::{
    dice::Dice,
    guides::{guide, markers},
    participant::Record,
};

fn checked(guide: &Value) -> CheckedGuide {
    let read: Guide =
        serde_json::from_value(guide.clone()).unwrap_or_else(|error| panic!("{error}: {guide:#}"));
    CheckedGuide::try_new(read).unwrap_or_else(|faults| panic!("{faults:#?}: {guide:#}"))
}

fn record(dice: &mut Dice, seed: u64) -> Record {
    let locale = *dice.pick(&["en", "de-AT", "fr"]);
    Record::new(checked(&guide(dice)), seed, locale)
}

/// One in which answers may be changed.
fn record_that_goes_back(dice: &mut Dice, seed: u64) -> Record {
    let record = record(dice, seed);
    let mut guide = serde_json::to_value(record.guide.guide()).unwrap();
    guide["allow_back"] = json!(true);
    Record { guide: checked(&guide), ..record }
}

/// Several others answer what is told in advance from here on, and it comes so.
fn check_ahead(record: &Record, dice: &mut Dice) -> Result<(), TestCaseError> {
    let ahead = record.interview().ahead(20);
    for _ in 0..3 {
        let mut other = record.clone();
        for Ahead { progress, question } in &ahead {
            let Turn::Question { question: current, .. } = other.interview().turn() else { panic!() };
            other.answer(*current, dice);
            let told = Turn::Question { progress: *progress, question: Box::new(question.clone()) };
            prop_assert_eq!(other.interview().turn(), told);
        }
    }
    Ok(())
}

fn current(turn: &Turn) -> Option<&QuestionView> {
    match turn {
        Turn::Question { question, .. } => Some(question),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_interview_ends_and_nothing_can_be_answered_afterwards(mut dice in Dice::any(400), seed: u64) {
        let mut record = record(&mut dice, seed);
        let turns = record.play(&mut dice);
        let asked: BTreeSet<&str> = turns.iter().filter_map(current).map(|question| question.id.as_str()).collect();
        prop_assert_eq!(asked.len(), turns.len() - 1, "each question is asked once");
        let over = record.interview();
        prop_assert!(over.is_over());
        prop_assert_eq!(over.check_answer("anything", &Value::Null), Err(AnswerRefused::Over));
        for id in asked {
            prop_assert_eq!(over.check_answer(id, &Value::Null), Err(AnswerRefused::AlreadyAnswered));
        }
    }

    #[test]
    fn the_same_guide_seed_and_answers_give_the_same_interview(mut dice in Dice::any(400), seed: u64) {
        let mut record = record(&mut dice, seed);
        let turns = record.play(&mut dice);
        // Another machine: the guide is read again, and only the answers are known.
        let stored = serde_json::to_value(record.guide.guide()).unwrap();
        let replayed = Record { guide: checked(&stored), ..record.clone() };
        for (answers, turn) in turns.iter().enumerate() {
            prop_assert_eq!(&replayed.interview_after(answers).turn(), turn);
        }
        let asked: Vec<&QuestionView> = turns.iter().filter_map(current).collect();
        let told = replayed.interview().asked();
        prop_assert_eq!(told.iter().collect::<Vec<_>>(), asked, "a transcript tells what was asked");
    }

    #[test]
    fn progress_never_goes_back_and_is_whole_only_at_the_end(mut dice in Dice::any(400), seed: u64) {
        let turns = record(&mut dice, seed).play(&mut dice);
        let progress: Vec<f64> = turns.iter().map(Turn::progress).collect();
        prop_assert!(progress.is_sorted(), "{progress:?}");
        let (last, before) = progress.split_last().unwrap();
        prop_assert!((last - 1.0).abs() < f64::EPSILON && before.iter().all(|progress| (0.0..1.0).contains(progress)));
    }

    #[test]
    fn a_turn_holds_nothing_but_what_is_shown_now(mut dice in Dice::any(400), seed: u64) {
        let mut record = record(&mut dice, seed);
        let turns = record.play(&mut dice);
        let guide = serde_json::to_value(record.guide.guide()).unwrap();
        for (answers, turn) in turns.iter().enumerate() {
            let allowed = allowed(&guide, &record.answers[..answers], turn, record.locale);
            let sent = serde_json::to_string(turn).unwrap();
            let leaked: Vec<&str> = markers(&sent).filter(|marker| !allowed.contains(*marker)).collect();
            prop_assert!(leaked.is_empty(), "{leaked:?} in {sent}");
            let probes = markers(&sent).filter(|marker| marker.starts_with("PRB")).count();
            prop_assert!(probes <= 1, "{sent}");
        }
    }

    #[test]
    fn what_is_told_in_advance_comes_so_whatever_is_answered(mut dice in Dice::any(800), seed: u64) {
        let mut record = record(&mut dice, seed);
        while let Turn::Question { question: current, .. } = record.interview().turn() {
            check_ahead(&record, &mut dice)?;
            record.answer(*current, &mut dice);
        }
        prop_assert_eq!(record.interview().ahead(20), []);
    }

    #[test]
    fn whatever_is_changed_the_interview_goes_on_and_probes_keep_their_own_answers(mut dice in Dice::any(900), seed: u64) {
        let mut record = record_that_goes_back(&mut dice, seed);
        let mut probes = BTreeMap::new();
        while let Turn::Question { question: current, .. } = record.interview().turn() {
            let answered: Vec<QuestionView> =
                record.answers.iter().filter_map(|answer| record.interview().answered(&answer.question_id)).collect();
            for probe in answered.iter().filter(|question| question.probe_of.is_some()) {
                let told = markers(&probe.text).find(|marker| marker.starts_with("PRB"));
                prop_assert_eq!(told, probes.get(&probe.id).map(String::as_str), "{}", probe.id);
            }
            check_ahead(&record, &mut dice)?;
            let goes_back = !answered.is_empty() && dice.once_in(3);
            let question = if goes_back { dice.pick(&answered).clone() } else { *current };
            if let Some(marker) = markers(&question.text).find(|marker| marker.starts_with("PRB")) {
                probes.insert(question.id.clone(), marker.to_owned());
            }
            record.answer(question, &mut dice);
        }
        let over = record.interview();
        for answer in &record.answers {
            prop_assert_eq!(over.check_answer(&answer.question_id, &answer.value), Err(AnswerRefused::Over));
        }
    }

    #[test]
    fn answers_of_any_shape_in_any_order_break_nothing(
        mut dice in Dice::any(300),
        seed: u64,
        odd in prop::collection::vec((any::<prop::sample::Index>(), odd_value()), 0..30),
    ) {
        let mut record = record(&mut dice, seed);
        let mut ids: Vec<String> = vec!["nobody".into(), "~".into(), String::new()];
        for question in record.guide.guide().blocks.iter().flat_map(|block| &block.questions) {
            ids.extend([question.id.clone(), format!("{}~1", question.id), format!("{}~2", question.id)]);
        }
        for (at, value) in &odd {
            record.answers.push(GivenAnswer { question_id: at.get(&ids).clone(), value: value.clone(), probe: None });
        }
        let interview = record.interview();
        let progress = interview.turn().progress();
        prop_assert!((0.0..=1.0).contains(&progress));
        prop_assert!(interview.asked().len() <= record.answers.len());
        for ((_, value), id) in odd.iter().zip(&ids) {
            drop((interview.check_answer(id, value), interview.check_draft(id, value)));
        }
    }

    #[test]
    fn whatever_guide_is_believed_has_an_end(
        mut dice in Dice::any(300),
        seed: u64,
        swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
    ) {
        let mut guide = guide(&mut dice);
        for (from, to) in swaps {
            let mut places = Vec::new();
            pointers(&guide, String::new(), &mut places);
            let value = guide.pointer(from.get(&places).as_str()).unwrap().clone();
            *guide.pointer_mut(to.get(&places).as_str()).unwrap() = value;
        }
        let read = serde_json::from_value::<Guide>(guide).ok();
        if let Some(guide) = read.and_then(|guide| CheckedGuide::try_new(guide).ok()) {
            let mut record = Record::new(guide, seed, "en");
            let answers = record.play_somehow(&mut dice);
            prop_assert!(answers <= 200, "{answers}");
        }
    }
}

impl Record {
    /// Answers until the end without regard to limits, and returns how often.
    fn play_somehow(&mut self, dice: &mut Dice) -> usize {
        while let Turn::Question { question, .. } = self.interview().turn() {
            let value = dice.pick(&[json!("ok"), json!(true), json!(3), json!(null), json!(["a"])]).clone();
            self.answers.push(GivenAnswer { question_id: question.id, value, probe: None });
            if self.answers.len() > 200 {
                break;
            }
        }
        self.answers.len()
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("2024-02-30")),
        prop::collection::vec(any::<i64>(), 0..4).prop_map(Value::from),
        Just(json!([["a"], {}, null])),
        Just(json!({"q": "x"})),
    ]
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| pointers(value, format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| pointers(value, format!("{at}/{index}"), found));
        }
        _ => {}
    }
    found.push(at);
}

/// The markers that a turn may hold: those of the question or end it shows in its language, of the variables inserted
/// there, and of the labels of choices that were made.
fn allowed(guide: &Value, answers: &[GivenAnswer], turn: &Turn, locale: &str) -> BTreeSet<String> {
    let questions: Vec<&Value> = guide["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|block| block["questions"].as_array().unwrap())
        .collect();
    let mut allowed = BTreeSet::new();
    let mut allow = |value: &Value| {
        let mut shown = Vec::new();
        texts(value, locale, &mut shown);
        for text in shown {
            // The ids between braces are replaced, so they are not to be seen.
            for (number, part) in text.split("{{").enumerate() {
                let seen =
                    if number == 0 { part } else { part.split_once("}}").map_or("", |(_, after)| after) };
                allowed.extend(markers(seen).map(str::to_owned));
            }
            for variable in guide["variables"].as_array().into_iter().flatten() {
                if text.contains(variable["id"].as_str().unwrap()) {
                    allowed.insert(variable["default"].as_str().unwrap().to_owned());
                }
            }
        }
    };
    match turn {
        Turn::Question { question: shown, .. } => {
            let id = shown.probe_of.as_ref().unwrap_or(&shown.id);
            let question = questions.iter().find(|question| question["id"] == **id).unwrap();
            allow(&question["id"]);
            if shown.probe_of.is_some() {
                question["follow_up"]["rules"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .for_each(|rule| allow(&rule["probes"]));
            } else {
                [&question["text"], &question["help"], &question["choices"]].into_iter().for_each(allow);
            }
        }
        Turn::End { end: shown, .. } => {
            allow(guide["ends"].as_array().unwrap().iter().find(|end| end["id"] == *shown.id).unwrap());
        }
        Turn::Consent { .. } => {}
    }
    let chosen: BTreeSet<&str> = answers
        .iter()
        .flat_map(|answer| answer.value.as_array().cloned().unwrap_or_else(|| vec![answer.value.clone()]))
        .filter_map(|value| value.as_str().map(str::to_owned))
        .filter_map(|id| {
            let choices =
                questions.iter().flat_map(|question| question["choices"].as_array().into_iter().flatten());
            choices
                .into_iter()
                .find(|choice| choice["id"] == *id)
                .and_then(|choice| choice["label"]["und"].as_str())
        })
        .collect();
    allowed.extend(chosen.into_iter().map(str::to_owned));
    allowed
}

/// All strings within a value, of texts only the one in the language of the interview.
fn texts<'v>(value: &'v Value, locale: &str, found: &mut Vec<&'v str>) {
    let german = locale.starts_with("de");
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, locale, found)),
        Value::Object(members) => {
            for (key, member) in members {
                if key != if german { "en" } else { "de" } {
                    texts(member, locale, found);
                }
            }
        }
        _ => {}
    }
}
