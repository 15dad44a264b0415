//! What the browser knows about languages, so that the widget need not bring it along: plural rules, numbers, days.
//!
//! A language is always [`super::Texts::language`]: a tag that is none would make the browser throw.

pub use browser::has_decimal_comma;
pub(super) use browser::{category, day, decimal, number};

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::{Array, Date, Function, Intl, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    fn options(pairs: &[(&str, JsValue)]) -> Object {
        let options = Object::new();
        for (name, value) in pairs {
            Reflect::set(&options, &(*name).into(), value).ok();
        }
        options
    }

    fn locales(language: &str) -> Array {
        Array::of1(&language.into())
    }

    fn formatted(format: &Function, value: &JsValue) -> String {
        format.call1(&JsValue::NULL, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    fn written(language: &str, number: &JsValue, pairs: &[(&str, JsValue)]) -> String {
        formatted(&Intl::NumberFormat::new(&locales(language), &options(pairs)).format(), number)
    }

    pub(in super::super) fn category(language: &str, count: u32) -> String {
        Intl::PluralRules::new(&locales(language), &Object::new()).select(f64::from(count)).into()
    }

    pub(in super::super) fn number(language: &str, number: u32) -> String {
        written(language, &number.into(), &[])
    }

    /// As it can be typed into a field again: without signs between the thousands.
    pub(in super::super) fn decimal(language: &str, number: &str) -> String {
        let pairs = [("useGrouping", false.into()), ("maximumFractionDigits", 20.into())];
        written(language, &number.into(), &pairs)
    }

    /// Whether a language, whatever its tag, writes `0,5`.
    pub fn has_decimal_comma(language: &str) -> bool {
        // By hand: a tag that the browser refuses is no reason to end the interview.
        let get = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).unwrap_or_default();
        let make: Option<Function> = get(&get(&js_sys::global(), "Intl"), "NumberFormat").dyn_into().ok();
        let format = make.and_then(|make| make.call1(&JsValue::NULL, &language.into()).ok());
        let format: Option<Function> = format.and_then(|format| get(&format, "format").dyn_into().ok());
        format.is_some_and(|format| formatted(&format, &0.5.into()).contains(','))
    }

    pub(in super::super) fn day(language: &str, day: &str) -> String {
        // A day is the same one everywhere: read as midnight UTC, and written so.
        let options = options(&[("dateStyle", "long".into()), ("timeZone", "UTC".into())]);
        let format = Intl::DateTimeFormat::new(&locales(language), &options);
        formatted(&format.format(), &Date::new(&day.into()))
    }
}

/// The tests run where there is no browser: plain English, but for the decimal sign.
#[cfg(not(target_arch = "wasm32"))]
mod browser {
    pub(in super::super) fn category(_language: &str, count: u32) -> String {
        if count == 1 { "one" } else { "other" }.to_owned()
    }

    pub(in super::super) fn number(_language: &str, number: u32) -> String {
        number.to_string()
    }

    pub(in super::super) fn decimal(_language: &str, number: &str) -> String {
        number.to_owned()
    }

    /// Whether a language writes `0,5`.
    pub fn has_decimal_comma(language: &str) -> bool {
        language.starts_with("de")
    }

    pub(in super::super) fn day(_language: &str, day: &str) -> String {
        day.to_owned()
    }
}
