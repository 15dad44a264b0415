//! What the browser knows about languages, so that the widget need not bring it along: plural rules, numbers, units, days.
//!
//! A language is always [`super::Texts::language`]: a tag that is none would make the browser throw.

pub(super) use browser::{category, day, number};

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is read: `1,234`.
    Plain,
    /// As it can be typed into a field again: without signs between the thousands.
    Typed,
    /// With a unit of `Intl.NumberFormat`.
    Unit(&'static str),
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::{Array, Date, Function, Intl, Object, Reflect};
    use wasm_bindgen::JsValue;

    use super::Style;

    fn options<const N: usize>(pairs: [(&str, JsValue); N]) -> Object {
        let options = Object::new();
        for (name, value) in pairs {
            Reflect::set(&options, &name.into(), &value).ok();
        }
        options
    }

    fn locales(language: &str) -> Array {
        Array::of1(&language.into())
    }

    fn formatted(format: &Function, value: &JsValue) -> String {
        format.call1(&JsValue::NULL, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    pub(in super::super) fn category(language: &str, count: u32) -> String {
        Intl::PluralRules::new(&locales(language), &Object::new()).select(f64::from(count)).into()
    }

    pub(in super::super) fn number(language: &str, number: f64, style: Style) -> String {
        let options = match style {
            Style::Plain => Object::new(),
            Style::Typed => options([("useGrouping", false.into()), ("maximumFractionDigits", 20.into())]),
            Style::Unit(unit) => options([
                ("style", "unit".into()),
                ("unit", unit.into()),
                ("maximumFractionDigits", i32::from(number < 10.0).into()),
            ]),
        };
        formatted(&Intl::NumberFormat::new(&locales(language), &options).format(), &number.into())
    }

    pub(in super::super) fn day(language: &str, day: &str) -> String {
        // A day is the same one everywhere: read as midnight UTC, and written so.
        let options = options([("dateStyle", "long".into()), ("timeZone", "UTC".into())]);
        let format = Intl::DateTimeFormat::new(&locales(language), &options);
        formatted(&format.format(), &Date::new(&day.into()))
    }
}

/// The tests run where there is no browser: plain English.
#[cfg(not(target_arch = "wasm32"))]
mod browser {
    use super::Style;

    pub(in super::super) fn category(_language: &str, count: u32) -> String {
        if count == 1 { "one" } else { "other" }.to_owned()
    }

    pub(in super::super) fn number(_language: &str, number: f64, style: Style) -> String {
        match style {
            Style::Plain | Style::Typed => number.to_string(),
            Style::Unit(unit) => [number.to_string(), unit.to_owned()].join(" "),
        }
    }

    pub(in super::super) fn day(_language: &str, day: &str) -> String {
        day.to_owned()
    }
}
