//! The door to `npm/media.js`, which draws everything about files and recordings and is fetched only when a question
//! needs it: an interview of texts and choices does not pay for it.
//!
//! `options.media(slot, context)` gives `{destroy()}`. The slot tells what the question allows in its `data-`
//! attributes; the context is `{base, invite, token, isAhead, ids, change(ids, isReady), expired()}`, of which the first
//! four are kept up to date: to say that the token has expired brings another one, if there is one to be had. `options.media.forget(question, context)` takes what is kept for a question off the device.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement};
use yew::Callback;

use crate::{
    input::Input,
    options::Options,
    state::{Action, State},
};

/// A slot that is being drawn into; dropping it ends that, with every camera and microphone.
#[derive(Debug)]
pub struct Media {
    slot: Element,
    context: Object,
    view: JsValue,
    _change: Closure<dyn FnMut(Array, bool)>,
    _expired: Closure<dyn FnMut()>,
}

impl Media {
    /// What is to be there now that the screen was drawn: the same as before, another one, or none.
    pub fn follow(
        before: Option<Self>,
        root: Option<HtmlElement>,
        options: &Options,
        state: &State,
        on: &Callback<Action>,
    ) -> Option<Self> {
        let slot = root?.query_selector("[data-media]").ok()??;
        let media = match before {
            Some(media) if media.slot == slot => media,
            before => {
                drop(before);
                Self::attach(slot, options, state, on)?
            }
        };
        tell(&media.context, state);
        Some(media)
    }

    /// The answer to this question is confirmed: of what was chosen or recorded for it nothing is kept any longer.
    pub fn forget(options: &Options, state: &State, question_id: &str) {
        let Some(media) = &options.media else { return };
        let context = Object::new();
        tell(&context, state);
        let forget = Reflect::get(media, &"forget".into()).ok().and_then(|it| it.dyn_into().ok());
        if let Some(forget) = forget as Option<Function> {
            forget.call2(&JsValue::NULL, &question_id.into(), &context).ok();
        }
    }

    fn attach(slot: Element, options: &Options, state: &State, on: &Callback<Action>) -> Option<Self> {
        let (on, again) = (on.clone(), on.clone());
        let expired = Closure::new(move || again.emit(Action::Expired));
        let change = Closure::new(move |ids: Array, is_ready| {
            let ids = ids.iter().filter_map(|id| id.as_string()).collect();
            on.emit(Action::Edited(Input::Uploads { ids, is_ready }));
        });
        let context = Object::new();
        if let Input::Uploads { ids, .. } = &state.input {
            set(&context, "ids", &ids.iter().map(|id| JsValue::from_str(id)).collect::<Array>());
        }
        set(&context, "change", change.as_ref());
        set(&context, "expired", expired.as_ref());
        let view = options.media.as_ref()?.call2(&JsValue::NULL, &slot, &context).ok()?;
        Some(Self { slot, context, view, _change: change, _expired: expired })
    }
}

impl Drop for Media {
    fn drop(&mut self) {
        let destroy = Reflect::get(&self.view, &"destroy".into()).ok().and_then(|it| it.dyn_into().ok());
        if let Some(destroy) = destroy as Option<Function> {
            destroy.call0(&self.view).ok();
        }
    }
}

fn tell(context: &Object, state: &State) {
    let tokens = [("base", &state.base), ("invite", &state.invite_token), ("token", &state.session_token)];
    for (name, value) in tokens {
        set(context, name, &value.as_deref().into());
    }
    // Before the answers that wait have arrived, the question is not open on the server and takes no upload. Those behind one
    // that is corrected wait for it.
    let is_behind = !state.queue.is_empty() && state.correcting.is_none();
    let is_ahead = is_behind || state.session_token.is_none();
    set(context, "isAhead", &is_ahead.into());
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).ok();
}
