//! What the server's replies say, read by hand out of JSON.
//!
//! The types are [`protocol`]'s, and the tests hold this file against what `protocol` writes. Its derived readers are left
//! out on purpose: they made the widget over 100 KB (brotli) larger, most of it for flattened and tagged members, and for
//! reading times that the widget never shows.

use protocol::{
    error::{ErrorCode, ErrorDetail, ErrorObject},
    question::{Bound, ChoiceView, QuestionKind, QuestionView, RecordingView, Validate},
    session::{CampaignView, ConsentItem, Draft, EndView, Turn},
};
use serde_json::{Map, Value};

use crate::{json, outbox};

/// A session token and for how long it lives.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionToken {
    /// The token.
    pub token: String,
    /// How long it lives.
    pub expires_in_s: u32,
}

/// Where the interview stands: what the widget needs of [`protocol::session::SessionSnapshot`].
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What surrounds the questions.
    pub campaign: CampaignView,
    /// What the server writes about that, to keep it on the device.
    pub source: String,
    /// What to show now, and what comes after it.
    pub course: Course,
    /// What was typed into the current question and not yet committed.
    pub draft: Option<Draft>,
    /// Whether anything was answered yet.
    pub has_answers: bool,
    /// What was answered, where it may be changed.
    pub answers: Vec<Given>,
    /// The highest count among answers and draft.
    pub seq: u64,
    /// The session's id.
    pub session: Option<String>,
    /// The id of the session that the invite opened before this one, where that one was completed; of `POST /session` alone.
    pub completed_session: Option<String>,
}

/// An answer that the server has.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The question.
    pub question_id: String,
    /// The question as it was asked.
    pub text: String,
    /// The answer as a person reads it, as [`crate::outbox::words`] gives it; `None` where only ids of choices are known.
    pub words: Option<Value>,
    /// Its count.
    pub seq: u64,
}

/// What to show now, and what comes after it whatever is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The server's turn, then the questions that it gave in advance; never empty.
    pub turns: Vec<Turn>,
    /// The same as the server wrote it, to keep it on the device.
    pub source: String,
}

/// Of `POST /session` and `POST /session/token`.
pub fn session_token(reply: &Value) -> Option<SessionToken> {
    Some(SessionToken { token: text(reply, "session_token")?, expires_in_s: number(reply, "expires_in_s")? })
}

/// Of `POST /session` and `GET /session`.
pub fn snapshot(reply: &Value) -> Option<Snapshot> {
    let draft = reply.get("draft").and_then(draft);
    let answers = list(reply, "answers");
    let seqs = answers.iter().filter_map(seq);
    let campaign = campaign(reply.get("campaign")?)?;
    let mut given = Vec::new();
    if campaign.allow_back {
        for answer in answers.iter().filter_map(self::given) {
            put_answer(&mut given, answer);
        }
    }
    Some(Snapshot {
        campaign,
        source: json::write(reply.get("campaign")?),
        course: course(reply)?,
        seq: seqs.chain(draft.as_ref().map(|draft| draft.seq)).max().unwrap_or(0),
        has_answers: !answers.is_empty(),
        answers: given,
        draft,
        session: reply.get("session").and_then(|session| text(session, "id")),
        completed_session: reply.get("previous_session").and_then(completed),
    })
}

fn completed(session: &Value) -> Option<String> {
    text(session, "id").filter(|_| session.get("status").and_then(Value::as_str) == Some("completed"))
}

/// `None` for a statement, which nobody answers.
fn given(answer: &Value) -> Option<Given> {
    let value = answer.get("value")?;
    let words = match answer.get("kind")?.as_str()? {
        "statement" => return None,
        "single_choice" | "multi_choice" | "ranking" if !value.is_null() => None,
        "file" | "audio" | "video" if !value.is_null() => Some(outbox::uploaded()),
        _ => Some(value.clone()),
    };
    Some(Given {
        question_id: text(answer, "question_id")?,
        text: text(answer, "text")?,
        words,
        seq: seq(answer)?,
    })
}

/// Puts an answer below the question that it follows up, else at the end.
pub fn put_answer(answers: &mut Vec<Given>, answer: Given) {
    let base = |answer: &Given| answer.question_id.split('~').next().map(str::to_owned);
    let at = answers.iter().rposition(|known| base(known) == base(&answer));
    answers.insert(at.map_or(answers.len(), |at| at + 1), answer);
}

