//! Texts: there, in known languages, and inserting only what is known by then.

use protocol::question::QuestionKind;

use super::{Checker, Horizon, Pointer, limits};
use crate::{
    fault::check_locale,
    guide::{LocalizedText, Piece, Question, Source, pieces},
};

impl<'g> Checker<'g> {
    pub(super) fn text(&mut self, text: &LocalizedText, at: &Pointer, longest: usize, horizon: Horizon) {
        let languages = text.iter().count();
        self.at_most(at, languages, limits::LANGUAGES);
        if languages == 0 {
            self.fault(at, "empty_text", "A text has at least one language, such as {\"en\":\"Hello\"}.");
        }
        for (locale, text) in text.iter() {
            let at = &at.key(locale);
            check_locale(&mut self.faults, at.as_str(), locale);
            if text.trim().is_empty() {
                self.fault(at, "empty_text", "A text has more in it than spaces.");
            } else if text.chars().count() > longest {
                self.fault(at, "too_long", format!("This text can have at most {longest} characters."));
            } else {
                self.insertions(text, at, horizon);
            }
        }
    }

    fn insertions(&mut self, text: &str, at: &Pointer, horizon: Horizon) {
        let pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err(range) => {
                let wrong: String = text.get(range).unwrap_or_default().chars().take(40).collect();
                let message = format!("{wrong} is not {{{{q.id|fallback}}}} or {{{{var.id|fallback}}}}.");
                return self.fault(at, "malformed_piping", message);
            }
        };
        let sources = pieces.iter().filter_map(|piece| match piece {
            Piece::Piped { source, .. } => Some(*source),
            Piece::Plain(_) => None,
        });
        self.at_most(at, sources.clone().count(), limits::INSERTIONS);
        for source in sources {
            match source {
                Source::Variable(id) if self.index.variable(self.guide, id).is_none() => {
                    self.fault(at, "unknown_variable", format!("There is no variable {id}."));
                }
                Source::Variable(_) => {}
                Source::Question(id) => {
                    if let Some(question) = self.readable(id, at, horizon) {
                        self.insertable(question, at);
                    }
                }
            }
        }
    }

    /// The question, when there is one and its answer can be known at this place.
    pub(super) fn readable(&mut self, id: &str, at: &Pointer, horizon: Horizon) -> Option<&'g Question> {
        let Some(number) = self.index.number(id) else {
            self.fault(at, "unknown_question", format!("There is no question {id}."));
            return None;
        };
        if !horizon.reaches(number) {
            let message =
                format!("The answer to {id} is not known here yet: it comes later, or may come later.");
            self.fault(at, "later_answer", message);
        }
        self.index.question(self.guide, number)
    }

    fn insertable(&mut self, question: &Question, at: &Pointer) {
        let id = &question.id;
        if matches!(
            question.kind,
            QuestionKind::Statement
                | QuestionKind::Consent
                | QuestionKind::File
                | QuestionKind::Audio
                | QuestionKind::Video
        ) {
            self.fault(
                at,
                "type_mismatch",
                format!("The answer to {id} has no text that could be inserted."),
            );
        }
        // Labels within labels could grow without bound.
        let mut labels = question.choices.iter().flat_map(|choice| choice.label.iter());
        if labels.any(|(_, label)| label.contains("{{")) {
            let message =
                format!("The choices of {id} insert something themselves, so its answer cannot be inserted.");
            self.fault(at, "nested_piping", message);
        }
    }
}
