//! Texts in several languages.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de};

/// A text by language (BCP 47). A plain string is read as a text for every language (`und`).
///
/// ```
/// let text: domain::guide::LocalizedText = serde_json::from_str(r#"{"en":"Hello","de":"Hallo"}"#)?;
/// assert_eq!(text.resolve("de-AT", "en"), "Hallo");
/// assert_eq!(text.resolve("fr", "en"), "Hello");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LocalizedText(BTreeMap<String, String>);

/// The tag of a text in no particular language (ISO 639-2 `und`, undetermined).
const EVERY_LANGUAGE: &str = "und";

impl LocalizedText {
    /// The text to show: for `locale`, else for its language, else the same for `fallback`, else that for
    /// every language, else English, else the first.
    ///
    /// Tags are compared without regard to case (RFC 5646 §2.1.1). Empty when there is no text at all.
    pub fn resolve(&self, locale: &str, fallback: &str) -> &str {
        self.choose(locale, fallback).map_or("", |(_, text)| text)
    }

    /// The same text, after the language of what is said within it: `locale` where the text is in its language or for
    /// every one, else the tag of the text.
    pub(crate) fn resolve_with_language<'t>(&'t self, locale: &'t str, fallback: &str) -> (&'t str, &'t str) {
        let (tag, text) = self.choose(locale, fallback).unwrap_or_default();
        let is_of_locale =
            ["", EVERY_LANGUAGE].contains(&tag) || language_of(tag).eq_ignore_ascii_case(language_of(locale));
        (if is_of_locale { locale } else { tag }, text)
    }

    /// The tag of the text to show, and the text.
    fn choose(&self, locale: &str, fallback: &str) -> Option<(&str, &str)> {
        self.nearest(locale)
            .or_else(|| self.nearest(fallback))
            .or_else(|| self.exactly(EVERY_LANGUAGE))
            .or_else(|| self.exactly("en"))
            .or_else(|| self.iter().next())
    }

    /// All texts with their languages.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(locale, text)| (locale.as_str(), text.as_str()))
    }

    /// The text of this locale, else of its language without a region, else of another region.
    fn nearest(&self, locale: &str) -> Option<(&str, &str)> {
        let language = language_of(locale);
        self.exactly(locale)
            .or_else(|| self.exactly(language))
            .or_else(|| self.iter().find(|(tag, _)| language_of(tag).eq_ignore_ascii_case(language)))
    }

    fn exactly(&self, locale: &str) -> Option<(&str, &str)> {
        match self.0.get_key_value(locale) {
            Some((tag, text)) => Some((tag, text)),
            None => self.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(locale)),
        }
    }
}

impl<S: Into<String>> FromIterator<(S, S)> for LocalizedText {
    fn from_iter<I: IntoIterator<Item = (S, S)>>(texts: I) -> Self {
        Self(texts.into_iter().map(|(locale, text)| (locale.into(), text.into())).collect())
    }
}

impl From<&str> for LocalizedText {
    fn from(text: &str) -> Self {
        Self::from_iter([(EVERY_LANGUAGE, text)])
    }
}

/// Reads a text that may be left out: `null` is not one.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LocalizedText>, D::Error> {
    LocalizedText::deserialize(deserializer).map(Some)
}

fn language_of(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

impl<'de> Deserialize<'de> for LocalizedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StringOrMap;

        impl<'de> de::Visitor<'de> for StringOrMap {
            type Value = LocalizedText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or an object of texts by language such as {\"en\":\"Hello\"}")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<LocalizedText, E> {
                Ok(LocalizedText::from(text))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<LocalizedText, A::Error> {
                BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map)).map(LocalizedText)
            }
        }

        deserializer.deserialize_any(StringOrMap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_nearest_to_the_locale() {
        let text =
            LocalizedText::from_iter([("de", "Hallo"), ("en", "Hello"), ("pt-BR", "Olá"), ("ru", "Привет")]);
        for (locale, fallback, expected) in [
            ("de", "en", "Hallo"),
            ("DE-at", "en", "Hallo"),
            ("pt-br", "en", "Olá"),
            ("pt", "en", "Olá"),
            ("fr", "ru", "Привет"),
            ("fr", "ru-UA", "Привет"),
            ("fr", "it", "Hello"),
        ] {
            assert_eq!(text.resolve(locale, fallback), expected, "{locale} or {fallback}");
        }
    }

    #[test]
    fn the_text_for_every_language_comes_before_one_of_another_language() {
        let text = LocalizedText::from_iter([("und", "Hello"), ("de", "Hallo"), ("en", "Hi")]);
        assert_eq!((text.resolve("fr", "it"), text.resolve("fr", "de")), ("Hello", "Hallo"));
    }

    #[test]
    fn without_english_the_first_text_is_better_than_none() {
        assert_eq!(LocalizedText::from_iter([("fi", "Hei"), ("sv", "Hej")]).resolve("fr", "it"), "Hei");
        assert_eq!(LocalizedText::default().resolve("fr", "it"), "");
    }

    #[test]
    fn a_plain_string_is_a_text_for_every_language() {
        let text: LocalizedText = serde_json::from_str("\"Hello\"").unwrap();
        assert_eq!(text.resolve("fr", "de"), "Hello");
        assert_eq!(serde_json::to_string(&text).unwrap(), r#"{"und":"Hello"}"#);
    }

    #[test]
    fn anything_else_is_told_what_it_should_be() {
        let error = serde_json::from_str::<LocalizedText>("7").unwrap_err().to_string();
        assert!(error.contains("an object of texts by language"), "{error}");
    }
}
