//! A question as the participant sees it.

use serde::{Deserialize, Serialize};

/// What kind of answer a question takes. The value is what [`crate::session::PutAnswer::value`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Text to read; the value is `null`.
    Statement,
    /// A statement to agree to; the value is a bool.
    Consent,
    /// One line; the value is a string.
    ShortText,
    /// Several lines; the value is a string.
    LongText,
    /// An e-mail address; the value is a string.
    Email,
    /// The value is a bool.
    YesNo,
    /// The value is a choice id.
    SingleChoice,
    /// The value is a list of choice ids.
    MultiChoice,
    /// The value is a list of all choice ids, best first.
    Ranking,
    /// Whole numbers on a scale; the value is a number. 0 to 10 is the Net Promoter Score.
    Rating,
    /// The value is a number.
    Number,
    /// The value is `YYYY-MM-DD`.
    Date,
    /// The value is a list of upload ids.
    File,
    /// The value is an upload id.
    Audio,
    /// The value is an upload id.
    Video,
}

/// Limits on an answer. Absent means no limit, except where the kind has one by nature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validate {
    /// Fewest characters (Unicode scalar values) of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Most characters (Unicode scalar values) of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Smallest number, or earliest date.
    #[serde(skip_serializing_if = "Option::is_none", alias = "min")]
    pub min_value: Option<Bound>,
    /// Largest number, or latest date.
    #[serde(skip_serializing_if = "Option::is_none", alias = "max")]
    pub max_value: Option<Bound>,
    /// Fewest choices, or files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_choices: Option<u32>,
    /// Most choices, or files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_choices: Option<u32>,
    /// A regular expression (linear-time engine, no look-around) that the whole text must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Media types that an upload may have, such as `image/*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<String>,
    /// Largest upload, each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Longest recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duration_ms: Option<u64>,
}

/// An end of a range: a number, or a date for questions of kind `date`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// For `number` and `rating`.
    Number(f64),
    /// `YYYY-MM-DD`, for `date`.
    Date(String),
}

impl Bound {
    /// The number, when it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Date(_) => None,
        }
    }

    /// The date, when it is one.
    pub fn as_date(&self) -> Option<&str> {
        match self {
            Self::Date(date) => Some(date),
            Self::Number(_) => None,
        }
    }
}

/// A question, localized and with earlier answers piped in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionView {
    /// What the answer is put to; a probe has its own, such as `why~1`.
    pub id: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// The question.
    pub text: String,
    /// A line of help below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether it must be answered; if not, `null` skips it.
    pub required: bool,
    /// Limits on the answer.
    pub validate: Validate,
    /// For `single_choice`, `multi_choice` and `ranking`: what there is to choose from, in the order to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<ChoiceView>>,
    /// For a follow-up probe: the id of the question it asks more about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_of: Option<String>,
    /// How long the participant has, from when it is shown. What is answered later is taken all the same, with the
    /// `elapsed_ms` that tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_ms: Option<u64>,
    /// For `audio` and `video`: how the recording goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingView>,
}

/// How a recording goes. What is absent is not limited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordingView {
    /// How long the participant may think before it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub think_time_ms: Option<u64>,
    /// How often it may be done again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retakes: Option<u32>,
}

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceView {
    /// What the answer holds.
    pub id: String,
    /// What the participant reads.
    pub label: String,
}
