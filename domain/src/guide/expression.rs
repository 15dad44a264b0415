//! Expressions: typed trees, never source text.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A condition or a part of one.
///
/// In JSON `{"op":"eq","args":[{"q":"role"},{"lit":"designer"}]}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub enum Expression {
    /// An operator and what it is applied to.
    Apply {
        /// The operator.
        op: Operator,
        /// What it is applied to.
        args: Vec<Expression>,
    },
    /// The answer to a question.
    Question(String),
    /// A variable of the invite.
    Variable(String),
    /// A value: bool, number, text, or a list of numbers or texts.
    Literal(Value),
}

/// What can be done with values.
///
/// A comparison with something unanswered is false, except `ne`, which is then true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// All of one or more hold.
    And,
    /// At least one of one or more holds.
    Or,
    /// It does not hold.
    Not,
    /// Both are the same.
    Eq,
    /// They are not the same.
    Ne,
    /// Number or date: less.
    Lt,
    /// Number or date: less or the same.
    Le,
    /// Number or date: greater.
    Gt,
    /// Number or date: greater or the same.
    Ge,
    /// The first is in the second, a list.
    In,
    /// The first, a list, has the second; or the first, a text, has the second in it, in whatever case.
    Contains,
    /// The question was answered and not skipped; the variable was given.
    Answered,
    /// How many choices were made; 0 when unanswered.
    Count,
    /// How many characters a text has; 0 when unanswered.
    Len,
}

/// The JSON: exactly one of `op` with `args`, `q`, `var`, `lit`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<Operator>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    args: Option<Vec<Expression>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    var: Option<String>,
    // `null` is a literal too, and refused as such later; serde alone would take it for an absent member.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    lit: Option<Value>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl TryFrom<Raw> for Expression {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        match raw {
            Raw { op: Some(op), args: Some(args), q: None, var: None, lit: None } => {
                Ok(Self::Apply { op, args })
            }
            Raw { op: None, args: None, q: Some(id), var: None, lit: None } => Ok(Self::Question(id)),
            Raw { op: None, args: None, q: None, var: Some(id), lit: None } => Ok(Self::Variable(id)),
            Raw { op: None, args: None, q: None, var: None, lit: Some(value) } => Ok(Self::Literal(value)),
            _ => Err(
                "an expression is exactly one of {\"op\":…,\"args\":[…]}, {\"q\":…}, {\"var\":…}, {\"lit\":…}",
            ),
        }
    }
}

impl From<Expression> for Raw {
    fn from(expression: Expression) -> Self {
        let empty = Self { op: None, args: None, q: None, var: None, lit: None };
        match expression {
            Expression::Apply { op, args } => Self { op: Some(op), args: Some(args), ..empty },
            Expression::Question(id) => Self { q: Some(id), ..empty },
            Expression::Variable(id) => Self { var: Some(id), ..empty },
            Expression::Literal(value) => Self { lit: Some(value), ..empty },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_written_as_it_was_read() {
        let json = r#"{"op":"and","args":[{"op":"eq","args":[{"q":"role"},{"lit":"x"}]},{"op":"not","args":[{"var":"beta"}]}]}"#;
        let expression: Expression = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&expression).unwrap(), json);
    }

    #[test]
    fn what_is_no_expression_is_told_what_one_is() {
        for json in
            [r"{}", r#"{"q":"a","var":"b"}"#, r#"{"op":"and"}"#, r#"{"args":[]}"#, r#"{"q":"a","lit":null}"#]
        {
            let error = serde_json::from_str::<Expression>(json).unwrap_err().to_string();
            assert!(error.contains("exactly one of"), "{json}: {error}");
        }
        assert!(serde_json::from_str::<Expression>(r#"{"op":"regex","args":[]}"#).is_err());
    }
}
