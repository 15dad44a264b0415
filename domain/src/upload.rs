//! Files that a customer has sent, and files and recordings that participants send in parts.

use protocol::{
    Environment, Timestamp,
    ids::{AnswerId, OrganizationId, ParticipantId, SessionId, UploadId},
    question::Validate,
    upload::{BeginUpload, Upload, UploadStatus},
};

use crate::{
    fault::{Fault, check_client_id, check_text},
    media_type::{covers, essence, is_media_type},
    session::StoredSession,
};

/// Longest name of a file, in characters.
pub const MAX_FILENAME: usize = 255;
/// Largest file of a participant, whatever a guide says, and all files of one session together: 1 GiB.
pub const MAX_BYTES: u64 = 1_024 * 1_024 * 1_024;
/// Most files in one answer.
pub const MAX_FILES: u32 = 20;
/// Uploads of one session that may be open at once.
pub const MAX_OPEN: usize = 20;

/// Uploads that a session may have begun in all: each call looks at them.
pub const MAX_UPLOADS: usize = 500;
/// How long a part is: small enough that a bad line loses little, and that it can be held in memory.
pub const PART_BYTES: u32 = 1_024 * 1_024;
/// How long an open upload waits for its next part: a day.
pub const OPEN_FOR_S: i64 = 86_400;

/// A file, as stored. Its bytes are in a file of that id.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// Its id, and the name of the file with its bytes.
    pub id: UploadId,
    /// Which environment.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Whom it is about.
    pub participant_id: Option<ParticipantId>,
    /// What the sender calls it: to be shown, never to be opened.
    pub filename: String,
    /// What the sender says that it is.
    pub content_type: String,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of the bytes, in lowercase hex; none as long as it is not complete.
    pub sha256: Option<String>,
    /// When it came, or was begun.
    pub created_at: Timestamp,
    /// For what a participant sends; none for a customer's file.
    pub sent_in: Option<SentIn>,
}

/// In which interview an upload is sent, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentIn {
    /// Which session.
    pub session_id: SessionId,
    /// To which question.
    pub question_id: String,
    /// What the client calls it.
    pub client_id: String,
    /// How long a recording plays.
    pub duration_ms: Option<u64>,
    /// How long each part is, but for the last.
    pub part_size_bytes: u32,
    /// When the latest part came, or it was begun.
    pub last_part_at: Timestamp,
    /// The answer that holds it.
    pub answer_id: Option<AnswerId>,
}

/// A part that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPart {
    /// From 1.
    pub number: u32,
    /// SHA-256 of its bytes, in lowercase hex.
    pub sha256: String,
}

// The name of a file may well be the name of a person.
impl std::fmt::Debug for StoredUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredUpload").field("id", &self.id).finish_non_exhaustive()
    }
}

impl StoredUpload {
    /// What is wrong with what the sender says of it.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/filename", &self.filename, 1, MAX_FILENAME);
        check_text(&mut faults, "/content_type", &self.content_type, 1, MAX_FILENAME);
        faults
    }

    /// Whether a customer has sent it, and no participant.
    pub const fn is_of_customer(&self) -> bool {
        self.sent_in.is_none()
    }

    /// An upload that a participant begins; what they say was found right.
    pub fn begin(id: UploadId, session: &StoredSession, sent: BeginUpload, now: Timestamp) -> Self {
        Self {
            id,
            environment: session.environment,
            organization_id: session.organization_id.clone(),
            participant_id: Some(session.participant_id.clone()),
            filename: sent.filename,
            content_type: essence(&sent.content_type),
            size_bytes: sent.size_bytes,
            sha256: None,
            created_at: now,
            sent_in: Some(SentIn {
                session_id: session.id.clone(),
                question_id: sent.question_id,
                client_id: sent.client_id,
                duration_ms: sent.duration_ms,
                part_size_bytes: PART_BYTES,
                last_part_at: now,
                answer_id: None,
            }),
        }
    }

    /// Whether it is one of this session.
    pub fn is_of(&self, session: &SessionId) -> bool {
        self.sent_in.as_ref().is_some_and(|sent| &sent.session_id == session)
    }

    /// Where a part lies in the file; none where there is no such part.
    pub fn part(&self, number: u32) -> Option<std::ops::Range<u64>> {
        let size = u64::from(self.sent_in.as_ref()?.part_size_bytes);
        let start = u64::from(number.checked_sub(1)?) * size;
        (start < self.size_bytes).then(|| start..self.size_bytes.min(start + size))
    }

    /// How many parts there are in all.
    pub fn parts(&self) -> u32 {
        let size = self.sent_in.as_ref().map_or(self.size_bytes, |sent| u64::from(sent.part_size_bytes));
        u32::try_from(self.size_bytes.div_ceil(size.max(1))).unwrap_or(u32::MAX)
    }

    /// As its participant sees it; none for a customer's file.
    pub fn view(&self, session: &StoredSession, received: &[StoredPart]) -> Option<Upload> {
        let sent = self.sent_in.as_ref()?;
        let (status, expires_at) = match self.sha256 {
            None => {
                (UploadStatus::Open, sent.last_part_at.plus_secs(OPEN_FOR_S).min(session.resumable_until()))
            }
            Some(_) => (UploadStatus::Complete, session.resumable_until()),
        };
        Some(Upload {
            id: self.id.clone(),
            question_id: sent.question_id.clone(),
            status,
            filename: self.filename.clone(),
            content_type: self.content_type.clone(),
            size_bytes: self.size_bytes,
            part_size_bytes: sent.part_size_bytes,
            parts_received: received.iter().map(|part| part.number).collect(),
            sha256: self.sha256.clone(),
            created_at: self.created_at,
            expires_at,
        })
    }
}

