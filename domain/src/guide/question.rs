//! Questions and their follow-ups, as the author writes them.

use protocol::question::{Bound, QuestionKind, RecordingView, Validate};
use serde::{Deserialize, Serialize};

use super::{Expression, LocalizedText};

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id, unique in the whole guide.
    pub id: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// The question.
    pub text: LocalizedText,
    /// A line of help below it.
    #[serde(default, deserialize_with = "super::text::present", skip_serializing_if = "Option::is_none")]
    pub help: Option<LocalizedText>,
    /// Whether it must be answered; means nothing for a statement.
    #[serde(default = "super::yes")]
    pub required: bool,
    /// When it is asked; absent means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Expression>,
    /// Limits on the answer.
    #[serde(default, with = "StrictValidate", skip_serializing_if = "is_default")]
    pub validate: Validate,
    /// For `single_choice`, `multi_choice` and `ranking`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// What to ask when the answer leaves something open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// How long the participant has, from when it is shown. It is counted down on the screen; a later answer is taken all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_ms: Option<u64>,
    /// For `audio` and `video`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
}

/// How a recording goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recording {
    /// How long the participant may think before it begins; absent means that it begins when they want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub think_time_ms: Option<u64>,
    /// How often it may be done again; absent means as often as they want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retakes: Option<u32>,
}

impl Recording {
    /// As the participant sees it.
    pub const fn view(self) -> RecordingView {
        RecordingView { think_time_ms: self.think_time_ms, max_retakes: self.max_retakes }
    }
}

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What the answer holds.
    pub id: String,
    /// What the participant reads.
    pub label: LocalizedText,
}

/// What to ask when an answer leaves something open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// How many probes there can be in a row, 0 to 5.
    pub max_depth: u32,
    /// The first rule that matches and has a probe left is the one that asks.
    pub rules: Vec<ProbeRule>,
}

/// What to ask in which case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeRule {
    /// The case.
    pub when: When,
    /// What can be asked; the seed of the interview chooses, and none is asked twice.
    pub probes: Vec<LocalizedText>,
}

/// A case in which to ask more. Every condition that is given has to hold; none at all always holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// The latest answer (to the question or to its last probe) has fewer words than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_words: Option<u32>,
    /// The latest answer is vague (`true`), or is not (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vague: Option<bool>,
    /// At least one of these is mentioned neither in the answer nor in those to its probes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_topics: Vec<String>,
    /// The latest answer contains at least one of these, in whatever case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contains_any: Vec<String>,
    /// This holds; it may read the question's own answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Expression>,
}

/// Reads [`Validate`] without forgiving a misspelt member: the widget has to bear newer servers, an author has not.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Validate", deny_unknown_fields)]
struct StrictValidate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "min")]
    min_value: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "max")]
    max_value: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_choices: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_choices: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accept: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_duration_ms: Option<u64>,
}

fn is_default(validate: &Validate) -> bool {
    *validate == Validate::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_member_is_an_error_at_every_level() {
        for json in [
            r#"{"id":"a","kind":"short_text","text":"?","requierd":true}"#,
            r#"{"id":"a","kind":"short_text","text":"?","validate":{"max_lenght":3}}"#,
            r#"{"id":"a","kind":"audio","text":"?","recording":{"retakes":3}}"#,
            r#"{"id":"a","kind":"short_text","text":"?","choices":[{"id":"x","label":"X","colour":"red"}]}"#,
            r#"{"id":"a","kind":"short_text","text":"?","follow_up":{"max_depth":1,"rules":[{"when":{"min_wrods":3},"probes":[]}]}}"#,
        ] {
            let error = serde_json::from_str::<Question>(json).unwrap_err().to_string();
            assert!(error.contains("unknown field"), "{json}: {error}");
        }
    }

    #[test]
    fn a_question_must_be_answered_unless_it_says_otherwise() {
        let question: Question = serde_json::from_str(r#"{"id":"a","kind":"number","text":"?"}"#).unwrap();
        assert!(question.required);
    }
}
