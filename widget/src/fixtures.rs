//! Things that several tests need.

use protocol::question::{ChoiceView, QuestionKind, QuestionView, Validate};

/// A required question of this kind, with the choices `a`, `b` and `c`.
pub(crate) fn question(kind: QuestionKind) -> QuestionView {
    let choice = |id: &str| ChoiceView { id: id.to_owned(), label: id.to_uppercase() };
    QuestionView {
        id: "q1".to_owned(),
        kind,
        text: "How was it?".to_owned(),
        help: None,
        required: true,
        validate: Validate::default(),
        choices: Some(vec![choice("a"), choice("b"), choice("c")]),
        probe_of: None,
        time_limit_ms: None,
        recording: None,
    }
}
