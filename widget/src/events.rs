//! What the page is told: names and details of the events. Never an answer.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::{i18n::Text, state::Event};

/// Tells the page. `npm/core.js` makes a DOM event and calls the page's callbacks.
pub fn emit(to: &Function, event: &Event, text: Text) {
    let detail = Object::new();
    let set = |name: &str, value: &str| {
        Reflect::set(&detail, &name.into(), &value.into()).ok();
    };
    let name = match event {
        Event::Ready => "ready",
        Event::Start => "start",
        Event::Answer { question_id } => {
            set("questionId", question_id);
            "answer"
        }
        Event::Complete => "complete",
        Event::Decline => "decline",
        Event::Error(failure) => {
            set("code", failure.code());
            set("message", text.failure(*failure).0);
            "error"
        }
        Event::Paused => "paused",
    };
    to.call2(&JsValue::NULL, &name.into(), &detail).ok();
}
