//! A text whose words depend on a number.

/// The forms of a text by plural category (CLDR), as widget/locales.mjs writes them: `one⇥…⇥other⇥…`, `other` last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plural(pub(super) &'static str);

impl Plural {
    /// The form for a category; the last one for a category that this language's file does not have.
    pub(super) fn form(self, category: &str) -> &'static str {
        let mut parts = self.0.split('\t');
        let mut last = "";
        while let (Some(name), Some(form)) = (parts.next(), parts.next()) {
            last = form;
            if name == category {
                break;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_chooses_the_form_and_other_is_for_all_the_rest() {
        let plural = Plural("one\ta file\tfew\t{} filos\tother\t{} files");
        assert_eq!(plural.form("one"), "a file");
        assert_eq!(plural.form("few"), "{} filos");
        assert_eq!(plural.form("other"), "{} files");
        assert_eq!(plural.form("many"), "{} files");
        assert_eq!(Plural("other\t{} 件").form("one"), "{} 件");
    }
}
