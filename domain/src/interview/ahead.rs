//! What comes next whatever is answered: questions that a device may have in advance.

use std::rc::Rc;

use protocol::session::Ahead;

use super::{
    Interview, Stage,
    walk::{Next, Walk},
};

/// Most bytes of the list, as JSON: it goes with every reply, also to a phone on a train.
const MOST_BYTES: usize = 256 * 1_024;

impl Interview<'_> {
    /// The questions that come after the current one, at most `limit`: each is asked, in just these words and with just these
    /// limits, whatever valid values the current question and those before it in the list get.
    ///
    /// The same walk as ever finds them, with answers that are open: it ends where anything depends on one of those, be it
    /// a condition, a rule, a follow-up or an inserted text, and where the list would have more than 256 KiB. An end is
    /// never among them, nor a probe.
    pub fn ahead(&self, limit: usize) -> Vec<Ahead> {
        let mut ahead = Vec::new();
        let mut open = Vec::new();
        let mut bytes = 0;
        let mut next = self.walk.next;
        while self.stage() == Stage::Questions && ahead.len() < limit {
            let Next::Ask(asked) = next else { break };
            let Some(id) = self.id_of(asked) else { break };
            open.push(id);
            let searches = Rc::clone(&self.walk.known.searches);
            let walk = Walk::new(self.guide, &self.facts, &open, searches);
            let later = Interview { guide: self.guide, facts: self.facts, walk };
            next = later.walk.next;
            let Next::Ask(asked) = next else { break };
            if asked.probe.is_some() {
                break;
            }
            let Some(question) = later.view(asked) else { break };
            let one = Ahead { progress: later.progress(), question };
            bytes += serde_json::to_string(&one).map_or(MOST_BYTES, |json| json.len());
            if bytes > MOST_BYTES {
                break;
            }
            ahead.push(one);
        }
        ahead
    }
}
