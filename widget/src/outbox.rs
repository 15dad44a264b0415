//! What is kept of an interview on the device, and how it is written there. Pure; [`crate::device`] stores it.
//!
//! Under the name of the invite lie: `campaign` and `course`, so that a reload without a connection shows the interview
//! where it stood; `draft …`, what is typed into each question; and one record for each answer that the server has not
//! confirmed. Names that this build does not know are left alone.

use protocol::{
    question::{QuestionKind, QuestionView},
    session::{Draft, PutAnswer},
};
use serde_json::{Map, Value};

use crate::{
    device::Change,
    json,
    reply::{self, Course, Snapshot},
};

const CAMPAIGN: &str = "campaign";
const COURSE: &str = "course";
const DRAFT: &str = "draft ";
const ANSWER: &str = "answer ";

/// A committed answer that the server has not confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The question.
    pub question_id: String,
    /// The question as it was asked, to show it together with what could not be saved.
    pub text: String,
    /// The answer as a person reads it: labels instead of ids.
    pub words: Value,
    /// Whether files or a recording are kept for it, which nobody needs once it is confirmed.
    pub has_media: bool,
    /// The session that it was given in; `None` while the server has not said which that is.
    pub session: Option<String>,
    /// Entries are sent in this order.
    pub order: u64,
    /// What is put; its `client_id` stays the same over all attempts.
    pub body: PutAnswer,
    /// Whether it is on the device; `None` while that is not known yet.
    pub is_kept: Option<bool>,
}

impl Entry {
    /// An answer that was just given.
    pub fn new(question: &QuestionView, body: PutAnswer, order: u64, session: Option<String>) -> Self {
        let words = words(question, &body.value);
        let (question_id, text) = (question.id.clone(), question.text.clone());
        let has_media =
            matches!(question.kind, QuestionKind::File | QuestionKind::Audio | QuestionKind::Video);
        Self { question_id, text, words, has_media, session, order, body, is_kept: None }
    }

    /// Writes it down; `is_refused` when it cannot be saved, which the person has not been told yet.
    pub fn keep(&self, is_refused: bool) -> Change {
        let record = object([
            ("question_id", Value::from(self.question_id.as_str())),
            ("text", Value::from(self.text.as_str())),
            ("words", self.words.clone()),
            ("media", Value::from(self.has_media)),
            ("session", self.session.as_deref().map_or(Value::Null, Value::from)),
            ("order", Value::from(self.order)),
            ("client_id", Value::from(self.body.client_id.as_str())),
            ("seq", Value::from(self.body.seq)),
            ("value", self.body.value.clone()),
            ("elapsed_ms", Value::from(self.body.elapsed_ms)),
            ("refused", Value::from(is_refused)),
        ]);
        (self.name(), Some(record))
    }

    /// Takes it off the device.
    pub fn forget(&self) -> Change {
        (self.name(), None)
    }

    fn name(&self) -> String {
        [ANSWER, &self.body.client_id].concat()
    }

    fn read(record: &Value) -> Option<(Self, bool)> {
        let text = |name: &str| record.get(name)?.as_str().map(str::to_owned);
        let number = |name: &str| record.get(name)?.as_u64();
        let entry = Self {
            question_id: text("question_id")?,
            text: text("text")?,
            words: record.get("words")?.clone(),
            has_media: record.get("media").and_then(Value::as_bool).unwrap_or_default(),
            session: text("session"),
            order: number("order")?,
            body: PutAnswer {
                client_id: text("client_id")?,
                seq: number("seq")?,
                value: record.get("value")?.clone(),
                elapsed_ms: number("elapsed_ms")?,
                is_final: true,
            },
            is_kept: Some(true),
        };
        Some((entry, record.get("refused")?.as_bool()?))
    }
}

/// A value as a person reads it: labels instead of ids.
pub fn words(question: &QuestionView, value: &Value) -> Value {
    let label = |id: &Value| {
        let found = question.choices.iter().flatten().find(|choice| id.as_str() == Some(&choice.id));
        found.map(|choice| choice.label.as_str())
    };
    match (question.kind, value) {
        (_, Value::Null) => Value::Null,
        (QuestionKind::File | QuestionKind::Audio | QuestionKind::Video, _) => uploaded(),
        (_, Value::Array(ids)) => Value::String(ids.iter().filter_map(label).collect::<Vec<_>>().join(", ")),
        (_, value) => label(value).map_or_else(|| value.clone(), Value::from),
    }
}

/// The words for files and recordings; their ids tell nobody anything.
pub fn uploaded() -> Value {
    Value::Object(Map::new())
}

/// What the device had.
#[derive(Debug, Default, PartialEq)]
pub struct Kept {
    /// The interview where it stood.
    pub snapshot: Option<Snapshot>,
    /// What was typed, into whichever questions.
    pub drafts: Vec<Draft>,
    /// What is to be sent, in order.
    pub entries: Vec<Entry>,
    /// What cannot be saved, and the person has not been told.
    pub refused: Vec<Entry>,
}

