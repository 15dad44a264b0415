//! What the page passes to `mount`. `npm/core.js` has checked it already; what is missing here is just absent.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// The options, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The invite token.
    pub invite_token: Option<String>,
    /// Asks the page for another one; returns a promise.
    pub get_invite_token: Option<Function>,
    /// Leaves the page for an address, where the interview is in a frame and the page around it has to.
    pub navigate: Option<Function>,
    /// The base of every call, instead of the token's issuer.
    pub api_base: Option<String>,
    /// The language to ask for (BCP 47).
    pub locale: Option<String>,
    /// The language to speak as long as the interview's is unknown.
    pub language: Option<String>,
    /// The compiled texts of that language, if they have come.
    pub texts: Option<String>,
    /// Gives the compiled texts of a language: `(tag)`, returns a promise.
    pub load_locale: Option<Function>,
    /// `light`, `dark` or `auto`.
    pub color_scheme: Option<String>,
    /// Names and values of custom properties.
    pub theme: Vec<(String, String)>,
    /// The reply to the first call, which was made while the wasm was on its way: a promise of `{status, text}`.
    pub early: Option<JsValue>,
    /// Since when its question is on screen, if it is, in milliseconds of the page's clock.
    pub shown_at_ms: Option<f64>,
    /// Tells the page: `(name, detail)`.
    pub emit: Function,
    /// Shows files and recordings: `(slot, context)`, see [`crate::media`].
    pub media: Option<Function>,
}

impl Options {
    /// Reads the object that `npm/core.js` makes.
    pub fn read(options: &JsValue) -> Self {
        let get = |name: &str| Reflect::get(options, &name.into()).unwrap_or_default();
        let text = |name: &str| get(name).as_string();
        Self {
            invite_token: text("inviteToken"),
            get_invite_token: get("getInviteToken").dyn_into().ok(),
            navigate: get("navigate").dyn_into().ok(),
            api_base: text("apiBase").map(|base| base.trim_end_matches('/').to_owned()),
            locale: text("locale"),
            language: text("language"),
            texts: text("texts"),
            load_locale: get("loadLocale").dyn_into().ok(),
            color_scheme: text("colorScheme"),
            theme: entries(&get("theme")),
            early: Reflect::get(&get("early"), &"reply".into()).ok().filter(JsValue::is_object),
            shown_at_ms: Reflect::get(&get("early"), &"shownAt".into()).ok().and_then(|at| at.as_f64()),
            emit: get("emit").dyn_into().unwrap_or_default(),
            media: get("media").dyn_into().ok(),
        }
    }
}

/// The custom property for a name in a theme, however it is written: `accentText`, `accent_text`, `--interview-relay-accent-text`.
pub fn property(name: &str) -> String {
    let mut property = "--interview-relay-".to_owned();
    for character in name.strip_prefix("--interview-relay-").unwrap_or(name).chars() {
        if character.is_ascii_uppercase() {
            property.push('-');
        }
        property.push(if character == '_' { '-' } else { character.to_ascii_lowercase() });
    }
    property
}

/// Sets the custom properties on the host element, where they win over the page's style sheets.
pub fn apply_theme<'a>(host: &HtmlElement, theme: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let style = host.style();
    for (name, value) in theme {
        // A value that is not valid is ignored by the browser; ours then stays.
        style.set_property(&property(name), value).ok();
    }
}

fn entries(object: &JsValue) -> Vec<(String, String)> {
    let Some(object) = object.dyn_ref::<Object>() else { return Vec::new() };
    let entries = Object::entries(object);
    let pairs = entries.iter().filter_map(|entry| {
        let entry: Array = entry.dyn_into().ok()?;
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_theme_may_be_written_in_any_way() {
        for name in ["accentText", "accent_text", "accent-text", "--interview-relay-accent-text"] {
            assert_eq!(property(name), "--interview-relay-accent-text", "{name}");
        }
    }
}
