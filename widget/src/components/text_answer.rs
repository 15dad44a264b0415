//! A field to type into: short and long text, a number, a date.

use protocol::question::{Bound, QuestionKind};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::field::FieldProps;
use crate::{input::Input, state::Action};

/// Enter goes on from all but the long text, where Ctrl or Cmd and Enter do.
pub(super) fn text_answer(props: &FieldProps) -> Html {
    let value = match &props.input {
        Input::Text(text) => text.clone(),
        _ => String::new(),
    };
    let required = props.question.required.then_some("true");
    if props.question.kind == QuestionKind::LongText {
        let field = props.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            field.edit(Input::Text(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
        });
        let on = props.on.clone();
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            // Enter that ends a composition (Japanese, Chinese, Korean) belongs to the composition.
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
                event.prevent_default();
                on.emit(Action::Submitted);
            }
        });
        return html! {
            <textarea class="field" part="field" rows="5" data-focus="" {value} {oninput} {onkeydown} readonly={props.is_locked}
                aria-labelledby="question" aria-describedby={props.described_by()} aria-invalid={props.invalid()}
                aria-required={required} />
        };
    }
    let field = props.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        field.edit(Input::Text(event.target_unchecked_into::<HtmlInputElement>().value()));
    });
    let limit = |bound: &Option<Bound>| bound.as_ref().and_then(Bound::as_date).map(str::to_owned);
    // A number is typed as text: a number field changes under the mouse wheel and loses what it cannot read.
    let (kind, mode, class) = match props.question.kind {
        QuestionKind::Date => ("date", None, "field date"),
        QuestionKind::Number => ("text", Some("decimal"), "field decimal"),
        QuestionKind::Email => ("email", Some("email"), "field email"),
        _ => ("text", None, "field"),
    };
    html! {
        <input ~className={class} part="field" type={kind} inputmode={mode}
            autocomplete="off" enterkeyhint="next" data-focus="" {value} {oninput} readonly={props.is_locked}
            min={limit(&props.question.validate.min_value)} max={limit(&props.question.validate.max_value)}
            aria-labelledby="question" aria-describedby={props.described_by()} aria-invalid={props.invalid()}
            aria-required={required} />
    }
}
