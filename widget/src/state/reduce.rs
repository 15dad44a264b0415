//! The transitions: which action leads where, and the tokens. Calls are in `calls`, what comes on screen in `show`, the
//! answers that wait in `queue` and `refused`, the way back to those that do not in `back`, what the person does in `person`.

use serde_json::Value;

use super::{
    Action, Ambient, Call, Effect, GO_ON_MS, Kept, RENEW_AGAIN_MS, REOPEN_AFTER_MS, Save, Screen, State,
    TOKEN_TIMEOUT_MS, Timer,
};
use crate::{error::Failure, reply::SessionToken, token, validate::Fault};

/// The share of a session token's life after which it is renewed, in milliseconds per second of life.
const RENEW_MS_PER_S: u32 = 800;
/// Browsers fire a timer at once that is set to more.
const LONGEST_TIMER_MS: u32 = i32::MAX as u32;

/// Makes of `state` what follows from `action`, and tells what is to be done about it, in order.
pub fn reduce(state: &mut State, action: Action, ambient: &dyn Ambient) -> Vec<Effect> {
    state.is_offline = !ambient.is_online();
    let mut step = Step { state, effects: Vec::new(), ambient };
    step.take(action);
    step.effects
}

/// One action being taken.
pub(super) struct Step<'a> {
    pub(super) state: &'a mut State,
    pub(super) effects: Vec<Effect>,
    pub(super) ambient: &'a dyn Ambient,
}

