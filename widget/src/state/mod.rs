//! What is on screen, and what each event makes of it. No I/O: [`crate::app`] runs the [`Effect`]s.

use std::rc::Rc;

use protocol::{
    question::QuestionView,
    session::{CampaignView, Draft, EndView, Turn},
};

use crate::{
    error::{Failure, Problem},
    i18n::has_decimal_comma,
    input::Input,
    outbox::Entry,
    reply::{Given, Snapshot},
    validate::Fault,
};

mod back;
mod calls;
mod messages;
mod person;
mod queue;
mod reduce;
mod refused;
mod show;
#[cfg(test)]
mod tests;

pub use back::{Look, Opening};
pub use messages::{Action, Call, Effect, Event, Kept, Pending, Reply, Timer};
pub use reduce::reduce;

/// How long after the first keystroke that it does not have yet a draft is saved.
pub const DRAFT_DELAY_MS: u32 = 1_000;
/// How long the person waits for a reply before the interview goes on by what is known in advance.
pub const GO_ON_MS: u32 = 2_000;
/// How long the page may take to give a token.
pub const TOKEN_TIMEOUT_MS: u32 = 30_000;
/// How soon the session is opened again because a draft, an upload or a renewal was refused its token.
pub const REOPEN_AFTER_MS: f64 = 60_000.0;
/// How long after a renewal of the session token that failed the next one is tried.
pub const RENEW_AGAIN_MS: u32 = 30_000;
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
    /// Whether there is a network, as far as the browser knows.
    fn is_online(&self) -> bool;
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
    /// All that is known in advance is answered, and the server is away.
    Waiting,
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
    /// It did not get through, but is on the device; it is tried again by itself.
    OnDevice,
    /// It did not get through and is nowhere but on the screen; it is tried again by itself.
    Retrying,
    /// The server refused it for a reason that the person cannot change.
    Refused,
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
    /// Whether the page has been asked for a token and has not answered.
    pub is_asking: bool,
    /// Whether the last renewal of the session token failed.
    pub is_renewal_due: bool,
    /// Whether the session was opened again because its token ran out, and nothing has worked since.
    pub has_reopened: bool,
    /// When it was opened again by [`Action::Expired`].
    pub reopened_at_ms: Option<f64>,
    /// Whether a call has come so far that this page's origin cannot be what the server refuses.
    pub was_let_in: bool,
    /// Authority for all calls but the start.
    pub session_token: Option<String>,
    /// The session's id.
    pub session: Option<String>,
    /// The session before it, where that one was completed.
    pub completed_session: Option<String>,
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
    /// The call under way; one at a time.
    pub pending: Option<Pending>,
    /// The call to make once the session is resumed.
    pub suspended: Option<Call>,
    /// Under which name the device keeps this interview; `None` where the token names no invite.
    pub owner: Option<String>,
    /// Whether the device is being read.
    pub is_reading: bool,
    /// Whether the device did not answer in time, so that what it has may still come.
    pub is_device_late: bool,
    /// The reply that came before the device was read.
    pub early: Option<(u32, Result<Reply, Problem>)>,
    /// The interview where it stood, from the device.
    pub restorable: Option<Box<Snapshot>>,
    /// The server's turn, then the questions that it gave in advance.
    pub course: Vec<Turn>,
    /// Answers that the server has not confirmed, in order. They answer `course` from its beginning.
    pub queue: Vec<Entry>,
    /// Whether the question on screen is answered and the next is not known yet.
    pub is_committed: bool,
    /// The answer that the server did not take, while the person looks at it again.
    pub correcting: Option<Entry>,
    /// Answers that cannot be saved, until the person has read that.
    pub unsaved: Vec<Entry>,
    /// Whether some of these may have been saved after all.
    pub is_unsure: bool,
    /// What is answered and may be changed: as it was asked, what follows up a question below it.
    pub answers: Vec<Given>,
    /// The answer after which the open question is asked, when that is not the last one.
    pub open_after: Option<String>,
    /// The earlier question that is being fetched to be shown.
    pub opening: Option<Opening>,
    /// The earlier question on screen, whose answer may be changed.
    pub changing: Option<Rc<QuestionView>>,
    /// Whether the choices of earlier questions are being fetched, to show answers by their labels.
    pub is_listing: bool,
    /// Whether the browser says that there is no network.
    pub is_offline: bool,
    /// What is typed into questions that are still to be answered, as the device keeps it.
    pub drafts: Vec<Draft>,
    /// Whether something was typed that no draft has yet; the timer for it runs.
    pub is_draft_due: bool,
    /// Whether a draft is on its way to the server.
    pub is_draft_sending: bool,
    /// Whether the device has all that is typed.
    pub is_draft_kept: bool,
    /// Whether the server could not be told of it.
    pub is_draft_unsent: bool,
    /// Whether the person wants to go on after a pause, and the server was asked where.
    pub is_continuing: bool,
    /// Whether to ask where the interview stands once the queue is empty.
    pub must_refresh: bool,
    /// The highest count used so far.
    pub seq: u64,
    /// Counts the attempts.
    pub tickets: u32,
    /// Seconds left to answer the question on screen, where it has a limit; 0 once they are over.
    pub time_left_s: Option<u32>,
    /// When the first screen, which is not ours, showed what comes first.
    pub first_shown_at_ms: Option<f64>,
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
            is_asking: false,
            is_renewal_due: false,
            has_reopened: false,
            reopened_at_ms: None,
            was_let_in: false,
            session_token: None,
            session: None,
            completed_session: None,
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
            owner: None,
            is_reading: false,
            is_device_late: false,
            early: None,
            restorable: None,
            course: Vec::new(),
            queue: Vec::new(),
            is_committed: false,
            correcting: None,
            unsaved: Vec::new(),
            is_unsure: false,
            answers: Vec::new(),
            open_after: None,
            opening: None,
            changing: None,
            is_listing: false,
            is_offline: false,
            drafts: Vec::new(),
            is_draft_due: false,
            is_draft_sending: false,
            is_draft_kept: false,
            is_draft_unsent: false,
            is_continuing: false,
            must_refresh: false,
            seq: 0,
            tickets: 0,
            time_left_s: None,
            first_shown_at_ms: None,
            shown_at_ms: 0.0,
            is_ready: false,
            has_begun: false,
        }
    }

    /// Whether what is on screen was sent, so that it must not change.
    pub fn is_locked(&self) -> bool {
        let is_consent = |call: &Call| matches!(call, Call::Consent(_));
        self.is_committed
            || self.suspended.as_ref().is_some_and(is_consent)
            || self.pending.as_ref().is_some_and(|pending| is_consent(&pending.call))
    }

    /// Whether every answer that waits is on the device.
    pub fn is_all_kept(&self) -> bool {
        self.queue.iter().all(|entry| entry.is_kept == Some(true))
    }

    /// Whether its decimal sign is a comma.
    pub fn has_comma(&self) -> bool {
        has_decimal_comma(self.language())
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
