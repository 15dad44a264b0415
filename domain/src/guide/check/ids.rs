//! Ids: well formed and given once.

use std::collections::HashSet;

use protocol::session::CONSENT_DECLINED;

use super::{Checker, Pointer};

/// Whether it is an ASCII letter followed by up to 63 ASCII letters, digits, `_` or `-`.
///
/// Never `~`, which sets probes apart (`why~1`).
pub(crate) fn is_id(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic()) && is_choice_id(id)
}

/// As [`is_id`], but may begin with any of them: `18-24` is a fine choice.
pub(super) fn is_choice_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

impl Checker<'_> {
    pub(super) fn ids(&mut self) {
        let guide = self.guide;
        let root = Pointer::root();
        let (consent, variables) = (root.key("consent"), root.key("variables"));
        let (blocks, ends) = (root.key("blocks"), root.key("ends"));
        self.set_of_ids(guide.consent.iter().map(|item| item.id.as_str()).zip(consent.items()));
        self.set_of_ids(guide.variables.iter().map(|variable| variable.id.as_str()).zip(variables.items()));
        self.set_of_ids(guide.blocks.iter().map(|block| block.id.as_str()).zip(blocks.items()));
        self.set_of_ids(guide.ends.iter().map(|end| end.id.as_str()).zip(ends.items()));
        let questions = guide.blocks.iter().zip(blocks.items()).flat_map(|(block, at)| {
            let at = at.key("questions");
            let places: Vec<_> = at.items().take(block.questions.len()).collect();
            block.questions.iter().map(|question| question.id.as_str()).zip(places)
        });
        self.set_of_ids(questions);

        if guide.ends.is_empty() {
            self.fault(&ends, "no_ends", "A guide has at least one end.");
        } else if guide.ends.first().is_some_and(|end| end.id == CONSENT_DECLINED) {
            let message = format!(
                "The first end is where the last block leads; {CONSENT_DECLINED} is kept for refused consent."
            );
            self.fault(&ends.index(0).key("id"), "reserved_id", message);
        }
    }

    fn set_of_ids<'a>(&mut self, ids: impl Iterator<Item = (&'a str, Pointer)>) {
        let mut seen = HashSet::new();
        for (id, at) in ids {
            if !is_id(id) {
                let message = "An id is a letter followed by up to 63 letters, digits, _ or - (ASCII).";
                self.fault(&at.key("id"), "bad_id", message);
            } else if !seen.insert(id) {
                self.fault(&at.key("id"), "duplicate_id", format!("There is another {id} before this one."));
            }
        }
    }

    pub(super) fn choice_ids(&mut self, choices: &[crate::guide::Choice], at: &Pointer) {
        let mut seen = HashSet::new();
        for (choice, at) in choices.iter().zip(at.items()) {
            if !is_choice_id(&choice.id) {
                let message = "The id of a choice has 1 to 64 letters, digits, _ or - (ASCII).";
                self.fault(&at.key("id"), "bad_id", message);
            } else if !seen.insert(choice.id.as_str()) {
                self.fault(
                    &at.key("id"),
                    "duplicate_id",
                    format!("There is another {} before this one.", choice.id),
                );
            }
        }
    }
}
