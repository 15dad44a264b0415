//! What is on screen, and what each event makes of it. No I/O: [`crate::app`] runs the [`Effect`]s.

use std::rc::Rc;

use protocol::{
    question::QuestionView,
    session::{AcceptedConsent, CampaignView, EndView, PutAnswer, Turn},
};

use crate::{
    error::{Failure, Problem},
    input::Input,
    reply::{SessionToken, Snapshot},
    validate::Fault,
};

mod person;
mod reduce;
#[cfg(test)]
mod tests;

pub use reduce::reduce;

/// How long after the last keystroke a draft is saved.
pub const DRAFT_DELAY_MS: u32 = 1_000;
/// Seconds between saying that the page will change and changing it.
pub const REDIRECT_DELAY_S: u32 = 5;

/// Time and chance, handed in.
pub trait Ambient {
    /// Milliseconds on a clock that never goes back.
    fn now_ms(&self) -> f64;
    /// From 0 up to 1.
    fn random(&self) -> f64;
    /// An id that nobody else has.
    fn fresh_id(&self) -> String;
}

/// What fills the frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    /// Nothing yet.
    Loading,
    /// What the participant is asked to agree to.
    Consent,
    /// [`State::question`].
    Question,
    /// The end, and where it leads to.
    End(Rc<EndView>),
    /// The page called `pause()`.
    Paused,
    /// A message.
    Failed(Failure),
}

/// How the answer on screen is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// Nothing to say.
    Idle,
    /// A draft is on the server.
    Saved,
    /// On its way.
    Sending,
    /// It did not get through; it is tried again by itself.
    Retrying,
    /// The server refused it for a reason that the person cannot change.
    Refused,
}

/// A call that the screen waits for. It is repeated unchanged until it is answered.
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
}

/// What a [`Call`] brings back.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// To [`Call::Start`].
    Started(SessionToken, Box<Snapshot>),
    /// To [`Call::Refresh`].
    Snapshot(Box<Snapshot>),
    /// To the others.
    Turn(Turn),
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
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The widget is in the page.
    Mounted,
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
    /// A draft was saved or not.
    DraftSaved {
        /// The draft's count; `None` when it failed.
        seq: Option<u64>,
    },
    /// A new session token, unless that failed.
    Renewed(Option<SessionToken>),
    /// A timer ran out.
    TimerFired(Timer),
    /// The network is back.
    Online,
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
    /// The person leaves the question out.
    Skipped,
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
    /// Call the page's `getInviteToken`.
    AskForToken,
    /// Find out whether the server can be reached at all.
    CheckOrigin,
    /// Save a draft.
    SaveDraft(String, PutAnswer),
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
    /// Something stands in the way.
    Error(Failure),
    /// The page called `pause()`, and the pause is in effect.
    Paused,
}

/// Everything that is shown, and what is needed to go on.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; none of them excludes another")]
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// What fills the frame.
    pub screen: Screen,
    /// The base of every call, once it is known.
    pub base: Option<String>,
    /// The base that the page gave, if it did.
    pub fixed_base: Option<String>,
    /// The invite token.
    pub invite_token: Option<String>,
    /// Whether the page can be asked for another.
    pub can_ask_for_token: bool,
    /// Whether it was asked since the last start that worked.
    pub asked_for_token: bool,
    /// Whether the session was opened again because its token ran out, and nothing has worked since.
    pub has_reopened: bool,
    /// Authority for all calls but the start.
    pub session_token: Option<String>,
    /// The language to ask for at the start.
    pub locale: Option<String>,
    /// The language of the page or the browser.
    pub page_language: Option<String>,
    /// What surrounds the questions.
    pub campaign: Option<Rc<CampaignView>>,
    /// How far the interview has come, 0 to 1.
    pub progress: f64,
    /// The question of the current turn.
    pub question: Option<Rc<QuestionView>>,
    /// Counts the screens shown, so that each is drawn anew.
    pub turn: u32,
    /// What is typed or chosen.
    pub input: Input,
    /// Whether the person changed it since it came.
    pub is_dirty: bool,
    /// The choice of a ranking that was moved last, and whether up.
    pub moved: Option<(String, bool)>,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// The consent items that are ticked.
    pub accepted: Vec<String>,
    /// Whether the person has said no once.
    pub is_declining: bool,
    /// How the answer is kept.
    pub save: Save,
    /// Whether to say that the question was answered elsewhere.
    pub was_answered_elsewhere: bool,
    /// Whether title and introduction are shown above the question.
    pub shows_intro: bool,
    /// Seconds until the page changes.
    pub redirect_in_s: Option<u32>,
    /// The call that the screen waits for.
    pub pending: Option<Pending>,
    /// The call to make once the session is resumed.
    pub suspended: Option<Call>,
    /// The highest count used so far.
    pub seq: u64,
    /// Counts the attempts.
    pub tickets: u32,
    /// When the question was shown.
    pub shown_at_ms: f64,
    /// Whether the page was told that the widget is ready.
    pub is_ready: bool,
    /// Whether the page was told that the person began.
    pub has_begun: bool,
}

impl State {
    /// Before anything has happened.
    pub fn new(
        invite_token: Option<String>,
        can_ask_for_token: bool,
        fixed_base: Option<String>,
        locale: Option<String>,
    ) -> Self {
        Self {
            screen: Screen::Loading,
            base: None,
            fixed_base,
            invite_token,
            can_ask_for_token,
            asked_for_token: false,
            has_reopened: false,
            session_token: None,
            locale,
            page_language: None,
            campaign: None,
            progress: 0.0,
            question: None,
            turn: 0,
            input: Input::None,
            is_dirty: false,
            moved: None,
            fault: None,
            accepted: Vec::new(),
            is_declining: false,
            save: Save::Idle,
            was_answered_elsewhere: false,
            shows_intro: false,
            redirect_in_s: None,
            pending: None,
            suspended: None,
            seq: 0,
            tickets: 0,
            shown_at_ms: 0.0,
            is_ready: false,
            has_begun: false,
        }
    }

    /// Whether a call is under way, so that what is on screen must not change.
    pub fn is_locked(&self) -> bool {
        self.pending.is_some() || self.suspended.is_some()
    }

    /// The language to speak: the interview's; as long as that is unknown the one asked for, else the page's.
    pub fn language(&self) -> &str {
        self.campaign
            .as_ref()
            .map(|campaign| campaign.locale.as_str())
            .or(self.locale.as_deref())
            .or(self.page_language.as_deref())
            .unwrap_or("en")
    }
}
