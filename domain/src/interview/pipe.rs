//! Texts in the language of the interview, with earlier answers inserted.

use std::borrow::Cow;

use super::{Interview, readable, words};
use crate::guide::{LocalizedText, Piece, Source, pieces};

/// Characters of an answer that are inserted: it is quoted to remind, not to be read again.
const LONGEST_INSERTION: usize = 1_000;

/// Bytes that are inserted into one question, its help and its choices together. A question has up to 102 texts with
/// twenty insertions each, and is sent again and again.
const MOST_INSERTED: usize = 64 * 1_024;

/// How much more may be inserted.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    /// For all that belongs together.
    pub(super) const fn new() -> Self {
        Self(MOST_INSERTED)
    }

    /// The beginning of what there is no room for, with a mark that it goes on.
    fn shorten<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let end = text.char_indices().nth(LONGEST_INSERTION).map_or(text.len(), |(end, _)| end);
        let end = text.floor_char_boundary(end.min(self.0));
        self.0 -= end;
        if end == text.len() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
    }
}

impl Interview<'_> {
    /// The text, localized, with what is inserted; none where that is an answer that is still open.
    /// What was inserted is not looked at again.
    pub(super) fn text(&self, text: &LocalizedText) -> Option<String> {
        self.text_within(text, &mut Room::new())
    }

    /// The same for one of several texts that belong together.
    pub(super) fn text_within(&self, text: &LocalizedText, room: &mut Room) -> Option<String> {
        let (language, text) = text.resolve_with_language(self.facts.locale, self.facts.fallback_locale);
        let Ok(pieces) = pieces(text) else { return Some(text.to_owned()) };
        let mut whole = String::with_capacity(text.len());
        for piece in pieces {
            match piece {
                Piece::Plain(plain) => whole.push_str(plain),
                Piece::Piped { source: Source::Question(id), .. } if self.walk.known.is_open(id) => {
                    return None;
                }
                Piece::Piped { source, fallback } => match self.inserted(source, language) {
                    Some(inserted) => whole.push_str(&room.shorten(&inserted)),
                    None => whole.push_str(fallback),
                },
            }
        }
        Some(whole)
    }

    /// What a source gives to a text in `language`; none when it is unanswered.
    fn inserted(&self, source: Source<'_>, language: &str) -> Option<String> {
        let words = words::of(language);
        let text = match source {
            Source::Variable(id) => readable::scalar(self.walk.known.variable(id)?, words),
            Source::Question(id) => {
                let value = self.walk.known.answer(id)?;
                let number = self.guide.index().number(id)?;
                let question = self.guide.index().question(self.guide.guide(), number)?;
                let label = |id: &str| {
                    let choice = question.choices.iter().find(|choice| choice.id == id)?;
                    Some(choice.label.resolve(language, self.facts.fallback_locale).to_owned())
                };
                readable::readable(question.kind, value, label, words)
            }
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}
