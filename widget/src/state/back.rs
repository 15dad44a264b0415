//! The way back to what the server has confirmed, where the guide allows it. It needs a connection: the question comes from
//! the server, and whether its answer may still be changed is for the server to say.

use protocol::{
    question::{QuestionKind, QuestionView},
    session::{Draft, Turn},
};
use serde_json::Value;

use super::{Call, Effect, Save, Screen, State, reduce::Step};
use crate::{
    input::Input,
    outbox::{Entry, words},
    reply::{Course, Given, put_answer},
};

/// An earlier question on its way to the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The question.
    pub question_id: String,
    /// How far it has come.
    pub look: Look,
}

/// How often an earlier question was asked for. A reply may well get lost once; nobody should have to press the button again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It is on its way.
    First,
    /// It did not come; the server is asked where the interview stands.
    Between,
    /// It is on its way again.
    Last,
}

impl State {
    /// Whether there are earlier answers to show, and the guide lets them be changed.
    pub fn has_way_back(&self) -> bool {
        !self.answers.is_empty() && self.campaign.as_ref().is_some_and(|campaign| campaign.allow_back)
    }

    /// Whether an earlier question can be opened now. What was changed and not sent yet must be sent or left first.
    pub fn can_go_back(&self) -> bool {
        let is_idle = self.queue.is_empty()
            && self.correcting.is_none()
            && self.pending.is_none()
            && self.suspended.is_none()
            && self.opening.is_none();
        let is_changed = self.changing.is_some() && self.is_dirty;
        is_idle && !is_changed && !self.is_offline && self.session_token.is_some()
    }

    /// The question before the one on screen.
    pub fn before(&self) -> Option<&Given> {
        let place = |id: &str| self.answers.iter().position(|answer| answer.question_id == id);
        let at = match (&self.changing, &self.open_after) {
            (Some(earlier), _) => place(&earlier.id)?,
            (None, Some(after)) => place(after)? + 1,
            (None, None) => self.answers.len(),
        };
        self.answers[..at].last()
    }
}

