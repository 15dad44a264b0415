//! The way back: the question before, and the answers so far.

use yew::prelude::*;

use super::unsaved::words;
use crate::{
    i18n::{Text, fill},
    reply::Given,
    state::{Action, State},
};

/// Goes to the question before, and leaves an earlier one as it was.
pub(super) fn way_back(state: &State, text: Text, on: &Callback<Action>) -> Html {
    if !state.has_way_back() {
        return Html::default();
    }
    let is_cut_off = state.is_offline || state.pending.as_ref().is_some_and(|pending| pending.failures > 0);
    html! {
        <>
            if state.changing.is_some() {
                <button type="button" class="secondary" part="secondary" aria-disabled={state.is_locked().then_some("true")}
                    onclick={on.reform(|_| Action::KeptAsItWas)}>{ text.keep_answer }</button>
            }
            if let Some(before) = state.before() {
                { change(state, before, (text.back, None), on) }
            }
            if is_cut_off {
                <span class="cut-off">{ text.waiting }</span>
            }
        </>
    }
}

/// Questions and answers so far, as a conversation.
pub(super) fn history(state: &State, text: Text, on: &Callback<Action>) -> Html {
    let answer = |answer: &Given| {
        let label = fill(text.change_answer, &answer.text);
        let is_probe = answer.question_id.contains('~');
        html! {
            <li ~className={if is_probe { "probe" } else { "" }}>
                <p>{ answer.text.clone() }</p>
                <p class="said">
                    { answer.words.as_ref().map_or_else(|| "…".to_owned(), |value| words(value, text)) }
                </p>
                { change(state, answer, (text.change, Some(label)), on) }
            </li>
        }
    };
    html! {
        if state.has_way_back() {
            <details class="history" part="history">
                <summary onclick={on.reform(|_| Action::Listed)}>{ text.back_to_answers }</summary>
                <ol>{ for state.answers.iter().map(answer) }</ol>
            </details>
        }
    }
}

fn change(
    state: &State,
    answer: &Given,
    (name, label): (&'static str, Option<String>),
    on: &Callback<Action>,
) -> Html {
    let id = answer.question_id.clone();
    html! {
        <button type="button" class="link" aria-label={label} aria-disabled={(!state.can_go_back()).then_some("true")}
            onclick={on.reform(move |_| Action::WentBack(id.clone()))}>{ name }</button>
    }
}
