//! The participant API: what the widget sends and gets.

use serde_json::{Value, json};

use super::{
    Member, Named, anything, body, boolean, fraction, integer, integer_in, list, map, named, nullable,
    object, of, short_text, text, with, with_example,
};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("StartSession", start_session()),
        ("StartSessionForm", start_session_form()),
        (
            "SessionSnapshot",
            with_example(object("All that is needed to resume.", snapshot()), snapshot_example()),
        ),
        ("StartedSession", started_session()),
        ("PreviousSession", previous_session()),
        ("SessionView", session_view()),
        ("CampaignView", campaign_view()),
        ("ConsentItem", consent_item()),
        ("GiveConsent", give_consent()),
        ("AcceptedConsent", accepted_consent()),
        ("SessionTurn", session_turn()),
        ("Turn", turn()),
        ("Ahead", ahead()),
        ("ConsentTurn", turn_of("consent", "The consent items of the campaign are to be shown.", None)),
        (
            "QuestionTurn",
            turn_of("question", "A question is to be shown.", Some(("question", named("QuestionView")))),
        ),
        ("EndTurn", turn_of("end", "The interview is over.", Some(("end", named("EndView"))))),
        ("QuestionView", question_view()),
        ("ChoiceView", choice_view()),
        ("RecordingView", recording_view()),
        ("Validate", validate()),
        ("EndView", end_view()),
        ("PutAnswer", put_answer()),
        ("AnswerForm", answer_form()),
        ("AnswerReceipt", answer_receipt()),
        ("Draft", draft()),
        ("OwnAnswer", own_answer()),
        ("AnsweredQuestion", answered_question()),
        ("RenewedToken", with_example(object("A new session token.", token()), token_example())),
        ("CompletedSession", completed_session()),
        ("WithdrawnSession", withdrawn_session()),
    ]
}

fn start_session() -> Value {
    let locale = text("The language the participant prefers (BCP 47); used when the invite names none.");
    body("How to start.", [("locale?", nullable(locale))], json!({"locale": "en"}))
}

fn start_session_form() -> Value {
    let members = [
        ("access_token?", text("The invite token; needed where the header does not have it.")),
        ("locale?", text("The language the participant prefers (BCP 47); used when the invite names none.")),
    ];
    body("How to start, with the token.", members, json!({"access_token": "eyJ…", "locale": "en"}))
}

fn token() -> Vec<Member> {
    vec![
        ("session_token", text("Authority for the other calls, as `Authorization: Bearer …`.")),
        ("expires_in_s", integer("How long it lives; renew it before.")),
    ]
}

fn token_example() -> Value {
    json!({"session_token": "eyJ0eXAiOiJzZXNzaW9uK2p3dCIsImFsZyI6IkVkRFNBIn0.…", "expires_in_s": 900})
}

fn snapshot() -> Vec<Member> {
    vec![
        ("session", of("SessionView", "The session itself.")),
        ("campaign", of("CampaignView", "What surrounds the questions.")),
        ("turn", of("Turn", "What to show now.")),
        ("ahead?", list_ahead()),
        ("draft", nullable(of("Draft", "What was typed into the current question and not yet committed."))),
        (
            "answers",
            list("The participant's own committed answers, oldest first.", of("OwnAnswer", "An answer.")),
        ),
    ]
}

fn started_session() -> Value {
    let previous = of("PreviousSession", "The session that the same invite opened before this one.");
    let members = token().into_iter().chain([("previous_session?", previous)]).chain(snapshot());
    let example = with(snapshot_example(), token_example());
    let example = with(
        example,
        json!({"previous_session": {"id": "ses_01KGA0G8000000000000000004", "status": "abandoned"}}),
    );
    with_example(object("The interview was started or resumed.", members), example)
}

fn previous_session() -> Value {
    let members = [
        ("id", of("SessionId", "Its id.")),
        ("status", of("SessionStatus", "How it ended: `completed` or `abandoned`.")),
    ];
    object(
        "What a device still has of this session belongs there: a lost reply may have confirmed it.",
        members,
    )
}

fn session_view_example() -> Value {
    json!({"id": "ses_01KGA0G8000000000000000005", "status": "active", "progress": 0.25})
}

fn turn_example() -> Value {
    json!({
        "type": "question",
        "progress": 0.25,
        "question": {
            "id": "tool",
            "kind": "single_choice",
            "text": "Which tool do you use?",
            "help": "Choose the one you use most.",
            "required": true,
            "validate": {},
            "choices": [{"id": "paper", "label": "Paper"}, {"id": "app", "label": "An app"}]
        }
    })
}

fn ahead_example() -> Value {
    json!([{
        "progress": 0.5,
        "question": {
            "id": "since",
            "kind": "date",
            "text": "Since when do you take notes?",
            "required": false,
            "validate": {"min_value": "1950-01-01"}
        }
    }])
}

