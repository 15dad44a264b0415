//! Questions: what each kind needs and what does not suit it.

use protocol::question::QuestionKind;

use super::{Checker, Horizon, Pointer, limits};
use crate::guide::{Question, QuestionNumber, Recording};

impl<'g> Checker<'g> {
    pub(super) fn question(
        &mut self,
        question: &'g Question,
        at: &Pointer,
        number: QuestionNumber,
        horizon: Horizon,
    ) {
        self.text(&question.text, &at.key("text"), limits::TEXT, horizon);
        if let Some(help) = &question.help {
            self.text(help, &at.key("help"), limits::TEXT, horizon);
        }
        if let Some(show_if) = &question.show_if {
            self.condition(show_if, &at.key("show_if"), horizon);
        }
        if question.time_limit_ms.is_some_and(|limit| !limits::TIME_LIMIT_MS.contains(&limit)) {
            self.fault(
                &at.key("time_limit_ms"),
                "out_of_range",
                "A time limit is between 1,000 (a second) and 86,400,000 (a day).",
            );
        }
        self.choices(question, &at.key("choices"), horizon);
        self.validate(question, number, &at.key("validate"));
        if let Some(recording) = question.recording {
            self.recording(question.kind, recording, &at.key("recording"));
        }
        if let Some(follow_up) = &question.follow_up {
            self.follow_up(
                question,
                follow_up,
                &at.key("follow_up"),
                Horizon { own: Some(number), ..horizon },
            );
        }
    }

    fn recording(&mut self, kind: QuestionKind, recording: Recording, at: &Pointer) {
        if !matches!(kind, QuestionKind::Audio | QuestionKind::Video) {
            return self.fault(at, "not_for_kind", "Only audio and video are recorded.");
        }
        if recording.think_time_ms.is_some_and(|time| time > limits::THINK_TIME_MS) {
            let message = "The time to think is at most 600,000 (ten minutes).";
            self.fault(&at.key("think_time_ms"), "out_of_range", message);
        }
        if recording.max_retakes.is_some_and(|retakes| retakes > limits::RETAKES) {
            let message =
                format!("There can be at most {} retakes; leave it out for no limit.", limits::RETAKES);
            self.fault(&at.key("max_retakes"), "out_of_range", message);
        }
    }

    fn choices(&mut self, question: &'g Question, at: &Pointer, horizon: Horizon) {
        let fewest = match question.kind {
            QuestionKind::SingleChoice | QuestionKind::MultiChoice => 1,
            QuestionKind::Ranking => 2,
            _ => 0,
        };
        if fewest == 0 && !question.choices.is_empty() {
            self.fault(at, "not_for_kind", "A question of this kind has no choices.");
        } else if question.choices.len() < fewest {
            self.fault(
                at,
                "choices_missing",
                format!("A question of this kind has at least {fewest} choice(s)."),
            );
        }
        self.choice_ids(&question.choices, at);
        for (choice, at) in question.choices.iter().zip(at.items()) {
            self.text(&choice.label, &at.key("label"), limits::LABEL, horizon);
        }
    }
}
