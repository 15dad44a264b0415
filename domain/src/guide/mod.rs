//! Guides: what an author writes, and the proof that it is sound.
//!
//! [`Guide`] is the JSON of the author, read strictly (a misspelt member is an error) but not yet believed.
//! [`CheckedGuide::try_new`] believes it or lists every [`Fault`]; the interview engine takes nothing else.
//!
//! - `text`: texts by language · `question`, `expression`: their JSON · `template`: what `{{q.role|there}}` means
//! - `check`: one file per matter that can be wrong · `index`: ids resolved to places

mod check;
mod checked;
mod expression;
mod index;
mod question;
mod schema;
mod template;
mod text;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use self::{
    check::limits::LONGEST_ANSWER,
    index::{Index, QuestionNumber},
    template::{Piece, Source, pieces},
};
pub use self::{
    checked::{CheckedGuide, Declared},
    expression::{Expression, Operator},
    question::{Choice, FollowUp, ProbeRule, Question, Recording, When},
    schema::SCHEMA_JSON,
    text::LocalizedText,
};
pub use crate::fault::Fault;
use crate::interview::{effective_limits, is_date};

/// What an author writes. Its JSON is described by [`SCHEMA_JSON`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The version of this format; always 1.
    pub schema: u32,
    /// What the interview is called.
    pub title: LocalizedText,
    /// What is said before it begins.
    #[serde(default, deserialize_with = "text::present", skip_serializing_if = "Option::is_none")]
    pub intro: Option<LocalizedText>,
    /// What the participant is asked to agree to, before the first question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent: Vec<ConsentText>,
    /// What an invite may tell about the participant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable>,
    /// The questions, in the order they are asked unless a rule jumps.
    pub blocks: Vec<Block>,
    /// How it can end; the first is where the last block leads.
    pub ends: Vec<End>,
    /// How many questions the participant's device may be given in advance, so that the interview goes on without a
    /// connection; 0 to 20.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub offline_questions: u32,
    /// Whether the participant may change answers until the interview is over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_back: bool,
}

impl Guide {
    /// Lowers the limits of files and recordings to what a server takes, so that participants are told what is so.
    pub fn limit_uploads(&mut self, most_bytes: u64) {
        for question in self.blocks.iter_mut().flat_map(|block| &mut block.questions) {
            if let Some(bytes) = effective_limits(question).max_bytes {
                question.validate.max_bytes = Some(bytes.min(most_bytes));
            }
        }
    }
}

/// One thing to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// Its id.
    pub id: String,
    /// Which wording this is; raise it with every change of the text.
    pub version: u32,
    /// The wording.
    pub text: LocalizedText,
    /// Whether the interview ends when it is refused.
    #[serde(default = "yes")]
    pub required: bool,
}

/// Something an invite may tell about the participant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its id.
    pub id: String,
    /// What values it takes.
    #[serde(rename = "type")]
    pub kind: VariableType,
    /// The value where the invite gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// What values a variable takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableType {
    /// Text, up to 1,000 characters.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    #[serde(alias = "bool")]
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
}

impl VariableType {
    /// Whether a value is of this type.
    pub fn takes(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Date => value.as_str().is_some_and(is_date),
        }
    }
}

/// Questions that belong together, and where to go after them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Its id.
    pub id: String,
    /// When it is shown; absent means always. A block that is not shown does not evaluate `next` either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Expression>,
    /// Whether the questions keep the order in which they are written.
    #[serde(default)]
    pub order: Order,
    /// The questions.
    pub questions: Vec<Question>,
    /// Where to go afterwards: the first rule that holds; none means the next block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Rule>,
}

/// The order of the questions of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As written.
    #[default]
    Fixed,
    /// By the seed of the interview: another order for each, always the same for one.
    Shuffle,
}

/// Where to go after a block; has either `goto` or `end`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// When it holds; absent means always.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Expression>,
    /// The id of a later block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goto: Option<String>,
    /// The id of an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

/// An end of the interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Its id. [`protocol::session::CONSENT_DECLINED`] is what a refused consent says, and nothing else leads there.
    pub id: String,
    /// What to say.
    pub text: LocalizedText,
    /// Where to send the participant (http or https).
    #[serde(default)]
    pub redirect_url: Option<String>,
}

/// The default of members that are `true` unless said otherwise.
const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
