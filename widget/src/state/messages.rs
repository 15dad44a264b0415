//! What goes in and out of the state: calls and their replies, actions, effects, events.

use protocol::{
    question::QuestionView,
    session::{AcceptedConsent, PutAnswer},
};
use serde_json::Value;

use crate::{
    device::Change,
    error::{Failure, Problem},
    input::Input,
    reply::{Course, SessionToken, Snapshot},
};

/// A call that moves the interview on. It is repeated unchanged until it is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// `POST /session` with the invite token: start or resume.
    Start,
    /// `GET /session`.
    Refresh,
    /// `POST /session/consent`.
    Consent(Vec<AcceptedConsent>),
    /// `PUT /session/answers/:question_id`, a commit.
    Answer {
        /// The question.
        question_id: String,
        /// What is put; its `client_id` stays the same over all attempts.
        body: PutAnswer,
    },
}

/// A call under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The call.
    pub call: Call,
    /// Tells the reply to this attempt from one to an earlier attempt.
    pub ticket: u32,
    /// How often it has failed.
    pub failures: u32,
    /// Whether it failed just now and is not under way again yet.
    pub is_waiting: bool,
}

/// What a [`Call`] brings back.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// To [`Call::Start`].
    Started(SessionToken, Box<Snapshot>),
    /// To [`Call::Refresh`].
    Snapshot(Box<Snapshot>),
    /// To the others.
    Course(Course),
}

/// What the timers are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// Save what was typed.
    Draft,
    /// Repeat the pending call.
    Retry,
    /// Renew the session token.
    Renew,
    /// One second less until the page changes.
    Redirect,
    /// One second less to answer.
    Limit,
    /// Go on without the server's reply.
    GoOn,
    /// Stop waiting for the page's `getInviteToken`.
    Token,
}

/// What is written to the device first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// An answer, by its `client_id`.
    Answer(String),
    /// What is typed.
    Draft,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The widget is in the page.
    Mounted,
    /// The device was read.
    DeviceRead {
        /// For which invite.
        owner: String,
        /// Names and texts; `None` where there is no storage.
        records: Option<Vec<(String, String)>>,
    },
    /// An answer or the draft was written to the device, or not.
    Kept {
        /// Which.
        what: Kept,
        /// Whether it is there.
        is_kept: bool,
    },
    /// `getInviteToken` answered; `None` when it failed.
    TokenGiven(Option<String>),
    /// The pending call was answered.
    Replied {
        /// Which attempt.
        ticket: u32,
        /// With what.
        reply: Result<Reply, Problem>,
    },
    /// Whether the server can be reached at all, after a first call that could not.
    OriginChecked {
        /// It can; so the page's origin was refused.
        is_server_up: bool,
    },
    /// The server takes no draft of this question, now or later.
    DraftRefused,
    /// A draft was saved or not.
    DraftSaved {
        /// The draft's count; `None` when it failed.
        seq: Option<u64>,
    },
    /// A new session token, unless that failed.
    Renewed(Option<SessionToken>),
    /// A call that is none of [`Call`] got 401: the session token ran out.
    Expired,
    /// A timer ran out.
    TimerFired(Timer),
    /// The network is back, or the page is looked at again.
    Online,
    /// The network is gone.
    Offline,
    /// The page is not looked at any more, and may be gone in a moment.
    Hidden,
    /// The texts of a language have come.
    TextsCame,
    /// The person typed or chose something.
    Edited(Input),
    /// The person ticked or unticked one of several choices.
    ChoiceToggled(String),
    /// The person moved a choice of a ranking.
    Moved {
        /// From where.
        index: usize,
        /// Up, not down.
        up: bool,
    },
    /// The person wants to go on.
    Submitted,
    /// The person wants to go on, and the field holds something that it does not give.
    HalfTyped,
    /// The person leaves the question out.
    Skipped,
    /// The person wants to see an earlier question again.
    WentBack(String),
    /// The person looks at the answers so far.
    Listed,
    /// An earlier question, as it was asked, with its value; `None` when it could not be had.
    Looked {
        /// Its id.
        question_id: String,
        /// What was found.
        found: Option<Box<(QuestionView, Value)>>,
    },
    /// The person leaves the earlier answer as it was.
    KeptAsItWas,
    /// The person ticked or unticked a consent item.
    ConsentToggled(String),
    /// The person agrees to what is ticked.
    ConsentGiven,
    /// The person does not agree; asked once more before it counts.
    ConsentDeclined,
    /// The person thought again.
    DeclineCancelled,
    /// The person pressed "Try again".
    Again,
    /// The person has read what could not be saved.
    Acknowledged,
    /// The page called `pause()`.
    PauseRequested,
    /// The person goes on after a pause.
    Continued,
    /// The person does not want to leave the page.
    Stayed,
}

/// Something to do, outside of the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Make the pending call.
    Send(Pending),
    /// Read what the device has for this invite.
    ReadDevice(String),
    /// Change what the device has.
    Keep {
        /// For this invite.
        owner: String,
        /// All of them or none.
        changes: Vec<Change>,
        /// Tell when this is there.
        what: Option<Kept>,
    },
    /// Take the files and recordings of this question off the device: its answer is confirmed.
    ForgetMedia(String),
    /// Call the page's `getInviteToken`.
    AskForToken,
    /// Find out whether the server can be reached at all.
    CheckOrigin,
    /// Save a draft.
    SaveDraft(String, PutAnswer),
    /// Fetch an earlier question with its answer.
    Look(String),
    /// Save this draft first, if there is one, then pause.
    Pause(Option<(String, PutAnswer)>),
    /// Renew the session token.
    Renew,
    /// (Re)start a timer, in milliseconds.
    SetTimer(Timer, u32),
    /// Stop a timer.
    StopTimer(Timer),
    /// Tell the page.
    Emit(Event),
    /// Bring the new screen into view and focus to it.
    FocusScreen,
    /// Bring focus to the field that needs another look.
    FocusField,
    /// Bring focus back to the button that moved a choice of a ranking.
    FocusMoved,
    /// Bring focus to the line that says how the answer is kept.
    FocusStatus,
    /// Leave the page for this address.
    Redirect(String),
}

/// What the page is told. Never what was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The first screen is shown.
    Ready,
    /// The person began.
    Start,
    /// An answer was committed.
    Answer {
        /// To which question.
        question_id: String,
    },
    /// The person reached the end.
    Complete,
    /// The person refused what has to be agreed to, here or before.
    Decline,
    /// Something stands in the way.
    Error(Failure),
    /// The page called `pause()`, and the pause is in effect.
    Paused,
}
