//! What the participant is asked to agree to, below the interview's title and introduction.

use protocol::session::ConsentItem;
use yew::prelude::*;

use super::status_line::{fault_line, status_line};
use crate::{
    i18n::Text,
    state::{Action, Save, State},
};

/// Draws the consent screen.
pub(super) fn consent_form(state: &State, text: Text, on: &Callback<Action>) -> Html {
    let Some(campaign) = &state.campaign else { return Html::default() };
    let onsubmit = on.reform(|event: SubmitEvent| {
        event.prevent_default();
        Action::ConsentGiven
    });
    let has_required = campaign.consent.iter().any(|item| item.required);
    let actions = if state.is_declining {
        declining(text, on)
    } else {
        html! {
            <div class="actions">
                <button type="submit" class="primary" part="button" aria-disabled={state.is_locked().then_some("true")}>
                    { if has_required { text.agree } else { text.go_on } }
                </button>
                if has_required {
                    <button type="button" class="secondary" part="secondary" onclick={on.reform(|_| Action::ConsentDeclined)}>
                        { text.decline }
                    </button>
                }
            </div>
        }
    };
    html! {
        <form {onsubmit} novalidate=true aria-busy={(state.save == Save::Sending).then_some("true")}>
            <h2 id="question" part="heading" tabindex="-1" data-focus={(!state.is_declining).then_some("")}>
                { campaign.title.clone() }
            </h2>
            if !campaign.intro.is_empty() {
                <p class="body">{ campaign.intro.clone() }</p>
            }
            <div class="choices" role="group" aria-labelledby="question">
                { for campaign.consent.iter().map(|item| consent_item(item, state, text, on)) }
            </div>
            { fault_line(state.fault.as_ref().map(|fault| text.fault(fault))) }
            { actions }
            { status_line(state.save, text, on) }
        </form>
    }
}

fn consent_item(item: &ConsentItem, state: &State, text: Text, on: &Callback<Action>) -> Html {
    let id = item.id.clone();
    let is_ticked = state.accepted.contains(&id);
    let is_missing = state.fault.is_some() && item.required && !is_ticked;
    let is_locked = state.is_locked();
    let onclick = Callback::from(move |event: MouseEvent| {
        if is_locked {
            event.prevent_default();
        }
    });
    let onchange = on.reform(move |_| Action::ConsentToggled(id.clone()));
    html! {
        <label class="choice" part="choice">
            <input type="checkbox" checked={is_ticked} {onclick} {onchange} aria-required={item.required.then_some("true")}
                aria-invalid={is_missing.then_some("true")} aria-describedby={is_missing.then_some("error")} />
            <span>
                { item.text.clone() }
                if !item.required {
                    <small>{ text.optional }</small>
                }
            </span>
        </label>
    }
}

/// Refusing ends the interview for good, so it takes a second press.
fn declining(text: Text, on: &Callback<Action>) -> Html {
    html! {
        <>
            <p class="notice" part="notice" role="alert">{ text.decline_question }</p>
            <div class="actions">
                <button type="button" class="primary" part="button" data-focus="" onclick={on.reform(|_| Action::DeclineCancelled)}>
                    { text.back }
                </button>
                <button type="button" class="secondary" part="secondary" onclick={on.reform(|_| Action::ConsentDeclined)}>
                    { text.decline_confirm }
                </button>
            </div>
        </>
    }
}
