//! The way through the blocks: forward only, and past every one of them.

use protocol::session::CONSENT_DECLINED;

use super::{Checker, Pointer};
use crate::guide::Rule;

impl Checker<'_> {
    pub(super) fn flow(&mut self) {
        let blocks = Pointer::root().key("blocks");
        let guide = self.guide;
        if guide.blocks.is_empty() {
            return self.fault(&blocks, "no_blocks", "A guide has at least one block.");
        }
        let mut reachable = vec![false; guide.blocks.len()];
        reach(&mut reachable, 0);
        for (number, (block, at)) in guide.blocks.iter().zip(blocks.items()).enumerate() {
            // Jumps only lead forward, so whatever leads here has been seen by now.
            let reached = reachable.get(number) == Some(&true);
            if !reached {
                self.fault(&at, "unreachable_block", format!("No way leads to the block {}.", block.id));
            }
            let mut open = true;
            for (rule, at) in block.next.iter().zip(at.key("next").items()) {
                if !open {
                    self.fault(&at, "unreachable_rule", "A rule before this one always holds.");
                }
                let target = self.target(rule, number, &at);
                if let Some(target) = target.filter(|_| open && reached) {
                    reach(&mut reachable, target);
                }
                open &= rule.condition.is_some();
            }
            if reached && (open || block.show_if.is_some()) {
                reach(&mut reachable, number + 1);
            }
        }
    }

    /// The block that a rule leads to, when it is a sound one.
    fn target(&mut self, rule: &Rule, from: usize, at: &Pointer) -> Option<usize> {
        match (&rule.goto, &rule.end) {
            (Some(block), None) => {
                let Some((target, _)) = self.index.block(self.guide, block) else {
                    self.fault(&at.key("goto"), "unknown_block", format!("There is no block {block}."));
                    return None;
                };
                if target <= from {
                    let message = "A rule leads to a later block: questions are asked once, so a way back would never end.";
                    self.fault(&at.key("goto"), "backward_jump", message);
                    return None;
                }
                Some(target)
            }
            (None, Some(end)) => {
                if end == CONSENT_DECLINED {
                    let message = format!("{CONSENT_DECLINED} is kept for refused consent.");
                    self.fault(&at.key("end"), "reserved_id", message);
                } else if self.index.end(self.guide, end).is_none() {
                    self.fault(&at.key("end"), "unknown_end", format!("There is no end {end}."));
                }
                None
            }
            _ => {
                self.fault(at, "rule_target", "A rule has either goto or end.");
                None
            }
        }
    }
}

fn reach(reachable: &mut [bool], block: usize) {
    if let Some(reachable) = reachable.get_mut(block) {
        *reachable = true;
    }
}
