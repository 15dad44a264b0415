//! What could not be saved, above whatever is on screen, until the person has read it.

use serde_json::Value;
use yew::prelude::*;

use crate::{
    i18n::{Text, fill},
    json,
    state::{Action, Screen, State},
};

/// Draws it, with questions and answers, so that nothing has to be remembered; and what is still to be sent when the
/// interview cannot be shown.
pub(super) fn unsaved(state: &State, text: Text, on: &Callback<Action>) -> Html {
    let is_failed = matches!(state.screen, Screen::Failed(_));
    let title = if state.is_unsure { text.perhaps_saved } else { text.not_saved_at_all };
    html! {
        <>
            if is_failed && !state.queue.is_empty() && state.is_all_kept() {
                <p class="notice" part="notice">{ fill(text.not_sent, &state.queue.len().to_string()) }</p>
            }
            if !state.unsaved.is_empty() {
                <div class="notice" part="notice" role="alert">
                    { title }
                    <ul>
                        { for state.unsaved.iter().map(|entry| html! {
                            <li>{ entry.text.clone() }<br /><strong>{ words(&entry.words, text) }</strong></li>
                        }) }
                    </ul>
                    <button type="button" class="link" onclick={on.reform(|_| Action::Acknowledged)}>{ text.understood }</button>
                </div>
            }
        </>
    }
}

/// An answer as a person reads it.
pub(super) fn words(value: &Value, text: Text) -> String {
    match value {
        Value::String(words) => words.clone(),
        Value::Bool(true) => text.yes.to_owned(),
        Value::Bool(false) => text.no.to_owned(),
        Value::Number(_) => json::write(value),
        Value::Object(_) => text.file_done.to_owned(),
        _ => text.no_answer.to_owned(),
    }
}