impl Step<'_> {
    fn take(&mut self, action: Action) {
        match action {
            Action::Mounted => self.start(),
            Action::DeviceRead { owner, records } => self.device_read(&owner, records),
            Action::Kept { what: Kept::Answer(client_id), is_kept } => self.settled(&client_id, is_kept),
            Action::Kept { what: Kept::Draft, is_kept } => self.draft_kept(is_kept),
            Action::TokenGiven(token) => self.token_given(token),
            Action::Replied { ticket, reply } => self.replied(ticket, reply),
            Action::OriginChecked { is_server_up } => {
                self.fail(if is_server_up { Failure::OriginRefused } else { Failure::Unreachable });
            }
            Action::DraftSaved { seq } => {
                self.state.is_draft_sending = false;
                self.state.is_draft_unsent = seq.is_none();
                if seq.is_none() {
                    self.tell_draft();
                } else if seq > Some(self.state.seq) {
                    // Another tab has counted further, and the server keeps what it said: this is newer.
                    self.state.seq = seq.unwrap_or_default();
                    self.save_draft();
                } else if seq == Some(self.state.seq)
                    && !self.state.is_draft_due
                    && !self.state.is_locked()
                    && self.state.changing.is_none()
                    && self.state.queue.is_empty()
                {
                    self.state.save = Save::Saved;
                }
            }
            Action::DraftRefused => {
                self.state.is_draft_sending = false;
                self.state.is_draft_unsent = false;
                // It will not be sent when the connection is back, and what becomes of the answer its commit finds out.
                if self.state.save == Save::OnDevice && self.state.queue.is_empty() {
                    self.state.save = Save::Idle;
                }
            }
            Action::Renewed(renewed) => self.renewed(renewed),
            Action::Expired => self.expired(),
            Action::TimerFired(timer) => self.timer_fired(timer),
            Action::Online => self.try_now(),
            // What is saved is not kept again: the device would be ahead of the server, and a reload would not say so.
            Action::Hidden if self.state.save != Save::Saved => self.save_draft(),
            // Being drawn again is all: the texts are no part of the state, and the network is looked at each time.
            Action::Hidden | Action::TextsCame | Action::Offline => {}
            Action::WentBack(question_id) => self.go_back(question_id),
            Action::Listed => self.list(),
            Action::Looked { question_id, found } => self.looked(&question_id, found.map(|found| *found)),
            Action::KeptAsItWas => self.keep_answer(),
            Action::Edited(input) => self.edited(input),
            Action::ChoiceToggled(id) => self.choice_toggled(&id),
            Action::Moved { index, up } => self.moved(index, up),
            Action::Submitted => self.submitted(),
            Action::HalfTyped => self.find_fault(Fault::NotADate),
            Action::Skipped => self.commit(Value::Null),
            Action::ConsentToggled(id) => self.consent_toggled(id),
            Action::ConsentGiven => self.consent_given(),
            Action::ConsentDeclined => self.consent_declined(),
            // The refusal is on its way, and cannot be called back.
            Action::DeclineCancelled if self.state.is_locked() => {}
            Action::DeclineCancelled => {
                self.state.is_declining = false;
                self.effects.push(Effect::FocusScreen);
            }
            Action::Again => self.again(),
            Action::Acknowledged => self.acknowledged(),
            Action::PauseRequested => self.pause(),
            Action::Continued => self.go_on(),
            Action::Stayed => {
                self.state.redirect_in_s = None;
                self.effects.extend([Effect::StopTimer(Timer::Redirect), Effect::FocusScreen]);
            }
        }
    }

    pub(super) fn start(&mut self) {
        match self.state.invite_token.clone() {
            Some(token) => self.open(&token),
            None => self.ask_for_token(),
        }
    }

    pub(super) fn ask_for_token(&mut self) {
        self.state.asked_for_token = true;
        self.state.is_asking = true;
        self.effects.extend([Effect::AskForToken, Effect::SetTimer(Timer::Token, TOKEN_TIMEOUT_MS)]);
    }

    pub(super) fn token_given(&mut self, token: Option<String>) {
        if !std::mem::take(&mut self.state.is_asking) {
            return;
        }
        self.effects.push(Effect::StopTimer(Timer::Token));
        match token {
            Some(token) if token::is_api_key(&token) => self.fail(Failure::Unauthorized),
            Some(token) => {
                self.state.invite_token = Some(token.clone());
                self.open(&token);
            }
            None => self.fail(Failure::TokenUnavailable),
        }
    }

    fn open(&mut self, token: &str) {
        match self.state.fixed_base.clone().or_else(|| token::issuer(token)) {
            Some(base) => {
                self.state.base = Some(base);
                self.read_device(token::owner(token));
                self.send(Call::Start);
            }
            None => self.fail(Failure::Unauthorized),
        }
    }

    /// The device is read beside the first call, once for each invite.
    fn read_device(&mut self, owner: Option<String>) {
        if self.state.owner == owner {
            return;
        }
        if self.state.owner.is_some() {
            self.leave_invite();
        }
        self.state.owner.clone_from(&owner);
        if let Some(owner) = owner {
            self.state.is_reading = true;
            self.effects.extend([Effect::ReadDevice(owner), Effect::SetTimer(Timer::GoOn, GO_ON_MS)]);
        }
    }

    /// The page gave a token for another invite: nothing of the old one may be sent with it. What is on the device stays
    /// there under the old name.
    fn leave_invite(&mut self) {
        let state = &mut *self.state;
        state.unsaved.extend(state.correcting.take());
        state.unsaved.append(&mut state.queue);
        state.session_token = None;
        state.session = None;
        state.suspended = None;
        state.restorable = None;
        state.drafts.clear();
        state.answers.clear();
        state.open_after = None;
        state.opening = None;
        state.changing = None;
        state.question = None;
        state.is_dirty = false;
        state.is_committed = false;
        state.course.clear();
        state.screen = Screen::Loading;
        state.seq = 0;
    }

    pub(super) fn hold_session(&mut self, token: SessionToken) {
        self.state.session_token = Some(token.token);
        let life = token.expires_in_s.saturating_mul(RENEW_MS_PER_S).min(LONGEST_TIMER_MS);
        self.effects.push(Effect::SetTimer(Timer::Renew, life));
    }

    /// The invite opens the session again, once in a while: else a server that takes no token would be asked without end.
    fn expired(&mut self) {
        let state = &mut *self.state;
        let is_under_way = state.pending.is_some() || state.is_asking || state.session_token.is_none();
        let now = self.ambient.now_ms();
        let is_late = state.reopened_at_ms.is_none_or(|before| now - before >= REOPEN_AFTER_MS);
        if state.screen == Screen::Question && !is_under_way && is_late {
            state.reopened_at_ms = Some(now);
            self.start();
        }
    }

    /// Once more when it failed; if it never works, the next call gets 401 and resumes with the invite.
    fn renewed(&mut self, renewed: Option<SessionToken>) {
        self.state.is_renewal_due = false;
        match (renewed, &self.state.screen) {
            (Some(renewed), _) => self.hold_session(renewed),
            (None, Screen::End(_) | Screen::Failed(_)) => {}
            (None, _) => {
                self.state.is_renewal_due = true;
                self.effects.push(Effect::SetTimer(Timer::Renew, RENEW_AGAIN_MS));
            }
        }
    }

    /// The network is back, or somebody looks at the page again: what waits is tried at once.
    fn try_now(&mut self) {
        if std::mem::take(&mut self.state.is_renewal_due) {
            self.effects.push(Effect::Renew);
        }
        if self.state.pending.as_ref().is_some_and(|pending| pending.is_waiting) {
            self.send_again();
        } else if self.state.screen == Screen::Failed(Failure::Unreachable) {
            self.start();
        } else if matches!(self.state.screen, Screen::Question | Screen::Waiting) {
            if self.state.save == Save::OnDevice {
                self.save_draft();
            }
            if self.state.pending.is_none() && self.state.queue.is_empty() {
                self.effects.extend(self.state.owner.clone().map(Effect::ReadDevice));
            }
        }
    }

    pub(super) fn again(&mut self) {
        match (&self.state.screen, self.state.save) {
            (Screen::Failed(_), _) => {
                self.state.screen = Screen::Loading;
                self.state.session_token = None;
                self.state.asked_for_token = false;
                self.state.has_reopened = false;
                self.start();
            }
            // The same once more: who goes on typing is not asked for it.
            (Screen::Question, Save::Refused) => match &self.state.correcting {
                Some(refused) => self.commit(refused.body.value.clone()),
                None => self.submitted(),
            },
            (Screen::Consent, Save::Refused) if self.state.is_declining => self.consent_declined(),
            (Screen::Consent, Save::Refused) => self.consent_given(),
            _ => self.try_now(),
        }
        // The button goes with the trouble, and focus would go with it.
        let is_elsewhere = |effect: &Effect| matches!(effect, Effect::FocusScreen | Effect::FocusField);
        if matches!(self.state.screen, Screen::Question | Screen::Consent)
            && !self.effects.iter().any(is_elsewhere)
        {
            self.effects.push(Effect::FocusStatus);
        }
    }
}