fn snapshot_example() -> Value {
    json!({
        "session": session_view_example(),
        "campaign": {
            "title": "How you take notes",
            "intro": "Hello Ada!",
            "theme": {},
            "locale": "en",
            "consent": [{"id": "research", "version": 1, "text": "You may keep my answers.", "required": true}],
            "allow_back": true
        },
        "turn": turn_example(),
        "ahead": ahead_example(),
        "draft": {"question_id": "tool", "seq": 4, "value": "app"},
        "answers": [{
            "question_id": "name",
            "kind": "short_text",
            "text": "What may we call you?",
            "value": "Ada",
            "seq": 3,
            "answered_at": "2026-01-31T12:11:00.000Z"
        }]
    })
}

fn session_view() -> Value {
    object(
        "The state of a session.",
        [
            ("id", of("SessionId", "Its id.")),
            ("status", of("SessionStatus", "Where it stands.")),
            ("progress", fraction("How far it has come; never goes back.")),
        ],
    )
}

fn campaign_view() -> Value {
    object(
        "What the participant sees around the questions.",
        [
            ("title", text("The interview's title.")),
            ("intro", text("What is said before it begins; may be empty.")),
            ("theme", map("Custom properties for the widget's look, by name.")),
            ("locale", text("The language of this interview (BCP 47).")),
            ("consent", list("What the participant is asked to agree to.", named("ConsentItem"))),
            ("allow_back?", boolean("Whether answers may be changed until the interview is over.")),
        ],
    )
}

fn consent_item() -> Value {
    object(
        "One thing to agree to.",
        [
            ("id", text("Its id.")),
            ("version", integer("Which wording this is.")),
            ("text", text("The wording.")),
            ("required", boolean("Whether the interview ends when it is refused.")),
        ],
    )
}

fn give_consent() -> Value {
    let accepted = list("What was agreed to; what is left out was refused.", named("AcceptedConsent"));
    let example = json!({"accepted": [{"id": "research", "version": 1}]});
    body("Consent, before any answer.", [("accepted", accepted)], example)
}

fn accepted_consent() -> Value {
    let members =
        [("id", text("The item.")), ("version", integer_in("The wording that was shown.", 0, u32::MAX))];
    body("One wording that was agreed to.", members, json!({"id": "research", "version": 1}))
}

fn session_turn() -> Value {
    let members = [
        ("session", of("SessionView", "The session.")),
        ("turn", of("Turn", "What to show now.")),
        ("ahead?", list_ahead()),
    ];
    let example =
        json!({"session": session_view_example(), "turn": turn_example(), "ahead": ahead_example()});
    with_example(object("The session and what to show now.", members), example)
}

fn turn() -> Value {
    let kinds = [("consent", "ConsentTurn"), ("question", "QuestionTurn"), ("end", "EndTurn")];
    let mapping: serde_json::Map<_, _> =
        kinds.iter().map(|(kind, name)| ((*kind).to_owned(), named(name)["$ref"].take())).collect();
    json!({
        "description": "What to show now.",
        "oneOf": kinds.map(|(_, name)| named(name)),
        "discriminator": {"propertyName": "type", "mapping": mapping}
    })
}

fn list_ahead() -> Value {
    let description = "What comes then, as far as the guide's `offline_questions` lets the device have it in advance: \
        in order, and whatever valid answers the current question and those in between get.";
    list(description, named("Ahead"))
}

fn ahead() -> Value {
    object(
        "A question in advance.",
        [("progress", fraction("How far the interview has come then.")), ("question", named("QuestionView"))],
    )
}

fn turn_of(kind: &str, description: &str, more: Option<Member>) -> Value {
    let members = [
        ("type", json!({"const": kind, "description": "What kind of turn."})),
        ("progress", fraction("How far the interview has come.")),
    ];
    object(description, members.into_iter().chain(more))
}

fn question_view() -> Value {
    object(
        "A question, localized and with earlier answers piped in.",
        [
            ("id", text("What the answer is put to; a probe has its own, such as `why~1`.")),
            ("kind", of("QuestionKind", "What kind of answer it takes.")),
            ("text", text("The question.")),
            ("help?", text("A line of help below it.")),
            ("required", boolean("Whether it must be answered; if not, `null` skips it.")),
            ("validate", of("Validate", "Limits on the answer.")),
            (
                "choices?",
                list("What there is to choose from, in the order to show.", of("ChoiceView", "A choice.")),
            ),
            ("probe_of?", text("For a follow-up probe: the id of the question it asks more about.")),
            (
                "time_limit_ms?",
                integer(
                    "How long the participant has, from when it is shown. A later answer is taken all the same.",
                ),
            ),
            ("recording?", of("RecordingView", "For `audio` and `video`: how the recording goes.")),
        ],
    )
}

fn recording_view() -> Value {
    object(
        "How a recording goes. What is absent is not limited.",
        [
            ("think_time_ms?", integer("How long the participant may think before it begins.")),
            ("max_retakes?", integer("How often it may be done again.")),
        ],
    )
}

fn choice_view() -> Value {
    object(
        "One of the choices.",
        [("id", text("What the answer holds.")), ("label", text("What the participant reads."))],
    )
}

