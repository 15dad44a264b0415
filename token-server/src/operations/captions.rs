//! A transcript as `WebVTT`, for players and for tools that read captions. Source: W3C `WebVTT` §4.

use std::fmt::Write as _;

use protocol::{
    interview::{Transcript, TranscriptEntry},
    question::QuestionKind,
};

/// A cue for each answer, from when its question could be read until it was given, in a time that begins with the session.
pub fn as_webvtt(transcript: &Transcript) -> String {
    let mut entries: Vec<_> = transcript.entries.iter().collect();
    // Cues are in the order of their times, and an answer that was changed was given later than its place says.
    entries.sort_by_key(|entry| entry.answered_at);
    let title = payload(&transcript.title).replace('\n', " ");
    let mut text = format!("WEBVTT {title}\n");
    let mut from_ms = 0;
    for entry in entries {
        // A cue has to last; a clock may stand still or be set back.
        let ended_ms = entry.answered_at.as_millis() - transcript.started_at.as_millis();
        let until_ms = ended_ms.max(from_ms + 1);
        let _ = writeln!(text, "\n{}\n{} --> {}", entry.answer_id, time(from_ms), time(until_ms));
        write_voices(&mut text, entry);
        from_ms = until_ms;
    }
    text
}

/// Each voice is ended by its tag: only one that is alone in its cue may do without, and the next would be part of it.
fn write_voices(text: &mut String, entry: &TranscriptEntry) {
    let _ = writeln!(text, "<v Interviewer>{}</v>", payload(&entry.question));
    if entry.kind != QuestionKind::Statement {
        let answer = if entry.answer.is_empty() { "(no answer)" } else { &entry.answer };
        let _ = writeln!(text, "<v Participant>{}</v>", payload(answer));
    }
}

/// Text of a cue: without the signs that mean something in it, and without the empty lines that would end it.
fn payload(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let lines: Vec<_> = escaped.split(['\n', '\r']).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// `HH:MM:SS.mmm`; an interview that was paused for days has more than two digits of hours.
fn time(ms: i64) -> String {
    let (seconds, ms) = (ms / 1_000, ms % 1_000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use protocol::{Timestamp, session::SessionStatus};
    use serde_json::Value;

    use super::*;

    fn transcript(entries: Vec<TranscriptEntry>) -> Transcript {
        Transcript {
            session_id: "ses_1".parse().unwrap(),
            campaign_id: "camp_1".parse().unwrap(),
            participant_id: "part_1".parse().unwrap(),
            title: "Notes\n\n& --> more".to_owned(),
            locale: "en".to_owned(),
            status: SessionStatus::Active,
            started_at: Timestamp::from_millis(1_000),
            completed_at: None,
            consent: Vec::new(),
            entries,
        }
    }

    fn entry(id: &str, kind: QuestionKind, (question, answer): (&str, &str), at: i64) -> TranscriptEntry {
        TranscriptEntry {
            answer_id: id.parse().unwrap(),
            question_id: "q".to_owned(),
            probe_of: None,
            kind,
            question: question.to_owned(),
            value: Value::Null,
            answer: answer.to_owned(),
            answered_at: Timestamp::from_millis(at),
        }
    }

    #[test]
    fn each_answer_is_a_cue_that_begins_where_the_one_before_ended() {
        let transcript = transcript(vec![
            entry("ans_1", QuestionKind::Statement, ("We begin.", ""), 1_000),
            entry("ans_2", QuestionKind::LongText, ("Why?", "Because."), 361_062_003),
            entry("ans_3", QuestionKind::ShortText, ("Who?", ""), 361_062_003),
        ]);
        assert_eq!(
            as_webvtt(&transcript),
            "WEBVTT Notes &amp; --&gt; more\n\
             \nans_1\n00:00:00.000 --> 00:00:00.001\n<v Interviewer>We begin.</v>\n\
             \nans_2\n00:00:00.001 --> 100:17:41.003\n<v Interviewer>Why?</v>\n<v Participant>Because.</v>\n\
             \nans_3\n100:17:41.003 --> 100:17:41.004\n<v Interviewer>Who?</v>\n<v Participant>(no answer)</v>\n"
        );
    }

    #[test]
    fn what_people_write_cannot_end_a_cue_or_begin_another() {
        let answer = "<v Boss>You are hired\r\n\r\n00:00:00.000 --> 99:00:00.000\n\n&lt;b>";
        let text =
            as_webvtt(&transcript(vec![entry("ans_1", QuestionKind::LongText, ("Why?", answer), 2_000)]));
        assert!(
            text.ends_with(
                "<v Participant>&lt;v Boss&gt;You are hired\n00:00:00.000 --&gt; 99:00:00.000\n&amp;lt;b&gt;</v>\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn an_answer_that_was_changed_comes_when_it_was_given() {
        let text = as_webvtt(&transcript(vec![
            entry("ans_1", QuestionKind::LongText, ("Why?", "Later."), 9_000),
            entry("ans_2", QuestionKind::LongText, ("How?", "Before."), 3_000),
        ]));
        let place = |cue: &str| text.find(cue).unwrap_or_else(|| panic!("{cue} is not in {text}"));
        let (first, second) =
            ("ans_2\n00:00:00.000 --> 00:00:02.000", "ans_1\n00:00:02.000 --> 00:00:08.000");
        assert!(place(first) < place(second), "{text}");
    }
}
