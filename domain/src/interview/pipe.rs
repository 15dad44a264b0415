//! Texts in the language of the interview, with earlier answers inserted.

use std::borrow::Cow;

use super::{Interview, readable, words};
use crate::guide::{LocalizedText, Piece, Source, pieces};

/// Characters of an answer that are inserted: it is quoted to remind, not to be read again.
const LONGEST_INSERTION: usize = 1_000;

impl Interview<'_> {
    /// The text, localized, with what is inserted; none where that is an answer that is still open.
    /// What was inserted is not looked at again.
    pub(super) fn text(&self, text: &LocalizedText) -> Option<String> {
        let text = self.localized(text);
        let Ok(pieces) = pieces(text) else { return Some(text.to_owned()) };
        let mut whole = String::with_capacity(text.len());
        for piece in pieces {
            match piece {
                Piece::Plain(plain) => whole.push_str(plain),
                Piece::Piped { source: Source::Question(id), .. } if self.walk.known.is_open(id) => {
                    return None;
                }
                Piece::Piped { source, fallback } => match self.inserted(source) {
                    Some(inserted) => whole.push_str(&shortened(&inserted)),
                    None => whole.push_str(fallback),
                },
            }
        }
        Some(whole)
    }

    fn localized<'t>(&self, text: &'t LocalizedText) -> &'t str {
        text.resolve(self.facts.locale, self.facts.fallback_locale)
    }

    /// What a source gives; none when it is unanswered.
    fn inserted(&self, source: Source<'_>) -> Option<String> {
        let words = words::of(self.facts.locale);
        let text = match source {
            Source::Variable(id) => readable::scalar(self.walk.known.variable(id)?, words),
            Source::Question(id) => {
                let value = self.walk.known.answer(id)?;
                let number = self.guide.index().number(id)?;
                let question = self.guide.index().question(self.guide.guide(), number)?;
                let label = |id: &str| {
                    let choice = question.choices.iter().find(|choice| choice.id == id)?;
                    Some(self.localized(&choice.label).to_owned())
                };
                readable::readable(question.kind, value, label, words)
            }
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_INSERTION) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}
