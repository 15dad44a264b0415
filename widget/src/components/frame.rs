//! What surrounds every screen: language, direction, progress, announcements.

use yew::prelude::*;

use super::{
    consent_form::consent_form,
    end_screen::end_screen,
    icon,
    message_screen::{loading, message_screen},
    progress::progress,
    question_card::question_card,
    unsaved::unsaved,
    waiting::waiting,
};
use crate::{
    error::Failure,
    i18n::{Text, direction},
    state::{Action, Screen, State},
};

/// The whole widget, as it is now.
pub fn frame(state: &State, color_scheme: Option<&str>, root: &NodeRef, on: &Callback<Action>) -> Html {
    let text = Text::of(state.language());
    // Without the interview's texts there are only the widget's own, in English perhaps.
    let language = if state.campaign.is_some() { state.language() } else { text.language }.to_owned();
    let title =
        state.campaign.as_ref().map(|campaign| campaign.title.clone()).filter(|title| !title.is_empty());
    let scheme = color_scheme.unwrap_or("auto").to_owned();
    let mut is_alert = false;
    let screen = match &state.screen {
        Screen::Loading => loading(text),
        Screen::Consent => consent_form(state, text, on),
        Screen::Question => question_card(state, text, on),
        Screen::Waiting => waiting(state, text, on),
        Screen::End(end) => end_screen(end, state.redirect_in_s.is_some(), text, on),
        Screen::Paused => {
            let action = Some((text.go_on, Action::Continued));
            message_screen(icon::PAUSE, (text.paused, text.paused_text), action, on)
        }
        Screen::Failed(failure) => {
            let action = failure.can_retry().then_some((text.try_again, Action::Again));
            // Where it is the first screen it has no focus, and would not be heard of.
            is_alert = true;
            let icon = if *failure == Failure::InviteCompleted { icon::CHECK } else { icon::ALERT };
            message_screen(icon, text.failure(*failure), action, on)
        }
    };
    let announcement = match &state.screen {
        Screen::Question => state.question.as_ref().map(|question| question.text.clone()),
        _ => None,
    };
    let shows_progress =
        matches!(state.screen, Screen::Consent | Screen::Question | Screen::Waiting | Screen::Paused);
    html! {
        <div class="ir" role="group" part="root" ref={root} lang={language.clone()} dir={direction(&language)}
            data-scheme={scheme} aria-label={title.unwrap_or_else(|| text.region.to_owned())}>
            if shows_progress {
                { progress(state.progress, text) }
            }
            { unsaved(state, text, on) }
            <div class="stage">
                <div class="screen" part="screen" role={is_alert.then_some("alert")} key={state.turn}>{ screen }</div>
            </div>
            <p class="unseen" aria-live="polite">{ announcement }</p>
        </div>
    }
}
