//! Expressions: of bounded size, over what is known at their place, and of matching types.

use protocol::question::QuestionKind;
use serde_json::Value;

use super::{Checker, Horizon, Pointer, limits};
use crate::{
    guide::{Expression, Operator, Question, VariableType},
    interview::is_date,
};

/// What an expression gives.
#[derive(Debug, Clone, Copy)]
enum Type<'g> {
    Bool,
    Number,
    Text,
    Date,
    /// One of the choices of a question.
    Choice(&'g Question),
    /// Several of the choices of a question.
    Choices(&'g Question),
    /// Also a date or a choice, if it looks like one.
    LiteralText(&'g str),
    LiteralList(&'g [Value]),
    /// Several files; there is nothing to compare them with, but they can be counted.
    Files,
    /// One recording.
    Recording,
    /// There is a fault in it; one is enough.
    Unknown,
}

impl<'g> Checker<'g> {
    /// An expression that has to be true or false.
    pub(super) fn condition(&mut self, expression: &'g Expression, at: &Pointer, horizon: Horizon) {
        let mut nodes = 0;
        if !is_shallow(expression, limits::EXPRESSION_DEPTH, &mut nodes) {
            let message = format!("An expression is at most {} levels deep.", limits::EXPRESSION_DEPTH);
            return self.fault(at, "expression_too_deep", message);
        }
        if nodes > limits::EXPRESSION_NODES {
            let message = format!("An expression has at most {} parts.", limits::EXPRESSION_NODES);
            return self.fault(at, "expression_too_large", message);
        }
        let found = self.type_of(expression, at, horizon);
        self.expect_bool(found, at);
    }

    fn type_of(&mut self, expression: &'g Expression, at: &Pointer, horizon: Horizon) -> Type<'g> {
        match expression {
            Expression::Question(id) => match self.readable(id, &at.key("q"), horizon) {
                Some(question) => self.type_of_answer(question, &at.key("q")),
                None => Type::Unknown,
            },
            Expression::Variable(id) => {
                match self.index.variable(self.guide, id).map(|variable| variable.kind) {
                    Some(VariableType::String) => Type::Text,
                    Some(VariableType::Number) => Type::Number,
                    Some(VariableType::Boolean) => Type::Bool,
                    Some(VariableType::Date) => Type::Date,
                    None => {
                        self.fault(&at.key("var"), "unknown_variable", format!("There is no variable {id}."));
                        Type::Unknown
                    }
                }
            }
            Expression::Literal(value) => self.type_of_literal(value, &at.key("lit")),
            Expression::Apply { op, args } => self.type_of_application(*op, args, at, horizon),
        }
    }

    fn type_of_answer(&mut self, question: &'g Question, at: &Pointer) -> Type<'g> {
        match question.kind {
            QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Email => Type::Text,
            QuestionKind::YesNo | QuestionKind::Consent => Type::Bool,
            QuestionKind::Rating | QuestionKind::Number => Type::Number,
            QuestionKind::Date => Type::Date,
            QuestionKind::SingleChoice => Type::Choice(question),
            QuestionKind::MultiChoice | QuestionKind::Ranking => Type::Choices(question),
            QuestionKind::Statement => {
                self.fault(at, "type_mismatch", "A statement has no answer.");
                Type::Unknown
            }
            QuestionKind::File => Type::Files,
            QuestionKind::Audio | QuestionKind::Video => Type::Recording,
        }
    }

    fn type_of_literal(&mut self, value: &'g Value, at: &Pointer) -> Type<'g> {
        match value {
            Value::Bool(_) => Type::Bool,
            Value::Number(_) => Type::Number,
            Value::String(text) => Type::LiteralText(text),
            Value::Array(items)
                if items.iter().all(Value::is_string) || items.iter().all(Value::is_number) =>
            {
                Type::LiteralList(items)
            }
            _ => {
                self.fault(
                    at,
                    "type_mismatch",
                    "A literal is a bool, a number, a text, or a list of numbers or of texts.",
                );
                Type::Unknown
            }
        }
    }

    fn type_of_application(
        &mut self,
        op: Operator,
        args: &'g [Expression],
        at: &Pointer,
        horizon: Horizon,
    ) -> Type<'g> {
        let at_args = at.key("args");
        let types: Vec<(Type<'g>, Pointer)> =
            args.iter().zip(at_args.items()).map(|(arg, at)| (self.type_of(arg, &at, horizon), at)).collect();
        match (op, types.as_slice()) {
            (Operator::And | Operator::Or, [_, ..]) | (Operator::Not, [_]) => {
                for (found, at) in &types {
                    self.expect_bool(*found, at);
                }
            }
            (Operator::Eq | Operator::Ne, [left, right]) => self.same(left, right),
            (Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge, [left, right]) => {
                self.ordered(left, right);
            }
            (Operator::In, [item, list]) => self.member(item, list),
            (Operator::Contains, [whole, part]) => self.contained(whole, part),
            (Operator::Answered, [(_, at)]) => {
                if !matches!(args, [Expression::Question(_) | Expression::Variable(_)]) {
                    self.fault(at, "type_mismatch", "answered asks about a question or a variable.");
                }
            }
            (Operator::Count, [(found, at)]) => {
                if !matches!(found, Type::Choices(_) | Type::Files | Type::Unknown) {
                    self.fault(
                        at,
                        "type_mismatch",
                        "count takes the answer to a multi_choice, ranking or file question.",
                    );
                }
                return Type::Number;
            }
            (Operator::Len, [(found, at)]) => {
                if !matches!(found, Type::Text | Type::LiteralText(_) | Type::Unknown) {
                    self.fault(at, "type_mismatch", "len takes a text.");
                }
                return Type::Number;
            }
            _ => {
                let expected = match op {
                    Operator::And | Operator::Or => "one or more",
                    Operator::Not | Operator::Answered | Operator::Count | Operator::Len => "exactly one",
                    _ => "exactly two",
                };
                self.fault(&at_args, "wrong_args", format!("This operator takes {expected}."));
                return Type::Unknown;
            }
        }
        Type::Bool
    }

    fn expect_bool(&mut self, found: Type<'_>, at: &Pointer) {
        let message = match found {
            Type::Bool | Type::Unknown => return,
            Type::Files | Type::Recording => "Of a file or a recording one can ask whether it was answered.",
            _ => "This has to be true or false: compare it with something.",
        };
        self.fault(at, "type_mismatch", message);
    }

    fn same(&mut self, left: &(Type<'_>, Pointer), right: &(Type<'_>, Pointer)) {
        use Type::{Bool, Choice, Date, LiteralText, Number, Text, Unknown};
        match (left.0, right.0) {
            (Date, LiteralText(text)) => self.literal_date(text, &right.1),
            (LiteralText(text), Date) => self.literal_date(text, &left.1),
            (Choice(question), LiteralText(text)) => self.literal_choice(question, text, &right.1.key("lit")),
            (LiteralText(text), Choice(question)) => self.literal_choice(question, text, &left.1.key("lit")),
            (Unknown, _)
            | (_, Unknown)
            | (Bool, Bool)
            | (Number, Number)
            | (Date, Date)
            | (Text | LiteralText(_) | Choice(_), Text | LiteralText(_) | Choice(_)) => {}
            _ => self.fault(
                &right.1,
                "type_mismatch",
                "Both sides have to be of the same type; for lists use contains.",
            ),
        }
    }

    fn ordered(&mut self, left: &(Type<'_>, Pointer), right: &(Type<'_>, Pointer)) {
        use Type::{Date, LiteralText, Number, Unknown};
        match (left.0, right.0) {
            (Unknown, _) | (_, Unknown) | (Number, Number) | (Date, Date) => {}
            (Date, LiteralText(text)) => self.literal_date(text, &right.1),
            (LiteralText(text), Date) => self.literal_date(text, &left.1),
            _ => {
                self.fault(
                    &right.1,
                    "type_mismatch",
                    "Only two numbers or two dates can be less or greater.",
                );
            }
        }
    }

    fn member(&mut self, item: &(Type<'_>, Pointer), list: &(Type<'_>, Pointer)) {
        use Type::{Choice, Choices, Date, LiteralList, LiteralText, Number, Text, Unknown};
        match (item.0, list.0) {
            (Unknown, _) | (_, Unknown) => {}
            (_, Choices(_)) => self.contained(list, item),
            (Number, LiteralList(items)) if items.iter().all(Value::is_number) => {}
            (Text | LiteralText(_) | Choice(_) | Date, LiteralList(items))
                if items.iter().all(Value::is_string) =>
            {
                for (text, at) in items.iter().filter_map(Value::as_str).zip(list.1.key("lit").items()) {
                    match item.0 {
                        Choice(question) => self.literal_choice(question, text, &at),
                        Date if !is_date(text) => {
                            self.fault(&at, "invalid_date", "This is not a date such as 2026-01-31.");
                        }
                        _ => {}
                    }
                }
            }
            _ => self.fault(
                &list.1,
                "type_mismatch",
                "in takes a value and a list of values of the same type.",
            ),
        }
    }

    fn contained(&mut self, whole: &(Type<'_>, Pointer), part: &(Type<'_>, Pointer)) {
        use Type::{Choice, Choices, LiteralText, Text, Unknown};
        match (whole.0, part.0) {
            (Choices(question), LiteralText(text)) => self.literal_choice(question, text, &part.1.key("lit")),
            (Unknown, _)
            | (_, Unknown)
            | (Choices(_), Text | Choice(_))
            | (Text | LiteralText(_), Text | LiteralText(_)) => {}
            _ => {
                let message = "contains takes a list of choices and a choice, or two texts; for a list of literals use in.";
                self.fault(&part.1, "type_mismatch", message);
            }
        }
    }

    fn literal_date(&mut self, text: &str, at: &Pointer) {
        if !is_date(text) {
            self.fault(&at.key("lit"), "invalid_date", "This is not a date such as 2026-01-31.");
        }
    }

    fn literal_choice(&mut self, question: &Question, id: &str, at: &Pointer) {
        if !question.choices.iter().any(|choice| choice.id == id) {
            self.fault(at, "unknown_choice", format!("{} has no choice {id}.", question.id));
        }
    }
}

/// Whether it is at most `depth` levels deep; adds its parts to `nodes`.
fn is_shallow(expression: &Expression, depth: usize, nodes: &mut usize) -> bool {
    *nodes += 1;
    match expression {
        _ if depth == 0 => false,
        Expression::Apply { args, .. } => args.iter().all(|arg| is_shallow(arg, depth - 1, nodes)),
        Expression::Literal(Value::Array(items)) => {
            *nodes += items.len();
            true
        }
        _ => true,
    }
}
