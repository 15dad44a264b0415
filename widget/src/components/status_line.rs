//! How the answer is kept, in a line below the buttons.

use yew::prelude::*;

use crate::{
    i18n::Text,
    state::{Action, Save},
};

/// The line; it is always there, because a live region that comes with its text is not read out. It takes focus from its
/// button, which goes as soon as it was pressed.
pub(super) fn status_line(save: Save, text: Text, on: &Callback<Action>) -> Html {
    let needs_help = matches!(save, Save::OnDevice | Save::Retrying | Save::Refused);
    let is_trouble = needs_help && save != Save::OnDevice;
    let onclick = on.reform(|_| Action::Again);
    html! {
        <div ~className={if is_trouble { "status trouble" } else { "status" }} part="status">
            <span role="status" tabindex="-1">{ text.save(save) }</span>
            if needs_help {
                <button type="button" class="link" {onclick}>{ text.retry }</button>
            }
        </div>
    }
}

/// What is wrong with the answer, read out as soon as it appears.
pub(super) fn fault_line(message: Option<String>) -> Html {
    html! {
        if let Some(message) = message {
            <p class="error" id="error" role="alert" part="error">{ message }</p>
        }
    }
}
