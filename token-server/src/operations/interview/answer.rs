//! Answers and drafts of answers.

use domain::{
    fault::{Fault, check_client_id},
    interview::{AnswerRefused, is_blank},
    session::{StoredAnswer, StoredDraft},
};
use protocol::{
    ErrorCode, Timestamp,
    session::{AnswerReceipt, AnsweredQuestion, PutAnswer, SessionStatus},
    webhook::EventType,
};
use serde_json::{Value, json};
use storage::UnitOfWork;

use super::{Loaded, News, load, settle, upload, write};
use crate::{auth::participant::Participant, error::ApiError, operations::events, state::AppState};

/// A receipt as JSON: what was stored with the answer is sent again to the letter.
pub type ReceiptJson = String;

/// An answer that was given, with its question as it was asked.
///
/// # Errors
/// 404 for a question that has no answer or is no longer on the way; and those of [`load::by_token`].
pub async fn get(
    state: &AppState,
    participant: &Participant,
    question_id: &str,
) -> Result<AnsweredQuestion, ApiError> {
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), state, participant, state.now()).await?;
    let answered = loaded.interview().answered(question_id).zip(loaded.answer_to(question_id));
    let (question, answer) = answered.ok_or_else(ApiError::not_found)?;
    Ok(AnsweredQuestion { question, value: answer.value.clone(), seq: answer.seq })
}

/// Commits an answer or saves a draft. It returns when that is on disk.
///
/// # Errors
/// 404 for a question that is not open, 409 for one that has its answer or lacks consent, 410 when the interview is over,
/// 422 for a value that is refused or a client id that was used for another question; and those of [`load::by_token`].
pub async fn put(
    state: &AppState,
    participant: Participant,
    question_id: String,
    body: PutAnswer,
) -> Result<ReceiptJson, ApiError> {
    ApiError::check(faults(&body))?;
    load::prepare(state, &participant).await?;
    let now = state.now();
    let (app, session) = (state.clone(), participant.session_id.clone());
    let receipt = write(state, move |unit| {
        Box::pin(async move {
            let loaded = load::by_token(unit, &app, &participant, now).await?;
            if body.is_final {
                commit(unit, &app, loaded, &question_id, body, now).await
            } else {
                save_draft(unit, &app, loaded, question_id, body, now).await
            }
        })
    })
    .await;
    state.shared.streams.wake(&session);
    receipt
}

fn faults(body: &PutAnswer) -> Vec<Fault> {
    const MAX_ELAPSED_MS: u64 = 90 * 86_400_000;
    let mut faults = Vec::new();
    check_client_id(&mut faults, "/client_id", &body.client_id);
    // The database's integers have a sign.
    if i64::try_from(body.seq).is_err() {
        faults.push(Fault::new("/seq", "out_of_range", "Must be less than 2^63."));
    }
    if body.elapsed_ms > MAX_ELAPSED_MS {
        faults.push(Fault::new("/elapsed_ms", "out_of_range", "Must be at most 90 days."));
    }
    faults
}

async fn commit(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    mut loaded: Loaded,
    question_id: &str,
    body: PutAnswer,
    now: Timestamp,
) -> Result<(ReceiptJson, News), ApiError> {
    if let Some(stored) = unit.find_reply(&loaded.session.id, &body.client_id).await? {
        if stored.question_id == question_id {
            return Ok((stored.json, News::default()));
        }
        let message =
            "This client_id was used for the answer to another question. Choose a new one for each commit.";
        return Err(ApiError::with_message(ErrorCode::IdempotencyMismatch, message));
    }
    let target = {
        let interview = loaded.interview();
        interview.check_answer(question_id, &body.value).map_err(refused)?;
        interview.target(question_id).map_err(refused)?
    };
    let before = loaded.answer_to(question_id).map(|answer| answer.position);
    let mut answer = StoredAnswer {
        id: state.new_id(),
        session_id: loaded.session.id.clone(),
        position: before.unwrap_or(loaded.session.answers),
        question_id: question_id.to_owned(),
        kind: target.kind,
        // One way of saying nothing, so that whoever counts or reads answers need not know the others.
        value: if is_blank(&body.value) { Value::Null } else { body.value },
        probe: target.probe,
        seq: body.seq,
        client_id: body.client_id,
        elapsed_ms: body.elapsed_ms,
        answered_at: now,
        reply: String::new(),
    };
    upload::claim(unit, &answer).await?;
    loaded.take(answer.clone());
    answer.reply = receipt(&AnswerReceipt {
        answer_id: Some(answer.id.clone()),
        seq: answer.seq,
        turn: loaded.turn(),
        ahead: loaded.ahead(),
    })?;
    if before.is_some() {
        unit.replace_answer(&answer).await?;
    } else {
        unit.add_answer(&answer).await?;
    }
    tell_recorded(unit, state, &loaded, &answer, now).await?;
    resume(&mut loaded);
    settle(unit, state, &mut loaded, now).await?;
    Ok((answer.reply, News { is_answered: true, ..loaded.news }))
}

