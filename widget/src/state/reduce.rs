//! The transitions: replies, failures, and what comes on screen. What the person does is in `person`.

use std::rc::Rc;

use protocol::{
    error::ErrorCode,
    session::{CONSENT_DECLINED, CampaignView, Draft, Turn},
};
use serde_json::Value;

use super::{
    Action, Ambient, Call, Effect, Event, Pending, REDIRECT_DELAY_S, Reply, Save, Screen, State, Timer,
};
use crate::{
    error::{Failure, Problem},
    input::Input,
    reply::{SessionToken, Snapshot},
    token,
    validate::Fault,
};

/// First pause between two attempts; it doubles up to [`LONGEST_PAUSE_MS`].
const FIRST_PAUSE_MS: u32 = 1_000;
/// A person who waits should not wait longer than this for the next attempt.
const LONGEST_PAUSE_MS: u32 = 30_000;
/// The share of a session token's life after which it is renewed, in milliseconds per second of life.
const RENEW_MS_PER_S: u32 = 800;

/// Makes of `state` what follows from `action`, and tells what is to be done about it, in order.
pub fn reduce(state: &mut State, action: Action, ambient: &dyn Ambient) -> Vec<Effect> {
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
            Action::TokenGiven(token) => self.token_given(token),
            Action::Replied { ticket, reply } => self.replied(ticket, reply),
            Action::OriginChecked { is_server_up } => {
                self.fail(if is_server_up { Failure::OriginRefused } else { Failure::Unreachable });
            }
            Action::DraftSaved { seq } => {
                if seq == Some(self.state.seq) && !self.state.is_locked() {
                    self.state.save = Save::Saved;
                }
            }
            Action::Renewed(renewed) => {
                // Without a new token the next call gets 401 and resumes with the invite.
                if let Some(renewed) = renewed {
                    self.hold_session(renewed);
                }
            }
            Action::TimerFired(timer) => self.timer_fired(timer),
            Action::Online => {
                if self.state.save == Save::Retrying {
                    self.send_again();
                } else if self.state.screen == Screen::Failed(Failure::Unreachable) {
                    self.start();
                }
            }
            // The texts are no part of the state; being drawn again is all.
            Action::TextsCame => {}
            Action::Edited(input) => self.edited(input),
            Action::ChoiceToggled(id) => self.choice_toggled(&id),
            Action::Moved { index, up } => self.moved(index, up),
            Action::Submitted => self.submitted(),
            Action::Skipped => self.commit(Value::Null),
            Action::ConsentToggled(id) => self.consent_toggled(id),
            Action::ConsentGiven => self.consent_given(),
            Action::ConsentDeclined => self.consent_declined(),
            Action::DeclineCancelled => {
                self.state.is_declining = false;
                self.effects.push(Effect::FocusScreen);
            }
            Action::Again => self.again(),
            Action::PauseRequested => self.pause(),
            Action::Continued => self.go_on(),
            Action::Stayed => {
                self.state.redirect_in_s = None;
                self.effects.extend([Effect::StopTimer(Timer::Redirect), Effect::FocusScreen]);
            }
        }
    }

    // ---- tokens and sessions

    fn start(&mut self) {
        match self.state.invite_token.clone() {
            Some(token) => self.open(&token),
            None => self.ask_for_token(),
        }
    }

    fn ask_for_token(&mut self) {
        self.state.asked_for_token = true;
        self.effects.push(Effect::AskForToken);
    }

    fn token_given(&mut self, token: Option<String>) {
        match token.filter(|token| !token::is_api_key(token)) {
            Some(token) => {
                self.state.invite_token = Some(token.clone());
                self.open(&token);
            }
            None if self.state.invite_token.is_some() => self.fail(Failure::InviteExpired),
            None => self.fail(Failure::Unauthorized),
        }
    }

    fn open(&mut self, token: &str) {
        match self.state.fixed_base.clone().or_else(|| token::issuer(token)) {
            Some(base) => {
                self.state.base = Some(base);
                self.send(Call::Start);
            }
            None => self.fail(Failure::Unauthorized),
        }
    }

    fn hold_session(&mut self, token: SessionToken) {
        self.state.session_token = Some(token.token);
        self.effects.push(Effect::SetTimer(Timer::Renew, token.expires_in_s.saturating_mul(RENEW_MS_PER_S)));
    }

    // ---- calls that the screen waits for

    pub(super) fn send(&mut self, call: Call) {
        self.attempt(call, 0);
    }

    fn attempt(&mut self, call: Call, failures: u32) {
        self.state.tickets += 1;
        let pending = Pending { call, ticket: self.state.tickets, failures };
        self.state.pending = Some(pending.clone());
        self.effects.extend([Effect::StopTimer(Timer::Retry), Effect::Send(pending)]);
    }

    pub(super) fn send_again(&mut self) {
        if let Some(pending) = self.state.pending.take() {
            self.attempt(pending.call, pending.failures);
        }
    }

    fn replied(&mut self, ticket: u32, reply: Result<Reply, Problem>) {
        let Some(pending) = self.state.pending.take_if(|pending| pending.ticket == ticket) else {
            return;
        };
        match reply {
            Ok(Reply::Started(token, snapshot)) => self.started(token, *snapshot),
            Ok(Reply::Snapshot(snapshot)) => self.show_snapshot(*snapshot),
            Ok(Reply::Turn(turn)) => self.answered(pending.call, turn),
            Err(problem) => self.failed(pending, &problem),
        }
    }

    fn started(&mut self, token: SessionToken, snapshot: Snapshot) {
        self.hold_session(token);
        self.state.asked_for_token = false;
        match self.state.suspended.take() {
            // What was interrupted is put through first: it was said before anything that the server now shows.
            Some(call) => self.send(call),
            None => self.show_snapshot(snapshot),
        }
    }

    fn answered(&mut self, call: Call, turn: Turn) {
        if let Call::Answer { question_id, .. } = call {
            self.effects.push(Effect::Emit(Event::Answer { question_id }));
            // The same question may come again, as another turn: what was typed belongs to the old one.
            self.state.question = None;
            self.state.was_answered_elsewhere = false;
            self.state.shows_intro = false;
        }
        if matches!(&turn, Turn::End { end, .. } if end.id != CONSENT_DECLINED) {
            self.effects.push(Effect::Emit(Event::Complete));
        }
        if self.state.screen == Screen::Paused {
            self.state.save = Save::Idle;
        } else {
            self.show(turn, None);
        }
    }

    fn failed(&mut self, pending: Pending, problem: &Problem) {
        let Pending { call, failures, .. } = pending;
        if problem.is_passing() {
            return self.passing(call, failures, problem);
        }
        match (problem.code(), call) {
            (Some(ErrorCode::InviteExpired), Call::Start)
                if self.state.can_ask_for_token && !self.state.asked_for_token =>
            {
                self.ask_for_token();
            }
            // The session token ran out, while the computer slept perhaps: the invite opens the session again.
            (Some(ErrorCode::Unauthorized), call) if call != Call::Start && !self.state.has_reopened => {
                self.state.has_reopened = true;
                self.state.suspended = Some(call);
                self.start();
            }
            (Some(ErrorCode::Conflict | ErrorCode::NotFound), Call::Answer { .. } | Call::Consent(_)) => {
                self.state.was_answered_elsewhere = true;
                self.send(Call::Refresh);
            }
            (Some(ErrorCode::ValidationFailed), Call::Answer { .. }) => {
                self.state.save = Save::Idle;
                self.state.fault = Some(Fault::Server(refusal(problem)));
                self.effects.push(Effect::FocusField);
            }
            (_, call) => match Failure::after(problem) {
                // What was typed stays on screen.
                failure @ Failure::Unknown(_) if matches!(call, Call::Answer { .. } | Call::Consent(_)) => {
                    self.state.save = Save::Refused;
                    self.effects.push(Effect::Emit(Event::Error(failure)));
                }
                failure => self.fail(failure),
            },
        }
    }

    fn passing(&mut self, call: Call, failures: u32, problem: &Problem) {
        if call == Call::Start && self.state.session_token.is_none() {
            if *problem == Problem::Unreachable {
                self.effects.push(Effect::CheckOrigin);
            } else {
                self.fail(Failure::Unreachable);
            }
            return;
        }
        self.state.save = Save::Retrying;
        self.state.tickets += 1;
        self.state.pending = Some(Pending { call, ticket: self.state.tickets, failures: failures + 1 });
        let pause = FIRST_PAUSE_MS.saturating_mul(1 << failures.min(5)).min(LONGEST_PAUSE_MS);
        // Half of it by chance, so that a server that comes back is not met by everybody at once.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 up to `pause`")]
        let pause = (f64::from(pause) * (0.5 + self.ambient.random() / 2.0)) as u32;
        self.effects.push(Effect::SetTimer(Timer::Retry, pause));
    }

    fn again(&mut self) {
        match (&self.state.screen, self.state.save) {
            (Screen::Failed(_), _) => {
                self.state.screen = Screen::Loading;
                self.state.session_token = None;
                self.state.asked_for_token = false;
                self.state.has_reopened = false;
                self.start();
            }
            (_, Save::Retrying) => self.send_again(),
            (Screen::Question, Save::Refused) => self.submitted(),
            (Screen::Consent, Save::Refused) => self.consent_given(),
            _ => {}
        }
    }

    // ---- what is on screen

    fn show_snapshot(&mut self, snapshot: Snapshot) {
        let Snapshot { campaign, turn, draft, has_answers, seq } = snapshot;
        self.state.seq = self.state.seq.max(seq);
        self.state.has_begun |= has_answers;
        self.state.shows_intro = campaign.consent.is_empty() && !has_answers;
        self.state.campaign = Some(Rc::<CampaignView>::new(campaign));
        self.show(turn, draft);
    }

    fn show(&mut self, turn: Turn, draft: Option<Draft>) {
        let state = &mut *self.state;
        state.has_reopened = false;
        state.progress = turn.progress();
        state.save = Save::Idle;
        state.fault = None;
        state.moved = None;
        self.effects.extend([Effect::StopTimer(Timer::Draft), Effect::StopTimer(Timer::Retry)]);
        match turn {
            Turn::Consent { .. } => self.enter(Screen::Consent),
            Turn::Question { question, .. } => {
                let state = &mut *self.state;
                let draft = draft.filter(|draft| draft.question_id == question.id);
                let is_same = state.question.as_ref().is_some_and(|current| current.id == question.id);
                // What was typed here and not sent yet is newer than any draft.
                if !(is_same && state.is_dirty) {
                    state.is_dirty = false;
                    state.input = Input::new(&question, draft.as_ref().map(|draft| &draft.value));
                    if draft.is_some() {
                        state.save = Save::Saved;
                    }
                }
                state.question = Some(Rc::from(question));
                state.shown_at_ms = self.ambient.now_ms();
                self.enter(Screen::Question);
            }
            Turn::End { end, .. } => {
                self.state.question = None;
                if end.redirect_url.as_deref().is_some_and(token::is_web_address) {
                    self.state.redirect_in_s = Some(REDIRECT_DELAY_S);
                    self.effects.push(Effect::SetTimer(Timer::Redirect, 1_000));
                }
                self.effects.push(Effect::StopTimer(Timer::Renew));
                self.enter(Screen::End(Rc::new(end)));
            }
        }
    }

    pub(super) fn enter(&mut self, screen: Screen) {
        self.state.screen = screen;
        self.state.turn += 1;
        if self.state.is_ready {
            self.effects.push(Effect::FocusScreen);
        } else {
            // The page has just been opened: taking focus now would take the person away from it.
            self.state.is_ready = true;
            self.effects.push(Effect::Emit(Event::Ready));
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.state.pending = None;
        self.state.save = Save::Idle;
        self.effects.extend([Effect::StopTimer(Timer::Draft), Effect::StopTimer(Timer::Renew)]);
        self.enter(Screen::Failed(failure));
        self.effects.push(Effect::Emit(Event::Error(failure)));
    }
}

/// What the server says about the value.
fn refusal(problem: &Problem) -> String {
    match problem {
        Problem::Refused(error) => {
            error.details.first().map_or(&error.message, |detail| &detail.message).clone()
        }
        Problem::Unreachable | Problem::Unreadable => String::new(),
    }
}
