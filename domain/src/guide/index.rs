//! Ids resolved to places, once per guide.

use std::collections::HashMap;

use super::{Block, End, Guide, Question, Variable};

/// A question by its number: 0 is the first of the first block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct QuestionNumber(pub(crate) usize);

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its block.
    pub(crate) block: usize,
    /// Its position in the block, as written.
    pub(crate) position: usize,
}

/// Ids and numbers to places. Where an id stands twice, the first counts; the guide is not sound then.
#[derive(Debug)]
pub(crate) struct Index {
    places: Vec<Place>,
    first_of_block: Vec<usize>,
    questions: HashMap<String, QuestionNumber>,
    blocks: HashMap<String, usize>,
    ends: HashMap<String, usize>,
    variables: HashMap<String, usize>,
}

impl Index {
    pub(crate) fn new(guide: &Guide) -> Self {
        let mut places = Vec::new();
        let mut first_of_block = Vec::new();
        let mut questions = HashMap::new();
        for (block, questions_of_block) in guide.blocks.iter().map(|block| &block.questions).enumerate() {
            first_of_block.push(places.len());
            for (position, question) in questions_of_block.iter().enumerate() {
                questions.entry(question.id.clone()).or_insert(QuestionNumber(places.len()));
                places.push(Place { block, position });
            }
        }
        Self {
            places,
            first_of_block,
            questions,
            blocks: by_id(guide.blocks.iter().map(|block| &block.id)),
            ends: by_id(guide.ends.iter().map(|end| &end.id)),
            variables: by_id(guide.variables.iter().map(|variable| &variable.id)),
        }
    }

    /// How many questions there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn number(&self, id: &str) -> Option<QuestionNumber> {
        self.questions.get(id).copied()
    }

    /// The number of a block's question by its position, as written.
    pub(crate) fn number_at(&self, block: usize, position: usize) -> QuestionNumber {
        QuestionNumber(self.first_of_block.get(block).map_or(self.places.len(), |first| first + position))
    }

    pub(crate) fn place(&self, number: QuestionNumber) -> Option<Place> {
        self.places.get(number.0).copied()
    }

    pub(crate) fn question<'g>(&self, guide: &'g Guide, number: QuestionNumber) -> Option<&'g Question> {
        let place = self.place(number)?;
        guide.blocks.get(place.block)?.questions.get(place.position)
    }

    pub(crate) fn block<'g>(&self, guide: &'g Guide, id: &str) -> Option<(usize, &'g Block)> {
        let number = *self.blocks.get(id)?;
        Some((number, guide.blocks.get(number)?))
    }

    pub(crate) fn end<'g>(&self, guide: &'g Guide, id: &str) -> Option<&'g End> {
        guide.ends.get(self.end_number(id)?)
    }

    pub(crate) fn end_number(&self, id: &str) -> Option<usize> {
        self.ends.get(id).copied()
    }

    pub(crate) fn variable<'g>(&self, guide: &'g Guide, id: &str) -> Option<&'g Variable> {
        guide.variables.get(*self.variables.get(id)?)
    }
}

fn by_id<'g>(ids: impl Iterator<Item = &'g String>) -> HashMap<String, usize> {
    let mut map = HashMap::new();
    for (number, id) in ids.enumerate() {
        map.entry(id.clone()).or_insert(number);
    }
    map
}
