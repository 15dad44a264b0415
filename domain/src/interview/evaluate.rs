//! Conditions over what is known.

use serde_json::Value;

use super::known::{Known, Undecided};
use crate::guide::{Expression, Operator};

/// A value in a condition.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Datum<'a> {
    Bool(bool),
    Number(f64),
    /// Also a date, whose order is that of its text, or the id of a choice.
    Text(&'a str),
    List(&'a [Value]),
}

impl<'a> Datum<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Bool(bool) => Some(Self::Bool(*bool)),
            Value::Number(number) => number.as_f64().map(Self::Number),
            Value::String(text) => Some(Self::Text(text)),
            Value::Array(items) => Some(Self::List(items)),
            Value::Null | Value::Object(_) => None,
        }
    }
}

impl Known<'_> {
    /// Whether an optional condition holds; none always does. One that names an open answer is undecided, also
    /// where the rest of it would decide.
    pub(super) fn allows(&self, condition: Option<&Expression>) -> Result<bool, Undecided> {
        let Some(condition) = condition else { return Ok(true) };
        if self.names_open(condition) { Err(Undecided) } else { Ok(self.holds(condition)) }
    }

    fn names_open(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Question(id) => self.is_open(id),
            Expression::Variable(_) | Expression::Literal(_) => false,
            Expression::Apply { args, .. } => args.iter().any(|arg| self.names_open(arg)),
        }
    }

    /// Whether a condition holds. What is unanswered is not true.
    fn holds(&self, condition: &Expression) -> bool {
        self.evaluate(condition) == Some(Datum::Bool(true))
    }

    /// The value of an expression; none when it is unanswered.
    fn evaluate<'e>(&'e self, expression: &'e Expression) -> Option<Datum<'e>> {
        match expression {
            Expression::Question(id) => self.answer(id).and_then(Datum::of),
            Expression::Variable(id) => self.variable(id).and_then(Datum::of),
            Expression::Literal(value) => Datum::of(value),
            Expression::Apply { op, args } => Some(self.apply(*op, args)),
        }
    }

    fn apply<'e>(&'e self, op: Operator, args: &'e [Expression]) -> Datum<'e> {
        let arg = |position: usize| args.get(position).and_then(|arg| self.evaluate(arg));
        let compare = |holds: fn(std::cmp::Ordering) -> bool| match (arg(0), arg(1)) {
            (Some(Datum::Number(left)), Some(Datum::Number(right))) => {
                left.partial_cmp(&right).is_some_and(holds)
            }
            (Some(Datum::Text(left)), Some(Datum::Text(right))) => holds(left.cmp(right)),
            _ => false,
        };
        let holds = match op {
            Operator::And => args.iter().all(|arg| self.holds(arg)),
            Operator::Or => args.iter().any(|arg| self.holds(arg)),
            Operator::Not => !args.first().is_some_and(|arg| self.holds(arg)),
            Operator::Eq => arg(0).is_some() && arg(0) == arg(1),
            Operator::Ne => arg(0).is_none() || arg(0) != arg(1),
            Operator::Lt => compare(std::cmp::Ordering::is_lt),
            Operator::Le => compare(std::cmp::Ordering::is_le),
            Operator::Gt => compare(std::cmp::Ordering::is_gt),
            Operator::Ge => compare(std::cmp::Ordering::is_ge),
            Operator::In => self.has(arg(1), arg(0)),
            Operator::Contains => self.has(arg(0), arg(1)),
            Operator::Answered => arg(0).is_some(),
            Operator::Count => {
                let count = if let Some(Datum::List(items)) = arg(0) { items.len() } else { 0 };
                return Datum::Number(as_number(count));
            }
            Operator::Len => {
                let length = if let Some(Datum::Text(text)) = arg(0) { text.chars().count() } else { 0 };
                return Datum::Number(as_number(length));
            }
        };
        Datum::Bool(holds)
    }

    fn has(&self, whole: Option<Datum<'_>>, part: Option<Datum<'_>>) -> bool {
        match (whole, part) {
            (Some(Datum::List(items)), Some(part)) => items.iter().any(|item| Datum::of(item) == Some(part)),
            (Some(Datum::Text(text)), Some(Datum::Text(part))) => self.searches.has(text, part),
            _ => false,
        }
    }
}

fn as_number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