/// Of `GET /session/answers/:question_id`: the question as it was asked, and the value.
pub fn earlier(reply: &Value) -> Option<(QuestionView, Value)> {
    Some((question(reply.get("question")?)?, reply.get("value")?.clone()))
}

/// Of every reply that moves the interview on.
pub fn course(reply: &Value) -> Option<Course> {
    let mut turns = vec![turn(reply.get("turn")?)?];
    let mut source = Map::new();
    for name in ["turn", "ahead"] {
        if let Some(value) = reply.get(name) {
            source.insert(name.to_owned(), value.clone());
        }
    }
    // What cannot be read ends what is known in advance.
    turns.extend(list(reply, "ahead").iter().map_while(asked));
    Some(Course { turns, source: json::write(&Value::Object(source)) })
}

fn asked(turn: &Value) -> Option<Turn> {
    let progress = turn.get("progress")?.as_f64()?;
    Some(Turn::Question { progress, question: Box::new(question(turn.get("question")?)?) })
}

fn turn(turn: &Value) -> Option<Turn> {
    let progress = turn.get("progress")?.as_f64()?;
    Some(match turn.get("type")?.as_str()? {
        "consent" => Turn::Consent { progress },
        "question" => asked(turn)?,
        "end" => {
            let end = turn.get("end")?;
            let end = EndView {
                id: text(end, "id")?,
                text: text(end, "text")?,
                redirect_url: text(end, "redirect_url"),
            };
            Turn::End { progress, end }
        }
        _ => return None,
    })
}

/// The `seq` of the reply to an answer.
pub fn seq(reply: &Value) -> Option<u64> {
    reply.get("seq")?.as_u64()
}

/// Of every refusal.
pub fn error(reply: &Value, status: u16) -> Option<ErrorObject> {
    let error = reply.get("error")?;
    let details = list(error, "details").iter().filter_map(|detail| {
        Some(ErrorDetail {
            pointer: text(detail, "pointer")?,
            code: text(detail, "code")?,
            message: text(detail, "message")?,
        })
    });
    let code = text(error, "code")?;
    // A code that this build does not know is no error in itself: an old widget survives a newer server.
    let code =
        ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code).unwrap_or(ErrorCode::Unknown);
    Some(ErrorObject {
        code,
        message: text(error, "message").unwrap_or_default(),
        status,
        details: details.collect(),
    })
}

fn campaign(value: &Value) -> Option<CampaignView> {
    let consent = list(value, "consent").iter().map(|item| {
        Some(ConsentItem {
            id: text(item, "id")?,
            version: number(item, "version")?,
            text: text(item, "text")?,
            required: item.get("required")?.as_bool()?,
        })
    });
    Some(CampaignView {
        title: text(value, "title")?,
        intro: text(value, "intro").unwrap_or_default(),
        theme: value.get("theme").and_then(Value::as_object).map_or_else(Map::new, Map::clone),
        locale: text(value, "locale")?,
        consent: consent.collect::<Option<_>>()?,
        allow_back: value.get("allow_back").and_then(Value::as_bool).unwrap_or_default(),
    })
}

/// A draft, as the server and the device write it.
pub fn draft(value: &Value) -> Option<Draft> {
    Some(Draft {
        question_id: text(value, "question_id")?,
        seq: seq(value)?,
        value: value.get("value")?.clone(),
    })
}

fn question(value: &Value) -> Option<QuestionView> {
    let choices = value.get("choices").and_then(Value::as_array).map(|choices| {
        let choices = choices.iter();
        choices
            .filter_map(|choice| Some(ChoiceView { id: text(choice, "id")?, label: text(choice, "label")? }))
            .collect()
    });
    let kind = kind(value.get("kind")?.as_str()?);
    let mut validate = value.get("validate").map(limits).unwrap_or_default();
    if kind.is_none() {
        validate.max_bytes = Some(0);
    }
    Some(QuestionView {
        id: text(value, "id")?,
        kind: kind.unwrap_or(QuestionKind::File),
        text: text(value, "text")?,
        help: text(value, "help"),
        required: value.get("required")?.as_bool()?,
        validate,
        choices,
        probe_of: text(value, "probe_of"),
        time_limit_ms: value.get("time_limit_ms").and_then(Value::as_u64),
        recording: value.get("recording").map(recording),
    })
}

fn recording(value: &Value) -> RecordingView {
    let number = |name: &str| value.get(name).and_then(Value::as_u64);
    RecordingView {
        think_time_ms: number("think_time_ms"),
        max_retakes: number("max_retakes").and_then(|retakes| retakes.try_into().ok()),
    }
}

