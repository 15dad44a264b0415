//! Fetches the texts of a language, once it is known that it is spoken.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::window;

use super::{Text, keep, tag};

/// How long a screen waits for its texts before it comes in English. They replace that when they arrive.
const PATIENCE_MS: i32 = 2_000;

/// Comes back when the texts of a language are there, when there are none, or when it has waited long enough.
/// `load` is `loadLocale` of `npm/core.js`; `arrived` is called when texts have come, however late.
pub async fn ready(load: Option<Function>, language: String, arrived: impl Fn() + 'static) {
    let Some(load) = load.filter(|_| !Text::is_known(&language)) else { return };
    let coming = future_to_promise(async move {
        let tag = tag(&language);
        let promise =
            load.call1(&JsValue::NULL, &tag.as_str().into()).map(|promise| Promise::resolve(&promise));
        let texts = match promise {
            Ok(promise) => JsFuture::from(promise).await.ok().and_then(|texts| texts.as_string()),
            Err(_) => None,
        };
        if texts.is_some_and(|texts| keep(&tag, texts)) {
            arrived();
        }
        Ok(JsValue::UNDEFINED)
    });
    let enough = Promise::new(&mut |done, _| {
        if let Some(window) = window() {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(done.unchecked_ref(), PATIENCE_MS)
                .ok();
        }
    });
    JsFuture::from(Promise::race(&Array::of2(&coming, &enough))).await.ok();
}