impl Step<'_> {
    pub(super) fn go_back(&mut self, question_id: String) {
        self.look(question_id, Look::First);
    }

    /// The server has said where the interview stands: what it could not be asked for before is asked for once more.
    pub(super) fn look_again(&mut self) {
        if let Some(opening) = self.state.opening.take_if(|opening| opening.look == Look::Between) {
            self.look(opening.question_id, Look::Last);
        }
    }

    fn look(&mut self, question_id: String, look: Look) {
        let is_given = self.state.answers.iter().any(|answer| answer.question_id == question_id);
        if is_given && self.state.can_go_back() && self.state.screen == Screen::Question {
            self.state.opening = Some(Opening { question_id: question_id.clone(), look });
            self.effects.push(Effect::Look(question_id));
        }
    }

    /// Fetches, one after another, the questions whose choices have to be known to show what was chosen.
    pub(super) fn list(&mut self) {
        let unknown = self.state.answers.iter().find(|answer| answer.words.is_none());
        if let Some(answer) = unknown.filter(|_| !self.state.is_listing) {
            self.effects.push(Effect::Look(answer.question_id.clone()));
            self.state.is_listing = true;
        }
    }

    pub(super) fn looked(&mut self, question_id: &str, found: Option<(QuestionView, Value)>) {
        let is_awaited =
            |opening: &mut Opening| opening.question_id == question_id && opening.look != Look::Between;
        let opening = self.state.opening.take_if(is_awaited);
        let is_opening = opening.is_some();
        let is_listing = std::mem::take(&mut self.state.is_listing);
        let Some((question, value)) = found else {
            // Changed elsewhere, or the session ran out, or there is no connection: this finds out.
            if is_opening && self.state.can_go_back() {
                self.send(Call::Refresh);
                let again = opening.filter(|opening| opening.look == Look::First);
                self.state.opening = again.map(|opening| Opening { look: Look::Between, ..opening });
            }
            return;
        };
        let answer = self.state.answers.iter_mut().find(|answer| answer.question_id == question_id);
        if let Some(answer) = answer {
            answer.words = Some(words(&question, &value));
        }
        if is_listing {
            self.list();
        }
        if is_opening && self.state.can_go_back() && self.state.screen == Screen::Question {
            self.open_earlier(question, value);
        }
    }

    fn open_earlier(&mut self, question: QuestionView, value: Value) {
        if self.state.changing.is_none() {
            // Only the server may have what was typed here; it is to be there again on the way forth.
            self.state.is_dirty |= self.state.save == Save::Saved;
            self.save_draft();
        }
        self.state.question = None;
        self.state.was_answered_elsewhere = false;
        // A change that was begun, and is on the device, is newer; drafts from before the answer are not.
        let known = self.state.answers.iter().find(|answer| answer.question_id == question.id);
        let seq = known.map_or(u64::MAX, |answer| answer.seq);
        let answer = Draft { question_id: question.id.clone(), seq, value };
        let turn = Turn::Question { progress: self.state.progress, question: Box::new(question) };
        self.show(turn, Some(&answer));
        self.state.save = Save::Idle;
        self.state.changing.clone_from(&self.state.question);
        self.state.time_left_s = None;
    }

    /// Back to the question that is open, without a change.
    pub(super) fn keep_answer(&mut self) {
        if self.state.is_locked() {
            return;
        }
        let Some(earlier) = self.state.changing.take() else { return };
        let mut changes = self.drop_draft(&earlier.id);
        if matches!(self.state.input, Input::Uploads { .. }) {
            self.effects.push(Effect::ForgetMedia(earlier.id.clone()));
        }
        changes.extend(self.state.correcting.take().as_ref().map(Entry::forget));
        self.keep(changes);
        self.state.question = None;
        self.stand(None);
    }

    /// The earlier question on screen, if it is this one.
    pub(super) fn earlier(&self, question_id: &str) -> Option<Turn> {
        let earlier = self.state.changing.as_deref().filter(|earlier| earlier.id == question_id)?;
        Some(Turn::Question { progress: self.state.progress, question: Box::new(earlier.clone()) })
    }

    /// What the server says is answered.
    pub(super) fn hold_answers(&mut self, mut answers: Vec<Given>) {
        for answer in &mut answers {
            let mut known = self.state.answers.iter();
            let same = known.find(|known| known.question_id == answer.question_id && known.seq == answer.seq);
            answer.words = answer.words.take().or_else(|| same.and_then(|same| same.words.clone()));
        }
        self.state.answers = answers;
    }

    /// The server has confirmed this answer.
    pub(super) fn hold_answer(&mut self, entry: Entry, course: &Course) {
        let state = &mut *self.state;
        let is_statement = |turn: &Turn| {
            matches!(turn, Turn::Question { question, .. }
                if question.id == entry.question_id && question.kind == QuestionKind::Statement)
        };
        let may_change = state.campaign.as_ref().is_some_and(|campaign| campaign.allow_back);
        if !may_change || state.course.iter().any(is_statement) {
            return;
        }
        let Entry { question_id, text, words, body, .. } = entry;
        let answer = Given { question_id, text, words: Some(words), seq: body.seq };
        let same = state.answers.iter_mut().find(|known| known.question_id == answer.question_id);
        let Some(known) = same else {
            state.open_after = None;
            return put_answer(&mut state.answers, answer);
        };
        // What was answered on the way that is no longer taken is not an answer any more: the server tells what is left.
        state.must_refresh = true;
        if state.changing.is_some() {
            let open = course.turns.first().and_then(open_id);
            if open != state.course.first().and_then(open_id) {
                state.open_after = Some(answer.question_id.clone());
            }
            state.course.clone_from(&course.turns);
        }
        *known = answer;
    }
}

fn open_id(turn: &Turn) -> Option<&str> {
    match turn {
        Turn::Question { question, .. } => Some(&question.id),
        _ => None,
    }
}