/// `None` for a kind of a newer server: the widget says that it cannot show it, and lets it be skipped.
fn kind(name: &str) -> Option<QuestionKind> {
    Some(match name {
        "statement" => QuestionKind::Statement,
        "consent" => QuestionKind::Consent,
        "short_text" => QuestionKind::ShortText,
        "long_text" => QuestionKind::LongText,
        "email" => QuestionKind::Email,
        "yes_no" => QuestionKind::YesNo,
        "single_choice" => QuestionKind::SingleChoice,
        "multi_choice" => QuestionKind::MultiChoice,
        "ranking" => QuestionKind::Ranking,
        "rating" => QuestionKind::Rating,
        "number" => QuestionKind::Number,
        "date" => QuestionKind::Date,
        "audio" => QuestionKind::Audio,
        "file" => QuestionKind::File,
        "video" => QuestionKind::Video,
        _ => return None,
    })
}

fn limits(value: &Value) -> Validate {
    let bound = |name: &str| {
        let bound = value.get(name)?;
        bound.as_f64().map(Bound::Number).or_else(|| bound.as_str().map(|day| Bound::Date(day.to_owned())))
    };
    Validate {
        min_length: number(value, "min_length"),
        max_length: number(value, "max_length"),
        min_value: bound("min_value"),
        max_value: bound("max_value"),
        min_choices: number(value, "min_choices"),
        max_choices: number(value, "max_choices"),
        accept: list(value, "accept").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        max_bytes: value.get("max_bytes").and_then(Value::as_u64),
        max_duration_ms: value.get("max_duration_ms").and_then(Value::as_u64),
        // The server alone checks patterns.
        ..Validate::default()
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

fn number(value: &Value, name: &str) -> Option<u32> {
    u32::try_from(value.get(name)?.as_u64()?).ok()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use protocol::{
        Timestamp,
        error::ErrorBody,
        ids::SessionId,
        session::{OwnAnswer, PreviousSession, SessionSnapshot, SessionStatus, SessionView, StartedSession},
    };
    use serde_json::{json, to_value};

    use super::*;
    use crate::fixtures;

    fn written() -> StartedSession {
        let mut question = fixtures::question(QuestionKind::Rating);
        question.help = Some("From 0 to 10.".to_owned());
        question.probe_of = Some("why".to_owned());
        question.time_limit_ms = Some(60_000);
        question.recording = Some(RecordingView { think_time_ms: Some(30_000), max_retakes: Some(0) });
        question.validate = Validate {
            min_length: Some(1),
            max_length: Some(2),
            min_value: Some(Bound::Number(0.0)),
            max_value: Some(Bound::Date("2026-01-31".to_owned())),
            min_choices: Some(3),
            max_choices: Some(4),
            accept: vec!["image/*".to_owned(), "application/pdf".to_owned()],
            max_bytes: Some(5_000_000_000),
            max_duration_ms: Some(300_000),
            ..Validate::default()
        };
        let consent =
            ConsentItem { id: "rec".to_owned(), version: 2, text: "Recorded.".to_owned(), required: true };
        let mut theme = Map::new();
        theme.insert("accent".to_owned(), json!("#0a7"));
        StartedSession {
            session_token: "token".to_owned(),
            expires_in_s: 900,
            previous_session: Some(PreviousSession {
                id: SessionId::parse("ses_0").unwrap(),
                status: SessionStatus::Completed,
            }),
            snapshot: SessionSnapshot {
                session: SessionView {
                    id: SessionId::parse("ses_1").unwrap(),
                    status: SessionStatus::Active,
                    progress: 0.5,
                },
                campaign: CampaignView {
                    title: "Title".to_owned(),
                    intro: "Intro".to_owned(),
                    theme,
                    locale: "de".to_owned(),
                    consent: vec![consent],
                    allow_back: true,
                },
                turn: Turn::Question { progress: 0.5, question: Box::new(question) },
                ahead: Vec::new(),
                draft: Some(Draft { question_id: "q1".to_owned(), seq: 7, value: json!([1, "two"]) }),
                answers: vec![OwnAnswer {
                    question_id: "q0".to_owned(),
                    kind: QuestionKind::YesNo,
                    text: "?".to_owned(),
                    value: json!(true),
                    seq: 5,
                    answered_at: Timestamp::from_millis(0),
                }],
            },
        }
    }

    #[test]
    fn what_protocol_writes_is_read_whole() {
        let started = written();
        let reply = to_value(&started).unwrap();
        assert_eq!(
            session_token(&reply),
            Some(SessionToken { token: "token".to_owned(), expires_in_s: 900 })
        );
        let snapshot = snapshot(&reply).unwrap();
        assert_eq!(snapshot.campaign, started.snapshot.campaign);
        assert_eq!(snapshot.course.turns, [started.snapshot.turn]);
        assert_eq!(snapshot.draft, started.snapshot.draft);
        assert!(snapshot.has_answers);
        let answer =
            Given { question_id: "q0".to_owned(), text: "?".to_owned(), words: Some(json!(true)), seq: 5 };
        assert_eq!(snapshot.answers, [answer]);
        assert_eq!(snapshot.seq, 7);
        assert_eq!(
            (snapshot.session.as_deref(), snapshot.completed_session.as_deref()),
            (Some("ses_1"), Some("ses_0"))
        );
    }

    #[test]
    fn a_session_that_was_left_is_not_one_that_was_completed() {
        let mut started = written();
        started.previous_session.as_mut().unwrap().status = SessionStatus::Abandoned;
        assert_eq!(snapshot(&to_value(&started).unwrap()).unwrap().completed_session, None);
    }

    #[test]
    fn every_turn_and_kind_is_read() {
        let end = EndView {
            id: "thanks".to_owned(),
            text: "Bye.".to_owned(),
            redirect_url: Some("https://a.example".to_owned()),
        };
        let mut turns = vec![Turn::Consent { progress: 0.0 }, Turn::End { progress: 1.0, end }];
        for name in [
            "statement",
            "consent",
            "short_text",
            "long_text",
            "email",
            "yes_no",
            "single_choice",
            "multi_choice",
            "ranking",
            "rating",
            "number",
            "date",
            "file",
            "audio",
            "video",
        ] {
            let kind: QuestionKind = serde_json::from_value(json!(name)).unwrap();
            turns.push(Turn::Question { progress: 0.1, question: Box::new(fixtures::question(kind)) });
        }
        for written in turns {
            let course = course(&json!({ "turn": written })).unwrap();
            assert_eq!(course.turns, [written]);
        }
    }

    #[test]
    fn what_comes_next_is_read_until_something_is_not_understood() {
        let asked = |id: &str| {
            let question = QuestionView { id: id.to_owned(), ..fixtures::question(QuestionKind::Number) };
            Turn::Question { progress: 0.5, question: Box::new(question) }
        };
        let [first, second, third, last] = ["q1", "q2", "q3", "q4"].map(asked);
        let reply = json!({"turn": first, "ahead": [second, third, {"progress": 1}, last]});
        let read = course(&reply).unwrap();
        assert_eq!(read.turns, [first, second, third]);
        assert_eq!(course(&serde_json::from_str(&read.source).unwrap()).as_ref(), Some(&read));
    }

    #[test]
    fn a_kind_of_a_newer_server_is_one_that_cannot_be_shown() {
        let mut written = json!({"turn": {"type": "question", "progress": 0.5}});
        written["turn"]["question"] = to_value(fixtures::question(QuestionKind::Rating)).unwrap();
        for (kind, is_known) in [("rating", true), ("hologram", false)] {
            written["turn"]["question"]["kind"] = json!(kind);
            let Some(Turn::Question { question, .. }) = turn(&written["turn"]) else { panic!("{kind}") };
            assert_eq!(crate::validate::is_known(&question), is_known, "{kind}");
        }
    }

    #[test]
    fn every_error_is_read_and_a_new_code_is_unknown() {
        for code in ErrorCode::ALL {
            let detail = ErrorDetail {
                pointer: "/value".to_owned(),
                code: "too_long".to_owned(),
                message: "Long.".to_owned(),
            };
            let body = ErrorBody::new(*code, "Message.", vec![detail]);
            assert_eq!(error(&to_value(&body).unwrap(), body.error.status), Some(body.error));
        }
        let read =
            error(&json!({"error": {"code": "brand_new", "message": "", "status": 418}}), 418).unwrap();
        assert_eq!((read.code, read.status), (ErrorCode::Unknown, 418));
    }

    #[test]
    fn what_is_no_reply_is_not_read() {
        for value in
            [json!(null), json!([]), json!({"turn": {"type": "dance", "progress": 0}}), json!("<html>")]
        {
            assert_eq!(course(&value), None);
            assert_eq!(snapshot(&value), None);
            assert_eq!(error(&value, 500), None);
        }
    }
}
