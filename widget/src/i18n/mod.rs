//! What the widget says by itself, by language. The interview's own texts come from the server in its language.
//!
//! The texts are in `widget/locales`. English is part of the wasm; the others are files that `load` fetches.

use std::{cell::RefCell, ops::Deref, sync::LazyLock};

use crate::{error::Failure, state::Save, validate::Fault};

mod intl;
mod load;
mod plural;
mod texts;

pub use intl::has_decimal_comma;
pub use load::ready;
pub use plural::Plural;
pub use texts::Texts;

const COMPILED_ENGLISH: &str = include_str!("en.txt");

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| {
    let mut lines = COMPILED_ENGLISH.split('\n');
    lines.next();
    Texts::read("en", &mut lines)
});

thread_local! {
    static LOADED: RefCell<Vec<Text>> = const { RefCell::new(Vec::new()) };
}

/// The texts of one language.
#[derive(Debug, Clone, Copy)]
pub struct Text(&'static Texts);

impl Text {
    /// The texts for a language tag (BCP 47), English where there are none yet.
    pub fn of(language: &str) -> Self {
        loaded(&tag(language)).unwrap_or_else(|| Self(&ENGLISH))
    }

    /// Whether the texts for a language tag are here.
    pub fn is_known(language: &str) -> bool {
        let tag = tag(language);
        tag == ENGLISH.language || loaded(&tag).is_some()
    }

    /// A text with a number in it, in the form that this number asks for.
    pub fn count(self, plural: Plural, count: u32) -> String {
        let form = plural.form(&intl::category(self.language, count));
        fill(form, &intl::number(self.language, count))
    }

    /// How much time is left: `1:05` or `2:01:05`, and words.
    pub fn time_left(self, seconds: u32) -> String {
        let number = |number| intl::number(self.language, number);
        let two_digits = |part| if part < 10 { number(0) + &number(part) } else { number(part) };
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, two_digits(seconds % 60));
        let clock = match hours {
            0 => number(minutes),
            hours => number(hours) + ":" + &two_digits(minutes),
        };
        fill(self.time_left, &(clock + ":" + &seconds))
    }

    /// What is wrong with an answer.
    pub fn fault(self, fault: &Fault) -> String {
        match fault {
            Fault::Required => self.required.to_owned(),
            Fault::ChooseOne => self.choose_one.to_owned(),
            Fault::MustAgree => self.must_agree.to_owned(),
            Fault::NotANumber => self.not_a_number.to_owned(),
            Fault::NotAnEmail => self.not_an_email.to_owned(),
            Fault::NotADate => self.not_a_date.to_owned(),
            Fault::TooShort(limit) => self.count(self.too_short, *limit),
            Fault::TooLong(limit) => self.count(self.too_long, *limit),
            Fault::TooFew(limit) => self.count(self.too_few, *limit),
            Fault::TooMany(limit) => self.count(self.too_many, *limit),
            Fault::TooSmall(limit) => fill(self.too_small, &self.limit(limit)),
            Fault::TooLarge(limit) => fill(self.too_large, &self.limit(limit)),
            Fault::Uploading => String::new(),
            Fault::Server(message) => message.clone(),
        }
    }

    /// A number or a day, as it is written in this language.
    fn limit(self, limit: &str) -> String {
        // A number that has its fifth character a minus sign there is not; `2026-02-01` has.
        let is_day = limit.get(4..5) == Some("-");
        if is_day { intl::day(self.language, limit) } else { intl::decimal(self.language, limit) }
    }

    /// Title and text for a failure.
    pub fn failure(self, failure: Failure) -> (&'static str, &'static str) {
        match failure {
            Failure::InviteExpired => (self.invite_expired, self.invite_expired_text),
            Failure::InviteCancelled => (self.invite_cancelled, self.invite_cancelled_text),
            Failure::InviteCompleted => (self.invite_completed, self.invite_completed_text),
            Failure::CampaignPaused => (self.campaign_paused, self.campaign_paused_text),
            Failure::CampaignClosed => (self.campaign_closed, self.invite_cancelled_text),
            Failure::Unauthorized => (self.unauthorized, self.unauthorized_text),
            Failure::OriginRefused => (self.origin_refused, self.origin_refused_text),
            Failure::Unreachable | Failure::TokenUnavailable => (self.unreachable, self.unreachable_text),
            Failure::Unknown(_) => (self.unknown, self.unknown_text),
        }
    }

    /// How the answer is kept; empty when there is nothing to say.
    pub fn save(self, save: Save) -> &'static str {
        match save {
            Save::Idle => "",
            Save::Saved => self.saved,
            Save::Sending => self.sending,
            Save::OnDevice => self.saved_on_device,
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

/// Keeps what a file of texts holds; `false` when it is not one of this build.
///
/// It stays until the page goes: a language is a few kilobytes, and there are as many as a page has languages.
pub fn keep(language: &str, compiled: String) -> bool {
    let tag = tag(language);
    if compiled.split('\n').next() != COMPILED_ENGLISH.split('\n').next() || Text::is_known(&tag) {
        return false;
    }
    let mut lines = Box::leak(compiled.into_boxed_str()).split('\n');
    lines.next();
    let texts = Box::leak(Box::new(Texts::read(Box::leak(tag.into_boxed_str()), &mut lines)));
    LOADED.with_borrow_mut(|loaded| loaded.push(Text(texts)));
    true
}

/// Puts what varies into a text, for each `{}`.
pub fn fill(text: &str, value: &str) -> String {
    // By the brace alone: to search for more than a character is a kilobyte of code.
    text.split('{').map(|piece| piece.trim_start_matches('}')).collect::<Vec<_>>().join(value)
}

/// `rtl` for languages that are written from right to left, else `ltr`.
pub fn direction(language: &str) -> &'static str {
    match tag(language).as_str() {
        "ar" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi" => "rtl",
        _ => "ltr",
    }
}

fn loaded(tag: &str) -> Option<Text> {
    LOADED.with_borrow(|loaded| loaded.iter().find(|text| text.language == tag).copied())
}

/// What a language's file is called: the language without script and region, Hebrew by its present code.
fn tag(language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if primary == "iw" { "he".to_owned() } else { primary }
}

#[cfg(test)]
mod tests;
