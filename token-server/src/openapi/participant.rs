//! The participant API, which the widget calls, and what needs no credential.

use serde_json::{Value, json};

use super::{operation::Operation, schemas::named};

const PARTICIPANT: &str = "Participant";
const PUBLIC: &str = "Public";

pub(super) fn all() -> Vec<Operation> {
    let mut all = session();
    all.extend(answers());
    all.extend(uploads());
    all.extend(public());
    all
}

fn session() -> Vec<Operation> {
    let path = "/v1/participant/session";
    vec![
        Operation::new(
            "post",
            path,
            (PARTICIPANT, "startSession"),
            "Start or resume an interview",
            "Opening costs nothing; completing spends a one-time invite. The token may also come as `access_token` in a \
             form (RFC 6750 §2.2), without the header: browsers send that to another origin without a preflight.",
        )
        .token("inviteToken")
        .optional_body("StartSession")
        .or_form("StartSessionForm")
        .refuses(&[409])
        .answers(200, "All that is needed to go on.", "StartedSession"),
        Operation::new("get", path, (PARTICIPANT, "getOwnSession"), "See what to show now", "")
            .token("sessionToken")
            .answers(200, "All that is needed to resume.", "SessionSnapshot"),
        Operation::new(
            "get",
            "/v1/participant/session/stream",
            (PARTICIPANT, "streamSession"),
            "Listen to the session",
            "Server-sent events, to be read with fetch: the token is in the header, never in the URL. Each event `turn` has a \
             `SessionTurn`: first the current one, then each that comes, whatever tab or device it comes from. It ends after the \
             turn with which the interview is over, after an event `error` (an `ErrorBody`: the invite was cancelled, the token \
             has run out), or when the server stops. Up to 8 may listen to one session.",
        )
        .token("sessionToken")
        .header(
            "Last-Event-ID",
            &json!({"type": "string"}),
            false,
            "The id of the last event that was received: what it told is not told again.",
        )
        .refuses(&[429])
        .answers_content(
            200,
            "The events.",
            json!({"text/event-stream": {"schema": {"description": "Of an event: its type, its id and its data."}}}),
        ),
        Operation::new(
            "post",
            "/v1/participant/session/token",
            (PARTICIPANT, "renewSessionToken"),
            "Renew the session token",
            "Before it runs out; the old one lives on until its own end.",
        )
        .token("sessionToken")
        .refuses(&[400, 413, 422])
        .answers(200, "The new token.", "RenewedToken"),
        Operation::new(
            "post",
            "/v1/participant/session/pause",
            (PARTICIPANT, "pauseSession"),
            "Pause the interview",
            "The next answer or start goes on with it.",
        )
        .token("sessionToken")
        .refuses(&[400, 413, 422])
        .answers(200, "The session.", "SessionTurn"),
        Operation::new(
            "post",
            "/v1/participant/session/withdraw",
            (PARTICIPANT, "withdrawSession"),
            "Withdraw from the interview",
            "Erases answers, drafts and what the invite says of the participant; the invite is cancelled.",
        )
        .token("sessionToken")
        .refuses(&[400, 413, 422])
        .answers(200, "Nothing of it is left.", "WithdrawnSession"),
        Operation::new(
            "post",
            "/v1/participant/session/complete",
            (PARTICIPANT, "completeSession"),
            "Confirm that the interview is complete",
            "The answer that reached the end has completed it already, so this only tells.",
        )
        .token("sessionToken")
        .refuses(&[400, 413, 422])
        .refuses(&[409])
        .answers(200, "It is complete.", "CompletedSession"),
    ]
}

fn answers() -> Vec<Operation> {
    vec![
        Operation::new(
            "post",
            "/v1/participant/session/consent",
            (PARTICIPANT, "giveConsent"),
            "Give consent",
            "Before any answer. Refusing a required item ends the interview; what was said once stays.",
        )
        .token("sessionToken")
        .body("GiveConsent")
        .answers(200, "What to show now.", "SessionTurn"),
        Operation::new(
            "get",
            "/v1/participant/session/answers/{question_id}",
            (PARTICIPANT, "getOwnAnswer"),
            "See an answer that was given",
            "With its question as it was asked, to be changed or only to be read.",
        )
        .token("sessionToken")
        .refuses(&[404])
        .answers(200, "The question and the answer.", "AnsweredQuestion"),
        Operation::new(
            "put",
            "/v1/participant/session/answers/{question_id}",
            (PARTICIPANT, "putAnswer"),
            "Answer the current question, or change an answer",
            "`final: false` saves a draft, `final: true` commits. The same `client_id` gets the same reply. Answers can be \
             changed until the interview is over, where the campaign has `allow_back`.",
        )
        .token("sessionToken")
        .body("PutAnswer")
        .refuses(&[404, 409])
        .answers(200, "It is on disk.", "AnswerReceipt"),
        Operation::new(
            "post",
            "/v1/participant/session/answers/{question_id}",
            (PARTICIPANT, "postAnswer"),
            "Answer without a preflight",
            "As `putAnswer`. The token may also come as `access_token` in a form (RFC 6750 §2.2), without the header: browsers \
             send that to another origin without a preflight, which would be a round trip for each question.",
        )
        .token("sessionToken")
        .body("PutAnswer")
        .or_form("AnswerForm")
        .refuses(&[404, 409])
        .answers(200, "It is on disk.", "AnswerReceipt"),
    ]
}

