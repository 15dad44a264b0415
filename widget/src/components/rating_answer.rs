//! A scale: 1 to 5, 0 to 10.

use yew::prelude::*;

use super::field::FieldProps;
use crate::{input::Input, validate::scale};

/// Radio buttons in a row; arrow keys move along the scale.
pub(super) fn rating_answer(props: &FieldProps) -> Html {
    let chosen = match props.input {
        Input::Rating(chosen) => chosen,
        _ => None,
    };
    let scale = scale(&props.question);
    let focused = chosen.unwrap_or(*scale.start());
    // More than fit beside each other on a phone.
    let is_long = scale.end() - scale.start() > 6;
    let onclick = props.guard();
    let point = |point: i64| {
        let props = props.clone();
        let onchange = Callback::from(move |_: Event| props.edit(Input::Rating(Some(point))));
        html! {
            <label class="point" part="choice">
                <input type="radio" name="answer" checked={chosen == Some(point)} {onchange} onclick={onclick.clone()}
                    data-focus={(point == focused).then_some("")} />
                <span>{ point.to_string() }</span>
            </label>
        }
    };
    html! {
        <div ~className={if is_long { "scale long" } else { "scale" }} role="radiogroup" aria-labelledby="question" aria-describedby={props.described_by()}
            aria-required={props.question.required.then_some("true")} aria-invalid={props.invalid()}>
            { for scale.map(point) }
        </div>
    }
}
