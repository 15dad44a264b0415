//! Choices to put in order, with a button up and a button down on each.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    field::FieldProps,
    icon::{DOWN, UP, icon},
};
use crate::{
    i18n::fill,
    input::{Input, moved},
};

/// The button that was pressed keeps focus while its choice moves, and the new place is read out.
#[function_component(RankingAnswer)]
pub(super) fn ranking_answer(props: &FieldProps) -> Html {
    let order = match &props.input {
        Input::Order(order) => order.clone(),
        _ => Vec::new(),
    };
    let list = use_node_ref();
    let pressed = use_mut_ref(|| None::<(String, bool)>);
    {
        // Moving an element takes focus away from what is inside it.
        let (list, pressed) = (list.clone(), pressed.clone());
        use_effect_with(order.clone(), move |order| {
            if let Some((id, up)) = &*pressed.borrow()
                && let Some(list) = list.cast::<HtmlElement>()
                && let Some(index) = order.iter().position(|other| other == id)
                && let Some(button) = list.query_selector_all("button").ok().and_then(|all| {
                    all.get(u32::try_from(index * 2 + usize::from(!up)).unwrap_or(0))
                })
            {
                wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(button).focus().ok();
            }
        });
    }
    let label = |id: &str| {
        let choice = props.question.choices.iter().flatten().find(|choice| choice.id == id);
        choice.map(|choice| choice.label.clone()).unwrap_or_default()
    };
    let last = order.len().saturating_sub(1);
    let button = |index: usize, up: bool| {
        let (props, pressed, order) = (props.clone(), pressed.clone(), order.clone());
        let name = fill(if up { props.text.move_up } else { props.text.move_down }, &label(&order[index]));
        let is_end = index == if up { 0 } else { last };
        let focus = (index == 0 && !up).then_some("");
        let onclick = Callback::from(move |_: MouseEvent| {
            *pressed.borrow_mut() = Some((order[index].clone(), up));
            props.edit(Input::Order(moved(&order, index, up)));
        });
        html! {
            <button type="button" class="move" aria-label={name} aria-disabled={is_end.then_some("true")} data-focus={focus} {onclick}>
                { icon(if up { UP } else { DOWN }) }
            </button>
        }
    };
    let item = |(index, id): (usize, &String)| {
        html! {
            <li class="rank" part="choice" key={id.clone()}>
                <span class="place" aria-hidden="true">{ index + 1 }</span>
                <span class="label">{ label(id) }</span>
                { button(index, true) }
                { button(index, false) }
            </li>
        }
    };
    let news = pressed.borrow().as_ref().and_then(|(id, _)| {
        let place = order.iter().position(|other| other == id)? + 1;
        Some([label(id), fill(props.text.rank_place, &place.to_string())].join(": "))
    });
    html! {
        <>
            <ol class="choices" ref={list} aria-labelledby="question" aria-describedby={props.described_by()}>
                { for order.iter().enumerate().map(item) }
            </ol>
            <p class="unseen" aria-live="polite">{ news }</p>
        </>
    }
}
