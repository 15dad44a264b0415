//! Each test has a thread, and so a page, of its own.

use super::*;

/// A file that has this text for every message.
fn compiled(text: &str) -> String {
    let mut lines = COMPILED_ENGLISH.split('\n');
    let stamp = lines.next().unwrap_or_default();
    lines.fold(stamp.to_owned(), |file, _| [file.as_str(), text].join("\n"))
}

#[test]
fn a_language_is_english_until_its_file_is_there() {
    assert_eq!(Text::of("de-AT").go_on, "Continue");
    assert!(!Text::is_known("de-AT"));
    assert!(keep("de", compiled("etwas")));
    for language in ["de", "de-AT", "DE", "de_CH"] {
        assert_eq!((Text::of(language).go_on, Text::is_known(language)), ("etwas", true), "{language}");
    }
    assert_eq!(Text::of("xx").go_on, "Continue");
    assert!(Text::of("de") != Text::of("en"));
}

#[test]
fn regions_scripts_and_old_codes_lead_to_the_file_of_the_language() {
    let table =
        [("pt-BR", "pt"), ("zh-Hans", "zh"), ("zh-CN", "zh"), ("zh-TW", "zh"), ("iw", "he"), ("iw-IL", "he")];
    for (language, file) in table {
        assert_eq!(tag(language), file, "{language}");
    }
}

#[test]
fn a_file_of_another_version_is_not_read() {
    assert!(!keep("fr", "00000000\nEntretien\nFermer".to_owned()));
    assert!(!keep("fr", String::new()));
    assert_eq!(Text::of("fr").go_on, "Continue");
}

#[test]
fn a_second_file_for_a_language_changes_nothing() {
    assert!(keep("es", compiled("uno")));
    let before = Text::of("es");
    assert!(!keep("es", compiled("dos")));
    assert!(!keep("en", compiled("three")));
    assert!(Text::of("es") == before);
    assert_eq!(Text::of("en").go_on, "Continue");
}

#[test]
fn every_line_of_the_file_is_read() {
    let english = Text::of("en");
    assert_eq!(english.region, "Interview");
    assert_eq!(english.unknown_text, "Please try again. Answers that were saved are safe.");
}

#[test]
fn what_varies_is_put_in() {
    let text = Text::of("en");
    assert_eq!(text.fault(&Fault::TooLong(20)), "Please keep it to 20 characters or fewer.");
    assert_eq!(text.fault(&Fault::TooLarge("2.5".to_owned())), "The most possible is 2.5.");
    assert_eq!(text.fault(&Fault::TooSmall("2026-02-01".to_owned())), "The least possible is 2026-02-01.");
}

#[test]
fn a_number_chooses_its_form() {
    let text = Text::of("en");
    assert_eq!(text.fault(&Fault::TooShort(1)), "Please write at least one character.");
    assert_eq!(text.fault(&Fault::TooShort(2)), "Please write at least 2 characters.");
    assert_eq!(text.count(text.too_few, 1), "Please choose at least one.");
    assert_eq!(text.count(text.too_few, 3), "Please choose at least 3.");
}

#[test]
fn arabic_and_hebrew_are_written_from_right_to_left() {
    assert_eq!(["ar-EG", "he", "iw", "en", "ja"].map(direction), ["rtl", "rtl", "rtl", "ltr", "ltr"]);
    assert_eq!(["ps", "ckb-IQ", "ug"].map(direction), ["rtl"; 3]);
}