/// What is wrong with an upload that is to be begun for a question with these limits.
pub fn faults(sent: &BeginUpload, limits: &Validate) -> Vec<Fault> {
    let mut faults = form_faults(sent);
    let kind = essence(&sent.content_type);
    if is_media_type(&kind)
        && !limits.accept.is_empty()
        && !limits.accept.iter().any(|range| covers(range, &kind))
    {
        let message = format!("This question takes {}.", limits.accept.join(", "));
        faults.push(Fault::new("/content_type", "not_accepted", message));
    }
    if let Some(most) = limits.max_bytes.filter(|most| sent.size_bytes > *most) {
        faults.push(Fault::new("/size_bytes", "too_large", format!("At most {most} bytes are accepted.")));
    }
    if let (Some(most), Some(given)) = (limits.max_duration_ms, sent.duration_ms)
        && given > most
    {
        faults.push(Fault::new(
            "/duration_ms",
            "too_long",
            format!("At most {most} milliseconds are accepted."),
        ));
    }
    faults
}

/// What is wrong with an upload whatever it is for.
pub fn form_faults(sent: &BeginUpload) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_client_id(&mut faults, "/client_id", &sent.client_id);
    check_text(&mut faults, "/filename", &sent.filename, 1, MAX_FILENAME);
    if !is_media_type(&essence(&sent.content_type)) {
        let message = "Must be a media type, such as image/png.";
        faults.push(Fault::new("/content_type", "invalid_media_type", message));
    }
    if sent.size_bytes == 0 {
        faults.push(Fault::new(
            "/size_bytes",
            "out_of_range",
            "Must be at least 1: an empty file says nothing.",
        ));
    }
    // The database's integers have a sign.
    for (pointer, number) in [("/size_bytes", Some(sent.size_bytes)), ("/duration_ms", sent.duration_ms)] {
        if number.is_some_and(|number| i64::try_from(number).is_err()) {
            faults.push(Fault::new(pointer, "out_of_range", "Must be less than 2^63."));
        }
    }
    faults
}

