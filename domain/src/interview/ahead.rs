//! What comes next whatever is answered: questions that a device may have in advance.

use protocol::session::Ahead;

use super::{
    Interview, Stage,
    walk::{Next, Walk},
};

impl Interview<'_> {
    /// The questions that come after the current one, at most `limit`: each is asked, in just these words and with just these
    /// limits, whatever valid values the current question and those before it in the list get.
    ///
    /// The same walk as ever finds them, with answers that are open: it ends where anything depends on one of those, be it
    /// a condition, a rule, a follow-up or an inserted text. An end is never among them, nor a probe.
    pub fn ahead(&self, limit: usize) -> Vec<Ahead> {
        let mut ahead = Vec::new();
        let mut open = Vec::new();
        let mut next = self.walk.next;
        while self.stage() == Stage::Questions && ahead.len() < limit {
            let Next::Ask(asked) = next else { break };
            let Some(id) = self.id_of(asked) else { break };
            open.push(id);
            let walk = Walk::new(self.guide, &self.facts, &open);
            let later = Interview { guide: self.guide, facts: self.facts, walk };
            next = later.walk.next;
            let Next::Ask(asked) = next else { break };
            if asked.probe.is_some() {
                break;
            }
            let Some(question) = later.view(asked) else { break };
            ahead.push(Ahead { progress: later.progress(), question });
        }
        ahead
    }
}
