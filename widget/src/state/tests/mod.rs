//! Stories about the state: given a screen, when something happens, then this is shown and done.

use std::cell::Cell;

use protocol::{
    error::{ErrorCode, ErrorDetail, ErrorObject},
    question::{QuestionKind, QuestionView},
    session::{AcceptedConsent, CONSENT_DECLINED, CampaignView, ConsentItem, Draft, EndView, PutAnswer},
};
use serde_json::{Map, Value, json};

use super::*;
use crate::{
    fixtures,
    reply::{Course, SessionToken},
};

mod back;
mod queue;
mod refused;
mod retry;
mod screens;
mod time;
mod tokens;

/// `{"iss":"https://api.example"}`: it names no invite, so nothing is kept on the device.
const TOKEN: &str = "e30.eyJpc3MiOiJodHRwczovL2FwaS5leGFtcGxlIn0.c2ln";

#[derive(Default)]
struct Still {
    now_ms: Cell<f64>,
    ids: Cell<u32>,
    is_offline: Cell<bool>,
}

impl Ambient for Still {
    fn now_ms(&self) -> f64 {
        self.now_ms.get()
    }
    fn random(&self) -> f64 {
        1.0
    }
    fn fresh_id(&self) -> String {
        self.ids.set(self.ids.get() + 1);
        format!("id-{}", self.ids.get())
    }
    fn is_online(&self) -> bool {
        !self.is_offline.get()
    }
}

/// A widget without a page.
struct Bench {
    state: State,
    ambient: Still,
}

impl Bench {
    fn new() -> Self {
        Self { state: State::new(Some(TOKEN.to_owned()), false, None, None), ambient: Still::default() }
    }

    fn with(change: impl FnOnce(&mut State)) -> Self {
        let mut bench = Self::new();
        change(&mut bench.state);
        bench
    }

    fn take(&mut self, action: Action) -> Vec<Effect> {
        reduce(&mut self.state, action, &self.ambient)
    }

    /// Answers the pending call.
    fn reply(&mut self, reply: Result<Reply, Problem>) -> Vec<Effect> {
        let ticket = self.state.pending.as_ref().expect("a call is pending").ticket;
        self.take(Action::Replied { ticket, reply })
    }

    /// The first call gets no reply, however often it is made.
    fn never_started(&mut self) -> Vec<Effect> {
        for delay in [1_000, 2_000] {
            assert_eq!(self.reply(Err(Problem::Unreachable)), [Effect::SetTimer(Timer::Retry, delay)]);
            self.take(Action::TimerFired(Timer::Retry));
        }
        self.reply(Err(Problem::Unreachable))
    }

    fn started(&mut self, snapshot: Snapshot) -> Vec<Effect> {
        let token = SessionToken { token: "session".to_owned(), expires_in_s: 900 };
        self.reply(Ok(Reply::Started(token, Box::new(snapshot))))
    }

    /// On screen: a required short text, `q1`, in a session that has begun.
    fn at_question() -> Self {
        Self::at(question("q1", QuestionKind::ShortText))
    }

    fn at(turn: Turn) -> Self {
        let mut bench = Self::new();
        bench.take(Action::Mounted);
        bench.started(snapshot(turn));
        bench
    }

    fn type_text(&mut self, text: &str) -> Vec<Effect> {
        self.take(Action::Edited(Input::Text(text.to_owned())))
    }

    fn pending_answer(&self) -> PutAnswer {
        match self.state.pending.as_ref().map(|pending| &pending.call) {
            Some(Call::Answer { body, .. }) => body.clone(),
            other => panic!("no answer is pending: {other:?}"),
        }
    }
}

fn question(id: &str, kind: QuestionKind) -> Turn {
    let question = QuestionView { id: id.to_owned(), ..fixtures::question(kind) };
    Turn::Question { progress: 0.5, question: Box::new(question) }
}

fn course<const N: usize>(turns: [Turn; N]) -> Course {
    Course { turns: turns.into(), source: String::new() }
}

fn end(id: &str, redirect_url: Option<&str>) -> Turn {
    let end =
        EndView { id: id.to_owned(), text: "Bye.".to_owned(), redirect_url: redirect_url.map(str::to_owned) };
    Turn::End { progress: 1.0, end }
}

fn snapshot(turn: Turn) -> Snapshot {
    let item =
        |id: &str, required| ConsentItem { id: id.to_owned(), version: 3, text: String::new(), required };
    let campaign = CampaignView {
        title: "Title".to_owned(),
        intro: String::new(),
        theme: Map::new(),
        locale: "en".to_owned(),
        consent: vec![item("rec", true), item("call", false)],
        allow_back: false,
    };
    Snapshot {
        campaign,
        source: String::new(),
        course: course([turn]),
        draft: None,
        has_answers: false,
        answers: Vec::new(),
        seq: 0,
        session: None,
        completed_session: None,
    }
}

fn refused(code: ErrorCode) -> Problem {
    let detail =
        ErrorDetail { pointer: "/value".to_owned(), code: String::new(), message: "Taken.".to_owned() };
    let error = ErrorObject { code, message: "No.".to_owned(), status: code.status(), details: vec![detail] };
    Problem::Refused(Box::new(error))
}

fn sends(effects: &[Effect]) -> Vec<&Call> {
    let calls = effects.iter().filter_map(|effect| match effect {
        Effect::Send(pending) => Some(&pending.call),
        _ => None,
    });
    calls.collect()
}

fn events(effects: &[Effect]) -> Vec<&Event> {
    let events = effects.iter().filter_map(|effect| match effect {
        Effect::Emit(event) => Some(event),
        _ => None,
    });
    events.collect()
}