async fn tell_recorded(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    loaded: &Loaded,
    answer: &StoredAnswer,
    now: Timestamp,
) -> Result<(), ApiError> {
    let session = &loaded.session;
    let data = events::members(json!({
        "session_id": session.id, "campaign_id": session.campaign_id, "invite_id": session.invite_id,
        "participant_id": session.participant_id, "answer_id": answer.id, "question_id": answer.question_id,
        "kind": answer.kind, "answers": session.answers
    }));
    let (entropy, kind) = (state.shared.entropy.as_ref(), EventType::SessionAnswerRecorded);
    events::tell(unit, entropy, now, (session.environment, &session.organization_id), kind, data).await
}

async fn save_draft(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    mut loaded: Loaded,
    question_id: String,
    body: PutAnswer,
    now: Timestamp,
) -> Result<(ReceiptJson, News), ApiError> {
    loaded.interview().check_draft(&question_id, &body.value).map_err(refused)?;
    // A draft that was late on its way says nothing new, and must not take the place of another one.
    if loaded.answer_to(&question_id).is_some_and(|answer| body.seq <= answer.seq) {
        return Err(refused(AnswerRefused::AlreadyAnswered));
    }
    let (turn, ahead) = (loaded.turn(), loaded.ahead());
    let session_id = loaded.session.id.clone();
    let draft = StoredDraft { session_id, question_id, seq: body.seq, value: body.value, saved_at: now };
    let stored = unit.put_draft(&draft).await?;
    resume(&mut loaded);
    settle(unit, state, &mut loaded, now).await?;
    Ok((receipt(&AnswerReceipt { answer_id: None, seq: stored.seq, turn, ahead })?, loaded.news))
}

/// Whoever answers is no longer paused.
fn resume(loaded: &mut Loaded) {
    if loaded.session.status == SessionStatus::Paused {
        loaded.session.status = SessionStatus::Active;
    }
}

fn receipt(receipt: &AnswerReceipt) -> Result<ReceiptJson, ApiError> {
    serde_json::to_string(receipt).map_err(|error| ApiError::internal(&error))
}

/// The same words for a question that does not exist and for one that comes later, so that nothing can be learned.
fn not_open() -> ApiError {
    let message = "This question is not open. GET /v1/participant/session tells which one is.";
    ApiError::with_message(ErrorCode::NotFound, message)
}

pub(super) fn refused(refused: AnswerRefused) -> ApiError {
    match refused {
        AnswerRefused::NotOpen => not_open(),
        AnswerRefused::AlreadyAnswered => {
            let message =
                "This question has been answered already. GET /v1/participant/session tells what comes now.";
            ApiError::with_message(ErrorCode::Conflict, message)
        }
        AnswerRefused::ConsentMissing => ApiError::with_message(
            ErrorCode::Conflict,
            "Consent comes before any answer: POST /v1/participant/session/consent.",
        ),
        AnswerRefused::Over => ApiError::new(ErrorCode::InviteCompleted),
        AnswerRefused::Invalid { code, message } => {
            ApiError::invalid(vec![Fault::new("/value", code, message)])
        }
    }
}
