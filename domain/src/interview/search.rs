//! Words looked for in answers, whatever their case.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// What was found in which text. Each text is lower-cased once and looked through once for each word, however many
/// conditions ask: an answer has up to 100,000 characters, and a guide many conditions.
///
/// A text is known by its place in memory. All of them are in the guide or in the facts of one interview, and stay where
/// they are while it is looked at.
#[derive(Debug, Default)]
pub(super) struct Searches {
    lowered: RefCell<HashMap<Place, Rc<str>>>,
    found: RefCell<HashMap<(Place, Place), bool>>,
    /// Characters that were lower-cased or looked through, in bytes.
    #[cfg(test)]
    pub(super) work: std::cell::Cell<usize>,
}

/// Where a text begins, and how long it is.
type Place = (usize, usize);

impl Searches {
    /// Whether `part` occurs in `text`, in whatever case, also within a word: `price` in `Prices`.
    pub(super) fn has(&self, text: &str, part: &str) -> bool {
        let places = (place(text), place(part));
        if let Some(found) = self.found.borrow().get(&places) {
            return *found;
        }
        let (text, part) = (self.lowered(text), self.lowered(part));
        #[cfg(test)]
        self.work.set(self.work.get() + text.len());
        let found = text.contains(&*part);
        self.found.borrow_mut().insert(places, found);
        found
    }

    fn lowered(&self, text: &str) -> Rc<str> {
        let mut lowered = self.lowered.borrow_mut();
        let lowered = lowered.entry(place(text)).or_insert_with(|| {
            #[cfg(test)]
            self.work.set(self.work.get() + text.len());
            text.to_lowercase().into()
        });
        Rc::clone(lowered)
    }
}

fn place(text: &str) -> Place {
    (text.as_ptr().addr(), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_in_any_case_and_within_words() {
        let searches = Searches::default();
        assert!(searches.has("Die PREISE sind hoch", "preis"));
        assert!(searches.has("too Expensive for us", "too expensive"));
        assert!(!searches.has("cheap", "price"));
    }

    #[test]
    fn a_text_is_lower_cased_once_and_looked_through_once_for_each_word() {
        let searches = Searches::default();
        let text = "Prices ".repeat(100);
        for _ in 0..50 {
            assert!(searches.has(&text, "price") && !searches.has(&text, "team"));
        }
        assert_eq!(searches.work.get(), 3 * text.len() + "price".len() + "team".len());
    }
}