/// What one more upload would be too much of, beside the others of its session.
pub fn quota_faults(others: &[StoredUpload], size_bytes: u64) -> Vec<Fault> {
    let mut faults = Vec::new();
    if others.len() >= MAX_UPLOADS {
        let message = format!(
            "An interview can have at most {MAX_UPLOADS} uploads, those included that no answer holds."
        );
        faults.push(Fault::new("", "too_many_uploads", message));
    } else if others.iter().filter(|one| one.sha256.is_none()).count() >= MAX_OPEN {
        let message = format!("At most {MAX_OPEN} uploads can be open at once. Complete one of them first.");
        faults.push(Fault::new("", "too_many_uploads", message));
    }
    let before = others.iter().fold(0_u64, |sum, one| sum.saturating_add(one.size_bytes));
    if before.saturating_add(size_bytes) > MAX_BYTES {
        let message = format!("All uploads of an interview together can have at most {MAX_BYTES} bytes.");
        faults.push(Fault::new("/size_bytes", "quota_exceeded", message));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(size_bytes: u64) -> BeginUpload {
        BeginUpload {
            client_id: "u-1".to_owned(),
            question_id: "photo".to_owned(),
            filename: "Zoë.png".to_owned(),
            content_type: "image/png".to_owned(),
            size_bytes,
            duration_ms: None,
        }
    }

    fn told(faults: &[Fault]) -> Vec<(&str, &str)> {
        faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect()
    }

    fn stored(size_bytes: u64, sha256: Option<&str>) -> StoredUpload {
        let sent = begin(size_bytes);
        StoredUpload {
            id: protocol::ids::PrefixedId::from_suffix("1"),
            environment: Environment::Live,
            organization_id: protocol::ids::PrefixedId::from_suffix("1"),
            participant_id: None,
            filename: sent.filename,
            content_type: sent.content_type,
            size_bytes,
            sha256: sha256.map(str::to_owned),
            created_at: Timestamp::from_millis(0),
            sent_in: Some(SentIn {
                session_id: protocol::ids::PrefixedId::from_suffix("1"),
                question_id: sent.question_id,
                client_id: sent.client_id,
                duration_ms: None,
                part_size_bytes: 10,
                last_part_at: Timestamp::from_millis(0),
                answer_id: None,
            }),
        }
    }

    #[test]
    fn what_a_question_does_not_take_is_told_with_its_place() {
        let limits = Validate {
            accept: vec!["image/*".to_owned(), "application/pdf".to_owned()],
            max_bytes: Some(10),
            max_duration_ms: Some(1_000),
            ..Validate::default()
        };
        assert_eq!(faults(&begin(10), &limits), []);
        for content_type in ["IMAGE/JPEG", "image/svg+xml; charset=utf-8", "application/pdf"] {
            let sent = BeginUpload { content_type: content_type.to_owned(), ..begin(1) };
            assert_eq!(faults(&sent, &limits), [], "{content_type}");
        }
        for content_type in ["text/plain", "imagery/png", "application/pdfx", "video/mp4"] {
            let sent = BeginUpload { content_type: content_type.to_owned(), ..begin(1) };
            assert_eq!(told(&faults(&sent, &limits)), [("/content_type", "not_accepted")], "{content_type}");
        }
        let wrong = BeginUpload {
            client_id: "two words".to_owned(),
            filename: " ".to_owned(),
            content_type: "image".to_owned(),
            duration_ms: Some(1_001),
            ..begin(11)
        };
        let expected = [
            ("/client_id", "invalid_value"),
            ("/filename", "too_short"),
            ("/content_type", "invalid_media_type"),
            ("/size_bytes", "too_large"),
            ("/duration_ms", "too_long"),
        ];
        assert_eq!(told(&faults(&wrong, &limits)), expected);
        assert_eq!(told(&faults(&begin(0), &limits)), [("/size_bytes", "out_of_range")]);
        let beyond = BeginUpload { duration_ms: Some(u64::MAX), ..begin(u64::MAX) };
        assert_eq!(
            told(&form_faults(&beyond)),
            [("/size_bytes", "out_of_range"), ("/duration_ms", "out_of_range")]
        );
    }

    #[test]
    fn an_interview_has_room_for_so_many_uploads_complete_ones_included() {
        let mut others = vec![stored(1, Some("digest")); MAX_UPLOADS - 1];
        assert_eq!(quota_faults(&others, 1), []);
        others.push(stored(1, Some("digest")));
        assert_eq!(told(&quota_faults(&others, 1)), [("", "too_many_uploads")]);
    }

    #[test]
    fn a_file_is_cut_into_parts_of_which_the_last_may_be_shorter() {
        let parts = |size: u64| {
            let upload = stored(size, None);
            (upload.parts(), (0..5).map(|number| upload.part(number)).collect::<Vec<_>>())
        };
        assert_eq!(parts(1), (1, vec![None, Some(0..1), None, None, None]));
        assert_eq!(parts(10), (1, vec![None, Some(0..10), None, None, None]));
        assert_eq!(parts(25), (3, vec![None, Some(0..10), Some(10..20), Some(20..25), None]));
        assert_eq!(stored(25, None).part(u32::MAX), None);
    }

    #[test]
    fn a_session_has_so_many_open_uploads_and_so_many_bytes() {
        let open: Vec<_> = (0..20).map(|_| stored(1, None)).collect();
        assert_eq!(quota_faults(&open[..19], 1), []);
        assert_eq!(told(&quota_faults(&open, 1)), [("", "too_many_uploads")]);
        let complete: Vec<_> = (0..20).map(|_| stored(MAX_BYTES / 20, Some("ab"))).collect();
        assert_eq!(quota_faults(&complete, MAX_BYTES % 20), []);
        assert_eq!(told(&quota_faults(&complete, MAX_BYTES % 20 + 1)), [("/size_bytes", "quota_exceeded")]);
        assert_eq!(told(&quota_faults(&[], u64::MAX)), [("/size_bytes", "quota_exceeded")]);
    }
}
