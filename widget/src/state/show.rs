//! What comes on screen.

use std::rc::Rc;

use protocol::session::{CONSENT_DECLINED, CampaignView, Draft, Turn};

use super::{Effect, Event, REDIRECT_DELAY_S, Save, Screen, Timer, queue::is_question, reduce::Step};
use crate::{
    error::Failure,
    input::Input,
    outbox::{self, Entry},
    reply::Snapshot,
    token,
};

impl Step<'_> {
    /// The server, or the device in its place, says where the interview stands.
    pub(super) fn arrived(&mut self, snapshot: Snapshot) {
        let Snapshot { campaign, source, course, draft, has_answers, answers, seq, .. } = snapshot;
        self.hold_answers(answers);
        self.state.seq = self.state.seq.max(seq);
        self.state.has_begun |= has_answers;
        self.state.shows_intro = campaign.consent.is_empty() && !has_answers && self.state.queue.is_empty();
        self.state.campaign = Some(Rc::<CampaignView>::new(campaign));
        if self.state.session_token.is_some() {
            if matches!(course.turns.first(), Some(Turn::End { .. })) {
                let drafts = std::mem::take(&mut self.state.drafts);
                self.keep(outbox::forget_interview(&drafts));
            } else {
                self.keep(vec![outbox::keep_campaign(&source), outbox::keep_course(&course)]);
            }
        }
        self.state.course = course.turns;
        self.state.must_refresh &= !self.state.queue.is_empty();
        let is_continuing = std::mem::take(&mut self.state.is_continuing);
        let is_paused = self.state.screen == Screen::Paused && !is_continuing;
        // A change that was begun goes on: the session was only opened again, as its token had run out.
        let is_changing = self.state.screen == Screen::Question
            && self.state.changing.is_some()
            && self.state.is_dirty
            && !self.state.is_committed;
        if !is_paused && !is_changing {
            self.stand(draft.as_ref());
        }
        self.pump();
        self.tell_queue();
        self.look_again();
    }

    /// The server's word on what comes now; nothing waits any more.
    pub(super) fn show_first(&mut self, turns: Vec<Turn>) {
        self.state.course = turns;
        if self.state.screen == Screen::Paused {
            self.state.save = Save::Idle;
            self.state.is_committed = false;
            self.state.question = None;
        } else if let Some(turn) = self.state.course.first().cloned() {
            self.show(turn, None);
        }
    }

    pub(super) fn show(&mut self, turn: Turn, draft: Option<&Draft>) {
        let state = &mut *self.state;
        let was_committed = std::mem::take(&mut state.is_committed);
        let shown_at_ms = state.first_shown_at_ms.take();
        state.changing.take_if(|earlier| !is_question(&turn, &earlier.id));
        state.progress = turn.progress();
        self.effects.push(Effect::StopTimer(Timer::GoOn));
        if state.screen == Screen::Question
            && !was_committed
            && state.question.as_ref().is_some_and(|current| is_question(&turn, &current.id))
        {
            return self.stay(turn);
        }
        if was_committed {
            // The same question may come again, as another turn: what was typed belongs to the old one.
            state.question = None;
        }
        state.save = Save::Idle;
        state.fault = None;
        state.moved = None;
        state.is_draft_due = false;
        state.is_draft_sending = false;
        self.effects.push(Effect::StopTimer(Timer::Draft));
        match turn {
            Turn::Consent { .. } => self.enter(Screen::Consent),
            Turn::Question { question, .. } => {
                let state = &mut *self.state;
                let drafts = draft.into_iter().chain(&state.drafts);
                let newest = drafts
                    .filter(|draft| draft.question_id == question.id)
                    .max_by_key(|draft| draft.seq)
                    .cloned();
                let is_same = state.question.as_ref().is_some_and(|current| current.id == question.id);
                // What was typed here and not sent yet is newer than any draft.
                if !(is_same && state.is_dirty) {
                    let value = newest.as_ref().map(|draft| &draft.value);
                    state.input = Input::new(&question, value, state.has_comma());
                    // What only the device has goes to the server with the next draft.
                    state.is_dirty = newest.is_some() && newest.as_ref() != draft;
                    if state.is_dirty {
                        self.effects.push(Effect::SetTimer(Timer::Draft, super::DRAFT_DELAY_MS));
                    } else if newest.is_some() {
                        state.save = Save::Saved;
                    }
                }
                self.state.question = Some(Rc::from(question));
                self.state.shown_at_ms = shown_at_ms.unwrap_or_else(|| self.ambient.now_ms());
                self.count_time();
                self.tell_queue();
                self.enter(Screen::Question);
            }
            Turn::End { end, .. } => {
                self.state.question = None;
                if end.redirect_url.as_deref().is_some_and(token::is_web_address) {
                    self.state.redirect_in_s = Some(REDIRECT_DELAY_S);
                    self.effects.push(Effect::SetTimer(Timer::Redirect, 1_000));
                }
                self.effects.push(Effect::StopTimer(Timer::Renew));
                if end.id == CONSENT_DECLINED {
                    self.effects.push(Effect::Emit(Event::Decline));
                }
                self.enter(Screen::End(Rc::new(end)));
            }
        }
    }

    /// The question on screen is still the one to answer: what the person does there goes on undisturbed.
    fn stay(&mut self, turn: Turn) {
        if let Turn::Question { question, .. } = turn {
            self.state.question = Some(Rc::from(question));
        }
        let is_to_be_told = matches!(self.state.save, Save::Sending | Save::OnDevice | Save::Retrying);
        if self.state.queue.is_empty()
            && (is_to_be_told || (self.state.is_draft_unsent && self.state.is_dirty))
        {
            self.state.save = Save::Saved;
            if self.state.is_dirty {
                self.state.save = Save::Idle;
                self.effects.push(Effect::SetTimer(Timer::Draft, super::DRAFT_DELAY_MS));
            }
        }
        self.tell_queue();
    }

    /// Shows a question with the answer that waits to be sent; nothing is known of what comes next.
    pub(super) fn show_committed(&mut self, entry: &Entry, turn: Turn) {
        let is_on_screen = self.state.is_committed
            && self.state.screen == Screen::Question
            && self.state.question.as_ref().is_some_and(|question| question.id == entry.question_id);
        if !is_on_screen {
            self.state.question = None;
            self.state.is_committed = false;
            self.show(turn, Some(&draft_of(entry)));
            self.effects.push(Effect::StopTimer(Timer::Draft));
            self.state.is_committed = true;
            self.state.time_left_s = None;
        }
        self.tell_queue();
    }

    /// Shows a question with the answer that the server did not take.
    pub(super) fn show_again(&mut self, entry: &Entry) {
        let Some(turn) = self.find(&entry.question_id) else { return };
        self.state.question = None;
        // With its own count: what was typed to correct it is newer.
        self.show(turn, Some(&Draft { seq: entry.body.seq, ..draft_of(entry) }));
        self.state.is_dirty = true;
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

    pub(super) fn fail(&mut self, failure: Failure) {
        if failure.can_retry() {
            self.keep_draft();
        }
        self.state.pending = None;
        self.state.is_committed = false;
        self.state.save = Save::Idle;
        let timers = [Timer::Draft, Timer::Renew, Timer::Retry, Timer::GoOn];
        self.effects.extend(timers.map(Effect::StopTimer));
        self.enter(Screen::Failed(failure));
        self.effects.push(Effect::Emit(Event::Error(failure)));
    }
}

fn draft_of(entry: &Entry) -> Draft {
    // Above any draft of the same question: it was said after all of them.
    Draft { question_id: entry.question_id.clone(), seq: u64::MAX, value: entry.body.value.clone() }
}
