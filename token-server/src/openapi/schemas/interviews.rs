//! Sessions, answers and transcripts, for those who look at them.

use protocol::{question::QuestionKind, session::SessionStatus};
use serde_json::{Value, json};

use super::{
    Named, anything, boolean, fraction, integer, list, nullable, object, of, text, with_example, words,
};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("SessionStatus", words("Where a session stands.", &SessionStatus::ALL)),
        ("QuestionKind", words("What kind of answer a question takes.", &KINDS)),
        ("Session", session()),
        ("Participant", participant()),
        ("Answer", answer()),
        ("TranscriptConsent", transcript_consent()),
        ("TranscriptEntry", transcript_entry()),
        ("Transcript", transcript()),
    ]
}

const KINDS: [QuestionKind; 15] = [
    QuestionKind::Statement,
    QuestionKind::Consent,
    QuestionKind::ShortText,
    QuestionKind::LongText,
    QuestionKind::Email,
    QuestionKind::YesNo,
    QuestionKind::SingleChoice,
    QuestionKind::MultiChoice,
    QuestionKind::Ranking,
    QuestionKind::Rating,
    QuestionKind::Number,
    QuestionKind::Date,
    QuestionKind::File,
    QuestionKind::Audio,
    QuestionKind::Video,
];

fn session() -> Value {
    let schema = object(
        "A session: one run through an interview.",
        [
            ("id", of("SessionId", "Its id.")),
            ("campaign_id", of("CampaignId", "Which campaign.")),
            ("invite_id", of("InviteId", "Which invite opened it.")),
            ("participant_id", of("ParticipantId", "Who is interviewed.")),
            ("environment", of("Environment", "Which environment.")),
            ("guide_version", integer("The version of the guide that it began with and keeps.")),
            ("locale", text("The language of the interview.")),
            ("status", of("SessionStatus", "Where it stands.")),
            ("progress", fraction("How far it has come.")),
            ("answers", integer("How many answers are committed.")),
            ("started_at", of("Timestamp", "When it began.")),
            ("last_activity_at", of("Timestamp", "The last sign of life.")),
            ("completed_at", nullable(of("Timestamp", "When it was completed."))),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "ses_01KGA0G8000000000000000005",
            "campaign_id": "camp_01KGA0G8000000000000000002",
            "invite_id": "inv_01KGA0G8000000000000000004",
            "participant_id": "part_01KGA0G8000000000000000003",
            "environment": "live",
            "guide_version": 1,
            "locale": "en",
            "status": "active",
            "progress": 0.5,
            "answers": 3,
            "started_at": "2026-01-31T12:10:00.000Z",
            "last_activity_at": "2026-01-31T12:12:00.000Z",
            "completed_at": null
        }),
    )
}

fn participant() -> Value {
    let schema = object(
        "A person who was invited.",
        [
            ("id", of("ParticipantId", "Their id.")),
            ("email", nullable(text("Where they can be reached; `null` without the scope `pii:read`."))),
            ("name", nullable(text("What they are called; `null` without the scope `pii:read`."))),
            ("external_id", nullable(text("Your own id for them."))),
            ("created_at", of("Timestamp", "When they were first invited.")),
            (
                "erased_at",
                nullable(of("Timestamp", "When they were erased: nothing but this and their id is left.")),
            ),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "part_01KGA0G8000000000000000003",
            "email": "ada@example.com",
            "name": "Ada",
            "external_id": "42",
            "created_at": "2026-01-31T12:00:00.000Z",
            "erased_at": null
        }),
    )
}

fn answer() -> Value {
    let schema = object(
        "A committed answer.",
        [
            ("id", of("AnswerId", "Its id.")),
            ("question_id", text("The question, or a probe such as `why~1`.")),
            ("kind", of("QuestionKind", "What kind of question.")),
            ("value", anything("The answer; `null` where it was skipped.")),
            ("seq", integer("The client's own count.")),
            ("elapsed_ms", integer("How long the question was on screen.")),
            ("answered_at", of("Timestamp", "When it was committed.")),
            (
                "on_the_way?",
                boolean(
                    "`false` where an earlier answer was changed since, and this one does not lead to where the \
                     interview stands: the transcript leaves it out. Left out where it does.",
                ),
            ),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "ans_01KGA0G8000000000000000006",
            "question_id": "why",
            "kind": "long_text",
            "value": "I lose track of who wrote what.",
            "seq": 12,
            "elapsed_ms": 31_500,
            "answered_at": "2026-01-31T12:12:00.000Z",
            "on_the_way": false
        }),
    )
}

fn transcript_consent() -> Value {
    object(
        "A consent item and whether it was agreed to.",
        [
            ("id", text("The item.")),
            ("version", integer("Which wording.")),
            ("text", text("The wording.")),
            ("accepted", boolean("Whether it was agreed to.")),
        ],
    )
}

fn transcript_entry() -> Value {
    object(
        "A question and its answer.",
        [
            ("answer_id", of("AnswerId", "The answer's id.")),
            ("question_id", text("The question, or a probe such as `why~1`.")),
            ("probe_of?", text("For a probe: the question it asked more about.")),
            ("kind", of("QuestionKind", "What kind of question.")),
            ("question", text("The question as it was asked.")),
            ("value", anything("The answer.")),
            ("answer", text("The answer as a person would read it: labels instead of choice ids.")),
            ("answered_at", of("Timestamp", "When it was committed.")),
        ],
    )
}

fn transcript() -> Value {
    let schema = object(
        "What was asked and answered.",
        [
            ("session_id", of("SessionId", "The session.")),
            ("campaign_id", of("CampaignId", "Which campaign.")),
            ("participant_id", of("ParticipantId", "Who was interviewed.")),
            ("title", text("The interview's title, in the language of the interview.")),
            ("locale", text("The language of the interview.")),
            ("status", of("SessionStatus", "Where it stands.")),
            ("started_at", of("Timestamp", "When it began.")),
            ("completed_at", nullable(of("Timestamp", "When it was completed."))),
            ("consent", list("What was agreed to.", of("TranscriptConsent", "An item."))),
            (
                "entries",
                list(
                    "Questions on the way to where the interview stands and their answers, in the order they were \
                     answered.",
                    of("TranscriptEntry", "An entry."),
                ),
            ),
        ],
    );
    with_example(
        schema,
        json!({
            "session_id": "ses_01KGA0G8000000000000000005",
            "campaign_id": "camp_01KGA0G8000000000000000002",
            "participant_id": "part_01KGA0G8000000000000000003",
            "title": "How you take notes",
            "locale": "en",
            "status": "completed",
            "started_at": "2026-01-31T12:10:00.000Z",
            "completed_at": "2026-01-31T12:20:00.000Z",
            "consent": [{"id": "research", "version": 1, "text": "You may keep my answers.", "accepted": true}],
            "entries": [{
                "answer_id": "ans_01KGA0G8000000000000000006",
                "question_id": "why~1",
                "probe_of": "why",
                "kind": "long_text",
                "question": "Could you say more?",
                "value": "Names are missing.",
                "answer": "Names are missing.",
                "answered_at": "2026-01-31T12:12:00.000Z"
            }]
        }),
    )
}
