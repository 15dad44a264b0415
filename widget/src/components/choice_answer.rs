//! Choices as cards: one of several, several of several, yes or no, agreed or not.

use protocol::question::QuestionKind;
use yew::prelude::*;

use super::field::FieldProps;
use crate::{input::Input, state::Action};

/// Native radio buttons and checkboxes, so that every keyboard and screen reader knows them.
pub(super) fn choice_answer(props: &FieldProps) -> Html {
    let is_multiple = props.question.kind == QuestionKind::MultiChoice;
    let choices: Vec<(String, bool, Action)> = match &props.input {
        Input::Bool(value) => {
            let is_consent = props.question.kind == QuestionKind::Consent;
            let (yes, no) = if is_consent {
                (props.text.i_agree, props.text.i_disagree)
            } else {
                (props.text.yes, props.text.no)
            };
            [(yes, true), (no, false)]
                .map(|(label, is)| {
                    (label.to_owned(), *value == Some(is), Action::Edited(Input::Bool(Some(is))))
                })
                .into()
        }
        Input::Choice(chosen) => {
            let pick = |id: &str| Action::Edited(Input::Choice(Some(id.to_owned())));
            each(props, |id| (chosen.as_deref() == Some(id), pick(id)))
        }
        Input::Choices(chosen) => {
            each(props, |id| (chosen.iter().any(|chosen| chosen == id), Action::ChoiceToggled(id.to_owned())))
        }
        _ => Vec::new(),
    };
    // Focus comes to what is chosen, else to the first.
    let focused = choices.iter().position(|(_, is_chosen, _)| *is_chosen).unwrap_or(0);
    let onclick = props.guard();
    let card = |(index, (label, is_chosen, action)): (usize, (String, bool, Action))| {
        let invalid = props.invalid().filter(|_| is_multiple);
        let onchange = props.on.reform(move |_: Event| action.clone());
        html! {
            <label class="choice" part="choice">
                <input type={if is_multiple { "checkbox" } else { "radio" }} name="answer" checked={is_chosen} {onchange}
                    onclick={onclick.clone()} aria-invalid={invalid} data-focus={(index == focused).then_some("")} />
                <span>{ label }</span>
            </label>
        }
    };
    html! {
        <div ~className={if choices.len() == 2 { "choices pair" } else { "choices" }} role={if is_multiple { "group" } else { "radiogroup" }}
            aria-labelledby="question" aria-describedby={props.described_by()}
            aria-required={(props.question.required && !is_multiple).then_some("true")}
            aria-invalid={props.invalid().filter(|_| !is_multiple)}>
            { for choices.into_iter().enumerate().map(card) }
        </div>
    }
}

fn each(props: &FieldProps, card: impl Fn(&str) -> (bool, Action)) -> Vec<(String, bool, Action)> {
    let choices = props.question.choices.iter().flatten();
    choices
        .map(|choice| {
            let (is_chosen, action) = card(&choice.id);
            (choice.label.clone(), is_chosen, action)
        })
        .collect()
}
