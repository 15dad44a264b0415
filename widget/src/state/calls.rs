//! Calls: one at a time, repeated until they are answered.

use protocol::error::ErrorCode;

use super::{Call, Effect, Event, Pending, Reply, Save, Screen, Timer, reduce::Step};
use crate::{
    error::{Failure, Problem},
    reply::{SessionToken, Snapshot},
};

/// First pause between two attempts; it doubles up to [`LONGEST_PAUSE_MS`].
const FIRST_PAUSE_MS: u32 = 1_000;
/// A person who waits should not wait longer than this for the next attempt.
const LONGEST_PAUSE_MS: u32 = 30_000;

/// Attempts before the person is told that there is no interview: one reply alone may well get lost.
const STARTS: u32 = 3;

impl Step<'_> {
    pub(super) fn send(&mut self, call: Call) {
        self.attempt(call, 0);
    }

    fn attempt(&mut self, call: Call, failures: u32) {
        self.state.tickets += 1;
        let pending = Pending { call, ticket: self.state.tickets, failures, is_waiting: false };
        self.state.pending = Some(pending.clone());
        self.effects.extend([Effect::StopTimer(Timer::Retry), Effect::Send(pending)]);
    }

    pub(super) fn send_again(&mut self) {
        if let Some(pending) = self.state.pending.take() {
            self.attempt(pending.call, pending.failures);
        }
    }

    pub(super) fn replied(&mut self, ticket: u32, reply: Result<Reply, Problem>) {
        if self.state.is_reading {
            // What the device has may change what is to be shown; it is there in a moment.
            self.state.early = Some((ticket, reply));
            return;
        }
        let Some(pending) = self.state.pending.take_if(|pending| pending.ticket == ticket) else {
            return;
        };
        match reply {
            Ok(Reply::Started(token, snapshot)) => self.started(token, *snapshot),
            Ok(Reply::Snapshot(snapshot)) => {
                self.state.has_reopened = false;
                self.arrived(*snapshot);
            }
            Ok(Reply::Course(course)) => {
                self.state.has_reopened = false;
                self.answered(&pending.call, course);
            }
            Err(problem) => {
                self.state.was_let_in |= problem != Problem::Unreachable;
                self.failed(pending, &problem);
            }
        }
    }

    fn started(&mut self, token: SessionToken, snapshot: Snapshot) {
        self.hold_session(token);
        self.state.session.clone_from(&snapshot.session);
        self.state.completed_session.clone_from(&snapshot.completed_session);
        self.part_from_completed();
        self.state.asked_for_token = false;
        self.state.restorable = None;
        match self.state.suspended.take() {
            // What was interrupted is put through first: it was said before anything that the server now shows.
            Some(call) => self.send(call),
            None => self.arrived(snapshot),
        }
        // Nothing is asked at once, so nothing can be refused again and again.
        self.state.has_reopened &= self.state.pending.is_some();
    }

    fn failed(&mut self, pending: Pending, problem: &Problem) {
        if problem.is_passing() {
            return self.passing(pending);
        }
        let call = pending.call;
        match (problem.code(), &call) {
            // The session token ran out, while the computer slept perhaps, or the session rested for too long: the invite
            // opens it again, or another one.
            (Some(ErrorCode::Unauthorized | ErrorCode::InviteExpired), call)
                if *call != Call::Start && !self.state.has_reopened =>
            {
                self.state.has_reopened = true;
                self.state.suspended = Some(call.clone()).filter(|call| matches!(call, Call::Consent(_)));
                self.start();
            }
            (Some(ErrorCode::InviteExpired), _)
                if self.state.can_ask_for_token && !self.state.asked_for_token =>
            {
                self.ask_for_token();
            }
            (Some(ErrorCode::Conflict | ErrorCode::NotFound), Call::Answer { .. }) => self.conflicting(),
            (Some(ErrorCode::Conflict | ErrorCode::NotFound), Call::Consent(_)) => {
                self.state.was_answered_elsewhere = true;
                self.send(Call::Refresh);
            }
            (Some(ErrorCode::ValidationFailed), Call::Answer { .. }) => self.not_taken(problem),
            // For good: what waits can never be sent. It may have been, and the reply to it lost.
            (Some(ErrorCode::Conflict), Call::Start) => {
                self.nothing_can_be_sent(true);
                self.fail(Failure::CampaignClosed);
            }
            (code, call) => match Failure::after(problem) {
                failure @ Failure::Unknown(_) if matches!(call, Call::Answer { .. }) => {
                    self.not_taken(problem);
                    self.effects.push(Effect::Emit(Event::Error(failure)));
                }
                // What was ticked stays on screen.
                failure @ Failure::Unknown(_) if matches!(call, Call::Consent(_)) => {
                    self.state.save = Save::Refused;
                    self.effects.push(Effect::Emit(Event::Error(failure)));
                }
                failure => {
                    if matches!(failure, Failure::InviteCancelled | Failure::InviteCompleted) {
                        // After a reply that was lost, the last answer may have completed the interview.
                        let is_unsure = code == Some(ErrorCode::InviteCompleted) && *call == Call::Start;
                        self.nothing_can_be_sent(is_unsure);
                    }
                    self.fail(failure);
                }
            },
        }
    }

    fn passing(&mut self, pending: Pending) {
        // It takes a while until it is tried again, in which what was renewed may run out.
        self.state.has_reopened = false;
        self.state.asked_for_token = false;
        let Pending { call, failures, .. } = pending;
        let is_first = call == Call::Start
            && self.state.session_token.is_none()
            && self.state.screen == Screen::Loading
            && !self.restore();
        if is_first && (failures >= STARTS - 1 || !self.ambient.is_online()) {
            if self.state.was_let_in {
                self.fail(Failure::Unreachable);
            } else {
                self.effects.push(Effect::CheckOrigin);
            }
            return;
        }
        self.state.tickets += 1;
        let ticket = self.state.tickets;
        self.state.pending = Some(Pending { call, ticket, failures: failures + 1, is_waiting: true });
        let pause = FIRST_PAUSE_MS.saturating_mul(1 << failures.min(5)).min(LONGEST_PAUSE_MS);
        // Half of it by chance, so that a server that comes back is not met by everybody at once.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 up to `pause`")]
        let pause = (f64::from(pause) * (0.5 + self.ambient.random() / 2.0)) as u32;
        self.effects.push(Effect::SetTimer(Timer::Retry, pause));
        if self.state.queue.is_empty() && !self.state.is_continuing {
            if self.state.screen != Screen::Question || self.state.is_committed {
                self.state.save = Save::Retrying;
            }
        } else {
            self.without_server();
        }
    }

    /// Whether the server is away, as far as the last attempt tells.
    pub(super) fn is_cut_off(&self) -> bool {
        !self.ambient.is_online()
            || self.state.session_token.is_none()
            || self.state.pending.as_ref().is_some_and(|pending| pending.failures > 0)
    }
}
