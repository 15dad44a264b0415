//! A resolver that answers what the test says.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use egress::Resolver;

/// Names and their answers, one after another; the last is repeated. A name that is not listed leads to 127.0.0.1,
/// so that whatever is taken for a name reaches the listener if nobody prevents it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    answers: HashMap<&'static str, Vec<Vec<IpAddr>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Names {
    pub(crate) fn with(mut self, name: &'static str, answers: &[&[&str]]) -> Self {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        self.answers.insert(name, answers.iter().map(parse).collect());
        self
    }

    /// The names that were looked up so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Resolver for Names {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut asked = self.asked.lock().unwrap();
        let before = asked.iter().filter(|earlier| *earlier == name).count();
        asked.push(name.to_owned());
        let Some(answers) = self.answers.get(name) else { return Ok(vec![[127, 0, 0, 1].into()]) };
        Ok(answers[before.min(answers.len() - 1)].clone())
    }
}
