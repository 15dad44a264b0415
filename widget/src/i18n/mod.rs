//! What the widget says by itself, by language. The interview's own texts come from the server in its language.

use std::ops::Deref;

use crate::{error::Failure, state::Save, validate::Fault};

mod de;
mod en;

/// Every text of the widget. `{}` stands for the one thing that varies.
///
/// To add a language: copy `en.rs`, translate it, and list it in [`Text::of`].
#[expect(missing_docs, reason = "the names say it, and the texts are beside them")]
#[derive(Debug)]
pub struct Texts {
    pub language: &'static str,
    pub region: &'static str,
    pub loading: &'static str,
    pub progress: &'static str,
    pub go_on: &'static str,
    pub skip: &'static str,
    pub agree: &'static str,
    pub decline: &'static str,
    pub decline_question: &'static str,
    pub decline_confirm: &'static str,
    pub back: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub i_agree: &'static str,
    pub i_disagree: &'static str,
    pub optional: &'static str,
    pub choose_several: &'static str,
    pub rank: &'static str,
    pub move_up: &'static str,
    pub move_down: &'static str,
    pub rank_place: &'static str,
    pub long_text_keys: &'static str,
    pub saved: &'static str,
    pub sending: &'static str,
    pub not_saved: &'static str,
    pub refused: &'static str,
    pub retry: &'static str,
    pub answered_elsewhere: &'static str,
    pub paused: &'static str,
    pub paused_text: &'static str,
    pub the_end: &'static str,
    pub redirect: &'static str,
    pub go_now: &'static str,
    pub stay: &'static str,
    pub unsupported: &'static str,
    pub required: &'static str,
    pub choose_one: &'static str,
    pub must_agree: &'static str,
    pub too_short: &'static str,
    pub too_long: &'static str,
    pub not_a_number: &'static str,
    pub not_an_email: &'static str,
    pub not_a_date: &'static str,
    pub too_small: &'static str,
    pub too_large: &'static str,
    pub too_few: &'static str,
    pub too_many: &'static str,
    pub try_again: &'static str,
    pub failures: [(&'static str, &'static str); 8],
}

/// The texts of one language.
#[derive(Debug, Clone, Copy)]
pub struct Text(&'static Texts);

impl Text {
    /// The texts for a language tag (BCP 47), English where there are none.
    pub fn of(language: &str) -> Self {
        let primary = primary(language);
        Self([&de::TEXTS].into_iter().find(|texts| texts.language == primary).unwrap_or(&en::TEXTS))
    }

    /// What is wrong with an answer.
    pub fn fault(self, fault: &Fault) -> String {
        let count = |text: &str, count: u32| fill(text, &count.to_string());
        match fault {
            Fault::Required => self.required.to_owned(),
            Fault::ChooseOne => self.choose_one.to_owned(),
            Fault::MustAgree => self.must_agree.to_owned(),
            Fault::NotANumber => self.not_a_number.to_owned(),
            Fault::NotAnEmail => self.not_an_email.to_owned(),
            Fault::NotADate => self.not_a_date.to_owned(),
            Fault::TooShort(limit) => count(self.too_short, *limit),
            Fault::TooLong(limit) => count(self.too_long, *limit),
            Fault::TooFew(limit) => count(self.too_few, *limit),
            Fault::TooMany(limit) => count(self.too_many, *limit),
            Fault::TooSmall(limit) => fill(self.too_small, limit),
            Fault::TooLarge(limit) => fill(self.too_large, limit),
            Fault::Uploading => String::new(),
            Fault::Server(message) => message.clone(),
        }
    }

    /// Title and text for a failure.
    pub fn failure(self, failure: Failure) -> (&'static str, &'static str) {
        self.failures[match failure {
            Failure::InviteExpired => 0,
            Failure::InviteCancelled => 1,
            Failure::InviteCompleted => 2,
            Failure::CampaignPaused => 3,
            Failure::Unauthorized => 4,
            Failure::OriginRefused => 5,
            Failure::Unreachable => 6,
            Failure::Unknown(_) => 7,
        }]
    }

    /// How the answer is kept; empty when there is nothing to say.
    pub fn save(self, save: Save) -> &'static str {
        match save {
            Save::Idle => "",
            Save::Saved => self.saved,
            Save::Sending => self.sending,
            Save::Retrying => self.not_saved,
            Save::Refused => self.refused,
        }
    }
}

impl Deref for Text {
    type Target = Texts;
    fn deref(&self) -> &Texts {
        self.0
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// Puts what varies into a text.
pub fn fill(text: &str, value: &str) -> String {
    text.replace("{}", value)
}

/// `rtl` for languages that are written from right to left, else `ltr`.
pub fn direction(language: &str) -> &'static str {
    match primary(language).as_str() {
        "ar" | "fa" | "he" | "ur" => "rtl",
        _ => "ltr",
    }
}

fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_language_decides() {
        assert_eq!(Text::of("de-AT").go_on, de::TEXTS.go_on);
        assert_eq!(Text::of("DE").go_on, de::TEXTS.go_on);
        assert_eq!(Text::of("xx").go_on, en::TEXTS.go_on);
        assert_eq!(direction("ar-EG"), "rtl");
        assert_eq!(direction("en"), "ltr");
    }

    #[test]
    fn what_varies_is_put_in() {
        assert_eq!(Text::of("en").fault(&Fault::TooLong(20)), "Please keep it to 20 characters or fewer.");
    }
}
