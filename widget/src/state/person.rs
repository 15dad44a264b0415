//! What the person, the clock and the page do.

use protocol::session::{AcceptedConsent, PutAnswer};
use serde_json::Value;

use super::{Call, DRAFT_DELAY_MS, Effect, Event, Save, Screen, Timer, reduce::Step};
use crate::{
    input::{Input, moved},
    validate::{Fault, check},
};

impl Step<'_> {
    fn begin(&mut self) {
        if !self.state.has_begun {
            self.state.has_begun = true;
            self.effects.push(Effect::Emit(Event::Start));
        }
    }

    pub(super) fn edited(&mut self, input: Input) {
        if self.state.is_locked() || self.state.screen != Screen::Question || self.state.input == input {
            return;
        }
        self.begin();
        self.state.input = input;
        self.state.is_dirty = true;
        self.state.fault = None;
        self.state.save = Save::Idle;
        self.effects.push(Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS));
    }

    pub(super) fn moved(&mut self, index: usize, up: bool) {
        let Input::Order(order) = &self.state.input else { return };
        let Some(id) = order.get(index).cloned() else { return };
        let order = moved(order, index, up);
        self.edited(Input::Order(order));
        self.state.moved = Some((id, up));
        self.effects.push(Effect::FocusMoved);
    }

    pub(super) fn submitted(&mut self) {
        let Some(question) = self.state.question.clone() else { return };
        match check(&question, &self.state.input) {
            Ok(value) => self.commit(value),
            // What is on its way goes on by itself, and the field says so.
            Err(Fault::Uploading) => {}
            Err(_) if self.state.is_locked() => {}
            Err(fault) => {
                self.state.fault = Some(fault);
                self.effects.push(Effect::FocusField);
            }
        }
    }

    pub(super) fn commit(&mut self, value: Value) {
        if self.state.is_locked() || self.state.screen != Screen::Question {
            return;
        }
        let Some(question) = self.state.question.clone() else { return };
        self.begin();
        self.state.fault = None;
        self.state.save = Save::Sending;
        self.effects.push(Effect::StopTimer(Timer::Draft));
        let body = self.put(value, true);
        self.send(Call::Answer { question_id: question.id.clone(), body });
    }

    fn put(&mut self, value: Value, is_final: bool) -> PutAnswer {
        self.state.seq += 1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
        let elapsed_ms = (self.ambient.now_ms() - self.state.shown_at_ms) as u64;
        PutAnswer { client_id: self.ambient.fresh_id(), seq: self.state.seq, value, elapsed_ms, is_final }
    }

    /// What to save as a draft, unless there is nothing new, or nothing that is a value of this kind.
    fn draft(&mut self) -> Option<(String, PutAnswer)> {
        if self.state.is_locked() || !self.state.is_dirty || self.state.screen != Screen::Question {
            return None;
        }
        let question = self.state.question.clone()?;
        let value = self.state.input.value(question.kind)?;
        Some((question.id.clone(), self.put(value, false)))
    }

    pub(super) fn consent_toggled(&mut self, id: String) {
        if self.state.is_locked() {
            return;
        }
        self.state.fault = None;
        match self.state.accepted.iter().position(|accepted| *accepted == id) {
            Some(index) => drop(self.state.accepted.remove(index)),
            None => self.state.accepted.push(id),
        }
    }

    pub(super) fn consent_given(&mut self) {
        let Some(campaign) = self.state.campaign.clone() else { return };
        let is_accepted = |id: &String| self.state.accepted.contains(id);
        if campaign.consent.iter().any(|item| item.required && !is_accepted(&item.id)) {
            self.state.fault = Some(Fault::MustAgree);
            self.effects.push(Effect::FocusField);
            return;
        }
        let accepted = campaign.consent.iter().filter(|item| is_accepted(&item.id));
        let accepted =
            accepted.map(|item| AcceptedConsent { id: item.id.clone(), version: item.version }).collect();
        self.send_consent(accepted);
    }

    pub(super) fn consent_declined(&mut self) {
        if self.state.is_declining {
            self.send_consent(Vec::new());
        } else if !self.state.is_locked() {
            self.state.is_declining = true;
            self.state.fault = None;
            self.effects.push(Effect::FocusScreen);
        }
    }

    fn send_consent(&mut self, accepted: Vec<AcceptedConsent>) {
        if self.state.is_locked() || self.state.screen != Screen::Consent {
            return;
        }
        self.begin();
        self.state.fault = None;
        self.state.save = Save::Sending;
        self.send(Call::Consent(accepted));
    }

    // ---- time and the page

    pub(super) fn timer_fired(&mut self, timer: Timer) {
        match timer {
            Timer::Draft => {
                if let Some((question_id, body)) = self.draft() {
                    self.effects.push(Effect::SaveDraft(question_id, body));
                }
            }
            Timer::Retry => self.send_again(),
            Timer::Renew => self.effects.push(Effect::Renew),
            Timer::Redirect => self.count_down(),
        }
    }

    fn count_down(&mut self) {
        let (Screen::End(end), Some(left)) = (&self.state.screen, self.state.redirect_in_s) else { return };
        let left = left.saturating_sub(1);
        self.state.redirect_in_s = Some(left);
        if left > 0 {
            self.effects.push(Effect::SetTimer(Timer::Redirect, 1_000));
        } else if let Some(url) = &end.redirect_url {
            self.effects.push(Effect::Redirect(url.clone()));
        }
    }

    pub(super) fn pause(&mut self) {
        if self.state.session_token.is_none()
            || !matches!(self.state.screen, Screen::Consent | Screen::Question)
        {
            return;
        }
        let draft = self.draft();
        self.effects.extend([Effect::StopTimer(Timer::Draft), Effect::Pause(draft)]);
        self.enter(Screen::Paused);
        self.effects.push(Effect::Emit(Event::Paused));
    }

    pub(super) fn go_on(&mut self) {
        if self.state.screen != Screen::Paused {
            return;
        }
        if self.state.is_locked() {
            // An answer is still on its way; its reply brings the next question.
            self.enter(if self.state.question.is_some() { Screen::Question } else { Screen::Consent });
        } else {
            self.send(Call::Refresh);
        }
    }
}
