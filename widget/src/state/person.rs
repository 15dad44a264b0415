//! What the person, the clock and the page do.

use protocol::session::{AcceptedConsent, Draft, PutAnswer};
use serde_json::Value;

use super::{Call, DRAFT_DELAY_MS, Effect, Event, Kept, Look, Save, Screen, Timer, reduce::Step};
use crate::{
    input::{Input, moved, toggled},
    outbox,
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
        self.state.is_draft_kept = false;
        self.state.is_draft_unsent = false;
        self.state.fault = None;
        self.state.save = Save::Idle;
        // Who writes on has something else in mind by now.
        self.state.opening.take_if(|opening| opening.look == Look::Between);
        self.tell_queue();
        // Not put off by who goes on typing: somebody who never pauses would have nothing saved.
        if !std::mem::replace(&mut self.state.is_draft_due, true) {
            self.effects.push(Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS));
        }
    }

    /// From what is chosen now, not from what was drawn: two ticks may come before the next drawing.
    pub(super) fn choice_toggled(&mut self, id: &str) {
        let (Some(question), Input::Choices(chosen)) = (&self.state.question, &self.state.input) else {
            return;
        };
        let chosen = toggled(question, chosen, id);
        self.edited(Input::Choices(chosen));
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
        match check(&question, &self.state.input, self.state.has_comma()) {
            Ok(value) => self.commit(value),
            // What is on its way goes on by itself, and the field says so.
            Err(Fault::Uploading) => {}
            Err(fault) => self.find_fault(fault),
        }
    }

    pub(super) fn find_fault(&mut self, fault: Fault) {
        if !self.state.is_locked() {
            self.state.fault = Some(fault);
            self.effects.push(Effect::FocusField);
        }
    }

    pub(super) fn commit(&mut self, value: Value) {
        if self.state.is_locked() || self.state.screen != Screen::Question {
            return;
        }
        let Some(question) = self.state.question.clone() else { return };
        self.begin();
        self.state.fault = None;
        let body = self.put(value, true);
        self.enqueue(&question, body);
    }

    fn put(&mut self, value: Value, is_final: bool) -> PutAnswer {
        self.state.seq += 1;
        let elapsed_ms = self.elapsed_ms();
        PutAnswer { client_id: self.ambient.fresh_id(), seq: self.state.seq, value, elapsed_ms, is_final }
    }

    /// How long the question has been on screen.
    fn elapsed_ms(&self) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
        let elapsed_ms = (self.ambient.now_ms() - self.state.shown_at_ms) as u64;
        elapsed_ms
    }

    /// Keeps what is typed on the device, unless there is nothing new.
    pub(super) fn keep_draft(&mut self) -> bool {
        if self.state.is_locked() || !self.state.is_dirty || self.state.screen != Screen::Question {
            return false;
        }
        let Some(question) = self.state.question.clone() else { return false };
        self.state.seq += 1;
        let value = self.state.input.draft(question.kind);
        let draft = Draft { question_id: question.id.clone(), seq: self.state.seq, value };
        self.state.is_draft_kept = false;
        if let Some(owner) = self.state.owner.clone() {
            let changes = vec![outbox::keep_draft(&draft)];
            self.effects.push(Effect::Keep { owner, changes, what: Some(Kept::Draft) });
        }
        self.state.drafts.retain(|before| before.question_id != question.id);
        self.state.drafts.push(draft);
        true
    }

    /// Keeps what is typed, on the device first. Gives what the server is to keep: nothing that is no value of this kind,
    /// and nothing while it does not know that this question is open.
    fn draft(&mut self) -> Option<(String, PutAnswer)> {
        self.state.is_draft_due = false;
        // Of what is answered already the server keeps no draft.
        let is_open =
            self.state.queue.is_empty() && self.state.correcting.is_none() && self.state.changing.is_none();
        if !self.keep_draft() || !is_open || self.state.session_token.is_none() {
            return None;
        }
        let question = self.state.question.clone()?;
        let value = self.state.input.value(question.kind, self.state.has_comma())?;
        // The same count as on the device: it is the same draft.
        self.state.seq -= 1;
        Some((question.id.clone(), self.put(value, false)))
    }

    pub(super) fn save_draft(&mut self) {
        if let Some((question_id, body)) = self.draft() {
            self.state.is_draft_sending = true;
            self.effects.push(Effect::SaveDraft(question_id, body));
        }
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
        // Enter on a tick box submits the form, also while it asks whether to decline.
        if self.state.is_declining {
            return;
        }
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
            // One at a time: on a slow line they would keep the answer from getting through.
            Timer::Draft if self.state.is_draft_sending => {
                self.keep_draft();
                self.effects.push(Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS));
            }
            Timer::Draft => self.save_draft(),
            Timer::Retry => self.send_again(),
            Timer::Renew => self.effects.push(Effect::Renew),
            Timer::Redirect => self.count_down(),
            Timer::Limit => self.count_time(),
            Timer::Token => self.token_given(None),
            Timer::GoOn if self.state.screen == Screen::Loading => drop(self.restore()),
            Timer::GoOn => self.without_server(),
        }
    }

    /// The time to answer is shown and told, and takes nothing away: who needs longer may answer all the same
    /// (WCAG 2.2, success criterion 2.2.1), and `elapsed_ms` says how long it took.
    pub(super) fn count_time(&mut self) {
        let limit_ms = self.state.question.as_ref().and_then(|question| question.time_limit_ms);
        // What is answered has had its time.
        let limit_ms = limit_ms.filter(|_| self.state.changing.is_none() && !self.state.is_committed);
        self.state.time_left_s = limit_ms.map(|limit_ms| {
            let left_ms = limit_ms.saturating_sub(self.elapsed_ms());
            if left_ms > 0 {
                self.effects.push(Effect::SetTimer(Timer::Limit, until_next_second(left_ms)));
            }
            u32::try_from(left_ms.div_ceil(1_000)).unwrap_or(u32::MAX)
        });
    }

    fn count_down(&mut self) {
        let (Screen::End(end), Some(left)) = (&self.state.screen, self.state.redirect_in_s) else { return };
        // Nobody is taken away from what could not be saved before they have read it.
        let left = left.saturating_sub(u32::from(self.state.unsaved.is_empty()));
        // Who comes back to this page, or stays on it, is told of no way that nobody takes.
        self.state.redirect_in_s = (left > 0).then_some(left);
        if left > 0 {
            self.effects.push(Effect::SetTimer(Timer::Redirect, 1_000));
        } else if let Some(url) = &end.redirect_url {
            self.effects.push(Effect::Redirect(url.clone()));
        }
    }

    pub(super) fn pause(&mut self) {
        if !matches!(self.state.screen, Screen::Consent | Screen::Question | Screen::Waiting) {
            return;
        }
        let draft = self.draft();
        self.state.is_continuing = false;
        self.effects.extend([Timer::Draft, Timer::GoOn].map(Effect::StopTimer));
        if self.state.session_token.is_some() {
            self.effects.push(Effect::Pause(draft));
        }
        self.enter(Screen::Paused);
        self.effects.push(Effect::Emit(Event::Paused));
    }

    pub(super) fn go_on(&mut self) {
        if self.state.screen != Screen::Paused {
            return;
        }
        if self.state.queue.is_empty() && self.state.pending.is_none() && self.state.session_token.is_some() {
            self.state.is_continuing = true;
            self.send(Call::Refresh);
        } else {
            // Something is on its way, or cannot be; what it brings is shown when it is here.
            self.stand(None);
        }
    }
}

/// When the number of whole seconds left changes, in milliseconds from now.
fn until_next_second(left_ms: u64) -> u32 {
    u32::try_from((left_ms - 1) % 1_000 + 1).unwrap_or(1_000)
}
