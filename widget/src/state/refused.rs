//! Answers that the server did not take. None is dropped before the person has seen it.

use protocol::error::ErrorCode;

use super::{Effect, Save, Screen, Timer, reduce::Step};
use crate::{
    error::Problem,
    outbox::{self, Entry},
    validate::Fault,
};

impl Step<'_> {
    /// The value was refused: the person is shown question and value again. The answers behind it wait.
    pub(super) fn not_taken(&mut self, problem: &Problem) {
        if self.state.queue.is_empty() {
            return;
        }
        let entry = self.state.queue.remove(0);
        let is_on_screen = self.state.is_committed
            && self.state.screen == Screen::Question
            && self.state.question.as_ref().is_some_and(|question| question.id == entry.question_id);
        // A correction that was begun before a reload.
        let is_corrected = self
            .state
            .drafts
            .iter()
            .any(|draft| draft.question_id == entry.question_id && draft.seq > entry.body.seq);
        if is_on_screen && !is_corrected {
            self.state.is_committed = false;
            self.state.is_dirty = true;
        } else if self.find(&entry.question_id).is_some() {
            self.keep_draft();
            self.show_again(&entry);
        } else {
            return self.lose(entry);
        }
        self.state.correcting = Some(entry);
        if problem.code() == Some(ErrorCode::ValidationFailed) {
            self.state.save = Save::Idle;
            self.state.fault = Some(Fault::Server(refusal(problem)));
            self.effects.push(Effect::FocusField);
        } else {
            self.state.save = Save::Refused;
        }
    }

    /// The interview went on elsewhere: this answer can never be saved. Those behind it may be.
    pub(super) fn conflicting(&mut self) {
        if self.state.queue.is_empty() {
            return;
        }
        let entry = self.state.queue.remove(0);
        self.lose(entry);
    }

    fn lose(&mut self, entry: Entry) {
        self.state.was_answered_elsewhere = true;
        self.state.must_refresh = true;
        self.keep(vec![entry.keep(true)]);
        if self.state.question.as_ref().is_some_and(|question| question.id == entry.question_id) {
            // What comes in its place only the server knows.
            self.effects.push(Effect::StopTimer(Timer::GoOn));
        }
        self.state.unsaved.push(entry);
        self.pump();
    }

    /// The interview is over: what still waits cannot be sent, and nothing but that is left on the device.
    pub(super) fn nothing_can_be_sent(&mut self, is_unsure: bool) {
        let state = &mut *self.state;
        let mut changes = outbox::forget_interview(&std::mem::take(&mut state.drafts));
        if let Some(entry) = state.correcting.take() {
            state.queue.insert(0, entry);
        }
        changes.extend(state.queue.iter().map(|entry| entry.keep(true)));
        state.is_unsure |= is_unsure && !state.queue.is_empty();
        state.unsaved.append(&mut state.queue);
        state.restorable = None;
        state.must_refresh = false;
        state.is_committed = false;
        self.keep(changes);
    }

    /// The person has read what could not be saved.
    pub(super) fn acknowledged(&mut self) {
        let changes = self.state.unsaved.iter().map(Entry::forget).collect();
        self.state.unsaved.clear();
        self.state.is_unsure = false;
        self.keep(changes);
        self.effects.push(Effect::FocusScreen);
    }
}

/// What the server says about the value.
fn refusal(problem: &Problem) -> String {
    match problem {
        Problem::Refused(error) => {
            error.details.first().map_or(&error.message, |detail| &detail.message).clone()
        }
        Problem::Unreachable | Problem::Interrupted | Problem::Unreadable => String::new(),
    }
}
