//! The answers that the server has not confirmed: on the device first, then sent in order, each until it is confirmed.

use protocol::{
    question::QuestionView,
    session::{CONSENT_DECLINED, Draft, PutAnswer, Turn},
};

use super::{Call, Effect, Event, GO_ON_MS, Kept, Save, Screen, Timer, reduce::Step};
use crate::{
    device::Change,
    error::Failure,
    outbox::{self, Entry},
    reply::Course,
};

impl Step<'_> {
    // ---- the device

    pub(super) fn device_read(&mut self, owner: &str, records: Option<Vec<(String, String)>>) {
        if self.state.owner.as_deref() != Some(owner) {
            return;
        }
        let has_come = records.is_some();
        let kept = outbox::read(&records.unwrap_or_default());
        if std::mem::take(&mut self.state.is_reading) {
            self.state.is_device_late = !has_come;
            self.hold_kept(kept);
            if let Some((ticket, reply)) = self.state.early.take() {
                self.replied(ticket, reply);
            } else if !self.ambient.is_online() {
                self.restore();
            }
        } else if has_come && std::mem::take(&mut self.state.is_device_late) {
            self.come_late(kept);
        } else {
            self.take_over(kept.entries, true);
        }
    }

    /// What this page has left behind, before anything else.
    fn hold_kept(&mut self, kept: outbox::Kept) {
        let state = &mut *self.state;
        let seqs = kept.entries.iter().map(|entry| entry.order.max(entry.body.seq));
        state.seq = seqs.chain(kept.drafts.iter().map(|draft| draft.seq)).max().unwrap_or(0).max(state.seq);
        state.must_refresh |= !kept.entries.is_empty();
        state.queue.extend(kept.entries);
        state.unsaved.extend(kept.refused);
        state.drafts.extend(kept.drafts);
        state.restorable = kept.snapshot.map(Box::new);
    }

    /// The device has answered after all. What the person has done meanwhile stays; else it is as if it had come in time.
    fn come_late(&mut self, kept: outbox::Kept) {
        let state = &mut *self.state;
        let is_busy = !state.queue.is_empty() || state.correcting.is_some() || state.changing.is_some();
        if is_busy || state.is_dirty {
            state.unsaved.extend(kept.refused);
            return self.take_over(kept.entries, false);
        }
        let is_open = |id: &str| state.question.as_ref().is_some_and(|question| question.id == id);
        let is_newer = |draft: &Draft| draft.seq > state.seq && is_open(&draft.question_id);
        let leads_on = !kept.entries.is_empty() || kept.drafts.iter().any(is_newer);
        self.hold_kept(kept);
        self.part_from_completed();
        if self.state.screen == Screen::Question && leads_on {
            self.state.question = None;
            self.stand(None);
        }
        self.pump();
        if self.state.screen == Screen::Failed(Failure::Unreachable) {
            self.again();
        }
        self.restore();
    }

    /// Another tab has left answers behind. Sent by both, each still counts once.
    fn take_over(&mut self, entries: Vec<Entry>, is_elsewhere: bool) {
        if entries.is_empty() || !self.state.queue.is_empty() || self.state.correcting.is_some() {
            return;
        }
        self.state.queue = entries;
        self.part_from_completed();
        if self.state.queue.is_empty() {
            return;
        }
        self.state.must_refresh = true;
        self.state.was_answered_elsewhere |= is_elsewhere;
        self.pump();
        if self.is_cut_off() && self.state.screen == Screen::Question {
            self.stand(None);
        }
    }

    /// The invite has begun a new session, as the one before it is complete. An answer given in that one may be what completed it,
    /// its confirmation lost; in the new one it would count twice.
    pub(super) fn part_from_completed(&mut self) {
        let state = &mut *self.state;
        let mut changes = Vec::new();
        for mut entry in std::mem::take(&mut state.queue) {
            if entry.session.is_some() && entry.session == state.completed_session {
                changes.push(entry.keep(true));
                state.is_unsure = true;
                state.unsaved.push(entry);
                continue;
            }
            if entry.session.is_none() && state.session.is_some() {
                entry.session.clone_from(&state.session);
                changes.push(entry.keep(false));
            }
            state.queue.push(entry);
        }
        self.keep(changes);
    }

    /// Shows the interview as the device has it, when nothing else can be shown.
    pub(super) fn restore(&mut self) -> bool {
        if self.state.screen != Screen::Loading || self.state.is_reading {
            return false;
        }
        let Some(snapshot) = self.state.restorable.take() else { return false };
        self.arrived(*snapshot);
        true
    }

    pub(super) fn keep(&mut self, changes: Vec<Change>) {
        if let Some(owner) = self.state.owner.clone().filter(|_| !changes.is_empty()) {
            self.effects.push(Effect::Keep { owner, changes, what: None });
        }
    }

    /// What was typed into a question, in another tab too, is not needed any more; gives what is to be changed on the device.
    pub(super) fn drop_draft(&mut self, question_id: &str) -> Vec<Change> {
        self.state.drafts.retain(|draft| draft.question_id != question_id);
        vec![outbox::forget_draft(question_id)]
    }

    // ---- on the way

    /// Puts an answer into the queue; it is sent when it is on the device, or when that cannot be.
    pub(super) fn enqueue(&mut self, question: &QuestionView, body: PutAnswer) {
        let client_id = body.client_id.clone();
        let mut changes = self.drop_draft(&question.id);
        // What is corrected takes the place of what the server did not take.
        let entry = if let Some(old) = self.state.correcting.take() {
            changes.push(old.forget());
            let entry = Entry::new(question, body, old.order, self.state.session.clone());
            self.state.queue.insert(0, entry.clone());
            entry
        } else {
            let order = body.seq;
            let entry = Entry::new(question, body, order, self.state.session.clone());
            self.state.queue.push(entry.clone());
            entry
        };
        changes.push(entry.keep(false));
        self.state.is_committed = true;
        self.state.is_draft_due = false;
        self.state.was_answered_elsewhere = false;
        self.state.save = Save::Sending;
        self.state.time_left_s = None;
        self.effects.extend([Effect::StopTimer(Timer::Draft), Effect::SetTimer(Timer::GoOn, GO_ON_MS)]);
        match self.state.owner.clone() {
            Some(owner) => {
                self.effects.push(Effect::Keep { owner, changes, what: Some(Kept::Answer(client_id)) });
            }
            None => self.settled(&client_id, false),
        }
    }

    /// What is typed is on the device. That is worth a word when the server cannot be told.
    pub(super) fn draft_kept(&mut self, is_kept: bool) {
        self.state.is_draft_kept = is_kept;
        if self.is_cut_off() || self.state.is_draft_unsent {
            self.tell_draft();
        }
    }

    pub(super) fn tell_draft(&mut self) {
        if self.state.is_draft_kept
            && self.state.is_dirty
            && !self.state.is_draft_due
            && self.state.changing.is_none()
            && self.state.correcting.is_none()
            && !self.state.is_locked()
            && self.state.queue.is_empty()
        {
            self.state.save = Save::OnDevice;
        }
    }

    pub(super) fn settled(&mut self, client_id: &str, is_kept: bool) {
        let found = self.state.queue.iter_mut().find(|entry| entry.body.client_id == client_id);
        let Some(entry) = found else { return };
        entry.is_kept = Some(is_kept);
        self.pump();
        if self.is_cut_off() {
            self.without_server();
        }
    }

    /// Sends what is next, unless something is under way.
    pub(super) fn pump(&mut self) {
        let state = &mut *self.state;
        let is_busy = state.pending.is_some() || state.suspended.is_some() || state.is_asking;
        let is_stopped = state.correcting.is_some() || matches!(state.screen, Screen::Failed(_));
        if is_busy || is_stopped || state.session_token.is_none() {
            return;
        }
        match state.queue.first() {
            Some(entry) if entry.is_kept.is_some() => {
                let (question_id, body) = (entry.question_id.clone(), entry.body.clone());
                self.send(Call::Answer { question_id, body });
            }
            None if state.must_refresh => {
                state.must_refresh = false;
                self.send(Call::Refresh);
            }
            _ => {}
        }
    }

    /// The server has confirmed an answer, or taken the consent, and says what comes now.
    pub(super) fn answered(&mut self, call: &Call, course: Course) {
        let mut changes = Vec::new();
        let mut next = None;
        if let Call::Answer { question_id, body } = call {
            let queue = &mut self.state.queue;
            if queue.first().is_some_and(|entry| entry.body.client_id == body.client_id) {
                let entry = queue.remove(0);
                changes.push(entry.forget());
                if entry.has_media {
                    self.effects.push(Effect::ForgetMedia(question_id.clone()));
                }
                self.hold_answer(entry, &course);
            }
            next = self.state.queue.first().map(|entry| entry.question_id.clone());
            self.effects.push(Effect::Emit(Event::Answer { question_id: question_id.clone() }));
            self.state.shows_intro = false;
        }
        if let Some(Turn::End { end, .. }) = course.turns.first() {
            if end.id != CONSENT_DECLINED {
                self.effects.push(Effect::Emit(Event::Complete));
            }
            self.keep(changes);
            self.nothing_can_be_sent(false);
            return self.show_first(course.turns);
        }
        changes.push(outbox::keep_course(&course));
        self.keep(changes);
        match next {
            None if self.state.must_refresh => {
                // Should that take too long, this is what comes.
                self.state.course = course.turns;
                self.effects.push(Effect::SetTimer(Timer::GoOn, GO_ON_MS));
                self.pump();
            }
            None => self.show_first(course.turns),
            Some(next) => {
                if course.turns.first().is_some_and(|turn| is_question(turn, &next)) {
                    self.state.course = course.turns;
                } else if !self.state.course.is_empty() {
                    self.state.course.remove(0);
                }
                self.pump();
                self.tell_queue();
                if self.state.screen == Screen::Waiting {
                    self.stand(None);
                }
            }
        }
    }

    // ---- going on without a reply

    /// No reply, or none for too long: what is next is shown if it is known, and else what is kept.
    pub(super) fn without_server(&mut self) {
        if std::mem::take(&mut self.state.is_continuing) {
            // After a pause that is what was open before.
            return self.stand(None);
        }
        self.tell_queue();
        let is_settled = self.state.queue.iter().all(|entry| entry.is_kept.is_some());
        let is_open = matches!(self.state.screen, Screen::Question | Screen::Loading);
        if !is_settled || !is_open || self.state.correcting.is_some() {
            return;
        }
        if self.state.screen == Screen::Loading {
            self.stand(None);
        } else if self.state.is_committed {
            match self.next() {
                Some(turn) => self.show(turn, None),
                None if self.is_cut_off() && self.state.queue.len() > 1 => self.wait(),
                None => {}
            }
        }
    }

    fn wait(&mut self) {
        self.state.is_committed = false;
        self.state.question = None;
        self.enter(Screen::Waiting);
    }

    /// What comes after the last answer that waits, if the server has said so.
    pub(super) fn next(&self) -> Option<Turn> {
        let course = &self.state.course;
        let at = match self.state.queue.last() {
            Some(last) => 1 + course.iter().position(|turn| is_question(turn, &last.question_id))?,
            None => 0,
        };
        course.get(at).cloned()
    }

    /// Shows where the interview stands: the question that is open, or that answers wait.
    pub(super) fn stand(&mut self, draft: Option<&Draft>) {
        if let Some(entry) = self.state.correcting.clone() {
            return self.show_again(&entry);
        }
        if let Some(turn) = self.next() {
            return self.show(turn, draft);
        }
        let only = self.state.queue.first().filter(|_| self.state.queue.len() == 1).cloned();
        let turn = only.as_ref().and_then(|entry| self.find(&entry.question_id));
        match (only, turn) {
            (Some(entry), Some(turn)) => self.show_committed(&entry, turn),
            // The queue is on its way; there is something to show in a moment.
            _ if !self.is_cut_off() && self.state.screen == Screen::Loading => {}
            _ if self.state.screen == Screen::Waiting => {}
            // The server knows all that waits, and will say so; somebody may be typing meanwhile.
            _ if !self.is_cut_off()
                && self.state.screen == Screen::Question
                && self.state.question.is_some()
                && !self.state.is_committed => {}
            _ => self.wait(),
        }
    }

    /// A question that the server has shown or given in advance.
    pub(super) fn find(&self, question_id: &str) -> Option<Turn> {
        let asked = self.state.course.iter().find(|turn| is_question(turn, question_id));
        asked.cloned().or_else(|| self.earlier(question_id))
    }

    /// Says how the answers that wait are kept.
    pub(super) fn tell_queue(&mut self) {
        // What is corrected waits for the person, and so does all that is behind it.
        if self.state.queue.is_empty() || self.state.correcting.is_some() {
            return;
        }
        self.state.save = if !self.is_cut_off() {
            Save::Sending
        } else if self.state.is_all_kept() {
            Save::OnDevice
        } else {
            Save::Retrying
        };
    }
}

pub(super) fn is_question(turn: &Turn, id: &str) -> bool {
    matches!(turn, Turn::Question { question, .. } if question.id == id)
}
