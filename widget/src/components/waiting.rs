//! All that is known in advance is answered, and the server is away: what is kept, and where.

use yew::prelude::*;

use super::icon::{PAUSE, icon};
use crate::{
    i18n::{Text, fill},
    state::{Action, State},
};

/// Draws it. It goes on by itself.
pub(super) fn waiting(state: &State, text: Text, on: &Callback<Action>) -> Html {
    let words = if state.is_all_kept() { text.waiting_kept } else { text.waiting_unkept };
    html! {
        <div class="message">
            <span class="badge">{ icon(PAUSE) }</span>
            <h2 part="heading" tabindex="-1" data-focus="">{ text.waiting }</h2>
            <p class="body" role="status">{ fill(words, &state.queue.len().to_string()) }</p>
            <div class="actions">
                <button type="button" class="primary" part="button" onclick={on.reform(|_| Action::Again)}>{ text.retry }</button>
            </div>
        </div>
    }
}
