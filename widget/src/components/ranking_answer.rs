//! Choices to put in order, with a button up and a button down on each.

use yew::prelude::*;

use super::{
    field::FieldProps,
    icon::{DOWN, UP, icon},
};
use crate::{i18n::fill, input::Input, state::Action};

/// The button that was pressed keeps focus while its choice moves (`data-moved`), and the new place is read out.
pub(super) fn ranking_answer(props: &FieldProps) -> Html {
    let Input::Order(order) = &props.input else { return Html::default() };
    let label = |id: &str| {
        let choice = props.question.choices.iter().flatten().find(|choice| choice.id == id);
        choice.map(|choice| choice.label.clone()).unwrap_or_default()
    };
    let button = |index: usize, id: &String, up: bool| {
        let name = fill(if up { props.text.move_up } else { props.text.move_down }, &label(id));
        let is_end = index == if up { 0 } else { order.len() - 1 };
        let was_pressed = props.moved.as_ref().is_some_and(|(moved, was_up)| moved == id && *was_up == up);
        let onclick = props.on.reform(move |_| Action::Moved { index, up });
        html! {
            <button type="button" class="move" aria-label={name} aria-disabled={is_end.then_some("true")} {onclick}
                data-focus={(index == 0 && !up).then_some("")} data-moved={was_pressed.then_some("")}>
                { icon(if up { UP } else { DOWN }) }
            </button>
        }
    };
    let item = |(index, id): (usize, &String)| {
        html! {
            <li class="rank" part="choice" key={id.clone()}>
                <span class="place" aria-hidden="true">{ index + 1 }</span>
                <span class="label">{ label(id) }</span>
                { button(index, id, true) }
                { button(index, id, false) }
            </li>
        }
    };
    let news = props.moved.as_ref().and_then(|(id, _)| {
        let place = order.iter().position(|other| other == id)? + 1;
        Some([label(id), fill(props.text.rank_place, &place.to_string())].join(": "))
    });
    html! {
        <>
            <ol class="choices" aria-labelledby="question" aria-describedby={props.described_by()}>
                { for order.iter().enumerate().map(item) }
            </ol>
            <p class="unseen" aria-live="polite">{ news }</p>
        </>
    }
}