/// Reads the records of one invite. One that cannot be read is as good as none.
pub fn read(records: &[(String, String)]) -> Kept {
    let mut kept = Kept::default();
    let (mut campaign, mut course) = (Value::Null, Value::Null);
    for (name, text) in records {
        let Some(record) = json::read(text) else { continue };
        match name.as_str() {
            CAMPAIGN => campaign = record,
            COURSE => course = record,
            _ if name.starts_with(DRAFT) => kept.drafts.extend(reply::draft(&record)),
            _ if name.starts_with(ANSWER) => match Entry::read(&record) {
                Some((entry, true)) => put_in_order(&mut kept.refused, entry),
                Some((entry, false)) => put_in_order(&mut kept.entries, entry),
                None => {}
            },
            _ => {}
        }
    }
    if let Value::Object(course) = &mut course {
        course.insert(CAMPAIGN.to_owned(), campaign);
    }
    kept.snapshot = reply::snapshot(&course).map(|snapshot| Snapshot { has_answers: true, ..snapshot });
    kept
}

/// By hand: the library's sorting is 3 KB of code, and a queue is short.
fn put_in_order(entries: &mut Vec<Entry>, entry: Entry) {
    let comes_after = |other: &Entry| {
        other.order > entry.order
            || (other.order == entry.order && other.body.client_id > entry.body.client_id)
    };
    let at = entries.iter().position(comes_after).unwrap_or(entries.len());
    entries.insert(at, entry);
}

/// Writes down what surrounds the questions.
pub fn keep_campaign(source: &str) -> Change {
    (CAMPAIGN.to_owned(), Some(source.to_owned()))
}

/// Writes down what the server showed last, and what comes after it.
pub fn keep_course(course: &Course) -> Change {
    (COURSE.to_owned(), Some(course.source.clone()))
}

/// Writes down what is typed.
pub fn keep_draft(draft: &Draft) -> Change {
    let record = object([
        ("question_id", Value::from(draft.question_id.as_str())),
        ("seq", Value::from(draft.seq)),
        ("value", draft.value.clone()),
    ]);
    (draft_name(&draft.question_id), Some(record))
}

/// Takes what was typed into a question off the device.
pub fn forget_draft(question_id: &str) -> Change {
    (draft_name(question_id), None)
}

fn draft_name(question_id: &str) -> String {
    [DRAFT, question_id].concat()
}

/// Takes all but the answers off the device: the interview is over.
pub fn forget_interview(drafts: &[Draft]) -> Vec<Change> {
    let names = [CAMPAIGN, COURSE].into_iter().map(|name| (name.to_owned(), None));
    names.chain(drafts.iter().map(|draft| forget_draft(&draft.question_id))).collect()
}

fn object<const N: usize>(members: [(&str, Value); N]) -> String {
    // Collecting would sort.
    let mut object = Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    json::write(&Value::Object(object))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixtures;

    fn entry(order: u64, value: Value) -> Entry {
        let client_id = ["id-", &order.to_string()].concat();
        let body = PutAnswer { client_id, seq: order, value, elapsed_ms: 5, is_final: true };
        Entry::new(&fixtures::question(QuestionKind::MultiChoice), body, order, Some("ses_1".to_owned()))
    }

    fn records(changes: Vec<Change>) -> Vec<(String, String)> {
        changes.into_iter().map(|(name, text)| (name, text.expect("is written"))).collect()
    }

    #[test]
    fn what_was_kept_is_read_again_in_its_order() {
        let drafts =
            ["q2", "q5"].map(|id| Draft { question_id: id.to_owned(), seq: 9, value: json!("half a") });
        let (first, second, lost) = (entry(1, json!(["a"])), entry(2, json!(null)), entry(3, json!(true)));
        let all = [second.keep(false), lost.keep(true), first.keep(false)];
        let kept = read(&records(all.into_iter().chain(drafts.iter().map(keep_draft)).collect()));
        let on_device = |entry: Entry| Entry { is_kept: Some(true), ..entry };
        assert_eq!(kept.entries, [on_device(first), on_device(second)]);
        assert_eq!(kept.refused, [on_device(lost)]);
        assert_eq!(kept.drafts, drafts);
        assert_eq!(kept.snapshot, None);
    }

    #[test]
    fn the_interview_is_read_from_what_the_server_sent() {
        let campaign = r#"{"title":"T","locale":"en","consent":[]}"#;
        let course = r#"{"turn":{"type":"consent","progress":0}}"#;
        let records = [("campaign", campaign), ("course", course)];
        let kept = read(&records.map(|(name, text)| (name.to_owned(), text.to_owned())));
        let snapshot = kept.snapshot.expect("is there");
        assert_eq!((snapshot.campaign.title.as_str(), snapshot.course.turns.len()), ("T", 1));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let records = [("answer x", "{}"), ("draft q1", "["), ("upload y", "{}"), ("course", "null")];
        let kept = read(&records.map(|(name, text)| (name.to_owned(), text.to_owned())));
        assert_eq!(kept, Kept::default());
    }

    #[test]
    fn chosen_things_are_shown_by_their_labels() {
        assert_eq!(entry(1, json!(["c", "a"])).words, json!("C, A"));
        assert_eq!(entry(1, json!("b")).words, json!("B"));
        assert_eq!(entry(1, json!(7)).words, json!(7));
    }

    #[test]
    fn of_a_file_or_a_recording_nobody_reads_the_id() {
        for (kind, value) in [(QuestionKind::Audio, json!("upl_1")), (QuestionKind::File, json!(["upl_1"]))] {
            assert_eq!(words(&fixtures::question(kind), &value), uploaded());
            assert_eq!(words(&fixtures::question(kind), &json!(null)), json!(null));
        }
    }
}
