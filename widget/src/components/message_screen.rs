//! A screen that has nothing but something to say: failures, the pause, loading.

use yew::prelude::*;

use super::icon::icon;
use crate::{i18n::Text, state::Action};

/// What to say.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct MessageProps {
    pub(super) icon: &'static str,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    /// What the button says and does, if there is one.
    pub(super) action: Option<(&'static str, Action)>,
    pub(super) on: Callback<Action>,
}

/// Title, text and perhaps a button.
#[function_component(MessageScreen)]
pub(super) fn message_screen(props: &MessageProps) -> Html {
    let button = props.action.clone().map(|(label, action)| {
        let onclick = props.on.reform(move |_| action.clone());
        html! { <div class="actions"><button type="button" class="primary" part="button" {onclick}>{ label }</button></div> }
    });
    html! {
        <div class="message">
            <span class="badge">{ icon(props.icon) }</span>
            <h2 part="heading" tabindex="-1" data-focus="">{ props.title }</h2>
            <p class="body">{ props.body }</p>
            { button }
        </div>
    }
}

/// Until the first answer of the server.
pub(super) fn loading(text: Text) -> Html {
    html! { <div class="loading" role="status"><span class="spinner" /><span>{ text.loading }</span></div> }
}
