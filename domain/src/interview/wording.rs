//! What can be said about a text without understanding it.

/// Words that carry no content in an answer: pronouns, fillers, and praise or doubt without an object.
#[rustfmt::skip]
const EMPTY_WORDS: &[&str] = &[
    // English
    "a", "about", "all", "also", "always", "am", "an", "and", "anything", "are", "as", "at", "bad", "be", "but", "can",
    "can't", "cannot", "cool", "could", "depends", "do", "does", "doesn't", "don't", "dont", "dunno", "everything",
    "fine", "for", "good", "great", "guess", "had", "has", "have", "i", "i'd", "i'm", "i've", "idea", "idk", "in",
    "interesting", "is", "isn't", "it", "it's", "its", "just", "kind", "know", "like", "lot", "lots", "many", "maybe",
    "me", "much", "my", "n/a", "nice", "no", "none", "normal", "not", "nothing", "of", "often", "ok", "okay", "on", "or",
    "perfect", "pretty", "probably", "quite", "really", "so", "some", "something", "sometimes", "sort", "stuff", "sure",
    "that", "that's", "the", "there", "they", "thing", "things", "think", "this", "to", "too", "usual", "very", "was",
    "we", "well", "were", "will", "with", "works", "would", "yeah", "yep", "yes", "you",
    // German
    "aber", "ahnung", "alles", "als", "auch", "auf", "bin", "bisschen", "da", "das", "dass", "der", "die", "doch",
    "eben", "egal", "eigentlich", "ein", "eine", "einfach", "er", "es", "etwas", "finde", "für", "ganz", "glaube", "gut",
    "gute", "habe", "halt", "hat", "ich", "im", "immer", "irgendwas", "irgendwie", "ist", "ja", "kann", "kein", "keine",
    "mal", "man", "manchmal", "mit", "nein", "nett", "nicht", "nichts", "nix", "oder", "oft", "schlecht", "schon",
    "schön", "sehr", "sie", "sind", "super", "toll", "und", "viel", "vielleicht", "war", "weil", "weiss", "weiß", "wie",
    "wir", "wohl", "zu",
];

/// Fewer words with content than this say too little to work with: `the search is slow` has two, `it takes minutes
/// to find a note` has three.
const CONTENT: usize = 3;

/// What has said nothing in its first two hundred words is not worth the time to look further.
const LOOKED_AT: usize = 200;

/// Whether a text says little: fewer than three words that are not among a list of empty ones (English and German).
pub(super) fn is_vague(text: &str) -> bool {
    words(text).take(LOOKED_AT).filter(|word| !is_empty_word(word)).take(CONTENT).count() < CONTENT
}

/// Whether a text has fewer words than `least`.
pub(super) fn has_fewer_words(text: &str, least: u32) -> bool {
    let least = usize::try_from(least).unwrap_or(usize::MAX);
    words(text).take(least).count() < least
}

/// What is between spaces and has a letter or digit, without the marks around it.
/// In scripts that are written without spaces each character counts as a word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|mark: char| !mark.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            let spaced = !word.contains(is_unspaced);
            let whole = spaced.then_some(word);
            let each = (!spaced).then(|| word.split_inclusive(is_unspaced));
            whole.into_iter().chain(each.into_iter().flatten())
        })
}

fn is_empty_word(word: &str) -> bool {
    let word = word.to_lowercase().replace('’', "'");
    EMPTY_WORDS.contains(&word.as_str())
}

/// Thai, Lao, Myanmar, Khmer, kana and Han. Source: Unicode 16 block names.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_a_person_would() {
        for (text, count) in [
            ("", 0),
            (" - … ", 0),
            ("One, two -- three!", 3),
            ("well-known isn't two", 3),
            ("検索が遅い", 5),
            ("Notion は遅い", 4),
        ] {
            assert_eq!(words(text).count(), count, "{text}");
            assert!(!has_fewer_words(text, count.try_into().unwrap()), "{text}");
            assert!(has_fewer_words(text, u32::try_from(count).unwrap() + 1), "{text}");
        }
    }

    #[test]
    fn a_vague_answer_has_fewer_than_three_words_with_content() {
        for text in [
            "",
            "ok",
            "It's good.",
            "I don’t know, really",
            "Not sure",
            "The search is slow",
            "Keine Ahnung",
            "ich finde es gut",
        ] {
            assert!(is_vague(text), "{text}");
        }
        for text in ["It takes minutes to find a note", "Ich suche meine Notizen täglich", "検索が遅い"]
        {
            assert!(!is_vague(text), "{text}");
        }
    }
}
