//! A question: its text, its field, and the way on.

use protocol::question::{QuestionKind, QuestionView};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::{
    choice_answer::choice_answer,
    field::FieldProps,
    history::{history, way_back},
    ranking_answer::ranking_answer,
    rating_answer::rating_answer,
    status_line::{fault_line, status_line},
    text_answer::text_answer,
    upload_answer::upload_answer,
};
use crate::{
    i18n::Text,
    input::Input,
    state::{Action, Save, State},
    validate::is_known,
};

/// Draws the question of the current turn.
pub(super) fn question_card(state: &State, text: Text, on: &Callback<Action>) -> Html {
    let Some(question) = &state.question else { return Html::default() };
    let props = FieldProps {
        question: question.clone(),
        input: state.input.clone(),
        is_invalid: state.fault.is_some(),
        is_locked: state.is_locked(),
        moved: state.moved.clone(),
        text,
        on: on.clone(),
    };
    let has_field = state.input != Input::None && is_known(question);
    let is_skippable = !question.required && question.kind != QuestionKind::Statement;
    let onsubmit = on.reform(|event: SubmitEvent| {
        event.prevent_default();
        if is_half_typed(&event) { Action::HalfTyped } else { Action::Submitted }
    });
    let skip = on.reform(|_| Action::Skipped);
    let is_sending = state.is_locked() && state.save == Save::Sending;
    let takes_focus = !has_field || state.changing.is_some();
    html! {
        <>
        <form {onsubmit} novalidate=true aria-busy={is_sending.then_some("true")}>
            if state.was_answered_elsewhere {
                <p class="notice" part="notice" role="alert">{ text.answered_elsewhere }</p>
            }
            if state.shows_intro {
                { intro(state) }
            }
            <h2 id="question" part="heading" tabindex="-1" data-focus={takes_focus.then_some("")}>{ question.text.clone() }</h2>
            <p class="help" id="help" part="help">{ help(question, text) }{ limit(question, text) }</p>
            { time(state.time_left_s, text) }
            { field(&props) }
            { fault_line(state.fault.as_ref().map(|fault| text.fault(fault))) }
            <div class="actions">
                <button type="submit" class="primary" part="button" aria-disabled={state.is_locked().then_some("true")}>
                    { text.go_on }
                </button>
                if is_skippable {
                    <button type="button" class="secondary" part="secondary" onclick={skip}>{ text.skip }</button>
                }
                { way_back(state, text, on) }
                if question.kind == QuestionKind::LongText {
                    <span class="keys" aria-hidden="true">{ text.long_text_keys }</span>
                }
            </div>
            { status_line(state.save, text, on) }
        </form>
        { history(state, text, on) }
        </>
    }
}

/// Whether the form has a day that is not complete: its field says that it is empty.
fn is_half_typed(event: &SubmitEvent) -> bool {
    let form: Element = event.target_unchecked_into();
    let field = form.query_selector("[type=date]").ok().flatten();
    field.is_some_and(|field| field.unchecked_into::<HtmlInputElement>().validity().bad_input())
}

fn intro(state: &State) -> Html {
    let Some(campaign) = &state.campaign else { return Html::default() };
    html! {
        <div class="intro">
            <p class="title">{ campaign.title.clone() }</p>
            if !campaign.intro.is_empty() {
                <p class="body">{ campaign.intro.clone() }</p>
            }
        </div>
    }
}

/// How long the time is, for those who hear the field described: this text stays as it is, as a description that changes is
/// read out with each change.
fn limit(question: &QuestionView, text: Text) -> Html {
    let Some(limit_ms) = question.time_limit_ms else { return Html::default() };
    let seconds = u32::try_from(limit_ms.div_ceil(1_000)).unwrap_or(u32::MAX);
    html! { <span class="unseen">{ " " }{ text.time_left(seconds) }</span> }
}

/// The time that is left, if it is limited. Its end is read out when it comes, by a live region that is there before.
fn time(left_s: Option<u32>, text: Text) -> Html {
    let Some(left_s) = left_s else { return Html::default() };
    html! {
        <p class="time" part="time">
            <span role="timer">
                if left_s > 0 { { text.time_left(left_s) } }
            </span>
            <span role="status">
                if left_s == 0 { { text.time_up } }
            </span>
        </p>
    }
}

/// The question's own help, or what its kind needs said.
fn help(question: &QuestionView, text: Text) -> String {
    if let Some(help) = question.help.as_ref().filter(|help| !help.is_empty()) {
        return help.clone();
    }
    match question.kind {
        QuestionKind::MultiChoice => text.choose_several,
        QuestionKind::Ranking => text.rank,
        _ => "",
    }
    .to_owned()
}

fn field(props: &FieldProps) -> Html {
    match props.question.kind {
        QuestionKind::Statement => Html::default(),
        QuestionKind::ShortText
        | QuestionKind::LongText
        | QuestionKind::Email
        | QuestionKind::Number
        | QuestionKind::Date => text_answer(props),
        QuestionKind::YesNo
        | QuestionKind::Consent
        | QuestionKind::SingleChoice
        | QuestionKind::MultiChoice => choice_answer(props),
        QuestionKind::Ranking => ranking_answer(props),
        QuestionKind::Rating => rating_answer(props),
        QuestionKind::File | QuestionKind::Audio | QuestionKind::Video => upload_answer(props),
    }
}