fn uploads() -> Vec<Operation> {
    let (path, one) = ("/v1/participant/session/uploads", "/v1/participant/session/uploads/{upload_id}");
    let digest = json!({"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"});
    let bytes = json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary", "maxLength": 1_048_576}, "example": "abc"}});
    vec![
        Operation::new(
            "post",
            path,
            (PARTICIPANT, "beginUpload"),
            "Begin to send a file or a recording",
            "To the question that is open, within its `validate`. The same `client_id` gets the same upload.",
        )
        .token("sessionToken")
        .body("BeginUpload")
        .refuses(&[404, 409])
        .answers(200, "It was begun before.", "UploadReceipt")
        .answers(201, "It is begun.", "UploadReceipt"),
        Operation::new(
            "get",
            one,
            (PARTICIPANT, "getUpload"),
            "See how far an upload has come",
            "What to send again after a reload.",
        )
        .token("sessionToken")
        .refuses(&[404])
        .answers(200, "The upload.", "UploadReceipt"),
        Operation::new(
            "put",
            "/v1/participant/session/uploads/{upload_id}/parts/{number}",
            (PARTICIPANT, "putUploadPart"),
            "Send a part",
            "Each has `part_size_bytes` bytes, but for the last; in any order, and as often as it takes.",
        )
        .token("sessionToken")
        .header("Content-Digest", &digest, true, "SHA-256 of the part (RFC 9530).")
        .takes(&bytes)
        .refuses(&[400, 404, 409, 413, 422])
        .answers(200, "The part is on disk.", "UploadReceipt"),
        Operation::new(
            "post",
            "/v1/participant/session/uploads/{upload_id}/complete",
            (PARTICIPANT, "completeUpload"),
            "Complete an upload",
            "From then on an answer can hold it.",
        )
        .token("sessionToken")
        .optional_body("CompleteUpload")
        .refuses(&[404, 409])
        .answers(200, "All of it is on disk.", "UploadReceipt"),
    ]
}

fn public() -> Vec<Operation> {
    let get = |path, id, summary, description: &str, media_type: &str, schema: Value| {
        let content = json!({media_type: {"schema": schema}});
        let new = Operation::new("get", path, (PUBLIC, id), summary, "").public();
        new.answers_content(200, description, content)
    };
    let (text, html) = (json!({"type": "string"}), "text/html; charset=utf-8");
    let object = json!({"type": "object"});
    vec![
        get(
            "/.well-known/jwks.json",
            "getKeySet",
            "Keys that verify tokens",
            "A JSON Web Key Set (RFC 7517).",
            "application/json",
            json!({
                "type": "object",
                "required": ["keys"],
                "properties": {"keys": {"type": "array", "items": {"type": "object"}}}
            }),
        ),
        get(
            "/schemas/guide/1.json",
            "getGuideSchema",
            "The schema of guides",
            "A JSON Schema (2020-12).",
            "application/schema+json",
            object.clone(),
        ),
        get("/openapi.json", "getOpenApi", "This document", "OpenAPI 3.1.", "application/json", object),
        get("/docs", "getDocs", "This document, to read", "A page.", html, text.clone()),
        get(
            "/docs/style.css",
            "getDocsStyle",
            "Its style",
            "Styles.",
            "text/css; charset=utf-8",
            text.clone(),
        ),
        get(
            "/healthz",
            "getHealth",
            "Whether the server is alive",
            "It is.",
            "text/plain; charset=utf-8",
            text.clone(),
        ),
        get(
            "/readyz",
            "getReadiness",
            "Whether the server can do its work",
            "It can.",
            "text/plain; charset=utf-8",
            text.clone(),
        )
        .refuses(&[503]),
        get(
            "/metrics",
            "getMetrics",
            "What was counted in this environment",
            "The text format of Prometheus.",
            "text/plain; version=0.0.4; charset=utf-8",
            text.clone(),
        )
        .refuses(&[404]),
        get("/i", "getInterviewPage", "The page behind `invite_url`", "A page.", html, text.clone()),
        get(
            "/i/page.js",
            "getInterviewScript",
            "The script of that page",
            "A script.",
            "text/javascript; charset=utf-8",
            text.clone(),
        ),
        get(
            "/embed",
            "getEmbeddedPage",
            "The interview for an iframe",
            "A page; its `frame-ancestors` are the pages that may show it.",
            html,
            text.clone(),
        )
        .query(
            "invite",
            &named("InviteId"),
            "The invite's id. The token comes by message, never in an address.",
        )
        .answers_content(404, "No such invite here, or it was withdrawn.", json!({html: {"schema": text}}))
        .refuses(&[503]),
        get(
            "/embed/page.js",
            "getEmbeddedScript",
            "The script of that page",
            "A script.",
            "text/javascript; charset=utf-8",
            text,
        ),
    ]
}
