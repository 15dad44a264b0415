//! What every field for an answer has in common.

use std::rc::Rc;

use protocol::question::QuestionView;
use web_sys::MouseEvent;
use yew::prelude::*;

use crate::{i18n::Text, input::Input, state::Action};

/// What a field needs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FieldProps {
    /// The question.
    pub(crate) question: Rc<QuestionView>,
    /// What is typed or chosen.
    pub(crate) input: Input,
    /// Whether to point at it.
    pub(crate) is_invalid: bool,
    /// Whether an answer is on its way, so that nothing may change.
    pub(crate) is_locked: bool,
    /// The choice of a ranking that was moved last, and whether up.
    pub(crate) moved: Option<(String, bool)>,
    /// The widget's own texts.
    pub(crate) text: Text,
    /// Told what the person does.
    pub(crate) on: Callback<Action>,
}

impl FieldProps {
    /// The ids of what describes the field: the help and the message below it.
    pub(crate) fn described_by(&self) -> &'static str {
        if self.is_invalid { "help error" } else { "help" }
    }

    /// `true` or nothing, for `aria-invalid`.
    pub(crate) fn invalid(&self) -> Option<&'static str> {
        self.is_invalid.then_some("true")
    }

    /// Tells what the field holds now.
    pub(crate) fn edit(&self, input: Input) {
        self.on.emit(Action::Edited(input));
    }

    /// Keeps radio buttons and checkboxes as they are while an answer is on its way. Disabling them would lose focus.
    pub(crate) fn guard(&self) -> Callback<MouseEvent> {
        let is_locked = self.is_locked;
        Callback::from(move |event: MouseEvent| {
            if is_locked {
                event.prevent_default();
            }
        })
    }
}