fn validate() -> Value {
    let bound = |description: &str| json!({"type": ["number", "string"], "description": description});
    object(
        "Limits on an answer. Absent means no limit, except where the kind has one by nature.",
        [
            ("min_length?", integer("Fewest characters (Unicode scalar values) of a text.")),
            ("max_length?", integer("Most characters (Unicode scalar values) of a text.")),
            ("min_value?", bound("Smallest number, or earliest date.")),
            ("max_value?", bound("Largest number, or latest date.")),
            ("min_choices?", integer("Fewest choices, or files.")),
            ("max_choices?", integer("Most choices, or files.")),
            ("pattern?", text("A regular expression that the whole text must match.")),
            ("accept?", list("Media types that an upload may have.", text("Such as `image/*`."))),
            ("max_bytes?", integer("Largest upload, each.")),
            ("max_duration_ms?", integer("Longest recording.")),
        ],
    )
}

fn end_view() -> Value {
    object(
        "An end of the interview.",
        [
            ("id", text("Its id in the guide, or `consent_declined`.")),
            ("text", text("What to say.")),
            ("redirect_url", nullable(text("Where to send the participant, if anywhere."))),
        ],
    )
}

fn put_answer() -> Value {
    let client_id =
        "Chosen by the client for each commit (printable ASCII); the same id gets the same reply, for ever.";
    let seq = "The client's own count; a draft with a lower one never overwrites a later one.";
    let value = "By kind: a text; a bool (`yes_no`, `consent`); a number (`rating`, `number`); `YYYY-MM-DD`; a choice \
        id; a list of ids (`multi_choice`; `ranking` in order); a list of ids of uploads (`file`); the id of an upload \
        (`audio`, `video`); `null` for a `statement`, and to skip.";
    body(
        "An answer, or a draft of one.",
        [
            ("client_id", short_text(client_id, 1, 64)),
            ("seq", with(integer(seq), json!({"maximum": i64::MAX}))),
            ("value", anything(value)),
            (
                "elapsed_ms?",
                with(integer("How long the question was on screen."), json!({"maximum": 7_776_000_000_u64})),
            ),
            ("final", boolean("`false` saves a draft, `true` commits.")),
        ],
        json!({"client_id": "c-7f3a", "seq": 5, "value": "app", "elapsed_ms": 4_200, "final": true}),
    )
}

fn answer_form() -> Value {
    let members = [
        ("access_token?", text("The session token; needed where the header does not have it.")),
        ("answer", text("`PutAnswer`, as JSON text.")),
    ];
    let answer = r#"{"client_id":"c-7f3a","seq":5,"value":"app","elapsed_ms":4200,"final":true}"#;
    body(
        "An answer, or a draft of one, with the token.",
        members,
        json!({"access_token": "eyJ…", "answer": answer}),
    )
}

fn answer_receipt() -> Value {
    let schema = object(
        "The database has it on disk.",
        [
            ("answer_id", nullable(of("AnswerId", "The committed answer; `null` for a draft."))),
            ("seq", integer("The `seq` that is stored.")),
            ("turn", of("Turn", "What to show now.")),
            ("ahead?", list_ahead()),
        ],
    );
    let example = json!({
        "answer_id": "ans_01KGA0G8000000000000000006",
        "seq": 5,
        "turn": turn_example(),
        "ahead": ahead_example()
    });
    with_example(schema, example)
}

fn draft() -> Value {
    object(
        "A draft of an answer.",
        [
            ("question_id", text("The question.")),
            ("seq", integer("The client's count.")),
            ("value", anything("What was typed so far.")),
        ],
    )
}

fn own_answer() -> Value {
    object(
        "An answer, told back to the participant who gave it.",
        [
            ("question_id", text("The question.")),
            ("kind", of("QuestionKind", "What kind of question.")),
            ("text", text("The question as it was asked.")),
            ("value", anything("The answer.")),
            ("seq", integer("The client's count.")),
            ("answered_at", of("Timestamp", "When it was committed.")),
        ],
    )
}

fn answered_question() -> Value {
    object(
        "An answer, with its question as it was asked.",
        [
            ("question", named("QuestionView")),
            ("value", anything("The answer.")),
            ("seq", integer("The client's count.")),
        ],
    )
}

fn withdrawn_session() -> Value {
    let schema = object(
        "Nothing of the interview is left.",
        [
            ("status", json!({"type": "string", "enum": ["withdrawn"]})),
            ("withdrawn_at", of("Timestamp", "When it was erased.")),
        ],
    );
    with_example(schema, json!({"status": "withdrawn", "withdrawn_at": "2026-01-31T12:20:00.000Z"}))
}

fn completed_session() -> Value {
    let schema = object(
        "The interview is complete.",
        [
            ("status", of("SessionStatus", "Always `completed`.")),
            ("completed_at", of("Timestamp", "When the last answer was committed.")),
            ("answers", integer("How many answers there are.")),
        ],
    );
    with_example(
        schema,
        json!({"status": "completed", "completed_at": "2026-01-31T12:20:00.000Z", "answers": 11}),
    )
}
