//! The interview inside a customer's page. This file is the only surface towards JavaScript: [`mount`], [`Mounted`]
//! and [`version`]; `npm/core.js` is the only caller.
//!
//! - [`state`]: what is on screen, and what each event makes of it; pure
//! - [`app`]: draws the state and runs its effects
//! - [`api`]: every fetch · [`reply`]: what the server says · [`token`]: who issued the invite token, and for which invite
//! - [`outbox`]: what is kept on the device, and how it is written · [`device`]: `IndexedDB`
//! - [`input`], [`validate`]: what is typed, and what can be told about it before asking the server
//! - [`stage`]: the roots that interviews are drawn in
//! - [`components`]: one for each kind of question, and what surrounds them
//! - [`json`]: read and written by the browser
//! - [`media`]: the door to the JavaScript for files and recordings
//! - [`options`], [`events`]: what the page passes in, and what it is told · [`i18n`]: texts · [`error`]: what can go wrong

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

pub mod api;
pub mod app;
pub mod components;
pub mod device;
pub mod error;
pub mod events;
#[cfg(test)]
mod fixtures;
pub mod i18n;
pub mod input;
pub mod json;
pub mod media;
pub mod options;
pub mod outbox;
pub mod reply;
pub mod stage;
pub mod state;
pub mod token;
pub mod validate;

use app::AppProps;
use options::Options;
use stage::{Remote, Stage};

/// A mounted interview.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Mounted {
    stage: Stage,
    remote: Remote,
}

#[wasm_bindgen]
impl Mounted {
    /// Saves what is typed and pauses the interview.
    pub fn pause(&self) {
        if let Some(app) = &*self.remote.0.borrow() {
            app.send_message(state::Action::PauseRequested);
        }
    }

    /// Takes the interview out of the page, with its timers and listeners.
    pub fn unmount(self) {
        self.stage.clear();
    }
}

/// Shows an interview in the element `root` of the options, which is in the shadow root of `host`.
///
/// # Errors
/// When there is no such element.
#[wasm_bindgen]
pub fn mount(host: HtmlElement, options: &JsValue) -> Result<Mounted, JsValue> {
    let place = Reflect::get(options, &"root".into())?.dyn_into()?;
    let remote = Remote::default();
    let props = AppProps { host, options: Options::read(options).into(), remote: remote.clone() };
    let stage = Stage::show(&place, props)?;
    Ok(Mounted { stage, remote })
}

/// The version of this build.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
