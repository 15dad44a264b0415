//! JSON pointers (RFC 6901), built on the way down.

/// Where in a document.
#[derive(Debug, Clone)]
pub(crate) struct Pointer(String);

impl Pointer {
    pub(crate) const fn root() -> Self {
        Self(String::new())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A member of an object. Source: RFC 6901 §3, `~` and `/` are escaped.
    pub(crate) fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    /// An item of a list.
    pub(crate) fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// All items of a list, without end.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'_> {
        (0..).map(|index| self.index(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_what_has_a_meaning_in_it() {
        assert_eq!(Pointer::root().as_str(), "");
        assert_eq!(Pointer::root().key("a/b~c").index(2).as_str(), "/a~1b~0c/2");
    }
}
