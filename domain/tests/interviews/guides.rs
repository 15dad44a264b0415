//! Guides that are sound by construction, with a marker in everything that could leak.
//!
//! A marker is a few letters, a number and `x`: `TXT12x` is in one text and nowhere else.

use serde_json::{Value, json};

use super::dice::Dice;

const KINDS: [&str; 12] = [
    "short_text",
    "single_choice",
    "yes_no",
    "number",
    "rating",
    "long_text",
    "multi_choice",
    "ranking",
    "date",
    "statement",
    "email",
    "consent",
];

/// A question that later ones can read.
#[derive(Clone)]
struct Earlier {
    id: String,
    kind: &'static str,
    choices: Vec<String>,
    /// Labels that insert something cannot be inserted themselves.
    insertable: bool,
}

/// Builds a guide as the dice fall.
pub(crate) fn guide(dice: &mut Dice) -> Value {
    let mut builder = Builder { dice, count: 0, earlier: Vec::new(), variables: Vec::new() };
    builder.guide()
}

struct Builder<'d> {
    dice: &'d mut Dice,
    count: usize,
    earlier: Vec<Earlier>,
    variables: Vec<String>,
}

impl Builder<'_> {
    fn guide(&mut self) -> Value {
        let variables: Vec<Value> = (0..self.dice.roll(3))
            .map(|_| {
                let (id, value) = (self.marker("vid"), self.marker("VAL"));
                self.variables.push(id.clone());
                json!({"id": id, "type": "string", "default": value})
            })
            .collect();
        let consent: Vec<Value> = (0..self.dice.roll(2))
            .map(|_| json!({"id": self.marker("con"), "version": 1, "text": self.marker("CTX")}))
            .collect();
        let ends: Vec<String> = (0..=self.dice.roll(3)).map(|_| self.marker("end")).collect();
        let ids: Vec<String> = (0..=self.dice.roll(5)).map(|_| self.marker("blk")).collect();
        let blocks: Vec<Value> = (0..ids.len()).map(|number| self.block(number, &ids, &ends)).collect();
        let ends: Vec<Value> = ends.iter().map(|id| json!({"id": id, "text": self.text("ETX")})).collect();
        json!({
            "schema": 1, "title": self.marker("TTL"), "intro": self.marker("INT"), "consent": consent,
            "variables": variables, "blocks": blocks, "ends": ends,
        })
    }

    fn block(&mut self, number: usize, ids: &[String], ends: &[String]) -> Value {
        let mut block = json!({"id": ids[number]});
        let skippable = self.dice.once_in(3);
        if skippable {
            block["show_if"] = self.condition(3);
        }
        let shuffled = self.dice.once_in(3);
        let before = self.earlier.clone();
        let mut all = before.clone();
        let questions: Vec<Value> = (0..=self.dice.roll(4))
            .map(|_| {
                // In a shuffled block the siblings cannot be read.
                self.earlier.clone_from(if shuffled { &before } else { &all });
                let (question, earlier) = self.question();
                all.extend(earlier);
                question
            })
            .collect();
        self.earlier = all;
        block["order"] = json!(if shuffled { "shuffle" } else { "fixed" });
        block["questions"] = json!(questions);
        block["next"] = self.rules(number, ids, ends, skippable);
        block
    }

    /// Rules that leave every later block reachable: there is always a way to the next one.
    fn rules(&mut self, number: usize, ids: &[String], ends: &[String], skippable: bool) -> Value {
        let mut rules = Vec::new();
        for _ in 0..self.dice.roll(3) {
            let condition = self.condition(3);
            let later = &ids[number + 1..];
            if later.is_empty() || self.dice.once_in(3) {
                rules.push(json!({"if": condition, "end": self.dice.pick(ends)}));
            } else {
                rules.push(json!({"if": condition, "goto": self.dice.pick(later)}));
            }
        }
        if let [next, .., last] = &ids[number + 1..]
            && self.dice.once_in(4)
        {
            rules.push(json!({"if": self.condition(2), "goto": next}));
            rules.push(json!({"goto": last}));
        } else if skippable && self.dice.once_in(3) {
            // Whoever does not see this block goes on.
            rules.push(json!({"end": self.dice.pick(ends)}));
        }
        json!(rules)
    }

    fn question(&mut self) -> (Value, Option<Earlier>) {
        let kind = *self.dice.pick(&KINDS);
        let id = self.marker("qid");
        let mut question =
            json!({"id": id, "kind": kind, "text": self.text("TXT"), "required": self.dice.once_in(2)});
        if self.dice.once_in(3) {
            question["help"] = self.text("HLP");
        }
        if self.dice.once_in(3) {
            question["show_if"] = self.condition(3);
        }
        let mut earlier =
            Earlier { id, kind, choices: Vec::new(), insertable: !matches!(kind, "statement" | "consent") };
        if matches!(kind, "single_choice" | "multi_choice" | "ranking") {
            let piped = self.dice.once_in(4);
            earlier.insertable = !piped;
            earlier.choices = (0..2 + self.dice.roll(3)).map(|_| self.marker("cid")).collect();
            let choices: Vec<Value> = earlier
                .choices
                .iter()
                .map(|id| json!({"id": id, "label": if piped { self.text("LBL") } else { json!(self.marker("LBL")) }}))
                .collect();
            question["choices"] = json!(choices);
        }
        question["validate"] = match kind {
            "short_text" if self.dice.once_in(3) => json!({"pattern": "[a-z ]+", "min_length": 2}),
            "long_text" if self.dice.once_in(3) => json!({"max_length": 200}),
            "rating" if self.dice.once_in(2) => json!({"min": 0, "max": 10}),
            "number" if self.dice.once_in(2) => json!({"min": -5, "max": 5}),
            "multi_choice" if self.dice.once_in(2) => json!({"min_choices": 1, "max_choices": 2}),
            "date" if self.dice.once_in(2) => json!({"min": "2020-01-01"}),
            _ => json!({}),
        };
        if !matches!(kind, "statement" | "consent") && self.dice.once_in(3) {
            question["follow_up"] = self.follow_up(&earlier);
        }
        (question, (kind != "statement").then_some(earlier))
    }

    fn follow_up(&mut self, own: &Earlier) -> Value {
        self.earlier.push(own.clone());
        let rules: Vec<Value> = (0..=self.dice.roll(3))
            .map(|_| {
                let mut when = json!({});
                if matches!(own.kind, "short_text" | "long_text") {
                    match self.dice.roll(4) {
                        0 => when["min_words"] = json!(1 + self.dice.roll(9)),
                        1 => when["vague"] = json!(self.dice.once_in(2)),
                        2 => when["missing_topics"] = json!([self.marker("TOP"), "notes"]),
                        _ => when["contains_any"] = json!([self.marker("TOP"), "Notes"]),
                    }
                }
                if self.dice.once_in(3) {
                    when["value"] = self.condition(2);
                }
                let probes: Vec<Value> = (0..=self.dice.roll(3)).map(|_| self.text("PRB")).collect();
                json!({"when": when, "probes": probes})
            })
            .collect();
        self.earlier.pop();
        json!({"max_depth": self.dice.roll(6), "rules": rules})
    }

    /// A text in two languages, with a marker in each, and perhaps an insertion.
    fn text(&mut self, name: &str) -> Value {
        let (english, german) = (self.marker(name), self.marker("DEU"));
        let insertable: Vec<&Earlier> = self.earlier.iter().filter(|earlier| earlier.insertable).collect();
        let inserted = match self.dice.roll(4) {
            2 if !insertable.is_empty() => format!(" {{{{q.{}|nothing}}}}", self.dice.pick(&insertable).id),
            3 if !self.variables.is_empty() => {
                format!(" {{{{var.{}|nothing}}}}", self.dice.pick(&self.variables))
            }
            _ => String::new(),
        };
        json!({"en": format!("{english}{inserted}"), "de": format!("{german}{inserted}")})
    }

    fn condition(&mut self, depth: usize) -> Value {
        match self.dice.roll(if depth == 0 { 3 } else { 6 }) {
            3 => json!({"op": "not", "args": [self.condition(depth - 1)]}),
            4 => json!({"op": "and", "args": [self.condition(depth - 1), self.condition(depth - 1)]}),
            5 => json!({"op": "or", "args": [self.condition(depth - 1), self.condition(depth - 1)]}),
            _ => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Value {
        if self.earlier.is_empty() || self.dice.once_in(8) {
            return match self.variables.first() {
                Some(id) => json!({"op": "eq", "args": [{"var": id}, {"lit": self.marker("LIT")}]}),
                None => json!({"lit": self.dice.once_in(2)}),
            };
        }
        let Earlier { id, kind, choices, .. } = self.dice.pick(&self.earlier).clone();
        let q = json!({"q": id});
        let op = |op: &str, right: Value| json!({"op": op, "args": [q, {"lit": right}]});
        if self.dice.once_in(4) {
            return json!({"op": "answered", "args": [q]});
        }
        match kind {
            "yes_no" | "consent" => q,
            "single_choice" if self.dice.once_in(3) => {
                op("in", json!([self.dice.pick(&choices), choices[0]]))
            }
            "single_choice" => op(["eq", "ne"][self.dice.roll(2)], json!(self.dice.pick(&choices))),
            "multi_choice" | "ranking" if self.dice.once_in(3) => {
                json!({"op": "ge", "args": [{"op": "count", "args": [q]}, {"lit": 2}]})
            }
            "multi_choice" | "ranking" => op("contains", json!(self.dice.pick(&choices))),
            "number" | "rating" => op(["lt", "ge"][self.dice.roll(2)], json!(self.dice.roll(6))),
            "date" => op(["lt", "ge"][self.dice.roll(2)], json!("2024-06-01")),
            _ if self.dice.once_in(3) => op("contains", json!(self.marker("LIT"))),
            _ => json!({"op": "gt", "args": [{"op": "len", "args": [q]}, {"lit": self.dice.roll(30)}]}),
        }
    }

    fn marker(&mut self, name: &str) -> String {
        self.count += 1;
        format!("{name}{}x", self.count)
    }
}

/// The markers in a text.
pub(crate) fn markers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| {
        let inner = word.strip_suffix('x').and_then(|word| word.get(3..));
        inner.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
