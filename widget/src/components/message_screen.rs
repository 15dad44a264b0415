//! A screen that has nothing but something to say: failures, the pause, loading.

use yew::prelude::*;

use super::icon::icon;
use crate::{i18n::Text, state::Action};

/// Title, text and perhaps a button.
pub(super) fn message_screen(
    icon_path: &'static str,
    (title, body): (&'static str, &'static str),
    action: Option<(&'static str, Action)>,
    on: &Callback<Action>,
) -> Html {
    let button = action.map(|(label, action)| {
        let onclick = on.reform(move |_| action.clone());
        html! { <div class="actions"><button type="button" class="primary" part="button" {onclick}>{ label }</button></div> }
    });
    html! {
        <div class="message">
            <span class="badge">{ icon(icon_path) }</span>
            <h2 part="heading" tabindex="-1" data-focus="">{ title }</h2>
            <p class="body">{ body }</p>
            { button }
        </div>
    }
}

/// Until the first answer of the server.
pub(super) fn loading(text: Text) -> Html {
    html! { <div class="loading" role="status"><span class="spinner" /><span>{ text.loading }</span></div> }
}
